//! What a store carries besides the guest: who it is, what it may have, and the call that is going on.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hothouse_services::kv::Transaction;
use rustix::time::{ClockId, clock_gettime};
use tracing::Span;
use wasmtime::ResourceLimiter;

use crate::contract::types::{Connection, Context, Phase};
use crate::error::{CallKind, EndCause};
use crate::grants::Granted;
use crate::instance::Killed;
use crate::limits::{CallBudget, Limits};
use crate::notice::{Bound, Notice, Notices, is_near};
use crate::profile::StoreBounds;
use crate::slow_lane::SlowCall;
use crate::task::Working;
use crate::tenant::Tenant;
use crate::wasi::{Output, Stream};
use crate::writes::Writes;

/// A store's data.
pub(crate) struct State {
    pub(crate) tenant: Tenant,
    pub(crate) view: Box<str>,
    /// The span in which the instance was made: what is logged about it belongs there. Not entered for each call.
    pub(crate) span: Span,
    pub(crate) memory: MemoryLimiter,
    pub(crate) log: LogAllowance,
    pub(crate) notices: Notices,
    /// What the component was given.
    pub(crate) grants: Arc<Granted>,
    /// What the session holds.
    pub(crate) session: Arc<[(String, String)]>,
    /// Who is at the other end.
    pub(crate) connection: Arc<Connection>,
    /// What the guest has told of its page; none where there is no page to be made.
    pub(crate) metadata: Option<Vec<(String, String)>>,
    /// What the call has written to the key-value store; there once it was asked for something.
    pub(crate) writes: Option<Box<Transaction>>,
    /// What was written to standard output and has no end yet; there once something was.
    output: Option<Box<Output>>,
    /// The call that is going on, or the last one.
    pub(crate) call: Call,
    /// What a task has beside; none in a view.
    pub(crate) working: Option<Box<Working>>,
}

/// For whom an instance is made: what of its context outlives the call.
#[derive(Clone)]
pub(crate) struct Visit {
    session: Arc<[(String, String)]>,
    connection: Arc<Connection>,
    phase: Phase,
}

impl Visit {
    pub(crate) fn of(context: &Context) -> Self {
        let Context { session, connection, phase, .. } = context;
        Self { session: session.clone(), connection: connection.clone(), phase: *phase }
    }
}

impl State {
    pub(crate) fn new(
        tenant: Tenant,
        view: &str,
        limits: &Limits,
        max_memory_bytes: usize,
        bounds: StoreBounds,
        grants: Arc<Granted>,
        visit: Visit,
    ) -> Self {
        Self {
            memory: MemoryLimiter::new(tenant.clone(), max_memory_bytes, bounds),
            tenant,
            view: view.into(),
            span: Span::current(),
            notices: Notices::default(),
            log: LogAllowance {
                max_lines: limits.max_log_lines_per_second,
                max_line_bytes: limits.max_log_line_bytes,
                second: 0,
                lines: 0,
            },
            grants,
            session: visit.session,
            connection: visit.connection,
            metadata: (visit.phase == Phase::Dead).then(Vec::new),
            writes: None,
            output: None,
            call: Call::new(CallKind::Mount, limits.mount),
            working: None,
        }
    }

    /// What the call has written and nobody has committed.
    pub(crate) fn take_writes(&mut self) -> Option<Writes> {
        let transaction = self.writes.take()?;
        let store = self.grants.kv.as_ref().filter(|_| !transaction.is_empty())?;
        Some(Writes::new(store.clone(), *transaction))
    }

    /// A setting by its name.
    pub(crate) fn setting(&self, name: &str) -> Option<String> {
        self.grants.config.get(name).cloned()
    }

    /// All settings.
    pub(crate) fn settings(&self) -> impl Iterator<Item = (String, String)> {
        self.grants.config.iter().map(|(name, value)| (name.clone(), value.clone()))
    }

    /// Takes what was written to a standard stream; whole lines are logged.
    pub(crate) fn write(&mut self, stream: Stream, bytes: &[u8]) {
        let mut output = self.output.take().unwrap_or_default();
        output.write(stream, bytes, self.log.max_line_bytes, |line| self.log_output(stream, line));
        self.output = Some(output);
    }

    /// Logs what was written and has no end yet.
    fn flush_output(&mut self) {
        if let Some(mut output) = self.output.take() {
            output.flush(|stream, line| self.log_output(stream, line));
            self.output = Some(output);
        }
    }

    fn log_output(&mut self, stream: Stream, line: &str) {
        if self.may_log() {
            let (tenant, view, call) = (self.tenant.name(), &*self.view, self.call.kind);
            tracing::info!(target: "guest", parent: &self.span, tenant, view, %call, %stream, "{line}");
        }
    }

    /// Whether the guest may log one more line; notices once in a second that it may not.
    pub(crate) fn may_log(&mut self) -> bool {
        let now_ms = self.call.now_ms();
        let (call, limit) = (self.call.kind, self.log.max_lines);
        match self.log.ask(now_ms) {
            LogVerdict::Write => {
                self.notices.used(Bound::LogLines, call, self.log.lines.into(), limit.into());
                true
            }
            LogVerdict::Dropped => false,
            LogVerdict::FirstDropped => {
                self.notices.push(Notice::LinesDropped { call, limit });
                false
            }
        }
    }

    /// At the end of a call: what it logged without an end, and memory that comes near to its limits.
    pub(crate) fn conclude(&mut self) {
        self.flush_output();
        let call = self.call.kind;
        if let Some(used) = self.memory.near_bytes.take() {
            self.notices.used(Bound::Memory, call, used as u64, self.memory.max_bytes as u64);
        }
        if let Some((used, limit)) = self.memory.near_total.take() {
            self.notices.used(Bound::TotalMemory, call, used as u64, limit as u64);
        }
    }
}

/// How long a call runs at most before it is looked at for the first time. What it waited beyond that, it waited for
/// a processor.
const MAX_UNSEEN: Duration = Duration::from_millis(2);

/// One call: its budget and what it has used.
pub(crate) struct Call {
    pub(crate) kind: CallKind,
    pub(crate) budget: CallBudget,
    pub(crate) began: Instant,
    /// Epoch ticks that the callback has seen.
    pub(crate) ticks: u32,
    /// The thread's CPU time when the call began, as far as the first tick could tell.
    cpu_before: Duration,
    /// What the clock shows to the guest, frozen at its first look.
    now_ms: Option<f64>,
    /// When the guest went on: at its beginning, or after it last waited.
    went_on: Instant,
    /// Held from the moment that the call is known to be slow.
    pub(crate) slow: Option<SlowCall>,
    pub(crate) warned: bool,
}

impl Call {
    pub(crate) fn new(kind: CallKind, budget: CallBudget) -> Self {
        let began = Instant::now();
        Self {
            kind,
            budget,
            began,
            ticks: 0,
            cpu_before: Duration::ZERO,
            now_ms: None,
            went_on: began,
            slow: None,
            warned: false,
        }
    }

    /// Whether a call that has used so much CPU time may go on; if not, what it is killed with.
    pub(crate) fn check(&self, used: Duration) -> Result<(), Killed> {
        let (call, elapsed, budget) = (self.kind, self.began.elapsed(), self.budget);
        if used > budget.max_cpu {
            return Err(Killed(EndCause::CpuLimit { call, used, limit: budget.max_cpu }));
        }
        if elapsed > budget.max_wall {
            return Err(Killed(EndCause::WallLimit { call, used: elapsed, limit: budget.max_wall }));
        }
        Ok(())
    }

    /// CPU time of the call as of this tick. The thread's clock is not read in quick calls: what came before the first
    /// tick is the time on the wall, as far as a call can have run before it was looked at.
    pub(crate) fn cpu_at_tick(&mut self) -> Duration {
        let thread = thread_cpu_time();
        if self.ticks == 1 {
            self.cpu_before = thread.saturating_sub(self.began.elapsed().min(MAX_UNSEEN));
        }
        thread.saturating_sub(self.cpu_before)
    }

    /// Ends the call and gives up its place in the slow lane.
    pub(crate) fn finish(&mut self) -> Finished {
        self.slow = None;
        let took = self.began.elapsed();
        if self.ticks == 0 {
            return Finished { took, used: took, slow: false };
        }
        Finished { took, used: thread_cpu_time().saturating_sub(self.cpu_before), slow: true }
    }

    /// Milliseconds on a clock that never goes back; whole, never 0 (Go takes that for a broken clock), and the same
    /// throughout a callback; in a task from one wait to the next.
    pub(crate) fn monotonic_ms(&self) -> u64 {
        monotonic_ms(self.went_on)
    }

    /// The same when the call began.
    pub(crate) fn began_ms(&self) -> u64 {
        monotonic_ms(self.began)
    }

    /// The guest has waited: its clocks may have gone on.
    pub(crate) fn goes_on(&mut self) {
        self.now_ms = None;
        self.went_on = Instant::now();
    }

    /// Milliseconds since 1970, whole, and the same throughout a callback: no stopwatch for guests.
    pub(crate) fn now_ms(&mut self) -> f64 {
        *self.now_ms.get_or_insert_with(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            (since.as_secs_f64() * 1_000.0).floor()
        })
    }
}

fn monotonic_ms(when: Instant) -> u64 {
    static EPOCH: OnceLock<Instant> = OnceLock::new();
    let since = when.saturating_duration_since(*EPOCH.get_or_init(Instant::now));
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX).saturating_add(1)
}

/// What a call has cost.
pub(crate) struct Finished {
    /// Time on the clock, without waiting for a place in the slow lane.
    pub(crate) took: Duration,
    /// CPU time; time on the clock if it was quick.
    pub(crate) used: Duration,
    pub(crate) slow: bool,
}

/// CPU time of the thread that asks.
pub(crate) fn thread_cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Bounds on memories and tables; remembers what it refused, so that the guest's end can be explained. What it gives is
/// on the tenant's account until it is dropped.
pub(crate) struct MemoryLimiter {
    tenant: Tenant,
    max_bytes: usize,
    bounds: StoreBounds,
    /// What is on the tenant's account. A growth that the system then did not give stays there: that is rare, and only
    /// ever too much.
    taken_bytes: usize,
    pub(crate) refused: Option<RefusedMemory>,
    /// A size near to the view's limit.
    near_bytes: Option<usize>,
    /// A total near to the tenant's limit, and the limit.
    near_total: Option<(usize, usize)>,
}

/// Memory that was not given.
#[derive(Clone, Copy)]
pub(crate) struct RefusedMemory {
    pub(crate) wanted: usize,
    pub(crate) limit: usize,
    /// Whether it was the tenant's limit, not the view's own.
    pub(crate) is_total: bool,
}

impl MemoryLimiter {
    fn new(tenant: Tenant, max_bytes: usize, bounds: StoreBounds) -> Self {
        Self { tenant, max_bytes, bounds, taken_bytes: 0, refused: None, near_bytes: None, near_total: None }
    }

    fn refuse(&mut self, wanted: usize, limit: usize, is_total: bool) -> wasmtime::Result<bool> {
        self.refused = Some(RefusedMemory { wanted, limit, is_total });
        Ok(false)
    }
}

impl Drop for MemoryLimiter {
    fn drop(&mut self) {
        self.tenant.give_back_memory(self.taken_bytes);
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > self.max_bytes {
            return self.refuse(desired, self.max_bytes, false);
        }
        if maximum.is_some_and(|maximum| desired > maximum) {
            // Beyond what the component itself declares: it would not be given, and is nobody's limit.
            return Ok(false);
        }
        let more = desired.saturating_sub(current);
        let limit = self.tenant.max_memory_bytes();
        let (is_taken, near) = self.tenant.take_memory(more);
        if !is_taken {
            return self.refuse(desired, limit, true);
        }
        self.taken_bytes += more;
        self.near_total = near.map(|total| (total, limit)).or(self.near_total);
        if is_near(desired as u64, self.max_bytes as u64) {
            self.near_bytes = Some(desired);
        }
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= self.bounds.table_elements)
    }

    fn instances(&self) -> usize {
        self.bounds.core_instances
    }

    fn tables(&self) -> usize {
        self.bounds.tables
    }

    fn memories(&self) -> usize {
        self.bounds.memories
    }
}

/// How much a view may still log in this second.
pub(crate) struct LogAllowance {
    max_lines: u32,
    pub(crate) max_line_bytes: usize,
    second: u64,
    lines: u32,
}

/// Whether a line is logged.
enum LogVerdict {
    Write,
    /// Dropped, and the first to be: say so once.
    FirstDropped,
    Dropped,
}

impl LogAllowance {
    /// Asks for one line at a time given in milliseconds.
    fn ask(&mut self, now_ms: f64) -> LogVerdict {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds since 1970 fit")]
        let second = (now_ms / 1_000.0) as u64;
        if second != self.second {
            self.second = second;
            self.lines = 0;
        }
        self.lines = self.lines.saturating_add(1);
        match self.lines.cmp(&(self.max_lines + 1)) {
            std::cmp::Ordering::Less => LogVerdict::Write,
            std::cmp::Ordering::Equal => LogVerdict::FirstDropped,
            std::cmp::Ordering::Greater => LogVerdict::Dropped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LogAllowance, LogVerdict};

    #[test]
    fn a_view_logs_its_lines_and_then_one_word_about_the_rest_each_second() {
        let mut log = LogAllowance { max_lines: 2, max_line_bytes: 10, second: 0, lines: 0 };
        let mut ask = |now_ms| match log.ask(now_ms) {
            LogVerdict::Write => 'w',
            LogVerdict::FirstDropped => 'f',
            LogVerdict::Dropped => 'd',
        };
        let first: String = (0..5).map(|_| ask(1_000.0)).collect();
        assert_eq!(first, "wwfdd");
        assert_eq!(ask(2_000.0), 'w');
    }
}
