//! The component around the merged module: what comes before it, it, and what comes late or after it. Indices of what
//! modules have to do with change; nothing else does.

use std::collections::HashMap;

use wasm_encoder::reencode::{Error, Reencode, ReencodeComponent};
use wasm_encoder::{
    Alias, CanonicalFunctionSection, ComponentAliasSection, ComponentSection, ComponentSectionId,
    ComponentTypeSection, ExportKind, InstanceSection, ModuleArg, RawSection,
};
use wasmparser::{ComponentAlias, ExternalKind, Instance};

use crate::component::{Component, Item};
use crate::group::{Group, Origin};
use crate::layout::Layout;
use crate::link::{ARGUMENT, link};
use crate::module::Module;
use crate::sorts::{Sorts, at, sort_of};
use crate::{MISSING, MergeError};

pub(crate) fn write(
    component: &Component<'_>,
    modules: &[Module<'_>],
    group: &Group<'_>,
) -> Result<Vec<u8>, MergeError> {
    let layout = Layout::new(&group.members, modules)?;
    let is_needed = needed(component, group)?;
    let mut writer = Writer::new(component, modules, group, &layout);
    // All of it, if there is nothing to merge.
    let last = group.last.unwrap_or(component.items.len());
    let items =
        || component.items.iter().enumerate().filter(|(position, _)| is_needed.get(*position) == Some(&true));
    for (position, item) in items().filter(|(position, _)| *position < last && !group.is_late(*position)) {
        writer.item(position, item)?;
    }
    let mut bytes = wasm_encoder::Component::new().finish();
    bytes.append(&mut writer.bytes);
    if group.last.is_none() {
        return Ok(bytes);
    }
    writer.merged()?;
    for (position, item) in items().filter(|(position, _)| *position > last || group.is_late(*position)) {
        writer.item(position, item)?;
    }
    // Only now it is known what the rest needs of it.
    let module = link(&group.members, modules, &layout, &writer.exports)?;
    RawSection { id: ComponentSectionId::CoreModule.into(), data: &module }.append_to_component(&mut bytes);
    bytes.append(&mut writer.bytes);
    Ok(bytes)
}

/// Which items are written. A member is not, and an alias or a bundle only for somebody else.
fn needed(component: &Component<'_>, group: &Group<'_>) -> Result<Vec<bool>, MergeError> {
    let mut is_needed = vec![true; component.items.len()];
    for (position, item) in component.items.iter().enumerate() {
        let is_needed = is_needed.get_mut(position).ok_or(MISSING)?;
        *is_needed = match item {
            Item::Instance(Instance::Instantiate { module_index, .. }) => {
                !group.modules.contains(module_index)
            }
            Item::Instance(Instance::FromExports(_))
            | Item::Alias(ComponentAlias::CoreInstanceExport { .. }) => false,
            _ => true,
        };
    }
    for (position, item) in component.items.iter().enumerate().rev() {
        // An alias is written as one of what it leads to in the end.
        if is_needed.get(position) == Some(&true) && !matches!(item, Item::Alias(_)) {
            for reference in component.references(item)? {
                let is_member = match component.items.get(reference) {
                    Some(Item::Instance(Instance::Instantiate { module_index, .. })) => {
                        group.modules.contains(module_index)
                    }
                    _ => false,
                };
                *is_needed.get_mut(reference).ok_or(MISSING)? = !is_member;
            }
        }
    }
    Ok(is_needed)
}

struct Writer<'a, 'b> {
    component: &'b Component<'a>,
    modules: &'b [Module<'a>],
    group: &'b Group<'a>,
    layout: &'b Layout<'a>,
    bytes: Vec<u8>,
    /// How many modules and instances there are up to now, and how many things of each sort.
    module_count: u32,
    instance_count: u32,
    thing_counts: Sorts<u32>,
    /// What the former indices are now.
    module_places: HashMap<u32, u32>,
    instance_places: HashMap<u32, u32>,
    thing_places: Sorts<HashMap<u32, u32>>,
    /// The instance of the merged module, and what is asked of it.
    merged_instance: u32,
    exports: Vec<(ExternalKind, u32)>,
    /// Where among them a place is.
    exported: Sorts<HashMap<u32, usize>>,
}

impl<'a, 'b> Writer<'a, 'b> {
    fn new(
        component: &'b Component<'a>,
        modules: &'b [Module<'a>],
        group: &'b Group<'a>,
        layout: &'b Layout<'a>,
    ) -> Self {
        Self {
            component,
            modules,
            group,
            layout,
            bytes: Vec::new(),
            module_count: 0,
            instance_count: 0,
            thing_counts: Sorts::default(),
            module_places: HashMap::new(),
            instance_places: HashMap::new(),
            thing_places: Sorts::default(),
            merged_instance: 0,
            exports: Vec::new(),
            exported: Sorts::default(),
        }
    }

    fn item(&mut self, position: usize, item: &Item<'a>) -> Result<(), MergeError> {
        match item {
            Item::Section { id, bytes } => self.section(&RawSection { id: *id, data: bytes }),
            Item::Types(types, _) => {
                let mut section = ComponentTypeSection::new();
                self.parse_component_type_section(&mut section, types.clone())?;
                self.section(&section);
            }
            Item::Component(bytes) => {
                self.section(&RawSection { id: ComponentSectionId::Component.into(), data: bytes });
            }
            Item::Module(bytes) => {
                let index = index_of(&self.component.modules, position)?;
                if !self.group.modules.contains(&index) {
                    self.module_places.insert(index, self.module_count);
                    self.module_count += 1;
                    self.section(&RawSection { id: ComponentSectionId::CoreModule.into(), data: bytes });
                }
            }
            Item::Instance(instance) => {
                let place = self.instance(instance)?;
                self.instance_places.insert(index_of(&self.component.instances, position)?, place);
            }
            Item::Alias(ComponentAlias::CoreInstanceExport { kind, instance_index, name }) => {
                let place = self.export(*instance_index, name, *kind)?;
                let index = index_of(self.component.things.of(*kind)?, position)?;
                self.thing_places.of_mut(*kind)?.insert(index, place);
            }
            Item::Alias(alias) => {
                let mut section = ComponentAliasSection::new();
                section.alias(self.component_alias(alias.clone())?);
                self.section(&section);
            }
            Item::Canonical(canonical) => {
                let mut section = CanonicalFunctionSection::new();
                self.parse_component_canonical(&mut section, canonical.clone())?;
                self.section(&section);
                // A function that is lifted is none of a module any more.
                if let Ok(index) = index_of(&self.component.things.functions, position) {
                    let place = next(&mut self.thing_counts.functions);
                    self.thing_places.functions.insert(index, place);
                }
            }
        }
        Ok(())
    }

    fn section(&mut self, section: &impl ComponentSection) {
        section.append_to_component(&mut self.bytes);
    }

    /// Makes the instance of the merged module.
    fn merged(&mut self) -> Result<(), MergeError> {
        let mut imports = Vec::new();
        for (position, (_, import, origin)) in self.layout.imports.iter().enumerate() {
            let kind = sort_of(import.ty);
            imports.push((position.to_string(), ExportKind::from(kind), self.thing(*origin, kind)?));
        }
        let module = next(&mut self.module_count);
        let arguments = self.bundle(imports);
        let mut section = InstanceSection::new();
        section.instantiate(module, [(ARGUMENT, ModuleArg::Instance(arguments))]);
        self.section(&section);
        self.merged_instance = next(&mut self.instance_count);
        Ok(())
    }

    fn bundle(&mut self, exports: Vec<(String, ExportKind, u32)>) -> u32 {
        let mut section = InstanceSection::new();
        section.export_items(exports);
        self.section(&section);
        next(&mut self.instance_count)
    }

    fn instance(&mut self, instance: &Instance<'a>) -> Result<u32, MergeError> {
        let (module_index, args) = match instance {
            Instance::FromExports(exports) => {
                let mut bundle = Vec::with_capacity(exports.len());
                for export in exports {
                    let place = self.place(export.kind, export.index)?;
                    bundle.push((export.name.to_owned(), ExportKind::from(export.kind), place));
                }
                return Ok(self.bundle(bundle));
            }
            Instance::Instantiate { module_index, args } => (*module_index, args),
        };
        let mut arguments = Vec::with_capacity(args.len());
        for argument in args {
            let place = if self.group.by_instance.contains_key(&argument.index) {
                self.part_of_member(module_index, argument.name, argument.index)?
            } else {
                *self.instance_places.get(&argument.index).ok_or(MISSING)?
            };
            arguments.push((argument.name, ModuleArg::Instance(place)));
        }
        let mut section = InstanceSection::new();
        section.instantiate(*self.module_places.get(&module_index).ok_or(MISSING)?, arguments);
        self.section(&section);
        Ok(next(&mut self.instance_count))
    }

    /// What a module imports of a member, as an instance.
    fn part_of_member(&mut self, module: u32, argument: &str, member: u32) -> Result<u32, MergeError> {
        let modules = self.modules;
        let mut part = HashMap::new();
        for import in at(modules, module)?.imports.iter().filter(|import| import.module == argument) {
            let kind = sort_of(import.ty);
            part.insert(import.name, (ExportKind::from(kind), self.export(member, import.name, kind)?));
        }
        let mut part: Vec<_> =
            part.into_iter().map(|(name, (kind, place))| (name.to_owned(), kind, place)).collect();
        part.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(self.bundle(part))
    }

    /// The place of what an instance exports.
    fn export(&mut self, instance: u32, name: &'a str, kind: ExternalKind) -> Result<u32, MergeError> {
        let origin = self.group.export(self.component, self.modules, instance, name, kind)?;
        self.thing(origin, kind)
    }

    /// The place of a thing; of one that is exported, after an alias is written.
    fn thing(&mut self, origin: Origin<'a>, kind: ExternalKind) -> Result<u32, MergeError> {
        let (instance, name) = match origin {
            Origin::Thing(index) => return self.place(kind, index),
            Origin::Export { instance, name } => {
                (*self.instance_places.get(&instance).ok_or(MISSING)?, name.to_owned())
            }
            Origin::Member { member, index } => {
                let place = self.layout.place(member, kind, index)?;
                let exports = &mut self.exports;
                let position = self.exported.of_mut(kind)?.entry(place).or_insert_with(|| {
                    exports.push((kind, place));
                    exports.len() - 1
                });
                (self.merged_instance, position.to_string())
            }
        };
        let mut section = ComponentAliasSection::new();
        section.alias(Alias::CoreInstanceExport { instance, kind: ExportKind::from(kind), name: &name });
        self.section(&section);
        Ok(next(self.thing_counts.of_mut(kind)?))
    }

    fn place(&self, kind: ExternalKind, index: u32) -> Result<u32, MergeError> {
        self.thing_places.of(kind)?.get(&index).copied().ok_or(MISSING)
    }
}

impl Reencode for Writer<'_, '_> {
    type Error = MergeError;

    fn function_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        self.place(ExternalKind::Func, index).map_err(Error::UserError)
    }

    fn memory_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        self.place(ExternalKind::Memory, index).map_err(Error::UserError)
    }
}

impl ReencodeComponent for Writer<'_, '_> {}

/// Which of the positions it is: they are in order.
fn index_of(positions: &[usize], position: usize) -> Result<u32, MergeError> {
    let index = positions.binary_search(&position).map_err(|_| MISSING)?;
    u32::try_from(index).map_err(|_| MISSING)
}

fn next(counter: &mut u32) -> u32 {
    let index = *counter;
    *counter += 1;
    index
}
