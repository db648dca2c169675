//! A component of a stock toolchain, with what WASI gives it and what it does not. Needs `cargo xtask build-components`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hothouse_runtime::{
    CallError, CallKind, Compiler, Component, Context, Effect, EndCause, Event, Grants, Limits, Notice,
    Payload, Phase, Profile, RenderScope, Runtime, Settings, View,
};
use log::Log;

mod log;

fn stock(config: &[(&str, &str)]) -> (Runtime, Component) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let mut settings = Settings::new(folder.join("compiled"));
    settings.compiler = Compiler::InProcess;
    let runtime = Runtime::new(settings).unwrap();
    let bytes =
        std::fs::read(folder.join("components/stock-wasi.wasm")).expect("run `cargo xtask build-components`");
    let config: BTreeMap<String, String> =
        config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let grants = Grants { config, ..Grants::default() };
    let component = runtime.load("stock", &bytes, Limits::default(), grants).unwrap();
    (runtime, component)
}

async fn mounted(runtime: &Runtime, component: &Component) -> View {
    let context = Context::new(Phase::Connected, "stock", "/");
    component.mount(&runtime.tenant("acme"), context).await.unwrap().0
}

async fn send(view: &mut View, name: &str) -> Result<Vec<Effect>, CallError> {
    view.handle_event(Event { name: name.to_owned(), target: None, payload: Payload::Json("{}".to_owned()) })
        .await
}

/// What an event replies, as JSON text.
async fn reply(view: &mut View, name: &str) -> String {
    match send(view, name).await.unwrap().pop() {
        Some(Effect::Reply(json)) => json,
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stock_component_loads_mounts_and_counts() {
    let (runtime, component) = stock(&[]);
    assert!(component.report().imports.iter().any(|(import, _)| import.starts_with("wasi:io/streams@0.2.")));
    assert_eq!(component.report().choice.profile, Profile::Compact);
    let mut view = mounted(&runtime, &component).await;
    view.render(RenderScope::Everything).await.unwrap();
    send(&mut view, "count").await.unwrap();
    view.render(RenderScope::Changes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn output_goes_to_the_log_line_by_line_with_whose_it_is() {
    let (runtime, component) = stock(&[]);
    let mut view = mounted(&runtime, &component).await;
    let (log, _guard) = Log::start();
    for (event, stream, line) in [
        ("out:to whom it concerns", "stdout", "to whom it concerns"),
        ("err:oh no", "stderr", "oh no"),
        ("partial:no end", "stdout", "no end"),
    ] {
        send(&mut view, event).await.unwrap();
        let lines = log.take();
        let [found] = lines.as_slice() else { panic!("{lines:?}") };
        for part in [line, "acme", "stock", "handle-event", stream] {
            assert!(found.contains(part), "{part} in {found}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_bounded_in_lines_and_in_their_length() {
    let (runtime, component) = stock(&[]);
    let mut view = mounted(&runtime, &component).await;
    let (log, _guard) = Log::start();
    send(&mut view, "lines:64").await.unwrap();
    assert_eq!(log.take().iter().filter(|line| line.contains("line ")).count(), 64);
    // The second begins with a call: those that are over are dropped, and one line says so.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    send(&mut view, "lines:500").await.unwrap();
    let lines = log.take();
    assert_eq!(lines.iter().filter(|line| line.contains("line ")).count(), 64);
    let dropped = |notice: &&Notice| matches!(notice, Notice::LinesDropped { limit: 64, .. });
    assert_eq!(view.notices().iter().filter(dropped).count(), 1);
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    send(&mut view, "long:4096").await.unwrap();
    send(&mut view, "long:4097").await.unwrap();
    let kept: Vec<usize> = log.take().iter().map(|line| line.matches('x').count()).collect();
    assert_eq!(kept, [4_096, 4_096]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sleeping_ends_the_view_at_once_and_says_what_to_do_instead() {
    let (runtime, component) = stock(&[]);
    let mut view = mounted(&runtime, &component).await;
    send(&mut view, "sleep:0").await.unwrap();
    // Shorter than the clock's step: that is giving way, and there is nobody to give way to.
    send(&mut view, "sleep:1").await.unwrap();
    let began = Instant::now();
    let ended = send(&mut view, "sleep:3000").await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(matches!(ended, CallError::Ended(EndCause::Waits { call: CallKind::HandleEvent })), "{ended}");
    assert!(
        ended.to_string().contains("a view callback may not sleep or wait; use a timer or a task"),
        "{ended}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_the_program_ends_the_view_and_nothing_else() {
    let (runtime, component) = stock(&[]);
    let mut view = mounted(&runtime, &component).await;
    let ended = send(&mut view, "exit").await.unwrap_err();
    assert!(matches!(ended, CallError::Ended(EndCause::Exits { .. })), "{ended}");
    send(&mut mounted(&runtime, &component).await, "count").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_with_a_failure_is_a_trap() {
    let (runtime, component) = stock(&[]);
    let ended = send(&mut mounted(&runtime, &component).await, "exit:2").await.unwrap_err();
    let CallError::Ended(EndCause::Trap { trap, .. }) = ended else { panic!("{ended}") };
    assert!(trap.contains("gave up"), "{trap}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_leaves_its_message_in_the_log() {
    let (runtime, component) = stock(&[]);
    let mut view = mounted(&runtime, &component).await;
    let (log, _guard) = Log::start();
    let ended = send(&mut view, "panic:because").await.unwrap_err();
    assert!(matches!(ended, CallError::Ended(EndCause::Trap { .. })), "{ended}");
    let lines = log.take();
    assert!(lines.iter().any(|line| line.contains("as asked: because")), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_tell_the_time_in_milliseconds_and_stand_still_in_a_callback() {
    let (runtime, component) = stock(&[]);
    let mut view = mounted(&runtime, &component).await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1_000.0;
    let wall: f64 = reply(&mut view, "wall").await.parse().unwrap();
    assert!((wall - now).abs() < 5_000.0, "{wall} {now}");
    assert!((wall - wall.round()).abs() < 0.01, "{wall}");
    assert_eq!(reply(&mut view, "twice").await, "true");
    tokio::time::sleep(Duration::from_millis(5)).await;
    let later: f64 = reply(&mut view, "wall").await.parse().unwrap();
    assert!(later > wall);
}

#[tokio::test(flavor = "multi_thread")]
async fn randomness_is_new_in_each_view() {
    let (runtime, component) = stock(&[]);
    let first = reply(&mut mounted(&runtime, &component).await, "random").await;
    let second = reply(&mut mounted(&runtime, &component).await, "random").await;
    assert_ne!(first, second);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_is_the_manifests_and_nothing_of_the_hosts() {
    let (runtime, component) = stock(&[("COLOUR", "green"), ("SIZE", "")]);
    let mut view = mounted(&runtime, &component).await;
    assert_eq!(reply(&mut view, "env").await, r#"[["COLOUR","green"],["SIZE",""]]"#);
    assert_eq!(reply(&mut view, "args").await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_input_and_there_are_no_files() {
    let (runtime, component) = stock(&[]);
    let mut view = mounted(&runtime, &component).await;
    assert_eq!(reply(&mut view, "stdin").await, "0");
    assert_eq!(reply(&mut view, "file").await, "true");
}
