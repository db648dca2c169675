//! What a core module is made of.

use std::collections::HashMap;

use wasmparser::{
    Data, DataKind, Element, ElementKind, ExternalKind, FuncType, FunctionBody, Global, GlobalType, Import,
    MemoryType, Parser, Payload, Table, TableType, TypeRef, ValType,
};

use crate::MergeError;
use crate::sorts::{Sorts, sort_of};

#[derive(Default)]
pub(crate) struct Module<'a> {
    pub(crate) types: Vec<FuncType>,
    pub(crate) imports: Vec<Import<'a>>,
    /// How many of each sort are imported: they come first.
    pub(crate) imported: Sorts<u32>,
    /// The types of all functions, tables, memories and globals, as indices count them.
    pub(crate) functions: Vec<u32>,
    pub(crate) tables: Vec<TableType>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: Vec<GlobalType>,
    pub(crate) exports: HashMap<&'a str, (ExternalKind, u32)>,
    pub(crate) defined_tables: Vec<Table<'a>>,
    pub(crate) defined_globals: Vec<Global<'a>>,
    pub(crate) elements: Vec<Element<'a>>,
    pub(crate) data: Vec<Data<'a>>,
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    /// The tables and memories that are written to when it is instantiated.
    pub(crate) written: Vec<(ExternalKind, u32)>,
    /// Whether it runs code when it is instantiated.
    pub(crate) starts: bool,
    /// Whether all of it is understood.
    pub(crate) is_plain: bool,
}

impl<'a> Module<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, MergeError> {
        let mut module = Self { is_plain: true, ..Self::default() };
        for payload in Parser::new(0).parse_all(bytes) {
            module.payload(payload?)?;
        }
        let tables = module.elements.iter().filter_map(|element| match element.kind {
            ElementKind::Active { table_index, .. } => Some((ExternalKind::Table, table_index.unwrap_or(0))),
            ElementKind::Passive | ElementKind::Declared => None,
        });
        let memories = module.data.iter().filter_map(|data| match data.kind {
            DataKind::Active { memory_index, .. } => Some((ExternalKind::Memory, memory_index)),
            DataKind::Passive => None,
        });
        for written in tables.chain(memories) {
            // One after the other into the same: that is how they come.
            if module.written.last() != Some(&written) {
                module.written.push(written);
            }
        }
        Ok(module)
    }

    fn payload(&mut self, payload: Payload<'a>) -> Result<(), MergeError> {
        match payload {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    let ty = ty?;
                    // Those that name other types would have to be told apart by what these are.
                    let is_plain =
                        |ty: &ValType| ty.as_reference_type().is_none_or(|ty| ty.type_index().is_none());
                    self.is_plain &= ty.params().iter().chain(ty.results()).all(is_plain);
                    self.types.push(ty);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.import(import?)?;
                }
            }
            Payload::FunctionSection(section) => extend(&mut self.functions, section)?,
            Payload::TableSection(section) => {
                for table in section {
                    let table = table?;
                    self.tables.push(table.ty);
                    self.defined_tables.push(table);
                }
            }
            Payload::MemorySection(section) => extend(&mut self.memories, section)?,
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    self.globals.push(global.ty);
                    self.defined_globals.push(global);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    self.exports.insert(export.name, (export.kind, export.index));
                }
            }
            Payload::ElementSection(section) => extend(&mut self.elements, section)?,
            Payload::DataSection(section) => extend(&mut self.data, section)?,
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::StartSection { .. } => self.starts = true,
            Payload::TagSection(_) | Payload::UnknownSection { .. } => self.is_plain = false,
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: Import<'a>) -> Result<(), MergeError> {
        match import.ty {
            TypeRef::Func(ty) => self.functions.push(ty),
            TypeRef::Table(ty) => self.tables.push(ty),
            TypeRef::Memory(ty) => self.memories.push(ty),
            TypeRef::Global(ty) => self.globals.push(ty),
            TypeRef::Tag(_) | TypeRef::FuncExact(_) => {
                self.is_plain = false;
                return Ok(());
            }
        }
        *self.imported.of_mut(sort_of(import.ty))? += 1;
        self.imports.push(import);
        Ok(())
    }

    /// Which import this is, of all, if it is one.
    pub(crate) fn import_of(&self, kind: ExternalKind, index: u32) -> Result<Option<usize>, MergeError> {
        if index >= *self.imported.of(kind)? {
            return Ok(None);
        }
        let of_kind = self.imports.iter().enumerate().filter(|(_, import)| sort_of(import.ty) == kind);
        let nth = usize::try_from(index).unwrap_or(usize::MAX);
        Ok(of_kind.map(|(position, _)| position).nth(nth))
    }
}

fn extend<T>(
    things: &mut Vec<T>,
    section: impl IntoIterator<Item = wasmparser::Result<T>>,
) -> Result<(), MergeError> {
    for thing in section {
        things.push(thing?);
    }
    Ok(())
}
