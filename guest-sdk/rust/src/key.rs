//! Keys of rows: what an author names a row by, as the number that crosses to the host.
//!
//! Numbers below 2³¹ stand for themselves. Every other key gets a number from 2³¹ on, in a table of this
//! instance that is swept when it holds many keys that are no longer used. A swept key that comes back
//! gets a new number, so a number never means two rows.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::tracking::generation;

/// The first number given to a key that is not a small number itself.
const FIRST_INTERNED: u32 = 1 << 31;

/// The table is swept when it has grown to twice what the last sweep left, but not below this many keys.
const MIN_KEYS_TO_SWEEP: usize = 256;

/// Something that tells the rows of one loop apart: a number, a text, or several of them.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// fn names(names: &[&str]) -> Html {
///     html! { <ul>for name in names.iter() key={name} { <li>{name}</li> }</ul> }
/// }
/// ```
pub trait Key {
    /// Writes the key so that different keys never write the same bytes.
    fn write(&self, bytes: &mut Vec<u8>);

    /// The key itself, when it is a number below 2³¹.
    fn small(&self) -> Option<u32> {
        None
    }
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {
        $(
            impl Key for $number {
                fn write(&self, bytes: &mut Vec<u8>) {
                    bytes.extend_from_slice(&self.to_le_bytes());
                }

                fn small(&self) -> Option<u32> {
                    u32::try_from(*self).ok().filter(|number| *number < FIRST_INTERNED)
                }
            }
        )*
    };
}

whole_numbers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

impl Key for str {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.len().to_le_bytes());
        bytes.extend_from_slice(self.as_bytes());
    }
}

impl Key for String {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.as_str().write(bytes);
    }
}

impl Key for char {
    fn write(&self, bytes: &mut Vec<u8>) {
        u32::from(*self).write(bytes);
    }

    fn small(&self) -> Option<u32> {
        Some(u32::from(*self))
    }
}

impl<K: Key + ?Sized> Key for &K {
    fn write(&self, bytes: &mut Vec<u8>) {
        (**self).write(bytes);
    }

    fn small(&self) -> Option<u32> {
        (**self).small()
    }
}

impl<A: Key, B: Key> Key for (A, B) {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.write(bytes);
        self.1.write(bytes);
    }
}

impl<A: Key, B: Key, C: Key> Key for (A, B, C) {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.0.write(bytes);
        self.1.write(bytes);
        self.2.write(bytes);
    }
}

/// The number of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    /// The host may already know the row by it.
    Known(u32),
    /// Given just now: the row cannot have been in a document.
    New(u32),
}

/// The number that a key stands for.
pub(crate) fn number(key: &(impl Key + ?Sized)) -> Number {
    match key.small() {
        Some(number) => Number::Known(number),
        None => KEYS.with_borrow_mut(|keys| keys.number(key)),
    }
}

thread_local! {
    static KEYS: RefCell<Keys> = const { RefCell::new(Keys::new()) };
}

struct Keys {
    numbers: BTreeMap<Box<[u8]>, Interned>,
    next: u32,
    sweep_at: usize,
    /// The generation of the last sweep.
    swept_in: u32,
    scratch: Vec<u8>,
}

struct Interned {
    number: u32,
    /// The generation in which a template last asked for it.
    used_in: u32,
}

impl Keys {
    const fn new() -> Self {
        Self {
            numbers: BTreeMap::new(),
            next: FIRST_INTERNED,
            sweep_at: MIN_KEYS_TO_SWEEP,
            swept_in: 0,
            scratch: Vec::new(),
        }
    }

    fn number(&mut self, key: &(impl Key + ?Sized)) -> Number {
        if self.numbers.len() >= self.sweep_at && self.swept_in != generation() {
            self.sweep();
        }
        self.scratch.clear();
        key.write(&mut self.scratch);
        if let Some(known) = self.numbers.get_mut(self.scratch.as_slice()) {
            known.used_in = generation();
            return Number::Known(known.number);
        }
        let number = self.next;
        self.next = number.checked_add(1).unwrap_or(FIRST_INTERNED);
        self.numbers.insert(self.scratch.as_slice().into(), Interned { number, used_in: generation() });
        Number::New(number)
    }

    /// Forgets the keys that were not used since the last sweep.
    fn sweep(&mut self) {
        let last = self.swept_in;
        self.numbers.retain(|_, key| key.used_in >= last);
        self.swept_in = generation();
        self.sweep_at = MIN_KEYS_TO_SWEEP.max(self.numbers.len() * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracking::end_generation;

    #[test]
    fn small_numbers_stand_for_themselves_and_all_else_is_given_a_number_above() {
        assert_eq!(number(&7_u8), Number::Known(7));
        assert_eq!(number(&(FIRST_INTERNED - 1)), Number::Known(FIRST_INTERNED - 1));
        assert_eq!(number(&FIRST_INTERNED), Number::New(FIRST_INTERNED));
        assert_eq!(number(&-1_i64), Number::New(FIRST_INTERNED + 1));
        assert_eq!(number("palm"), Number::New(FIRST_INTERNED + 2));
        assert_eq!(number("palm"), Number::Known(FIRST_INTERNED + 2));
    }

    #[test]
    fn keys_of_several_parts_do_not_run_into_each_other() {
        let Number::New(first) = number(&("a", "bc")) else { panic!("known") };
        assert_eq!(number(&("ab", "c")), Number::New(first + 1));
    }

    #[test]
    fn the_table_forgets_unused_keys_and_never_reuses_their_numbers() {
        let mut keys = Keys::new();
        for index in 0..MIN_KEYS_TO_SWEEP {
            assert!(matches!(keys.number(&format!("old {index}")), Number::New(_)));
        }
        end_generation();
        assert!(matches!(keys.number("old 3"), Number::Known(_)), "all were used since the last sweep");
        for index in 0..MIN_KEYS_TO_SWEEP {
            keys.number(&format!("new {index}"));
        }
        assert_eq!(keys.numbers.len(), 2 * MIN_KEYS_TO_SWEEP, "no sweep within one render");
        end_generation();
        let last = FIRST_INTERNED + 2 * u32::try_from(MIN_KEYS_TO_SWEEP).unwrap();
        assert_eq!(keys.number("old 4"), Number::New(last));
        assert!(matches!(keys.number("old 3"), Number::Known(_)));
        assert_eq!(keys.numbers.len(), MIN_KEYS_TO_SWEEP + 2);
    }
}
