//! When a component has to be made: only if something that goes into it is not as it was.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use crate::shell::root;

/// What every component depends on: the contract, and the versions of the generators and encoders.
const SHARED: [&str; 2] = ["wit", "Cargo.lock"];

/// What goes into a component.
pub(crate) struct Recipe<'a> {
    /// The component becomes `target/components/language-<name>.wasm`.
    pub(crate) name: &'a str,
    /// Files, or folders with all that is in them.
    pub(crate) inputs: &'a [PathBuf],
    /// The source of the code that makes it: another way to make it is another component.
    pub(crate) builder: &'a str,
}

impl Recipe<'_> {
    /// Makes the component, unless it is there and everything is as it was when it was made. `make` is given an empty
    /// folder to work in, and the file that it has to leave.
    pub(crate) fn make(&self, make: impl FnOnce(&Path, &Path) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let work = root().join("target/languages").join(self.name);
        let component = root().join("target/components").join(format!("language-{}.wasm", self.name));
        let (made_from, inputs) = (work.join("made-from"), self.digest()?);
        if component.is_file() && fs::read_to_string(&made_from).is_ok_and(|former| former == inputs) {
            return Ok(());
        }
        let began = std::time::Instant::now();
        if work.is_dir() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir_all(&work)?;
        if let Some(folder) = component.parent() {
            fs::create_dir_all(folder)?;
        }
        make(&work, &component).with_context(|| format!("make the component of `{}`", self.name))?;
        let bytes = fs::metadata(&component).with_context(|| format!("{}", component.display()))?.len();
        // For the table of what languages cost.
        fs::write(work.join("seconds"), format!("{:.1}", began.elapsed().as_secs_f32()))?;
        fs::write(made_from, inputs)?;
        println!(
            "target/components/language-{}.wasm ({bytes} bytes, {:.1} s)",
            self.name,
            began.elapsed().as_secs_f32()
        );
        Ok(())
    }

    fn digest(&self) -> anyhow::Result<String> {
        let mut hash = Sha256::new();
        hash.update(self.builder);
        for input in SHARED.iter().map(|shared| root().join(shared)).chain(self.inputs.iter().cloned()) {
            add(&mut hash, &input)?;
        }
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Names and contents, in the order of the names.
fn add(hash: &mut Sha256, path: &Path) -> anyhow::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| add(hash, entry));
    }
    let contents = fs::read(path).with_context(|| format!("read {}", path.display()))?;
    hash.update(path.strip_prefix(root()).unwrap_or(path).as_os_str().as_encoded_bytes());
    hash.update([0]);
    hash.update(contents.len().to_le_bytes());
    hash.update(contents);
    Ok(())
}
