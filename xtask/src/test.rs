//! `cargo xtask test`: everything that is tested, stage by stage. Every stage runs, whatever became of the others; one
//! that cannot run has failed. The last line is `N passed, N failed`.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use crate::shell::{Command, Output, SERVER_BUILD, root};
use crate::{apps, components, fuzz, languages, npm, tidy, tools};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Run one group only.
    #[arg(value_enum)]
    group: Option<Group>,
    /// Run only tests whose name contains this, in the groups that have names.
    #[arg(long, value_name = "WORD")]
    grep: Option<String>,
}

/// The stages, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// `cargo fmt --check`.
    Format,
    /// What the compiler cannot check.
    Tidy,
    /// The guests of the tests and the examples, built, in every language.
    Guests,
    /// `cargo clippy`, warnings denied.
    Clippy,
    /// Unit, property, doc and compile-fail tests.
    Unit,
    /// The wire protocol against the real server.
    Protocol,
    /// The same view in every language.
    Languages,
    /// Attacks on the real server.
    Limits,
    /// Hostile input, for 60 seconds on each target, as many at once as there are cores.
    Fuzz,
    /// The real client's merge on recorded diffs, in Node.
    Merge,
    /// The real client in Chromium.
    Browser,
    /// `cargo doc`, warnings denied.
    Docs,
    /// `cargo deny check bans licenses sources`.
    Deny,
}

/// The test targets that are not run by default: stages of their own.
const PROTOCOL: [&str; 2] = ["--test", "protocol"];
const LANGUAGES: [&str; 2] = ["--test", "languages"];
const LIMITS: [&str; 2] = ["--test", "limits"];

/// Tests of one stage.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    passed: u64,
    failed: u64,
}

impl Counts {
    const ONE: Self = Self { passed: 1, failed: 0 };
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let grep = arguments.grep.as_deref();
    let began = Instant::now();
    let mut total = Counts::default();
    let mut lines = Vec::new();
    for group in Group::value_variants() {
        if arguments.group.is_some_and(|wanted| wanted != *group) {
            continue;
        }
        let name = format!("{group:?}").to_lowercase();
        println!("── {name}");
        let stage_began = Instant::now();
        let counts =
            group.prepare(arguments.group.is_some()).and_then(|()| group.run(grep)).unwrap_or_else(|error| {
                println!("{name} failed: {error:#}");
                Counts { passed: 0, failed: 1 }
            });
        lines.push(line(&name, stage_began.elapsed(), counts));
        total.passed += counts.passed;
        total.failed += counts.failed;
    }
    println!("\nseconds per stage");
    lines.iter().for_each(|line| println!("{line}"));
    println!("{}", line("total", began.elapsed(), total));
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 || total.passed == 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn line(name: &str, took: Duration, counts: Counts) -> String {
    format!("{name:>9} {:>7.1} s {:>5} passed {:>3} failed", took.as_secs_f64(), counts.passed, counts.failed)
}

impl Group {
    /// What must be there before the stage runs. Alone, a stage brings along what an earlier one would have made.
    fn prepare(self, alone: bool) -> anyhow::Result<()> {
        match self {
            Self::Guests => tools::wasm_targets()?,
            Self::Clippy | Self::Docs => npm::install_client()?,
            Self::Unit | Self::Protocol | Self::Limits | Self::Fuzz | Self::Merge => {
                npm::install_client()?;
                if alone {
                    build_guests()?;
                }
            }
            Self::Languages | Self::Browser => {
                npm::install_client()?;
                if alone {
                    build_guests()?;
                    languages::build_all()?;
                }
            }
            Self::Format | Self::Tidy | Self::Deny => {}
        }
        Ok(())
    }

    fn run(self, grep: Option<&str>) -> anyhow::Result<Counts> {
        match self {
            Self::Format => quiet(Command::cargo(["fmt", "--all", "--check"])),
            Self::Tidy => tidy::run().map(|()| Counts::ONE),
            Self::Guests => {
                build_guests()?;
                languages::build_all()?;
                Ok(Counts::ONE)
            }
            Self::Clippy => {
                // "All" leaves out what is not tested by default.
                for targets in [&["--all-targets"][..], &PROTOCOL, &LANGUAGES, &LIMITS] {
                    let mut command = Command::cargo(["clippy", "--workspace"]);
                    for argument in targets.iter().chain(&["--", "--deny", "warnings"]) {
                        command = command.arg(argument);
                    }
                    quiet(command)?;
                }
                Ok(Counts::ONE)
            }
            Self::Unit => cargo_test(&[], grep),
            Self::Protocol => {
                clear_recordings()?;
                cargo_test(&PROTOCOL, grep)
            }
            Self::Languages => cargo_test(&LANGUAGES, grep),
            Self::Limits => {
                Command::cargo(SERVER_BUILD).run()?;
                cargo_test(&LIMITS, grep)
            }
            Self::Fuzz => {
                fuzz::build()?;
                let output = fuzz::runner(grep).output()?;
                // How many inputs there were is worth knowing when all is well, too.
                output
                    .text
                    .lines()
                    .filter(|line| line.contains(" executions "))
                    .for_each(|line| println!("{line}"));
                counted(output)
            }
            Self::Merge => {
                let recorded = root().join("target/recorded");
                let has_recordings = recorded.is_dir() && recorded.read_dir()?.next().is_some();
                if !has_recordings {
                    cargo_test(&PROTOCOL, None)?;
                }
                npm::install_browser_tests()?;
                node_tests("tests/browser/merge.mjs", grep)
            }
            Self::Browser => {
                let chromium = tools::chromium()?;
                npm::install_browser_tests()?;
                Command::cargo(SERVER_BUILD)
                    .arg("--bin")
                    .arg("embed")
                    .arg("--bin")
                    .arg("assistant-model")
                    .run()?;
                let command = Command::new("node", ["tests/browser/run.mjs"]).env("CHROMIUM", chromium);
                let command = match grep {
                    Some(word) => command.arg(format!("--grep={word}")),
                    None => command,
                };
                counted(command.output()?)
            }
            Self::Docs => quiet(
                Command::cargo(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings"),
            ),
            Self::Deny => {
                let program = tools::cargo_deny()?;
                quiet(Command::new(program, ["check", "bans", "licenses", "sources"]))
            }
        }
    }
}

fn build_guests() -> anyhow::Result<()> {
    components::build_all()?;
    apps::build_all()
}

/// What an earlier run recorded says nothing about this one.
fn clear_recordings() -> anyhow::Result<()> {
    match std::fs::remove_dir_all(root().join("target/recorded")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// A stage that is one check: its output is shown only when it fails.
fn quiet(command: Command) -> anyhow::Result<Counts> {
    let output = command.output()?;
    if !output.success {
        println!("{}", output.text);
        bail!("`{}`", output.shown);
    }
    Ok(Counts::ONE)
}

/// Always the whole workspace, of which `selection` names targets: selecting packages would select features as well,
/// and build wasmtime once for each set of them.
fn cargo_test(selection: &[&str], grep: Option<&str>) -> anyhow::Result<Counts> {
    let mut command = Command::cargo(["test", "--workspace", "--no-fail-fast"]);
    for argument in selection {
        command = command.arg(argument);
    }
    if let Some(word) = grep {
        command = command.arg("--").arg(word);
    }
    let output = command.output()?;
    let mut counts = Counts::default();
    for line in output.text.lines().filter(|line| line.starts_with("test result:")) {
        counts.passed += number_before(line, " passed").context("cargo's result line")?;
        counts.failed += number_before(line, " failed").context("cargo's result line")?;
    }
    conclude(output, counts)
}

fn node_tests(script: &str, grep: Option<&str>) -> anyhow::Result<Counts> {
    let command = Command::new("node", [script]);
    let command = match grep {
        Some(word) => command.arg(format!("--grep={word}")),
        None => command,
    };
    counted(command.output()?)
}

/// What a runner printed whose last line is `N passed, N failed`.
fn counted(output: Output) -> anyhow::Result<Counts> {
    let last =
        output.text.lines().rev().find(|line| line.contains(" passed, ")).unwrap_or_default().to_owned();
    let counts = Counts {
        passed: number_before(&last, " passed").unwrap_or(0),
        failed: number_before(&last, " failed").unwrap_or(0),
    };
    conclude(output, counts)
}

fn conclude(output: Output, mut counts: Counts) -> anyhow::Result<Counts> {
    if !output.success || counts.failed > 0 {
        println!("{}", output.text);
        // A build that fails has no tests to count.
        counts.failed = counts.failed.max(1);
    } else if counts.passed == 0 {
        bail!("`{}` ran no test", output.shown);
    }
    Ok(counts)
}

fn number_before(line: &str, word: &str) -> Option<u64> {
    line.split(word).next()?.rsplit(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number_before;

    #[test]
    fn counts_are_read_from_the_runners_lines() {
        let line = "test result: ok. 11 passed; 2 failed; 0 ignored; 0 measured; finished in 0.00s";
        assert_eq!((number_before(line, " passed"), number_before(line, " failed")), (Some(11), Some(2)));
        assert_eq!(number_before("7 passed, 0 failed", " passed"), Some(7));
        assert_eq!(number_before("no such", " passed"), None);
    }
}
