//! Limits by name: what a view gets, what its manifest may ask for, and what the host allows at most.
//!
//! Three values decide: the default, which is for untrusted tenants; what the manifest asks for, for the whole app or
//! for one component; and the host's ceiling, which neither may exceed. Whoever asks for more is refused, with both
//! values.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::time::Duration;

use hothouse_runtime::{CallBudget, Compiler};

/// Values by the names of limits, as a manifest or the host's file writes them.
pub type Asked = BTreeMap<String, u64>;

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $key:ident = $name:literal, $unit:literal, $default:expr, $ceiling:expr;)*) => {
        /// One limit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Limit {
            $($(#[doc = $doc])+ $key,)*
        }

        impl Limit {
            /// Every limit.
            pub const ALL: &[Self] = &[$(Self::$key,)*];

            /// Its name in a manifest and in messages.
            pub fn name(self) -> &'static str {
                match self { $(Self::$key => $name,)* }
            }

            /// What its value counts.
            pub fn unit(self) -> &'static str {
                match self { $(Self::$key => $unit,)* }
            }

            /// What holds when nobody asks; `None`: the component's profile decides.
            pub fn default(self) -> Option<u64> {
                match self { $(Self::$key => $default,)* }
            }

            /// What may be asked for at most, unless the host's file says otherwise.
            pub fn default_ceiling(self) -> u64 {
                match self { $(Self::$key => $ceiling,)* }
            }
        }
    };
}

limits! {
    /// CPU time of `handle-event`, `handle-params`, `connected` and `terminate`, each.
    EventCpu = "event_cpu_ms", "ms", Some(250), 250;
    /// Time on the wall of the same.
    EventWall = "event_wall_ms", "ms", Some(2_000), 2_000;
    /// CPU time of instantiation with `mount`.
    MountCpu = "mount_cpu_ms", "ms", Some(1_000), 1_000;
    /// Time on the wall of the same.
    MountWall = "mount_wall_ms", "ms", Some(5_000), 5_000;
    /// CPU time of `render`.
    RenderCpu = "render_cpu_ms", "ms", Some(250), 250;
    /// Time on the wall of the same.
    RenderWall = "render_wall_ms", "ms", Some(2_000), 2_000;
    /// CPU time of a task, with its instantiation.
    TaskCpu = "task_cpu_ms", "ms", Some(5_000), 5_000;
    /// Time on the wall of the same, with all that it waits for.
    TaskWall = "task_wall_ms", "ms", Some(60_000), 60_000;
    /// Linear memory of one view. By default 4 MiB in the compact profile and 64 MiB in the roomy one.
    Memory = "memory_bytes", "bytes", None, 64 * 1024 * 1024;
    /// What one call may copy between guest and host, in host memory.
    Copy = "copy_bytes", "bytes", Some(2 * 1024 * 1024), 2 * 1024 * 1024;
    /// Effects of one callback.
    Effects = "effects", "effects", Some(256), 256;
    /// Bytes of one diff.
    Diff = "diff_bytes", "bytes", Some(256 * 1024), 256 * 1024;
    /// Bytes of one full render.
    Full = "full_bytes", "bytes", Some(1024 * 1024), 1024 * 1024;
    /// Nodes, lists, rows, live components and operations of streams of one document, together.
    Nodes = "nodes", "nodes", Some(20_000), 20_000;
    /// Nesting of nodes and lists.
    Depth = "depth", "levels", Some(64), 64;
    /// Live components of one page. As many again may wait for the browser's word that they are gone.
    Components = "components", "components", Some(1_000), 1_000;
    /// Lines of a view's log in a second.
    LogLines = "log_lines_per_second", "lines", Some(64), 64;
    /// Bytes of one of them that are kept.
    LogLine = "log_line_bytes", "bytes", Some(4 * 1024), 4 * 1024;
    /// Events of one socket in a second; twice as many at once. Beyond it the socket is read more slowly.
    Events = "events_per_second", "events", Some(50), 1_000_000;
    /// Joins of one socket in a minute. Beyond it joins are refused. A page that a link leads to another view counts as a page.
    Joins = "joins_per_minute", "joins", Some(30), 1_000_000;
    /// Views that one socket has joined.
    Views = "views_per_socket", "views", Some(100), 100;
    /// Instances of the app's views: joined ones, and pages in the making. Beyond it joins are refused, and pages with 503.
    Instances = "instances", "instances", Some(20_000), 1_000_000;
    /// Tasks of the app's views that run or wait. Beyond it a task ends with the failure `limit`.
    Tasks = "tasks", "tasks", Some(1_000), 100_000;
    /// Requests of the app's tasks to other servers at once. Beyond it they wait for their time, and are then refused.
    HttpRequests = "http_requests", "requests", Some(64), 10_000;
    /// Linear memory of the app's views together. Beyond it no view is given more, and none is made.
    TotalMemory = "total_memory_bytes", "bytes", Some(4 * 1024 * 1024 * 1024), 1024 * 1024 * 1024 * 1024;
    /// Keys and values of the app's store together, each key with 64 bytes beside its own. Beyond it nothing is written that makes the store larger.
    Storage = "storage_mib", "MiB", Some(64), 1024;
    /// Open sockets of the app. Beyond it handshakes are refused with 503.
    Sockets = "sockets", "sockets", Some(20_000), 1_000_000;
    /// Age of a page, after which it can no longer be joined and is loaded anew.
    PageAge = "page_age_s", "s", Some(1_209_600), 1_209_600;
    /// Time for compiling one component.
    Compile = "compile_ms", "ms", Some(60_000), 60_000;
    /// Memory of the process that compiles it.
    CompileMemory = "compile_memory_bytes", "bytes", Some(2 * 1024 * 1024 * 1024), 2 * 1024 * 1024 * 1024;
    /// Silence of a client, which sends something each 30 s. Beyond it its socket is closed.
    Silence = "silence_ms", "ms", Some(60_000), 3_600_000;
    /// Pages for one address in a second; four times as many at once. Beyond it pages are refused with 429.
    Pages = "pages_per_second", "pages", Some(25), 1_000_000;
}

/// What the host allows at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceilings(BTreeMap<Limit, u64>);

/// The values that hold for one component of an app, or for the app's sockets and pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective(BTreeMap<Limit, u64>);

/// Why limits cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LimitsError {
    /// The host's file could not be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: std::path::PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not a table of names and whole numbers.
    #[error("{}: {message}", path.display())]
    Syntax {
        /// The file.
        path: std::path::PathBuf,
        /// What the parser said.
        message: String,
    },
    /// Names that are none, or values that cannot be.
    #[error("{}", .0.join("; "))]
    Invalid(Vec<String>),
}

impl Default for Ceilings {
    fn default() -> Self {
        Self(Limit::ALL.iter().map(|limit| (*limit, limit.default_ceiling())).collect())
    }
}

/// Longest file of ceilings, in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024;

impl Ceilings {
    /// Reads the host's file: names and values, and nothing else. What it does not name keeps its default ceiling.
    ///
    /// # Errors
    /// [`LimitsError`], naming every problem.
    pub fn read(path: &Path) -> Result<Self, LimitsError> {
        let read = |source| LimitsError::Read { path: path.to_owned(), source };
        let syntax = |message: String| LimitsError::Syntax { path: path.to_owned(), message };
        let bytes = std::fs::metadata(path).map_err(read)?.len();
        if bytes > MAX_FILE_BYTES {
            return Err(syntax(format!("{bytes} bytes, the limit is {MAX_FILE_BYTES}")));
        }
        let text = std::fs::read_to_string(path).map_err(read)?;
        let asked: Asked = toml::from_str(&text).map_err(|error| syntax(error.to_string()))?;
        Self::new(&asked)
    }

    /// The default ceilings with these in their place.
    ///
    /// # Errors
    /// [`LimitsError::Invalid`].
    pub fn new(asked: &Asked) -> Result<Self, LimitsError> {
        let mut problems = Vec::new();
        let mut ceilings = Self::default();
        ceilings.0.extend(named(asked, "", &mut problems));
        if problems.is_empty() { Ok(ceilings) } else { Err(LimitsError::Invalid(problems)) }
    }

    /// What holds when `asked` is asked for, later ones taking the place of earlier ones. `place` begins the messages.
    ///
    /// # Errors
    /// [`LimitsError::Invalid`], naming every name that is none and every value beyond its ceiling.
    pub fn apply(&self, asked: &[(&str, &Asked)]) -> Result<Effective, LimitsError> {
        let mut problems = Vec::new();
        let mut effective = BTreeMap::new();
        for limit in Limit::ALL {
            if let Some(default) = limit.default() {
                effective.insert(*limit, default.min(self.of(*limit)));
            }
        }
        for (place, asked) in asked {
            for (limit, value) in named(asked, place, &mut problems) {
                let ceiling = self.of(limit);
                if value > ceiling {
                    problems.push(format!(
                        "`{place}{}` asks for {value} {}, this host allows {ceiling}: ask for less, or raise the host's ceiling",
                        limit.name(),
                        limit.unit()
                    ));
                }
                effective.insert(limit, value);
            }
        }
        if problems.is_empty() { Ok(Effective(effective)) } else { Err(LimitsError::Invalid(problems)) }
    }

    fn of(&self, limit: Limit) -> u64 {
        self.0.get(&limit).copied().unwrap_or_else(|| limit.default_ceiling())
    }
}

/// The limits that a table names; what is no limit becomes a problem.
fn named(asked: &Asked, place: &str, problems: &mut Vec<String>) -> Vec<(Limit, u64)> {
    let mut found = Vec::new();
    for (name, value) in asked {
        match Limit::ALL.iter().find(|limit| limit.name() == name) {
            Some(_) if *value == 0 => {
                problems.push(format!("`{place}{name}` is 0: a limit is at least 1"));
            }
            Some(limit) => found.push((*limit, *value)),
            None => {
                let known = Limit::ALL.iter().map(|limit| limit.name());
                problems.push(format!(
                    "unknown limit `{place}{name}`{}",
                    crate::manifest::suggestion(name, known)
                ));
            }
        }
    }
    found
}

impl Effective {
    /// A limit's value; 0 for one that the profile decides and nobody asked for.
    pub fn get(&self, limit: Limit) -> u64 {
        self.0.get(&limit).copied().or(limit.default()).unwrap_or(0)
    }

    pub(crate) fn size(&self, limit: Limit) -> usize {
        usize::try_from(self.get(limit)).unwrap_or(usize::MAX)
    }

    /// For the runtime.
    pub(crate) fn runtime(&self) -> hothouse_runtime::Limits {
        let budget = |cpu, wall| {
            let max_cpu = Duration::from_millis(self.get(cpu));
            CallBudget { warn_cpu: max_cpu / 5, max_cpu, max_wall: Duration::from_millis(self.get(wall)) }
        };
        hothouse_runtime::Limits {
            event: budget(Limit::EventCpu, Limit::EventWall),
            mount: budget(Limit::MountCpu, Limit::MountWall),
            render: budget(Limit::RenderCpu, Limit::RenderWall),
            task: budget(Limit::TaskCpu, Limit::TaskWall),
            max_memory_bytes: self.0.get(&Limit::Memory).map(|_| self.size(Limit::Memory)),
            max_copy_bytes: self.size(Limit::Copy),
            max_effects: self.size(Limit::Effects),
            max_log_lines_per_second: u32::try_from(self.get(Limit::LogLines)).unwrap_or(u32::MAX),
            max_log_line_bytes: self.size(Limit::LogLine),
        }
    }

    /// The same settings, with no more for compiling than is allowed.
    pub(crate) fn within(&self, mut settings: hothouse_runtime::Settings) -> hothouse_runtime::Settings {
        if let Compiler::Child { limits, .. } = &mut settings.compiler {
            limits.max_time = limits.max_time.min(Duration::from_millis(self.get(Limit::Compile)));
            limits.max_memory_bytes = limits.max_memory_bytes.min(self.get(Limit::CompileMemory));
        }
        settings
    }

    /// For documents and diffs.
    pub(crate) fn documents(&self) -> hothouse_diff::Limits {
        hothouse_diff::Limits {
            max_diff_bytes: self.size(Limit::Diff),
            max_full_bytes: self.size(Limit::Full),
            max_nodes: self.size(Limit::Nodes),
            max_depth: self.size(Limit::Depth),
            max_components: self.size(Limit::Components),
        }
    }
}

/// One limit a line: name, value, unit.
impl fmt::Display for Effective {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for limit in Limit::ALL {
            let name = limit.name();
            match self.0.get(limit) {
                Some(value) => writeln!(formatter, "  {name:<22} {value:>10} {}", limit.unit())?,
                None => writeln!(formatter, "  {name:<22} {:>10} (4 MiB compact, 64 MiB roomy)", "profile")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use hothouse_runtime::{Compiler, Settings};

    use super::{Asked, Ceilings, Limit};

    fn asked(values: &[(&str, u64)]) -> Asked {
        values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect()
    }

    #[test]
    fn a_manifest_may_ask_for_its_ceiling_and_not_beyond() {
        let ceilings = Ceilings::default();
        for limit in Limit::ALL {
            let ceiling = limit.default_ceiling();
            let at = ceilings.apply(&[("limits.", &asked(&[(limit.name(), ceiling)]))]).unwrap();
            assert_eq!(at.get(*limit), ceiling);
            let beyond = ceilings.apply(&[("limits.", &asked(&[(limit.name(), ceiling + 1)]))]).unwrap_err();
            let message = beyond.to_string();
            for part in [limit.name(), &ceiling.to_string(), &(ceiling + 1).to_string()] {
                assert!(message.contains(part), "{part} in {message}");
            }
        }
    }

    #[test]
    fn the_host_lowers_what_holds_by_default() {
        let ceilings = Ceilings::new(&asked(&[("event_cpu_ms", 100)])).unwrap();
        assert_eq!(ceilings.apply(&[]).unwrap().get(Limit::EventCpu), 100);
        assert!(ceilings.apply(&[("limits.", &asked(&[("event_cpu_ms", 101)]))]).is_err());
        let raised = Ceilings::new(&asked(&[("event_cpu_ms", 1_000)])).unwrap();
        assert_eq!(raised.apply(&[]).unwrap().get(Limit::EventCpu), 250, "only for those who ask");
        assert_eq!(
            raised.apply(&[("limits.", &asked(&[("event_cpu_ms", 900)]))]).unwrap().get(Limit::EventCpu),
            900
        );
    }

    #[test]
    fn a_component_asks_after_its_app() {
        let (app, component) = (asked(&[("nodes", 100), ("depth", 5)]), asked(&[("nodes", 200)]));
        let both =
            Ceilings::default().apply(&[("limits.", &app), ("components.a.limits.", &component)]).unwrap();
        assert_eq!((both.get(Limit::Nodes), both.get(Limit::Depth)), (200, 5));
    }

    #[test]
    fn what_is_no_limit_is_named_with_what_was_meant() {
        let error =
            Ceilings::default().apply(&[("limits.", &asked(&[("nodse", 1), ("depth", 0)]))]).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("unknown limit `limits.nodse`: did you mean `nodes`?"), "{message}");
        assert!(message.contains("`limits.depth` is 0"), "{message}");
    }

    #[test]
    fn the_reference_lists_every_limit_with_its_values() {
        let reference = include_str!("../../../docs/reference/limits.md");
        for limit in Limit::ALL {
            let default = limit.default().map_or_else(|| "profile".to_owned(), |value| value.to_string());
            let row = format!(
                "| `{}` | {} | {default} | {} | ",
                limit.name(),
                limit.unit(),
                limit.default_ceiling()
            );
            assert!(reference.contains(&row), "{row}");
        }
        assert_eq!(reference.matches("| `").count(), Limit::ALL.len());
    }

    #[test]
    fn every_value_reaches_what_it_limits() {
        let values: Asked =
            Limit::ALL.iter().zip(101..).map(|(limit, value)| (limit.name().to_owned(), value)).collect();
        let ceilings = Ceilings::new(&asked(&[
            ("depth", 1_000),
            ("views_per_socket", 1_000),
            ("log_lines_per_second", 1_000),
        ]))
        .unwrap();
        let effective = ceilings.apply(&[("", &values)]).unwrap();
        let of = |limit| usize::try_from(effective.get(limit)).unwrap();
        let (runtime, documents) = (effective.runtime(), effective.documents());
        assert_eq!(runtime.event.max_cpu.as_millis(), of(Limit::EventCpu) as u128);
        assert_eq!(runtime.event.max_wall.as_millis(), of(Limit::EventWall) as u128);
        assert_eq!(runtime.mount.max_cpu.as_millis(), of(Limit::MountCpu) as u128);
        assert_eq!(runtime.mount.max_wall.as_millis(), of(Limit::MountWall) as u128);
        assert_eq!(runtime.render.max_cpu.as_millis(), of(Limit::RenderCpu) as u128);
        assert_eq!(runtime.render.max_wall.as_millis(), of(Limit::RenderWall) as u128);
        assert_eq!(runtime.task.max_cpu.as_millis(), of(Limit::TaskCpu) as u128);
        assert_eq!(runtime.task.max_wall.as_millis(), of(Limit::TaskWall) as u128);
        assert_eq!(runtime.max_memory_bytes, Some(of(Limit::Memory)));
        assert_eq!((runtime.max_copy_bytes, runtime.max_effects), (of(Limit::Copy), of(Limit::Effects)));
        assert_eq!(runtime.max_log_lines_per_second as usize, of(Limit::LogLines));
        assert_eq!(runtime.max_log_line_bytes, of(Limit::LogLine));
        assert_eq!((documents.max_diff_bytes, documents.max_full_bytes), (of(Limit::Diff), of(Limit::Full)));
        let Compiler::Child { limits: compiling, .. } = effective.within(Settings::new("a")).compiler else {
            panic!("a child compiles")
        };
        assert_eq!(compiling.max_time.as_millis(), of(Limit::Compile) as u128);
        assert_eq!(compiling.max_memory_bytes, effective.get(Limit::CompileMemory));
        assert_eq!((documents.max_nodes, documents.max_depth), (of(Limit::Nodes), of(Limit::Depth)));
        assert_eq!(documents.max_components, of(Limit::Components));
    }
}
