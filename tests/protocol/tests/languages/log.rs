//! What the servers of these tests log.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// All that was logged in this process.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false).finish();
    // Only these tests set one.
    let _ = tracing::subscriber::set_global_default(subscriber);
    log
});

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Begins to listen, if nobody has.
pub(crate) fn listen() {
    LazyLock::force(&LOG);
}

/// The lines that hold all of these words.
pub(crate) fn lines_with(words: &[&str]) -> Vec<String> {
    let bytes = LOG.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let text = String::from_utf8_lossy(&bytes);
    text.lines().filter(|line| words.iter().all(|word| line.contains(word))).map(str::to_owned).collect()
}
