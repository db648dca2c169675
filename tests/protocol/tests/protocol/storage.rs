//! Keys and values: what views write is committed with their callback or not at all, and seen by all of the tenant.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use hothouse::services::kv::Transaction;
use hothouse_protocol_tests::{AppFolder, Joined, SECRET, TestServer, settings};
use hothouse_test_client::{Client, Socket, View};
use serde_json::{Value, json};

fn app() -> anyhow::Result<AppFolder> {
    let app = AppFolder::new(&[("/", "keeps")])?;
    app.grant("kv = true")?;
    Ok(app)
}

async fn open() -> anyhow::Result<Joined> {
    join(TestServer::start_with(app()?, SECRET).await?).await
}

async fn join(server: TestServer) -> anyhow::Result<Joined> {
    let mut client = Client::new(server.address);
    let page = client.get("/").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let view = View::join(&mut socket, &client, &page).await?;
    Ok(Joined { server, client, page, socket, view })
}

/// Another person's view of the same app.
struct Visitor {
    socket: Socket,
    view: View,
}

impl Visitor {
    async fn of(server: &TestServer) -> anyhow::Result<Self> {
        let mut client = Client::new(server.address);
        let page = client.get("/").await?;
        let mut socket = Socket::connect(&client, &page).await?;
        let view = View::join(&mut socket, &client, &page).await?;
        Ok(Self { socket, view })
    }

    async fn makes(&mut self, steps: Value) -> anyhow::Result<Value> {
        makes(&mut self.view, &mut self.socket, steps).await
    }
}

/// Has a view make steps; the diff that answers.
async fn diff(view: &mut View, socket: &mut Socket, steps: Value) -> anyhow::Result<Value> {
    let response = view.click(socket, "do", json!({ "steps": steps })).await?;
    Ok(response.get("diff").cloned().unwrap_or(Value::Null))
}

/// Has a view make steps; what each was answered.
async fn makes(view: &mut View, socket: &mut Socket, steps: Value) -> anyhow::Result<Value> {
    Ok(diff(view, socket, steps).await?.get("r").cloned().unwrap_or_default())
}

async fn does(open: &mut Joined, steps: Value) -> anyhow::Result<Value> {
    makes(&mut open.view, &mut open.socket, steps).await
}

fn shows(view: &View, text: &str) -> anyhow::Result<()> {
    let html = view.html()?;
    ensure!(html.contains(text), "no {text} in {html}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_view_writes_is_seen_by_itself_at_once_and_by_others_once_it_has_answered()
-> anyhow::Result<()> {
    let mut ann = open().await?;
    let mut bob = Visitor::of(&ann.server).await?;
    let answers = does(
        &mut ann,
        json!([
            ["put", "a", "1"],
            ["put", "b", "2"],
            ["get", "a"],
            ["delete", "b"],
            ["get", "b"],
            ["keys", "", null, 10]
        ]),
    )
    .await?;
    assert_eq!(answers, json!([true, true, "1", true, null, [["a"], null]]));
    let answers = bob.makes(json!([["get", "a"], ["get", "b"], ["entries", "", null, 10]])).await?;
    assert_eq!(answers, json!(["1", null, [[["a", "1"]], null]]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_keys_and_values_say_whether_more_follows() -> anyhow::Result<()> {
    let mut ann = open().await?;
    does(&mut ann, json!([["put-many", "k/", 25, 1]])).await?;
    let answers = does(
        &mut ann,
        json!([["keys", "k/1", null, 5], ["keys", "k/1", "k/13", 5], ["keys", "k/1", "k/13", 100]]),
    )
    .await?;
    assert_eq!(
        answers,
        json!([
            [["k/1", "k/10", "k/11", "k/12", "k/13"], "k/13"],
            [["k/14", "k/15", "k/16", "k/17", "k/18"], "k/18"],
            [["k/14", "k/15", "k/16", "k/17", "k/18", "k/19"], null]
        ])
    );
    let answers =
        does(&mut ann, json!([["entries", "k/2", "k/2", 2], ["scan", "k/"], ["scan", "nothing"]])).await?;
    assert_eq!(answers, json!([[[["k/20", "x"], ["k/21", "x"]], "k/21"], 25, 0]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_fails_or_traps_or_whose_effects_are_refused_has_written_nothing()
-> anyhow::Result<()> {
    let mut ann = open().await?;
    let mut bob = Visitor::of(&ann.server).await?;
    for end in [json!(["fail"]), json!(["subscribe", ""]), json!(["trap"])] {
        let steps = json!([["put", "a", "1"], ["put", "b", "2"], ["increment", "c", 3], end]);
        let payload = json!({ "type": "click", "event": "do", "value": { "steps": steps } });
        ann.socket.send(Some(&ann.view.join_ref), &ann.view.topic, "event", payload).await?;
        let answer = ann.socket.receive().await?;
        assert_eq!(answer.event, if end == json!(["trap"]) { "phx_error" } else { "phx_reply" }, "{end}");
        // Nor with what comes after it.
        if end != json!(["trap"]) {
            does(&mut ann, json!([["put", "d", "4"]])).await?;
        }
        assert_eq!(bob.makes(json!([["keys", "", null, 10]])).await?, json!([[["d"], null]]), "{end}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_a_flash_message_commits_nothing_of_a_callback_that_was_refused() -> anyhow::Result<()> {
    let mut ann = open().await?;
    assert_eq!(does(&mut ann, json!([["put", "a", "1"], ["subscribe", ""]])).await?, Value::Null);
    ann.click("lv:clear-flash", json!({})).await?;
    assert_eq!(does(&mut ann, json!([["get", "a"]])).await?, json!([null]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_drops_writes_and_effects_and_is_told_before_the_next_render() -> anyhow::Result<()> {
    let mut ann = open().await?;
    let mut bob = Visitor::of(&ann.server).await?;
    does(&mut ann, json!([["put", "seat", "free"], ["subscribe", "seats"]])).await?;
    assert_eq!(
        bob.makes(json!([["expect", "seat", "free"], ["put", "seat", "bob"]])).await?,
        json!([true, true])
    );
    let lost = json!([
        ["expect", "seat", "free"],
        ["put", "seat", "ann"],
        ["put", "log", "ann"],
        ["title", "Mine"],
        ["broadcast", "seats"]
    ]);
    let diff = diff(&mut ann.view, &mut ann.socket, lost).await?;
    assert_eq!((diff.get("t"), diff.get("r")), (None, None), "{diff}");
    shows(&ann.view, r#""conflicts":["seat"],"published":0"#)?;
    let answers = does(&mut ann, json!([["get", "seat"], ["get", "log"]])).await?;
    assert_eq!(answers, json!(["bob", null]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn effects_are_carried_out_once_the_writes_are_there() -> anyhow::Result<()> {
    let mut ann = open().await?;
    let mut bob = Visitor::of(&ann.server).await?;
    does(&mut ann, json!([["subscribe", "n"], ["on-published", [["get", "n"]]]])).await?;
    for number in 1..=20_u32 {
        let number = number.to_string();
        bob.makes(json!([["put", "n", number], ["broadcast", "n"]])).await?;
        // What is told of is there.
        ann.view.pushed(&mut ann.socket).await?;
        shows(&ann.view, &format!("<p id=\"answers\">[\"{number}\"]</p>"))?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_that_is_answered_with_another_ends() -> anyhow::Result<()> {
    let mut ann = open().await?;
    let stubborn = json!([["expect", "seat", "mine"], ["put", "seat", "mine"]]);
    does(&mut ann, json!([["on-conflict", stubborn]])).await?;
    let answer = diff(&mut ann.view, &mut ann.socket, stubborn.clone()).await?;
    assert_eq!(answer["e"][0][0], "hothouse:failure", "{answer}");
    // It lives, and works.
    let answers = does(&mut ann, json!([["put", "seat", "mine"], ["get", "seat"]])).await?;
    assert_eq!(answers, json!([true, "mine"]));
    assert_eq!(does(&mut ann, stubborn).await?, json!([true, true]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn increments_of_many_views_add_up() -> anyhow::Result<()> {
    let server = TestServer::start_with(app()?, SECRET).await?;
    let mut visitors = Vec::new();
    for _ in 0..8 {
        visitors.push(Visitor::of(&server).await?);
    }
    let counting = visitors.into_iter().map(|mut visitor| {
        tokio::spawn(async move {
            for _ in 0..25 {
                visitor.makes(json!([["increment", "n", 2], ["increment", "n", -1]])).await?;
            }
            anyhow::Ok(())
        })
    });
    for visitor in counting.collect::<Vec<_>>() {
        visitor.await??;
    }
    let mut last = Visitor::of(&server).await?;
    assert_eq!(last.makes(json!([["get", "n"], ["increment", "n", 0]])).await?, json!(["200", 200.0]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_is_forgotten_when_its_time_is_over() -> anyhow::Result<()> {
    let mut ann = open().await?;
    does(&mut ann, json!([["put", "short", "1", 1], ["put", "long", "1", 60]])).await?;
    let began = Instant::now();
    let keys = json!([["keys", "", null, 10]]);
    while does(&mut ann, keys.clone()).await? != json!([[["long"], null]]) {
        ensure!(began.elapsed() < Duration::from_secs(5), "it is there for ever");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    ensure!(began.elapsed() > Duration::from_millis(800), "it is gone after {:?}", began.elapsed());
    Ok(())
}

/// The steps of a param of the address.
fn address(name: &str, steps: Value) -> String {
    let steps: String = steps.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("/?{name}={steps}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_made_commits_as_well() -> anyhow::Result<()> {
    let mut ann = open().await?;
    let mut client = Client::new(ann.server.address);
    let page = client.get(&address("mount", json!([["increment", "visits", 1]]))).await?;
    ensure!(page.status == 200 && page.body.contains("[1.0]"), "{}", page.body);
    assert_eq!(does(&mut ann, json!([["get", "visits"]])).await?, json!(["1"]));
    let conflict = json!([["expect", "visits", "7"], ["put", "visits", "8"]]);
    let page = client.get(&address("mount", conflict)).await?;
    ensure!(page.status == 200 && page.body.contains(r#"conflicts":["visits"]"#), "{}", page.body);
    let stubborn = address("mount", json!([["expect", "x", "7"]]))
        + "&"
        + &address("conflict", json!([["expect", "x", "7"]]))[2..];
    assert_eq!(client.get(&stubborn).await?.status, 500);
    assert_eq!(client.get(&address("mount", json!([["put", "a", "1"], ["fail"]]))).await?.status, 500);
    assert_eq!(does(&mut ann, json!([["get", "a"], ["get", "visits"]])).await?, json!([null, "1"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_store_in_render_and_terminate_and_without_a_grant() -> anyhow::Result<()> {
    let mut ann = open().await?;
    let steps = json!([["get", "a"], ["put", "a", "1"], ["keys", "", null, 1]]);
    does(&mut ann, json!([["on-render", steps]])).await?;
    assert_eq!(ann.view.html()?.matches("FailureKind::NotHere").count(), 3, "{}", ann.view.html()?);
    does(&mut ann, json!([["on-render", []]])).await?;
    let mut bob = Visitor::of(&ann.server).await?;
    ann.socket.cut();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(bob.makes(json!([["keys", "", null, 10]])).await?, json!([[[], null]]));

    let mut without = join(TestServer::start(&[("/", "keeps")]).await?).await?;
    let answers = does(&mut without, json!([["get", "a"], ["put", "a", "1"], ["expect", "a", null]])).await?;
    for answer in answers.as_array().context("answers")? {
        assert_eq!(answer["failure"][0], "FailureKind::Forbidden");
        ensure!(answer["failure"][1].as_str().is_some_and(|text| text.contains("kv = true")), "{answer}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_is_answered_with_limit_and_the_callback_goes_on() -> anyhow::Result<()> {
    let mut ann = open().await?;
    let kib = 1024;
    let answers = does(
        &mut ann,
        json!([
            ["put-under-long-key", 512],
            ["put-bytes", "v", 256 * kib],
            ["keys", "", null, 1_000],
            ["put-under-long-key", 513],
            ["put-under-long-key", 0],
            ["put-bytes", "v", 256 * kib + 1],
            ["keys", "", null, 1_001],
            ["keys", "", null, 0],
            ["put", "v", "", 0],
            ["increment", "v", 1],
        ]),
    )
    .await?;
    let answers = answers.as_array().context("answers")?;
    for answer in &answers[..2] {
        assert_eq!(answer, &json!(true));
    }
    assert!(answers[2].is_array());
    for (answer, kind, said) in [
        (&answers[3], "BadInput", "513 bytes"),
        (&answers[4], "BadInput", "0 bytes"),
        (&answers[5], "Limit", "262145 bytes, the limit is 262144"),
        (&answers[6], "Limit", "1001 keys"),
        (&answers[7], "BadInput", "0 keys"),
        (&answers[8], "BadInput", "at least 1 second"),
        (&answers[9], "BadInput", "no whole number"),
    ] {
        assert_eq!(answer["failure"][0], format!("FailureKind::{kind}"), "{answer}");
        ensure!(answer["failure"][1].as_str().is_some_and(|text| text.contains(said)), "{said} in {answer}");
    }
    let answers =
        does(&mut ann, json!([["put-many", "k", 256, 1], ["put-many", "k", 257, 1], ["get", "k255"]]))
            .await?;
    assert_eq!(
        (&answers[0], &answers[1]["failure"][0], &answers[2]),
        (&json!(true), &json!("FailureKind::Limit"), &json!("x"))
    );
    let answers =
        does(&mut ann, json!([["put-many", "l", 5, 250 * kib], ["get", "l3"], ["get", "l4"]])).await?;
    assert_eq!(
        (&answers[0]["failure"][0], &answers[1], &answers[2]),
        (&json!("FailureKind::Limit"), &json!(250 * kib), &json!(null))
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_full_says_so_to_the_page_and_to_the_view() -> anyhow::Result<()> {
    let app = AppFolder::with_limits(&[("/", "keeps")], "storage_mib = 1\n")?;
    app.grant("kv = true")?;
    let mut ann = join(TestServer::start_with(app, SECRET).await?).await?;
    let large = |key: &str| json!([["put-bytes", key, 240 * 1024]]);
    for key in ["a", "b", "c", "d"] {
        assert_eq!(does(&mut ann, large(key)).await?, json!([true]), "{key}");
    }
    let answer = diff(&mut ann.view, &mut ann.socket, large("e")).await?;
    assert_eq!(answer["e"][0][0], "hothouse:failure", "{answer}");
    assert_eq!(answer["e"][0][1]["kind"], "limit", "{answer}");
    ensure!(
        answer["e"][0][1]["message"].as_str().is_some_and(|text| text.contains("storage_mib")),
        "{answer}"
    );
    shows(&ann.view, r#""conflicts":["e"]"#)?;
    assert_eq!(ann.server.metrics().await?.sum("hothouse_writes_refused_total", "kv-full"), 1.0);
    let answers =
        does(&mut ann, json!([["get", "e"], ["delete", "a"], ["put-bytes", "e", 240 * 1024]])).await?;
    assert_eq!(answers, json!([null, true, true]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenant_has_keys_of_its_own_in_the_same_folder() -> anyhow::Result<()> {
    let storage = tempfile::tempdir()?;
    let start = async |name: &str| {
        let app = app()?;
        let manifest = std::fs::read_to_string(app.path().join("hothouse.toml"))?;
        app.write("hothouse.toml", &manifest.replace("name = \"test\"", &format!("name = {name:?}")))?;
        let mut settings = settings(&app, SECRET)?;
        settings.storage = storage.path().to_owned();
        join(TestServer::start_as(app, settings).await?).await
    };
    let (mut acme, mut zoo) = (start("acme").await?, start("zoo").await?);
    does(&mut acme, json!([["put", "a", "1"]])).await?;
    assert_eq!(
        does(&mut zoo, json!([["get", "a"], ["keys", "", null, 10]])).await?,
        json!([null, [[], null]])
    );
    let mut files: Vec<_> = std::fs::read_dir(storage.path())?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<Result<_, _>>()?;
    files.sort();
    assert_eq!(files, ["acme.redb", "zoo.redb"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_the_same_storage_is_refused_and_what_is_kept_outlives_the_first()
-> anyhow::Result<()> {
    let storage = tempfile::tempdir()?;
    let opened = async || {
        let app = app()?;
        let mut settings = settings(&app, SECRET)?;
        settings.storage = storage.path().to_owned();
        TestServer::start_as(app, settings).await
    };
    let mut ann = join(opened().await?).await?;
    does(&mut ann, json!([["put", "a", "1"]])).await?;
    let refused = opened().await.err().context("a second server")?.to_string();
    ensure!(refused.contains("test.redb: another server has it open"), "{refused}");
    drop(ann.socket);
    ann.server.begin_shutdown();
    ann.server.ended().await?;
    let mut again = join(opened().await?).await?;
    assert_eq!(does(&mut again, json!([["get", "a"]])).await?, json!(["1"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedding_application_reads_and_writes_as_well() -> anyhow::Result<()> {
    let app = app()?;
    let server = hothouse::Server::open(settings(&app, SECRET)?).await?;
    let store = server.handle();
    let store = store.kv().context("a store")?;
    let mut transaction = Transaction::default();
    transaction.put("a", b"1".into(), None)?;
    store.commit(transaction).await?;
    assert_eq!(store.get("a")?, Some(b"1".into()));
    let none = hothouse::Server::open(settings(&AppFolder::new(&[("/", "keeps")])?, SECRET)?).await?;
    ensure!(none.handle().kv().is_none(), "nobody may use it");
    Ok(())
}
