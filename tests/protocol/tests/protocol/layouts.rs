//! What stands around a view: the app's layout and assets, metadata of the page, and what a view may know of the
//! connection.

use anyhow::Context as _;
use hothouse::{Proxies, ProxyHeader, Settings};
use hothouse_protocol_tests::{AppFolder, SECRET, TestServer, settings};
use hothouse_test_client::{Client, Handshake, Page, View};
use serde_json::{Value, json};

const ROUTES: &[(&str, &str)] = &[("/", "asks-everything"), ("/{name}", "asks-everything")];
const LAYOUT: &str = "<!DOCTYPE html>\n<html lang=\"de\"><head><meta charset=\"utf-8\">{{head}}\
    <script defer phx-track-static src=\"{{asset js/app.js}}\"></script></head>\
    <body><header>Garten</header>{{body}}<footer>Ende</footer></body></html>";

async fn serve(prepare: impl FnOnce(&AppFolder) -> anyhow::Result<()>) -> anyhow::Result<TestServer> {
    serve_as(prepare, |_| Ok(())).await
}

async fn serve_as(
    prepare: impl FnOnce(&AppFolder) -> anyhow::Result<()>,
    change: impl FnOnce(&mut Settings) -> anyhow::Result<()>,
) -> anyhow::Result<TestServer> {
    let app = AppFolder::new(ROUTES)?;
    prepare(&app)?;
    let mut settings = settings(&app, SECRET)?;
    change(&mut settings)?;
    TestServer::start_as(app, settings).await
}

/// What the URL in the page is that begins so.
fn url<'a>(page: &'a Page, start: &str) -> Option<&'a str> {
    page.body.split('"').find(|part| part.starts_with(start))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apps_layout_stands_around_every_page() -> anyhow::Result<()> {
    let server = serve(|app| {
        app.write("layout.html", LAYOUT)?;
        app.write("assets/js/app.js", "let a;")
    })
    .await?;
    let page = Client::new(server.address).get("/?mount=effect:title").await?;
    let parts = [
        "<html lang=\"de\"><head><meta charset=\"utf-8\"><title data-default=\"Test app\">A &lt;title&gt;</title>",
        "rel=\"stylesheet\" href=\"/_hothouse/page-",
        "<meta name=\"csrf-token\"",
        "<script defer phx-track-static src=\"/_hothouse/phoenix-",
        "<script defer phx-track-static src=\"/assets/js/app-",
        "</head><body><header>Garten</header><div id=\"",
        "<main><p id=\"count\">0</p></main></div>",
        "id=\"hothouse-connection\"",
        "<footer>Ende</footer></body></html>",
    ];
    let mut rest = page.body.as_str();
    for part in parts {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} in {}", page.body)).1;
    }
    assert!(!page.view()?.id.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_a_broken_layout_does_not_start_and_names_the_line() -> anyhow::Result<()> {
    let refused = serve(|app| app.write("layout.html", &LAYOUT.replace("{{body}}", ""))).await.unwrap_err();
    assert!(format!("{refused:#}").contains("layout.html: "), "{refused:#}");
    let refused = serve(|app| app.write("layout.html", LAYOUT)).await.unwrap_err();
    assert!(refused.to_string().contains("line 2: there is no file `js/app.js`"), "{refused:#}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn assets_are_linked_by_their_hash_and_served_by_both_names() -> anyhow::Result<()> {
    let style = "p { color: green }\n".repeat(200);
    let server = serve(|app| {
        app.write("assets/app.css", &style)?;
        app.write("assets/.env", "SECRET=1")?;
        app.write("assets/robots.txt", "User-agent: *")
    })
    .await?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    let hashed = url(&page, "/assets/app-").unwrap().to_owned();
    let file = client.get_with(&hashed, &[("accept-encoding", "gzip;q=0.5, br")]).await?;
    assert_eq!((file.status, file.header("content-encoding")), (200, Some("br")));
    assert_eq!(file.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(file.header("vary"), Some("accept-encoding"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));

    let plain = client.get("/assets/app.css").await?;
    assert_eq!(
        (plain.body.as_str(), plain.header("cache-control")),
        (style.as_str(), Some("public, no-cache"))
    );
    let known = [("if-none-match", plain.header("etag").unwrap())];
    let same = client.get_with("/assets/app.css", &known).await?;
    assert_eq!((same.status, same.body.as_str()), (304, ""));

    let part = client.get_with("/assets/app.css", &[("range", "bytes=4-8")]).await?;
    assert_eq!((part.status, part.body.as_str()), (206, "color"));
    assert_eq!(
        part.header("content-range"),
        Some("bytes 4-8/3800".replace("3800", &style.len().to_string()).as_str())
    );
    let none = client.get_with("/assets/app.css", &[("range", "bytes=99999-")]).await?;
    assert_eq!((none.status, none.body.as_str()), (416, ""));

    let head = client.head("/assets/app.css").await?;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(head.header("content-length"), Some(style.len().to_string().as_str()));
    assert_eq!(client.get("/robots.txt").await?.body, "User-agent: *");
    for path in ["/assets/.env", "/assets/../hothouse.toml", "/assets/%2e%2e/hothouse.toml", "/assets/"] {
        assert_eq!(client.get(path).await?.status, 404, "{path}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_always_an_icon() -> anyhow::Result<()> {
    let server = serve(|_| Ok(())).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    let icon = url(&page, "/_hothouse/favicon-").unwrap().to_owned();
    for path in [icon.as_str(), "/favicon.ico"] {
        let icon = client.get(path).await?;
        assert_eq!((icon.status, icon.header("content-type")), (200, Some("image/svg+xml")), "{path}");
    }
    let server = serve(|app| app.write("assets/favicon.png", "png")).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    assert_eq!(client.get(url(&page, "/assets/favicon-").unwrap()).await?.body, "png");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_describes_its_page_for_search_and_sharing() -> anyhow::Result<()> {
    let described = "/?mount=describe:description=Palms%20%26%20%22more%22;canonical=/palms;robots=noindex;og:image=/p.png;robots=all";
    let server = serve_as(
        |_| Ok(()),
        |settings| {
            settings.public_url = Some("http://shop.example".to_owned());
            Ok(())
        },
    )
    .await?;
    let mut client = Client::new(server.address);
    let page = client.get(described).await?;
    for element in [
        "<meta name=\"description\" content=\"Palms &amp; &quot;more&quot;\">",
        "<link rel=\"canonical\" href=\"http://shop.example/palms\">",
        "<meta name=\"robots\" content=\"all\">",
        "<meta property=\"og:image\" content=\"http://shop.example/p.png\">",
        "<meta property=\"og:title\" content=\"Test app\">",
        "<meta property=\"og:description\" content=\"Palms &amp; &quot;more&quot;\">",
    ] {
        assert!(page.body.contains(element), "{element} in {}", page.body);
    }
    assert!(!page.body.contains("noindex"), "the last one counts");
    let refused = client.get("/?mount=describe:csrf-token=x").await?;
    assert_eq!(refused.status, 400, "{}", refused.body);
    let many: String = (0..33).map(|index| format!("og:x{index}=1;")).collect();
    assert_eq!(client.get(&format!("/?mount=describe:{many}")).await?.status, 429);
    let plain = client.get("/").await?;
    assert!(!plain.body.contains("og:title"), "{}", plain.body);
    Ok(())
}

/// Joins with more in the payload's params, and asks an import.
async fn asked(
    client: &Client,
    page: &Page,
    headers: Vec<(&'static str, String)>,
    params: Value,
    import: &str,
) -> anyhow::Result<String> {
    let mut handshake = Handshake::new(client, page)?;
    handshake.headers = headers;
    let mut socket = handshake.open().await?.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
    let mut payload = View::join_payload(client, page)?;
    let sent = payload.pointer_mut("/params").and_then(Value::as_object_mut).context("params")?;
    sent.extend(params.as_object().cloned().unwrap_or_default());
    let topic = format!("lv:{}", page.view()?.id);
    let mut view = View::from_reply(&View::try_join(&mut socket, &topic, payload).await?)?;
    let response = view.click(&mut socket, &format!("import:{import}"), json!({})).await?;
    // A reply travels in the diff of the event.
    let reply = response.pointer("/diff/r").and_then(Value::as_str);
    Ok(reply.with_context(|| format!("a reply in {response}"))?.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_told_when_the_pages_assets_are_others_than_those_of_now() -> anyhow::Result<()> {
    let style = |color: &'static str| {
        serve(move |app| {
            app.write("assets/app.css", color)?;
            app.write("assets/plain.css", color)
        })
    };
    let (old, new) = (style("red").await?, style("blue").await?);
    let mut client = Client::new(old.address);
    let page = client.get("/").await?;
    let origin = format!("http://{}", new.address);
    let mut now = Client::new(new.address);
    let fresh = now.get("/").await?;
    for (tracked, changed) in [
        (url(&page, "/assets/app-"), "true"),
        (url(&fresh, "/assets/app-"), "false"),
        (Some("/assets/plain.css"), "false"),
        (url(&fresh, "/_hothouse/page-"), "false"),
        (Some("/_hothouse/page-000000000000.js"), "true"),
        (None, "false"),
    ] {
        let urls: Vec<String> = tracked.iter().map(|path| format!("{origin}{path}")).collect();
        let told =
            asked(&now, &fresh, Vec::new(), json!({ "_track_static": urls }), "connection.assets-changed")
                .await?;
        assert_eq!(told, changed, "{urls:?}");
    }
    let elsewhere = json!({ "_track_static": ["http://cdn.example/assets/app-1.css", "nonsense"] });
    assert_eq!(asked(&now, &fresh, Vec::new(), elsewhere, "connection.assets-changed").await?, "false");
    Ok(())
}

const ALL: &str = "connect_info = [\"peer-address\", \"user-agent\", \"languages\", \"time-zone\"]";

#[tokio::test(flavor = "multi_thread")]
async fn a_view_knows_of_the_connection_what_its_manifest_grants() -> anyhow::Result<()> {
    let server = serve(|app| app.grant(ALL)).await?;
    let mut client = Client::new(server.address);
    let headers = [("user-agent", "Test/1"), ("accept-language", "en;q=0.5, de-CH")];
    for (import, told) in [
        ("peer-address", "Some(\"127.0.0.1\")"),
        ("user-agent", "Some(\"Test/1\")"),
        ("languages", "[\"de-CH\", \"en\"]"),
        ("time-zone", "None"),
    ] {
        let page = client.get_with(&format!("/?mount=entitled:connection.{import}"), &headers).await?;
        assert_eq!(
            page.title().map(|title| title.replace("&quot;", "\"")).as_deref(),
            Some(told),
            "{import}"
        );
    }
    let page = client.get("/").await?;
    assert!(page.body.contains("<meta name=\"hothouse-time-zone\""));
    let own: Vec<(&str, String)> = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    for (import, told) in [
        ("peer-address", "Some(\"127.0.0.1\")"),
        ("user-agent", "Some(\"Test/1\")"),
        ("languages", "[\"de-CH\", \"en\"]"),
        ("time-zone", "Some(\"Europe/Berlin\")"),
    ] {
        let params = json!({ "_time_zone": "Europe/Berlin" });
        let answer = asked(&client, &page, own.clone(), params, &format!("connection.{import}")).await?;
        assert_eq!(answer, told, "{import}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_granted_of_the_connection_is_forbidden() -> anyhow::Result<()> {
    let server = serve(|app| app.grant("connect_info = [\"languages\"]")).await?;
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    assert!(!page.body.contains("hothouse-time-zone"), "nobody asks for it");
    for import in ["peer-address", "user-agent", "time-zone"] {
        let params = json!({ "_time_zone": "Europe/Berlin" });
        let answer = asked(&client, &page, Vec::new(), params, &format!("connection.{import}")).await?;
        assert!(answer.starts_with("FailureKind::Forbidden: "), "{answer}");
        assert!(
            answer.contains(&format!("`{import}` was not granted: name it under `connect_info`")),
            "{answer}"
        );
    }
    let server = serve(|app| app.grant("connect_info = [\"colour\"]")).await.unwrap_err();
    assert!(server.to_string().contains("unknown variant `colour`"), "{server}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_taken_from_trusted_proxies_only() -> anyhow::Result<()> {
    let behind = |trusted: &'static str, header| {
        serve_as(
            |app| app.grant(ALL),
            move |settings| {
                settings.proxies = Proxies { trusted: vec![trusted.parse()?], header };
                Ok(())
            },
        )
    };
    let said = [
        ("x-forwarded-for", "1.2.3.4, 198.51.100.7".to_owned()),
        ("forwarded", "for=\"[2001:db8::7]:80\"".to_owned()),
    ];
    for (trusted, header, address) in [
        ("127.0.0.0/8", ProxyHeader::XForwardedFor, "198.51.100.7"),
        ("127.0.0.0/8", ProxyHeader::Forwarded, "2001:db8::7"),
        ("10.0.0.0/8", ProxyHeader::XForwardedFor, "127.0.0.1"),
    ] {
        let server = behind(trusted, header).await?;
        let mut client = Client::new(server.address);
        let headers: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = client.get_with("/?mount=entitled:connection.peer-address", &headers).await?;
        assert_eq!(page.title(), Some(format!("Some(&quot;{address}&quot;)").as_str()));
        let answer = asked(&client, &page, said.to_vec(), json!({}), "connection.peer-address").await?;
        assert_eq!(answer, format!("Some(\"{address}\")"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_counted_by_the_address_that_a_trusted_proxy_names() -> anyhow::Result<()> {
    let app = AppFolder::with_limits(&[("/", "asks-everything")], "pages_per_second = 1")?;
    let mut settings = settings(&app, SECRET)?;
    settings.proxies.trusted = vec!["127.0.0.1/32".parse()?];
    let server = TestServer::start_as(app, settings).await?;
    let from = async |address: &str| -> anyhow::Result<u16> {
        Ok(Client::new(server.address).get_with("/", &[("x-forwarded-for", address)]).await?.status)
    };
    let mut last = 200;
    for _ in 0..20 {
        last = from("198.51.100.7").await?;
    }
    assert_eq!(last, 429);
    assert_eq!(from("198.51.100.8").await?, 200, "another one's pages");
    Ok(())
}
