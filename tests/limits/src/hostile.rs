//! Components that harm whoever loads them: a view that works, and one thing more in it.

use anyhow::Context as _;
use hothouse_protocol_tests::component;
use wasm_encoder::{
    BlockType, CodeSection, Component, ComponentImportSection, ComponentTypeRef, ComponentTypeSection,
    Encode as _, Function, FunctionSection, InstanceType, Instruction, MemArg, MemorySection, MemoryType,
    Module, TypeSection, ValType,
};

/// A component that works.
///
/// # Errors
/// When it has not been built.
pub fn view() -> anyhow::Result<Vec<u8>> {
    let file = component("asks-everything")?;
    std::fs::read(&file).with_context(|| file.display().to_string())
}

/// The view with one more core module in it, which nothing instantiates and everything compiles.
///
/// # Errors
/// As [`view`], or when the module is too large for a component.
pub fn view_with(module: &Module) -> anyhow::Result<Vec<u8>> {
    let module = module.clone().finish();
    let mut bytes = view()?;
    bytes.push(1);
    u32::try_from(module.len())?.encode(&mut bytes);
    bytes.extend(module);
    Ok(bytes)
}

/// A component that imports an interface of this name, with nothing in it.
pub fn importing(name: &str) -> Vec<u8> {
    let mut types = ComponentTypeSection::new();
    types.instance(&InstanceType::new());
    let mut imports = ComponentImportSection::new();
    imports.import(name, ComponentTypeRef::Instance(0));
    let mut component = Component::new();
    component.section(&types).section(&imports);
    component.finish()
}

/// A module of a kind of memory that the host does not allow.
pub fn memory64() -> Module {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: true,
        shared: false,
        page_size_log2: None,
    });
    let mut module = Module::new();
    module.section(&memories);
    module
}

fn module_of(body: &Function) -> Module {
    let mut module = Module::new();
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], [ValType::I32]);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut code = CodeSection::new();
    code.function(body);
    module.section(&types).section(&functions).section(&memories).section(&code);
    module
}

/// One function of this many loads and additions: harmless when small, a minute of compiling at 60,000.
pub fn long_function(loads: u64) -> Module {
    let mut body = Function::new([]);
    body.instruction(&Instruction::I32Const(0));
    for offset in 0..loads {
        let memory = MemArg { offset: offset * 4 % 60_000, align: 2, memory_index: 0 };
        body.instruction(&Instruction::LocalGet(0))
            .instruction(&Instruction::I32Load(memory))
            .instruction(&Instruction::I32Add);
    }
    body.instruction(&Instruction::End);
    module_of(&body)
}

/// Every local is set in every block, so that each pair of them costs the compiler a value.
pub fn many_values(locals: u32, blocks: u32) -> Module {
    let mut body = Function::new([(locals, ValType::I32)]);
    for block in 0..blocks {
        body.instruction(&Instruction::LocalGet(0)).instruction(&Instruction::If(BlockType::Empty));
        body.instruction(&Instruction::LocalGet(block % locals))
            .instruction(&Instruction::LocalSet((block * 7 + 1) % locals));
        body.instruction(&Instruction::End);
    }
    body.instruction(&Instruction::LocalGet(0));
    for local in 1..locals {
        body.instruction(&Instruction::LocalGet(local)).instruction(&Instruction::I32Add);
    }
    body.instruction(&Instruction::End);
    module_of(&body)
}
