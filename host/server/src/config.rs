//! Flags and environment to one checked configuration. Nothing else reads the environment.

use anyhow::Context as _;
use hothouse::{Settings, SigningKeys};

use crate::cli::Serve;

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
    Ok(settings)
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
