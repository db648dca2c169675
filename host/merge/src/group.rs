//! Which core instances become one.
//!
//! An instance joins if all that it imports is there before the one instance is: things of other members, or things
//! that need no member. What needs a member, such as a lowered function with its memory, comes late, after the one
//! instance; what imports that stays apart.
//!
//! Members are made at another time than they were. Nobody can tell, because they run nothing when they are made, and
//! write to nothing but tables and memories of members, which only what comes late can see.

use std::collections::{HashMap, HashSet};

use wasmparser::{CanonicalFunction, ComponentAlias, ExternalKind, Import, Instance};

use crate::component::{Component, Item};
use crate::module::Module;
use crate::sorts::{at, sort_of};
use crate::{MISSING, MergeError};

#[derive(Default)]
pub(crate) struct Group<'a> {
    /// In the order in which they are instantiated.
    pub(crate) members: Vec<Member<'a>>,
    /// Which core instance is which member.
    pub(crate) by_instance: HashMap<u32, usize>,
    /// The modules of which members are made.
    pub(crate) modules: HashSet<u32>,
    /// The item that makes the last member, where the one instance is made.
    pub(crate) last: Option<usize>,
    /// Whether an item comes late, for each item up to now. Members count as late.
    late: Vec<bool>,
    /// The tables and memories of others that are written to by instances that come late.
    written_late: Vec<(ExternalKind, Origin<'a>)>,
    /// Something comes late that what follows must not overtake.
    is_closed: bool,
}

pub(crate) struct Member<'a> {
    pub(crate) module: u32,
    /// Where each import comes from.
    pub(crate) imports: Vec<Origin<'a>>,
}

/// Where a thing comes from. Its sort is known from what asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin<'a> {
    /// A member defines it: the index in that member.
    Member { member: usize, index: u32 },
    /// It is a thing of the component, by its index.
    Thing(u32),
    /// An instance that is no member exports it.
    Export { instance: u32, name: &'a str },
}

impl<'a> Group<'a> {
    pub(crate) fn choose(component: &Component<'a>, modules: &[Module<'a>]) -> Result<Self, MergeError> {
        let mut uses = vec![0_usize; modules.len()];
        for item in &component.items {
            if let Item::Instance(Instance::Instantiate { module_index, .. }) = item {
                let position = usize::try_from(*module_index).unwrap_or(usize::MAX);
                *uses.get_mut(position).ok_or(MISSING)? += 1;
            }
        }
        let mut group = Self::default();
        let mut instances = 0;
        for (position, item) in component.items.iter().enumerate() {
            let mut is_late = group.refers_to_late(&component.references(item)?)?;
            match item {
                Item::Instance(Instance::Instantiate { module_index, args }) => {
                    let module = at(modules, *module_index)?;
                    let arguments = args.iter().map(|argument| (argument.name, argument.index)).collect();
                    let imports = group.linked(component, modules, module, &arguments)?;
                    let is_only = *at(&uses, *module_index)? == 1;
                    if is_only && group.may_join(component, module, &imports)? {
                        group.by_instance.insert(instances, group.members.len());
                        group.members.push(Member { module: *module_index, imports });
                        group.modules.insert(*module_index);
                        group.last = Some(position);
                        is_late = true;
                    } else if is_late {
                        group.stays_apart(module, &imports)?;
                    }
                    instances += 1;
                }
                Item::Instance(Instance::FromExports(_)) => instances += 1,
                // They cannot come late, as they are counted among the component's own types and functions.
                Item::Types(..) | Item::Canonical(CanonicalFunction::Lift { .. }) => {
                    group.is_closed |= is_late
                }
                _ => {}
            }
            group.late.push(is_late);
        }
        if group.members.len() < 2 {
            // Nothing to merge: nothing is late.
            let late = vec![false; component.items.len()];
            return Ok(Self { late, ..Self::default() });
        }
        Ok(group)
    }

    pub(crate) fn is_late(&self, position: usize) -> bool {
        self.late.get(position).copied().unwrap_or_default()
    }

    fn refers_to_late(&self, references: &[usize]) -> Result<bool, MergeError> {
        for reference in references {
            // What is referred to comes before.
            if *self.late.get(*reference).ok_or(MISSING)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where the imports of a module come from.
    fn linked(
        &self,
        component: &Component<'a>,
        modules: &[Module<'a>],
        module: &Module<'a>,
        arguments: &HashMap<&str, u32>,
    ) -> Result<Vec<Origin<'a>>, MergeError> {
        let origin = |import: &Import<'a>| {
            let instance = *arguments.get(import.module).ok_or(MISSING)?;
            self.export(component, modules, instance, import.name, sort_of(import.ty))
        };
        module.imports.iter().map(origin).collect()
    }

    /// Whether an instance of this module can be made later or earlier than it was, with the others, and nobody can
    /// tell.
    fn may_join(
        &self,
        component: &Component<'a>,
        module: &Module<'a>,
        imports: &[Origin<'a>],
    ) -> Result<bool, MergeError> {
        if self.is_closed || module.starts || !module.is_plain {
            return Ok(false);
        }
        for (import, origin) in module.imports.iter().zip(imports) {
            let item = match origin {
                Origin::Member { .. } => continue,
                Origin::Thing(index) => *at(component.things.of(sort_of(import.ty))?, *index)?,
                Origin::Export { instance, .. } => *at(&component.instances, *instance)?,
            };
            if self.is_late(item) {
                return Ok(false);
            }
        }
        for (kind, index) in &module.written {
            let Some(import) = module.import_of(*kind, *index)? else { continue };
            let origin = *imports.get(import).ok_or(MISSING)?;
            let is_members = matches!(origin, Origin::Member { .. });
            if !is_members || self.written_late.contains(&(*kind, origin)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An instance comes late. Of what is written when it is made, nobody who came after it may write before it now.
    fn stays_apart(&mut self, module: &Module<'a>, imports: &[Origin<'a>]) -> Result<(), MergeError> {
        self.is_closed |= module.starts || !module.is_plain;
        for (kind, index) in &module.written {
            if let Some(import) = module.import_of(*kind, *index)? {
                self.written_late.push((*kind, *imports.get(import).ok_or(MISSING)?));
            }
        }
        Ok(())
    }

    /// Where what an instance exports comes from: through bundles, aliases, and members that hand on what they import.
    pub(crate) fn export(
        &self,
        component: &Component<'a>,
        modules: &[Module<'a>],
        mut instance: u32,
        mut name: &'a str,
        kind: ExternalKind,
    ) -> Result<Origin<'a>, MergeError> {
        // Each step goes to what came before, so it ends.
        loop {
            if let Some(member) = self.by_instance.get(&instance) {
                let Member { module, imports } = self.members.get(*member).ok_or(MISSING)?;
                let module = at(modules, *module)?;
                let (found, index) = *module.exports.get(name).ok_or(MISSING)?;
                if found != kind {
                    return Err(MISSING);
                }
                return match module.import_of(kind, index)? {
                    Some(import) => imports.get(import).copied().ok_or(MISSING),
                    None => Ok(Origin::Member { member: *member, index }),
                };
            }
            let Some(bundle) = component.bundles.get(&instance) else {
                return Ok(Origin::Export { instance, name });
            };
            let (found, index) = *bundle.get(name).ok_or(MISSING)?;
            if found != kind {
                return Err(MISSING);
            }
            match component.items.get(*at(component.things.of(kind)?, index)?) {
                Some(Item::Alias(ComponentAlias::CoreInstanceExport {
                    instance_index,
                    name: exported,
                    ..
                })) if *instance_index < instance => {
                    (instance, name) = (*instance_index, exported);
                }
                Some(Item::Canonical(_)) => return Ok(Origin::Thing(index)),
                _ => return Err(MISSING),
            }
        }
    }
}
