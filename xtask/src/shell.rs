//! Running other programs, and saying which one failed.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};

/// Builds the server with the features that the tests are built with, so that its dependencies are built once.
pub(crate) const SERVER_BUILD: [&str; 4] = ["build", "--workspace", "--bin", "hothouse"];

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// A program with arguments, run in the root unless said otherwise.
#[derive(Debug)]
pub(crate) struct Command {
    inner: std::process::Command,
    shown: String,
}

impl Command {
    pub(crate) fn new<I, S>(program: impl AsRef<OsStr>, arguments: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let arguments: Vec<OsString> =
            arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        let mut shown = program.as_ref().to_string_lossy().into_owned();
        for argument in &arguments {
            shown.push(' ');
            shown.push_str(&argument.to_string_lossy());
        }
        let mut inner = std::process::Command::new(program);
        inner.args(arguments).current_dir(root());
        Self { inner, shown }
    }

    /// The cargo that runs us.
    pub(crate) fn cargo<I, S>(arguments: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Self::new(cargo, arguments);
        // What cargo sets for us is not meant for the packages that it builds next.
        for variable in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_MANIFEST_PATH"] {
            command.inner.env_remove(variable);
        }
        command
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&argument.as_ref().to_string_lossy());
        self.inner.arg(argument);
        self
    }

    pub(crate) fn args<I, S>(self, arguments: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        arguments.into_iter().fold(self, Self::arg)
    }

    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.inner.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.inner.env(name, value);
        self
    }

    /// Runs it, its output being ours.
    pub(crate) fn run(mut self) -> anyhow::Result<()> {
        let status = self.inner.status().with_context(|| format!("cannot start `{}`", self.shown))?;
        if !status.success() {
            bail!("`{}` failed: {status}", self.shown);
        }
        Ok(())
    }

    /// Runs it; its output is shown only when it fails.
    pub(crate) fn quietly(self) -> anyhow::Result<()> {
        let output = self.output()?;
        if !output.success {
            println!("{}", output.text);
            bail!("`{}` failed", output.shown);
        }
        Ok(())
    }

    /// Runs it and keeps what it prints.
    pub(crate) fn output(mut self) -> anyhow::Result<Output> {
        let output = self
            .inner
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot start `{}`", self.shown))?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Ok(Output { text, success: output.status.success(), shown: self.shown })
    }

    /// Runs it and returns its standard output alone.
    pub(crate) fn stdout(mut self) -> anyhow::Result<String> {
        let output = self
            .inner
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start `{}`", self.shown))?;
        if !output.status.success() {
            bail!("`{}` failed: {}", self.shown, output.status);
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

/// What a program printed, and whether it succeeded.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) text: String,
    pub(crate) success: bool,
    pub(crate) shown: String,
}
