//! Live components: pages that show them, move them, drop them and bring them back, while the browser says in its two
//! steps what is gone. What is accepted brings the browser to the page that a full render gives; whatever a guest gets
//! wrong, a browser can take what it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use hothouse_diff::{
    ComponentEntry, Each, Extras, Held, Interner, Limits, NewTemplate, Node, Policy, Row, Scope, Slot,
    Templates, Tree, complete, compute, html,
};

use crate::Target;
use crate::choices::Choices;
use crate::outcome::{Outcome, Verdict, magnitude, shape_of};

const MAX_RENDERS: usize = 8;
/// Components that a page knows by name.
const NAMES: u8 = 6;
const MAX_COMPONENTS: usize = 6;
const MAX_DEPTH: usize = 3;
/// A guest that begins anew counts on from here.
const MAX_MISTAKEN_CID: u32 = 11;

const PAGE: u32 = 1;
const OTHER_PAGE: u32 = 2;
const BOLD: u32 = 3;
const ROW: u32 = 4;
const CARD: u32 = 5;
const OTHER_CARD: u32 = 6;

const TEMPLATES: [(u32, &[&str]); 6] = [
    (PAGE, &["<main>", "|", "|", "</main>"]),
    (OTHER_PAGE, &["<article>", "|", "|", "</article>"]),
    (BOLD, &["<b>", "</b>"]),
    (ROW, &["<i>", "</i>"]),
    (CARD, &["<p title=\"", "\">", "</p>"]),
    (OTHER_CARD, &["<section>", ":", "</section>"]),
];

pub(super) const TARGET: Target = Target {
    name: "components",
    run,
    max_bytes: 1024,
    dictionary: &["\u{0}", "\u{0}\u{0}\u{0}\u{0}", "\u{1}\u{2}", "\u{7f}\u{7f}", "\u{5}\u{5}\u{5}"],
    lengths: &[32, 128, 512],
};

/// What stands in a slot.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Text(u8),
    Bold(Box<Shown>),
    Rows(Vec<(u32, Shown)>),
    /// A component, by its name.
    Card(u8),
}

/// A component's own document.
#[derive(Debug, Clone, PartialEq)]
struct Card {
    template: u32,
    title: u8,
    content: Shown,
}

#[derive(Debug, Clone, PartialEq)]
struct Page {
    template: u32,
    slots: Vec<Shown>,
    /// Those that have a place.
    cards: BTreeMap<u8, Card>,
}

impl Choices<'_> {
    fn byte(&mut self, below: u8) -> u8 {
        u8::try_from(self.below(usize::from(below))).unwrap_or(0)
    }

    /// A page of which most is as before.
    fn page(&mut self, former: Option<&Page>) -> Page {
        let mut next = Page { template: PAGE, slots: Vec::new(), cards: BTreeMap::new() };
        let mut free: BTreeSet<u8> = (0..NAMES).collect();
        if let Some(former) = former {
            next.template = former.template;
        }
        if self.is(12) {
            next.template = PAGE + OTHER_PAGE - next.template;
        }
        for index in 0..3 {
            let former_slot = former.and_then(|former| former.slots.get(index));
            let shown = self.shown(former_slot, former, &mut free, &mut next.cards, MAX_DEPTH);
            next.slots.push(shown);
        }
        next
    }

    fn shown(
        &mut self,
        former: Option<&Shown>,
        page: Option<&Page>,
        free: &mut BTreeSet<u8>,
        cards: &mut BTreeMap<u8, Card>,
        depth: usize,
    ) -> Shown {
        let keeps = former.is_some() && !self.is(3);
        let inner = depth.saturating_sub(1);
        let kind = match former.filter(|_| keeps) {
            Some(Shown::Text(text)) => return Shown::Text(*text),
            Some(Shown::Bold(_)) => 2,
            Some(Shown::Rows(_)) => 3,
            Some(Shown::Card(_)) => 4,
            None => self.below(8),
        };
        match kind {
            2 if depth > 0 => {
                let former = match former {
                    Some(Shown::Bold(former)) => Some(&**former),
                    _ => None,
                };
                Shown::Bold(Box::new(self.shown(former, page, free, cards, inner)))
            }
            3 if depth > 0 => {
                let mut ids: Vec<u32> = match former {
                    Some(Shown::Rows(rows)) => rows.iter().map(|(id, _)| *id).collect(),
                    _ => Vec::new(),
                };
                match self.below(5) {
                    0 => ids.reverse(),
                    1 => drop(ids.pop()),
                    2 | 3 => {
                        let id = u32::from(self.byte(5));
                        if !ids.contains(&id) {
                            ids.insert(self.below(ids.len() + 1), id);
                        }
                    }
                    _ => {}
                }
                let rows = ids.into_iter().map(|id| {
                    let former = match former {
                        Some(Shown::Rows(rows)) => rows.iter().find(|row| row.0 == id).map(|row| &row.1),
                        _ => None,
                    };
                    (id, self.shown(former, page, free, cards, inner))
                });
                Shown::Rows(rows.collect())
            }
            4.. if depth > 0 => {
                let wanted = match former {
                    Some(Shown::Card(name)) if keeps => *name,
                    _ => self.byte(NAMES),
                };
                if !free.remove(&wanted) {
                    return Shown::Text(0);
                }
                let former = page.and_then(|page| page.cards.get(&wanted));
                let (template, title) = match former {
                    Some(card) if !self.is(4) => (card.template, card.title),
                    _ => (CARD + u32::from(self.byte(2)), self.byte(4)),
                };
                let content = self.shown(former.map(|card| &card.content), page, free, cards, inner);
                cards.insert(wanted, Card { template, title, content });
                Shown::Card(wanted)
            }
            _ => Shown::Text(self.byte(4)),
        }
    }
}

/// A document in the making.
struct Document<'a, 'c> {
    tree: Tree,
    cids: &'a BTreeMap<u8, u32>,
    choices: &'a mut Choices<'c>,
}

impl Document<'_, '_> {
    fn lazily(&mut self) -> bool {
        !self.choices.is(3)
    }

    fn node(&mut self, template: u32, slots: Vec<Slot>) -> u32 {
        self.tree.nodes.push(Node { template, slots });
        u32::try_from(self.tree.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    fn slot(&mut self, shown: &Shown, former: Option<&Shown>) -> Slot {
        if former == Some(shown) && self.lazily() {
            return Slot::Unchanged;
        }
        match shown {
            Shown::Text(0) => Slot::Empty,
            Shown::Text(text) => Slot::Text(text.to_string()),
            Shown::Card(name) => Slot::Component(self.cids.get(name).copied().unwrap_or(0)),
            Shown::Bold(inner) => {
                let former = match former {
                    Some(Shown::Bold(former)) => Some(&**former),
                    _ => None,
                };
                let inner = self.slot(inner, former);
                Slot::Node(self.node(BOLD, vec![inner]))
            }
            Shown::Rows(rows) => {
                // A list that shows no rows may hold nothing at all.
                let before = match former {
                    Some(Shown::Rows(former)) => former.as_slice(),
                    _ => &[],
                };
                let mut changed = Vec::new();
                for (id, shown) in rows {
                    let former = before.iter().find(|(former, _)| former == id).map(|(_, shown)| shown);
                    if former == Some(shown) && self.lazily() {
                        continue;
                    }
                    let slot = self.slot(shown, former);
                    changed.push(Row { id: *id, node: self.node(ROW, vec![slot]) });
                }
                let order = Some(rows.iter().map(|(id, _)| *id).collect());
                self.tree.lists.push(Each { template: ROW, order, changed, ..Each::default() });
                Slot::Each(u32::try_from(self.tree.lists.len() - 1).unwrap_or(u32::MAX))
            }
        }
    }

    fn entry(&mut self, name: u8, card: &Card, former: Option<&Card>) {
        let Some(cid) = self.cids.get(&name).copied() else { return };
        let former = former.filter(|former| former.template == card.template);
        if former == Some(card) && self.lazily() {
            return;
        }
        let title = self.slot(&Shown::Text(card.title), former.map(|card| Shown::Text(card.title)).as_ref());
        let content = self.slot(&card.content, former.map(|card| &card.content));
        let root = Slot::Node(self.node(card.template, vec![title, content]));
        self.tree.components.push(ComponentEntry { cid, root });
    }
}

/// A view as the host has it, its guest, and the browser.
struct View {
    templates: Templates,
    interner: Arc<Interner>,
    held: Held,
    limits: Limits,
    browser: hothouse_test_client::Tree,
    page: Option<Page>,
    /// The guest's own numbers for its components.
    cids: BTreeMap<u8, u32>,
    last: u32,
    /// Components whose elements the browser has taken out.
    gone: BTreeSet<u32>,
}

fn run(input: &[u8]) -> Verdict {
    let interner = Arc::new(Interner::new(Policy::default()));
    let mut view = View {
        templates: Templates::new(interner.clone()),
        interner,
        held: Held::default(),
        limits: Limits { max_components: MAX_COMPONENTS, ..Limits::default() },
        browser: hothouse_test_client::Tree::default(),
        page: None,
        cids: BTreeMap::new(),
        last: 0,
        gone: BTreeSet::new(),
    };
    let mut choices = Choices(input);
    let mut ways = Vec::new();
    for _ in 0..MAX_RENDERS {
        if choices.0.is_empty() && !ways.is_empty() {
            break;
        }
        ways.push(view.render(&mut choices)?);
        view.handshake(&mut choices)?;
    }
    let is_accepted = ways.last().is_some_and(|(is_accepted, ..)| *is_accepted);
    let last: Vec<_> = ways.into_iter().rev().take(2).collect();
    Ok(if is_accepted { Outcome::accepted(last) } else { Outcome::refused(last) })
}

type Way = (bool, u32, usize, String);

impl View {
    fn render(&mut self, choices: &mut Choices<'_>) -> anyhow::Result<Way> {
        let former = self.page.take();
        let page = choices.page(former.as_ref());
        let new: BTreeSet<u8> =
            page.cards.keys().copied().filter(|name| !self.cids.contains_key(name)).collect();
        for name in &new {
            self.last += 1;
            self.cids.insert(*name, self.last);
        }
        let scope = if former.is_some() { Scope::Changes } else { Scope::Everything };
        let mut tree = self.document(&page, former.as_ref(), choices);
        let mistake = if choices.is(6) { mistake(&mut tree, choices) } else { None };
        let is_sound = mistake.is_none();
        let shown = tree.clone();
        let outcome =
            compute(tree, &mut self.templates, &mut self.held, scope, &self.limits).and_then(|mut update| {
                let missing = update.missing().to_vec();
                if !missing.is_empty() {
                    let answer = self.answer(&page, &missing, choices);
                    complete(&mut update, answer, &mut self.templates, &mut self.held, &self.limits)?;
                }
                Ok((update, missing.len()))
            });
        match outcome {
            Ok((update, missing)) => {
                let diff = update.to_json(&Extras::default());
                ensure!(
                    diff.len() <= update.used().bytes + 2,
                    "{} bytes were counted for {diff}",
                    update.used().bytes
                );
                let value = serde_json::from_str(&diff).with_context(|| format!("not JSON: {diff}"))?;
                self.browser
                    .apply(value)
                    .with_context(|| format!("the browser cannot take {diff} of {shown:?}"))?;
                if !is_sound {
                    // What it shows is of no page: the guest begins anew.
                    self.held.forget();
                    self.cids.retain(|_, cid| self.held.has_component(*cid));
                    self.last = self.last.max(MAX_MISTAKEN_CID);
                    return Ok((true, magnitude(diff.len()), missing, "mistaken".to_owned()));
                }
                self.compare(&page, &diff)?;
                let placed = |page: &Page| -> BTreeSet<u32> {
                    page.cards.keys().filter_map(|name| self.cids.get(name).copied()).collect()
                };
                let now = placed(&page);
                self.gone.extend(former.as_ref().map(&placed).into_iter().flatten());
                self.gone.retain(|cid| !now.contains(cid));
                self.page = Some(page);
                Ok((true, magnitude(diff.len()), missing, shape_of(&shape(&diff))))
            }
            Err(fault) => {
                ensure!(!is_sound, "a sound document is refused: {fault}: {shown:?}");
                // The guest takes those back that nobody has seen.
                self.cids.retain(|name, cid| !new.contains(name) || self.held.has_component(*cid));
                Ok((false, 0, 0, shape_of(&fault.to_string())))
            }
        }
    }

    fn document(&self, page: &Page, former: Option<&Page>, choices: &mut Choices<'_>) -> Tree {
        let mut document = Document { tree: templates(), cids: &self.cids, choices };
        let same = former.filter(|former| former.template == page.template);
        let slots = page.slots.iter().enumerate();
        let slots = slots
            .map(|(index, shown)| document.slot(shown, same.and_then(|page| page.slots.get(index))))
            .collect();
        let root = document.node(page.template, slots);
        document.tree.root = Slot::Node(root);
        for (name, card) in &page.cards {
            document.entry(*name, card, former.and_then(|page| page.cards.get(name)));
        }
        document.tree
    }

    /// All of what was asked for, and of what stands in it.
    fn answer(&self, page: &Page, missing: &[u32], choices: &mut Choices<'_>) -> Tree {
        let mut wanted: Vec<u8> =
            self.cids.iter().filter(|(_, cid)| missing.contains(cid)).map(|(name, _)| *name).collect();
        let mut index = 0;
        while let Some(card) = wanted.get(index).and_then(|name| page.cards.get(name)) {
            names(&card.content, &mut wanted);
            index += 1;
        }
        let wanted: BTreeSet<u8> = wanted.into_iter().collect();
        let mut document = Document { tree: templates(), cids: &self.cids, choices };
        for name in wanted {
            if let Some(card) = page.cards.get(&name) {
                document.entry(name, card, None);
            }
        }
        document.tree
    }

    /// The browser, after the diff, shows what a full render of the page shows.
    fn compare(&self, page: &Page, diff: &str) -> anyhow::Result<()> {
        let mut templates = Templates::new(self.interner.clone());
        let whole = self.document(page, None, &mut Choices(&[]));
        let (expected, _) = html(whole, &mut templates, &self.limits).context("the page as a whole")?;
        let found = self.browser.html()?;
        ensure!(found == expected, "the browser shows {found:?} and not {expected:?} after {diff}");
        Ok(())
    }

    /// What the browser says of what has left its page, and now and then of what has not.
    fn handshake(&mut self, choices: &mut Choices<'_>) -> anyhow::Result<()> {
        let mut cids: Vec<u32> = self.gone.iter().copied().filter(|_| !choices.is(3)).collect();
        if choices.is(6) {
            cids.push(u32::from(choices.byte(8)));
        }
        if !choices.is(3) {
            self.held.mark_components(&cids);
        }
        let mut removed = if choices.is(3) { Vec::new() } else { self.held.remove_components(&cids) };
        removed.extend(self.held.remove_surplus(&self.limits));
        let placed = self.page.iter().flat_map(|page| page.cards.keys());
        let placed: BTreeSet<u32> = placed.filter_map(|name| self.cids.get(name).copied()).collect();
        ensure!(!removed.iter().any(|cid| placed.contains(cid)), "{removed:?} are removed and in the page");
        self.gone.retain(|cid| !removed.contains(cid));
        self.cids.retain(|_, cid| !removed.contains(cid));
        self.browser.prune(&removed.into_iter().map(u64::from).collect::<Vec<_>>());
        Ok(())
    }
}

fn templates() -> Tree {
    let templates = TEMPLATES.iter().map(|(id, parts)| NewTemplate {
        id: *id,
        statics: parts.iter().map(|part| (*part).to_owned()).collect(),
    });
    Tree { root: Slot::Unchanged, templates: templates.collect(), ..Tree::default() }
}

/// The components in a slot.
fn names(shown: &Shown, found: &mut Vec<u8>) {
    match shown {
        Shown::Text(_) => {}
        Shown::Card(name) => found.push(*name),
        Shown::Bold(inner) => names(inner, found),
        Shown::Rows(rows) => rows.iter().for_each(|(_, row)| names(row, found)),
    }
}

/// One thing that a guest gets wrong; none if there is nothing to get wrong.
fn mistake(tree: &mut Tree, choices: &mut Choices<'_>) -> Option<()> {
    let cid = u32::try_from(choices.below(12)).unwrap_or(0).min(MAX_MISTAKEN_CID);
    let nodes = tree.nodes.len();
    let at = choices.below(nodes);
    match choices.below(6) {
        0 => drop(tree.components.pop()?),
        1 => {
            let entry = tree.components.last()?.clone();
            tree.components.push(ComponentEntry { root: Slot::Unchanged, ..entry });
        }
        2 => tree.components.last_mut()?.cid = cid,
        3 => *tree.nodes.get_mut(at)?.slots.last_mut()? = Slot::Component(cid),
        4 => tree.components.last_mut()?.root = Slot::Text("x".to_owned()),
        _ => {
            let node = u32::try_from(nodes).ok()?;
            tree.nodes.push(Node { template: CARD, slots: vec![Slot::Empty, Slot::Component(cid)] });
            tree.components.push(ComponentEntry { cid, root: Slot::Node(node) });
        }
    }
    Some(())
}

/// A diff without its texts: which keys it has, and in which order.
fn shape(diff: &str) -> String {
    diff.chars()
        .filter(|character| matches!(character, '{' | '}' | 'c' | 'k' | 's' | 'm' | '-'))
        .take(64)
        .collect()
}
