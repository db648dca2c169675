//! Components that harm a compiler, compiled by children of the real program. Needs `cargo xtask build-components`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use hothouse_runtime::{
    ArtifactError, Blame, CompileError, CompileLimits, Compiler, Component, Grants, Limits, LoadError,
    Runtime, Settings,
};

/// Enough for every harmless component here, however busy the machine is.
const LIMITS: CompileLimits =
    CompileLimits { max_time: Duration::from_secs(15), max_memory_bytes: 1024 * 1024 * 1024 };

fn view() -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components/showcase-counter.wasm");
    std::fs::read(file).expect("run `cargo xtask build-components`")
}

/// Another view that does the same: it has a custom section more.
fn another_view() -> Vec<u8> {
    [view(), vec![0, 4, 1, b'x', 0, 0]].concat()
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
    let error = compile_error(load(folder.path(), nobody, &another_view()));
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
async fn a_program_that_does_not_compile_is_named_as_the_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let compiler = Compiler::Child { program: PathBuf::from("/bin/true"), limits: LIMITS };
    let loaded = load(folder.path(), compiler, &view());
    assert_eq!(loaded.as_ref().unwrap_err().blame(), Blame::Operator);
    let error = compile_error(loaded);
    assert!(error.to_string().contains("run_as_compiler"), "{error}");
}
