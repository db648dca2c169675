//! What a component is made of, in order. What has to do with core modules is taken apart; the rest is bytes.

use std::collections::HashMap;

use wasmparser::{
    CanonicalFunction, CanonicalOption, Chunk, ComponentAlias, ComponentExternalKind, ComponentInstance,
    ComponentOuterAliasKind, ComponentType, ComponentTypeRef, ComponentTypeSectionReader, Encoding,
    ExternalKind, Instance, Parser, Payload,
};

use crate::module::Module;
use crate::sorts::{Sorts, at, count};
use crate::{MISSING, MergeError, merge_at};

pub(crate) enum Item<'a> {
    /// A section without anything of core modules.
    Section {
        id: u8,
        bytes: &'a [u8],
    },
    /// Types, and the functions of modules that end resources of these types.
    Types(ComponentTypeSectionReader<'a>, Vec<u32>),
    /// A component in this one, merged.
    Component(Vec<u8>),
    Module(&'a [u8]),
    Instance(Instance<'a>),
    Alias(ComponentAlias<'a>),
    Canonical(CanonicalFunction),
}

/// What core instances are exported under, by name.
type Bundle<'a> = HashMap<&'a str, (ExternalKind, u32)>;

#[derive(Default)]
pub(crate) struct Component<'a> {
    pub(crate) items: Vec<Item<'a>>,
    /// Where among the items each module, instance and thing of a sort is, as indices count them.
    pub(crate) modules: Vec<usize>,
    pub(crate) instances: Vec<usize>,
    pub(crate) things: Sorts<Vec<usize>>,
    /// The instances that are bundles of what is there already.
    pub(crate) bundles: HashMap<u32, Bundle<'a>>,
}

const MODULES_FROM_ELSEWHERE: MergeError =
    MergeError::Unsupported("a module that comes from elsewhere or goes there");

impl<'a> Component<'a> {
    pub(crate) fn parse(bytes: &'a [u8], depth: usize) -> Result<Self, MergeError> {
        let mut component = Self::default();
        let (mut parser, mut position) = (Parser::new(0), 0);
        loop {
            let rest = bytes.get(position..).unwrap_or_default();
            let (consumed, payload) = match parser.parse(rest, true)? {
                Chunk::Parsed { consumed, payload } => (consumed, payload),
                Chunk::NeedMoreData(_) => return Err(MISSING),
            };
            position += consumed;
            let inner = match &payload {
                Payload::ModuleSection { unchecked_range, .. }
                | Payload::ComponentSection { unchecked_range, .. } => unchecked_range.clone(),
                _ => 0..0,
            };
            position += inner.len();
            let inner = bytes.get(inner).ok_or(MISSING)?;
            match payload {
                Payload::End(_) => return Ok(component),
                Payload::ModuleSection { .. } => {
                    component.modules.push(component.items.len());
                    component.items.push(Item::Module(inner));
                }
                Payload::ComponentSection { .. } => {
                    let merged = merge_at(inner, depth + 1)?;
                    component.items.push(Item::Component(merged));
                }
                payload => component.section(bytes, payload)?,
            }
        }
    }

    fn section(&mut self, bytes: &'a [u8], payload: Payload<'a>) -> Result<(), MergeError> {
        match payload {
            Payload::InstanceSection(section) => {
                for instance in section {
                    self.instance(instance?)?;
                }
                return Ok(());
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    self.alias(alias?)?;
                }
                return Ok(());
            }
            Payload::ComponentCanonicalSection(section) => {
                for canonical in section {
                    self.canonical(canonical?)?;
                }
                return Ok(());
            }
            Payload::ComponentTypeSection(section)
                if any(section.clone(), |ty| destructor(&ty).is_some())? =>
            {
                let mut destructors = Vec::new();
                for ty in section.clone() {
                    destructors.extend(destructor(&ty?));
                }
                self.items.push(Item::Types(section, destructors));
                return Ok(());
            }
            Payload::Version { encoding: Encoding::Component, .. } => return Ok(()),
            // Names and the like, which are wrong once indices have changed.
            Payload::CustomSection(_) => return Ok(()),
            _ => {}
        }
        let hands_modules_on = match &payload {
            Payload::ComponentImportSection(section) => {
                any(section.clone(), |import| matches!(import.ty, ComponentTypeRef::Module(_)))?
            }
            Payload::ComponentExportSection(section) => {
                any(section.clone(), |export| export.kind == ComponentExternalKind::Module)?
            }
            Payload::ComponentInstanceSection(section) => any(section.clone(), hands_module_on)?,
            _ => false,
        };
        if hands_modules_on {
            return Err(MODULES_FROM_ELSEWHERE);
        }
        let (id, range) =
            payload.as_section().ok_or(MergeError::Unsupported("a section that is not known"))?;
        let bytes = bytes.get(range).unwrap_or_default();
        self.items.push(Item::Section { id, bytes });
        Ok(())
    }

    fn instance(&mut self, instance: Instance<'a>) -> Result<(), MergeError> {
        if let Instance::FromExports(exports) = &instance {
            let bundle = exports.iter().map(|export| (export.name, (export.kind, export.index))).collect();
            self.bundles.insert(count(&self.instances)?, bundle);
        }
        self.instances.push(self.items.len());
        self.items.push(Item::Instance(instance));
        Ok(())
    }

    fn alias(&mut self, alias: ComponentAlias<'a>) -> Result<(), MergeError> {
        match alias {
            ComponentAlias::CoreInstanceExport { kind, .. } => {
                self.things.of_mut(kind)?.push(self.items.len());
            }
            ComponentAlias::InstanceExport { kind: ComponentExternalKind::Module, .. }
            | ComponentAlias::Outer { kind: ComponentOuterAliasKind::CoreModule, .. } => {
                return Err(MODULES_FROM_ELSEWHERE);
            }
            ComponentAlias::InstanceExport { .. } | ComponentAlias::Outer { .. } => {}
        }
        self.items.push(Item::Alias(alias));
        Ok(())
    }

    fn canonical(&mut self, canonical: CanonicalFunction) -> Result<(), MergeError> {
        match canonical {
            CanonicalFunction::Lift { .. } => {}
            CanonicalFunction::Lower { .. }
            | CanonicalFunction::ResourceNew { .. }
            | CanonicalFunction::ResourceDrop { .. }
            | CanonicalFunction::ResourceRep { .. } => self.things.functions.push(self.items.len()),
            _ => return Err(MergeError::Unsupported("what has to do with asynchronous calls")),
        }
        self.items.push(Item::Canonical(canonical));
        Ok(())
    }

    /// The modules that are defined here, by their indices.
    pub(crate) fn parsed_modules(&self) -> Result<Vec<Module<'a>>, MergeError> {
        let module = |position: &usize| match self.items.get(*position) {
            Some(Item::Module(bytes)) => Module::parse(bytes),
            _ => Err(MISSING),
        };
        self.modules.iter().map(module).collect()
    }

    /// The items that an item refers to, as far as they are of core modules; not a module that it is made of.
    pub(crate) fn references(&self, item: &Item<'a>) -> Result<Vec<usize>, MergeError> {
        let instance = |index| at(&self.instances, index).copied();
        let thing = |kind, index| at(self.things.of(kind)?, index).copied();
        match item {
            Item::Section { .. } | Item::Component(_) | Item::Module(_) => Ok(Vec::new()),
            Item::Types(_, destructors) => {
                destructors.iter().map(|index| thing(ExternalKind::Func, *index)).collect()
            }
            Item::Instance(Instance::Instantiate { args, .. }) => {
                args.iter().map(|argument| instance(argument.index)).collect()
            }
            Item::Instance(Instance::FromExports(exports)) => {
                exports.iter().map(|export| thing(export.kind, export.index)).collect()
            }
            Item::Alias(ComponentAlias::CoreInstanceExport { instance_index, .. }) => {
                Ok(vec![instance(*instance_index)?])
            }
            Item::Alias(_) => Ok(Vec::new()),
            Item::Canonical(canonical) => {
                let (function, options) = match canonical {
                    CanonicalFunction::Lift { core_func_index, options, .. } => {
                        (Some(*core_func_index), &**options)
                    }
                    CanonicalFunction::Lower { options, .. } => (None, &**options),
                    _ => (None, &[][..]),
                };
                let function = function.map(|index| thing(ExternalKind::Func, index));
                let options = options.iter().filter_map(|option| match option {
                    CanonicalOption::Memory(index) => Some(thing(ExternalKind::Memory, *index)),
                    CanonicalOption::Realloc(index)
                    | CanonicalOption::PostReturn(index)
                    | CanonicalOption::Callback(index) => Some(thing(ExternalKind::Func, *index)),
                    _ => None,
                });
                function.into_iter().chain(options).collect()
            }
        }
    }
}

fn destructor(ty: &ComponentType<'_>) -> Option<u32> {
    match ty {
        ComponentType::Resource { dtor, .. } => *dtor,
        _ => None,
    }
}

fn hands_module_on(instance: ComponentInstance<'_>) -> bool {
    let is_module = |kind| kind == ComponentExternalKind::Module;
    match instance {
        ComponentInstance::Instantiate { args, .. } => args.iter().any(|argument| is_module(argument.kind)),
        ComponentInstance::FromExports(exports) => exports.iter().any(|export| is_module(export.kind)),
    }
}

fn any<T>(
    section: impl IntoIterator<Item = wasmparser::Result<T>>,
    holds: impl Fn(T) -> bool,
) -> Result<bool, MergeError> {
    for thing in section {
        if holds(thing?) {
            return Ok(true);
        }
    }
    Ok(false)
}
