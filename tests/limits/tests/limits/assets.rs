//! Attacks on what stands around the views: paths, ranges, headers; and apps whose files lead elsewhere.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use hothouse_limits_tests::{ROUTES, Server};
use hothouse_protocol_tests::AppFolder;
use hothouse_test_client::{Client, Socket, View};
use serde_json::json;

/// A style sheet of 1 MiB.
const SHEET_BYTES: usize = 1024 * 1024;
/// What any of these requests may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

fn server() -> anyhow::Result<Server> {
    let app = AppFolder::new(ROUTES)?;
    app.write("assets/app.css", &"p { color: green }\n".repeat(SHEET_BYTES / 19 + 1)[..SHEET_BYTES])?;
    app.write("assets/.env", "SECRET=1")?;
    app.write("secret.key", "a key")?;
    Server::of(app)
}

async fn leads_out() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        assert_eq!(client.get("/assets/app.css").await?.body.len(), SHEET_BYTES);
        for path in [
            "/assets/../secret.key",
            "/assets/..%2fsecret.key",
            "/assets/%2e%2e/secret.key",
            "/assets/%2e%2e%2f%2e%2e%2fetc/passwd",
            "/assets/%252e%252e/secret.key",
            "/assets/..\\secret.key",
            "/assets//etc/passwd",
            "/assets/%2fetc/passwd",
            "/assets/app.css%00.html",
            "/assets/.env",
            "/assets/%2eenv",
            "/assets/app.css/../../secret.key",
            "/_hothouse/../secret.key",
            "/assets/%ff%fe",
        ] {
            let page = client.get(path).await?;
            assert_eq!((page.status, page.body.as_str()), (404, "no such file\n"), "{path}");
        }
        Ok(())
    };
    server()?.shrug_off(attack).await
}

async fn asks_for_ranges() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        let began = Instant::now();
        let many = format!("bytes=0-{}", ",0-".repeat(8_000));
        let each: String = (0..5_000).map(|start| format!("{start}-{start},")).collect();
        for (range, status, bytes) in [
            ("bytes=0-0", 206, 1),
            ("bytes=-1", 206, 1),
            ("bytes=0-18446744073709551615", 206, SHEET_BYTES),
            ("bytes=18446744073709551615-", 416, 0),
            ("bytes=99999999999999999999999-", 200, SHEET_BYTES),
            ("bytes=-0", 200, SHEET_BYTES),
            ("bytes=5-1", 416, 0),
            (&many, 200, SHEET_BYTES),
            (&format!("bytes={each}"), 200, SHEET_BYTES),
            ("bytes=", 200, SHEET_BYTES),
        ] {
            let page = client.get_with("/assets/app.css", &[("range", range)]).await?;
            let shown = range.get(..40).unwrap_or(range);
            assert_eq!((page.status, page.body.len()), (status, bytes), "{shown}");
        }
        assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
        Ok(())
    };
    server()?.shrug_off(attack).await
}

async fn floods_with_headers() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        let began = Instant::now();
        let long = "br;q=0.1,".repeat(300);
        let known = "\"x\",".repeat(600);
        for name in ["accept-encoding", "if-none-match", "accept-language", "x-forwarded-for", "forwarded"] {
            let value = if name == "if-none-match" { &known } else { &long };
            let lines = vec![(name, value.as_str()); 10];
            for path in ["/assets/app.css", "/"] {
                assert_eq!(client.get_with(path, &lines).await?.status, 200, "{name} {path}");
            }
        }
        assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
        Ok(())
    };
    server()?.shrug_off(attack).await
}

async fn claims_other_addresses() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        for claimed in 0..100 {
            let address = format!("198.51.100.{claimed}");
            let forwarded = format!("for={address}");
            let headers = [("x-forwarded-for", address.as_str()), ("forwarded", forwarded.as_str())];
            if client.get_with("/", &headers).await?.status == 429 {
                return Ok(());
            }
        }
        anyhow::bail!("a hundred pages were answered to one who claims a hundred addresses")
    };
    let limits = AppFolder::with_limits(ROUTES, "pages_per_second = 2")?;
    Server::of(limits)?.endure("hothouse_limits_reached_total", "page-rate", attack).await
}

async fn tracks_odd_assets() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        let began = Instant::now();
        for url in ["http://a/assets/%2e%2e/%ff", "javascript:x", "", "http://[::1"] {
            let mut socket = Socket::connect(&client, &page).await?;
            let mut payload = View::join_payload(&client, &page)?;
            let params = payload.pointer_mut("/params").context("params")?;
            params.as_object_mut().context("an object")?.extend([
                ("_track_static".to_owned(), json!(vec![url; 256])),
                ("_time_zone".to_owned(), json!("<script>")),
            ]);
            let reply = View::try_join(&mut socket, &format!("lv:{}", page.view()?.id), payload).await?;
            assert_eq!(reply.reply()?.0, "ok", "{url}");
        }
        assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
        Ok(())
    };
    server()?.shrug_off(attack).await
}

/// An app that is served; what makes it one that is not.
async fn is_refused(code: &str, spoil: fn(&AppFolder) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let app = AppFolder::new(&[("/", "asks-everything")])?;
    app.write("assets/app.css", "p{}")?;
    spoil(&app)?;
    Server::start()?.watch_the_end_of(&app, code).await
}

fn sparse(app: &AppFolder, name: &str, bytes: u64) -> anyhow::Result<()> {
    Ok(File::create(app.path().join("assets").join(name))?.set_len(bytes)?)
}

attacks! {
    path_that_leads_out_of_the_assets: leads_out();
    ranges_that_are_huge_and_many: asks_for_ranges();
    headers_that_are_long_and_many: floods_with_headers();
    addresses_that_nobody_forwarded: claims_other_addresses();
    join_that_tracks_odd_assets: tracks_odd_assets();
    asset_that_is_a_link_to_a_secret: is_refused("bad-assets", |app| {
        Ok(symlink("/etc/passwd", app.path().join("assets/passwd.txt"))?)
    });
    assets_that_are_a_link_to_a_folder: is_refused("bad-assets", |app| {
        Ok(symlink("..", app.path().join("assets/all"))?)
    });
    asset_of_a_terabyte: is_refused("bad-assets", |app| sparse(app, "film.webm", 1 << 40));
    assets_without_end: is_refused("bad-assets", |app| {
        (0..3_000).try_for_each(|index| sparse(app, &format!("{index}.txt"), 0))
    });
    hooks_that_are_a_link_to_a_secret: is_refused("bad-hooks-module", |app| {
        symlink("/etc/passwd", app.path().join("hooks.js"))?;
        app.grant("hooks_module = \"hooks.js\"")
    });
    hooks_of_a_terabyte: is_refused("bad-hooks-module", |app| {
        File::create(app.path().join("hooks.js"))?.set_len(1 << 40)?;
        app.grant("hooks_module = \"hooks.js\"")
    });
    layout_without_a_body: is_refused("bad-layout", |app| {
        app.write("layout.html", "<!DOCTYPE html><html><head>{{head}}</head></html>")
    });
}
