//! Serves the plant shop on 127.0.0.1:4001.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use hothouse::{Settings, SigningKeys};
use tokio::net::TcpListener;

const ADDRESS: &str = "127.0.0.1:4001";

fn main() -> anyhow::Result<ExitCode> {
    // Components are compiled in children of this program: this comes before everything else.
    if let Some(code) = hothouse::run_as_compiler() {
        return Ok(code);
    }
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve())?;
    Ok(ExitCode::SUCCESS)
}

async fn serve() -> anyhow::Result<()> {
    let keys = SigningKeys::from_file(&embed::folder().join(".hothouse/secret.key"))?;
    let (shop, live) = embed::shop(Settings::new(embed::folder(), keys)).await?;
    let address = std::env::args().nth(1).unwrap_or_else(|| ADDRESS.to_owned());
    let listener = TcpListener::bind(&address).await.with_context(|| format!("listen on {address}"))?;
    writeln!(std::io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    let stopped = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, shop.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stopped)
        .await?;
    live.stop().await;
    Ok(())
}
