//! Every count at its limit and beyond, in components made for it.

use wasm_encoder::{
    BlockType, CodeSection, Component, Function, FunctionSection, Instruction, MemorySection, MemoryType,
    Module, ModuleSection, NestedComponentSection, TypeSection, ValType,
};

use super::{
    MAX_BLOCK_DEPTH, MAX_COMPONENT_BYTES, MAX_CORE_MODULES, MAX_LOCALS, MAX_NESTING, ScanError, bodies, scan,
};

/// A component with these core modules.
fn component(modules: &[Module]) -> Vec<u8> {
    let mut component = Component::new();
    for module in modules {
        component.section(&ModuleSection(module));
    }
    component.finish()
}

/// A module with one function of this body.
fn module(function: &Function) -> Module {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut code = CodeSection::new();
    code.function(function);
    module.section(&types).section(&functions).section(&code);
    module
}

fn with_locals(count: usize) -> Module {
    let mut function = Function::new([(u32::try_from(count).unwrap_or(u32::MAX), ValType::I32)]);
    function.instruction(&Instruction::End);
    module(&function)
}

fn with_blocks(depth: usize) -> Module {
    let mut function = Function::new([]);
    for _ in 0..depth {
        function.instruction(&Instruction::Block(BlockType::Empty));
    }
    for _ in 0..=depth {
        function.instruction(&Instruction::End);
    }
    module(&function)
}

fn nested(depth: usize) -> Vec<u8> {
    let mut inner = Component::new();
    for _ in 0..depth {
        let mut outer = Component::new();
        outer.section(&NestedComponentSection(&inner));
        inner = outer;
    }
    inner.finish()
}

/// What is too much, if anything is.
fn too_much(bytes: &[u8]) -> Option<&'static str> {
    match scan(bytes).and_then(|_| bodies(bytes)) {
        Ok(_) => None,
        Err(ScanError::TooMuch { what, .. }) => Some(what),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_count_is_taken_up_to_its_limit_and_not_beyond() {
    assert_eq!(too_much(&component(&[with_locals(MAX_LOCALS)])), None);
    assert_eq!(too_much(&component(&[with_locals(MAX_LOCALS + 1)])), Some("locals in one function"));
    assert_eq!(too_much(&component(&[with_blocks(MAX_BLOCK_DEPTH)])), None);
    assert_eq!(
        too_much(&component(&[with_blocks(MAX_BLOCK_DEPTH + 1)])),
        Some("blocks within blocks in one function")
    );
    assert_eq!(too_much(&component(&vec![Module::new(); MAX_CORE_MODULES])), None);
    assert_eq!(too_much(&component(&vec![Module::new(); MAX_CORE_MODULES + 1])), Some("core modules"));
    assert_eq!(too_much(&nested(MAX_NESTING)), None);
    assert_eq!(too_much(&nested(MAX_NESTING + 1)), Some("components within components"));
    let mut long = component(&[]);
    long.resize(MAX_COMPONENT_BYTES + 1, 0);
    assert_eq!(too_much(&long), Some("bytes"));
}

#[test]
fn memories_are_counted_and_their_minimum_is_known() {
    let mut memories = MemorySection::new();
    for minimum in [2, 17] {
        memories.memory(MemoryType {
            minimum,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
    }
    let mut module = Module::new();
    module.section(&memories);
    let found = scan(&component(&[module])).unwrap();
    assert_eq!((found.memories, found.memory_min_bytes, found.core_modules), (2, 17 * 65_536, 1));
}

#[test]
fn other_files_are_told_apart() {
    assert_eq!(scan(b"PK\x03\x04"), Err(ScanError::NotWasm));
    assert_eq!(scan(&Module::new().finish()), Err(ScanError::CoreModule));
    let whole = component(&[with_locals(1)]);
    let broken = &whole[..whole.len() - 1];
    assert!(matches!(scan(broken), Err(ScanError::Malformed(_))));
}
