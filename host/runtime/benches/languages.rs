//! What a view costs in each language: `cargo bench --workspace --bench languages`. Needs `cargo xtask build-languages`.
//!
//! Prints the table of `docs/languages.md`. Each language is measured in a process of its own, and compiled in yet
//! another one, as a server does: memory that a compiler has given back would be taken for what views do not take.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark that cannot set itself up is none, and what it is for is to print"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use hothouse_runtime::{
    Compiler, Component, Context, Event, Grants, LeaveReason, Limits, Payload, Phase, RenderScope, Runtime,
    Settings, Tenant, View,
};
use rustix::time::{ClockId, clock_gettime};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Component, how its row is called, and how much an idle view may take, in bytes.
const LANGUAGES: [(&str, &str, u64); 9] = [
    ("language-rust", "Rust, with the SDK", 45_000),
    ("language-c", "C", 45_000),
    ("language-typescript", "TypeScript, QuickJS", 240_000),
    ("language-spidermonkey", "TypeScript, SpiderMonkey", 750_000),
    ("language-python", "Python", 1_300_000),
    ("language-go", "Go", 750_000),
    ("language-typescript-html", "TypeScript, QuickJS, plain HTML", 240_000),
    ("language-python-html", "Python, plain HTML", 1_300_000),
    ("language-go-html", "Go, plain HTML", 750_000),
];
/// What loading a component may take whose machine code is kept.
const MAX_SWAP_IN: Duration = Duration::from_millis(50);
const VIEWS: u32 = 500;
const FRESH: u32 = 200;
const EVENTS: u32 = 2_000;

fn main() {
    // `cargo bench` passes a flag of its own.
    let arguments: Vec<_> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["compile", component, artifacts] => {
            let (_, took) = tokio().block_on(async { load(&runtime(Path::new(artifacts)), component) });
            println!("{:.2}", took.as_secs_f64());
        }
        ["measure", component, artifacts] => {
            // As the server does.
            rustix::thread::disable_transparent_huge_pages(true).unwrap();
            println!("{}", measured(component, Path::new(artifacts)));
        }
        [component] => println!("{}", row(component)),
        _ => table(),
    }
}

fn table() {
    println!(
        "| | component | build | compile | load, compiled | fresh view | event and render | idle view: memory, page tables |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (component, ..) in LANGUAGES {
        println!("{}", row(component));
    }
}

fn in_another_process(what: &str, component: &str, artifacts: &Path) -> String {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).args([what, component]).arg(artifacts).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")
}

fn row(component: &str) -> String {
    let (_, shown, _) = LANGUAGES.into_iter().find(|language| language.0 == component).unwrap();
    let artifacts = tempfile::tempdir().unwrap();
    let compile = in_another_process("compile", component, artifacts.path());
    let measured = in_another_process("measure", component, artifacts.path());
    let language = component.trim_start_matches("language-");
    let build = std::fs::read_to_string(target().join("languages").join(language).join("seconds"));
    let build = build.map_or_else(|_| "with the workspace".to_owned(), |seconds| format!("{seconds} s"));
    let kilobytes = read(component).len() / 1_000;
    format!("| {shown} | {kilobytes} KB | {build} | {compile} s | {measured}")
}

fn read(component: &str) -> Vec<u8> {
    let file = target().join("components").join(format!("{component}.wasm"));
    std::fs::read(file).expect("run `cargo xtask build-languages`")
}

fn runtime(artifacts: &Path) -> Runtime {
    let mut settings = Settings::new(artifacts);
    settings.compiler = Compiler::InProcess;
    Runtime::new(settings).unwrap()
}

fn tokio() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn load(runtime: &Runtime, component: &str) -> (Component, Duration) {
    let bytes = read(component);
    let began = Instant::now();
    let component = runtime.load(component, &bytes, Limits::default(), Grants::default()).unwrap();
    (component, began.elapsed())
}

/// What is told of a component whose machine code is kept.
fn measured(component: &str, artifacts: &Path) -> String {
    let (.., budget) = LANGUAGES.into_iter().find(|language| language.0 == component).unwrap();
    tokio().block_on(async {
        let runtime = runtime(artifacts);
        let (component, swap_in) =
            (0..5).map(|_| load(&runtime, component)).min_by_key(|(_, took)| *took).unwrap();
        let tenant = runtime.tenant("bench");
        let fresh = fresh_view(&component, &tenant).await;
        let event = event_and_render(&component, &tenant).await;
        let (memory, tables) = idle_view(&component, &tenant).await;
        let mark = |is_over: bool| if is_over { " (over its budget)" } else { "" };
        format!(
            "{:.1} ms{} | {:.0} µs | {:.1} µs | {:.1} KB + {:.1} KB{} |",
            swap_in.as_secs_f64() * 1_000.0,
            mark(swap_in > MAX_SWAP_IN),
            fresh.as_secs_f64() * 1_000_000.0,
            event.as_secs_f64() * 1_000_000.0,
            memory as f64 / 1_000.0,
            tables as f64 / 1_000.0,
            mark(memory + tables > budget),
        )
    })
}

async fn mounted(component: &Component, tenant: &Tenant) -> View {
    let (mut view, _) = component.mount(tenant, Context::new(Phase::Connected, "bench", "/")).await.unwrap();
    view.render(RenderScope::Everything).await.unwrap();
    view
}

async fn send(view: &mut View, name: &str, json: String) {
    let event = Event { name: name.to_owned(), target: None, payload: Payload::Json(json) };
    view.handle_event(event).await.unwrap();
    view.render(RenderScope::Changes).await.unwrap();
}

/// Store, instance, mount, first render, drop: the time in the middle.
async fn fresh_view(component: &Component, tenant: &Tenant) -> Duration {
    let mut times = Vec::new();
    for _ in 0..FRESH {
        let began = Instant::now();
        drop(mounted(component, tenant).await);
        times.push(began.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

/// A row comes and goes: CPU time of an event with its render.
async fn event_and_render(component: &Component, tenant: &Tenant) -> Duration {
    let mut view = mounted(component, tenant).await;
    send(&mut view, "increment", "{\"value\":\"\"}".to_owned()).await;
    let before = cpu_time();
    for id in 1..=EVENTS / 2 {
        send(&mut view, "increment", "{\"value\":\"\"}".to_owned()).await;
        send(&mut view, "remove", format!("{{\"id\":\"{id}\",\"value\":\"\"}}")).await;
    }
    let used = cpu_time() - before;
    view.terminate(LeaveReason::Left).await;
    used / EVENTS
}

/// Bytes of memory and of page tables that each of many views takes after a click.
async fn idle_view(component: &Component, tenant: &Tenant) -> (u64, u64) {
    // What the first views take once, the later ones find there.
    let mut views = Vec::new();
    for _ in 0..20 {
        views.push(mounted(component, tenant).await);
    }
    let before = (proc_bytes("smaps_rollup", "Pss:"), proc_bytes("status", "VmPTE:"));
    for _ in 0..VIEWS {
        let mut view = mounted(component, tenant).await;
        send(&mut view, "increment", "{\"value\":\"\"}".to_owned()).await;
        views.push(view);
    }
    let after = (proc_bytes("smaps_rollup", "Pss:"), proc_bytes("status", "VmPTE:"));
    let each = |before: u64, after: u64| after.saturating_sub(before) / u64::from(VIEWS);
    (each(before.0, after.0), each(before.1, after.1))
}

fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

fn proc_bytes(file: &str, field: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/self/{file}")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}
