//! Guests that misbehave, beside guests that do not. Needs `cargo xtask build-components`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hothouse_runtime::{
    Blame, CallBudget, CallError, CallKind, Compiler, Component, Context, Effect, EndCause, Event, Failure,
    FailureKind, Grants, Limits, LoadError, Payload, Phase, RenderScope, Runtime, ScanError, Settings,
    StartError, Tenant, View,
};
use hothouse_services::registered::{Caller, Services};

fn file(package: &str) -> PathBuf {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components").join(format!("{package}.wasm"));
    assert!(file.is_file(), "run `cargo xtask build-components`");
    file
}

/// Compiles in this process, once for all tests.
fn settings() -> Settings {
    let mut settings = Settings::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/compiled"));
    settings.compiler = Compiler::InProcess;
    settings
}

fn component(runtime: &Runtime, limits: Limits) -> Component {
    runtime.load("asks", &std::fs::read(file("asks-everything")).unwrap(), limits, Grants::default()).unwrap()
}

/// Budgets that let a test with spinning guests end soon.
fn quick() -> Limits {
    let budget = CallBudget {
        warn_cpu: Duration::from_millis(20),
        max_cpu: Duration::from_millis(60),
        max_wall: Duration::from_secs(10),
    };
    Limits { event: budget, mount: budget, render: budget, ..Limits::default() }
}

fn context(params: &[(&str, &str)]) -> Context {
    let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Context { params, ..Context::new(Phase::Connected, "asks", "/") }
}

fn event(name: &str) -> Event {
    Event { name: name.to_owned(), target: None, payload: Payload::Json("{}".to_owned()) }
}

async fn mount(component: &Component, tenant: &Tenant) -> View {
    component.mount(tenant, context(&[])).await.unwrap().0
}

/// The cause with which an event ends a view.
async fn end(component: &Component, tenant: &Tenant, name: &str) -> EndCause {
    let mut view = mount(component, tenant).await;
    match view.handle_event(event(name)).await {
        Err(CallError::Ended(cause)) => {
            let again = view.handle_event(event("count")).await;
            assert!(
                matches!(again, Err(CallError::Ended(EndCause::Gone { .. }))),
                "its store is gone: {again:?}"
            );
            cause
        }
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn a_runtime_needs_the_multi_thread_scheduler() {
    assert!(matches!(Runtime::new(settings()), Err(StartError::NotMultiThread)));
    let current = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let started = current.block_on(async { Runtime::new(settings()) });
    assert!(matches!(started, Err(StartError::NotMultiThread)));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_views_are_refused_with_what_they_are() {
    let runtime = Runtime::new(settings()).unwrap();
    let load = |bytes: &[u8]| runtime.load("x", bytes, Limits::default(), Grants::default()).unwrap_err();
    assert!(matches!(load(b"not wasm"), LoadError::Scan { cause: ScanError::NotWasm, .. }));
    assert!(matches!(load(b""), LoadError::Scan { cause: ScanError::NotWasm, .. }));
    let core = load(b"\0asm\x01\0\0\0");
    assert!(core.to_string().contains("encode it"), "{core}");
    assert!(matches!(load(b"\0asm\x0d\0\x01\0"), LoadError::NotAView { .. }), "an empty component");
    assert!(matches!(load(b"\0asm\x0d\0\x01\0garbage"), LoadError::Scan { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_ends_at_its_budget_of_cpu_time() {
    let runtime = Runtime::new(settings()).unwrap();
    let (component, tenant) = (component(&runtime, quick()), runtime.tenant("acme"));
    let cause = end(&component, &tenant, "spin").await;
    let EndCause::CpuLimit { call: CallKind::HandleEvent, used, limit } = cause else { panic!("{cause}") };
    assert!(used > limit && used < limit + Duration::from_millis(100), "{used:?}");
    assert_eq!(cause.blame(), Blame::Guest);
    assert!(tenant.cpu_time() >= limit, "{:?}", tenant.cpu_time());
}

#[tokio::test(flavor = "multi_thread")]
async fn mount_and_render_have_budgets_of_their_own() {
    let runtime = Runtime::new(settings()).unwrap();
    let (component, tenant) = (component(&runtime, quick()), runtime.tenant("acme"));
    let mounted = component.mount(&tenant, context(&[("mount", "spin")])).await;
    let Err(CallError::Ended(EndCause::CpuLimit { call: CallKind::Mount, .. })) = mounted else {
        panic!("{mounted:?}")
    };
    let (mut view, _) = component.mount(&tenant, context(&[("document", "spin")])).await.unwrap();
    let rendered = view.render(RenderScope::Everything).await;
    let Err(CallError::Ended(EndCause::CpuLimit { call: CallKind::Render, .. })) = rendered else {
        panic!("{rendered:?}")
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_function_that_never_ends_is_killed_within_its_budget() {
    let runtime = Runtime::new(settings()).unwrap();
    let bytes = std::fs::read(file("spins-at-start")).unwrap();
    let refused = runtime.load("spins", &bytes, quick(), Grants::default()).unwrap_err();
    let LoadError::DoesNotStart { cause: EndCause::CpuLimit { call, used, limit }, .. } = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(call, CallKind::Load);
    assert!(used > limit && used < limit + Duration::from_millis(100), "{used:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_needs_more_memory_than_it_may_have_is_refused_when_it_is_loaded() {
    let runtime = Runtime::new(settings()).unwrap();
    let bytes = std::fs::read(file("asks-everything")).unwrap();
    let limits = Limits { max_memory_bytes: Some(65_535), ..Limits::default() };
    let refused = runtime.load("asks", &bytes, limits, Grants::default()).unwrap_err();
    let LoadError::DoesNotStart { cause: EndCause::Memory { wanted, limit: 65_535, .. }, .. } = refused
    else {
        panic!("{refused:?}")
    };
    let enough = Limits { max_memory_bytes: Some(wanted), ..Limits::default() };
    runtime.load("asks", &bytes, enough, Grants::default()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_a_flood_and_too_much_memory_are_told_apart() {
    let runtime = Runtime::new(settings()).unwrap();
    let (component, tenant) = (component(&runtime, Limits::default()), runtime.tenant("acme"));
    assert!(matches!(end(&component, &tenant, "trap").await, EndCause::Trap { .. }));
    let cause = end(&component, &tenant, "grow:5000000").await;
    assert!(matches!(cause, EndCause::Memory { limit: 4_194_304, .. }), "{cause}");
    let cause = end(&component, &tenant, "effects:257").await;
    assert!(matches!(cause, EndCause::Effects { found: 257, limit: 256, .. }), "{cause}");
    let (mut view, _) = component.mount(&tenant, context(&[("document", "flood")])).await.unwrap();
    let rendered = view.render(RenderScope::Everything).await;
    assert!(
        matches!(rendered, Err(CallError::Ended(EndCause::Copy { limit: 2_097_152, .. }))),
        "{rendered:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_that_are_asked_for_reach_the_guest() {
    let runtime = Runtime::new(settings()).unwrap();
    let limits = Limits { max_memory_bytes: Some(2 * 1024 * 1024), max_effects: 3, ..Limits::default() };
    let (component, tenant) = (component(&runtime, limits), runtime.tenant("acme"));
    let mut view = mount(&component, &tenant).await;
    let effects = view.handle_event(event("effects:3")).await.unwrap();
    assert_eq!(effects.len(), 3);
    let replied = view.handle_event(event("grow:1000000")).await.unwrap();
    assert_eq!(replied, [Effect::Reply("\"1000000\"".to_owned())]);
    assert!(matches!(end(&component, &tenant, "effects:4").await, EndCause::Effects { limit: 3, .. }));
    assert!(matches!(
        end(&component, &tenant, "grow:2097152").await,
        EndCause::Memory { limit: 2_097_152, .. }
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declared_failure_keeps_the_view() {
    let runtime = Runtime::new(settings()).unwrap();
    let (component, tenant) = (component(&runtime, Limits::default()), runtime.tenant("acme"));
    let mut view = mount(&component, &tenant).await;
    let failed = view.handle_event(event("fail:forbidden")).await;
    assert!(matches!(failed, Err(CallError::Refused(ref failure)) if failure.kind == FailureKind::Forbidden));
    view.handle_event(event("count")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn spinning_views_step_aside_for_their_neighbours() {
    let runtime = Runtime::new(settings()).unwrap();
    let spinning = component(&runtime, quick());
    let quiet = component(&runtime, Limits::default());
    let (hostile, friendly) = (runtime.tenant("hostile"), runtime.tenant("friendly"));
    // More than may be slow at once, on the one worker that the neighbour has as well.
    let spinners: Vec<_> = (0..6)
        .map(|_| {
            let (component, tenant) = (spinning.clone(), hostile.clone());
            tokio::spawn(async move { end(&component, &tenant, "spin").await })
        })
        .collect();
    let mut neighbour = mount(&quiet, &friendly).await;
    let began = Instant::now();
    for _ in 0..200 {
        neighbour.handle_event(event("count")).await.unwrap();
        tokio::task::yield_now().await;
    }
    // Every spinner alone would hold a worker for its 60 ms; together they would have held this one for 360.
    assert!(
        spinners.iter().any(|spinner| !spinner.is_finished()) || began.elapsed() < Duration::from_secs(5)
    );
    for spinner in spinners {
        let cause = spinner.await.unwrap();
        assert!(
            matches!(
                cause,
                EndCause::CpuLimit { .. } | EndCause::WallLimit { .. } | EndCause::TooManySlowCalls { .. }
            ),
            "{cause}"
        );
    }
    neighbour.handle_event(event("count")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_calls_of_a_tenant_wait_for_each_other_and_not_for_others() {
    let mut settings = settings();
    settings.max_slow_calls_per_tenant = 1;
    let runtime = Runtime::new(settings).unwrap();
    let component = component(&runtime, Limits::default());
    let tenant = runtime.tenant("acme");
    // Slow within its budget: from here on the component's calls start aside, one at a time.
    let mut slow = mount(&component, &tenant).await;
    slow.handle_event(event("pause:300")).await.unwrap();
    let calls: Vec<_> = (0..4)
        .map(|_| {
            let (component, tenant) = (component.clone(), tenant.clone());
            tokio::spawn(async move {
                let mut view = mount(&component, &tenant).await;
                view.handle_event(event("pause:100")).await
            })
        })
        .collect();
    for call in calls {
        // None was killed for want of a place: suspects wait for theirs.
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn calls_that_wait_for_a_busy_processor_are_not_taken_for_slow_ones() {
    let mut settings = settings();
    settings.max_slow_calls_per_tenant = 1;
    let runtime = Runtime::new(settings).unwrap();
    let (component, tenant) = (component(&runtime, quick()), runtime.tenant("acme"));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _stopper = Stopper(&stop);
        for _ in 0..8 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                let views: Vec<_> = (0..8)
                    .map(|_| {
                        let (component, tenant) = (component.clone(), tenant.clone());
                        tokio::spawn(async move {
                            let mut view = mount(&component, &tenant).await;
                            for _ in 0..20_000 {
                                view.handle_event(event("count")).await.unwrap();
                            }
                        })
                    })
                    .collect();
                for view in views {
                    view.await.unwrap();
                }
            });
        });
    });
}

/// Lets the threads of a scope end when the test fails, too.
struct Stopper<'a>(&'a AtomicBool);

impl Drop for Stopper<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn with_services(runtime: &Runtime, services: Services) -> Component {
    let bytes = std::fs::read(file("asks-everything")).unwrap();
    runtime.load("asks", &bytes, Limits::default(), Grants { services, ..Grants::default() }).unwrap()
}

fn calling(service: &str, input: &str) -> Event {
    Event { payload: Payload::Json(input.to_owned()), ..event(&format!("call:{service}")) }
}

/// The failure that a call of a service ends in.
async fn refused(view: &mut View, service: &str) -> Failure {
    match view.handle_event(calling(service, "1")).await {
        Err(CallError::Refused(failure)) => failure,
        other => panic!("{service}: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_called_by_name_and_told_who_calls() {
    let runtime = Runtime::new(settings()).unwrap();
    let mut services = Services::default();
    services.register(
        "greet",
        Arc::new(|caller: &Caller<'_>, input: &[u8]| {
            let input = String::from_utf8_lossy(input);
            let user = caller.session("user").unwrap_or("nobody");
            Ok(format!("{} {} {user} {input}", caller.tenant, caller.view).into_bytes())
        }),
    );
    services.register(
        "refuse",
        Arc::new(|_: &Caller<'_>, _: &[u8]| Err(Failure::new(FailureKind::NotFound, "no such thing"))),
    );
    services.register("panic", Arc::new(|_: &Caller<'_>, _: &[u8]| panic!("a mistake of the application")));
    let component = with_services(&runtime, services);
    let session = [("user".to_owned(), "Ann".to_owned())].into();
    let context = Context { session, ..context(&[]) };
    let (mut view, _) = component.mount(&runtime.tenant("acme"), context).await.unwrap();
    let answer = view.handle_event(calling("greet", "{}")).await.unwrap();
    assert_eq!(answer, [Effect::Reply("\"acme asks Ann {}\"".to_owned())]);
    assert_eq!(refused(&mut view, "refuse").await, Failure::new(FailureKind::NotFound, "no such thing"));
    assert_eq!(refused(&mut view, "panic").await.kind, FailureKind::Internal);
    let unknown = refused(&mut view, &"x".repeat(200)).await;
    assert_eq!(unknown.kind, FailureKind::Forbidden);
    assert!(unknown.message.contains(&"x".repeat(64)) && !unknown.message.contains(&"x".repeat(65)));
    assert!(view.handle_event(calling("greet", "{}")).await.is_ok(), "the view lives on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_service_that_blocks_holds_up_no_other_view() {
    let runtime = Runtime::new(settings()).unwrap();
    let (open, opened) = std::sync::mpsc::channel::<()>();
    let opened = std::sync::Mutex::new(opened);
    let mut services = Services::default();
    services.register(
        "blocks",
        Arc::new(move |_: &Caller<'_>, _: &[u8]| {
            let _ = opened.lock().unwrap().recv();
            Ok(Vec::new())
        }),
    );
    let component = with_services(&runtime, services);
    let tenant = runtime.tenant("acme");
    let (mut blocked, mut free) = (mount(&component, &tenant).await, mount(&component, &tenant).await);
    let waiting = tokio::spawn(async move { blocked.handle_event(calling("blocks", "1")).await });
    let answered = tokio::spawn(async move {
        for _ in 0..200 {
            free.handle_event(event("count")).await.unwrap();
        }
    });
    answered.await.unwrap();
    assert!(!waiting.is_finished(), "it waits for its service all the while");
    open.send(()).unwrap();
    assert!(waiting.await.unwrap().is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_calls_of_services_are_under_way_and_no_more() {
    let mut few = settings();
    few.max_service_calls = 1;
    let runtime = Runtime::new(few).unwrap();
    let (open, opened) = std::sync::mpsc::channel::<()>();
    let opened = std::sync::Mutex::new(opened);
    let (entered, is_in) = std::sync::mpsc::channel::<()>();
    let mut services = Services::default();
    services.register(
        "blocks",
        Arc::new(move |_: &Caller<'_>, _: &[u8]| {
            let _ = entered.send(());
            let _ = opened.lock().unwrap().recv();
            Ok(Vec::new())
        }),
    );
    let component = with_services(&runtime, services);
    let tenant = runtime.tenant("acme");
    let (mut first, mut second) = (mount(&component, &tenant).await, mount(&component, &tenant).await);
    let waiting = tokio::spawn(async move { first.handle_event(calling("blocks", "1")).await });
    tokio::task::spawn_blocking(move || is_in.recv().unwrap()).await.unwrap();
    assert_eq!(refused(&mut second, "blocks").await.kind, FailureKind::Limit);
    open.send(()).unwrap();
    assert!(waiting.await.unwrap().is_ok());
    open.send(()).unwrap();
    assert!(second.handle_event(calling("blocks", "1")).await.is_ok(), "there is room again");
}
