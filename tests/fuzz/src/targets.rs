//! What is fuzzed.

use std::fs;
use std::io;
use std::path::Path;

use crate::Target;

mod addresses;
mod browser;
mod components;
mod documents;
mod flash;
mod frames;
mod grammar;
mod manifest;
mod modules;
mod plain;
mod statics;
mod streams;
mod tokens;

/// Every target, in the order in which they run.
pub const ALL: &[Target] = &[
    frames::TARGET,
    documents::TARGET,
    components::TARGET,
    plain::TARGET,
    streams::TARGET,
    statics::TARGET,
    tokens::TARGET,
    flash::TARGET,
    addresses::TARGET,
    manifest::TARGET,
    modules::TARGET,
];

/// The seeds of a target, in the order of their names.
///
/// # Errors
/// When they cannot be read.
pub fn seeds(target: &Target) -> io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let mut files =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    files.sort();
    files.iter().map(fs::read).collect()
}

#[cfg(test)]
mod tests {
    use super::{ALL, seeds};
    use crate::replay;

    #[test]
    fn the_seeds_hold_and_most_of_them_are_accepted() {
        for target in ALL {
            let seeds = seeds(target).unwrap();
            let accepted = seeds.iter().filter(|seed| {
                let verdict = replay(target, seed);
                let text = String::from_utf8_lossy(seed);
                verdict.unwrap_or_else(|error| panic!("{}: {text}: {error:#}", target.name)).accepted
            });
            assert!(accepted.count() * 2 > seeds.len(), "{}", target.name);
        }
    }

    #[test]
    fn no_input_is_too_short_for_a_target() {
        for target in ALL {
            for input in [&[][..], &[0], &[0xff], &[0xff; 64], &[0; 64]] {
                replay(target, input).unwrap_or_else(|error| panic!("{}: {error:#}", target.name));
            }
        }
    }
}
