//! What guest calls cost, without sockets: `cargo bench --workspace --bench calls`. Needs `cargo xtask build-components`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that cannot set itself up is none")]

use std::path::Path;

use divan::Bencher;
use hothouse_runtime::{
    Compiler, Component, Context, Event, Grants, LeaveReason, Limits, Payload, Phase, RenderScope, Runtime,
    Settings, TaskEnd, Tenant, cancel, reports,
};
use tokio::runtime::{Builder, Runtime as Tokio};
use tokio::sync::oneshot;

fn main() {
    divan::main();
}

struct Bench {
    tokio: Tokio,
    component: Component,
    tenant: Tenant,
}

fn bench(package: &str) -> Bench {
    let tokio = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components").join(format!("{package}.wasm"));
    let bytes = std::fs::read(&file).expect("run `cargo xtask build-components`");
    let runtime = tokio.block_on(async { Runtime::new(settings()) }).unwrap();
    let component = runtime.load(package, &bytes, Limits::default(), Grants::default()).unwrap();
    Bench { component, tenant: runtime.tenant("bench"), tokio }
}

fn settings() -> Settings {
    let mut settings = Settings::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/compiled"));
    settings.compiler = Compiler::InProcess;
    settings
}

fn context() -> Context {
    Context::new(Phase::Connected, "bench", "/")
}

fn event(name: &str) -> Event {
    Event { name: name.to_owned(), target: None, payload: Payload::Json("{\"value\":\"\"}".to_owned()) }
}

/// Store, instantiate, mount, first render, drop.
#[divan::bench(args = ["bench-counter", "bench-table"])]
fn fresh_view(bencher: Bencher<'_, '_>, package: &str) {
    let Bench { tokio, component, tenant } = bench(package);
    bencher.bench_local(|| {
        tokio.block_on(async {
            let (mut view, _) = component.mount(&tenant, context()).await.unwrap();
            view.render(RenderScope::Everything).await.unwrap()
        })
    });
}

/// An event and the render after it.
#[divan::bench(args = [("bench-counter", "inc"), ("bench-table", "touch")])]
fn event_and_render(bencher: Bencher<'_, '_>, (package, name): (&str, &str)) {
    let Bench { tokio, component, tenant } = bench(package);
    let mut view = tokio.block_on(async {
        let (mut view, _) = component.mount(&tenant, context()).await.unwrap();
        view.render(RenderScope::Everything).await.unwrap();
        view
    });
    bencher.bench_local(|| {
        tokio.block_on(async {
            view.handle_event(event(name)).await.unwrap();
            view.render(RenderScope::Changes).await.unwrap()
        })
    });
    tokio.block_on(view.terminate(LeaveReason::Left));
}

/// A task that answers what it was given: a fresh instance and a fiber on the task lane, until the answer is here.
#[divan::bench]
fn task(bencher: Bencher<'_, '_>) {
    let Bench { tokio, component, tenant } = bench("errands");
    let (mut view, _) = tokio.block_on(component.mount(&tenant, context())).unwrap();
    let (reporter, _reports) = reports();
    bencher.bench_local(|| {
        tokio.block_on(async {
            let (_keep, cancelled) = cancel();
            let (answer, answered) = oneshot::channel();
            let reporter = reporter.of(1);
            view.task("errand".to_owned(), b"\x04echo\x05hello".to_vec()).spawn(|task| async move {
                let _ = answer.send(task.run(cancelled, reporter).await.end);
            });
            let end = answered.await.unwrap();
            assert!(matches!(end, TaskEnd::Done(_)), "{end:?}");
        });
    });
    tokio.block_on(view.terminate(LeaveReason::Left));
}
