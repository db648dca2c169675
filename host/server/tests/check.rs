//! `hothouse check`: the real program explains apps and components, and names what is wrong. Needs
//! `cargo xtask build-components`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn component(package: &str) -> PathBuf {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/components").join(format!("{package}.wasm"));
    assert!(file.is_file(), "run `cargo xtask build-components`");
    file.canonicalize().unwrap()
}

/// What `hothouse check` prints for an app with this manifest, and whether it was content.
fn check(manifest: &str, ceilings: Option<&str>) -> (bool, String) {
    check_with_assets(manifest, ceilings, 0)
}

/// The same for an app with so many style sheets.
fn check_with_assets(manifest: &str, ceilings: Option<&str>, assets: usize) -> (bool, String) {
    let app = tempfile::tempdir().unwrap();
    std::fs::create_dir(app.path().join("assets")).unwrap();
    for number in 1..=assets {
        std::fs::write(app.path().join(format!("assets/{number:03}.css")), "p { color: red }").unwrap();
    }
    std::fs::write(app.path().join("hothouse.toml"), manifest).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hothouse"));
    command.args(["check", "--app"]).arg(app.path());
    if let Some(ceilings) = ceilings {
        let file = app.path().join("ceilings.toml");
        std::fs::write(&file, ceilings).unwrap();
        command.arg("--limits").arg(file);
    }
    said(&mut command)
}

fn said(command: &mut Command) -> (bool, String) {
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.success(), text)
}

fn manifest(components: &[(&str, &Path)], rest: &str) -> String {
    let mut text = String::from("name = \"shop\"\n");
    for (name, file) in components {
        text.push_str(&format!("[components.{name}]\npath = {:?}\n", file.display().to_string()));
        text.push_str(&format!("[[routes]]\npath = \"/{name}\"\ncomponent = \"{name}\"\n"));
    }
    text + rest
}

#[track_caller]
fn contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn who_may_change_the_session_is_said_and_how_it_travels() {
    let counter = component("showcase-counter");
    let (content, text) = check(&manifest(&[("counter", &counter)], ""), None);
    assert!(content && !text.contains("put_session"), "{text}");
    contains(
        &text,
        &["in a cookie that is signed, and readable to whoever has it, until the browser is closed"],
    );
    let manifest = manifest(&[("counter", &counter)], "[session]\nencrypted = true\nmax_age_s = 60\n");
    let (_, text) = check(&manifest.replace("[[routes]]", "put_session = true\n[[routes]]"), None);
    contains(
        &text,
        &[
            "may change the browser's session, and so sign people in: `put_session`",
            "in a cookie that is encrypted, for 60 s",
        ],
    );
}

#[test]
fn hooks_are_said_and_what_is_missing_is_named() {
    let counter = component("showcase-counter");
    let manifest = manifest(&[("counter", &counter)], "");
    let (_, text) = check(&manifest, None);
    assert!(!text.contains("hooks"), "{text}");
    let granted = manifest.replace("[[routes]]", "hooks = [\"Sortable\", \"Copy\"]\n[[routes]]");
    let (content, text) = check(&granted, None);
    assert!(content, "{text}");
    contains(
        &text,
        &[
            "may name hooks of the app: Sortable, Copy",
            "note: component `counter` may name hooks of the app, and there is no `assets/hooks.js`: write it, or take `hooks` out",
        ],
    );
    let missing = manifest.replace("[[routes]]", "hooks_module = \"views/hooks.js\"\n[[routes]]");
    let (content, text) = check(&missing, None);
    assert!(!content, "{text}");
    contains(&text, &["component `counter`: `hooks_module`: ", "/views/hooks.js: No such file or directory"]);
}

#[test]
fn services_are_the_embedding_applications_and_serve_has_none() {
    let asks = component("asks-everything");
    let manifest = manifest(&[("asks", &asks)], "[components.asks.config]\na = \"b\"\n");
    let without = check(&manifest, None);
    contains(&without.1, &["hothouse:live/services@0.1.0: answers `forbidden`"]);
    let manifest = manifest.replace("[[routes]]", "services = [\"stock\"]\n[[routes]]");
    let (content, text) = check(&manifest, None);
    assert!(content, "{text}");
    contains(&text, &["hothouse:live/services@0.1.0: served", "`asks` calls service `stock`"]);

    let app = tempfile::tempdir().unwrap();
    std::fs::write(app.path().join("hothouse.toml"), manifest).unwrap();
    let mut serve = Command::new(env!("CARGO_BIN_EXE_hothouse"));
    let (content, text) = said(serve.args(["serve", "--listen", "127.0.0.1:0", "--app"]).arg(app.path()));
    assert!(!content, "{text}");
    contains(
        &text,
        &["component `asks` asks for service `stock`, which is not registered", "embeds the server"],
    );
}

#[test]
fn an_app_is_explained() {
    let counter = component("showcase-counter");
    let rest = "[components.counter.limits]\nmemory_bytes = 5000000\n[limits]\neffects = 7\n";
    let (content, text) = check(&manifest(&[("counter", &counter)], rest), None);
    assert!(content, "{text}");
    contains(
        &text,
        &[
            "app `shop`",
            "component `counter`",
            "exports hothouse:live/lifecycle@0.1.0",
            "imports hothouse:live/environment@0.1.0: served",
            "roomy: its memory may grow to 5000000 bytes; compact is for 4194304 at most",
            "memory  5000000 bytes",
            "effects                         7 effects",
            "event_cpu_ms                  250 ms",
            "/counter",
        ],
    );
}

#[test]
fn what_the_manifest_grants_and_asks_for_is_listed() {
    let counter = component("showcase-counter");
    let text = manifest(&[("counter", &counter)], "").replace(
        "[[routes]]",
        "raw_markup = true\nconnect_info = [\"languages\", \"time-zone\"]\nredirects = [\"https://pay.example\"]\n[[routes]]",
    );
    let sessions = "live_session = \"staff\"\n[live_sessions.staff.on_mount]\nroles = [\"cook\", \"clerk\"]\notherwise = \"/in\"\n\
        [live_sessions.members.on_mount]\nsigned_in = true\n[live_sessions.guests]\n";
    let (content, said) = check_with_assets(&(text.clone() + sessions), None, 101);
    assert!(content, "{said}");
    contains(
        &said,
        &[
            "may emit markup as it stands",
            "may know of the connection: languages, time zone",
            "may redirect to https://pay.example",
            "counter, in live session `staff`",
            "whoever is signed in as `cook` or `clerk`; others are sent to `/in`",
            "whoever is signed in; others see 403",
            "  guests                         everybody",
            "  001.css                        /assets/001-",
            "and 1 more",
        ],
    );
    assert!(!said.contains("101.css"), "{said}");
    let (_, plain) = check(&manifest(&[("counter", &counter)], ""), None);
    for heading in ["live sessions", "\nassets", "may "] {
        assert!(!plain.contains(heading), "{heading}: {plain}");
    }
}

#[test]
fn a_component_is_explained_by_itself() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hothouse"));
    let (content, text) = said(command.arg("check").arg(component("stock-wasi")));
    assert!(content, "{text}");
    contains(
        &text,
        &[
            "component `stock-wasi`",
            "imports wasi:io/streams@0.2.",
            "compact: one memory that begins with 65536 bytes",
            "there, and empty: a view has no files",
        ],
    );
}

#[test]
fn imports_without_a_service_are_said_to_have_none() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hothouse"));
    let (content, text) = said(command.arg("check").arg(component("asks-everything")));
    assert!(content, "{text}");
    contains(
        &text,
        &[
            "imports hothouse:live/kv@0.1.0: answers `forbidden`: put `kv = true`",
            "imports hothouse:live/presence@0.1.0: answers `unavailable`",
        ],
    );
}

#[test]
fn a_store_that_is_granted_is_said_to_be_and_what_is_checked_writes_nothing() {
    let keeps = component("keeps");
    let granted = "[components.keeps]\nkv = true\n";
    let text = manifest(&[("keeps", &keeps)], "").replace("[components.keeps]\n", granted);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hothouse.toml"), text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hothouse"));
    let (content, text) = said(command.arg("check").arg("--app").arg(folder.path()));
    assert!(content, "{text}");
    contains(&text, &["imports hothouse:live/kv@0.1.0: served", "storage_mib"]);
    assert!(!folder.path().join(".hothouse/storage").exists());
}

#[test]
fn every_component_that_cannot_be_served_is_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (text_file, missing) = (folder.path().join("text.wasm"), folder.path().join("missing.wasm"));
    std::fs::write(&text_file, "hello").unwrap();
    let (content, text) = check(&manifest(&[("text", &text_file), ("missing", &missing)], ""), None);
    assert!(!content);
    contains(&text, &["component `text`: not a WebAssembly file", "component `missing`: "]);
}

#[test]
fn a_manifest_asks_for_no_more_than_the_host_allows() {
    let counter = component("showcase-counter");
    let app = |limit: &str| manifest(&[("counter", &counter)], &format!("[limits]\n{limit}\n"));
    let (content, text) = check(&app("event_cpu_ms = 250"), None);
    assert!(content, "{text}");
    let (content, text) = check(&app("event_cpu_ms = 251"), None);
    assert!(!content);
    contains(&text, &["`limits.event_cpu_ms` asks for 251 ms, this host allows 250"]);
    let (content, text) = check(&app("event_cpu_ms = 251"), Some("event_cpu_ms = 300"));
    assert!(content, "{text}");
    let (content, text) = check(&app("event_cpu_ms = 101"), Some("event_cpu_ms = 100"));
    assert!(!content);
    contains(&text, &["asks for 101 ms, this host allows 100"]);
}

#[test]
fn a_live_link_that_no_route_answers_fails_the_check_and_is_named() {
    let library = component("library-books");
    let component = format!("[components.library]\npath = {:?}\n", library.display().to_string());
    let route =
        |path: &str, component: &str| format!("[[routes]]\npath = {path:?}\ncomponent = {component:?}\n");
    let manifest = format!("name = \"shop\"\n{component}{}", route("/", "library"));
    let (content, text) = check(&manifest, None);
    assert!(!content, "{text}");
    contains(&text, &["component `library`: the link to `/books/7` on the page `/` is answered by no route"]);
    let manifest = manifest + &route("/books/{id:int}/{part?}", "library");
    let (content, text) = check(&manifest, None);
    assert!(content, "{text}");
}
