//! Core modules of components: of a component that is valid, merging makes one that is valid, and always the same.
//!
//! An input is a component as text, or as bytes.

use anyhow::{Context as _, ensure};
use hothouse_merge::{MergeError, merge};
use wasmparser::{Parser, Payload, Validator};

use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude};

pub(super) const TARGET: Target = Target {
    name: "modules",
    run,
    max_bytes: 16 * 1024,
    dictionary: &[
        "(component ",
        "(core module ",
        "(core instance ",
        "(instantiate ",
        "(with \"",
        "(instance ",
        "(alias core export ",
        "(core func ",
        "(core memory ",
        "(core table ",
        "(core global ",
        "(canon lift ",
        "(canon lower ",
        "(canon resource.drop ",
        "(type (resource (rep i32) (dtor (func ",
        "(import \"",
        "(export \"",
        "(func ",
        "(param i32)",
        "(result i32)",
        "(memory ",
        "(memory 1)",
        "(table ",
        "(table 1 funcref)",
        "(global ",
        "(global (mut i32) (i32.const 0))",
        "(global.get ",
        "(ref.func ",
        "(elem ",
        "(elem declare func ",
        "(data ",
        "(start ",
        "(call ",
        "(call_indirect ",
        "(i32.const ",
        "(i32.add ",
        "memory.init ",
        "data.drop ",
        "table.init ",
        "elem.drop ",
        "table.get ",
        "$first",
        "$second",
        "\"run\"",
        "funcref",
        "externref",
        ")",
        "))",
        ")))",
        "0",
        "1",
        ";;",
        "\n",
    ],
    lengths: &[100, 1_000],
};

fn run(input: &[u8]) -> Verdict {
    let Ok(component) = wat::parse_bytes(input) else { return Ok(Outcome::refused("not a text")) };
    let is_valid = Validator::new().validate_all(&component).is_ok();
    let merged = match merge(&component) {
        Ok(merged) => merged,
        Err(MergeError::Invalid(error)) => {
            ensure!(!is_valid, "a valid component is called invalid: {error}");
            return Ok(Outcome::refused("not valid"));
        }
        Err(MergeError::Unsupported(what)) => return Ok(Outcome::refused(what)),
    };
    ensure!(is_valid, "an invalid component is merged");
    Validator::new().validate_all(&merged).context("what was merged is not valid")?;
    ensure!(merge(&component)? == merged, "merging is not deterministic");
    let (before, after) = (modules(&component)?, modules(&merged)?);
    ensure!(after <= before, "there were {before} modules, and now there are {after}");
    Ok(Outcome::accepted((magnitude(before), magnitude(after), magnitude(merged.len()))))
}

fn modules(component: &[u8]) -> anyhow::Result<usize> {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(component) {
        count += usize::from(matches!(payload?, Payload::ModuleSection { .. }));
    }
    Ok(count)
}
