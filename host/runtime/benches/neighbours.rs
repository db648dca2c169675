//! What views feel beside hostile ones of another tenant: `cargo bench --workspace --bench neighbours`.
//! Needs `cargo xtask build-components`.
//!
//! 50 views take 1,000 events a second on a schedule, first alone, then beside each attack. What an event waits for,
//! from its scheduled moment to its answer, is what the neighbours feel; about a millisecond of it is the timer's own.
//! Attackers ask again as soon as they were answered, and are mounted again as soon as they were killed.
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
    CallBudget, Compiler, Component, Context, Event, Grants, Limits, Payload, Phase, RenderScope, Runtime,
    Settings, Tenant,
};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

const VIEWS: u32 = 50;
const EVENTS_PER_SECOND: u32 = 1_000;
const RUN: Duration = Duration::from_secs(4);
/// Odd: the median is one of them.
const RUNS: usize = 3;
/// As long as a call can be without being looked at.
const JUST_UNDER_TWO_TICKS: Duration = Duration::from_micros(1_900);

/// Views that harm their neighbours if they can.
struct Attack {
    name: &'static str,
    component: &'static str,
    event: &'static str,
    views: usize,
    budget: Duration,
}

const fn attack(
    name: &'static str,
    component: &'static str,
    event: &'static str,
    views: usize,
    budget_ms: u64,
) -> Attack {
    Attack { name, component, event, views, budget: Duration::from_millis(budget_ms) }
}

const ATTACKS: [Attack; 9] = [
    attack("nobody", "asks-everything", "count", 0, 250),
    attack("1 that spins, killed at 50 ms", "asks-everything", "spin", 1, 50),
    attack("4 that spin, killed at 50 ms", "asks-everything", "spin", 4, 50),
    attack("1 that spins, killed at 250 ms", "asks-everything", "spin", 1, 250),
    attack("4 that spin, killed at 250 ms", "asks-everything", "spin", 4, 250),
    attack("100 just under two ticks", "asks-everything", "pause", 100, 250),
    attack("4 that take 100 MB of memory", "asks-everything", "grow:100000000", 4, 250),
    attack("4 that render a million slots", "asks-everything", "document:flood", 4, 250),
    attack("4 that sleep for a second", "stock-wasi", "sleep:1000", 4, 250),
];

fn main() {
    println!("{:<32} {:>9} {:>9} {:>9} {:>9} {:>7}", "beside", "p50", "p99", "longest", "attacks", "killed");
    for attack in &ATTACKS {
        let mut runs: Vec<Felt> = (0..RUNS)
            .map(|_| {
                let workers = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
                let felt = workers.block_on(measure(attack));
                workers.shutdown_timeout(Duration::from_secs(1));
                felt
            })
            .collect();
        runs.sort_by_key(|felt| felt.p99);
        if let Some(Felt { p50, p99, longest, attacks, killed }) = runs.get(RUNS / 2) {
            println!("{:<32} {p50:>9.1?} {p99:>9.1?} {longest:>9.1?} {attacks:>9} {killed:>7}", attack.name);
        }
    }
}

/// What the neighbours felt in one run.
struct Felt {
    p50: Duration,
    p99: Duration,
    longest: Duration,
    attacks: u64,
    killed: u64,
}

/// What attackers have done.
#[derive(Default)]
struct Done {
    stop: AtomicBool,
    attacks: AtomicU64,
    killed: AtomicU64,
}

async fn measure(attack: &Attack) -> Felt {
    let runtime = Runtime::new(settings()).unwrap();
    let budget = CallBudget { warn_cpu: attack.budget, max_cpu: attack.budget, max_wall: 4 * attack.budget };
    let hostile = load(&runtime, attack.component, Limits { event: budget, ..Limits::default() });
    let friendly = load(&runtime, "asks-everything", Limits::default());
    let event_name = match attack.event {
        "pause" => format!("pause:{}", rounds(&runtime, &friendly).await),
        other => other.to_owned(),
    };
    let done = Arc::new(Done::default());
    for _ in 0..attack.views {
        let (component, tenant) = (hostile.clone(), runtime.tenant("hostile"));
        tokio::spawn(harm(component, tenant, event_name.clone(), done.clone()));
    }
    let began = Instant::now() + Duration::from_millis(200);
    let views: Vec<_> = (0..VIEWS)
        .map(|number| tokio::spawn(neighbour(friendly.clone(), runtime.tenant("friendly"), began, number)))
        .collect();
    let mut waits = Vec::new();
    for view in views {
        waits.extend(view.await.unwrap());
    }
    done.stop.store(true, Ordering::Relaxed);
    waits.sort_unstable();
    let part = |percent: usize| waits.get(waits.len() * percent / 100).copied().unwrap_or_default();
    Felt {
        p50: part(50),
        p99: part(99),
        longest: waits.last().copied().unwrap_or_default(),
        attacks: done.attacks.load(Ordering::Relaxed),
        killed: done.killed.load(Ordering::Relaxed),
    }
}

fn load(runtime: &Runtime, component: &str, limits: Limits) -> Component {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/components")
        .join(format!("{component}.wasm"));
    let bytes = std::fs::read(&file).expect("run `cargo xtask build-components`");
    runtime.load(component, &bytes, limits, Grants::default()).unwrap()
}

/// For how many rounds a view has to pause to be just under two ticks.
async fn rounds(runtime: &Runtime, component: &Component) -> u128 {
    const PROBE: u128 = 5;
    let (mut view, _) = component.mount(&runtime.tenant("probe"), context()).await.unwrap();
    let mut quickest = Duration::MAX;
    for _ in 0..20 {
        view.handle_event(event(&format!("pause:{PROBE}"))).await.unwrap();
        quickest = quickest.min(view.last_call());
    }
    (PROBE * JUST_UNDER_TWO_TICKS.as_nanos() / quickest.as_nanos()).max(1)
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

async fn harm(component: Component, tenant: Tenant, name: String, done: Arc<Done>) {
    while !done.stop.load(Ordering::Relaxed) {
        let (mut view, _) = component.mount(&tenant, context()).await.unwrap();
        while !done.stop.load(Ordering::Relaxed) {
            done.attacks.fetch_add(1, Ordering::Relaxed);
            let handled = view.handle_event(event(&name)).await;
            let is_alive = handled.is_ok() && view.render(RenderScope::Everything).await.is_ok();
            // A socket would have been written to, and read from.
            yield_now().await;
            if !is_alive {
                done.killed.fetch_add(1, Ordering::Relaxed);
                break;
            }
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
