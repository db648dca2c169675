//! Commands and flags of the `hothouse` binary.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use hothouse::services::http::PrivateHost;
use ipnet::IpNet;

/// Live views under glass.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve an app.
    Serve(Serve),
    /// Load an app as `serve` does, and explain it: components, what they import and get, layouts, limits, routes.
    Check(Check),
}

#[derive(Debug, Parser)]
pub(crate) struct Check {
    /// A component to explain by itself, without an app.
    #[arg(value_name = "COMPONENT", conflicts_with = "app")]
    pub(crate) component: Option<PathBuf>,
    /// The app's folder, with its hothouse.toml.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) app: PathBuf,
    /// File with the host's ceilings: what manifests may ask for at most.
    #[arg(long, value_name = "FILE")]
    pub(crate) limits: Option<PathBuf>,
}

#[derive(Debug, Parser)]
pub(crate) struct Serve {
    /// The app's folder, with its hothouse.toml.
    #[arg(long, value_name = "DIR")]
    pub(crate) app: PathBuf,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4000")]
    pub(crate) listen: SocketAddr,
    /// Where browsers reach the app, for example https://shop.example. Takes the place of the manifest's.
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Network of proxies in front of the server, for example 10.0.0.0/8: their word is taken for where a browser is.
    /// May be given several times.
    #[arg(long, value_name = "CIDR")]
    pub(crate) trusted_proxy: Vec<IpNet>,
    /// The header in which they say so.
    #[arg(long, value_enum, default_value_t = ProxyHeader::XForwardedFor, requires = "trusted_proxy")]
    pub(crate) proxy_header: ProxyHeader,
    /// Host and port, for example 127.0.0.1:4010, that tasks may ask though the address is not public, as far as the
    /// manifest names it under `http`. May be given several times.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) allow_private_host: Vec<PrivateHost>,
    /// File with the host's ceilings: what manifests may ask for at most.
    #[arg(long, value_name = "FILE")]
    pub(crate) limits: Option<PathBuf>,
    /// File with the signing key, made at first start. HOTHOUSE_SECRET takes its place.
    /// [default: .hothouse/secret.key in the app's folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Folder with the keys and values of views, made at first start; one server at a time may use it.
    /// [default: .hothouse/storage in the app's folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) storage: Option<PathBuf>,
    /// Address for operators, for example 127.0.0.1:9100: /metrics, /healthz and /readyz. Off if missing.
    #[arg(long, value_name = "ADDR")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Let --metrics be an address that is not loopback. Whoever reaches it reads the names of the app and its views
    /// and how busy they are.
    #[arg(long, requires = "metrics")]
    pub(crate) metrics_public: bool,
    /// File with the token for `POST /broadcast` at --metrics, by which services announce something to views.
    /// HOTHOUSE_BROADCAST_TOKEN says the same. Off if missing.
    #[arg(long, value_name = "FILE", requires = "metrics")]
    pub(crate) broadcast_token_file: Option<PathBuf>,
}

/// A header in which proxies say whom they speak for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProxyHeader {
    /// As most write it.
    XForwardedFor,
    /// RFC 7239.
    Forwarded,
}
