//! What guests log stands in the span of their instance. Needs `cargo xtask build-components`.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use hothouse_runtime::{CallError, Context, Event, Limits, Payload, Phase, Runtime, Settings};
use tracing::Instrument as _;

/// Collects what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn take(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_of_a_guest_stand_in_the_span_in_which_it_was_mounted() -> Result<(), CallError> {
    let lines = Lines::default();
    let writer = lines.clone();
    let _subscribed = tracing::subscriber::set_default(
        tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish(),
    );
    let runtime = Runtime::new(Settings::default()).unwrap();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components/asks-everything.wasm");
    let limits = Limits { max_log_lines_per_second: 2, ..Limits::default() };
    let component = runtime.load("asks", &std::fs::read(file).unwrap(), limits).unwrap();
    let context = Context {
        phase: Phase::Connected,
        view: "asks".to_owned(),
        uri: "/".to_owned(),
        params: Vec::new(),
        session: Vec::new(),
        flash: Vec::new(),
        connect_params: "{}".to_owned(),
        joins: 0,
    };
    let tenant = runtime.tenant("acme");
    let mount = component.mount(&tenant, context);
    let (mut view, _) = mount.instrument(tracing::info_span!("view", id = "a1b2c3d4")).await?;
    lines.take();
    // Outside of any span: events do not enter it.
    let log = Event { name: "log:9".to_owned(), target: None, payload: Payload::Json("{}".to_owned()) };
    view.handle_event(log).await?;
    let lines = lines.take();
    assert_eq!(lines.len(), 3, "two lines and a word about the rest: {lines:?}");
    assert!(lines.iter().all(|line| line.contains("view{id=\"a1b2c3d4\"}")), "{lines:?}");
    assert!(lines[2].contains("WARN") && lines[2].contains("code=\"log-lines\""), "{lines:?}");
    Ok(())
}
