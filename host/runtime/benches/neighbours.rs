//! Neighbours of guests that spin for ever: `cargo bench --workspace --bench neighbours`.
//! Needs `cargo xtask build-components`.
//!
//! 50 views take 2,000 events a second on a schedule, first alone, then beside spinners of another tenant that are
//! mounted again as soon as they are killed. What an event waits for, from its scheduled moment to its answer, is what
//! the neighbours feel; about a millisecond of it is the timer's own.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints what it finds"
)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use hothouse_runtime::{
    CallBudget, Compiler, Component, Context, Event, Grants, Limits, Payload, Phase, Runtime, Settings,
    Tenant,
};
use tokio::time::{Instant, sleep_until};

const VIEWS: u32 = 50;
const EVENTS_PER_SECOND: u32 = 2_000;
const RUN: Duration = Duration::from_secs(4);

fn main() {
    println!(
        "{:>8} {:>7} {:>9} {:>9} {:>9} {:>8} {:>7}",
        "spinners", "budget", "p50", "p99", "max", "events", "killed"
    );
    for (spinners, budget_ms) in [(0, 50), (1, 50), (4, 50), (1, 250), (4, 250)] {
        let workers = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        workers.block_on(measure(spinners, Duration::from_millis(budget_ms)));
        workers.shutdown_timeout(Duration::from_secs(1));
    }
}

async fn measure(spinners: u32, budget: Duration) {
    let runtime = Runtime::new(settings()).unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components/asks-everything.wasm");
    let bytes = std::fs::read(&file).expect("run `cargo xtask build-components`");
    let limits = Limits {
        event: CallBudget { warn_cpu: budget, max_cpu: budget, max_wall: 4 * budget },
        ..Limits::default()
    };
    let hostile = runtime.load("hostile", &bytes, limits, Grants::default()).unwrap();
    let friendly = runtime.load("friendly", &bytes, Limits::default(), Grants::default()).unwrap();
    let (stop, killed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    for _ in 0..spinners {
        let (component, tenant) = (hostile.clone(), runtime.tenant("hostile"));
        tokio::spawn(spin(component, tenant, stop.clone(), killed.clone()));
    }
    let began = Instant::now() + Duration::from_millis(200);
    let views: Vec<_> = (0..VIEWS)
        .map(|number| tokio::spawn(neighbour(friendly.clone(), runtime.tenant("friendly"), began, number)))
        .collect();
    let mut waits = Vec::new();
    for view in views {
        waits.extend(view.await.unwrap());
    }
    stop.store(true, Ordering::Relaxed);
    waits.sort_unstable();
    let part = |percent: usize| waits.get(waits.len() * percent / 100).copied().unwrap_or_default();
    println!(
        "{spinners:>8} {budget:>7.0?} {:>9.2?} {:>9.2?} {:>9.2?} {:>8} {:>7}",
        part(50),
        part(99),
        waits.last().copied().unwrap_or_default(),
        waits.len(),
        killed.load(Ordering::Relaxed)
    );
}

/// Takes events on its schedule; how late each answer was.
async fn neighbour(component: Component, tenant: Tenant, began: Instant, number: u32) -> Vec<Duration> {
    let (mut view, _) = component.mount(&tenant, context()).await.unwrap();
    let period = Duration::from_secs(1) * VIEWS / EVENTS_PER_SECOND;
    let mut due = began + period * number / VIEWS;
    let mut waits = Vec::new();
    while due < began + RUN {
        sleep_until(due).await;
        view.handle_event(event("count")).await.unwrap();
        waits.push(due.elapsed());
        due += period;
    }
    waits
}

async fn spin(component: Component, tenant: Tenant, stop: Arc<AtomicBool>, killed: Arc<AtomicU64>) {
    while !stop.load(Ordering::Relaxed) {
        let (mut view, _) = component.mount(&tenant, context()).await.unwrap();
        if view.handle_event(event("spin")).await.is_err() {
            killed.fetch_add(1, Ordering::Relaxed);
        }
    }
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
    Event { name: name.to_owned(), target: None, payload: Payload::Json("{}".to_owned()) }
}
