//! The merged module.

use std::collections::BTreeSet;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, Encode as _, ExportKind,
    ExportSection, FuncType, FunctionSection, GlobalSection, ImportSection, Instruction, MemorySection,
    TableSection, TypeSection,
};
use wasmparser::{ExternalKind, Operator};

use crate::group::Member;
use crate::layout::{Layout, Places};
use crate::module::Module;
use crate::sorts::{at, sort_of};
use crate::{MISSING, MergeError};

/// How long the value of a constant may be, as code. It is repeated wherever it is read by another constant.
const MAX_CONSTANT_BYTES: usize = 64;

/// Things that the component around it needs, by their places. Each is exported under its own position.
pub(crate) type Exports = [(ExternalKind, u32)];

/// What a module may be imported from: it has one argument.
pub(crate) const ARGUMENT: &str = "";

pub(crate) fn link(
    members: &[Member<'_>],
    modules: &[Module<'_>],
    layout: &Layout<'_>,
    exports: &Exports,
) -> Result<Vec<u8>, MergeError> {
    let mut sections = Sections::default();
    for (position, (member, import, _)) in layout.imports.iter().enumerate() {
        let mut relocation = Relocation::new(layout, *member, &sections.constants)?;
        let ty = relocation.entity_type(import.ty)?;
        sections.imports.import(ARGUMENT, &position.to_string(), ty);
    }
    let imported_globals =
        layout.imports.iter().filter(|(_, import, _)| sort_of(import.ty) == ExternalKind::Global);
    sections.constants.extend(imported_globals.map(|_| None));
    for (position, member) in members.iter().enumerate() {
        sections.add(layout, position, at(modules, member.module)?)?;
    }
    for (position, (kind, place)) in exports.iter().enumerate() {
        sections.exports.export(&position.to_string(), ExportKind::from(*kind), *place);
    }
    sections.finish(layout)
}

#[derive(Default)]
struct Sections {
    imports: ImportSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    globals: GlobalSection,
    exports: ExportSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
    /// The value of each global that never changes, as code.
    constants: Vec<Option<Vec<u8>>>,
    /// Functions that code refers to: they have to be declared.
    referenced: BTreeSet<u32>,
}

impl Sections {
    fn add(&mut self, layout: &Layout<'_>, position: usize, module: &Module<'_>) -> Result<(), MergeError> {
        for global in &module.defined_globals {
            let mut relocation = Relocation::new(layout, position, &self.constants)?;
            let ty = relocation.global_type(global.ty)?;
            let value = relocation.constant(&global.init_expr)?;
            self.globals.global(ty, &ConstExpr::raw(value.iter().copied()));
            self.constants.push((!global.ty.mutable).then_some(value));
        }
        let mut relocation = Relocation::new(layout, position, &self.constants)?;
        let imported = usize::try_from(module.imported.functions).unwrap_or(usize::MAX);
        for ty in module.functions.get(imported..).unwrap_or_default() {
            self.functions.function(relocation.type_index(*ty)?);
        }
        for table in &module.defined_tables {
            relocation.parse_table(&mut self.tables, table.clone())?;
        }
        let imported = usize::try_from(module.imported.memories).unwrap_or(usize::MAX);
        for memory in module.memories.get(imported..).unwrap_or_default() {
            self.memories.memory(relocation.memory_type(*memory)?);
        }
        for element in &module.elements {
            relocation.parse_element(&mut self.elements, element.clone())?;
        }
        for data in &module.data {
            relocation.parse_data(&mut self.data, data.clone())?;
        }
        for body in &module.bodies {
            relocation.parse_function_body(&mut self.code, body.clone())?;
        }
        self.referenced.append(&mut relocation.referenced);
        Ok(())
    }

    fn finish(mut self, layout: &Layout<'_>) -> Result<Vec<u8>, MergeError> {
        let mut types = TypeSection::new();
        for ty in &layout.types {
            types.ty().func_type(&FuncType::try_from(ty.clone()).map_err(|_| MISSING)?);
        }
        if !self.referenced.is_empty() {
            let referenced: Vec<u32> = self.referenced.into_iter().collect();
            self.elements.declared(Elements::Functions(referenced.into()));
        }
        let mut module = wasm_encoder::Module::new();
        module
            .section(&types)
            .section(&self.imports)
            .section(&self.functions)
            .section(&self.tables)
            .section(&self.memories)
            .section(&self.globals)
            .section(&self.exports)
            .section(&self.elements)
            .section(&DataCountSection { count: self.data.len() })
            .section(&self.code)
            .section(&self.data);
        Ok(module.finish())
    }
}

/// Writes what stands in a member as it stands in the merged module.
struct Relocation<'a> {
    places: &'a Places,
    constants: &'a [Option<Vec<u8>>],
    referenced: BTreeSet<u32>,
}

impl<'a> Relocation<'a> {
    fn new(
        layout: &'a Layout<'_>,
        member: usize,
        constants: &'a [Option<Vec<u8>>],
    ) -> Result<Self, MergeError> {
        let places = layout.places.get(member).ok_or(MISSING)?;
        Ok(Self { places, constants, referenced: BTreeSet::new() })
    }

    /// The code of a constant expression. What it reads of other members is written in its place: a module may read no
    /// global of its own there, and an engine can lay out beforehand only what begins at a place that is known.
    fn constant(&mut self, expression: &wasmparser::ConstExpr<'_>) -> Result<Vec<u8>, Error<MergeError>> {
        let mut code = Vec::new();
        let mut operators = expression.get_operators_reader();
        while !operators.is_end_then_eof() {
            let operator = operators.read()?;
            if let Operator::GlobalGet { global_index } = operator {
                let place = self.global_index(global_index)?;
                if let Some(value) = at(self.constants, place).map_err(Error::UserError)? {
                    code.extend_from_slice(value);
                    continue;
                }
            }
            self.instruction(operator)?.encode(&mut code);
            if code.len() > MAX_CONSTANT_BYTES {
                return Err(Error::UserError(MergeError::Unsupported("a constant of many parts")));
            }
        }
        Ok(code)
    }

    fn place(&self, kind: ExternalKind, index: u32) -> Result<u32, Error<MergeError>> {
        self.places.things.of(kind).and_then(|places| at(places, index)).copied().map_err(Error::UserError)
    }
}

impl Reencode for Relocation<'_> {
    type Error = MergeError;

    fn type_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        at(&self.places.types, index).copied().map_err(Error::UserError)
    }

    fn function_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        self.place(ExternalKind::Func, index)
    }

    fn table_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        self.place(ExternalKind::Table, index)
    }

    fn memory_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        self.place(ExternalKind::Memory, index)
    }

    fn global_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        self.place(ExternalKind::Global, index)
    }

    fn element_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        index.checked_add(self.places.elements).ok_or(Error::UserError(MISSING))
    }

    fn data_index(&mut self, index: u32) -> Result<u32, Error<MergeError>> {
        index.checked_add(self.places.data).ok_or(Error::UserError(MISSING))
    }

    fn const_expr(&mut self, expression: wasmparser::ConstExpr<'_>) -> Result<ConstExpr, Error<MergeError>> {
        Ok(ConstExpr::raw(self.constant(&expression)?))
    }

    fn instruction<'a>(&mut self, operator: Operator<'a>) -> Result<Instruction<'a>, Error<MergeError>> {
        if let Operator::RefFunc { function_index } = operator {
            let place = self.function_index(function_index)?;
            self.referenced.insert(place);
        }
        utils::instruction(self, operator)
    }
}
