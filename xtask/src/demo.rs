//! `cargo xtask demo`: from a fresh clone to a page.

use crate::shell::{Command, SERVER_BUILD, root};
use crate::{apps, components, languages, npm, tools};

const ADDRESS: &str = "127.0.0.1:4000";

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Serve the view that is written in every language instead: this installs their tools, 1.3 GB, under target/ and
    /// examples/languages/node_modules.
    #[arg(long)]
    all_languages: bool,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    println!("1/4 what is needed");
    tools::node()?;
    tools::wasm_targets()?;
    npm::install_client()?;
    println!("2/4 the views, compiled to WebAssembly components");
    let app = if arguments.all_languages {
        components::build_all()?;
        languages::build_all()?;
        root().join("examples/languages")
    } else {
        let showcase = root().join("examples/showcase");
        apps::build(&showcase)?;
        showcase
    };
    println!("3/4 the server (the first time takes some minutes)");
    Command::cargo(SERVER_BUILD).run()?;
    println!(
        "4/4 serving; stop with Ctrl-C. The README of each other app under examples/ says how to serve it"
    );
    Command::new(root().join("target/debug/hothouse"), ["serve", "--listen", ADDRESS, "--app"]).arg(app).run()
}
