//! Documents of a guest: what is accepted brings a browser to the page that a full render gives, in no more bytes than
//! the limits say. An input is a view's life: pages, edits of them, and mistakes.

mod guest;
mod model;

use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use hothouse_diff::{Extras, Fault, Held, Interner, Limits, Policy, Scope, Templates, compute, html};

use self::guest::{Guest, Rendered};
use self::model::Page;
use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude, shape_of};

/// Most renders of one view.
const MAX_RENDERS: usize = 6;
/// Longest message about a document, in bytes.
const MAX_MESSAGE_BYTES: usize = 512;

pub(super) const TARGET: Target = Target {
    name: "documents",
    run,
    max_bytes: 2 * 1024,
    dictionary: &["\u{0}", "\u{0}\u{0}\u{0}\u{0}", "\u{1}\u{2}", "\u{7f}\u{7f}", "\u{5}\u{5}\u{5}"],
    lengths: &[16, 64, 256],
};

/// Small, so that small inputs reach them.
const SMALL: Limits =
    Limits { max_diff_bytes: 220, max_full_bytes: 700, max_nodes: 24, max_depth: 6, max_components: 3 };

fn run(input: &[u8]) -> Verdict {
    let mut guest = Guest::new(input);
    let limits = if guest.has_small_limits { SMALL } else { Limits::default() };
    let interner = Arc::new(Interner::new(Policy { raw_markup: guest.has_raw_markup, ..Policy::default() }));
    let mut view = View {
        templates: Templates::new(interner.clone()),
        interner,
        limits,
        held: Held::default(),
        page: None,
        browser: hothouse_test_client::Tree::default(),
    };
    let mut ways = Vec::new();
    for _ in 0..MAX_RENDERS {
        let Some(rendered) = guest.render(view.page.as_ref()) else { break };
        let shown = rendered.clone();
        let way = view.take(rendered, &mut guest).with_context(|| format!("{shown:?}"))?;
        ways.push(way);
    }
    // One after another is what matters; longer sequences are too many to be told apart.
    let pairs = ways.iter().rev().take(2).collect::<Vec<_>>();
    let is_accepted = matches!(pairs.first(), Some(Way::Accepted { .. }));
    Ok(if is_accepted { Outcome::accepted(pairs) } else { Outcome::refused(pairs) })
}

/// What became of one document.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Way {
    Accepted { is_full: bool, has_moves: bool, has_shared: bool, size: u32 },
    Refused(Discriminant<Fault>, String),
}

/// A view as the host has it, and the browser.
struct View {
    templates: Templates,
    interner: Arc<Interner>,
    limits: Limits,
    held: Held,
    /// What is shown, as a model that shares nothing with the host.
    page: Option<Page>,
    browser: hothouse_test_client::Tree,
}

impl View {
    fn take(&mut self, rendered: Rendered, guest: &mut Guest<'_>) -> anyhow::Result<Way> {
        let Rendered { tree, scope, is_sound, is_repeated } = rendered;
        let next = guest.known.page(&tree, self.page.as_ref(), &self.limits, guest::is_valid);
        match compute(tree, &mut self.templates, &mut self.held, scope, &self.limits) {
            Ok(update) => {
                let diff = update.to_json(&Extras::default());
                let page = next.context("a document is accepted that says nothing")?;
                let way = self.show(&page, &diff, update.is_full())?;
                if is_repeated {
                    self.again(&page)?;
                }
                self.page = Some(page);
                Ok(way)
            }
            Err(fault) => {
                let message = fault.to_string();
                ensure!(message.len() <= MAX_MESSAGE_BYTES, "a message of {} bytes", message.len());
                let is_limit = matches!(
                    fault,
                    Fault::TooLarge { .. } | Fault::TooManyNodes { .. } | Fault::TooDeep { .. }
                );
                ensure!(!is_sound || is_limit, "a sound document is refused: {message}");
                // As the server does: the next document is asked for whole.
                self.page = None;
                Ok(Way::Refused(discriminant(&fault), shape_of(&message)))
            }
        }
    }

    /// The browser, after the diff, shows what a full render of the page shows.
    fn show(&mut self, page: &Page, diff: &str, is_full: bool) -> anyhow::Result<Way> {
        let (what, limit) = match is_full {
            true => ("full render", self.limits.max_full_bytes),
            false => ("diff", self.limits.max_diff_bytes),
        };
        ensure!(diff.len() <= limit, "a {what} of {} bytes, the limit is {limit}: {diff}", diff.len());
        let value = serde_json::from_str(diff).with_context(|| format!("not JSON: {diff}"))?;
        self.browser.apply(value).with_context(|| format!("the browser cannot take {diff}"))?;
        let mut templates = Templates::new(self.interner.clone());
        let (expected, _) =
            html(page.whole(), &mut templates, &Limits::default()).context("the page as a whole")?;
        let shown = self.browser.html()?;
        ensure!(shown == expected, "the browser shows {shown:?} and not {expected:?} after {diff}");
        Ok(Way::Accepted {
            is_full,
            has_moves: diff.contains("\"km\""),
            has_shared: diff.contains("\"p\":"),
            size: magnitude(diff.len()),
        })
    }

    /// Rendering all of the same page again sends nothing.
    fn again(&mut self, page: &Page) -> anyhow::Result<()> {
        let limits = Limits::default();
        let update = compute(page.whole(), &mut self.templates, &mut self.held, Scope::Everything, &limits)
            .context("the same page as a whole")?;
        ensure!(update.is_empty(), "the same page is sent again: {}", update.to_json(&Extras::default()));
        Ok(())
    }
}
