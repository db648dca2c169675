//! Ends the process when one input takes too long, or the memory too much.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Longest that one input may take, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most memory of the process. Nothing under test may need a tenth of it.
const MAX_RESIDENT_KIB: u64 = 512 * 1024;
const LOOKS: Duration = Duration::from_millis(100);

/// Inputs that were begun, in this process.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// An input is about to be tried.
pub(crate) fn begin() {
    BEGUN.fetch_add(1, Ordering::Relaxed);
}

/// Watches from now on, from a thread of its own. `end` is told what went wrong, and has to end the process.
pub fn watch(end: impl Fn(&str) + Send + 'static) {
    thread::spawn(move || {
        let (mut seen, mut since) = (0, Instant::now());
        loop {
            thread::sleep(LOOKS);
            let begun = BEGUN.load(Ordering::Relaxed);
            if begun != seen {
                (seen, since) = (begun, Instant::now());
            }
            if since.elapsed() > PATIENCE {
                end(&format!("took longer than {} s", PATIENCE.as_secs()));
            }
            if resident_kib().is_some_and(|resident| resident > MAX_RESIDENT_KIB) {
                end(&format!("the process has more than {MAX_RESIDENT_KIB} KiB of memory"));
            }
        }
    });
}

/// Memory of this process, where the system says it in a file.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::resident_kib;

    #[test]
    fn the_memory_of_the_process_is_known() {
        let before = resident_kib().unwrap();
        let held = vec![1_u8; 64 * 1024 * 1024];
        let with = resident_kib().unwrap();
        assert!(with > before + 32 * 1024, "{before} and {with}, holding {}", held.len());
    }
}
