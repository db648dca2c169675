//! The two ways in which instances are laid out, and which component gets which.

use std::fmt;

use wasmtime::{Config, WasmFeatures};

use crate::scan::Scan;

/// Address space of a linear memory in the compact profile. Never less than a view's memory limit: a memory that had
/// to move would be copied whole.
const COMPACT_MEMORY_BYTES: usize = 4 * 1024 * 1024;
/// A component whose memory begins larger than this is one that carries an interpreter or a large heap.
const COMPACT_MIN_MEMORY_BYTES: u64 = 1024 * 1024;
const COMPACT_GUARD_BYTES: u64 = 64 * 1024;
/// What a memory may grow to in the roomy profile when nothing else is asked for.
const ROOMY_MEMORY_BYTES: usize = 64 * 1024 * 1024;
/// 512 KiB: a guest that recurses for ever ends by a trap long before the thread's own stack does.
const MAX_WASM_STACK_BYTES: usize = 512 * 1024;

/// Address space of the stack of a task: that of a guest, and as much for what it calls in the host. Memory is used as
/// far as the stack has been.
const TASK_STACK_BYTES: usize = 2 * MAX_WASM_STACK_BYTES;

/// How instances of a component are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// For components with one small memory (Rust, C): little address space, explicit bounds checks, images that are
    /// copied rather than mapped. 16 to 30 KB an instance.
    Compact,
    /// For interpreters (JavaScript, Python, Go): 4 GiB of address space, no bounds checks in code, images mapped
    /// copy-on-write so that instances share what they do not write.
    Roomy,
}

/// A profile, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What was chosen.
    pub profile: Profile,
    /// For people: the reason.
    pub reason: String,
}

/// Bounds on what one store may hold, by profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StoreBounds {
    pub(crate) core_instances: usize,
    pub(crate) memories: usize,
    pub(crate) tables: usize,
    pub(crate) table_elements: usize,
}

impl Profile {
    /// The rule: compact, when there is one memory that begins small and may not grow beyond what compact reserves.
    pub(crate) fn choose(scan: &Scan, asked_memory_bytes: Option<usize>) -> Choice {
        let roomy = |reason: String| Choice { profile: Self::Roomy, reason };
        if scan.memories != 1 {
            return roomy(format!("it has {} memories; compact is for one", scan.memories));
        }
        if scan.memory_min_bytes > COMPACT_MIN_MEMORY_BYTES {
            return roomy(format!(
                "its memory begins with {} bytes; compact is for {COMPACT_MIN_MEMORY_BYTES} at most",
                scan.memory_min_bytes
            ));
        }
        if let Some(asked) = asked_memory_bytes.filter(|asked| *asked > COMPACT_MEMORY_BYTES) {
            return roomy(format!(
                "its memory may grow to {asked} bytes; compact is for {COMPACT_MEMORY_BYTES} at most"
            ));
        }
        if scan.core_instances > Self::Compact.bounds().core_instances {
            return roomy(format!("it has {} core instances", scan.core_instances));
        }
        Choice {
            profile: Self::Compact,
            reason: format!("one memory that begins with {} bytes", scan.memory_min_bytes),
        }
    }

    /// What a memory may grow to unless less or more is asked for.
    pub(crate) fn default_memory_bytes(self) -> usize {
        match self {
            Self::Compact => COMPACT_MEMORY_BYTES,
            Self::Roomy => ROOMY_MEMORY_BYTES,
        }
    }

    pub(crate) fn bounds(self) -> StoreBounds {
        match self {
            // Rust and C have one of each, or three instances and two tables with WASI.
            Self::Compact => {
                StoreBounds { core_instances: 10, memories: 2, tables: 8, table_elements: 2_000 }
            }
            // Python has more than 35 instances, SpiderMonkey 7,700 functions in a table.
            Self::Roomy => {
                StoreBounds { core_instances: 64, memories: 8, tables: 64, table_elements: 20_000 }
            }
        }
    }

    pub(crate) fn config(self) -> Config {
        let mut config = common();
        match self {
            Self::Compact => {
                config
                    .memory_reservation(COMPACT_MEMORY_BYTES as u64)
                    .memory_reservation_for_growth(0)
                    .memory_guard_size(COMPACT_GUARD_BYTES)
                    .memory_init_cow(false);
            }
            // wasmtime's own layout: 4 GiB and guard pages.
            Self::Roomy => {
                config.memory_init_cow(true);
            }
        }
        config
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Compact => "compact",
            Self::Roomy => "roomy",
        })
    }
}

impl std::str::FromStr for Profile {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        [Self::Compact, Self::Roomy]
            .into_iter()
            .find(|profile| profile.to_string() == name)
            .ok_or_else(|| format!("`{name}` is no profile: `compact` or `roomy`"))
    }
}

fn common() -> Config {
    let mut config = Config::new();
    config
        .concurrency_support(false)
        .epoch_interruption(true)
        .memory_may_move(false)
        .guard_before_linear_memory(false)
        .max_wasm_stack(MAX_WASM_STACK_BYTES)
        .async_stack_size(TASK_STACK_BYTES)
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false);
    // An allow-list: what a proposal brings later is off until it is put here.
    let allowed = WasmFeatures::MUTABLE_GLOBAL
        | WasmFeatures::SATURATING_FLOAT_TO_INT
        | WasmFeatures::SIGN_EXTENSION
        | WasmFeatures::REFERENCE_TYPES
        | WasmFeatures::MULTI_VALUE
        | WasmFeatures::BULK_MEMORY
        | WasmFeatures::SIMD
        | WasmFeatures::TAIL_CALL
        | WasmFeatures::FLOATS
        | WasmFeatures::MULTI_MEMORY
        | WasmFeatures::EXTENDED_CONST
        | WasmFeatures::COMPONENT_MODEL;
    config.wasm_features(WasmFeatures::all().difference(allowed), false);
    config.wasm_features(allowed, true);
    config
}

#[cfg(test)]
mod tests {
    use super::{Profile, Scan};

    fn scan(memories: usize, memory_min_bytes: u64) -> Scan {
        Scan { memories, memory_min_bytes, ..Scan::default() }
    }

    #[test]
    fn compact_is_for_one_small_memory_that_stays_within_its_reservation() {
        let chosen = |scan: &Scan, asked| Profile::choose(scan, asked).profile;
        assert_eq!(chosen(&scan(1, 1 << 20), None), Profile::Compact);
        assert_eq!(chosen(&scan(1, (1 << 20) + 1), None), Profile::Roomy);
        assert_eq!(chosen(&scan(2, 65_536), None), Profile::Roomy);
        assert_eq!(chosen(&scan(0, 0), None), Profile::Roomy);
        assert_eq!(chosen(&scan(1, 65_536), Some(4 << 20)), Profile::Compact);
        assert_eq!(chosen(&scan(1, 65_536), Some((4 << 20) + 1)), Profile::Roomy);
        let many = Scan { core_instances: 11, ..scan(1, 65_536) };
        assert_eq!(chosen(&many, None), Profile::Roomy);
    }

    #[test]
    fn profiles_are_read_by_their_names() {
        for profile in [Profile::Compact, Profile::Roomy] {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        assert!("spacious".parse::<Profile>().unwrap_err().contains("spacious"));
    }
}
