//! TypeScript: types from the contract, checked with `tsc`, bundled with `rolldown`, and carried by QuickJS or
//! SpiderMonkey.

use std::path::{Path, PathBuf};

use super::{Recipe, WORLD, source};
use crate::npm;
use crate::shell::{Command, root};

/// What carries the JavaScript.
#[derive(Clone, Copy)]
enum Engine {
    QuickJs,
    SpiderMonkey,
}

pub(crate) fn build() -> anyhow::Result<()> {
    component("typescript", "typescript", Engine::QuickJs)?;
    component("spidermonkey", "typescript", Engine::SpiderMonkey)?;
    component("typescript-html", "typescript-html", Engine::QuickJs)
}

fn component(name: &str, folder: &str, engine: Engine) -> anyhow::Result<()> {
    let files = ["typescript", folder, "package.json", "package-lock.json", "tsconfig.json", "types.mjs"];
    let inputs: Vec<PathBuf> = files.map(source).into();
    Recipe { name, inputs: &inputs, builder: include_str!("typescript.rs") }.make(|work, component| {
        npm::install_language_tools()?;
        check_types()?;
        let bundle = work.join("view.js");
        tool("rolldown")
            .arg(source(folder).join("view.ts"))
            .args([
                "--format",
                "esm",
                "--external",
                "hothouse:live/environment@0.1.0",
                "--logLevel",
                "warn",
                "--file",
            ])
            .arg(&bundle)
            .run()?;
        match engine {
            Engine::QuickJs => quickjs(&bundle, component),
            Engine::SpiderMonkey => spidermonkey(&bundle, component),
        }
    })
}

/// Writes the contract's types to where `tsconfig.json` expects them, and checks all of it.
fn check_types() -> anyhow::Result<()> {
    Command::new(
        "node",
        [source("types.mjs"), root().join("wit/live.wit"), root().join("target/languages/types")],
    )
    .run()?;
    tool("tsc").arg("--project").arg(source("tsconfig.json")).run()
}

fn quickjs(bundle: &Path, component: &Path) -> anyhow::Result<()> {
    // Synchronous: hosts without the component model's async run it. With WASI as it is: stubs in its place would be
    // two components more, which each view would pay for with 13 KB.
    let command =
        tool("componentize-qjs").args(["--wit", "wit", "--world", WORLD, "--sync", "--minify", "--js"]);
    command.arg(bundle).arg("--output").arg(component).quietly()
}

fn spidermonkey(bundle: &Path, component: &Path) -> anyhow::Result<()> {
    // All that can be left out is: a view needs none of it, and imports of HTTP are refused.
    tool("componentize-js")
        .arg(bundle)
        .args(["--wit", "wit", "--world-name", WORLD, "--out"])
        .arg(component)
        .args(["--disable", "stdio", "random", "clocks", "http", "fetch-event"])
        .quietly()
}

fn tool(name: &str) -> Command {
    Command::new(source("node_modules/.bin").join(name), [""; 0])
}
