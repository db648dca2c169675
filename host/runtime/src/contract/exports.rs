//! What a component exports: found and type-checked once, when it is loaded, and called without looking again.

use wasmtime::component::{Component, ComponentExportIndex, Instance, TypedFunc};

use super::bindings::exports::hothouse::live::lifecycle::{Document, RenderScope};
use super::bindings::hothouse::live::types::{
    Context, Event, Failure, LeaveReason, Message, Outcome, TaskResult,
};
use crate::instance::GuestStore;

const LIFECYCLE: &str = "hothouse:live/lifecycle@0.1.0";
const TASKS: &str = "hothouse:live/tasks@0.1.0";

/// The interfaces that every view exports.
pub(crate) const EXPORTS: [&str; 2] = [LIFECYCLE, TASKS];

type Answer<T> = Result<T, Failure>;

/// One instance's life cycle, ready to be called.
pub(crate) struct Lifecycle<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) exports: &'a Exports,
}

/// The functions of `lifecycle` that are called: name here, name in the contract, parameters, results.
macro_rules! lifecycle {
    ($($name:ident = $export:literal($($argument:ident: $type:ty),*) -> $results:ty;)*) => {
        /// Where a component's exports are. The same in all its instances.
        pub(crate) struct Exports {
            $($name: ComponentExportIndex,)*
            run_task: ComponentExportIndex,
        }

        impl Exports {
            /// Finds every export; the name of the first that is missing.
            pub(crate) fn find(component: &Component) -> Result<Self, String> {
                Ok(Self {
                    $($name: index(component, LIFECYCLE, $export)?,)*
                    run_task: index(component, TASKS, "run-task")?,
                })
            }

            fn check_called(&self, instance: &Instance, store: &mut GuestStore) -> wasmtime::Result<()> {
                $(instance
                    .get_typed_func::<($($type,)*), $results>(&mut *store, &self.$name)
                    .map_err(|error| error.context(concat!("export `", $export, "`")))?;)*
                Ok(())
            }
        }

        impl Lifecycle<'_> {
            $(pub(crate) fn $name(
                &self,
                store: &mut GuestStore,
                $($argument: $type),*
            ) -> wasmtime::Result<$results> {
                let function = self
                    .instance
                    .get_func(&mut *store, &self.exports.$name)
                    .ok_or_else(|| wasmtime::Error::msg(concat!("export `", $export, "` is gone")))?;
                #[expect(unsafe_code, reason = "checking the type costs 0.3 µs and is done when the component is loaded")]
                // SAFETY: an export's type belongs to the component, not to the instance. `Exports::check` has compared
                // this export, found by the same index in the same component, with this very signature, which is
                // written once in this macro; a component that fails the check is not loaded.
                let function = unsafe { TypedFunc::<($($type,)*), $results>::new_unchecked(function) };
                function.call(store, ($($argument,)*))
            })*
        }
    };
}

lifecycle! {
    mount = "mount"(context: &Context) -> (Answer<Outcome>,);
    connected = "connected"(context: &Context) -> (Answer<Outcome>,);
    handle_params = "handle-params"(uri: &str, params: &[(String, String)]) -> (Answer<Outcome>,);
    handle_event = "handle-event"(event: &Event) -> (Answer<Outcome>,);
    handle_info = "handle-info"(message: &Message) -> (Answer<Outcome>,);
    handle_task = "handle-task"(done: &TaskResult) -> (Answer<Outcome>,);
    components_removed = "components-removed"(cids: &[u32]) -> (Answer<Outcome>,);
    render = "render"(scope: &RenderScope) -> (Answer<Document>,);
    terminate = "terminate"(reason: LeaveReason) -> ();
    snapshot = "snapshot"() -> (Option<Vec<u8>>,);
    restore = "restore"(state: &[u8], context: &Context) -> (Answer<Outcome>,);
}

impl Exports {
    /// Compares the type of every export with the contract.
    pub(crate) fn check(&self, instance: &Instance, store: &mut GuestStore) -> wasmtime::Result<()> {
        self.check_called(instance, store)?;
        self.run_task(instance, store).map(drop)
    }

    /// `run-task` of an instance. Looked up and compared for each task, which costs next to nothing beside its instance.
    pub(crate) fn run_task(&self, instance: &Instance, store: &mut GuestStore) -> wasmtime::Result<RunTask> {
        instance.get_typed_func(store, self.run_task).map_err(|error| error.context("export `run-task`"))
    }
}

/// `run-task`, ready to be called.
pub(crate) type RunTask = TypedFunc<(String, Vec<u8>), (Answer<Vec<u8>>,)>;

fn index(component: &Component, interface: &str, export: &str) -> Result<ComponentExportIndex, String> {
    component
        .get_export_index(None, interface)
        .and_then(|interface| component.get_export_index(Some(&interface), export))
        .ok_or_else(|| format!("it does not export `{export}` of `{interface}`"))
}
