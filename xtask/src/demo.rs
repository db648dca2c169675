//! `cargo xtask demo`: from a fresh clone to a page.

use crate::shell::{Command, SERVER_BUILD, root};
use crate::{apps, npm, tools};

const ADDRESS: &str = "127.0.0.1:4000";

pub(crate) fn run() -> anyhow::Result<()> {
    println!("1/4 what is needed");
    tools::node()?;
    tools::wasm_targets()?;
    npm::install_client()?;
    println!("2/4 the views, compiled to WebAssembly components");
    let app = root().join("examples/showcase");
    apps::build(&app)?;
    println!("3/4 the server (the first time takes some minutes)");
    Command::cargo(SERVER_BUILD).run()?;
    println!("4/4 serving; stop with Ctrl-C");
    Command::new(root().join("target/debug/hothouse"), ["serve", "--listen", ADDRESS, "--app"]).arg(app).run()
}
