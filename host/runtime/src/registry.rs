//! Components: bytes to something that instances are made of. Everything is resolved once, here.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use wasmtime::component::{HasSelf, InstancePre, Linker};

use crate::contract::bindings::LiveView;
use crate::contract::exports::{EXPORTS, Exports};
use crate::contract::{PACKAGE, PACKAGE_NAME};
use crate::engine::Shared;
use crate::error::{CallError, LoadError};
use crate::grants::{Granted, Grants};
use crate::instance::Instance;
use crate::limits::Limits;
use crate::profile::{Choice, Profile};
use crate::scan;
use crate::state::State;
use crate::task;
use crate::tenant::Tenant;
use crate::view::View;
use crate::wasi;
use crate::{Context, Effect, Phase};

/// A compiled component. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Component(Arc<Loaded>);

pub(crate) struct Loaded {
    pub(crate) shared: Arc<Shared>,
    pub(crate) name: String,
    pub(crate) pre: InstancePre<State>,
    /// The same for tasks, which may wait.
    pub(crate) task_pre: InstancePre<State>,
    pub(crate) exports: Exports,
    pub(crate) limits: Limits,
    pub(crate) grants: Arc<Granted>,
    pub(crate) report: Report,
    pub(crate) suspicion: Suspicion,
}

/// What is known of a component that was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Size of the file.
    pub bytes: usize,
    /// The interfaces that it imports, by name and version, and what it gets.
    pub imports: Vec<(String, Given)>,
    /// The interfaces that it exports, by name and version.
    pub exports: Vec<String>,
    /// How its instances are laid out, and why.
    pub choice: Choice,
    /// What an instance's memory may grow to.
    pub max_memory_bytes: usize,
}

impl Component {
    pub(crate) fn load(
        shared: Arc<Shared>,
        name: &str,
        bytes: &[u8],
        limits: Limits,
        grants: Grants,
    ) -> Result<Self, LoadError> {
        let component = name.to_owned();
        let scan =
            scan::scan(bytes).map_err(|cause| LoadError::Scan { component: component.clone(), cause })?;
        for import in &scan.imports {
            check_import(&component, import)?;
        }
        for export in &scan.exports {
            check_version(&component, export)?;
        }
        let choice = Profile::choose(&scan, limits.max_memory_bytes);
        let max_memory_bytes =
            limits.max_memory_bytes.unwrap_or_else(|| choice.profile.default_memory_bytes());
        let not_a_view = |reason: String| LoadError::NotAView { component: component.clone(), reason };
        if let Some(missing) = EXPORTS.iter().find(|export| !scan.exports.iter().any(|name| name == *export))
        {
            return Err(not_a_view(format!("it does not export `{missing}`")));
        }
        let engine = shared.engine(choice.profile);
        let compiled = match shared.artifacts.find(engine, bytes) {
            Some(compiled) => compiled,
            None => {
                scan::bodies(bytes)
                    .map_err(|cause| LoadError::Scan { component: component.clone(), cause })?;
                shared
                    .artifacts
                    .make(&shared.settings.compiler, engine, choice.profile, bytes)
                    .map_err(|cause| LoadError::Compile { component: component.clone(), cause })?
            }
        };
        let mismatch = |error: wasmtime::Error| not_a_view(format!("{error:#}"));
        let mut linker = Linker::new(engine);
        LiveView::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state).map_err(mismatch)?;
        if scan.imports.iter().any(|import| wasi::serves(import)) {
            wasi::add_to_linker(&mut linker, &compiled, &scan.imports).map_err(mismatch)?;
        }
        let pre = linker.instantiate_pre(&compiled).map_err(mismatch)?;
        task::add_to_linker(&mut linker, &scan.imports).map_err(mismatch)?;
        let task_pre = linker.instantiate_pre(&compiled).map_err(mismatch)?;
        let exports = Exports::find(&compiled).map_err(not_a_view)?;
        let (name, suspicion) = (component.clone(), Suspicion::default());
        let bytes = bytes.len();
        let imports = scan
            .imports
            .into_iter()
            .map(|import| {
                let given = given(&import, &grants);
                (import, given)
            })
            .collect();
        let report = Report { bytes, imports, exports: scan.exports, choice, max_memory_bytes };
        let grants = Arc::new(Granted::new(grants, shared.service_calls.clone()));
        let loaded =
            Arc::new(Loaded { shared, name, pre, task_pre, exports, limits, grants, report, suspicion });
        // Nobody's account: a component is tried out before it is anybody's.
        let nobody = Tenant::new("loading", 1, 1.0);
        match Instance::new(loaded.clone(), &nobody, &Context::new(Phase::Dead, "", "/")).try_out() {
            Ok(Ok(())) => Ok(Self(loaded)),
            Ok(Err(error)) => Err(mismatch(error)),
            Err(cause) => Err(LoadError::DoesNotStart { component, cause }),
        }
    }

    /// What was found when it was loaded.
    pub fn report(&self) -> &Report {
        &self.0.report
    }

    /// The component's name in its app.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Makes an instance and calls its `mount`. The effects are the caller's to carry out.
    ///
    /// Cancel-safety: a call that has begun runs to its end; before that, dropping the future leaves no trace.
    ///
    /// A mount that fails leaves no [`View::notices`] to be asked: its error is what there is to tell.
    ///
    /// # Errors
    /// [`CallError::Refused`] when the guest declared a failure, [`CallError::Ended`] when it broke. There is no view
    /// after either.
    pub async fn mount(&self, tenant: &Tenant, context: Context) -> Result<(View, Vec<Effect>), CallError> {
        View::mount(self.0.clone(), tenant, context).await
    }

    /// Makes an instance from a snapshot of another one of this component, by its `restore`. The effects are the caller's
    /// to carry out. Whoever cannot restore mounts.
    ///
    /// # Errors
    /// [`CallError`]: refused when the snapshot is longer than [`MAX_SNAPSHOT_BYTES`](crate::MAX_SNAPSHOT_BYTES), or by the
    /// guest, as one of another version.
    ///
    /// Cancel-safety, and what is left of one that fails: as for [`mount`](Self::mount).
    pub async fn restore(
        &self,
        tenant: &Tenant,
        snapshot: &[u8],
        context: Context,
    ) -> Result<(View, Vec<Effect>), CallError> {
        View::restore(self.0.clone(), tenant, snapshot, context).await
    }
}

impl fmt::Debug for Component {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Component").field("name", &self.0.name).finish_non_exhaustive()
    }
}

/// What a component gets for an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// All of it.
    Served,
    /// Types, which are nothing to call.
    Types,
    /// Each function answers with a failure of the kind `unavailable`: there is no service yet.
    Unavailable,
    /// Each function answers with a failure of the kind `forbidden`: the manifest asks for nothing of it.
    Forbidden {
        /// What has to stand under the component.
        grant: &'static str,
    },
    /// It is there and empty: no files.
    Empty,
}

impl fmt::Display for Given {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Served => "served",
            Self::Types => "types",
            Self::Unavailable => "answers `unavailable`: this host has no service for it yet",
            Self::Forbidden { grant } => {
                return write!(formatter, "answers `forbidden`: {grant} of the component");
            }
            Self::Empty => "there, and empty: a view has no files",
        };
        formatter.write_str(text)
    }
}

fn given(import: &str, grants: &Grants) -> Given {
    match import.split_once('@').map_or(import, |(name, _)| name) {
        "hothouse:live/environment" | "hothouse:live/connection" | "hothouse:live/page" => Given::Served,
        "hothouse:live/task-control" => Given::Served,
        "hothouse:live/types" => Given::Types,
        "hothouse:live/services" if grants.services.is_empty() => {
            Given::Forbidden { grant: "name what it calls under `services`" }
        }
        "hothouse:live/kv" if grants.kv.is_none() => {
            Given::Forbidden { grant: "put `kv = true` into the table" }
        }
        "hothouse:live/http" if grants.http.is_none() => {
            Given::Forbidden { grant: "name whom its tasks ask under `http`" }
        }
        "hothouse:live/services" | "hothouse:live/kv" | "hothouse:live/http" => Given::Served,
        name if name.starts_with(PACKAGE_NAME) => Given::Unavailable,
        name if name.starts_with("wasi:filesystem/") => Given::Empty,
        _ => Given::Served,
    }
}

/// Whether a component's views were slow lately: then they start aside. Shared by all instances, so that a view that is
/// killed and mounted again does not start afresh.
#[derive(Default)]
pub(crate) struct Suspicion {
    /// Quick calls that clear the mark; 0: not suspect.
    quick_calls_left: AtomicU64,
    /// When the mark was set, on the engine's clock.
    since_ms: AtomicU64,
}

/// Quick calls after which a view is trusted again.
const CLEARING_CALLS: u64 = 100;
/// Time after which a view is trusted again, whatever it did.
const CLEARING_MS: u64 = 10_000;

impl Suspicion {
    pub(crate) fn mark(&self, now_ms: u64) {
        self.since_ms.store(now_ms, Ordering::Relaxed);
        self.quick_calls_left.store(CLEARING_CALLS, Ordering::Relaxed);
    }

    pub(crate) fn is_suspect(&self, now_ms: u64) -> bool {
        self.quick_calls_left.load(Ordering::Relaxed) > 0
            && now_ms.saturating_sub(self.since_ms.load(Ordering::Relaxed)) < CLEARING_MS
    }

    /// A call of a suspect was quick.
    pub(crate) fn was_quick(&self) {
        let left = self.quick_calls_left.load(Ordering::Relaxed);
        self.quick_calls_left.store(left.saturating_sub(1), Ordering::Relaxed);
    }
}

fn check_import(component: &str, import: &str) -> Result<(), LoadError> {
    check_version(component, import)?;
    if import.starts_with(PACKAGE_NAME) || wasi::serves(import) {
        return Ok(());
    }
    let hint = if import.starts_with("wasi:http") {
        ": use `http.send` of the contract, in a task"
    } else if import.starts_with("wasi:sockets") {
        ": a view opens no connections; use `http.send` of the contract, in a task, or build it without sockets (`--stub-wasi`)"
    } else if import.starts_with("wasi:") {
        ": of WASI 0.2 a view may import cli, clocks, io, random, and filesystem, which has no files"
    } else {
        ": a view imports the interfaces of the contract and of WASI 0.2, nothing else"
    };
    Err(LoadError::Import { component: component.to_owned(), import: import.to_owned(), hint })
}

fn check_version(component: &str, item: &str) -> Result<(), LoadError> {
    let (_, expected) = PACKAGE.split_once('@').unwrap_or_default();
    if item.starts_with(PACKAGE_NAME)
        && let Some((interface, found)) = item.split_once('@')
        && found != expected
    {
        let package = interface.split('/').next().unwrap_or_default();
        return Err(LoadError::Version {
            component: component.to_owned(),
            found: format!("{package}@{found}"),
            expected: PACKAGE,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Suspicion, check_import, check_version};

    #[test]
    fn a_mark_is_cleared_by_quick_calls_or_by_time() {
        let suspicion = Suspicion::default();
        assert!(!suspicion.is_suspect(0));
        suspicion.mark(5);
        assert!(suspicion.is_suspect(10_004));
        assert!(!suspicion.is_suspect(10_005));
        for _ in 0..100 {
            assert!(suspicion.is_suspect(6));
            suspicion.was_quick();
        }
        assert!(!suspicion.is_suspect(6));
    }

    #[test]
    fn another_draft_is_refused_with_both_versions() {
        let error = check_version("cart", "hothouse:live/lifecycle@0.0.9").unwrap_err().to_string();
        assert!(error.contains("hothouse:live@0.0.9") && error.contains("hothouse:live@0.1.0"), "{error}");
        assert!(check_version("cart", "hothouse:live/lifecycle@0.1.0").is_ok());
    }

    #[test]
    fn foreign_imports_are_refused_by_name_with_what_serves_instead() {
        let error = check_import("cart", "wasi:http/outgoing-handler@0.2.0").unwrap_err().to_string();
        assert!(
            error.contains("`wasi:http/outgoing-handler@0.2.0`") && error.contains("http.send"),
            "{error}"
        );
        let error = check_import("cart", "wasi:sockets/tcp@0.2.0").unwrap_err().to_string();
        assert!(error.contains("--stub-wasi"), "{error}");
        assert!(check_import("cart", "wasi:cli/stdout@0.3.0").is_err());
        assert!(check_import("cart", "wasi:cli/stdout@0.2.0").is_ok());
        assert!(check_import("cart", "evil").is_err());
        assert!(check_import("cart", "hothouse:live/kv@0.1.0").is_ok());
    }
}
