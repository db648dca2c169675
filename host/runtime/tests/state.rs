//! State that outlives its instance: taken from one and given to another. Needs `cargo xtask build-components`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::Path;
use std::time::Duration;

use hothouse_runtime::{
    CallBudget, CallError, CallKind, Compiler, Component, Context, Document, Effect, EndCause, Event,
    FailureKind, Grants, LeaveReason, Limits, MAX_SNAPSHOT_BYTES, Payload, Phase, RenderScope, Runtime,
    Settings, View,
};

fn runtime() -> Runtime {
    let mut settings = Settings::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/compiled"));
    settings.compiler = Compiler::InProcess;
    Runtime::new(settings).unwrap()
}

fn component(runtime: &Runtime, package: &str, limits: Limits) -> Component {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components").join(format!("{package}.wasm"));
    assert!(file.is_file(), "run `cargo xtask build-components`");
    runtime.load(package, &std::fs::read(file).unwrap(), limits, Grants::default()).unwrap()
}

fn context() -> Context {
    Context::new(Phase::Connected, "view", "/")
}

async fn send(view: &mut View, name: &str, payload: &str) -> Result<Vec<Effect>, CallError> {
    let payload = Payload::Json(payload.to_owned());
    view.handle_event(Event { name: name.to_owned(), target: None, payload }).await
}

/// All of a view's page, as text; two instances number rows as they made them.
async fn page(view: &mut View) -> String {
    let Document::Tree(tree) = view.render(RenderScope::Everything).await.unwrap() else {
        panic!("it renders trees")
    };
    let rows = tree.lists.iter().map(|list| {
        let order = list.order.clone().unwrap_or_default();
        let row = |id: &u32| list.changed.iter().position(|row| row.id == *id).unwrap();
        format!("{:?}", order.iter().map(row).collect::<Vec<_>>())
    });
    format!("{:?} {:?} {:?}", tree.root, tree.nodes, rows.collect::<Vec<_>>())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_lives_on_in_another_instance() {
    let runtime = runtime();
    let tasks = component(&runtime, "showcase-tasks", Limits::default());
    let tenant = runtime.tenant("acme");
    let (mut view, _) = tasks.mount(&tenant, context()).await.unwrap();
    for (name, payload) in [
        ("add", r#"{"title":"<Prune> the figs"}"#),
        ("toggle", r#"{"id":2}"#),
        ("move_up", r#"{"id":4}"#),
        ("remove", r#"{"id":1}"#),
        ("show_open", "{}"),
    ] {
        send(&mut view, name, payload).await.unwrap();
    }
    let before = page(&mut view).await;
    assert!(before.contains("<Prune> the figs"), "{before}");
    let snapshot = view.snapshot().await.unwrap().unwrap();
    assert!(snapshot.len() < 100, "{} bytes", snapshot.len());
    view.terminate(LeaveReason::Disconnected).await;
    let (mut restored, effects) = tasks.restore(&tenant, &snapshot, context()).await.unwrap();
    assert_eq!(effects, []);
    restored.connected(context()).await.unwrap();
    assert_eq!(page(&mut restored).await, before);
    // It goes on: ids are counted from where the other one was.
    send(&mut restored, "add", r#"{"title":"new"}"#).await.unwrap();
    assert!(page(&mut restored).await.contains("task-5"));
    assert_eq!(
        view.snapshot().await.err().map(|error| error.to_string()).unwrap(),
        "`snapshot` was called on a view that has ended"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_of_another_view_is_refused_and_the_view_can_be_mounted() {
    let runtime = runtime();
    let (tasks, feed) = (
        component(&runtime, "showcase-tasks", Limits::default()),
        component(&runtime, "showcase-feed", Limits::default()),
    );
    let tenant = runtime.tenant("acme");
    let (mut view, _) = feed.mount(&tenant, context()).await.unwrap();
    let snapshot = view.snapshot().await.unwrap().unwrap();
    let memory = tenant.memory_bytes();
    for bytes in [&snapshot[..], b"", b"garbage", &[255; 1000]] {
        let Err(CallError::Refused(failure)) = tasks.restore(&tenant, bytes, context()).await else {
            panic!("{bytes:?}")
        };
        assert_eq!(failure.kind, FailureKind::BadInput, "{}", failure.message);
    }
    assert_eq!(tenant.memory_bytes(), memory, "what was refused left no instance");
    assert!(tasks.mount(&tenant, context()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_snapshot_ends_no_instance() {
    let runtime = runtime();
    let tasks = component(&runtime, "showcase-tasks", Limits::default());
    let tenant = runtime.tenant("acme");
    let (mut view, _) = tasks.mount(&tenant, context()).await.unwrap();
    let snapshot = view.snapshot().await.unwrap().unwrap();
    let mut refused = 0;
    for (at, original) in snapshot.iter().enumerate() {
        for byte in [0, 1, 0x7f, 0x80, 0xff, original ^ 1, original.wrapping_add(1)] {
            let mut damaged = snapshot.clone();
            damaged[at] = byte;
            match tasks.restore(&tenant, &damaged, context()).await {
                Ok((mut restored, _)) => drop(restored.render(RenderScope::Everything).await.unwrap()),
                Err(CallError::Refused(_)) => refused += 1,
                Err(CallError::Ended(cause)) => panic!("byte {at} as {byte}: {cause}"),
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_derives_no_state_is_not_kept() {
    let runtime = runtime();
    let (counter, tenant) =
        (component(&runtime, "showcase-counter", Limits::default()), runtime.tenant("acme"));
    let (mut view, _) = counter.mount(&tenant, context()).await.unwrap();
    assert_eq!(view.snapshot().await.unwrap(), None);
    let refused = counter.restore(&tenant, &[], context()).await;
    assert!(matches!(refused, Err(CallError::Refused(failure)) if failure.kind == FailureKind::Unavailable));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_has_a_limit_and_its_calls_have_budgets() {
    let runtime = runtime();
    let (asks, tenant) = (component(&runtime, "asks-everything", Limits::default()), runtime.tenant("acme"));
    let (mut view, _) = asks.mount(&tenant, context()).await.unwrap();
    assert_eq!(view.snapshot().await.unwrap(), None);
    send(&mut view, &format!("snapshot:{MAX_SNAPSHOT_BYTES}"), "null").await.unwrap();
    assert_eq!(view.snapshot().await.unwrap().unwrap().len(), MAX_SNAPSHOT_BYTES);
    send(&mut view, &format!("snapshot:{}", MAX_SNAPSHOT_BYTES + 1), "null").await.unwrap();
    let refused = view.snapshot().await;
    assert!(
        matches!(&refused, Err(CallError::Refused(failure)) if failure.kind == FailureKind::Limit),
        "{refused:?}"
    );
    send(&mut view, "snapshot:trap", "null").await.unwrap();
    let ended = view.snapshot().await;
    assert!(
        matches!(ended, Err(CallError::Ended(EndCause::Trap { call: CallKind::Snapshot, .. }))),
        "the view lived on until it trapped: {ended:?}"
    );

    let long = vec![b' '; MAX_SNAPSHOT_BYTES + 1];
    let refused = asks.restore(&tenant, &long, context()).await;
    assert!(
        matches!(&refused, Err(CallError::Refused(failure)) if failure.kind == FailureKind::Limit),
        "{refused:?}"
    );
    let refused = asks.restore(&tenant, b"fail:limit", context()).await;
    assert!(
        matches!(&refused, Err(CallError::Refused(failure)) if failure.message.contains("declared")),
        "{refused:?}"
    );
    let (warn_cpu, max_cpu, max_wall) =
        (Duration::from_millis(20), Duration::from_millis(60), Duration::from_secs(10));
    let quick = Limits { mount: CallBudget { warn_cpu, max_cpu, max_wall }, ..Limits::default() };
    let ended = component(&runtime, "asks-everything", quick).restore(&tenant, b"spin", context()).await;
    assert!(
        matches!(
            ended,
            Err(CallError::Ended(EndCause::CpuLimit { call: CallKind::Restore, limit, .. })) if limit == max_cpu
        ),
        "{ended:?}"
    );
    let (_, effects) = asks.restore(&tenant, b"push:{}", context()).await.unwrap();
    assert_eq!(effects.len(), 1);
    let many = asks.restore(&tenant, b"effects:257", context()).await;
    assert!(
        matches!(many, Err(CallError::Ended(EndCause::Effects { call: CallKind::Restore, .. }))),
        "{many:?}"
    );
}
