//! What the compiler cannot check. Each check reads the tree and says what is wrong, all of it at once.

use std::fs;

use anyhow::bail;

use crate::pictures::FOLDER;
use crate::shell::{Command, root};

mod coverage;
mod edges;
mod features;
mod pictures;
mod sources;
mod words;

/// A tracked file and its text.
pub(crate) struct SourceFile {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn run() -> anyhow::Result<()> {
    let files = tracked_files()?;
    let metadata: serde_json::Value =
        serde_json::from_str(&Command::cargo(["metadata", "--format-version", "1", "--locked"]).stdout()?)?;
    let mut problems = Vec::new();
    problems.extend(edges::check(&metadata));
    problems.extend(features::check(&metadata));
    problems.extend(sources::check(&files));
    problems.extend(coverage::check(&files));
    problems.extend(words::check(&files));
    problems.extend(pictures::check(&files, &pictures()?));
    if problems.is_empty() {
        return Ok(());
    }
    bail!("the tree is not tidy:\n  {}", problems.join("\n  "))
}

/// The pictures of the docs, and how many bytes each has.
fn pictures() -> anyhow::Result<Vec<(String, u64)>> {
    let mut pictures = Vec::new();
    for entry in fs::read_dir(root().join(FOLDER))? {
        let entry = entry?;
        pictures.push((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()));
    }
    Ok(pictures)
}

/// Files that git tracks, or would: text only.
fn tracked_files() -> anyhow::Result<Vec<SourceFile>> {
    let listed = Command::new("git", ["ls-files", "--cached", "--others", "--exclude-standard"]).stdout()?;
    let mut files = Vec::new();
    for path in listed.lines() {
        // A file that is tracked and deleted has no text.
        if let Ok(text) = fs::read_to_string(root().join(path)) {
            files.push(SourceFile { path: path.to_owned(), text });
        }
    }
    Ok(files)
}
