//! What metrics add to an event: `cargo bench --workspace --bench metrics`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use divan::Bencher;

#[allow(dead_code, reason = "only what an event moves is measured")]
#[path = "../src/telemetry/metrics.rs"]
mod metrics;

use metrics::{Kind, Metrics, Step};

fn main() {
    divan::main();
}

/// All that one event with a diff adds: two looks at the clock, three durations and a size. The times of the two
/// calls are those that the runtime takes anyway.
#[divan::bench(threads = [1, 2])]
fn event(bencher: Bencher<'_, '_>) {
    let view = Arc::new(Metrics::new()).view("tenant", "view", &["trap"]);
    let (handled, rendered) = (Duration::from_nanos(900), Duration::from_nanos(1_100));
    bencher.bench(|| {
        view.step(Step::HandleEvent, black_box(handled));
        view.step(Step::Render, black_box(rendered));
        let began = Instant::now();
        view.rendered(Kind::Diff, black_box(9));
        view.step(Step::Diff, began.elapsed());
    });
}

/// One look at the clock, to compare.
#[divan::bench]
fn clock() -> Instant {
    Instant::now()
}

/// One duration.
#[divan::bench(threads = [1, 2])]
fn duration(bencher: Bencher<'_, '_>) {
    let view = Arc::new(Metrics::new()).view("tenant", "view", &["trap"]);
    let took = Duration::from_nanos(900);
    bencher.bench(|| view.step(Step::Render, black_box(took)));
}
