//! The counter of the benchmarks.
