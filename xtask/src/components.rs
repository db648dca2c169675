//! Guests: packages built for wasm, and core modules encoded as components.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use wit_component::ComponentEncoder;

use crate::shell::{Command, root};

/// The stack lies first in memory, so that its overflow traps. Not a multiple of a page: its top then shares a page
/// with the data, and an idle view keeps one page less.
pub(crate) const GUEST_RUSTFLAGS: &str = "-C link-arg=-zstack-size=30720";

/// A guest without WASI, encoded as a component by us.
pub(crate) const PLAIN_TARGET: &str = "wasm32-unknown-unknown";
/// A guest with the standard library, which its linker makes a component.
pub(crate) const WASI_TARGET: &str = "wasm32-wasip2";

/// Builds every package under `components/` and those of the examples to `target/components/<package>.wasm`.
pub(crate) fn build_all() -> anyhow::Result<()> {
    let guests = guests()?;
    for target in [PLAIN_TARGET, WASI_TARGET] {
        let packages =
            guests.iter().filter(|guest| guest.target() == target).map(|guest| guest.name.as_str());
        let mut arguments =
            vec!["build", "--profile", "guest", "--target-dir", "target/guests", "--target", target];
        arguments.extend(packages.clone().flat_map(|package| ["--package", package]));
        Command::cargo(arguments).env("RUSTFLAGS", GUEST_RUSTFLAGS).run()?;
        for package in packages {
            let built = root()
                .join("target/guests")
                .join(target)
                .join("guest")
                .join(format!("{}.wasm", package.replace('-', "_")));
            let component = root().join("target/components").join(format!("{package}.wasm"));
            if target == PLAIN_TARGET {
                encode(&built, &component)?;
            } else {
                let bytes = fs::read(&built).with_context(|| format!("read {}", built.display()))?;
                write_if_new(&component, &bytes)?;
            }
        }
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
    write_if_new(component, &encoded)
}

/// Writes a file unless it is there and the same.
fn write_if_new(component: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if fs::read(component).is_ok_and(|former| former == bytes) {
        return Ok(());
    }
    if let Some(folder) = component.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(component, bytes).with_context(|| format!("write {}", component.display()))?;
    println!("{} ({} bytes)", component.strip_prefix(root()).unwrap_or(component).display(), bytes.len());
    Ok(())
}

/// A package that is a guest.
#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Guest {
    name: String,
    #[serde(default)]
    metadata: Metadata,
}

/// What a guest's manifest says to this command: `[package.metadata.hothouse]`.
#[derive(serde::Deserialize, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Metadata {
    hothouse: Option<Build>,
}

#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Build {
    target: String,
}

impl Guest {
    fn target(&self) -> &str {
        self.metadata.hothouse.as_ref().map_or(PLAIN_TARGET, |build| build.target.as_str())
    }
}

/// The packages that are guests, by where they are.
fn guests() -> anyhow::Result<Vec<Guest>> {
    let mut guests = Vec::new();
    for folder in fs::read_dir(root().join("components"))? {
        guests.extend(guest(&folder?.path())?);
    }
    for app in fs::read_dir(root().join("examples"))? {
        let views = app?.path().join("views");
        if views.is_dir() {
            for folder in fs::read_dir(views)? {
                guests.extend(guest(&folder?.path())?);
            }
        }
    }
    guests.extend(guest(&root().join("examples/languages/rust"))?);
    guests.sort();
    Ok(guests)
}

fn guest(folder: &Path) -> anyhow::Result<Option<Guest>> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        package: Guest,
    }
    let file = folder.join("Cargo.toml");
    if !file.is_file() {
        return Ok(None);
    }
    let manifest: Manifest =
        toml::from_str(&fs::read_to_string(&file)?).with_context(|| format!("{}", file.display()))?;
    Ok(Some(manifest.package))
}
