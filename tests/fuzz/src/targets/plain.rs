//! Documents of plain HTML, one after another: a browser that merges what is sent shows the cleaned document, byte for
//! byte, and finds nothing forbidden in it; no diff is larger than a full render, and for the same document nothing is
//! sent.
//!
//! An input is the documents, with a byte between them.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use hothouse_diff::{
    Document, Extras, Fault, Held, Interner, Limits, Policy, Scope, Templates, compute, html,
};

use super::{browser, statics};
use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude};

const NEXT: char = '\u{1f}';
/// At the beginning of an input: the component may emit any markup.
const RAW_MARKUP: &str = "raw:";
/// At the beginning of an input: the limits are small, so that small inputs reach them.
const SMALL: &str = "small:";
const MAX_DOCUMENTS: usize = 8;

pub(super) const TARGET: Target = Target {
    name: "plain",
    run,
    max_bytes: 4 * 1024,
    dictionary: &[
        "\u{1f}",
        "raw:",
        "small:",
        "<li id='a'>",
        "</li>",
        "<tr><td>",
        "</td></tr>",
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<ul>",
        "</ul>",
        "<tbody>",
        "<select>",
        "<svg>",
        "</svg>",
        "<desc>",
        "<textarea>",
        "</textarea>",
        "<script>",
        "<style>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<br>",
        "/>",
        " class=\"x\"",
        " href='javascript:x'",
        " data-key=a",
        " phx-hook=X",
        " phx-hook=\"X\"",
        " title='[[\"set_attr\",{\"attr\":[\"phx-hook\",\"X\"]}]]'",
        " title=\"&#91;[&quot;set_attr&quot;,{&quot;attr&quot;:[&quot;onclick&quot;,&quot;X&quot;]}]]\"",
        " onclick=x",
        "&amp;",
        "&#",
        "\r\n",
        "<math>",
        "<table>",
        "<title>",
        "<template>",
        "<form>",
    ],
    lengths: &[16, 64, 256],
};

fn run(input: &[u8]) -> Verdict {
    let text = String::from_utf8_lossy(input);
    let (raw_markup, text) = text.strip_prefix(RAW_MARKUP).map_or((false, &*text), |text| (true, text));
    let (limits, text) = match text.strip_prefix(SMALL) {
        Some(text) => (
            Limits {
                max_diff_bytes: 200,
                max_full_bytes: 500,
                max_nodes: 20,
                max_depth: 6,
                ..Limits::default()
            },
            text,
        ),
        None => (Limits::default(), text),
    };
    let policy = Policy { raw_markup, ..Policy::default() };
    let mut view = View {
        policy: policy.clone(),
        limits,
        templates: new(policy),
        held: Held::default(),
        browser: Default::default(),
    };
    let mut ways = Vec::new();
    for document in text.split(NEXT).take(MAX_DOCUMENTS) {
        ways.push(view.take(document).with_context(|| format!("{document:?}"))?);
    }
    let is_accepted = ways.iter().all(Option::is_some);
    ways.truncate(2);
    Ok(if is_accepted { Outcome::accepted((raw_markup, ways)) } else { Outcome::refused((raw_markup, ways)) })
}

fn new(policy: Policy) -> Templates {
    Templates::new(Arc::new(Interner::new(policy)))
}

struct View {
    policy: Policy,
    limits: Limits,
    templates: Templates,
    held: Held,
    browser: hothouse_test_client::Tree,
}

impl View {
    /// What an accepted document came to.
    fn take(&mut self, text: &str) -> anyhow::Result<Option<(bool, bool, bool, u32)>> {
        let document = || Document::Html(text.to_owned());
        let computed = compute(document(), &mut self.templates, &mut self.held, Scope::Changes, &self.limits);
        let update = match computed {
            Ok(update) => update,
            Err(fault) => {
                let is_known = matches!(
                    fault,
                    Fault::TooLarge { .. } | Fault::TooDeep { .. } | Fault::TooManyAttributes { .. }
                );
                ensure!(is_known, "refused: {fault}");
                return Ok(None);
            }
        };
        let diff = update.to_json(&Extras::default());
        let limit = if update.is_full() { self.limits.max_full_bytes } else { self.limits.max_diff_bytes };
        ensure!(diff.len() <= limit, "{} bytes, the limit is {limit}: {diff}", diff.len());
        self.browser.apply(serde_json::from_str(&diff)?).with_context(|| format!("cannot take {diff}"))?;
        let shown = self.browser.html()?;

        let (page, _) = html(document(), &mut new(self.policy.clone()), &self.limits)?;
        ensure!(shown == page, "the browser shows {shown:?} and not {page:?} after {diff}");
        ensure!(!self.policy.raw_markup || page == text, "{page:?} is not as it was");
        if !self.policy.raw_markup {
            statics::check_forbidden_everywhere(&browser::read(&page), false)
                .with_context(|| page.clone())?;
        }
        let full = compute(
            document(),
            &mut new(self.policy.clone()),
            &mut Held::default(),
            Scope::Everything,
            &self.limits,
        );
        // Its changes may be small enough when all of it is not.
        if let Ok(full) = full {
            let full = full.to_json(&Extras::default());
            ensure!(diff.len() <= full.len(), "{diff} is more than {full}");
        }
        let again = compute(document(), &mut self.templates, &mut self.held, Scope::Changes, &self.limits)?;
        ensure!(again.is_empty(), "sent again: {}", again.to_json(&Extras::default()));
        Ok(Some((update.is_full(), diff.contains("\"k\""), diff.contains("\"km\""), magnitude(diff.len()))))
    }
}
