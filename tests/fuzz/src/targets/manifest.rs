//! Manifests: what is accepted can be served, and whatever is wrong is said in a message that fits on a screen.

use std::path::Path;

use anyhow::ensure;
use hothouse::manifest::{Manifest, ManifestError};

use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude, shape_of};

/// Longest message, in bytes.
const MAX_MESSAGE_BYTES: usize = 16 * 1024;
const MAX_NAME_BYTES: usize = 63;
const MAX_ROUTES: usize = 1_000;

pub(super) const TARGET: Target = Target {
    name: "manifest",
    run,
    max_bytes: 64 * 1024,
    dictionary: &[
        "name = \"shop\"\n",
        "title = \"T\"\n",
        "public_url = \"https://shop.example\"\n",
        "[components.cart]\n",
        "path = \"build/cart.wasm\"\n",
        "module = \"m.wasm\"\n",
        "build = \"make\"\n",
        "raw_markup = true\n",
        "put_session = true\n",
        "kv = true\n",
        "hooks = [\"Sortable\"]\n",
        "hooks_module = \"views/hooks.js\"\n",
        "[assets]\n",
        "[session]\n",
        "encrypted = true\n",
        "max_age_s = 3600\n",
        "[[routes]]\n",
        "path = \"/cart\"\n",
        "component = \"cart\"\n",
        "routes = [",
        "components = {",
        "{",
        "}",
        "[",
        "]",
        "[[",
        "]]",
        "=",
        "\"",
        "'",
        "\"\"\"",
        "'''",
        "\n",
        "#",
        ".",
        ",",
        "\\u0000",
        "\\u00e9",
        "\\x",
        "/_hothouse",
        "/live/",
        "true",
        "inf",
        "nan",
        "1979-05-27T07:32:00Z",
        "0x1f",
        "1_000",
        "nmae",
        "componet",
        "[a.b.c]\n",
        "a.b = 1\n",
        "\r\n",
        "{a={a={a={a={a={a=",
        "[[[[[[[[",
        "é",
    ],
    lengths: &[MAX_NAME_BYTES, 80, 128, MAX_ROUTES, 16 * 1024],
};

fn run(input: &[u8]) -> Verdict {
    let text = &*String::from_utf8_lossy(input);
    let parse = || Manifest::parse(text, Path::new("hothouse.toml"));
    let result = parse();
    match (&result, parse()) {
        (Ok(manifest), Ok(again)) => ensure!(*manifest == again, "parsing is not deterministic"),
        (Err(error), Err(again)) => {
            ensure!(error.to_string() == again.to_string(), "parsing is not deterministic");
        }
        _ => ensure!(false, "parsing is not deterministic"),
    }
    let manifest = match result {
        Ok(manifest) => manifest,
        Err(error) => return refused(&error),
    };
    let is_name = |name: &str| {
        (1..=MAX_NAME_BYTES).contains(&name.len())
            && name.chars().all(|character| matches!(character, 'a'..='z' | '0'..='9' | '-'))
    };
    ensure!(is_name(&manifest.name), "the name {:?} is accepted", manifest.name);
    for name in manifest.components.keys() {
        ensure!(is_name(name), "a component's name {name:?} is accepted");
    }
    ensure!(
        (1..=MAX_ROUTES).contains(&manifest.routes.len()),
        "{} routes are accepted",
        manifest.routes.len()
    );
    for route in &manifest.routes {
        let is_own = route.path.starts_with('/') && !route.path.starts_with("/live/");
        ensure!(is_own && !route.path.starts_with("/_hothouse"), "the path {:?} is accepted", route.path);
        let is_known = manifest.components.contains_key(&route.component);
        ensure!(is_known, "a route to {:?} is accepted", route.component);
    }
    let options = (manifest.title.is_some(), manifest.public_url.is_some());
    let counts = (magnitude(manifest.routes.len()), magnitude(manifest.components.len()));
    Ok(Outcome::accepted((options, counts)))
}

fn refused(error: &ManifestError) -> Verdict {
    let message = error.to_string();
    ensure!(message.len() <= MAX_MESSAGE_BYTES, "a message of {} bytes", message.len());
    Ok(Outcome::refused(match error {
        // The line that is wrong is in it: what is said of it stands last.
        ManifestError::Syntax { message, .. } => (0, around_names(message.lines().last())),
        ManifestError::Invalid { problems, .. } => {
            (magnitude(problems.len()), around_names(problems.last().map(String::as_str)))
        }
        other => (0, around_names(Some(&other.to_string()))),
    }))
}

/// What stands around the names in a message, which may have been made up.
fn around_names(message: Option<&str>) -> (String, String) {
    let parts = || message.unwrap_or_default().split('`');
    let short = |part: Option<&str>| shape_of(part.unwrap_or_default()).chars().take(16).collect();
    (short(parts().next()), short(parts().next_back()))
}
