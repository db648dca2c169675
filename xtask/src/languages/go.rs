//! Go: `wit-bindgen-go` writes the bindings, Go compiles a reactor for WASI 0.1, and an adapter makes WASI 0.2 of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use wit_bindgen_core::Files;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use super::{Recipe, contract, copy, source, write_bindings};
use crate::shell::{Command, root};
use crate::tools;

pub(crate) fn build() -> anyhow::Result<()> {
    component("go", &["go"])?;
    // Its own `view.go` takes the place of the other's; all else is shared.
    component("go-html", &["go", "go-html"])
}

fn component(name: &str, folders: &[&str]) -> anyhow::Result<()> {
    let folders: Vec<PathBuf> = folders.iter().map(|folder| source(folder)).collect();
    let mut inputs = folders.clone();
    inputs.push(tools::python_lock());
    Recipe { name, inputs: &inputs, builder: include_str!("go.rs") }.make(|work, component| {
        let (mut resolve, world) = contract()?;
        let mut files = Files::default();
        let options = wit_bindgen_go::Opts::default();
        options.build().generate(&mut resolve, world, &mut files)?;
        write_bindings(&files, work)?;
        folders.iter().try_for_each(|folder| copy(folder, work))?;
        let module = work.join("view.wasm");
        let go = |arguments: &[&str]| -> anyhow::Result<Command> {
            Ok(Command::new(tools::python()?.with_file_name("go"), arguments)
                .within(work)
                // What is compiled is kept; nothing is fetched.
                .env("GOCACHE", root().join("target/tools/go"))
                .env("GOPROXY", "off")
                .env("GOFLAGS", "-mod=mod")
                .env("GOTOOLCHAIN", "local"))
        };
        let runtime = format!("go.bytecodealliance.org/pkg={}", runtime_package()?.display());
        go(&["mod", "edit", "-replace", &runtime])?.run()?;
        go(&["build", "-buildmode=c-shared", "-ldflags=-s -w -checklinkname=0", "-o", "view.wasm"])?
            .env("GOOS", "wasip1")
            .env("GOARCH", "wasm")
            .run()?;
        let mut bytes = fs::read(&module)?;
        let (resolve, world) = contract()?;
        embed_component_metadata(&mut bytes, &resolve, world, StringEncoding::UTF8, true)?;
        let adapter = wasi_preview1_component_adapter_provider::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER;
        let encoded = ComponentEncoder::default()
            .module(&bytes)?
            .adapter(wasi_preview1_component_adapter_provider::WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, adapter)?
            .validate(true)
            .encode()?;
        fs::write(component, encoded).with_context(|| format!("write {}", component.display()))
    })
}

/// The package that generated bindings import. It comes with the generator.
fn runtime_package() -> anyhow::Result<PathBuf> {
    let metadata = Command::cargo(["metadata", "--format-version", "1", "--locked"]).stdout()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let generator = packages.iter().find(|package| package["name"] == "wit-bindgen-go");
    let manifest =
        generator.and_then(|package| package["manifest_path"].as_str()).context("wit-bindgen-go")?;
    Ok(Path::new(manifest).with_file_name("src").join("pkg"))
}
