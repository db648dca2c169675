//! What a task asks of the host. Outside of a component, in tests on the developer's machine, reports are kept for the
//! test and nobody waits.

#[cfg(target_family = "wasm")]
pub(super) use crate::bindings::hothouse::live::task_control::{is_cancelled, sleep};

#[cfg(target_family = "wasm")]
pub(super) fn progress(data: Vec<u8>) -> crate::Result<()> {
    crate::bindings::hothouse::live::task_control::progress(&data)
}

#[cfg(not(target_family = "wasm"))]
pub(super) use native::{is_cancelled, progress, sleep};

#[cfg(not(target_family = "wasm"))]
pub(crate) use native::reported_natively;

#[cfg(not(target_family = "wasm"))]
mod native {
    use std::cell::RefCell;

    use crate::failure::Result;

    thread_local! {
        static REPORTED: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    }

    pub(crate) fn progress(data: Vec<u8>) -> Result<()> {
        REPORTED.with_borrow_mut(|reported| reported.push(data));
        Ok(())
    }

    pub(crate) fn sleep(_ms: u32) -> Result<()> {
        Ok(())
    }

    pub(crate) fn is_cancelled() -> bool {
        false
    }

    /// What tasks have reported on this thread since this was last asked.
    pub(crate) fn reported_natively() -> Vec<Vec<u8>> {
        REPORTED.take()
    }
}
