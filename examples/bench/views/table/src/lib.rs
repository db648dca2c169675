//! The table of the benchmarks: 1,000 rows of five cells.
