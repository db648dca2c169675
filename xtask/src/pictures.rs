//! `cargo xtask docs-images`: the pictures of the docs, taken by the browser tests.

use std::fs;

use anyhow::Context as _;

use crate::shell::{Command, SERVER_BUILD, root};
use crate::{apps, npm, tools};

/// Where the docs have them.
pub(crate) const FOLDER: &str = "docs/images";
/// Where the tests put them.
const TAKEN: &str = "tests/browser/results/pictures";

pub(crate) fn run() -> anyhow::Result<()> {
    let chromium = tools::chromium()?;
    tools::wasm_targets()?;
    npm::install_client()?;
    apps::build_all()?;
    Command::cargo(SERVER_BUILD).run()?;
    npm::install_browser_tests()?;
    // What an earlier run has taken may not be a picture any more.
    let taken = root().join(TAKEN);
    if taken.is_dir() {
        fs::remove_dir_all(&taken)?;
    }
    Command::new("node", ["tests/browser/run.mjs", "--grep=the picture"]).env("CHROMIUM", chromium).run()?;
    for entry in fs::read_dir(&taken)? {
        let name = entry?.file_name();
        let to = root().join(FOLDER).join(&name);
        fs::copy(taken.join(&name), &to).with_context(|| to.display().to_string())?;
        println!("{}", to.display());
    }
    Ok(())
}
