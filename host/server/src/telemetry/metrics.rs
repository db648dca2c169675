//! Every metric of the server: names, labels and buckets, here and nowhere else; `docs/reference/metrics.md` says
//! what they mean. Values of labels come from the operator's manifest or are codes of this host, never from a
//! client or a guest: there is a bounded number of series.
//!
//! What an event moves is resolved once for each loaded view ([`ViewMetrics`]); what is rare is looked up.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

/// Names as they are scraped.
pub(crate) mod names {
    pub(crate) const STEP_DURATION: &str = "hothouse_step_duration_seconds";
    pub(crate) const RENDERED_BYTES: &str = "hothouse_rendered_bytes";
    pub(crate) const JOINS: &str = "hothouse_joins_total";
    pub(crate) const REJOINS: &str = "hothouse_rejoins_total";
    pub(crate) const CRASHES: &str = "hothouse_crashes_total";
    pub(crate) const LIMITS_REACHED: &str = "hothouse_limits_reached_total";
    pub(crate) const LIMITS_NEAR: &str = "hothouse_limits_near_total";
    pub(crate) const DOCUMENTS_REFUSED: &str = "hothouse_documents_refused_total";
    pub(crate) const FAILURES_DECLARED: &str = "hothouse_failures_declared_total";
    pub(crate) const WRITES_REFUSED: &str = "hothouse_writes_refused_total";
    pub(crate) const FRAMES_REFUSED: &str = "hothouse_frames_refused_total";
    pub(crate) const SOCKETS_REFUSED: &str = "hothouse_sockets_refused_total";
    pub(crate) const SESSIONS_REFUSED: &str = "hothouse_sessions_refused_total";
    pub(crate) const TASK_DURATION: &str = "hothouse_task_duration_seconds";
    pub(crate) const TASKS: &str = "hothouse_tasks";
    pub(crate) const INSTANCES: &str = "hothouse_instances";
    pub(crate) const MEMORY: &str = "hothouse_memory_bytes";
    pub(crate) const SOCKETS: &str = "hothouse_sockets";
}

/// Upper bounds in seconds: a quick event is near the lower end, a call that is killed beyond the middle.
const DURATION_BUCKETS: [f64; 19] = [
    1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5,
    1.0,
];
/// Upper bounds in seconds, up to the limit of a task.
const TASK_BUCKETS: [f64; 12] = [1e-3, 5e-3, 1e-2, 5e-2, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0];
/// Upper bounds in bytes, up to the limit of a full render.
const SIZE_BUCKETS: [f64; 9] =
    [16.0, 64.0, 256.0, 1_024.0, 4_096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0];

/// What a view does, step by step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Mount,
    HandleParams,
    Connected,
    HandleEvent,
    HandleInfo,
    HandleTask,
    ComponentsRemoved,
    Commit,
    Render,
    Diff,
    Terminate,
}

/// What was rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The HTML of a first page.
    Page,
    /// The tree of a join, or one that replaces a page.
    Full,
    /// What changed.
    Diff,
}

/// A value of a label.
type Text = Cow<'static, str>;
type Labels<const N: usize> = [(&'static str, Text); N];
type Histograms<const N: usize> = Family<Labels<N>, Histogram, fn() -> Histogram>;

/// All metrics of one server.
pub(crate) struct Metrics {
    registry: Registry,
    steps: Histograms<3>,
    rendered: Histograms<3>,
    task_durations: Histograms<3>,
    tasks: Family<Labels<2>, Gauge>,
    joins: Family<Labels<3>, Counter>,
    rejoins: Family<Labels<2>, Counter>,
    crashes: Family<Labels<3>, Counter>,
    limits: Family<Labels<3>, Counter>,
    limits_near: Family<Labels<3>, Counter>,
    documents_refused: Family<Labels<3>, Counter>,
    failures: Family<Labels<3>, Counter>,
    writes_refused: Family<Labels<3>, Counter>,
    frames_refused: Family<Labels<2>, Counter>,
    sockets_refused: Family<Labels<2>, Counter>,
    sessions_refused: Family<Labels<2>, Counter>,
    instances: Family<Labels<2>, Gauge>,
    memory: Family<Labels<1>, Gauge>,
    sockets: Family<Labels<1>, Gauge>,
}

/// What concerns no single view.
pub(crate) struct TenantMetrics {
    metrics: Arc<Metrics>,
    tenant: Text,
    pub(crate) sockets: Gauge,
}

/// What concerns one loaded view.
pub(crate) struct ViewMetrics {
    metrics: Arc<Metrics>,
    tenant: Text,
    view: Text,
    steps: [Histogram; 11],
    rendered: [Histogram; 3],
    pub(crate) rejoins: Counter,
    pub(crate) instances: Gauge,
    pub(crate) tasks: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::default();
        let durations: fn() -> Histogram = || Histogram::new(DURATION_BUCKETS);
        let sizes: fn() -> Histogram = || Histogram::new(SIZE_BUCKETS);
        let registry = &mut registry;
        Self {
            steps: register(
                registry,
                names::STEP_DURATION,
                "Time on the clock that each step of a view took",
                Family::new_with_constructor(durations),
            ),
            rendered: register(
                registry,
                names::RENDERED_BYTES,
                "Bytes of what views rendered, as it is sent",
                Family::new_with_constructor(sizes),
            ),
            task_durations: register(
                registry,
                names::TASK_DURATION,
                "Time on the clock that tasks took, by how they ended",
                Family::new_with_constructor(|| Histogram::new(TASK_BUCKETS)),
            ),
            tasks: register(registry, names::TASKS, "Tasks that run or wait now", Family::default()),
            joins: counters(registry, names::JOINS, "Joins by how they were answered"),
            rejoins: counters(registry, names::REJOINS, "Joins of pages that had been joined before"),
            crashes: counters(registry, names::CRASHES, "Views that ended because they broke"),
            limits: counters(registry, names::LIMITS_REACHED, "Limits that were reached"),
            limits_near: counters(
                registry,
                names::LIMITS_NEAR,
                "Limits of which four fifths were used, once for each instance",
            ),
            documents_refused: counters(
                registry,
                names::DOCUMENTS_REFUSED,
                "Documents and effects that were refused; the view lives on",
            ),
            failures: counters(
                registry,
                names::FAILURES_DECLARED,
                "Failures that views declared; the view lives on",
            ),
            writes_refused: counters(
                registry,
                names::WRITES_REFUSED,
                "Writes of callbacks that were not committed; the view lives on",
            ),
            frames_refused: counters(
                registry,
                names::FRAMES_REFUSED,
                "Frames that were refused, and their sockets closed",
            ),
            sockets_refused: counters(registry, names::SOCKETS_REFUSED, "Handshakes that were refused"),
            sessions_refused: counters(
                registry,
                names::SESSIONS_REFUSED,
                "Forms for the session that were refused",
            ),
            instances: register(
                registry,
                names::INSTANCES,
                "Instances that there are now",
                Family::default(),
            ),
            memory: register(
                registry,
                names::MEMORY,
                "Linear memory that the views have together",
                Family::default(),
            ),
            sockets: register(registry, names::SOCKETS, "Sockets that are open now", Family::default()),
            registry: std::mem::take(registry),
        }
    }

    /// The metrics of a tenant.
    pub(crate) fn tenant(self: &Arc<Self>, tenant: &str) -> TenantMetrics {
        let tenant = owned(tenant);
        let sockets = self.sockets.get_or_create_owned(&[("tenant", tenant.clone())]);
        TenantMetrics { metrics: self.clone(), tenant, sockets }
    }

    /// The metrics of a view. Its series begin here, at zero: all that may come are known but for the rare ones.
    pub(crate) fn view(self: &Arc<Self>, tenant: &str, view: &str, crashes: &[&'static str]) -> ViewMetrics {
        let (tenant, view) = (owned(tenant), owned(view));
        let two = || [("tenant", tenant.clone()), ("view", view.clone())];
        let three = |name, code| labels(&tenant, &view, name, code);
        for cause in crashes {
            let _ = self.crashes.get_or_create_owned(&three("cause", cause));
        }
        let _ = self.joins.get_or_create_owned(&three("outcome", "ok"));
        let step = |name| self.steps.get_or_create_owned(&three("step", name));
        let kind = |name| self.rendered.get_or_create_owned(&three("kind", name));
        ViewMetrics {
            metrics: self.clone(),
            steps: [
                "mount",
                "handle-params",
                "connected",
                "handle-event",
                "handle-info",
                "handle-task",
                "components-removed",
                "commit",
                "render",
                "diff",
                "terminate",
            ]
            .map(step),
            rendered: ["page", "full", "diff"].map(kind),
            rejoins: self.rejoins.get_or_create_owned(&two()),
            instances: self.instances.get_or_create_owned(&two()),
            tasks: self.tasks.get_or_create_owned(&two()),
            tenant,
            view,
        }
    }

    /// Sets what a tenant's views have together: read when it is asked for.
    pub(crate) fn set_memory(&self, tenant: &str, bytes: usize) {
        let gauge = self.memory.get_or_create_owned(&[("tenant", owned(tenant))]);
        gauge.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    /// All metrics in the text format of Prometheus, version 0.0.4.
    ///
    /// # Errors
    /// Never in practice: writing into a string does not fail.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut open_metrics = String::new();
        prometheus_client::encoding::text::encode_registry(&mut open_metrics, &self.registry)?;
        prometheus_text(&open_metrics)
    }
}

impl TenantMetrics {
    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    pub(crate) fn frame_refused(&self, reason: &'static str) {
        count(&self.metrics.frames_refused, &self.labels("reason", reason));
    }

    pub(crate) fn socket_refused(&self, reason: &'static str) {
        count(&self.metrics.sockets_refused, &self.labels("reason", reason));
    }

    pub(crate) fn session_refused(&self, reason: &'static str) {
        count(&self.metrics.sessions_refused, &self.labels("reason", reason));
    }

    /// A join that was refused before its view was known.
    pub(crate) fn join_refused(&self, outcome: &'static str) {
        count(&self.metrics.joins, &labels(&self.tenant, &Cow::Borrowed(""), "outcome", outcome));
    }

    /// A limit that is of no view.
    pub(crate) fn limit_reached(&self, limit: &'static str) {
        count(&self.metrics.limits, &labels(&self.tenant, &Cow::Borrowed(""), "limit", limit));
    }

    /// A limit of no view of which four fifths are used.
    pub(crate) fn near_limit(&self, limit: &'static str) {
        count(&self.metrics.limits_near, &labels(&self.tenant, &Cow::Borrowed(""), "limit", limit));
    }

    fn labels(&self, name: &'static str, code: &'static str) -> Labels<2> {
        [("tenant", self.tenant.clone()), (name, Cow::Borrowed(code))]
    }
}

impl ViewMetrics {
    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    pub(crate) fn view(&self) -> &str {
        &self.view
    }

    pub(crate) fn step(&self, step: Step, took: Duration) {
        let [
            mount,
            handle_params,
            connected,
            handle_event,
            handle_info,
            handle_task,
            components_removed,
            commit,
            render,
            diff,
            terminate,
        ] = &self.steps;
        let histogram = match step {
            Step::Mount => mount,
            Step::HandleParams => handle_params,
            Step::Connected => connected,
            Step::HandleEvent => handle_event,
            Step::HandleInfo => handle_info,
            Step::HandleTask => handle_task,
            Step::ComponentsRemoved => components_removed,
            Step::Commit => commit,
            Step::Render => render,
            Step::Diff => diff,
            Step::Terminate => terminate,
        };
        histogram.observe(took.as_secs_f64());
    }

    pub(crate) fn rendered(&self, kind: Kind, bytes: usize) {
        let [page, full, diff] = &self.rendered;
        let histogram = match kind {
            Kind::Page => page,
            Kind::Full => full,
            Kind::Diff => diff,
        };
        // No document is as large as what this cannot hold.
        histogram.observe(f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)));
    }

    /// A task has ended.
    pub(crate) fn task(&self, outcome: &'static str, took: Duration) {
        let labels = self.labels("outcome", outcome);
        self.metrics.task_durations.get_or_create(&labels).observe(took.as_secs_f64());
    }

    pub(crate) fn joined(&self, outcome: &'static str) {
        count(&self.metrics.joins, &self.labels("outcome", outcome));
    }

    pub(crate) fn crashed(&self, cause: &'static str) {
        count(&self.metrics.crashes, &self.labels("cause", cause));
    }

    pub(crate) fn limit_reached(&self, limit: &'static str) {
        count(&self.metrics.limits, &self.labels("limit", limit));
    }

    pub(crate) fn near_limit(&self, limit: &'static str) {
        count(&self.metrics.limits_near, &self.labels("limit", limit));
    }

    pub(crate) fn document_refused(&self, fault: &'static str) {
        count(&self.metrics.documents_refused, &self.labels("fault", fault));
    }

    pub(crate) fn failure_declared(&self, kind: &'static str) {
        count(&self.metrics.failures, &self.labels("kind", kind));
    }

    pub(crate) fn not_committed(&self, code: &'static str) {
        count(&self.metrics.writes_refused, &self.labels("code", code));
    }

    fn labels(&self, name: &'static str, code: &'static str) -> Labels<3> {
        labels(&self.tenant, &self.view, name, code)
    }
}

fn owned(text: &str) -> Text {
    Cow::Owned(text.to_owned())
}

fn labels(tenant: &Text, view: &Text, name: &'static str, code: &'static str) -> Labels<3> {
    [("tenant", tenant.clone()), ("view", view.clone()), (name, Cow::Borrowed(code))]
}

fn count<const N: usize>(counters: &Family<Labels<N>, Counter>, labels: &Labels<N>)
where
    Labels<N>: EncodeLabelSet,
{
    counters.get_or_create(labels).inc();
}

fn counters<const N: usize>(
    registry: &mut Registry,
    name: &'static str,
    help: &'static str,
) -> Family<Labels<N>, Counter>
where
    Labels<N>: EncodeLabelSet,
{
    register(registry, name, help, Family::default())
}

/// The library appends the ending of counters itself.
fn register<M: Metric + Clone>(
    registry: &mut Registry,
    name: &'static str,
    help: &'static str,
    metric: M,
) -> M {
    registry.register(name.strip_suffix("_total").unwrap_or(name), help, metric.clone());
    metric
}

/// The library writes OpenMetrics, in which a counter's family is named without the ending of its samples. The older
/// format names both alike, and everything that scrapes reads it.
fn prometheus_text(open_metrics: &str) -> Result<String, fmt::Error> {
    let mut out = String::with_capacity(open_metrics.len());
    let mut lines = open_metrics.lines();
    while let Some(line) = lines.next() {
        let Some((name, help)) = line.strip_prefix("# HELP ").and_then(|rest| rest.split_once(' ')) else {
            writeln!(out, "{line}")?;
            continue;
        };
        let kind = lines.next().and_then(|line| line.rsplit(' ').next()).unwrap_or("untyped");
        let ending = if kind == "counter" { "_total" } else { "" };
        writeln!(out, "# HELP {name}{ending} {help}\n# TYPE {name}{ending} {kind}")?;
    }
    Ok(out)
}
