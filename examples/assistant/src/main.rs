//! Serves the made-up model: `assistant-model [ADDRESS]`, at `127.0.0.1:4010` unless told otherwise.

use anyhow::Context as _;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4010".to_owned());
    let listener = TcpListener::bind(&address).await.with_context(|| format!("listening at {address}"))?;
    assistant::serve(listener).await
}
