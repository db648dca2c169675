//! An independent Phoenix LiveView client for tests.
