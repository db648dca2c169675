//! Components that harm a compiler, compiled by children of the real program. Needs `cargo xtask build-components`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hothouse_runtime::{
    ArtifactError, Blame, CompileError, CompileLimits, Compiler, Component, Grants, Limits, LoadError,
    Runtime, Settings,
};
use wasm_encoder::{
    BlockType, CodeSection, Encode as _, Function, FunctionSection, Instruction, MemArg, MemorySection,
    MemoryType, Module, TypeSection, ValType,
};

/// Enough for every harmless component here, however busy the machine is.
const LIMITS: CompileLimits =
    CompileLimits { max_time: Duration::from_secs(15), max_memory_bytes: 1024 * 1024 * 1024 };

fn view() -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components/showcase-counter.wasm");
    std::fs::read(file).expect("run `cargo xtask build-components`")
}

/// The view with one more core module in it, which nothing instantiates and everything compiles.
fn view_with(module: &Module) -> Vec<u8> {
    let module = module.clone().finish();
    let mut bytes = view();
    bytes.push(1);
    u32::try_from(module.len()).unwrap().encode(&mut bytes);
    bytes.extend(module);
    bytes
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
fn long_function(loads: u64) -> Module {
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
fn many_values(locals: u32, blocks: u32) -> Module {
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

fn child(limits: CompileLimits) -> Compiler {
    Compiler::Child { program: PathBuf::from(env!("CARGO_BIN_EXE_hothouse")), limits }
}

fn load(folder: &Path, compiler: Compiler, bytes: &[u8]) -> Result<Component, LoadError> {
    let mut settings = Settings::new(folder);
    settings.compiler = compiler;
    Runtime::new(settings).unwrap().load("view", bytes, Limits::default(), Grants::default())
}

fn compile_error(loaded: Result<Component, LoadError>) -> CompileError {
    let error = loaded.unwrap_err();
    assert!(error.to_string().starts_with("component `view`: "), "{error}");
    match error {
        LoadError::Compile { cause: ArtifactError::Compile(cause), .. } => cause,
        other => panic!("{other}"),
    }
}

/// The one file of machine code in a folder.
fn machine_code(folder: &Path) -> Vec<PathBuf> {
    let engines = std::fs::read_dir(folder).unwrap();
    engines
        .flat_map(|engine| std::fs::read_dir(engine.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn machine_code_outlives_the_server_that_made_it() {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path(), child(LIMITS), &view()).unwrap();
    assert_eq!(machine_code(folder.path()).len(), 1);
    // Whoever loads it again needs no compiler.
    let nobody = Compiler::Child { program: PathBuf::from("/nonexistent"), limits: LIMITS };
    load(folder.path(), nobody.clone(), &view()).unwrap();
    let error = compile_error(load(folder.path(), nobody, &view_with(&long_function(1))));
    assert!(matches!(error, CompileError::Start { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_machine_code_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    load(folder.path(), child(LIMITS), &view()).unwrap();
    let file = machine_code(folder.path()).pop().unwrap();
    for damage in [&b""[..], b"not machine code", &std::fs::read(&file).unwrap()[..4_000]] {
        std::fs::write(&file, damage).unwrap();
        load(folder.path(), child(LIMITS), &view()).unwrap();
        assert_eq!(machine_code(folder.path()).len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_may_load_into_one_folder_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Handle::current();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let _in_tokio = runtime.enter();
                load(folder.path(), child(LIMITS), &view()).unwrap();
            });
        }
    });
    assert_eq!(machine_code(folder.path()).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_takes_for_ever_to_compile_is_refused_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let limits = CompileLimits { max_time: Duration::from_secs(4), ..LIMITS };
    load(folder.path(), child(limits), &view_with(&long_function(100))).unwrap();
    let began = Instant::now();
    let loaded = load(folder.path(), child(limits), &view_with(&long_function(200_000)));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(loaded.as_ref().unwrap_err().blame(), Blame::Guest);
    let error = compile_error(loaded);
    assert!(matches!(error, CompileError::Time { limit } if limit == limits.max_time), "{error}");
    assert_eq!(machine_code(folder.path()).len(), 1, "nothing is left of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_takes_all_memory_to_compile_is_refused_and_the_server_lives() {
    let folder = tempfile::tempdir().unwrap();
    let limits = CompileLimits { max_time: Duration::from_secs(60), max_memory_bytes: 512 * 1024 * 1024 };
    load(folder.path(), child(limits), &view_with(&many_values(50, 50))).unwrap();
    let error = compile_error(load(folder.path(), child(limits), &view_with(&many_values(4_900, 20_000))));
    assert!(matches!(error, CompileError::Memory { limit } if limit == limits.max_memory_bytes), "{error}");
    load(folder.path(), child(limits), &view()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_does_not_compile_is_named_as_the_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let compiler = Compiler::Child { program: PathBuf::from("/bin/true"), limits: LIMITS };
    let loaded = load(folder.path(), compiler, &view());
    assert_eq!(loaded.as_ref().unwrap_err().blame(), Blame::Operator);
    let error = compile_error(loaded);
    assert!(error.to_string().contains("run_as_compiler"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_compiler_refuses_is_told_in_its_words() {
    let folder = tempfile::tempdir().unwrap();
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
    let error = compile_error(load(folder.path(), child(LIMITS), &view_with(&module)));
    assert!(matches!(&error, CompileError::Refused(reason) if reason.contains("memory64")), "{error}");
}
