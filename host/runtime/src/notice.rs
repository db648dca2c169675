//! What a view's owner should hear of before anything is refused: limits that come near, lines that were dropped.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::CallKind;

/// Notices that wait to be taken. There are fewer between two calls, unless nobody takes them.
const MAX_WAITING: usize = 16;

/// A limit that is told of when it comes near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// [`CallBudget::max_cpu`](crate::CallBudget::max_cpu) of the call.
    Cpu,
    /// [`Limits::max_memory_bytes`](crate::Limits::max_memory_bytes).
    Memory,
    /// [`Tenant::limit_memory`](crate::Tenant::limit_memory).
    TotalMemory,
    /// [`Limits::max_effects`](crate::Limits::max_effects).
    Effects,
    /// [`Limits::max_log_lines_per_second`](crate::Limits::max_log_lines_per_second).
    LogLines,
}

/// Something to be told; nothing has been refused, and the view lives on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Four fifths of a limit are used, see [`is_near`]. Once for each instance and limit.
    Near {
        /// Of which limit.
        bound: Bound,
        /// In which call.
        call: CallKind,
        /// How much: milliseconds, bytes, effects or lines.
        used: u64,
        /// Of how much.
        limit: u64,
    },
    /// The view logs more than it may: the rest of this second's lines is dropped. Once in a second.
    LinesDropped {
        /// In which call.
        call: CallKind,
        /// Lines that it may log in a second.
        limit: u32,
    },
}

/// Whether four fifths of a limit are used.
pub fn is_near(used: u64, limit: u64) -> bool {
    used.saturating_mul(5) >= limit.saturating_mul(4)
}

/// Says once that a total which rises and falls has come near to its limit, and again when it was below half of it.
#[derive(Debug, Default)]
pub struct Watermark(AtomicBool);

impl Watermark {
    /// Takes the total as it is; true when it has to be told of.
    pub fn rises(&self, used: u64, limit: u64) -> bool {
        if is_near(used, limit) {
            return !self.0.swap(true, Ordering::Relaxed);
        }
        if used < limit / 2 && self.0.load(Ordering::Relaxed) {
            self.0.store(false, Ordering::Relaxed);
        }
        false
    }
}

/// Notices of one instance.
#[derive(Default)]
pub(crate) struct Notices {
    waiting: Vec<Notice>,
    /// A bit for each [`Bound`], three for CPU time: what has been told of.
    told: u8,
}

impl Notices {
    pub(crate) fn push(&mut self, notice: Notice) {
        if self.waiting.len() < MAX_WAITING {
            self.waiting.push(notice);
        }
    }

    /// Takes how much of a limit is used; notices it once when that is near.
    pub(crate) fn used(&mut self, bound: Bound, call: CallKind, used: u64, limit: u64) {
        if !is_near(used, limit) {
            return;
        }
        let bit = match (bound, call) {
            (Bound::Cpu, CallKind::Load | CallKind::Mount | CallKind::Restore) => 0,
            (Bound::Cpu, CallKind::Render | CallKind::RunTask) => 1,
            (Bound::Cpu, _) => 2,
            (Bound::Memory, _) => 3,
            (Bound::TotalMemory, _) => 4,
            (Bound::Effects, _) => 5,
            (Bound::LogLines, _) => 6,
        };
        if self.told & (1 << bit) == 0 {
            self.told |= 1 << bit;
            self.push(Notice::Near { bound, call, used, limit });
        }
    }

    pub(crate) fn take(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bound, MAX_WAITING, Notice, Notices, Watermark, is_near};
    use crate::error::CallKind;

    #[test]
    fn four_fifths_are_near_and_less_is_not() {
        assert!(is_near(80, 100) && is_near(100, 100) && !is_near(79, 100));
        assert!(is_near(205, 256) && !is_near(204, 256));
        assert!(!is_near(1 << 40, u64::MAX));
    }

    #[test]
    fn each_limit_is_told_of_once() {
        let mut notices = Notices::default();
        let call = CallKind::HandleEvent;
        notices.used(Bound::Effects, call, 7, 10);
        assert_eq!(notices.take(), []);
        notices.used(Bound::Effects, call, 8, 10);
        notices.used(Bound::Effects, call, 9, 10);
        notices.used(Bound::Cpu, call, 8, 10);
        notices.used(Bound::Cpu, CallKind::Terminate, 8, 10);
        notices.used(Bound::Cpu, CallKind::Render, 8, 10);
        let near = |bound, call| Notice::Near { bound, call, used: 8, limit: 10 };
        let told = [near(Bound::Effects, call), near(Bound::Cpu, call), near(Bound::Cpu, CallKind::Render)];
        assert_eq!(notices.take(), told);
        for _ in 0..100 {
            notices.push(Notice::LinesDropped { call, limit: 1 });
        }
        assert_eq!(notices.take().len(), MAX_WAITING);
    }

    #[test]
    fn a_total_is_told_of_when_it_rises_and_again_after_it_was_low() {
        let mark = Watermark::default();
        let told: Vec<bool> = [79, 80, 95, 50, 90, 49, 80].map(|used| mark.rises(used, 100)).into();
        assert_eq!(told, [false, true, false, false, false, false, true]);
    }
}
