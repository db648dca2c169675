//! The optimised program with the app of the benchmarks: needs `cargo xtask build-examples --release`.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, ensure};
use hothouse_protocol_tests::workspace;

/// Starts it; where it listens.
pub(crate) fn start(listen: SocketAddr) -> anyhow::Result<(Child, SocketAddr)> {
    let program = workspace().join("target/release/hothouse");
    ensure!(program.is_file(), "run `cargo xtask build-examples --release`");
    let mut child = Command::new(program)
        .args(["serve", "--listen", &listen.to_string(), "--app"])
        .arg(workspace().join("examples/bench"))
        .env("HOTHOUSE_LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()?;
    let lines = BufReader::new(child.stdout.take().context("stdout")?).lines();
    for line in lines {
        if let Some(address) = line?.strip_prefix("listening on http://") {
            return Ok((child, address.parse()?));
        }
    }
    anyhow::bail!("the server does not listen")
}
