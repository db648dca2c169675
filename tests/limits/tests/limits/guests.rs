//! Views that break, spin, grow and wait.

use hothouse_limits_tests::Server;
use hothouse_test_client::{Client, Socket, View};
use serde_json::json;

const CRASHES: &str = "hothouse_crashes_total";

/// A joined view that works, and then ends at an event.
async fn ends(path: &str, event: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit(path).await?;
        visitor.counts(3).await?;
        visitor.dies_of(event).await
    };
    Server::start()?.endure(CRASHES, code, attack).await
}

/// A page that works, and the same page with parameters that end it.
async fn page_ends(query: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        assert_eq!(client.get("/").await?.status, 200);
        assert_eq!(client.get(query).await?.status, 500);
        assert_eq!(client.get("/").await?.status, 200);
        Ok(())
    };
    Server::start()?.endure(CRASHES, code, attack).await
}

/// A page that is there, and whose view then breaks as it says goodbye.
async fn goodbye_ends(query: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut client = Client::new(server.address);
        assert_eq!(client.get("/").await?.status, 200);
        assert_eq!(client.get(query).await?.status, 200);
        assert_eq!(client.get("/").await?.status, 200);
        Ok(())
    };
    Server::start()?.endure(CRASHES, code, attack).await
}

/// A joined view that works, and breaks when its socket is gone.
async fn leaving_ends(event: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit("/").await?;
        visitor.counts(3).await?;
        visitor.view.click(&mut visitor.socket, event, json!({})).await?;
        visitor.socket.cut();
        server.gauge("hothouse_instances", 1.0).await
    };
    Server::start()?.endure(CRASHES, code, attack).await
}

/// A page whose view works until it is joined.
async fn join_ends(query: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        server.visit("/").await?;
        let mut client = Client::new(server.address);
        let page = client.get(query).await?;
        assert_eq!(page.status, 200);
        let mut socket = Socket::connect(&client, &page).await?;
        let topic = format!("lv:{}", page.view()?.id);
        let refused = View::try_join(&mut socket, &topic, View::join_payload(&client, &page)?).await?;
        assert_eq!(refused.reply()?.0, "error", "{}", refused.text);
        Ok(())
    };
    Server::start()?.endure(CRASHES, code, attack).await
}

attacks! {
    event_that_spins: ends("/", "spin", "cpu-limit");
    event_that_traps: ends("/", "trap", "trap");
    event_that_grows: ends("/", "grow:5000000", "memory");
    event_that_grows_by_100_mb: ends("/", "grow:100000000", "memory");
    event_with_too_many_effects: ends("/", "effects:257", "effects");
    render_that_spins: ends("/", "document:spin", "cpu-limit");
    render_that_traps: ends("/", "document:trap", "trap");
    render_of_too_many_slots: ends("/", "document:flood", "copy");
    render_of_a_million_rows: ends("/", "document:wide:1000000", "memory");
    stock_event_that_sleeps: ends("/stock", "sleep:3000", "waits");
    stock_event_that_exits: ends("/stock", "exit", "exits");
    stock_event_that_panics: ends("/stock", "panic:now", "trap");
    mount_that_spins: page_ends("/?mount=spin", "cpu-limit");
    mount_that_traps: page_ends("/?mount=trap", "trap");
    mount_that_grows: page_ends("/?mount=grow:5000000", "memory");
    mount_with_too_many_effects: page_ends("/?mount=effects:257", "effects");
    page_that_spins: page_ends("/?document=spin", "cpu-limit");
    page_of_too_many_slots: page_ends("/?document=flood", "copy");
    join_that_spins: join_ends("/?connected=spin", "cpu-limit");
    join_that_traps: join_ends("/?connected=trap", "trap");
    join_that_grows: join_ends("/?connected=grow:5000000", "memory");
    greeting_that_spins: join_ends("/?connected=greeting:spin", "cpu-limit");
    greeting_that_traps: join_ends("/?connected=greeting:trap", "trap");
    goodbye_of_a_page_that_spins: goodbye_ends("/?mount=farewell:spin", "cpu-limit");
    goodbye_of_a_page_that_traps: goodbye_ends("/?mount=farewell:trap", "trap");
    goodbye_that_spins: leaving_ends("farewell:spin", "cpu-limit");
    goodbye_that_traps: leaving_ends("farewell:trap", "trap");
    goodbye_that_grows: leaving_ends("farewell:grow:5000000", "memory");
}
