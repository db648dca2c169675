//! A disk that keeps what happened to it, and fails when it is told to.

use std::io;
use std::sync::{Arc, Mutex};

use redb::{BackendError, StorageBackend};

/// What happened.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Length(usize),
    Write(usize, Vec<u8>),
    Synced,
}

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    operations: Vec<Operation>,
    /// No file is longer than this.
    room: Option<usize>,
    /// Nothing can be written.
    broken: bool,
}

/// Cheap to clone; all clones are the same disk.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk(Arc<Mutex<State>>);

impl Disk {
    /// One that has been through this.
    pub(super) fn after(operations: &[Operation]) -> Self {
        let disk = Self::default();
        operations.iter().for_each(|operation| disk.0.lock().unwrap().carry_out(operation.clone()).unwrap());
        disk
    }

    pub(super) fn operations(&self) -> Vec<Operation> {
        self.0.lock().unwrap().operations.clone()
    }

    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().operations.len()
    }

    /// From now on it has only the room that is used.
    pub(super) fn fill(&self) {
        let mut state = self.0.lock().unwrap();
        state.room = Some(state.bytes.len());
    }

    pub(super) fn empty(&self) {
        self.0.lock().unwrap().room = None;
    }

    pub(super) fn breaks(&self, broken: bool) {
        self.0.lock().unwrap().broken = broken;
    }
}

impl State {
    fn carry_out(&mut self, operation: Operation) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("the disk is broken"));
        }
        match &operation {
            Operation::Length(length) if self.room.is_some_and(|room| *length > room) => {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Operation::Length(length) => self.bytes.resize(*length, 0),
            Operation::Write(offset, bytes) => {
                self.bytes.get_mut(*offset..offset + bytes.len()).unwrap().copy_from_slice(bytes);
            }
            Operation::Synced => {}
        }
        self.operations.push(operation);
        Ok(())
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.0.lock().unwrap();
        let bytes = state.bytes.get(size(offset)..size(offset) + out.len());
        out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.lock().unwrap().carry_out(Operation::Length(size(len)))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.lock().unwrap().carry_out(Operation::Synced)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap().carry_out(Operation::Write(size(offset), data.to_vec()))
    }

    fn try_lock_range(
        &self,
        _start: std::ops::Bound<u64>,
        _end: std::ops::Bound<u64>,
    ) -> Result<bool, BackendError> {
        Ok(true)
    }

    fn unlock_range(
        &self,
        _start: std::ops::Bound<u64>,
        _end: std::ops::Bound<u64>,
    ) -> Result<(), BackendError> {
        Ok(())
    }
}
