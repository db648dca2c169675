//! Flags and environment to one checked configuration. Nothing else reads the environment.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use hothouse::limits::Ceilings;
use hothouse::manifest::Manifest;
use hothouse::services::registered::Caller;
use hothouse::{BroadcastToken, Proxies, ProxyHeader, Settings, SigningKeys};

use crate::cli::{self, Check, Serve};

/// Secrets separated by commas, the signing one first.
const SECRET_VARIABLE: &str = "HOTHOUSE_SECRET";
/// What is logged, in the syntax of `tracing_subscriber::EnvFilter`.
const LOG_VARIABLE: &str = "HOTHOUSE_LOG";
const DEFAULT_LOG: &str = "info";
/// The token of services that announce something from outside.
const BROADCAST_TOKEN_VARIABLE: &str = "HOTHOUSE_BROADCAST_TOKEN";

/// The settings of `hothouse serve`.
pub(crate) fn settings(serve: &Serve) -> anyhow::Result<Settings> {
    let keys = match variable(SECRET_VARIABLE)? {
        Some(secrets) => SigningKeys::from_secrets(secrets.split(',')).context(SECRET_VARIABLE)?,
        None => {
            let file = serve.key_file.clone().unwrap_or_else(|| serve.app.join(".hothouse/secret.key"));
            SigningKeys::from_file(&file)?
        }
    };
    let mut settings = Settings::new(&serve.app, keys);
    settings.public_url = serve.public_url.clone();
    settings.proxies = proxies(serve);
    settings.http.private_hosts = serve.allow_private_host.clone();
    settings.ceilings = ceilings(serve.limits.as_deref())?;
    if let Some(storage) = &serve.storage {
        settings.storage = storage.clone();
    }
    settings.broadcast_token = broadcast_token(serve, variable(BROADCAST_TOKEN_VARIABLE)?)?;
    Ok(settings)
}

/// The token of the file, or else of the environment. It means nothing where nobody listens for operators.
fn broadcast_token(serve: &Serve, variable: Option<String>) -> anyhow::Result<Option<BroadcastToken>> {
    let (place, token) = match (&serve.broadcast_token_file, variable) {
        (Some(file), _) => {
            let place = file.display().to_string();
            let token = std::fs::read_to_string(file).with_context(|| place.clone())?;
            (place, token)
        }
        (None, Some(token)) => (BROADCAST_TOKEN_VARIABLE.to_owned(), token),
        (None, None) => return Ok(None),
    };
    anyhow::ensure!(
        serve.metrics.is_some(),
        "{place} is for `POST /broadcast`, which is answered where operators are: add --metrics"
    );
    BroadcastToken::new(&token).map(Some).context(place)
}

fn proxies(serve: &Serve) -> Proxies {
    let header = match serve.proxy_header {
        cli::ProxyHeader::XForwardedFor => ProxyHeader::XForwardedFor,
        cli::ProxyHeader::Forwarded => ProxyHeader::Forwarded,
    };
    Proxies { trusted: serve.trusted_proxy.clone(), header }
}

/// The settings of `hothouse check`: as `serve`, but for keys, which it does not need.
pub(crate) fn settings_to_check(check: &Check) -> anyhow::Result<Settings> {
    let mut settings =
        Settings::new(&check.app, SigningKeys::from_secrets(["not used to sign anything at all"])?);
    settings.ceilings = ceilings(check.limits.as_deref())?;
    // What an application registers is known when it runs: here each service is there, and nobody calls it.
    if let Ok(manifest) = Manifest::read(&check.app) {
        for service in manifest.components.into_values().flat_map(|component| component.services) {
            settings.services.register(service, Arc::new(|_: &Caller<'_>, _: &[u8]| Ok(Vec::new())));
        }
    }
    Ok(settings)
}

fn ceilings(file: Option<&Path>) -> anyhow::Result<Ceilings> {
    Ok(file.map(Ceilings::read).transpose()?.unwrap_or_default())
}

/// Where operators are answered, if anywhere. Nobody is asked who they are there: without a word for it, only this
/// machine is served.
pub(crate) fn operations_address(serve: &Serve) -> anyhow::Result<Option<SocketAddr>> {
    if let Some(address) = serve.metrics {
        anyhow::ensure!(
            address.ip().is_loopback() || serve.metrics_public,
            "--metrics {address} is not a loopback address, and nobody is asked who they are there: use 127.0.0.1, or add --metrics-public if only operators reach it"
        );
    }
    Ok(serve.metrics)
}

/// What to log.
pub(crate) fn log_filter() -> anyhow::Result<String> {
    Ok(variable(LOG_VARIABLE)?.unwrap_or_else(|| DEFAULT_LOG.to_owned()))
}

fn variable(name: &str) -> anyhow::Result<Option<String>> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(error @ std::env::VarError::NotUnicode(_)) => Err(error).with_context(|| name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use hothouse::{Proxies, ProxyHeader};

    use super::{broadcast_token, operations_address, proxies};
    use crate::cli::{Arguments, Command, Serve};

    fn serve(flags: &[&str]) -> anyhow::Result<Serve> {
        let arguments = ["hothouse", "serve", "--app", "a"].iter().chain(flags);
        match Arguments::try_parse_from(arguments)?.command {
            Command::Serve(serve) => Ok(serve),
            Command::Check(_) => anyhow::bail!("not `serve`"),
        }
    }

    #[test]
    fn proxies_are_trusted_by_their_network_and_nobody_is_by_default() {
        let trusted = |flags: &[&str]| serve(flags).map(|serve| proxies(&serve));
        let Proxies { trusted: nobody, header } = trusted(&[]).unwrap();
        assert!(nobody.is_empty() && header == ProxyHeader::XForwardedFor);
        let flags =
            ["--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "fd00::/8", "--proxy-header", "forwarded"];
        let Proxies { trusted: two, header } = trusted(&flags).unwrap();
        assert!(two.len() == 2 && header == ProxyHeader::Forwarded);
        for wrong in [&["--trusted-proxy", "10.0.0.0/99"][..], &["--trusted-proxy", "nginx"]] {
            assert!(trusted(wrong).is_err(), "{wrong:?}");
        }
        assert!(trusted(&["--proxy-header", "forwarded"]).is_err(), "it says nothing alone");
    }

    #[test]
    fn private_hosts_are_named_with_their_ports() {
        let flags = ["--allow-private-host", "127.0.0.1:4010", "--allow-private-host", "[::1]:80"];
        let hosts = serve(&flags).unwrap().allow_private_host;
        assert_eq!(hosts.iter().map(ToString::to_string).collect::<Vec<_>>(), ["127.0.0.1:4010", "[::1]:80"]);
        let refused = serve(&["--allow-private-host", "127.0.0.1"]).unwrap_err().to_string();
        assert!(refused.contains("write `127.0.0.1:4010`"), "{refused}");
    }

    fn address(flags: &[&str]) -> anyhow::Result<Option<String>> {
        Ok(operations_address(&serve(flags)?)?.map(|address| address.to_string()))
    }

    #[test]
    fn operators_are_answered_on_this_machine_only_unless_it_is_said() {
        assert_eq!(address(&[]).unwrap(), None);
        for local in ["127.0.0.1:9100", "127.1.2.3:0", "[::1]:9100"] {
            assert_eq!(address(&["--metrics", local]).unwrap().as_deref(), Some(local));
        }
        for public in ["0.0.0.0:9100", "10.0.0.1:9100", "[::]:9100", "[::ffff:127.0.0.1]:9100"] {
            let refused = address(&["--metrics", public]).unwrap_err().to_string();
            assert!(refused.contains(public) && refused.contains("--metrics-public"), "{refused}");
            assert!(address(&["--metrics", public, "--metrics-public"]).unwrap().is_some());
        }
        assert!(address(&["--metrics-public"]).is_err(), "it says nothing alone");
    }

    #[test]
    fn a_token_for_announcements_is_long_and_somebody_listens() {
        let token = |flags: &[&str], variable: Option<&str>| {
            broadcast_token(&serve(flags)?, variable.map(str::to_owned)).map(|token| token.is_some())
        };
        let (long, listens) = ("t".repeat(32), ["--metrics", "127.0.0.1:9100"]);
        assert!(!token(&listens, None).unwrap(), "off by default");
        assert!(token(&listens, Some(&long)).unwrap());
        let refused = token(&[], Some(&long)).unwrap_err().to_string();
        assert!(refused.contains("HOTHOUSE_BROADCAST_TOKEN") && refused.contains("--metrics"), "{refused}");
        assert!(token(&listens, Some(&long[1..])).is_err());
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, format!("{long}\n")).unwrap();
        let path = file.path().display().to_string();
        assert!(token(&[&listens[..], &["--broadcast-token-file", &path]].concat(), None).unwrap());
        assert!(
            token(&[&listens[..], &["--broadcast-token-file", "/nowhere"]].concat(), Some(&long)).is_err()
        );
    }
}
