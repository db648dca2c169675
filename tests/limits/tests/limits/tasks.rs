//! Tasks that spin, grow, report without end and do not hear, and requests to where they may not go.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hothouse_limits_tests::{ROUTES, Server};
use hothouse_protocol_tests::{AppFolder, Errands};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

const LIMITS: &str = "hothouse_limits_reached_total";

async fn page(server: &Server) -> anyhow::Result<Errands> {
    let mut page = Errands::open(server.address, "/errands").await?;
    assert_eq!(page.run("echo", "it works").await?, "done it works");
    Ok(page)
}

/// A task that breaks, and its view, which goes on.
async fn ends(limits: &str, what: &str, told: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut page = page(server).await?;
        assert_eq!(page.run(what, "60000").await?, told);
        page.click("click", json!({})).await?;
        assert_eq!(page.shown("clicks")?, "1");
        Ok(())
    };
    Server::limited(limits)?.endure(LIMITS, code, attack).await
}

/// A task that goes on when it is cancelled: it is gone a moment later, and its view is told once.
async fn cancelled(what: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut page = page(server).await?;
        page.start("a", what, "").await?;
        sleep(Duration::from_millis(300)).await;
        page.click("cancel", json!({ "key": "a" })).await?;
        page.until(|told| told.last().is_some_and(|told| told == "a cancelled")).await?;
        server.gauge("hothouse_tasks", 0.0).await
    };
    Server::start()?.shrug_off(attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_that_are_replaced_in_a_loop() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut page = page(server).await?;
        for _ in 0..200 {
            page.click("several", json!({ "count": 4, "what": "spin", "input": "" })).await?;
        }
        page.start("1", "echo", "the last").await?;
        page.until(|told| told.last().is_some_and(|told| told == "1 done the last")).await?;
        drop(page);
        server.gauge("hothouse_tasks", 0.0).await
    };
    Server::start()?.shrug_off(attack).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_beyond_those_of_the_app() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let (mut first, mut second) = (page(server).await?, page(server).await?);
        first.click("several", json!({ "count": 4, "what": "sleep", "input": "60000" })).await?;
        second.start("one", "echo", "").await?;
        second
            .until(|told| told.iter().any(|told| told.starts_with("one failed FailureKind::Limit")))
            .await?;
        Ok(())
    };
    let server = Server::limited("tasks = 4")?;
    server.endure(LIMITS, "app-tasks", attack).await?;
    server.told_of_near("tasks", 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_that_spin_beside_a_view() -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut pages = Vec::new();
        for _ in 0..8 {
            let mut page = page(server).await?;
            page.click("several", json!({ "count": 4, "what": "spin", "input": "" })).await?;
            pages.push(page);
        }
        for _ in 0..200 {
            for page in &mut pages {
                page.click("click", json!({})).await?;
            }
        }
        Ok(())
    };
    Server::start()?.shrug_off(attack).await
}

/// A server within the network, which counts who comes.
struct Inside {
    port: u16,
    visits: Arc<AtomicUsize>,
}

impl Inside {
    /// One that does this with each connection that has asked for something.
    async fn start<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> anyhow::Result<Self>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (port, visits) = (listener.local_addr()?.port(), Arc::new(AtomicUsize::new(0)));
        let counts = visits.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counts.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4_096];
                if stream.read(&mut request).await.is_ok_and(|bytes| bytes > 0) {
                    tokio::spawn(serve(stream));
                }
            }
        });
        Ok(Self { port, visits })
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn app(origins: &[&str], limits: &str) -> anyhow::Result<AppFolder> {
    let app = AppFolder::with_limits(ROUTES, limits)?;
    app.grant(&format!("http = {origins:?}"))?;
    Ok(app)
}

/// A request to what the manifest grants, and is not public.
async fn refused(host: &str) -> anyhow::Result<()> {
    let inside = Inside::start(|_| async {}).await?;
    let origin = format!("{host}:{}", inside.port);
    let server = Server::of(app(&[&origin], "")?)?;
    let attack = async |server: &Server| {
        let answer = page(server).await?.run("get", &format!("{origin}/")).await?;
        assert!(answer.starts_with("failed FailureKind::Forbidden"), "{answer}");
        Ok(())
    };
    server.beside_a_neighbour(attack).await?;
    server.logged("code=\"failure-declared\" kind=\"forbidden\"", 1).await?;
    assert_eq!(inside.visits(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn redirect_to_a_private_address() -> anyhow::Result<()> {
    let inside = Inside::start(|_| async {}).await?;
    let location = inside.origin();
    let outside = Inside::start(move |mut stream| {
        let head = format!("HTTP/1.1 302 Found\r\nlocation: {location}/\r\ncontent-length: 0\r\n\r\n");
        async move { drop(stream.write_all(head.as_bytes()).await) }
    })
    .await?;
    // Granted by the manifest, and not by the operator.
    let server = Server::allowing(app(&[&outside.origin(), &inside.origin()], "")?, outside.port)?;
    let attack = async |server: &Server| {
        let answer = page(server).await?.run("get", &format!("{}/", outside.origin())).await?;
        assert!(answer.starts_with("failed FailureKind::Forbidden"), "{answer}");
        Ok(())
    };
    server.beside_a_neighbour(attack).await?;
    server.logged("code=\"failure-declared\" kind=\"forbidden\"", 1).await?;
    assert_eq!((outside.visits(), inside.visits()), (1, 0));
    Ok(())
}

/// A proxy would resolve names by itself, and connect to whatever it likes.
#[tokio::test(flavor = "multi_thread")]
async fn proxy_of_the_servers_environment() -> anyhow::Result<()> {
    let answer = |text: &'static str| {
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{text}", text.len());
        Inside::start(move |mut stream| {
            let answer = answer.clone();
            async move { drop(stream.write_all(answer.as_bytes()).await) }
        })
    };
    let (proxy, other) = (answer("by proxy").await?, answer("by itself").await?);
    let secure = other.origin().replace("http:", "https:");
    let app = app(&[&other.origin(), &secure], "")?;
    let variables = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
    let server = Server::serve(app, |command| {
        command
            .args(["--allow-private-host", &format!("127.0.0.1:{}", other.port)])
            .envs(variables.map(|name| (name, proxy.origin())))
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
    })?;
    let attack = async |server: &Server| {
        let mut page = page(server).await?;
        assert_eq!(page.run("get", &format!("{}/", other.origin())).await?, "done 200 by itself");
        // It speaks no TLS, but it is the one that is asked.
        let answer = page.run("get", &format!("{secure}/")).await?;
        assert!(answer.starts_with("failed FailureKind::Unavailable"), "{answer}");
        Ok(())
    };
    server.beside_a_neighbour(attack).await?;
    server.logged("code=\"failure-declared\" kind=\"unavailable\"", 1).await?;
    assert_eq!((proxy.visits(), other.visits()), (0, 2));
    Ok(())
}

/// A server that answers a task with these bytes, and then with more of them for ever.
async fn endless(
    head: &'static [u8],
    more: &'static [u8],
    pause: Duration,
    what: &str,
) -> anyhow::Result<()> {
    let other = Inside::start(move |mut stream| async move {
        let _ = stream.write_all(head).await;
        while stream.write_all(more).await.is_ok() {
            sleep(pause).await;
        }
    })
    .await?;
    let server = Server::allowing(app(&[&other.origin()], "task_wall_ms = 1000")?, other.port)?;
    let attack = async |server: &Server| {
        let mut page = page(server).await?;
        assert_eq!(page.run(what, &format!("{}/", other.origin())).await?, "timed out");
        page.click("click", json!({})).await?;
        Ok(())
    };
    server.endure(LIMITS, "wall-limit", attack).await
}

const SLOWLY: Duration = Duration::from_millis(20);

/// An answer that is too much: its task ends with a failure.
async fn too_much(answer: String, kind: &str) -> anyhow::Result<()> {
    let other = Inside::start(move |mut stream| {
        let answer = answer.clone();
        async move { drop(stream.write_all(answer.as_bytes()).await) }
    })
    .await?;
    let server = Server::allowing(app(&[&other.origin()], "")?, other.port)?;
    let attack = async |server: &Server| {
        let answer = page(server).await?.run("get", &format!("{}/", other.origin())).await?;
        assert!(answer.starts_with(&format!("failed FailureKind::{kind}")), "{answer}");
        Ok(())
    };
    server.beside_a_neighbour(attack).await?;
    server.logged("code=\"failure-declared\"", 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn answer_of_ten_megabytes() -> anyhow::Result<()> {
    let body = "x".repeat(10_000_000);
    too_much(format!("HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n{body}"), "Limit").await
}

#[tokio::test(flavor = "multi_thread")]
async fn answer_with_a_flood_of_headers() -> anyhow::Result<()> {
    let headers: String = (0..10_000).map(|number| format!("x-{number}: v\r\n")).collect();
    too_much(format!("HTTP/1.1 200 OK\r\n{headers}\r\n"), "Unavailable").await
}

#[tokio::test(flavor = "multi_thread")]
async fn answer_with_one_huge_header() -> anyhow::Result<()> {
    let value = "x".repeat(100_000);
    too_much(format!("HTTP/1.1 200 OK\r\nx-huge: {value}\r\ncontent-length: 0\r\n\r\n"), "Limit").await
}

attacks! {
    task_that_spins: ends("task_cpu_ms = 500", "spin", "timed out", "cpu-limit");
    task_that_waits_for_ever: ends("task_wall_ms = 500", "sleep", "timed out", "wall-limit");
    task_that_grows: ends("", "grow", "crashed", "memory");
    task_that_does_not_hear: cancelled("deaf");
    task_that_spins_when_it_is_cancelled: cancelled("spin");
    task_that_reports_without_end: cancelled("flood");
    request_by_a_private_address: refused("http://10.0.0.1");
    request_by_the_address_of_the_clouds_metadata: refused("http://169.254.169.254");
    request_by_a_decimal_address: refused("http://2130706433");
    request_by_an_octal_address: refused("http://0177.0.0.1");
    request_by_an_ipv6_address: refused("http://[::1]");
    request_by_an_ipv4_address_in_ipv6: refused("http://[::ffff:127.0.0.1]");
    request_by_a_name_of_this_machine: refused("http://localhost");
    answer_whose_head_never_ends: endless(b"HTTP/1.1 200 OK\r\nx-slow: ", b"x", SLOWLY, "get");
    answer_whose_body_never_ends: endless(b"HTTP/1.1 200 OK\r\n\r\n", &[b'x'; 16_384], Duration::ZERO, "read");
    answer_whose_body_is_slow: endless(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", b"x", SLOWLY, "get");
}
