//! Serves the made-up model: `assistant-model [ADDRESS]`, at `127.0.0.1:4010` unless told otherwise.

use std::io::Write as _;

use anyhow::Context as _;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4010".to_owned());
    let listener = TcpListener::bind(&address).await.with_context(|| format!("listen on {address}"))?;
    writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    assistant::serve(listener).await
}
