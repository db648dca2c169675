//! Packages of npm, from their lock files.

use std::fs;
use std::path::Path;

use crate::shell::{Command, root};
use crate::tools;

/// The browser client that the server embeds.
pub(crate) fn install_client() -> anyhow::Result<()> {
    install("host/server/client")
}

/// What the browser tests need.
pub(crate) fn install_browser_tests() -> anyhow::Result<()> {
    install("tests/browser")
}

/// `npm ci`, unless it was done for this very lock file.
fn install(folder: &str) -> anyhow::Result<()> {
    let folder = root().join(folder);
    let lock = fs::read(folder.join("package-lock.json"))?;
    let installed = folder.join("node_modules/.hothouse-lock");
    if fs::read(&installed).is_ok_and(|former| former == lock) {
        return Ok(());
    }
    tools::node()?;
    println!("npm ci in {}", folder.strip_prefix(root()).unwrap_or(Path::new("?")).display());
    Command::new("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .within(&folder)
        .run()?;
    fs::write(installed, lock)?;
    Ok(())
}
