//! The HTML around every page of an app: its `layout.html`, or the host's own. Read and checked when the app is loaded.

use std::path::Path;

use hothouse_diff::escape;

use crate::assets::Assets;
use crate::manifest::suggestion;

/// The file in the app's folder.
pub(crate) const FILE: &str = "layout.html";
/// Of apps that have none.
const DEFAULT: &str = include_str!("../client/layout.html");
/// Largest file that is read, in bytes: it is sent with every page.
const MAX_BYTES: u64 = 256 * 1024;
/// So much of what cannot be understood is shown.
const MAX_SHOWN: usize = 60;

/// A layout, in parts, with the URLs of assets filled in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) before_head: String,
    pub(crate) before_body: String,
    pub(crate) after_body: String,
}

/// Why a layout cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// The file could not be read.
    #[error("{0}")]
    Read(#[from] std::io::Error),
    /// The file is too large.
    #[error("{0} bytes, the limit is {MAX_BYTES}: it is sent with every page")]
    TooLarge(u64),
    /// It begins with something else than a document does.
    #[error(
        "it does not begin with `<!DOCTYPE html>`: browsers would take the page for one of the last century"
    )]
    Doctype,
    /// A placeholder that has to be there is not.
    #[error("`{placeholder}` is missing: write it once, {place}")]
    Missing {
        /// Which.
        placeholder: &'static str,
        /// Where it belongs.
        place: &'static str,
    },
    /// A placeholder that may be there once is there again.
    #[error("line {line}: `{placeholder}` for a second time: write it once")]
    Twice {
        /// Where.
        line: usize,
        /// Which.
        placeholder: &'static str,
    },
    /// The page's body comes before its head.
    #[error("line {line}: `{{{{body}}}}` stands before `{{{{head}}}}`")]
    Order {
        /// Where.
        line: usize,
    },
    /// Braces with something else in them.
    #[error(
        "line {line}: `{{{{{found}}}}}` is no placeholder: there are `{{{{head}}}}`, `{{{{body}}}}` and `{{{{asset NAME}}}}`"
    )]
    Unknown {
        /// Where.
        line: usize,
        /// What stands in the braces.
        found: String,
    },
    /// Braces that are never closed.
    #[error("line {line}: `{{{{` without `}}}}`")]
    Unclosed {
        /// Where.
        line: usize,
    },
    /// A file that is not in the app's folder of assets.
    #[error("line {line}: there is no file `{name}` in the folder of assets{suggestion}")]
    Asset {
        /// Where.
        line: usize,
        /// The file's name.
        name: String,
        /// What may have been meant.
        suggestion: String,
    },
    /// A title of its own.
    #[error(
        "line {line}: `{{{{head}}}}` brings the page's title: take `<title>` out, and set `title` in the manifest"
    )]
    Title {
        /// Where.
        line: usize,
    },
    /// A script that would not run.
    #[error(
        "line {line}: the page's policy keeps scripts that stand in the page from running: put it into a file of the folder of assets, and write `<script defer src=\"{{{{asset NAME}}}}\"></script>`"
    )]
    Script {
        /// Where.
        line: usize,
    },
}

const HEAD: &str = "{{head}}";
const BODY: &str = "{{body}}";

impl Layout {
    /// The layout of the app in `app`.
    pub(crate) fn load(app: &Path, assets: &Assets) -> Result<Self, LayoutError> {
        let file = app.join(FILE);
        let bytes = match std::fs::metadata(&file) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Self::parse(DEFAULT, assets);
            }
            Err(error) => return Err(error.into()),
        };
        if bytes > MAX_BYTES {
            return Err(LayoutError::TooLarge(bytes));
        }
        Self::parse(&std::fs::read_to_string(file)?, assets)
    }

    fn parse(text: &str, assets: &Assets) -> Result<Self, LayoutError> {
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("<!doctype html>") {
            return Err(LayoutError::Doctype);
        }
        let line_of = |offset: usize| text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
        if let Some(offset) = lower.find("<title") {
            return Err(LayoutError::Title { line: line_of(offset) });
        }
        if let Some(offset) = inline_script(&lower) {
            return Err(LayoutError::Script { line: line_of(offset) });
        }
        let (mut before_head, mut before_body) = (None, None);
        let (mut part, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((literal, behind)) = rest.split_once("{{") {
            let line = line_of(text.len() - behind.len());
            part.push_str(literal);
            let Some((inside, after)) = behind.split_once("}}") else {
                return Err(LayoutError::Unclosed { line });
            };
            rest = after;
            match inside.trim() {
                "head" if before_head.is_some() => {
                    return Err(LayoutError::Twice { line, placeholder: HEAD });
                }
                "head" if before_body.is_some() => return Err(LayoutError::Order { line }),
                "head" => before_head = Some(std::mem::take(&mut part)),
                "body" if before_body.is_some() => {
                    return Err(LayoutError::Twice { line, placeholder: BODY });
                }
                "body" => before_body = Some(std::mem::take(&mut part)),
                inside => match inside.strip_prefix("asset ").map(str::trim) {
                    Some(name) => push_asset(&mut part, name, line, assets)?,
                    None => {
                        let found = inside.chars().take(MAX_SHOWN).collect();
                        return Err(LayoutError::Unknown { line, found });
                    }
                },
            }
        }
        part.push_str(rest);
        let missing = |placeholder, place| LayoutError::Missing { placeholder, place };
        Ok(Self {
            before_head: before_head.ok_or(missing(HEAD, "before `</head>`"))?,
            before_body: before_body.ok_or(missing(BODY, "after `<body>`"))?,
            after_body: part,
        })
    }
}

fn push_asset(part: &mut String, name: &str, line: usize, assets: &Assets) -> Result<(), LayoutError> {
    let url = assets.url(name).ok_or_else(|| LayoutError::Asset {
        line,
        name: name.chars().take(MAX_SHOWN).collect(),
        suggestion: suggestion(name, assets.names()),
    })?;
    escape::push_escaped(part, url);
    Ok(())
}

/// Where a script begins that has no file, in a text in lower case. What is only data may stand in a page.
fn inline_script(lower: &str) -> Option<usize> {
    lower.match_indices("<script").map(|(offset, _)| offset).find(|offset| {
        let tag = lower.get(*offset..).and_then(|tag| tag.split('>').next()).unwrap_or_default();
        !tag.contains("src") && !tag.contains("json")
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FILE, Layout, MAX_BYTES};
    use crate::assets::Assets;

    const GOOD: &str = "<!doctype html>\n<html lang=\"de\"><head>{{head}}</head>\n<body class=\"x\">{{ body }}</body></html>";

    fn load(layout: &str) -> Result<Layout, String> {
        let app = tempfile::tempdir().unwrap();
        fs::create_dir(app.path().join("assets")).unwrap();
        fs::write(app.path().join("assets/a b&c.js"), "let a;").unwrap();
        fs::write(app.path().join(FILE), layout).unwrap();
        let assets = Assets::load(app.path()).map_err(|(_, error)| error).unwrap();
        Layout::load(app.path(), &assets).map_err(|error| error.to_string())
    }

    #[test]
    fn a_layout_is_taken_apart_where_its_placeholders_stand() {
        let layout = load(GOOD).unwrap();
        assert_eq!(layout.before_head, "<!doctype html>\n<html lang=\"de\"><head>");
        assert_eq!(layout.before_body, "</head>\n<body class=\"x\">");
        assert_eq!(layout.after_body, "</body></html>");
    }

    #[test]
    fn an_app_without_a_layout_has_that_of_the_host() {
        let app = tempfile::tempdir().unwrap();
        let assets = Assets::load(app.path()).map_err(|(_, error)| error).unwrap();
        let layout = Layout::load(app.path(), &assets).unwrap();
        assert!(layout.before_head.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{layout:?}");
        assert!(layout.after_body.ends_with("</html>\n"));
    }

    #[test]
    fn an_asset_stands_in_it_with_its_hash_and_escaped() {
        let layout =
            load(&GOOD.replace("{{head}}", "{{head}}<script src=\"{{asset a b&c.js}}\"></script>")).unwrap();
        let url = layout.before_body.split('"').nth(1).unwrap();
        assert!(url.starts_with("/assets/a%20b&amp;c-") && url.ends_with(".js"), "{url}");
    }

    #[test]
    fn mistakes_of_a_layout_are_named_with_their_line_and_fix() {
        for (from, to, said) in [
            ("<!doctype html>", "", "<!DOCTYPE html>"),
            ("{{head}}", "", "`{{head}}` is missing: write it once, before `</head>`"),
            ("{{ body }}", "", "`{{body}}` is missing"),
            ("{{ body }}", "{{body}}{{body}}", "line 3: `{{body}}` for a second time"),
            ("{{ body }}", "{{head}}{{body}}", "line 3: `{{head}}` for a second time"),
            ("{{head}}", "{{body}}{{head}}", "line 2: `{{body}}` stands before `{{head}}`"),
            ("{{ body }}", "{{ body }}{{title}}", "line 3: `{{title}}` is no placeholder"),
            ("</body>", "{{ </body>", "line 3: `{{` without `}}`"),
            ("</head>", "{{asset b&c.js}}</head>", "line 2: there is no file `b&c.js`"),
            ("</head>", "{{asset a b&d.js}}</head>", "did you mean `a b&c.js`?"),
            ("</head>", "{{asset ../hothouse.toml}}</head>", "there is no file `../hothouse.toml`"),
            ("</head>", "<Title>x</Title></head>", "line 2: `{{head}}` brings the page's title"),
            ("</body>", "\n<script>go()</script></body>", "line 4: the page's policy"),
        ] {
            let refused = load(&GOOD.replace(from, to)).unwrap_err();
            assert!(refused.contains(said), "{to}: {refused}");
        }
        assert!(
            load(&GOOD.replace("</head>", "<script type=\"application/ld+json\">{}</script></head>")).is_ok()
        );
        let long = " ".repeat(usize::try_from(MAX_BYTES).unwrap());
        assert!(load(&format!("{GOOD}{long}")).unwrap_err().contains("the limit is 262144"));
    }
}
