//! Apps that cannot be served: the program says why and ends, and a server beside it notices nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use hothouse_limits_tests::{Server, hostile};
use hothouse_protocol_tests::{AppFolder, component};

/// An app that is served, and one that differs in what must not be.
async fn refused(
    harmless: anyhow::Result<AppFolder>,
    attack: anyhow::Result<AppFolder>,
    code: &str,
) -> anyhow::Result<()> {
    Server::of(harmless?)?.visit("/").await?;
    Server::start()?.watch_the_end_of(&attack?, code).await
}

fn app(component: anyhow::Result<Vec<u8>>, limits: &str) -> anyhow::Result<AppFolder> {
    AppFolder::holding(&component?, limits)
}

/// The view as it is.
fn plain() -> anyhow::Result<AppFolder> {
    app(hostile::view(), "")
}

async fn is_no_view(bytes: Vec<u8>, code: &str) -> anyhow::Result<()> {
    refused(plain(), app(Ok(bytes), ""), code).await
}

async fn takes_time() -> anyhow::Result<()> {
    let with = |loads| app(hostile::view_with(&hostile::long_function(loads)), "compile_ms = 4000");
    refused(with(100), with(200_000), "compile-time").await
}

async fn takes_memory() -> anyhow::Result<()> {
    let with = |locals, blocks| {
        let module = hostile::many_values(locals, blocks);
        app(hostile::view_with(&module), "compile_memory_bytes = 536870912")
    };
    refused(with(50, 50), with(4_900, 20_000), "compile-memory").await
}

async fn counts_too_many() -> anyhow::Result<()> {
    let with = |locals| app(hostile::view_with(&hostile::many_values(locals, 1)), "");
    refused(with(4_000), with(5_001), "component-scan").await
}

async fn is_refused_by_the_compiler() -> anyhow::Result<()> {
    is_no_view(hostile::view_with(&hostile::memory64())?, "component-refused").await
}

async fn never_starts() -> anyhow::Result<()> {
    is_no_view(fs::read(component("spins-at-start")?)?, "cpu-limit").await
}

async fn begins_too_large() -> anyhow::Result<()> {
    let with = |bytes| app(hostile::view(), &format!("memory_bytes = {bytes}"));
    refused(with(4 * 1024 * 1024), with(65_535), "memory").await
}

async fn asks_for_too_much() -> anyhow::Result<()> {
    let with = |depth| app(hostile::view(), &format!("depth = {depth}"));
    refused(with(64), with(65), "bad-limits").await
}

/// A folder for machine code into which others may write.
async fn is_open_to_others() -> anyhow::Result<()> {
    let with = |mode| {
        let app = plain()?;
        let folder = app.path().join(".hothouse/components");
        fs::create_dir_all(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode))?;
        Ok(app)
    };
    refused(with(0o700), with(0o777), "machine-code-folder").await
}

/// Machine code of a server that ran before, cut off in the middle.
async fn is_damaged() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let app = |artifacts: &std::path::Path| {
        let app = plain()?;
        fs::create_dir_all(app.path().join(".hothouse"))?;
        std::os::unix::fs::symlink(artifacts, app.path().join(".hothouse/components"))?;
        anyhow::Ok(app)
    };
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))?;
    Server::of(app(folder.path())?)?.visit("/").await?;
    let mut damaged = 0;
    for engine in fs::read_dir(folder.path())? {
        for file in fs::read_dir(engine?.path())? {
            let file: PathBuf = file?.path();
            fs::write(&file, fs::read(&file)?.get(..4_000).unwrap_or_default())?;
            damaged += 1;
        }
    }
    assert_eq!(damaged, 1);
    Server::of(app(folder.path())?)?.shrug_off(async |server| server.visit("/").await?.counts(3).await).await
}

attacks! {
    component_that_takes_a_minute_to_compile: takes_time();
    component_that_takes_all_memory_to_compile: takes_memory();
    component_of_absurd_counts: counts_too_many();
    start_function_that_never_ends: never_starts();
    memory_that_begins_beyond_the_limit: begins_too_large();
    feature_of_wasm_that_is_not_allowed: is_refused_by_the_compiler();
    import_of_sockets: is_no_view(hostile::importing("wasi:sockets/tcp@0.2.0"), "component-import");
    component_of_another_draft: is_no_view(hostile::importing("hothouse:live/kv@0.0.9"), "component-version");
    component_without_exports: is_no_view(b"\0asm\x0d\0\x01\0".to_vec(), "component-no-view");
    core_module: is_no_view(b"\0asm\x01\0\0\0".to_vec(), "component-scan");
    file_that_is_no_wasm: is_no_view(b"not wasm".to_vec(), "component-scan");
    machine_code_in_a_folder_of_others: is_open_to_others();
    machine_code_that_is_damaged: is_damaged();
    manifest_that_asks_for_more_than_the_host_allows: asks_for_too_much();
}
