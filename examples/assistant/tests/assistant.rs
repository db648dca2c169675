//! The assistant as people use it, on the real server, with the made-up model. Needs `cargo xtask build-examples`.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use hothouse_test::{App, View};
use tokio::net::TcpListener;

/// The app with a model of its own.
struct Assistant {
    app: App,
    _folder: tempfile::TempDir,
}

impl Assistant {
    async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let model = listener.local_addr()?.to_string();
        tokio::spawn(assistant::serve(listener));
        // The same app, with the address of this model.
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = std::fs::read_to_string(here.join("hothouse.toml"))?;
        let component = here.join("build/chat.wasm");
        let manifest = manifest
            .replace("127.0.0.1:4010", &model)
            .replace("\"build/chat.wasm\"", &format!("{:?}", component.display().to_string()));
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("hothouse.toml"), manifest)?;
        let app = App::open_with(folder.path(), |settings| settings.http.private_hosts.extend(model.parse()))
            .await?;
        Ok(Self { app, _folder: folder })
    }

    async fn open(&self) -> Result<View> {
        Ok(self.app.browser().live("/").await?)
    }
}

async fn ask(view: &mut View, question: &str) -> Result<()> {
    Ok(view.form("#ask").fill("question", question).submit().await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_streams_in_and_joins_the_conversation() -> Result<()> {
    let assistant = Assistant::start().await?;
    let mut view = assistant.open().await?;
    ask(&mut view, "How do I keep a fern?").await?;
    view.assert_has("#log li", "How do I keep a fern?")?;
    view.wait_for("#answer", "Question 1").await?;
    view.refute_has("#answer", "Everything else is patience.")?;
    view.wait_for("#log .assistant", "Everything else is patience.").await?;
    view.assert_has("#log .assistant", "but <b>no</b> midday sun")?;
    view.refute_has("#answer", None)?;
    ask(&mut view, "And an orchid?").await?;
    view.wait_for("#log .assistant", "Question 2, \"And an orchid?\"").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_tokens_arrive_whole() -> Result<()> {
    let assistant = Assistant::start().await?;
    let mut view = assistant.app.browser().patience(Duration::from_secs(30)).live("/").await?;
    ask(&mut view, "A long story").await?;
    view.wait_for("#log .assistant", "word2000").await?;
    let answer = view.texts("#log .assistant")?.concat();
    assert!(answer.split_whitespace().enumerate().all(|(index, word)| word == format!("word{}", index + 1)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_stopped_and_what_came_of_it_stays() -> Result<()> {
    let assistant = Assistant::start().await?;
    let mut view = assistant.open().await?;
    ask(&mut view, "A long story").await?;
    view.wait_for("#answer", "word20").await?;
    view.element("button", "Stop").click().await?;
    view.wait_until_gone("#answer", None).await?;
    view.assert_has("#log .assistant", "word20")?;
    view.refute_has("#log .assistant", "word2000")?;
    view.refute_has(".problem", None)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_at_the_model_is_told_and_can_be_asked_again() -> Result<()> {
    let assistant = Assistant::start().await?;
    let mut view = assistant.open().await?;
    ask(&mut view, "Please fail").await?;
    view.wait_for(".problem", "The model does not answer: the other server answered with status 503.")
        .await?;
    view.element("button", "Ask again").click().await?;
    view.wait_for(".problem", "503").await?;
    ask(&mut view, "Now break off").await?;
    view.wait_for(".problem", "The model has broken off.").await?;
    view.assert_has("#log .assistant", "Question 2")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_outlives_its_page_and_its_connection() -> Result<()> {
    let assistant = Assistant::start().await?;
    let mut view = assistant.open().await?;
    ask(&mut view, "How do I keep a fern?").await?;
    view.wait_for("#log .assistant", "Everything else is patience.").await?;
    ask(&mut view, "A long story").await?;
    view.wait_for("#answer", "word20").await?;
    view.disconnect();
    view.reconnect().await?;
    view.assert_has("#log .assistant", "Question 1")?;
    view.assert_has("#log .user", "A long story")?;
    view.assert_has(".problem", "The answer has not come.")?;
    let address = view.path().to_owned();
    drop(view);
    let page = assistant.app.browser().get(&address).await?;
    page.assert_has("#log .assistant", "Question 1")?;
    assert_eq!(assistant.app.browser().get("/conversations/none").await?.status(), 404);
    Ok(())
}
