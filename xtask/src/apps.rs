//! The example apps: their manifests say how their components are built.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;

use crate::components::{GUEST_RUSTFLAGS, encode};
use crate::npm;
use crate::shell::{Command, root};

#[derive(Debug, Deserialize)]
struct Manifest {
    #[serde(default)]
    assets: Assets,
    #[serde(default)]
    components: BTreeMap<String, Component>,
}

#[derive(Debug, Default, Deserialize)]
struct Assets {
    build: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Component {
    path: PathBuf,
    module: Option<PathBuf>,
    build: Option<String>,
}

/// Builds the components and files of every app under `examples/`.
pub(crate) fn build_all() -> anyhow::Result<()> {
    for app in apps()? {
        build(&app)?;
    }
    Ok(())
}

/// Runs the build commands of one app, each once, and encodes what they leave. What files are made of is installed before.
pub(crate) fn build(app: &Path) -> anyhow::Result<()> {
    let file = app.join("hothouse.toml");
    let manifest: Manifest =
        toml::from_str(&fs::read_to_string(&file).with_context(|| format!("read {}", file.display()))?)
            .with_context(|| format!("{}", file.display()))?;
    if let Some(command) = &manifest.assets.build {
        if app.join("package-lock.json").is_file() {
            npm::install_app(app)?;
        }
        Command::new("sh", ["-c", command]).within(app).run()?;
    }
    let commands: BTreeSet<&str> =
        manifest.components.values().filter_map(|component| component.build.as_deref()).collect();
    for command in commands {
        Command::new("sh", ["-c", command]).within(app).env("RUSTFLAGS", GUEST_RUSTFLAGS).run()?;
    }
    for component in manifest.components.values() {
        if let Some(module) = &component.module {
            encode(&app.join(module), &app.join(&component.path))?;
        }
    }
    Ok(())
}

fn apps() -> anyhow::Result<Vec<PathBuf>> {
    let mut apps = Vec::new();
    for folder in fs::read_dir(root().join("examples"))? {
        let folder = folder?.path();
        if folder.join("hothouse.toml").is_file() {
            apps.push(folder);
        }
    }
    apps.sort();
    Ok(apps)
}
