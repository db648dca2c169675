//! Hooks: which of them a view may name, the scripts that a page loads, and what hooks and views tell each other.

use hothouse_protocol_tests::{AppFolder, Joined, SECRET, TestServer};
use hothouse_test_client::{Client, Socket, View};
use serde_json::{Value, json};

const VIEW: &[(&str, &str)] = &[("/", "asks-everything")];

async fn joined(app: AppFolder, path: &str) -> anyhow::Result<Joined> {
    let server = TestServer::start_with(app, SECRET).await?;
    let mut client = Client::new(server.address);
    let page = client.get(path).await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok(Joined { server, client, page, socket, view })
}

fn is_refused(diff: &Value) -> bool {
    diff.pointer("/e/0/0") == Some(&json!("hothouse:failure"))
}

/// The three ways to name a hook, each in a view of its own: whether it was refused, and the page.
async fn named(open: &mut Joined, hook: &str) -> anyhow::Result<Vec<(bool, String)>> {
    let mut answers = Vec::new();
    for document in [
        format!("statics:<p id=\"h\" phx-hook=\"{hook}\"></p>"),
        format!("hook:{hook}"),
        format!("attributes: id=\"h\" phx-hook=\"{hook}\""),
    ] {
        open.socket = Socket::connect(&open.client, &open.page).await?;
        open.view = View::join(&mut open.socket, &open.client, &open.page).await?;
        let diff = open.click(&format!("document:{document}"), json!({})).await?;
        answers.push((is_refused(&diff), open.view.html()?));
    }
    Ok(answers)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_names_hooks_that_it_was_granted_and_no_others() -> anyhow::Result<()> {
    let app = AppFolder::new(VIEW)?;
    app.grant("hooks = [\"Sortable\"]\nhooks_module = \"hooks.js\"")?;
    app.write("hooks.js", "export default {};")?;
    let mut open = joined(app, "/").await?;
    for hook in ["Sortable", "asks-everything.Chart", "Phoenix.FocusWrap"] {
        let element = format!("<p id=\"h\" phx-hook=\"{hook}\"></p>");
        for (is_refused, html) in named(&mut open, hook).await? {
            assert!(!is_refused && html.contains(&element), "{hook}: {html}");
        }
    }
    for hook in ["Clipboard", "second.Chart", "Phoenix.InfiniteScroll", "", "Sortable ", "&#83;ortable"] {
        for (is_refused, html) in named(&mut open, hook).await? {
            assert!(is_refused && !html.contains("phx-hook"), "{hook}: {html}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_without_a_grant_names_no_hook_of_the_app() -> anyhow::Result<()> {
    let mut open = joined(AppFolder::new(VIEW)?, "/").await?;
    for hook in ["Sortable", "asks-everything.Chart"] {
        let diff = open.click(&format!("document:hook:{hook}"), json!({})).await?;
        assert!(is_refused(&diff), "{hook}: {diff}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_html_loses_hooks_that_were_not_granted() -> anyhow::Result<()> {
    let app = AppFolder::new(VIEW)?;
    app.grant("hooks = [\"Sortable\"]")?;
    let mut open = joined(app, "/?document=html-count").await?;
    let document = "html:<p id=\"a\" phx-hook=\"Sortable\"></p><p id=\"b\" phx-hook=\"X\"></p>";
    open.click(&format!("document:{document}"), json!({})).await?;
    assert_eq!(open.view.html()?, "<p id=\"a\" phx-hook=\"Sortable\"></p><p id=\"b\"></p>");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_set_no_hook_that_was_not_granted() -> anyhow::Result<()> {
    let app = AppFolder::new(VIEW)?;
    app.grant("hooks = [\"Sortable\"]")?;
    let mut open = joined(app, "/").await?;
    let sets = |hook: &str| json!([["set_attr", { "attr": ["phx-hook", hook], "to": "#h" }]]);
    let pushed = |commands: &Value| format!("push-as:hothouse:js/{}", json!({ "js": commands }));
    let diff = open.click(&pushed(&sets("Sortable")), json!({})).await?;
    assert_eq!(diff, json!({ "e": [["hothouse:js", { "js": sets("Sortable") }]] }));
    assert!(is_refused(&open.click(&pushed(&sets("X")), json!({})).await?));
    open.click(&format!("document:value:{}", sets("Sortable")), json!({})).await?;
    assert!(open.view.html()?.contains("title=\"[[&quot;set_attr"), "{}", open.view.html()?);
    open.click(&format!("document:value:{}", sets("X")), json!({})).await?;
    assert!(open.view.html()?.contains("title=\" [[&quot;set_attr"), "what is behind a space is no command");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_the_host_are_pushed_by_the_host_alone() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for name in ["hothouse:ticket", "hothouse:session", "hothouse:failure", "hothouse:", "hothouse:jsx"] {
        let diff =
            open.click(&format!("push-as:{name}/{{\"ticket\":\"x\",\"message\":\"x\"}}"), json!({})).await?;
        assert!(is_refused(&diff) && !diff.to_string().contains("\"x\""), "{name}: {diff}");
    }
    for payload in ["{}", "[]", "{\"js\":{}}", "{\"js\":\"[]\"}", "{"] {
        let diff = open.click(&format!("push-as:hothouse:js/{payload}"), json!({})).await?;
        assert!(is_refused(&diff), "{payload}: {diff}");
    }
    let diff = open.click("push-as:hothous/{}", json!({})).await?;
    assert_eq!(diff, json!({ "e": [["hothous", {}]] }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_names_the_scripts_with_hooks_and_they_are_served() -> anyhow::Result<()> {
    let app = AppFolder::new(&[("/", "bench-counter"), ("/other", "bench-table")])?;
    app.write("assets/hooks.js", "export default { A: {} };")?;
    app.grant("hooks_module = \"views/hooks.js\"")?;
    app.write("views/hooks.js", "export default { B: {} };")?;
    let server = TestServer::start_with(app, SECRET).await?;
    let mut client = Client::new(server.address);
    for path in ["/", "/other"] {
        let html = client.get(path).await?.body;
        let links: Vec<&str> =
            html.split("<link rel=\"modulepreload\" phx-track-static href=\"").skip(1).collect();
        let named: Vec<_> = links.iter().filter_map(|link| link.split('"').nth(2)).collect();
        assert_eq!(named, ["", "bench-counter", "bench-table"], "{html}");
        for (link, script) in links.iter().zip(["A", "B", "B"]) {
            let url = link.split('"').next().unwrap_or_default();
            let response = client.get(url).await?;
            assert_eq!(response.body, format!("export default {{ {script}: {{}} }};"), "{url}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hook_pushes_is_any_json_and_typed_events_take_objects() -> anyhow::Result<()> {
    let mut open = Joined::open("asks-everything").await?;
    for value in [json!({ "a": [1, { "b": null }] }), json!([1, "2"]), json!("text"), json!(7), json!(true)] {
        let event = json!({ "type": "hook", "event": "echo", "value": value });
        let answer = open.view.push(&mut open.socket, event).await?;
        assert_eq!(answer["diff"]["r"], value, "{answer}");
    }
    let mut open = Joined::open("kitchen-sink").await?;
    for value in [json!([1]), json!("text"), json!(7), json!(null)] {
        let event = json!({ "type": "hook", "event": "busy", "value": value });
        let answer = open.view.push(&mut open.socket, event).await?;
        let said = &answer["diff"]["e"][0][1]["message"];
        assert_eq!(said, "event \"busy\": the payload is not a JSON object", "{value}: {answer}");
    }
    let event = json!({ "type": "hook", "event": "busy", "value": { "tasks": 3 } });
    assert!(!is_refused(&open.view.push(&mut open.socket, event).await?["diff"]));
    Ok(())
}
