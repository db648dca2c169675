//! One view in every language: each is held to the same behaviour, and those that answer trees to the same frames.

use anyhow::Context as _;
use hothouse_protocol_tests::Joined;
use serde_json::{Value, json};

mod behaviour;
mod log;

/// Runs each of these on each of the components.
macro_rules! in_every_language {
    ([$($test:ident)*] $($language:ident: $component:literal)*) => {
        in_every_language!(@ [$($test)*], $([$language, $component])*);
    };
    (@ $tests:tt, $($language:tt)*) => { $(in_every_language!(# $tests, $language);)* };
    (# [$($test:ident)*], [$language:ident, $component:literal]) => {
        mod $language {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $test() -> anyhow::Result<()> {
                crate::behaviour::$test($component).await
            })*
        }
    };
}

in_every_language! {
    [
        the_first_page_shows_the_view
        clicks_are_counted_and_the_newest_row_stands_first
        a_row_is_taken_out_and_the_others_stay
        only_so_many_rows_are_kept
        a_name_is_checked_as_it_is_typed
        a_declared_failure_is_told_and_the_view_lives_on
        what_breaks_ends_as_a_trap_with_its_message_in_the_log
        what_spins_is_ended_by_its_budget
        what_grows_is_ended_by_its_limit
    ]
    rust: "language-rust"
    c: "language-c"
    typescript: "language-typescript"
    spidermonkey: "language-spidermonkey"
    python: "language-python"
    go: "language-go"
    typescript_html: "language-typescript-html"
    python_html: "language-python-html"
    go_html: "language-go-html"
}

/// Those that answer trees.
const TREES: [&str; 6] = [
    "language-rust",
    "language-c",
    "language-typescript",
    "language-spidermonkey",
    "language-python",
    "language-go",
];
const HTML: [&str; 3] = ["language-typescript-html", "language-python-html", "language-go-html"];

fn script() -> Vec<Value> {
    let click = |event: &str, value: Value| json!({ "type": "click", "event": event, "value": value });
    let form = |value: &str| json!({ "type": "form", "event": "rename", "value": value });
    vec![
        click("increment", json!({ "value": "" })),
        click("increment", json!({ "value": "" })),
        form("name=&_target=name"),
        form("name=&_target=name"),
        form("name=Ann+%26+Bob&_target=name"),
        form("name=123456789012345678901&_target=name"),
        click("decrement", json!({ "value": "" })),
        click("refuse", json!({ "value": "" })),
        click("remove", json!({ "id": "2", "value": "" })),
        click("remove", json!({ "id": "2", "value": "" })),
        form("name=Zo%C3%AB&_target=name"),
        click("remove", json!({ "id": "3", "value": "" })),
        click("remove", json!({ "id": "1", "value": "" })),
        click("increment", json!({ "value": "" })),
    ]
}

/// Every frame that answers the script, as text, but for the view's own id; and the page in the end.
async fn played(component: &str) -> anyhow::Result<(Vec<String>, String)> {
    let mut open = Joined::open(component).await?;
    let mut frames = vec![open.view.rendered.to_string()];
    for payload in script() {
        open.socket.send(Some(&open.view.join_ref), &open.view.topic, "event", payload).await?;
        let message = open.socket.receive().await?;
        open.view.merge(&message).with_context(|| component.to_owned())?;
        frames.push(message.text.replace(&open.view.topic, "lv:phx-"));
    }
    open.record(component)?;
    Ok((frames, text_of(&open.view.html()?)))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_events_make_the_same_frames() -> anyhow::Result<()> {
    let (expected, _) = played("language-rust").await?;
    // What is compared is not empty: a click on a view is some bytes, and one of the script changes nothing.
    assert!(expected.iter().any(|frame| frame.contains(r#""diff":{"0":"1""#)), "{expected:#?}");
    assert!(expected.iter().any(|frame| frame.ends_with(r#""response":{}}]"#)), "{expected:#?}");
    for component in TREES {
        let (frames, _) = played(component).await?;
        for (number, (frame, expected)) in frames.iter().zip(&expected).enumerate() {
            assert_eq!(frame, expected, "frame {number} of {component}");
        }
        assert_eq!(frames.len(), expected.len());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_html_shows_the_same_text_after_the_same_events() -> anyhow::Result<()> {
    let (_, expected) = played("language-rust").await?;
    assert!(expected.contains("entry") || expected.contains("+1:2"), "{expected}");
    for component in HTML {
        let (frames, text) = played(component).await?;
        assert_eq!(text, expected, "{component}");
        // Nothing has changed, so nothing is sent.
        assert!(frames.iter().any(|frame| frame.ends_with(r#""response":{}}]"#)), "{frames:#?}");
    }
    Ok(())
}

/// The text of markup, without white space: between elements it is nothing that anybody sees.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for character in html.chars() {
        match character {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            other if !in_tag && !other.is_whitespace() => text.push(other),
            _ => {}
        }
    }
    behaviour::decoded(&text)
}
