//! C: `wit-bindgen-c` writes the bindings, `zig cc` compiles, and the encoder makes it a component.

use wit_bindgen_core::Files;

use super::{Recipe, contract, source, write_bindings};
use crate::components::encode;
use crate::shell::{Command, root};
use crate::tools;

/// As large as that of Rust guests. Zig puts the stack first, so that its overflow traps.
const STACK: &str = "-Wl,-z,stack-size=30720";

pub(crate) fn build() -> anyhow::Result<()> {
    let view = source("c");
    let recipe =
        Recipe { name: "c", inputs: &[view.clone(), tools::python_lock()], builder: include_str!("c.rs") };
    recipe.make(|work, component| {
        let (mut resolve, world) = contract()?;
        let mut files = Files::default();
        let options = wit_bindgen_c::Opts { rename_world: Some("view".to_owned()), ..Default::default() };
        options.build().generate(&mut resolve, world, &mut files)?;
        write_bindings(&files, work)?;
        let module = work.join("view.wasm");
        Command::new(tools::python()?, ["-m", "ziglang", "cc"])
            // Where it keeps its C library once it is built.
            .env("ZIG_GLOBAL_CACHE_DIR", root().join("target/tools/zig"))
            .args([
                "-target",
                "wasm32-wasi",
                "-mexec-model=reactor",
                "-Os",
                "-std=c17",
                "-Wall",
                "-Wextra",
                "-Werror",
            ])
            .args([STACK, "-s", "-I"])
            .arg(work)
            .arg(view.join("view.c"))
            // Generated: not ours to warn about.
            .arg("-w")
            .arg(work.join("view.c"))
            .arg(work.join("view_component_type.o"))
            .arg("-o")
            .arg(&module)
            .run()?;
        encode(&module, component)
    })
}
