//! The browser's session: what views put in, and how it gets into its cookie.

use hothouse_protocol_tests::{AppFolder, SECRET, TestServer};
use hothouse_test_client::{Client, Message, Page, Socket, View};
use serde_json::{Value, json};

const TABLES: &str = r#"
put_session = true
redirects = ["https://pay.example"]
[[routes]]
path = "/"
component = "asks-everything"
[[routes]]
path = "/desk"
component = "asks-everything"
[live_sessions.members]
on_mount = { signed_in = true, otherwise = "/?sign-in" }
[[routes]]
path = "/members"
component = "asks-everything"
live_session = "members"
[live_sessions.staff]
on_mount = { roles = ["staff"] }
[[routes]]
path = "/staff"
component = "asks-everything"
live_session = "staff"
"#;

/// A browser with a page that is joined.
struct Tab {
    page: Page,
    socket: Socket,
    view: View,
}

impl Tab {
    async fn open(client: &mut Client, path: &str) -> anyhow::Result<Self> {
        let page = client.get(path).await?;
        anyhow::ensure!(page.status == 200, "{path} is answered with {}", page.status);
        let mut socket = Socket::connect(client, &page).await?;
        let view = View::join(&mut socket, client, &page).await?;
        Ok(Self { page, socket, view })
    }

    async fn reply(&mut self, event: &str) -> anyhow::Result<Value> {
        let response = self.view.click(&mut self.socket, event, json!({})).await?;
        Ok(response.pointer("/diff/r").cloned().unwrap_or_default())
    }

    async fn click(&mut self, event: &str) -> anyhow::Result<Vec<Message>> {
        self.view.click_for_all(&mut self.socket, event).await
    }

    /// The ticket that a click is answered with.
    async fn ticket(&mut self, event: &str) -> anyhow::Result<String> {
        let messages = self.click(event).await?;
        let answer = messages.last().map(|message| message.payload.clone()).unwrap_or_default();
        let events = answer.pointer("/response/diff/e").cloned().unwrap_or_default();
        let ticket = events[0][1]["ticket"].as_str().unwrap_or_default().to_owned();
        let expected = json!([["hothouse:ticket", { "ticket": ticket }, true], ["hothouse:session", {}]]);
        anyhow::ensure!(events == expected, "no ticket in {answer}");
        Ok(ticket)
    }

    /// Does what the page does with a ticket.
    async fn fetch(&self, client: &mut Client, ticket: &str) -> anyhow::Result<Page> {
        post(client, &self.page.csrf_token()?, &format!("&ticket={ticket}")).await
    }
}

async fn post(client: &mut Client, csrf_token: &str, more: &str) -> anyhow::Result<Page> {
    let origin = format!("http://{}", client.address());
    let body = format!("_csrf_token={csrf_token}{more}");
    client.post("/_hothouse/session", &[("origin", &origin)], &body).await
}

async fn server(top: &str) -> anyhow::Result<TestServer> {
    TestServer::start_with(AppFolder::described(&["asks-everything"], top, TABLES)?, SECRET).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_joined_view_puts_in_is_in_the_session_of_the_next_page() -> anyhow::Result<()> {
    let server = server("").await?;
    let mut client = Client::new(server.address);
    let mut tab = Tab::open(&mut client, "/").await?;
    assert_eq!(tab.reply("session").await?, json!(""));
    let ticket = tab.ticket("put-session:user=ann;role=staff").await?;
    let answer = tab.fetch(&mut client, &ticket).await?;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    let mut tab = Tab::open(&mut client, "/").await?;
    assert_eq!(tab.reply("session").await?, json!("user=ann role=staff"));
    Ok(())
}
