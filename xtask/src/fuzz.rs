//! `cargo xtask fuzz`: the targets of `tests/fuzz`, for as long as wanted.

use std::path::PathBuf;

use crate::shell::{Command, root};
use crate::{components, npm, tools};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Run the targets whose name contains this; all of them without.
    target: Option<String>,
    /// Seconds for each target; 60 without.
    #[arg(long)]
    seconds: Option<u64>,
    /// Inputs for each target, however long they take.
    #[arg(long, conflicts_with = "seconds")]
    executions: Option<u64>,
    /// Makes the same inputs as an earlier run.
    #[arg(long)]
    seed: Option<u64>,
    /// Try the input in this file and no other.
    #[arg(long, value_name = "FILE", requires = "target")]
    replay: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    tools::wasm_targets()?;
    npm::install_client()?;
    components::build_all()?;
    build()?;
    let mut command = runner(arguments.target.as_deref());
    for (option, value) in
        [("seconds", arguments.seconds), ("executions", arguments.executions), ("seed", arguments.seed)]
    {
        if let Some(value) = value {
            command = command.arg(format!("--{option}={value}"));
        }
    }
    if let Some(file) = &arguments.replay {
        command = command.arg("--replay").arg(std::path::absolute(file)?);
    }
    command.run()
}

/// Builds the runner with the features that the tests are built with.
pub(crate) fn build() -> anyhow::Result<()> {
    Command::cargo(["build", "--workspace", "--bin", "hothouse-fuzz"]).run()
}

/// The runner, for the targets whose name contains this. Its last line is `N passed, N failed`.
pub(crate) fn runner(word: Option<&str>) -> Command {
    Command::new(root().join("target/debug/hothouse-fuzz"), word)
}
