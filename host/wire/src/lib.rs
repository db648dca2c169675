//! Phoenix channel frames and LiveView payloads, as bounded closed types.
