//! Requests of tasks to other servers: to which, how many, how large, how long.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{any, get};
use flate2::Compression;
use flate2::write::GzEncoder;
use hothouse_protocol_tests::{AppFolder, Errands, SECRET, TestServer, settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Another server.
struct Other {
    port: u16,
    /// Requests that it has seen.
    seen: Arc<AtomicUsize>,
}

impl Other {
    async fn start(router: Router) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let seen = Arc::new(AtomicUsize::new(0));
        let counts = seen.clone();
        let router = router.layer(axum::middleware::map_request(move |request: axum::extract::Request| {
            counts.fetch_add(1, Ordering::SeqCst);
            async { request }
        }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { port, seen })
    }

    /// One that does with each connection what it likes.
    async fn raw<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> anyhow::Result<Self>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let seen = Arc::new(AtomicUsize::new(0));
        let counts = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counts.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream));
            }
        });
        Ok(Self { port, seen })
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

/// A server whose tasks may ask these origins, of which the operator allows some that are not public.
async fn server(origins: &[String], allowed: &[u16], limits: &str) -> anyhow::Result<TestServer> {
    let app = AppFolder::with_limits(&[("/", "errands")], limits)?;
    app.grant(&format!("http = {origins:?}"))?;
    let mut settings = settings(&app, SECRET)?;
    for port in allowed {
        settings.http.private_hosts.push(format!("127.0.0.1:{port}").parse()?);
    }
    TestServer::start_as(app, settings).await
}

/// A page whose tasks may ask this server.
async fn page(other: &Other, limits: &str) -> anyhow::Result<(TestServer, Errands)> {
    let server = server(&[other.url("")], &[other.port], limits).await?;
    let page = Errands::open(server.address, "/").await?;
    Ok((server, page))
}

/// Waits for a request.
async fn asked(stream: &mut (impl tokio::io::AsyncRead + Unpin)) {
    let mut request = [0; 1_000];
    let _ = stream.read(&mut request).await;
}

async fn echo(headers: HeaderMap, body: Bytes) -> Response {
    let told =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let echoed = format!("{} {}", told("x-asks"), told("user-agent"));
    ([("x-echo", echoed.trim().to_owned())], body).into_response()
}

async fn bytes(Path(count): Path<usize>) -> Vec<u8> {
    vec![b'x'; count]
}

/// So many redirects, then an answer.
async fn chain(Path(count): Path<usize>) -> Response {
    if count == 0 {
        "there".into_response()
    } else {
        Redirect::temporary(&format!("/chain/{}", count - 1)).into_response()
    }
}

async fn redirect(Query(to): Query<Vec<(String, String)>>) -> Redirect {
    Redirect::temporary(to.first().map(|(_, to)| &**to).unwrap_or("/"))
}

async fn headers(Path(count): Path<usize>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for number in 0..count {
        if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(format!("x-{number}")), "v".parse()) {
            headers.insert(name, value);
        }
    }
    headers
}

fn router() -> Router {
    Router::new()
        .route("/echo", any(echo))
        .route("/bytes/{count}", get(bytes))
        .route("/chain/{count}", get(chain))
        .route("/redirect", get(redirect))
        .route("/headers/{count}", get(headers))
        .route("/gone", get(|| async { (StatusCode::GONE, "no more") }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_asks_a_server_that_was_granted() -> anyhow::Result<()> {
    let other = Other::start(router()).await?;
    let (_server, mut page) = page(&other, "").await?;
    assert_eq!(page.run("get", &other.url("/echo")).await?, "done 200 [] ");
    let post = format!("{} what was posted", other.url("/echo"));
    assert_eq!(page.run("post", &post).await?, "done 200 [] what was posted");
    let with_header = format!("{} x-asks=me", other.url("/echo"));
    assert_eq!(page.run("with-header", &with_header).await?, "done 200 [me] ");
    assert_eq!(page.run("get", &other.url("/gone")).await?, "done 410 no more", "a status is an answer");
    let host = format!("{} host=elsewhere", other.url("/echo"));
    assert!(page.run("with-header", &host).await?.starts_with("failed FailureKind::Forbidden"));
    assert_eq!(other.seen(), 4);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_origins_that_were_granted_are_asked_at_every_hop() -> anyhow::Result<()> {
    let (granted, other) = (Other::start(router()).await?, Other::start(router()).await?);
    let allowed = [granted.port, other.port];
    let server = server(&[granted.url("")], &allowed, "").await?;
    let mut page = Errands::open(server.address, "/").await?;
    let https = granted.url("/echo").replace("http:", "https:");
    let by_name = granted.url("/echo").replace("127.0.0.1", "localhost");
    for url in [other.url("/echo"), https, by_name, "http://127.0.0.1/".to_owned()] {
        let refused = page.run("get", &url).await?;
        assert!(refused.starts_with("failed FailureKind::Forbidden"), "{url}: {refused}");
        assert!(refused.contains("was not granted"), "{url}: {refused}");
    }
    let elsewhere = granted.url(&format!("/redirect?to={}", other.url("/echo")));
    let refused = page.run("get", &elsewhere).await?;
    assert!(refused.starts_with("failed FailureKind::Forbidden"), "{refused}");
    assert_eq!((granted.seen(), other.seen()), (1, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_not_public_are_refused_however_they_are_spelled() -> anyhow::Result<()> {
    let other = Other::start(router()).await?;
    let port = other.port;
    let hosts = [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0.0.0.0",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
    ];
    let origins: Vec<String> = hosts.iter().map(|host| format!("http://{host}:{port}")).collect();
    let server = server(&origins, &[], "").await?;
    let mut page = Errands::open(server.address, "/").await?;
    for origin in &origins {
        let refused = page.run("get", &format!("{origin}/echo")).await?;
        assert!(refused.starts_with("failed FailureKind::Forbidden"), "{origin}: {refused}");
        assert!(refused.contains("no public address"), "{origin}: {refused}");
    }
    assert_eq!(other.seen(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_to_an_address_that_is_not_public_is_refused() -> anyhow::Result<()> {
    let (outside, inside) = (Other::start(router()).await?, Other::start(router()).await?);
    let by_name = inside.url("").replace("127.0.0.1", "localhost");
    // The manifest grants all of them, the operator only the first.
    let server = server(&[outside.url(""), inside.url(""), by_name.clone()], &[outside.port], "").await?;
    let mut page = Errands::open(server.address, "/").await?;
    for target in [inside.url("/echo"), format!("{by_name}/echo")] {
        let refused = page.run("get", &outside.url(&format!("/redirect?to={target}"))).await?;
        assert!(refused.starts_with("failed FailureKind::Forbidden"), "{target}: {refused}");
        assert!(refused.contains("no public address"), "{target}: {refused}");
    }
    assert_eq!((outside.seen(), inside.seen()), (2, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_compressed_arrives_as_it_was_sent() -> anyhow::Result<()> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&[b'x'; 1_000_000])?;
    let compressed = encoder.finish()?;
    let bytes = compressed.len();
    let router = Router::new().route(
        "/gzip",
        get(move |headers: HeaderMap| async move {
            let asked = headers.contains_key(header::ACCEPT_ENCODING);
            let about =
                [("content-encoding", "gzip"), ("x-echo", if asked { "was asked" } else { "unasked" })];
            (about, compressed)
        }),
    );
    let other = Other::start(router).await?;
    let (_server, mut page) = page(&other, "").await?;
    let answer = page.run("measure", &other.url("/gzip")).await?;
    assert_eq!(answer, format!("done 200 gzip unasked {bytes} bytes 1f8b"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_answers_are_as_large_as_they_may_be_and_no_larger() -> anyhow::Result<()> {
    const MAX: usize = 1024 * 1024;
    // Bodies of its own, as the errands echo nothing of the request's.
    let router = router().route(
        "/length",
        any(|body: Body| async {
            axum::body::to_bytes(body, 2 * MAX).await.map(|body| body.len().to_string()).unwrap_or_default()
        }),
    );
    let other = Other::start(router).await?;
    let (_server, mut page) = page(&other, "").await?;
    assert_eq!(
        page.run("post-bytes", &format!("{} {MAX}", other.url("/length"))).await?,
        format!("done 200 {MAX}")
    );
    let refused = page.run("post-bytes", &format!("{} {}", other.url("/length"), MAX + 1)).await?;
    assert!(refused.starts_with("failed FailureKind::Limit the body of the request"), "{refused}");
    let refused = page.run("get", &other.url(&format!("/bytes/{}", MAX + 1))).await?;
    assert!(refused.starts_with("failed FailureKind::Limit the answer has more than"), "{refused}");
    let whole = page.run("read", &other.url(&format!("/bytes/{}", 3 * MAX))).await?;
    assert_eq!(whole, format!("done {} bytes", 3 * MAX), "piece by piece there is no such limit");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_redirects_and_open_bodies_have_limits() -> anyhow::Result<()> {
    let other = Other::start(router()).await?;
    let (_server, mut page) = page(&other, "").await?;
    // Two or three are the server's own.
    assert!(page.run("get", &other.url("/headers/90")).await?.starts_with("done 200"));
    assert!(
        page.run("get", &other.url("/headers/101")).await?.starts_with("failed FailureKind::Unavailable")
    );
    assert_eq!(page.run("get", &other.url("/chain/5")).await?, "done 200 there");
    let refused = page.run("get", &other.url("/chain/6")).await?;
    assert_eq!(refused, "failed FailureKind::Limit more than 5 redirects");
    assert_eq!(page.run("open-many", &format!("{} 4", other.url("/bytes/10"))).await?, "done 4 open");
    let refused = page.run("open-many", &format!("{} 5", other.url("/bytes/10"))).await?;
    assert!(refused.starts_with("failed FailureKind::Limit"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_never_finish_hold_up_nobody_but_their_task() -> anyhow::Result<()> {
    // Answers a byte of the head at a time; or a head, and then a byte of the body at a time.
    let slow_head = Other::raw(|mut stream| async move {
        asked(&mut stream).await;
        for byte in b"HTTP/1.1 200 OK\r\n".iter().chain(b"x-slow: 1\r\n".iter().cycle()) {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(30)).await;
        }
    });
    let endless = Other::raw(|mut stream| async move {
        asked(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
        while stream.write_all(&[b'x'; 1_000]).await.is_ok() {
            sleep(Duration::from_millis(5)).await;
        }
    });
    let silent = Other::raw(|stream| async move {
        sleep(Duration::from_secs(60)).await;
        drop(stream);
    });
    let (slow_head, endless, silent) = (slow_head.await?, endless.await?, silent.await?);
    let origins = [slow_head.url(""), endless.url(""), silent.url("")];
    let ports = [slow_head.port, endless.port, silent.port];
    let server = server(&origins, &ports, "task_wall_ms = 1500").await?;
    let mut page = Errands::open(server.address, "/").await?;
    for other in [&slow_head, &silent, &endless] {
        let late = page.run("in-time", &format!("{} 300", other.url("/"))).await?;
        assert!(
            late.starts_with("failed FailureKind::Unavailable there was no answer within 300ms"),
            "{late}"
        );
    }
    let began = Instant::now();
    assert_eq!(page.run("read", &endless.url("/")).await?, "timed out");
    assert_eq!(page.run("get", &silent.url("/")).await?, "timed out");
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_http_and_nobody_is_unavailable() -> anyhow::Result<()> {
    let nonsense = Other::raw(|mut stream| async move {
        asked(&mut stream).await;
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n").await;
    });
    let (nonsense, other) = (nonsense.await?, Other::start(router()).await?);
    let nobody = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let origins =
        [nonsense.url(""), format!("http://127.0.0.1:{nobody}"), other.url("").replace("http", "https")];
    let server = server(&origins, &[nonsense.port, nobody, other.port], "").await?;
    let mut page = Errands::open(server.address, "/").await?;
    for origin in &origins {
        let failed = page.run("get", &format!("{origin}/echo")).await?;
        assert!(failed.starts_with("failed FailureKind::Unavailable"), "{origin}: {failed}");
    }
    for url in ["", "/echo", "file:///etc/passwd", "http://user:secret@127.0.0.1/"] {
        let failed = page.run("get", url).await?;
        assert!(failed.starts_with("failed FailureKind::BadInput"), "{url}: {failed}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_sends_bit_by_bit_arrives_bit_by_bit() -> anyhow::Result<()> {
    let (go_on, may_go_on) = watch::channel(0);
    let router = Router::new().route(
        "/events",
        get(move || {
            let mut may_go_on = may_go_on.clone();
            async move {
                let (mut sender, receiver) = mpsc::channel::<Result<Bytes, std::io::Error>>(1);
                tokio::spawn(async move {
                    for number in 1..=3 {
                        let _ = may_go_on.wait_for(|steps| *steps >= number).await;
                        let event = format!("data: token {number}\n\n");
                        let (first, second) = event.split_at(7);
                        for part in [first, second] {
                            let _ = send(&mut sender, part).await;
                        }
                    }
                });
                Body::from_stream(stream(receiver))
            }
        }),
    );
    let other = Other::start(router).await?;
    let (_server, mut page) = page(&other, "").await?;
    page.start("a", "stream", &other.url("/events")).await?;
    for number in 1..=3 {
        go_on.send(number)?;
        let told = page.until(|told| told.len() >= number).await?;
        assert_eq!(told.get(number - 1).map(String::as_str), Some(&*format!("a: token {number}")));
    }
    let told = page.until(|told| told.len() > 3).await?;
    assert_eq!(told.last().map(String::as_str), Some("a done streamed"));
    Ok(())
}

type Part = Result<Bytes, std::io::Error>;

async fn send(sender: &mut mpsc::Sender<Part>, part: &str) -> Result<(), mpsc::error::SendError<Part>> {
    sender.send(Ok(Bytes::copy_from_slice(part.as_bytes()))).await
}

fn stream(receiver: mpsc::Receiver<Part>) -> impl futures_util::Stream<Item = Part> {
    futures_util::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|part| (part, receiver))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_cancelled_hangs_up() -> anyhow::Result<()> {
    let (hung_up, mut has_hung_up) = mpsc::channel(8);
    let other = Other::raw(move |mut stream| {
        let hung_up = hung_up.clone();
        async move {
            let mut asked = [0; 1_000];
            while stream.read(&mut asked).await.is_ok_and(|count| count > 0) {}
            let _ = hung_up.send(()).await;
        }
    })
    .await?;
    let (_server, mut page) = page(&other, "").await?;
    page.start("a", "get", &other.url("/")).await?;
    while other.seen() == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    page.click("cancel", serde_json::json!({ "key": "a" })).await?;
    assert_eq!(page.until(|told| !told.is_empty()).await?, ["a cancelled"]);
    tokio::time::timeout(Duration::from_secs(5), has_hung_up.recv()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_asks_so_much_at_once_and_the_rest_waits() -> anyhow::Result<()> {
    let router = router().route(
        "/slow",
        get(|| async {
            sleep(Duration::from_millis(400)).await;
            "at last"
        }),
    );
    let other = Other::start(router).await?;
    let (_server, mut page) = page(&other, "http_requests = 1").await?;
    page.start("slow", "get", &other.url("/slow")).await?;
    while other.seen() == 0 {
        sleep(Duration::from_millis(10)).await;
    }
    page.start("hasty", "in-time", &format!("{} 100", other.url("/echo"))).await?;
    page.start("patient", "get", &other.url("/echo")).await?;
    let told = page.until(|told| told.len() == 3).await?;
    assert_eq!(told[0], "hasty failed FailureKind::Limit too many requests at once: try again later");
    assert_eq!(told[1..], ["slow done 200 at last", "patient done 200 [] "]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_for_servers_whose_certificate_is_trusted_and_theirs() -> anyhow::Result<()> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let other = Other::raw(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            asked(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
        }
    })
    .await?;
    let by_address = format!("https://127.0.0.1:{}", other.port);
    let by_name = format!("https://localhost:{}", other.port);
    for (certificates, url, answer) in [
        (vec![certificate.to_vec()], &by_address, "done 200 secret"),
        (
            vec![certificate.to_vec()],
            &by_name,
            "failed FailureKind::Unavailable there is no connection to `localhost`",
        ),
        (vec![], &by_address, "failed FailureKind::Unavailable there is no connection to `127.0.0.1`"),
    ] {
        let app = AppFolder::new(&[("/", "errands")])?;
        app.grant(&format!("http = [{by_address:?}, {by_name:?}]"))?;
        let mut settings = settings(&app, SECRET)?;
        for host in ["127.0.0.1", "localhost"] {
            settings.http.private_hosts.push(format!("{host}:{}", other.port).parse()?);
        }
        settings.http.certificates = certificates;
        let server = TestServer::start_as(app, settings).await?;
        let mut page = Errands::open(server.address, "/").await?;
        assert_eq!(page.run("get", &format!("{url}/")).await?, answer);
    }
    Ok(())
}
