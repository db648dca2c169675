//! What guests log stands in the span of their instance. Needs `cargo xtask build-components`.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use hothouse_runtime::{
    Bound, CallError, CallKind, Compiler, Context, Event, Grants, Limits, Notice, Payload, Phase, Runtime,
    Settings, View,
};
use log::Log;
use tracing::Instrument as _;

mod log;

#[tokio::test(flavor = "multi_thread")]
async fn each_line_of_a_message_is_a_line_of_the_log() -> Result<(), CallError> {
    let (log, _guard) = Log::start();
    let mut view = mounted(Limits::default()).await?;
    log.take();
    let name = "say:Traceback\n\n2026-01-01 ERROR forged\r\nthe end".to_owned();
    view.handle_event(Event { name, target: None, payload: Payload::Json("{}".to_owned()) }).await?;
    let lines = log.take();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, said) in lines.iter().zip(["Traceback", "2026-01-01 ERROR forged", "the end"]) {
        assert!(line.contains("WARN") && line.contains("call=handle-event") && line.contains(said), "{line}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_a_guest_stand_in_the_span_in_which_it_was_mounted() -> Result<(), CallError> {
    let (log, _guard) = Log::start();
    let mut view = mounted(Limits { max_log_lines_per_second: 2, ..Limits::default() }).await?;
    log.take();
    // Outside of any span: events do not enter it.
    let event = Event { name: "log:9".to_owned(), target: None, payload: Payload::Json("{}".to_owned()) };
    view.handle_event(event).await?;
    let lines = log.take();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains("view{id=\"a1b2c3d4\"}")), "{lines:?}");
    let call = CallKind::HandleEvent;
    let near = Notice::Near { bound: Bound::LogLines, call, used: 2, limit: 2 };
    assert_eq!(view.notices(), [near, Notice::LinesDropped { call, limit: 2 }]);
    Ok(())
}

async fn mounted(limits: Limits) -> Result<View, CallError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let mut settings = Settings::new(folder.join("compiled"));
    settings.compiler = Compiler::InProcess;
    let runtime = Runtime::new(settings).unwrap();
    let file = folder.join("components/asks-everything.wasm");
    let component = runtime.load("asks", &std::fs::read(file).unwrap(), limits, Grants::default()).unwrap();
    let context = Context::new(Phase::Connected, "asks", "/");
    let tenant = runtime.tenant("acme");
    let mount = component.mount(&tenant, context);
    Ok(mount.instrument(tracing::info_span!("view", id = "a1b2c3d4")).await?.0)
}
