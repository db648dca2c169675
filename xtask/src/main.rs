//! The project's own commands: `cargo xtask demo`, `cargo xtask test`, and what they are made of.

use clap::{Parser, Subcommand};

mod apps;
mod components;
mod demo;
mod fuzz;
mod languages;
mod npm;
mod pictures;
mod shell;
mod test;
mod tidy;
mod tools;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The project's own commands")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the host and the showcase, and serve it on 127.0.0.1:4000.
    Demo(demo::Arguments),
    /// Run everything that is tested. The last line is `N passed, N failed`.
    Test(test::Arguments),
    /// Try hostile input on everything that strangers and guests send.
    Fuzz(fuzz::Arguments),
    /// Build the guests that tests use, to target/components.
    BuildComponents,
    /// Build the components of examples/languages, to target/components.
    BuildLanguages,
    /// Build the components of the example apps; with --release the server too.
    BuildExamples {
        /// Build the server optimised, to target/release/hothouse.
        #[arg(long)]
        release: bool,
    },
    /// Take the pictures of the docs anew, to docs/images.
    DocsImages,
    /// Check what the compiler cannot.
    Tidy,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::BuildComponents => {
            tools::wasm_targets()?;
            components::build_all()
        }
        Command::BuildLanguages => {
            tools::wasm_targets()?;
            components::build_all()?;
            languages::build_all()
        }
        Command::BuildExamples { release } => {
            tools::wasm_targets()?;
            apps::build_all()?;
            if release {
                npm::install_client()?;
                shell::Command::cargo(shell::SERVER_BUILD).arg("--release").run()?;
            }
            Ok(())
        }
        Command::DocsImages => pictures::run(),
        Command::Tidy => tidy::run(),
    }
}
