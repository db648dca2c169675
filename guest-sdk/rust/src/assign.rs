//! One tracked value of a view.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::tracking::{Place, Stamp};

/// A value that knows whether it changed since the last render.
///
/// Reading goes through `Deref`. What a template says about `self.field` is evaluated again only when the `Assign` in
/// that field has changed, as a whole: to track the fields of a struct one by one, put an `Assign` into each of them
/// and none around it.
///
/// * [`set`](Self::set) compares: a value that is equal to the one that is there is no change.
/// * Every mutable access (`*self.count += 1`, `self.names.push(…)`, [`update`](Self::update)) is a change, whatever it
///   writes. A page that shows the same afterwards is sent nothing all the same.
/// * A value that changes behind a shared reference, such as a `Cell` inside, is not seen to change.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// let mut count = Assign::new(0);
/// *count += 1;
/// count.set(1);
/// assert!(count == 1);
/// ```
pub struct Assign<T> {
    stamp: Stamp,
    place: Place,
    value: T,
}

impl<T> Assign<T> {
    /// Tracks a value from now on.
    pub fn new(value: T) -> Self {
        Self { stamp: Stamp::new(), place: Place::new(), value }
    }

    /// Replaces the value, unless it is equal to the one that is there: then nothing has changed.
    pub fn set(&mut self, value: T)
    where
        T: PartialEq,
    {
        if self.value != value {
            **self = value;
        }
    }

    /// Changes the value in place.
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// let mut names = Assign::new(vec!["ann"]);
    /// names.update(|names| names.push("bob"));
    /// assert_eq!(names.len(), 2);
    /// ```
    pub fn update<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R {
        change(self)
    }

    /// Gives the value back.
    pub fn into_inner(self) -> T {
        self.value
    }

    pub(crate) fn changed(&self) -> bool {
        self.place.is_new() || self.stamp.is_current()
    }
}

impl<T> Assign<Option<T>> {
    /// The value that is there, or else the one that is made now: Phoenix's `assign_new`. What is there already is no
    /// change, and nothing is made then.
    ///
    /// For what a view needs once and must not make twice: in [`connected`](crate::LiveView::connected), which is called
    /// after a mount, which may have made it, and after a restore, which may have brought it along.
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// let mut name = Assign::new(None);
    /// assert_eq!(name.assign_new(|| "ann"), &"ann");
    /// assert_eq!(name.assign_new(|| "bob"), &"ann", "nobody asked for bob");
    /// ```
    pub fn assign_new(&mut self, make: impl FnOnce() -> T) -> &T {
        if self.value.is_none() {
            self.stamp.touch();
        }
        self.value.get_or_insert_with(make)
    }
}

impl<T> Deref for Assign<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Assign<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.stamp.touch();
        &mut self.value
    }
}

impl<T: Default> Default for Assign<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Assign<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: Clone> Clone for Assign<T> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Assign<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}

impl<T: fmt::Display> fmt::Display for Assign<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}

impl<T: PartialEq> PartialEq<T> for Assign<T> {
    fn eq(&self, other: &T) -> bool {
        self.value == *other
    }
}

impl<T: PartialOrd> PartialOrd<T> for Assign<T> {
    fn partial_cmp(&self, other: &T) -> Option<std::cmp::Ordering> {
        self.value.partial_cmp(other)
    }
}

impl<'a, T> IntoIterator for &'a Assign<T>
where
    &'a T: IntoIterator,
{
    type Item = <&'a T as IntoIterator>::Item;
    type IntoIter = <&'a T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.value.into_iter()
    }
}
