//! The same view in many languages, each made a component with its own tools. The tools come from lock files, and a
//! component is made again only when something that goes into it has changed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::{Resolve, WorldId};

use crate::shell::root;

mod c;
mod cache;
mod go;
mod python;
mod typescript;

use cache::Recipe;

/// What every view is, as `wit/live.wit` calls it.
const WORLD: &str = "live-view";

/// Makes the component of each language, to `target/components/language-<name>.wasm`. Rust's is among the workspace's
/// packages, which [`crate::components`] builds.
pub(crate) fn build_all() -> anyhow::Result<()> {
    c::build()?;
    typescript::build()?;
    python::build()?;
    go::build()
}

/// Where the view is written in a language.
fn source(language: &str) -> PathBuf {
    root().join("examples/languages").join(language)
}

/// The contract, read.
fn contract() -> anyhow::Result<(Resolve, WorldId)> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root().join("wit")).context("read wit/")?;
    let world = resolve.select_world(&[package], Some(WORLD))?;
    Ok((resolve, world))
}

/// Writes what a generator of bindings made.
fn write_bindings(files: &Files, folder: &Path) -> anyhow::Result<()> {
    for (name, contents) in files.iter() {
        let file = folder.join(name);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&file, contents).with_context(|| format!("write {}", file.display()))?;
    }
    Ok(())
}

/// Copies a folder with all that is in it, for tools that leave something beside what they read.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
