//! A guest out of bytes: it shows pages, edits them, says `unchanged` where it may, and makes mistakes.

use hothouse_diff::{Each, NewTemplate, Node, Row, Scope, Slot, Tree};

use super::model::{Content, Known, Page, Rows, Shown, Template, index_of_last};
use crate::choices::Choices;

/// What may stand in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Anything,
    Text,
    Attributes,
}
use Kind::{Anything, Attributes, Text};

/// Literal parts, and what their slots take. The first is most often the root.
const TEMPLATES: &[(&[&str], &[Kind])] = &[
    (&["<main>", "", "</main>"], &[Anything, Anything]),
    (&["<p title=\"", "\">", "</p>"], &[Text, Anything]),
    (&["<b>", "</b>"], &[Anything]),
    (&["<i>x</i>", ""], &[Anything]),
    (&["<input", ">"], &[Attributes]),
    (&["<textarea>", "</textarea>"], &[Text]),
    (&["<a href=\"", "\">", "</a>"], &[Text, Anything]),
    (&["plain"], &[]),
    (&[""], &[]),
    (&["", ""], &[Anything]),
    (&["\"\n\\\u{1}é", "\t"], &[Anything]),
    (&["<ul>", "</ul>"], &[Anything]),
];
/// Ids from here on are other ids of the same templates.
const SECOND_IDS: u32 = 100;
const INVALID: &[&[&str]] = &[&[], &["<b>"], &["<b", "</b>"], &["<plaintext>"], &["</p>"]];
const TEXTS: &[&str] =
    &["", "x", "y", "\"", "<&>", "\u{1}\u{2}", "é\n", "javascript:x", "/a?b=1", "\\", "\0"];
const MARKUPS: &[&str] = &["", "<b>x</b>", "<i title='\"'>", "<script>x</script>", "\u{1f}", "&amp;"];
const ATTRIBUTES: &[&str] = &["", " hidden", " class=\"a b\"", " id=\"x\" hidden", " data-x=\"\u{1}\""];
const MAX_DEPTH: usize = 4;

/// A document, and whether a host must take it.
#[derive(Debug, Clone)]
pub(super) struct Rendered {
    pub(super) tree: Tree,
    pub(super) scope: Scope,
    pub(super) is_sound: bool,
    /// Whether the page is to be rendered again as a whole.
    pub(super) is_repeated: bool,
}

#[derive(Debug)]
pub(super) struct Guest<'a> {
    choices: Choices<'a>,
    pub(super) has_small_limits: bool,
    pub(super) has_raw_markup: bool,
    /// The templates that the host knows.
    pub(super) known: Known,
}

pub(super) fn is_valid(statics: &[String]) -> bool {
    TEMPLATES.iter().any(|(parts, _)| statics == *parts)
}

impl<'a> Guest<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        let mut choices = Choices(input);
        let flags = choices.below(4);
        Self {
            choices,
            has_small_limits: flags & 1 == 1,
            has_raw_markup: flags & 2 == 2,
            known: Known::default(),
        }
    }

    /// The next document, if there is any, of a view that shows this page.
    pub(super) fn render(&mut self, former: Option<&Page>) -> Option<Rendered> {
        if self.choices.0.is_empty() {
            return None;
        }
        let scope = if former.is_some() && !self.choices.is(8) { Scope::Changes } else { Scope::Everything };
        let page = match former {
            Some(page) if !self.choices.is(8) => self.edited(page),
            _ => self.fresh(),
        };
        let mut document = Document { guest: self, tree: Tree::default(), is_sound: true };
        let root = match former {
            Some(former) if scope == Scope::Changes && *former == page && document.guest.choices.is(2) => {
                Slot::Unchanged
            }
            _ => {
                let former = former.filter(|_| scope == Scope::Changes).map(|page| &page.0);
                Slot::Node(document.content(&page.0, former))
            }
        };
        let Document { mut tree, mut is_sound, .. } = document;
        tree.root = root;
        let mut mistakes = if self.choices.is(3) { 1 + self.choices.below(2) } else { 0 };
        is_sound &= mistakes == 0;
        while mistakes > 0 {
            self.mistake(&mut tree);
            mistakes -= 1;
        }
        Some(Rendered { tree, scope, is_sound, is_repeated: self.choices.is(2) })
    }

    fn template(&mut self, among: usize) -> (Template, &'static [Kind]) {
        let index = self.choices.below(among.min(TEMPLATES.len()));
        let (parts, kinds) = TEMPLATES.get(index).copied().unwrap_or((&[""], &[]));
        let first = if self.choices.is(16) { SECOND_IDS } else { 1 };
        let statics = parts.iter().map(|part| (*part).to_owned()).collect();
        (Template { id: first + u32::try_from(index).unwrap_or_default(), statics }, kinds)
    }

    fn fresh(&mut self) -> Page {
        let among = if self.choices.is(8) { TEMPLATES.len() } else { 1 };
        let (template, kinds) = self.template(among);
        Page(Content { template, slots: self.slots(kinds, MAX_DEPTH) })
    }

    fn slots(&mut self, kinds: &[Kind], depth: usize) -> Vec<Shown> {
        kinds.iter().map(|kind| self.shown(*kind, depth)).collect()
    }

    fn shown(&mut self, kind: Kind, depth: usize) -> Shown {
        let choice = self.choices.below(16);
        match kind {
            _ if choice == 0 => Shown::Leaf(Slot::Empty),
            Text => Shown::Leaf(Slot::Text(self.text())),
            Attributes => {
                Shown::Leaf(Slot::Markup(self.choices.pick(ATTRIBUTES).unwrap_or_default().to_owned()))
            }
            Anything if choice < 5 || depth == 0 => Shown::Leaf(Slot::Text(self.text())),
            Anything if choice < 6 => {
                Shown::Leaf(Slot::Markup(self.choices.pick(MARKUPS).unwrap_or_default().to_owned()))
            }
            Anything if choice < 11 => {
                let (template, kinds) = self.template(TEMPLATES.len());
                Shown::Node(Content { template, slots: self.slots(kinds, depth - 1) })
            }
            Anything => {
                let (template, kinds) = self.template(TEMPLATES.len());
                let mut rows: Vec<(u32, Vec<Shown>)> = Vec::new();
                for _ in 0..self.choices.below(6) {
                    self.new_row(&mut rows, kinds, depth - 1);
                }
                Shown::Rows(Rows { template, rows })
            }
        }
    }

    fn text(&mut self) -> String {
        let text = self.choices.pick(TEXTS).unwrap_or_default();
        let count = if self.choices.is(8) { self.choices.below(128) } else { 1 };
        text.repeat(count)
    }

    fn new_row(&mut self, rows: &mut Vec<(u32, Vec<Shown>)>, kinds: &[Kind], depth: usize) {
        let id = u32::try_from(self.choices.below(12)).unwrap_or_default();
        // Large ids are rows like others.
        let id = if id == 11 { u32::MAX } else { id };
        if rows.iter().all(|(known, _)| *known != id) {
            let at = self.choices.below(rows.len() + 1);
            let slots = self.slots(kinds, depth);
            rows.insert(at, (id, slots));
        }
    }

    fn edited(&mut self, page: &Page) -> Page {
        let mut page = page.clone();
        for _ in 0..self.choices.below(4) {
            self.edit_slots(&mut page.0.slots, &page.0.template, MAX_DEPTH);
        }
        page
    }

    fn edit_slots(&mut self, slots: &mut [Shown], template: &Template, depth: usize) {
        let kinds = kinds(template);
        let at = self.choices.below(slots.len());
        let (Some(shown), Some(kind)) = (slots.get_mut(at), kinds.get(at)) else { return };
        if self.choices.is(4) {
            *shown = self.shown(*kind, depth);
            return;
        }
        match shown {
            Shown::Leaf(_) => *shown = self.shown(*kind, depth),
            Shown::Node(content) => {
                self.edit_slots(&mut content.slots, &content.template, depth.saturating_sub(1));
            }
            Shown::Rows(rows) => self.edit_rows(rows, depth.saturating_sub(1)),
        }
    }

    fn edit_rows(&mut self, rows: &mut Rows, depth: usize) {
        let Rows { template, rows } = rows;
        let at = self.choices.below(rows.len());
        match self.choices.below(8) {
            0 => rows.reverse(),
            1 => rows.rotate_left(at),
            2 if !rows.is_empty() => drop(rows.remove(at)),
            3 if !rows.is_empty() => {
                let other = self.choices.below(rows.len());
                rows.swap(at, other);
            }
            4 => rows.clear(),
            5 | 6 => self.new_row(rows, kinds(template), depth),
            _ => {
                if let Some((_, slots)) = rows.get_mut(at) {
                    self.edit_slots(slots, template, depth);
                }
            }
        }
    }

    fn id_of_template(&mut self) -> u32 {
        let count = u32::try_from(TEMPLATES.len()).unwrap_or_default();
        match self.choices.below(8) {
            0 => self.choices.pick(&[0, 99, 2047, 2048, u32::MAX]).unwrap_or_default(),
            1 => SECOND_IDS,
            _ => 1 + u32::try_from(self.choices.below(TEMPLATES.len())).unwrap_or_default() % count,
        }
    }

    fn index(&mut self, count: usize) -> u32 {
        u32::try_from(self.choices.below(count + 1)).unwrap_or_default()
    }

    /// One thing that a guest does wrong, or just otherwise.
    fn mistake(&mut self, tree: &mut Tree) {
        let (nodes, lists) = (tree.nodes.len(), tree.lists.len());
        let slot = match self.choices.below(8) {
            0..3 => Slot::Unchanged,
            3 => Slot::Node(self.index(nodes)),
            4 => Slot::Each(self.index(lists)),
            5 => Slot::Markup(self.choices.pick(MARKUPS).unwrap_or_default().to_owned()),
            6 => Slot::Text(self.text()),
            _ => Slot::Empty,
        };
        let template = self.id_of_template();
        let choice = self.choices.below(16);
        let (node_at, list_at) = (self.choices.below(nodes), self.choices.below(lists));
        let other = self.index(nodes);
        let place = self.choices.below(6);
        let node = tree.nodes.get_mut(node_at);
        let list = tree.lists.get_mut(list_at);
        match (choice, node, list) {
            (0, ..) => tree.root = slot,
            (1, Some(node), _) => node.template = template,
            (2, Some(node), _) => node.slots.push(slot),
            (3, Some(node), _) => drop(node.slots.pop()),
            (4, ..) => tree.nodes.push(Node { template, slots: vec![slot] }),
            (5, ..) => tree.lists.push(Each { template, ..Each::default() }),
            (6, ..) => {
                let statics = self.choices.pick(INVALID).unwrap_or_default();
                let statics = statics.iter().map(|part| (*part).to_owned()).collect();
                tree.templates.insert(place.min(tree.templates.len()), NewTemplate { id: template, statics });
            }
            (7, ..) => {
                let (Template { statics, .. }, _) = self.template(TEMPLATES.len());
                tree.templates.insert(place.min(tree.templates.len()), NewTemplate { id: template, statics });
            }
            (8, ..) => drop(tree.templates.pop()),
            (12, _, Some(list)) => {
                // The same row twice, each time with something else.
                let row = list.changed.get(place % list.changed.len().max(1)).copied();
                let Some(row) = row else { return };
                let node = usize::try_from(row.node).ok().and_then(|index| tree.nodes.get(index));
                let Some(mut node) = node.cloned() else { return };
                if let Some(found) = node.slots.get_mut(place % 2) {
                    *found = slot;
                }
                tree.nodes.push(node);
                list.changed.push(Row { node: index_of_last(tree.nodes.len()), ..row });
            }
            (9..16, _, Some(list)) => mistaken_list(list, choice, place, other, template),
            (_, Some(node), _) => {
                if let Some(found) = node.slots.get_mut(place % 2) {
                    *found = slot;
                }
            }
            _ => tree.root = slot,
        }
    }
}

fn mistaken_list(list: &mut Each, choice: usize, place: usize, other: u32, template: u32) {
    let id = u32::try_from(place).unwrap_or_default();
    let row = list.changed.get(place % list.changed.len().max(1)).copied();
    match (choice, &mut list.order, row) {
        (9, ..) => list.order = None,
        (10, Some(order), _) => order.insert(place.min(order.len()), id),
        (11, Some(order), _) => drop(order.pop()),
        (13, ..) => list.changed.push(Row { id, node: other }),
        (14, ..) => list.template = template,
        (15, ..) => drop(list.changed.pop()),
        _ => list.order = Some(vec![id]),
    }
}

fn kinds(template: &Template) -> &'static [Kind] {
    let found = TEMPLATES.iter().find(|(parts, _)| template.statics == *parts);
    found.map_or(&[], |(_, kinds)| kinds)
}

/// A document under construction.
struct Document<'g, 'a> {
    guest: &'g mut Guest<'a>,
    tree: Tree,
    is_sound: bool,
}

impl Document<'_, '_> {
    fn is_lazy(&mut self) -> bool {
        self.guest.choices.is(2)
    }

    fn define(&mut self, template: &Template) {
        let known = self.guest.known.templates.get(&template.id);
        // An earlier mistake may have given the id to another template.
        self.is_sound &= known.is_none_or(|known| *known == template.statics);
        let is_known = known.is_some() && !self.guest.choices.is(16);
        if !is_known && self.tree.templates.iter().all(|new| new.id != template.id) {
            self.tree.templates.push(NewTemplate { id: template.id, statics: template.statics.clone() });
        }
    }

    fn content(&mut self, content: &Content, former: Option<&Content>) -> u32 {
        let former = former.filter(|former| former.template == content.template);
        self.node(&content.template, &content.slots, former.map(|former| former.slots.as_slice()))
    }

    fn node(&mut self, template: &Template, slots: &[Shown], former: Option<&[Shown]>) -> u32 {
        self.define(template);
        let slots = slots.iter().enumerate();
        let slots = slots
            .map(|(index, shown)| self.slot(shown, former.and_then(|former| former.get(index))))
            .collect();
        self.tree.nodes.push(Node { template: template.id, slots });
        index_of_last(self.tree.nodes.len())
    }

    fn slot(&mut self, shown: &Shown, former: Option<&Shown>) -> Slot {
        if former == Some(shown) && self.is_lazy() {
            return Slot::Unchanged;
        }
        match shown {
            Shown::Leaf(leaf) => leaf.clone(),
            Shown::Node(content) => {
                let former = match former {
                    Some(Shown::Node(former)) => Some(former),
                    _ => None,
                };
                Slot::Node(self.content(content, former))
            }
            Shown::Rows(rows) => Slot::Each(self.rows(rows, former)),
        }
    }

    fn rows(&mut self, rows: &Rows, former: Option<&Shown>) -> u32 {
        self.define(&rows.template);
        let before = match former {
            // A list that shows no rows may hold nothing at all.
            Some(Shown::Rows(former)) if former.template == rows.template && !former.rows.is_empty() => {
                former.rows.as_slice()
            }
            _ => &[],
        };
        let mut changed = Vec::new();
        for (id, slots) in &rows.rows {
            let former = before.iter().find(|(former, _)| former == id).map(|(_, slots)| slots.as_slice());
            if former == Some(slots) && self.is_lazy() {
                continue;
            }
            changed.push(Row { id: *id, node: self.node(&rows.template, slots, former) });
        }
        let order: Vec<u32> = rows.rows.iter().map(|(id, _)| *id).collect();
        let is_same = !before.is_empty() && before.iter().map(|(id, _)| id).eq(&order);
        let order = (!(is_same && self.is_lazy())).then_some(order);
        self.tree.lists.push(Each { template: rows.template.id, order, changed, ..Each::default() });
        index_of_last(self.tree.lists.len())
    }
}
