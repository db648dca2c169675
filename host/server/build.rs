//! Embeds what a page loads: the published files of the two npm clients, unmodified, and Hothouse's own
//! page script, style sheets and icon. Each is compressed once, here, and named by its content.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

/// Files, name in the URL, media type.
const ASSETS: [(&[&str], &str, &str); 6] = [
    (&["node_modules/phoenix/priv/static/phoenix.min.js"], "phoenix.js", "text/javascript"),
    (
        &["node_modules/phoenix_live_view/priv/static/phoenix_live_view.min.js"],
        "phoenix_live_view.js",
        "text/javascript",
    ),
    (&PAGE_SCRIPT, "page.js", "text/javascript"),
    (&["page.css"], "page.css", "text/css"),
    (&["kit.css"], "kit.css", "text/css"),
    (&["favicon.svg"], "favicon.svg", "image/svg+xml"),
];

/// The page's own script: functions, one file for each concern, and what calls them.
const PAGE_SCRIPT: [&str; 11] = [
    "page/host_events.js",
    "page/failures.js",
    "page/commands.js",
    "page/append.js",
    "page/clipboard.js",
    "page/unsaved.js",
    "page/session.js",
    "page/connection.js",
    "page/window_focus.js",
    "page/hooks.js",
    "page/start.js",
];

fn main() -> Result<(), Box<dyn Error>> {
    let client = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("client");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mut table = String::from("&[\n");
    for (files, name, media_type) in ASSETS {
        let bytes = content(&client, files)?;
        let stem_and_extension = name.rsplit_once('.').ok_or("an asset's name has an extension")?;
        let digest = Sha256::digest(&bytes);
        let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        write_as(&out.join(name), &bytes)?;
        write_as(&out.join(format!("{name}.br")), &brotli(&bytes)?)?;
        write_as(&out.join(format!("{name}.gz")), &gzip(&bytes)?)?;
        let (stem, extension) = stem_and_extension;
        writeln!(
            table,
            "    ClientAsset {{ path: \"/_hothouse/{stem}-{hash}.{extension}\", media_type: {media_type:?}, \
             plain: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")), \
             brotli: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.br\")), \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")) }},"
        )?;
    }
    table.push(']');
    write_as(&out.join("client_assets.rs"), table.as_bytes())?;
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}

/// One file as it is, or several scripts in the scope of one function.
fn content(client: &Path, files: &[&str]) -> Result<Vec<u8>, String> {
    let read = |file: &&str| {
        let path = client.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        fs::read(&path).map_err(|error| {
            format!(
                "{}: {error}\nthe browser client is missing: run `npm ci` in host/server/client (`cargo xtask` does)",
                path.display()
            )
        })
    };
    let contents = files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(match contents.as_slice() {
        [only] => only.clone(),
        several => [b"(() => {\n\"use strict\";\n".as_slice(), &several.concat(), b"})();\n"].concat(),
    })
}

fn write_as(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut compressed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 4096, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(compressed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}
