//! Flags and environment to one checked configuration. Nothing else reads the environment.

use std::path::Path;

use anyhow::Context as _;
use hothouse::limits::Ceilings;
use hothouse::{Settings, SigningKeys};

use crate::cli::{Check, Serve};

/// Secrets separated by commas, the signing one first.
const SECRET_VARIABLE: &str = "HOTHOUSE_SECRET";
/// What is logged, in the syntax of `tracing_subscriber::EnvFilter`.
const LOG_VARIABLE: &str = "HOTHOUSE_LOG";
const DEFAULT_LOG: &str = "info";

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
    settings.ceilings = ceilings(serve.limits.as_deref())?;
    Ok(settings)
}

/// The settings of `hothouse check`: as `serve`, but for keys, which it does not need.
pub(crate) fn settings_to_check(check: &Check) -> anyhow::Result<Settings> {
    let mut settings =
        Settings::new(&check.app, SigningKeys::from_secrets(["not used to sign anything at all"])?);
    settings.ceilings = ceilings(check.limits.as_deref())?;
    Ok(settings)
}

fn ceilings(file: Option<&Path>) -> anyhow::Result<Ceilings> {
    Ok(file.map(Ceilings::read).transpose()?.unwrap_or_default())
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
