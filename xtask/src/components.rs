//! Guests: packages built for wasm, and core modules encoded as components.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use wit_component::ComponentEncoder;

use crate::shell::{Command, root};

/// The stack lies first in memory, so that its overflow traps. Not a multiple of a page: its top then shares a page
/// with the data, and an idle view keeps one page less.
pub(crate) const GUEST_RUSTFLAGS: &str = "-C link-arg=-zstack-size=30720";

/// Builds every package under `components/` and those of the examples' views to `target/components/<package>.wasm`.
pub(crate) fn build_all() -> anyhow::Result<()> {
    let packages = guest_packages()?;
    let mut arguments = vec!["build", "--profile", "guest", "--target", "wasm32-unknown-unknown"];
    arguments.extend(["--target-dir", "target/guests"]);
    for package in &packages {
        arguments.extend(["--package", package]);
    }
    Command::cargo(arguments).env("RUSTFLAGS", GUEST_RUSTFLAGS).run()?;
    for package in &packages {
        let module = root()
            .join("target/guests/wasm32-unknown-unknown/guest")
            .join(format!("{}.wasm", package.replace('-', "_")));
        encode(&module, &root().join("target/components").join(format!("{package}.wasm")))?;
    }
    Ok(())
}

/// Encodes a core module as a component. Untouched when the component is there and the same.
pub(crate) fn encode(module: &Path, component: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(module).with_context(|| format!("read {}", module.display()))?;
    let encoded = ComponentEncoder::default()
        .module(&bytes)
        .and_then(|encoder| encoder.validate(true).encode())
        .with_context(|| format!("encode {} as a component", module.display()))?;
    if fs::read(component).is_ok_and(|former| former == encoded) {
        return Ok(());
    }
    if let Some(folder) = component.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(component, &encoded).with_context(|| format!("write {}", component.display()))?;
    println!("{} ({} bytes)", component.strip_prefix(root()).unwrap_or(component).display(), encoded.len());
    Ok(())
}

/// The packages that are guests, by where they are.
fn guest_packages() -> anyhow::Result<Vec<String>> {
    let mut packages = Vec::new();
    for folder in fs::read_dir(root().join("components"))? {
        packages.extend(package_name(&folder?.path())?);
    }
    for app in fs::read_dir(root().join("examples"))? {
        let views = app?.path().join("views");
        if views.is_dir() {
            for folder in fs::read_dir(views)? {
                packages.extend(package_name(&folder?.path())?);
            }
        }
    }
    packages.sort();
    Ok(packages)
}

fn package_name(folder: &Path) -> anyhow::Result<Option<String>> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        package: Package,
    }
    #[derive(serde::Deserialize)]
    struct Package {
        name: String,
    }
    let file = folder.join("Cargo.toml");
    if !file.is_file() {
        return Ok(None);
    }
    let manifest: Manifest =
        toml::from_str(&fs::read_to_string(&file)?).with_context(|| format!("{}", file.display()))?;
    Ok(Some(manifest.package.name))
}
