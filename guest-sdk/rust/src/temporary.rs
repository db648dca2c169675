//! A value for one document.

use std::cell::{Ref, RefCell, RefMut};
use std::fmt;
use std::rc::Rc;

use crate::tracking::{self, Place, Stamp};

/// A value that is shown once and then forgotten: Phoenix's `temporary_assigns`.
///
/// What is written into it is in the next document. Once that is handed out the value is `T::default()` again and its
/// memory is free, which is no change: the page goes on showing what it was sent, until something else has the place
/// evaluated again.
///
/// So what is shown from it must not be needed twice. A document of everything has the default: after a refused document,
/// and after a restore. For rows that are to stay, use a [`Stream`](crate::Stream).
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// struct Report { lines: Temporary<Vec<String>>, title: Temporary<String> }
///
/// impl Report {
///     fn load(&mut self) {
///         self.title.set("Today".to_owned());
///         self.lines.get_mut().push("All is well.".to_owned());
///     }
///     fn show(&self) -> Html {
///         html! {
///             <h1>{self.title}</h1>
///             for line in self.lines { <p>{line}</p> }
///             <p>{self.lines.get().len()} " lines"</p>
///         }
///     }
/// }
/// ```
pub struct Temporary<T> {
    held: Rc<Held<T>>,
    written: Stamp,
    place: Place,
}

struct Held<T>(RefCell<T>);

impl<T: Default + 'static> Temporary<T> {
    /// A value for the next document.
    pub fn new(value: T) -> Self {
        let held = Rc::new(Held(RefCell::new(value)));
        tracking::forget_once_handed_out(held.clone());
        Self { held, written: Stamp::new(), place: Place::new() }
    }

    /// Replaces the value. It is always a change.
    pub fn set(&mut self, value: T) {
        *self.get_mut() = value;
    }

    /// The value, to change it.
    pub fn get_mut(&mut self) -> RefMut<'_, T> {
        if !self.written.is_current() {
            self.written.touch();
            tracking::forget_once_handed_out(self.held.clone());
        }
        self.held.0.borrow_mut()
    }
}

impl<T> Temporary<T> {
    /// The value; the default once it was shown.
    pub fn get(&self) -> Ref<'_, T> {
        self.held.0.borrow()
    }

    pub(crate) fn changed(&self) -> bool {
        self.place.is_new() || self.written.is_current()
    }
}

impl<T: Default> tracking::Forget for Held<T> {
    fn forget(&self) {
        // Nobody reads it any more: whoever could has been borrowed for the length of a render.
        if let Ok(mut value) = self.0.try_borrow_mut() {
            *value = T::default();
        }
    }
}

impl<T: Default + 'static> Default for Temporary<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: Default + 'static> From<T> for Temporary<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: fmt::Debug> fmt::Debug for Temporary<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(formatter)
    }
}
