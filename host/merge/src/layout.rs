//! Where everything of a member is in the merged module.

use std::collections::HashMap;

use wasmparser::{ExternalKind, FuncType, Import};

use crate::group::{Member, Origin};
use crate::module::Module;
use crate::sorts::{Sorts, at, count, sort_of};
use crate::{MISSING, MergeError};

pub(crate) struct Layout<'a> {
    /// Each once.
    pub(crate) types: Vec<FuncType>,
    /// What the merged module imports, in order: as a member imports it, and from where.
    pub(crate) imports: Vec<(usize, Import<'a>, Origin<'a>)>,
    /// The places of each member's things.
    pub(crate) places: Vec<Places>,
}

/// What the indices of a member are in the merged module.
#[derive(Default)]
pub(crate) struct Places {
    pub(crate) types: Vec<u32>,
    pub(crate) things: Sorts<Vec<u32>>,
    /// Where its element segments and its data segments begin.
    pub(crate) elements: u32,
    pub(crate) data: u32,
}

impl<'a> Layout<'a> {
    pub(crate) fn new(members: &[Member<'a>], modules: &[Module<'a>]) -> Result<Self, MergeError> {
        let mut layout = Self { types: Vec::new(), imports: Vec::new(), places: Vec::new() };
        // Imports come first in each index space.
        for (position, member) in members.iter().enumerate() {
            let module = at(modules, member.module)?;
            for (import, origin) in module.imports.iter().zip(&member.imports) {
                if !matches!(origin, Origin::Member { .. }) {
                    layout.imports.push((position, *import, *origin));
                }
            }
        }
        let mut defined = Sorts::<u32>::default();
        for (_, import, _) in &layout.imports {
            *defined.of_mut(sort_of(import.ty))? += 1;
        }
        let (mut imported, mut types) = (Sorts::<u32>::default(), HashMap::new());
        let (mut elements, mut data) = (0, 0);
        for member in members {
            let module = at(modules, member.module)?;
            let mut places = Places { elements, data, ..Places::default() };
            elements += count(&module.elements)?;
            data += count(&module.data)?;
            for ty in &module.types {
                let next = count(&layout.types)?;
                let place = *types.entry(ty.clone()).or_insert(next);
                if place == next {
                    layout.types.push(ty.clone());
                }
                places.types.push(place);
            }
            for (import, origin) in module.imports.iter().zip(&member.imports) {
                let kind = sort_of(import.ty);
                let place = match origin {
                    Origin::Member { member, index } => layout.place(*member, kind, *index)?,
                    Origin::Thing(_) | Origin::Export { .. } => next(imported.of_mut(kind)?),
                };
                places.things.of_mut(kind)?.push(place);
            }
            let counts = [
                (ExternalKind::Func, module.functions.len()),
                (ExternalKind::Table, module.tables.len()),
                (ExternalKind::Memory, module.memories.len()),
                (ExternalKind::Global, module.globals.len()),
            ];
            for (kind, count) in counts {
                let (things, defined) = (places.things.of_mut(kind)?, defined.of_mut(kind)?);
                things.extend((things.len()..count).map(|_| next(defined)));
            }
            layout.places.push(places);
        }
        Ok(layout)
    }

    /// Where a thing of a member is.
    pub(crate) fn place(&self, member: usize, kind: ExternalKind, index: u32) -> Result<u32, MergeError> {
        at(self.places.get(member).ok_or(MISSING)?.things.of(kind)?, index).copied()
    }
}

fn next(counter: &mut u32) -> u32 {
    let index = *counter;
    *counter += 1;
    index
}
