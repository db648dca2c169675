//! What a manifest may say, and how it is told what is wrong.

use std::path::Path;

use super::{Manifest, ManifestError};

const GOOD: &str = r#"
name = "shop"

[components.cart]
path = "build/cart.wasm"

[[routes]]
path = "/cart"
component = "cart"
"#;

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let error = Manifest::parse(text, Path::new("hothouse.toml")).unwrap_err().to_string();
    assert!(error.contains(expected), "expected {expected:?} in {error:?}");
}

#[test]
fn a_manifest_names_components_and_routes() {
    let manifest = Manifest::parse(GOOD, Path::new("hothouse.toml")).unwrap();
    assert_eq!(manifest.name, "shop");
    assert_eq!(manifest.routes[0].component, "cart");
    assert!(!manifest.components["cart"].raw_markup);
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    check_refused(&GOOD.replace("name =", "nmae ="), "unknown key `nmae`: did you mean `name`?");
    check_refused(
        &GOOD.replace("path = \"build", "paht = \"build"),
        "unknown key `components.cart.paht`: did you mean `path`?",
    );
    check_refused(
        &GOOD.replace("component = ", "compnent = "),
        "unknown key `routes[0].compnent`: did you mean `component`?",
    );
    check_refused(&format!("colour = 1\n{GOOD}"), "unknown key `colour` (known: name, title");
}

#[test]
fn a_route_to_a_missing_component_is_refused_with_the_nearest_one() {
    check_refused(
        &GOOD.replace("component = \"cart\"", "component = \"card\""),
        "`routes[0].component` is `card`, which is not under `components`: did you mean `cart`?",
    );
}

#[test]
fn all_problems_are_reported_at_once() {
    let text = GOOD.replace("name = \"shop\"", "name = \"My Shop\"").replace("\"/cart\"", "\"cart\"");
    let error = Manifest::parse(&text, Path::new("hothouse.toml")).unwrap_err();
    let ManifestError::Invalid { problems, .. } = error else { panic!("{error}") };
    assert_eq!(problems.len(), 2, "{problems:?}");
}

#[test]
fn the_servers_own_paths_cannot_be_routed() {
    check_refused(&GOOD.replace("\"/cart\"", "\"/live/websocket\""), "belong to the server");
    check_refused(&GOOD.replace("\"/cart\"", "\"/_hothouse/x\""), "belong to the server");
}

#[test]
fn a_syntax_error_names_its_line() {
    check_refused("name = \"shop\"\nroutes = [", "line 2");
}

#[test]
fn an_app_without_routes_is_refused() {
    check_refused("name = \"shop\"", "there are no routes");
}

#[test]
fn a_message_is_short_however_much_is_wrong() {
    let long = "x".repeat(30_000);
    let many = |line: &str| format!("name = \"a\"\n{}", line.repeat(1_001));
    for (text, expected) in [
        (format!("{long} {long}"), "line 1"),
        (format!("name = \"{long}\""), "1 to 63 lower-case letters"),
        (format!("name = 1 # {long}"), "invalid type"),
        (many("[[routes]]\npath = \"/a\"\ncomponent = \"b\"\n"), "1001 routes"),
        (many("[[routes]]\nx = 1\n"), "and 981 more"),
        (
            format!(
                "name = \"a\"\n[components.{long}]\npath=\"p\"\n[[routes]]\npath=\"/\"\ncomponent=\"{long}y\"\n"
            ),
            "which is not under `components`",
        ),
    ] {
        let error = Manifest::parse(&text, Path::new("hothouse.toml")).unwrap_err().to_string();
        assert!(error.contains(expected), "expected {expected:?} in {error:?}");
        assert!(error.len() < 8 * 1024, "{} bytes", error.len());
    }
}

#[test]
fn live_sessions_and_redirects_are_checked_and_their_mistakes_named() {
    let with = |more: &str| format!("{GOOD}{more}");
    let session = "[live_sessions.staff]\non_mount = { roles = [\"staff\"], otherwise = \"/in\" }\n";
    let routed = with("live_session = \"staff\"\n") + session;
    let manifest = Manifest::parse(&routed, Path::new("hothouse.toml")).unwrap();
    assert_eq!(manifest.live_sessions["staff"].on_mount.roles, ["staff"]);
    assert_eq!(manifest.live_sessions().len(), 2);
    check_refused(
        &routed.replace("= \"staff\"\n[", "= \"stuff\"\n["),
        "not under `live_sessions`: did you mean `staff`?",
    );
    check_refused(
        &routed.replace("roles", "rolls"),
        "unknown key `live_sessions.staff.on_mount.rolls`: did you mean `roles`?",
    );
    for otherwise in ["in", "//evil.example", "https://evil.example"] {
        check_refused(&routed.replace("/in", otherwise), "use a local path");
    }
    for origin in ["pay.example", "https://pay.example/", "https://pay.example/a", "javascript:x", "ftp://a"]
    {
        let text = GOOD.replace("[[routes]]", &format!("redirects = [\"{origin}\"]\n[[routes]]"));
        check_refused(&text, "use an origin");
    }
}

#[test]
fn origins_for_requests_are_checked_and_their_mistakes_named() {
    let with = |origins: &str| GOOD.replace("[[routes]]", &format!("http = {origins}\n[[routes]]"));
    let parsed = |text: &str| Manifest::parse(text, Path::new("hothouse.toml"));
    let good = with("[\"api.example.com\", \"http://127.0.0.1:4010\"]");
    assert_eq!(parsed(&good).unwrap().components["cart"].http.len(), 2);
    for origin in ["", "*.example.com", "https://api.example.com/v1", "ftp://api.example.com"] {
        check_refused(&with(&format!("[\"{origin}\"]")), "is no origin: write `api.example.com`");
    }
    let many = |count: usize| with(&format!("{:?}", vec!["a.example"; count]));
    assert!(parsed(&many(100)).is_ok());
    check_refused(&many(101), "`components.cart.http` names 101, the limit is 100");
}

#[test]
fn hooks_are_checked_and_their_mistakes_named() {
    let parsed = |text: &str| Manifest::parse(text, Path::new("hothouse.toml"));
    let with = |line: &str| GOOD.replace("[[routes]]", &format!("{line}\n[[routes]]"));
    let good =
        parsed(&with("hooks = [\"Sortable\", \"a-b_2\"]\nhooks_module = \"./views/cart/hooks.js\"")).unwrap();
    assert_eq!(good.components["cart"].hooks, ["Sortable", "a-b_2"]);
    assert!(parsed(GOOD).unwrap().components["cart"].hooks_module.is_none());
    let names = |count: usize| with(&format!("hooks = {:?}", vec!["a"; count]));
    assert!(parsed(&names(100)).is_ok());
    check_refused(&names(101), "`components.cart.hooks` names 101, the limit is 100");
    assert!(parsed(&with(&format!("hooks = [\"{}\"]", "a".repeat(64)))).is_ok());
    for name in ["", "a b", "1", "cart.Chart", "Phoenix.FocusWrap", "häkchen", &"a".repeat(65)] {
        check_refused(&with(&format!("hooks = [\"{name}\"]")), "a hook's name is 1 to 64 letters");
    }
    for path in [
        "",
        "/etc/passwd.js",
        "../hooks.js",
        "views/../../hooks.js",
        "views/hooks.txt",
        "views",
        "hooks.js/..",
    ] {
        check_refused(&with(&format!("hooks_module = \"{path}\"")), "within the app's folder");
    }
    check_refused(&with("hook = []"), "unknown key `components.cart.hook`: did you mean `hooks`?");
}

#[test]
fn what_builds_the_assets_is_said_and_its_mistakes_named() {
    let with = |line: &str| format!("{GOOD}[assets]\n{line}\n");
    let manifest = Manifest::parse(&with("build = \"cp a b\""), Path::new("hothouse.toml")).unwrap();
    assert_eq!(manifest.assets.build.as_deref(), Some("cp a b"));
    check_refused(&with("built = \"x\""), "unknown key `assets.built`: did you mean `build`?");
}

#[test]
fn sessions_are_checked_and_their_mistakes_named() {
    let with = |session: &str| format!("{GOOD}[session]\n{session}\n");
    let parsed = |text: &str| Manifest::parse(text, Path::new("hothouse.toml"));
    let manifest = parsed(&with("encrypted = true\nmax_age_s = 34_560_000")).unwrap();
    assert_eq!((manifest.session.encrypted, manifest.session.max_age_s), (true, Some(34_560_000)));
    let without = parsed(GOOD).unwrap();
    assert_eq!((without.session.encrypted, without.session.max_age_s), (false, None));
    for age in ["0", "34_560_001"] {
        check_refused(&with(&format!("max_age_s = {age}")), "use 1 to 34560000 seconds");
    }
    check_refused(&with("max_age = 1"), "unknown key `session.max_age`: did you mean `max_age_s`?");
    let granted = GOOD.replace("[[routes]]", "put_session = true\n[[routes]]");
    assert!(parsed(&granted).unwrap().components.values().all(|component| component.put_session));
}
