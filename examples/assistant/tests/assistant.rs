//! The assistant as people use it, on the real server, with the made-up model. Needs `cargo xtask build-examples`.

use std::path::Path;

use hothouse_test::{App, Result, View};
use tokio::net::TcpListener;

/// The app with a model of its own.
struct Assistant {
    app: App,
    _folder: tempfile::TempDir,
}

impl Assistant {
    async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let model = listener.local_addr().expect("its address").to_string();
        tokio::spawn(assistant::serve(listener));
        // The same app, with the address of this model.
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let manifest = std::fs::read_to_string(here.join("hothouse.toml")).expect("the manifest");
        let component = here.join("build/chat.wasm");
        let manifest = manifest
            .replace("127.0.0.1:4010", &model)
            .replace("\"build/chat.wasm\"", &format!("{:?}", component.display().to_string()));
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("hothouse.toml"), manifest).expect("the manifest");
        let app = App::open_with(folder.path(), |settings| settings.http.private_hosts.extend(model.parse()))
            .await?;
        Ok(Self { app, _folder: folder })
    }

    async fn open(&self) -> Result<View> {
        self.app.browser().live("/").await
    }
}

async fn ask(view: &mut View, question: &str) -> Result {
    view.form("#ask").fill("question", question).submit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_streams_in_and_joins_the_conversation() -> Result {
    let assistant = Assistant::start().await?;
    let mut view = assistant.open().await?;
    ask(&mut view, "How do I keep a fern?").await?;
    view.assert_has("#log li", "How do I keep a fern?")?;
    view.wait_for("#answer", "You have asked 1 times").await?;
    view.wait_for("#log li:last-child", "Everything else is patience.").await?;
    view.assert_has("#log li:last-child", "but <b>no</b> midday sun")?;
    view.refute_has("#answer", None)?;
    ask(&mut view, "And an orchid?").await?;
    view.wait_for("#log li:last-child", "You have asked 2 times, and now for \"And an orchid?\"").await
}
