//! Python: `componentize-py` runs the view's modules once and keeps CPython as it is then.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Recipe, WORLD, copy, source};
use crate::shell::Command;
use crate::tools;

pub(crate) fn build() -> anyhow::Result<()> {
    component("python", &["python"], &[])?;
    // Its own `view` takes the place of the other's; all else is shared.
    component("python-html", &["python", "python-html"], &["jinja2", "markupsafe"])
}

/// A component of the modules in these folders, and of these packages.
fn component(name: &str, folders: &[&str], packages: &[&str]) -> anyhow::Result<()> {
    let folders: Vec<PathBuf> = folders.iter().map(|folder| source(folder)).collect();
    let mut inputs = folders.clone();
    inputs.push(tools::python_lock());
    Recipe { name, inputs: &inputs, builder: include_str!("python.rs") }.make(|work, component| {
        let modules = work.join("modules");
        folders.iter().try_for_each(|folder| copy(folder, &modules))?;
        packages.iter().try_for_each(|package| copy_package(package, &modules))?;
        Command::new(
            tools::python()?.with_file_name("componentize-py"),
            ["--quiet", "--wit-path", "wit", "--world", WORLD, "componentize", "view", "--python-path"],
        )
        .arg(modules)
        // With real WASI it would import sockets, which no view may.
        .args(["--stub-wasi", "--output"])
        .arg(component)
        .run()
    })
}

/// What is compiled for this machine is left out: a package that brings it along does without.
fn copy_package(package: &str, modules: &Path) -> anyhow::Result<()> {
    let find = format!("import {package}; print({package}.__path__[0])");
    let folder = Command::new(tools::python()?, ["-c", &find]).stdout()?;
    let copied = modules.join(package);
    copy(Path::new(folder.trim()), &copied)?;
    for entry in fs::read_dir(&copied)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "so" || extension == "pyd") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
