//! Declared refusals: what a callback answers when it cannot do what was asked.
//!
//! A refusal keeps the view alive; a panic ends it.

pub use crate::bindings::hothouse::live::types::{Failure, FailureKind};

/// What callbacks answer.
pub type Result<T> = core::result::Result<T, Failure>;

macro_rules! constructors {
    ($($(#[$documentation:meta])* $name:ident => $kind:ident;)*) => {
        impl Failure {
            $(
                $(#[$documentation])*
                pub fn $name(message: impl Into<String>) -> Self {
                    Self { kind: FailureKind::$kind, message: message.into() }
                }
            )*
        }
    };
}

constructors! {
    /// What was asked for does not exist. As the answer of a page: status 404.
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// let failure = Failure::not_found("there is no task 7");
    /// assert_eq!(failure.kind, FailureKind::NotFound);
    /// ```
    not_found => NotFound;
    /// This visitor may not do this. As the answer of a page: status 403.
    forbidden => Forbidden;
    /// The input makes no sense. As the answer of a page: status 400.
    bad_input => BadInput;
    /// Something that is needed does not work now. As the answer of a page: status 503.
    unavailable => Unavailable;
    /// This cannot be asked from where it was asked.
    not_here => NotHere;
    /// A limit would be exceeded.
    limit => Limit;
    /// A mistake of the view itself. As the answer of a page: status 500.
    internal => Internal;
}
