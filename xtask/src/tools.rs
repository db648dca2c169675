//! What the commands need besides the workspace: checked for, installed where the platform's own package managers can,
//! and otherwise named with the line that installs it.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::components::{PLAIN_TARGET, WASI_TARGET};
use crate::shell::{Command, root};

const MIN_NODE: u32 = 20;
const MIN_PYTHON_MINOR: u32 = 9;
const CARGO_DENY: &str = "0.20.2";

/// The standard libraries for guests.
pub(crate) fn wasm_targets() -> anyhow::Result<()> {
    for target in [PLAIN_TARGET, WASI_TARGET] {
        let libraries = Command::new("rustc", ["--print", "target-libdir", "--target", target]).stdout()?;
        if PathBuf::from(libraries.trim()).is_dir() {
            continue;
        }
        println!("rustup target add {target}");
        Command::new("rustup", ["target", "add", target])
            .run()
            .with_context(|| format!("guests need the target: `rustup target add {target}`"))?;
    }
    Ok(())
}

/// Node and npm.
pub(crate) fn node() -> anyhow::Result<()> {
    let needed = format!("Node {MIN_NODE} or newer with npm is needed: install it with your package manager");
    let version = Command::new("node", ["--version"]).stdout().context(needed.clone())?;
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < MIN_NODE) {
        bail!("{needed} (found {})", version.trim());
    }
    Command::new("npm", ["--version"]).stdout().context(needed).map(drop)
}

/// What is installed from the Python package index, with its hashes.
pub(crate) fn python_lock() -> PathBuf {
    root().join("examples/languages/requirements.txt")
}

/// A Python of our own, in which everything of the lock file is installed.
pub(crate) fn python() -> anyhow::Result<PathBuf> {
    let folder = root().join("target/tools/python");
    let (program, installed) = (folder.join("bin/python"), folder.join("requirements.txt"));
    let lock = std::fs::read(python_lock())?;
    if std::fs::read(&installed).is_ok_and(|former| former == lock) {
        return Ok(program);
    }
    let needed = format!(
        "Python 3.{MIN_PYTHON_MINOR} or newer with `venv` is needed: install it with your package manager (on Debian: \
         `apt-get install --yes python3-venv`)"
    );
    Command::new(
        "python3",
        ["-c", &format!("import sys; assert sys.version_info >= (3, {MIN_PYTHON_MINOR})")],
    )
    .run()
    .context(needed.clone())?;
    println!("pip install --requirement examples/languages/requirements.txt (once)");
    Command::new("python3", ["-m", "venv", "--clear"]).arg(&folder).run().context(needed)?;
    Command::new(&program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--require-hashes", "--only-binary=:all:", "--requirement"])
        .arg(python_lock())
        .run()?;
    std::fs::write(installed, lock)?;
    Ok(program)
}

/// A Chromium for the browser tests.
pub(crate) fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    let line = "apt-get update && apt-get install --yes --no-install-recommends chromium";
    let is_root = Command::new("id", ["-u"]).stdout().is_ok_and(|id| id.trim() == "0");
    let has_apt = Command::new("apt-get", ["--version"]).stdout().is_ok();
    if is_root && has_apt {
        println!("{line}");
        Command::new("sh", ["-c", line]).env("DEBIAN_FRONTEND", "noninteractive").run()?;
    }
    find_chromium().with_context(|| {
        format!("the browser tests need Chromium: install it (on Debian as root: `{line}`) or name it in $CHROMIUM")
    })
}

fn find_chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    named
        .into_iter()
        .chain(
            ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(PathBuf::from),
        )
        .find(|path| path.is_file())
}

/// `cargo deny`, built once into `target/tools`. Without optimisation: it runs for a second and builds in a third of
/// the time.
pub(crate) fn cargo_deny() -> anyhow::Result<PathBuf> {
    let tools = root().join("target/tools");
    let program = tools.join("bin/cargo-deny");
    let is_there = program.is_file()
        && Command::new(&program, ["--version"]).stdout().is_ok_and(|version| version.contains(CARGO_DENY));
    if !is_there {
        println!("cargo install cargo-deny {CARGO_DENY} (once)");
        Command::cargo(["install", "cargo-deny", "--locked", "--debug", "--version", CARGO_DENY, "--root"])
            .arg(&tools)
            .run()?;
    }
    Ok(program)
}
