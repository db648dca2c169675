//! Packages of npm, from their lock files.

use std::fs;
use std::path::Path;

use crate::shell::{Command, root};
use crate::tools;

/// The browser client that the server embeds.
pub(crate) fn install_client() -> anyhow::Result<()> {
    install("host/server/client", &["ci"])
}

/// What the browser tests need.
pub(crate) fn install_browser_tests() -> anyhow::Result<()> {
    install("tests/browser", &["ci"])
}

/// What an app's files are made of: its folder has a lock file.
pub(crate) fn install_app(app: &Path) -> anyhow::Result<()> {
    install(app, &["ci"])
}

/// What makes components of TypeScript.
pub(crate) fn install_language_tools() -> anyhow::Result<()> {
    // `npm ci` insists on a lock for what the tools offer to each platform, and some of that was never published.
    // The other way installs what is locked all the same.
    install("examples/languages", &["install", "--no-save"])
}

/// Installs what the lock file says, unless it was done for this very file.
fn install(folder: impl AsRef<Path>, how: &[&str]) -> anyhow::Result<()> {
    let folder = root().join(folder);
    let lock = fs::read(folder.join("package-lock.json"))?;
    let installed = folder.join("node_modules/.hothouse-lock");
    if fs::read(&installed).is_ok_and(|former| former == lock) {
        return Ok(());
    }
    tools::node()?;
    println!("npm {} in {}", how.join(" "), folder.strip_prefix(root()).unwrap_or(Path::new("?")).display());
    Command::new("npm", how)
        .args(["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .within(&folder)
        .run()?;
    fs::write(installed, lock)?;
    Ok(())
}
