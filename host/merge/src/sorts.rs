//! One of something for each sort of thing that core modules import and export.

use wasmparser::{ExternalKind, TypeRef};

use crate::{MISSING, MergeError};

#[derive(Debug, Default, Clone)]
pub(crate) struct Sorts<T> {
    pub(crate) functions: T,
    pub(crate) tables: T,
    pub(crate) memories: T,
    pub(crate) globals: T,
}

impl<T> Sorts<T> {
    pub(crate) fn of(&self, kind: ExternalKind) -> Result<&T, MergeError> {
        match kind {
            ExternalKind::Func => Ok(&self.functions),
            ExternalKind::Table => Ok(&self.tables),
            ExternalKind::Memory => Ok(&self.memories),
            ExternalKind::Global => Ok(&self.globals),
            ExternalKind::Tag | ExternalKind::FuncExact => Err(MergeError::Unsupported("tags")),
        }
    }

    pub(crate) fn of_mut(&mut self, kind: ExternalKind) -> Result<&mut T, MergeError> {
        match kind {
            ExternalKind::Func => Ok(&mut self.functions),
            ExternalKind::Table => Ok(&mut self.tables),
            ExternalKind::Memory => Ok(&mut self.memories),
            ExternalKind::Global => Ok(&mut self.globals),
            ExternalKind::Tag | ExternalKind::FuncExact => Err(MergeError::Unsupported("tags")),
        }
    }
}

/// The sort of what is imported.
pub(crate) fn sort_of(import: TypeRef) -> ExternalKind {
    match import {
        TypeRef::Func(_) => ExternalKind::Func,
        TypeRef::Table(_) => ExternalKind::Table,
        TypeRef::Memory(_) => ExternalKind::Memory,
        TypeRef::Global(_) => ExternalKind::Global,
        TypeRef::Tag(_) => ExternalKind::Tag,
        TypeRef::FuncExact(_) => ExternalKind::FuncExact,
    }
}

/// The thing with this index.
pub(crate) fn at<T>(things: &[T], index: u32) -> Result<&T, MergeError> {
    usize::try_from(index).ok().and_then(|index| things.get(index)).ok_or(MISSING)
}

/// How many there are, as indices count.
pub(crate) fn count<T>(things: &[T]) -> Result<u32, MergeError> {
    u32::try_from(things.len()).map_err(|_| MergeError::Unsupported("more than there are indices"))
}
