//! Which core instances become one.
//!
//! An instance joins if all that it imports is there before the one instance is: things of other members, or things
//! that need no member. What needs a member, such as a lowered function with its memory, comes late, after the one
//! instance; what imports that stays apart.

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
    /// Something comes late that cannot be moved: a function that was lifted, or a type, as these are counted among the
    /// component's.
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
            let mut joins = false;
            if let Item::Instance(instance) = item {
                if let Instance::Instantiate { module_index, args } = instance
                    && !group.is_closed
                    && *at(&uses, *module_index)? == 1
                    && let module = at(modules, *module_index)?
                    && module.is_plain
                {
                    let arguments = args.iter().map(|argument| (argument.name, argument.index)).collect();
                    if let Some(imports) = group.linked(component, modules, module, &arguments)? {
                        group.by_instance.insert(instances, group.members.len());
                        group.members.push(Member { module: *module_index, imports });
                        group.modules.insert(*module_index);
                        group.last = Some(position);
                        joins = true;
                    }
                }
                instances += 1;
            }
            let is_late = joins || group.refers_to_late(&component.references(item)?)?;
            group.is_closed |=
                is_late && matches!(item, Item::Types(..) | Item::Canonical(CanonicalFunction::Lift { .. }));
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

    /// Where the imports of a module come from, if it can join.
    fn linked(
        &self,
        component: &Component<'a>,
        modules: &[Module<'a>],
        module: &Module<'a>,
        arguments: &HashMap<&str, u32>,
    ) -> Result<Option<Vec<Origin<'a>>>, MergeError> {
        let mut imports = Vec::with_capacity(module.imports.len());
        for Import { module: argument, name, ty } in &module.imports {
            let instance = *arguments.get(argument).ok_or(MISSING)?;
            let kind = sort_of(*ty);
            let origin = self.export(component, modules, instance, name, kind)?;
            match origin {
                Origin::Thing(index) if self.is_late(*at(component.things.of(kind)?, index)?) => return Ok(None),
                Origin::Export { instance, .. } if self.is_late(*at(&component.instances, instance)?) => {
                    return Ok(None);
                }
                Origin::Member { .. } | Origin::Thing(_) | Origin::Export { .. } => {}
            }
            imports.push(origin);
        }
        Ok(Some(imports))
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
                Some(Item::Alias(ComponentAlias::CoreInstanceExport { instance_index, name: exported, .. }))
                    if *instance_index < instance =>
                {
                    (instance, name) = (*instance_index, exported);
                }
                Some(Item::Canonical(_)) => return Ok(Origin::Thing(index)),
                _ => return Err(MISSING),
            }
        }
    }
}
