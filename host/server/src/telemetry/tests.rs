//! Metrics, codes and `docs/reference/metrics.md` agree.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hothouse_diff::Fault;
use hothouse_runtime::{CallKind, EndCause, Failure, FailureKind, LoadError};
use hothouse_services::kv::CommitError;
use hothouse_services::presence::PresenceError;
use hothouse_services::pubsub::PubSubError;
use hothouse_wire::DecodeError;

use super::metrics::{Kind, Metrics, Step, names};
use super::{AppTelemetry, Refused as _, ViewTelemetry};
use crate::OpenError;
use crate::browser_session::ValuesRefused;
use crate::browser_session::request::SessionRefused;
use crate::flash::FlashRefused;
use crate::http::PageRefused;
use crate::listener::RequestRefused;
use crate::local_address::NotLocal;
use crate::navigation::GoingRefused;
use crate::operations::{BroadcastRefused, METRICS_UNWRITTEN};
use crate::session::{EffectRefused, JoinRefused, MountError, SendRefused, TaskRefused, TimerRefused};
use crate::socket::{FrameRefused, SocketRefused};
use crate::token::TokenError;

const REFERENCE: &str = include_str!("../../../../docs/reference/metrics.md");

/// Names that stand alone in the first cell of a table's row.
fn documented(prefix: &str) -> BTreeSet<&'static str> {
    REFERENCE
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("hothouse_") == (prefix == "hothouse_"))
        .collect()
}

/// Every metric, moved once.
fn moved() -> Arc<Metrics> {
    let metrics = Arc::new(Metrics::new());
    let tenant = metrics.tenant("shop");
    tenant.sockets.inc();
    tenant.frame_refused("frame-envelope");
    tenant.socket_refused("foreign-origin");
    tenant.session_refused("session-ticket");
    tenant.join_refused("bad-session-token");
    tenant.limit_reached("too-many-views");
    tenant.near_limit("sockets");
    metrics.set_memory("shop", 65_536);
    let view = metrics.view("shop", "cart", EndCause::CODES);
    view.instances.inc();
    view.rejoins.inc();
    view.step(Step::Mount, Duration::from_micros(15));
    view.rendered(Kind::Diff, 9);
    view.joined("ok");
    view.crashed("trap");
    view.limit_reached("memory");
    view.document_refused("bad-index");
    view.not_committed("kv-full");
    view.task("done", Duration::ZERO);
    view.failure_declared("not-found");
    metrics
}

#[test]
fn every_metric_is_documented_and_every_documented_one_is_there() {
    let text = moved().text().unwrap();
    let scraped: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(scraped, documented("hothouse_"));
}

#[test]
fn metrics_are_written_in_the_format_of_prometheus() {
    let text = moved().text().unwrap();
    for line in [
        "# TYPE hothouse_crashes_total counter",
        "hothouse_crashes_total{tenant=\"shop\",view=\"cart\",cause=\"trap\"} 1",
        "hothouse_crashes_total{tenant=\"shop\",view=\"cart\",cause=\"cpu-limit\"} 0",
        "# TYPE hothouse_step_duration_seconds histogram",
        "hothouse_step_duration_seconds_bucket{le=\"0.00001\",tenant=\"shop\",view=\"cart\",step=\"mount\"} 0",
        "hothouse_step_duration_seconds_bucket{le=\"0.00002\",tenant=\"shop\",view=\"cart\",step=\"mount\"} 1",
        "hothouse_step_duration_seconds_bucket{le=\"+Inf\",tenant=\"shop\",view=\"cart\",step=\"mount\"} 1",
        "hothouse_step_duration_seconds_count{tenant=\"shop\",view=\"cart\",step=\"mount\"} 1",
        "hothouse_rendered_bytes_sum{tenant=\"shop\",view=\"cart\",kind=\"diff\"} 9.0",
        "# TYPE hothouse_sockets gauge",
        "hothouse_sockets{tenant=\"shop\"} 1",
        "hothouse_memory_bytes{tenant=\"shop\"} 65536",
        "hothouse_joins_total{tenant=\"shop\",view=\"\",outcome=\"bad-session-token\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
    assert!(text.lines().any(|line| line.starts_with(&format!("# HELP {} ", names::CRASHES))), "{text}");
    assert!(text.lines().all(|line| line.starts_with("# HELP ")
        || line.starts_with("# TYPE ")
        || line.starts_with("hothouse_")));
}

#[test]
fn each_code_is_of_one_thing_and_documented() {
    let limit = 0;
    let joins = [
        JoinRefused::NoSession,
        JoinRefused::SessionToken(TokenError::Expired),
        JoinRefused::ForeignSessionToken,
        JoinRefused::StaticToken(TokenError::Expired),
        JoinRefused::ForeignStaticToken,
        JoinRefused::Navigation,
        JoinRefused::NotAdmitted,
        JoinRefused::Url,
        JoinRefused::ForeignUrl,
        JoinRefused::TooManyViews { limit },
        JoinRefused::TooManyInstances { limit: 1 },
        JoinRefused::TooOften { limit: 1 },
        JoinRefused::Resting,
    ]
    .map(|refused| refused.code());
    let failure = Failure { kind: FailureKind::NotFound, message: String::new() };
    let mounts = [
        MountError::Refused(failure),
        MountError::Crashed,
        MountError::NoMemory,
        MountError::DocumentRefused,
    ]
    .map(|error| error.code());
    let frames = [
        FrameRefused::Binary,
        FrameRefused::Protocol(""),
        FrameRefused::TooLarge { limit },
        FrameRefused::TooOften { limit: 1 },
        FrameRefused::Silent { limit: Duration::ZERO },
        FrameRefused::Unread { limit: Duration::ZERO },
    ]
    .map(|refused| refused.code());
    let sockets =
        [SocketRefused::ForeignOrigin, SocketRefused::ProtocolVersion, SocketRefused::TooMany { limit: 1 }]
            .map(|refused| refused.code());
    let pages = [
        PageRefused::UrlTooLong { limit },
        PageRefused::TooManyInstances { limit: 1 },
        PageRefused::TooOften { limit: 1 },
        PageRefused::Resting { seconds: 1 },
    ]
    .map(|refused| refused.code());
    let effects = [
        PubSubError::Name { what: "a topic", bytes: limit },
        PubSubError::Payload { bytes: limit },
        PubSubError::TooManyTopics,
    ]
    .map(|error| EffectRefused::PubSub(error).code());
    let timers =
        [TimerRefused::Name { bytes: limit }, TimerRefused::TooSoon { ms: 0 }, TimerRefused::TooMany]
            .map(|refused| EffectRefused::Timer(refused).code());
    let sends = [SendRefused::TooLarge { bytes: limit }, SendRefused::TooMany].map(|refused| refused.code());
    let presences = [
        PresenceError::Key { bytes: limit },
        PresenceError::Meta { bytes: limit },
        PresenceError::TooMany,
        PresenceError::TopicFull,
        PresenceError::TenantFull,
        PresenceError::Unknown,
    ]
    .map(|error| EffectRefused::Presence(error).code());
    let tasks = [
        TaskRefused::Name { what: "a key", bytes: 0 },
        TaskRefused::Input { bytes: limit },
        TaskRefused::TooMany,
    ]
    .map(|refused| EffectRefused::Task(refused).code());
    let goings = [
        GoingRefused::NotLocal(NotLocal::Form),
        GoingRefused::ForeignPatch { to: String::new() },
        GoingRefused::ForeignRedirect { to: String::new() },
        GoingRefused::Flash(FlashRefused::Kind),
        GoingRefused::Session(ValuesRefused::Name),
        GoingRefused::SessionElsewhere { to: String::new() },
        GoingRefused::TooMany { limit },
    ]
    .map(|refused| EffectRefused::Going(refused).code());
    let sessions = [
        SessionRefused::ForeignOrigin,
        SessionRefused::OfApplication,
        SessionRefused::NoSession,
        SessionRefused::Form,
        SessionRefused::TooLarge,
        SessionRefused::TooSlow,
        SessionRefused::Csrf,
        SessionRefused::Ticket,
        SessionRefused::NotLocal(NotLocal::Form),
    ]
    .map(|refused| refused.code());
    let broadcasts = [
        BroadcastRefused::Token,
        BroadcastRefused::TooLarge { limit },
        BroadcastRefused::Body(serde::de::Error::custom("")),
    ]
    .map(|refused| refused.code());
    let requests = [RequestRefused::TooSlow { limit: Duration::ZERO }, RequestRefused::TooLarge { limit }]
        .map(|refused| refused.code());
    // Of log lines alone.
    let lines = [
        "accept-failed",
        "slow-call",
        super::LOG_LINES,
        super::NEAR_LIMIT,
        super::FAILURE_DECLARED,
        super::NO_RANDOMNESS,
        super::LAGGED,
        super::UNKNOWN_COMPONENT,
        "slow-service",
        "service-panicked",
        "storage-failed",
        "storage-unreadable",
        "storage-works",
        METRICS_UNWRITTEN,
        EffectRefused::HostEvent.code(),
        super::tasks::APP_TASKS,
        "task-priority",
    ];
    let codes = [
        EndCause::CODES,
        Fault::CODES,
        DecodeError::CODES,
        &joins,
        &mounts,
        &frames,
        &sockets,
        &pages,
        &effects,
        &timers,
        &broadcasts,
        &sends,
        &presences,
        &tasks,
        &goings,
        &sessions,
        &requests,
        LoadError::CODES,
        OpenError::CODES,
        CommitError::CODES,
        &lines,
    ]
    .concat();
    let unique: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(unique.len(), codes.len(), "a code stands twice in {codes:?}");
    for code in &codes {
        let is_kebab = code.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        assert!(is_kebab, "{code}");
    }
    assert_eq!(unique, documented(""));
}

/// What is logged while `tell` runs, line by line.
fn logged(filter: &str, tell: impl FnOnce()) -> Vec<String> {
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .without_time()
        .with_env_filter(filter)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, tell);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
}

#[track_caller]
fn one_line(lines: &[String], parts: &[&str]) {
    assert_eq!(lines.len(), 1, "{lines:?}");
    for part in parts {
        assert!(lines[0].contains(part), "{part} in {lines:?}");
    }
}

#[test]
fn each_refusal_and_crash_is_one_line_with_its_code_at_the_level_of_whose_fault_it_is() {
    let metrics = Arc::new(Metrics::new());
    let view = Arc::new(ViewTelemetry::new(&metrics, "shop", "cart"));
    let of_view = "view{tenant=\"shop\" view=\"cart\" id=\"a1b2c3d4\"}";
    let tell = |filter: &str, tell: &dyn Fn(&super::InstanceTelemetry)| {
        logged(filter, || tell(&view.instance("a1b2c3d4e5f6")))
    };
    let call = CallKind::Render;
    let memory = EndCause::Memory { call, wanted: 9, limit: 8 };
    one_line(&tell("info", &|instance| instance.ended(&memory)), &[" WARN", of_view, "code=\"memory\""]);
    let host = EndCause::Host { call, reason: "broken".to_owned() };
    for filter in ["info", "error"] {
        // A filter that shows errors only still shows whose they are.
        let lines = tell(filter, &|instance| instance.ended(&host));
        one_line(&lines, &["ERROR", of_view, "code=\"host-failure\""]);
    }
    let lines = tell("info", &|instance| instance.document_refused(&Fault::Root));
    one_line(&lines, &[" WARN", of_view, "code=\"bad-root\""]);
    let failure = Failure { kind: FailureKind::Limit, message: "full".to_owned() };
    let lines = tell("info", &|instance| instance.failure_declared(&failure));
    one_line(&lines, &[" WARN", of_view, "code=\"failure-declared\"", "kind=\"limit\""]);

    let app = AppTelemetry::new(&metrics, "shop");
    let lines = logged("info", || app.frame_refused(&DecodeError::Envelope));
    one_line(&lines, &[" INFO", "code=\"frame-envelope\""]);
    let lines = logged("info", || app.join_refused(&JoinRefused::TooManyViews { limit: 100 }));
    one_line(&lines, &[" INFO", "code=\"too-many-views\"", "100"]);
    let lines = logged("info", || app.socket_refused(&SocketRefused::ForeignOrigin));
    one_line(&lines, &[" WARN", "code=\"foreign-origin\"", "public_url"]);
    let lines = logged("info", || app.page_refused(&PageRefused::UrlTooLong { limit: 8 }));
    one_line(&lines, &[" INFO", "code=\"url-too-long\""]);
}
