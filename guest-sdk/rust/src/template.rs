//! Literal parts of templates, and which of them the host already has.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::bindings::hothouse::live::types;

/// The literal parts of one template, one more than it has slots. A static of the code that `html!` writes.
#[derive(Debug)]
pub struct Template {
    statics: &'static [&'static str],
    /// It is one element, and nothing beside it.
    is_element: bool,
    /// 0 until the template is first sent.
    id: AtomicU32,
}

impl Template {
    /// Made by `html!` only.
    pub const fn new(statics: &'static [&'static str], is_element: bool) -> Self {
        Self { statics, is_element, id: AtomicU32::new(0) }
    }

    /// Whether it is one element, and nothing beside it.
    pub(crate) fn is_element(&self) -> bool {
        self.is_element
    }

    /// The number by which this instance calls the template.
    pub(crate) fn id(&self) -> u32 {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let known = self.id.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        // Outside of a view's instance, in tests, two threads may come here at once: the first number stays.
        let new = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        match self.id.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => new,
            Err(earlier) => earlier,
        }
    }
}

/// Two templates are the same if they stand at the same place of the code.
impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self, other)
    }
}

thread_local! {
    /// By template number: whether the host has its literal parts.
    static SENT: RefCell<Vec<bool>> = const { RefCell::new(Vec::new()) };
}

/// Forgets what the host has, so that it is sent again where it is used.
pub(crate) fn forget_sent() {
    SENT.with_borrow_mut(Vec::clear);
}

/// The number of a template; its literal parts are added to `new` when the host does not have them yet.
pub(crate) fn send(template: &'static Template, new: &mut Vec<types::Template>) -> u32 {
    let id = template.id();
    SENT.with_borrow_mut(|sent| {
        let index = id as usize;
        if sent.len() <= index {
            sent.resize(index + 1, false);
        }
        if let Some(sent) = sent.get_mut(index)
            && !*sent
        {
            *sent = true;
            let statics = template.statics.iter().map(|part| (*part).to_owned()).collect();
            new.push(types::Template { id, statics });
        }
    });
    id
}
