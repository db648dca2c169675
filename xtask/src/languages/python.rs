//! Python: `componentize-py` runs the view's modules once and keeps CPython as it is then.

use std::path::PathBuf;

use super::{Recipe, WORLD, copy, source};
use crate::shell::Command;
use crate::tools;

pub(crate) fn build() -> anyhow::Result<()> {
    component("python", &["python"])?;
    // Its own `view` takes the place of the other's; all else is shared.
    component("python-html", &["python", "python-html"])
}

fn component(name: &str, folders: &[&str]) -> anyhow::Result<()> {
    let folders: Vec<PathBuf> = folders.iter().map(|folder| source(folder)).collect();
    let mut inputs = folders.clone();
    inputs.push(tools::python_lock());
    Recipe { name, inputs: &inputs, builder: include_str!("python.rs") }.make(|work, component| {
        let modules = work.join("modules");
        folders.iter().try_for_each(|folder| copy(folder, &modules))?;
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
