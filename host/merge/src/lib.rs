//! Merges the core modules of a component into one, before it is compiled.
//!
//! A component that an interpreter comes in is linked of many modules: a C library, the interpreter, the bindings.
//! Modules that are apart meet when an instance is made: each function that one has from another is written down for
//! each instance, and so is each function in a table that another module defines, thousands of them.
//! In one module a call is a call, and an engine writes down the functions of a table when they are first called.
//!
//! What comes out does what went in does, or nothing comes out: an instance has the same memories, tables, globals and
//! functions, and meets the same imports. What cannot be merged stays apart: modules that are instantiated more than
//! once, or by somebody else; modules that run code when they start; modules that import what needs a merged one's
//! memory.
//!
//! ```text
//! component.rs   what a component is made of, in order
//! module.rs      what a core module is made of
//! group.rs       which instances become one
//! layout.rs      where everything of a member is in the merged module
//! link.rs        the merged module
//! write.rs       the component around it
//! ```

use wasm_encoder::reencode;
use wasmparser::Validator;

mod component;
mod group;
mod layout;
mod link;
mod module;
mod sorts;
mod write;

/// Goes up with every change to what is made of a component: what was compiled before the change is not what would be
/// compiled now.
pub const REVISION: u32 = 1;

/// How deep components may lie in each other.
const MAX_DEPTH: usize = 16;

/// Why a component stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// It is not valid. Whoever compiles it will say so too.
    #[error("not valid: {0}")]
    Invalid(#[from] wasmparser::Error),
    /// It has something that is not understood here.
    #[error("{0} cannot be merged")]
    Unsupported(&'static str),
}

const MISSING: MergeError = MergeError::Unsupported("what is not where it should be");

impl From<reencode::Error<MergeError>> for MergeError {
    fn from(error: reencode::Error<MergeError>) -> Self {
        match error {
            reencode::Error::UserError(error) => error,
            reencode::Error::ParseError(error) => error.into(),
            _ => Self::Unsupported("what cannot be written down again"),
        }
    }
}

/// The component with its core modules merged, and with those of the components in it, as far as they can be.
///
/// # Errors
/// [`MergeError`]. The component is as good as it was: compile that.
pub fn merge(component: &[u8]) -> Result<Vec<u8>, MergeError> {
    // What is not valid must not become so: things that do not fit would have nobody left to compare them.
    Validator::new().validate_all(component)?;
    merge_at(component, 0)
}

fn merge_at(bytes: &[u8], depth: usize) -> Result<Vec<u8>, MergeError> {
    if depth > MAX_DEPTH {
        return Err(MergeError::Unsupported("components that lie deep in each other"));
    }
    let component = component::Component::parse(bytes, depth)?;
    let modules = component.parsed_modules()?;
    let group = group::Group::choose(&component, &modules)?;
    write::write(&component, &modules, &group)
}
