//! Plain HTML: the whole of a view as one string. What is literal in it and what may change is found here; the rest of
//! the way is that of templates.
//!
//! A document that needs no cleaning is sent as it is, another one as it was cleaned. Either is cut into nodes and
//! lists whose literal parts and slots, put together, are the document again, byte for byte: a mistake in the cutting
//! could make a diff larger, but no page another.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, LazyLock};

use crate::arena::{Limits, Used};
use crate::components::Components;
use crate::compute::{Scope, compute_tree};
use crate::extras::Extras;
use crate::fault::Fault;
use crate::held::HeldNode;
use crate::policy::Policy;
use crate::rendered::{Node, Slot, Tree};
use crate::template::{Template, Templates};
use crate::update::Update;

mod cut;
mod derived;
mod repeat;
mod rows;
mod tags;

use cut::Cutting;
pub(crate) use derived::Derived;

/// The number of the template with nothing around its one slot: a whole document, or a row that can be anything.
const BARE: u32 = 0;

/// What was cleaned, or needs no cleaning, is held to nothing.
static TRUSTED: LazyLock<Policy> = LazyLock::new(|| Policy { raw_markup: true, ..Policy::default() });

static BARE_TEMPLATE: LazyLock<Arc<Template>> = LazyLock::new(|| Arc::new(Template::derived(&["", ""])));

/// The key of what is hashed here: nobody can choose texts that look alike.
static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// A document in parts.
struct Parts {
    tree: Tree,
    derived: Derived,
    /// A full render has at least so many bytes.
    at_least: usize,
}

/// The update from what is held to a document of HTML: never larger than a full render of it, and nothing for the same
/// document.
pub(crate) fn compute(
    html: String,
    templates: &mut Templates,
    held: Option<HeldNode>,
    limits: &Limits,
) -> Result<(Update, HeldNode), Fault> {
    let hash = KEY.hash_one(&html);
    let former = templates.last_html.take();
    let held = match held {
        Some(held) if former == Some(hash) => {
            templates.last_html = former;
            return Ok((Update::default(), held));
        }
        held => held,
    };
    let computed = update(html, templates, held, limits)?;
    templates.last_html = Some(hash);
    Ok(computed)
}

fn update(
    html: String,
    templates: &mut Templates,
    held: Option<HeldNode>,
    limits: &Limits,
) -> Result<(Update, HeldNode), Fault> {
    let (html, parts) = read(html, templates, limits)?;
    let (at_least, was_held) = (parts.at_least, held.is_some());
    match walk(parts, templates, held, limits) {
        Ok((update, held)) if update.is_full() || update.used().bytes <= at_least => Ok((update, held)),
        Ok((update, held)) => {
            let bytes = |update: &Update| update.to_json(&Extras::default()).len();
            match full(html, templates, limits) {
                Ok((full, held)) if bytes(&full) < bytes(&update) => Ok((full, held)),
                Ok(_) | Err(_) => Ok((update, held)),
            }
        }
        Err(Fault::TooLarge { .. }) if was_held => full(html, templates, limits),
        Err(Fault::TooLarge { .. }) => walk(whole(html), templates, None, limits),
        Err(fault) => Err(fault),
    }
}

/// The page of a document of HTML.
pub(crate) fn html(html: String, templates: &Templates, limits: &Limits) -> Result<(String, Used), Fault> {
    let (html, _) = read(html, templates, limits)?;
    let used = Used { bytes: html.len(), is_full: true, nodes: 1, depth: 1 };
    Ok((html, used))
}

/// Everything, in parts or whole.
fn full(html: String, templates: &mut Templates, limits: &Limits) -> Result<(Update, HeldNode), Fault> {
    let parts = match cut::cut(&html, &TRUSTED, &templates.derived, limits) {
        Cutting::Parts(parts) => *parts,
        Cutting::Whole | Cutting::Refused => whole(html.clone()),
    };
    match walk(parts, templates, None, limits) {
        Err(Fault::TooLarge { .. }) => walk(whole(html), templates, None, limits),
        walked => walked,
    }
}

fn walk(
    parts: Parts,
    templates: &mut Templates,
    held: Option<HeldNode>,
    limits: &Limits,
) -> Result<(Update, HeldNode), Fault> {
    templates.derive(parts.derived);
    // There are no live components in HTML.
    compute_tree(parts.tree, templates, held, &mut Components::default(), Scope::Everything, limits)
}

/// The document as it is sent, and its parts.
fn read(html: String, templates: &Templates, limits: &Limits) -> Result<(String, Parts), Fault> {
    let too_large = Fault::TooLarge { what: "full render", limit: limits.max_full_bytes };
    if html.len() > limits.max_full_bytes {
        // What could not be sent is not even read.
        return Err(too_large);
    }
    let policy = templates.policy();
    let html = match cut::cut(&html, policy, &templates.derived, limits) {
        Cutting::Parts(parts) => return Ok((html, *parts)),
        Cutting::Refused if !policy.raw_markup => {
            tags::check_cleanable(&html)?;
            templates.cleaned(&html)
        }
        Cutting::Whole | Cutting::Refused => {
            let parts = whole(html.clone());
            return Ok((html, parts));
        }
    };
    if html.len() > limits.max_full_bytes {
        return Err(too_large);
    }
    let parts = match cut::cut(&html, &TRUSTED, &templates.derived, limits) {
        Cutting::Parts(parts) => *parts,
        Cutting::Whole | Cutting::Refused => whole(html.clone()),
    };
    Ok((html, parts))
}

/// A document in one part.
fn whole(html: String) -> Parts {
    Parts {
        at_least: html.len(),
        derived: Derived::default(),
        tree: Tree {
            root: Slot::Node(0),
            nodes: vec![Node { template: BARE, slots: vec![Slot::Markup(html)] }],
            ..Tree::default()
        },
    }
}

#[cfg(test)]
mod tests;
