//! Cuts a document at what may change: texts, attribute values, and the children of elements.
//!
//! One pass, without a tree: what has ended lies on two stacks, children and their cuts, until the element around it
//! ends and decides what becomes of them. Small things stay in the literal parts of what is around them; where children
//! may come and go they are a list.

use std::ops::Range;

use super::derived::Derived;
use super::tags::{Element, MAX_DEPTH, OpenTag, Tag, tags};
use super::{BARE, Parts, rows};
use crate::arena::Limits;
use crate::policy::Policy;
use crate::rendered::{Each, Node, Row, Slot, Tree};
use crate::scan::Checked;

/// More children than these are a list, whatever they are.
const MAX_INLINE_CHILDREN: usize = 64;
/// What a slot takes on the wire beside its value, at least: its key, quotes and a comma.
const SLOT_BYTES: usize = "\"0\":\"\"".len();

/// What became of a document.
pub(super) enum Cutting {
    Parts(Box<Parts>),
    /// Nothing is wrong with it, but it has more parts than a document may have.
    Whole,
    /// A browser would have to repair it, or the policy does not have all that it has.
    Refused,
}

/// A part of the document that is a slot.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) range: Range<usize>,
    pub(super) what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// All that an element without children has between its tags.
    Content,
    /// Text that stands beside elements. It is more than white space.
    Text,
    /// In quotes.
    Value,
    /// In quotes, and a URL.
    Url,
    /// In quotes, and the name of a hook.
    Hook,
    Node(u32),
    List(u32),
}

/// An element that has ended, or is void.
#[derive(Debug, Clone)]
pub(super) struct Child {
    /// From where the child before it ended.
    pub(super) lead: usize,
    pub(super) range: Range<usize>,
    pub(super) name: Range<usize>,
    pub(super) element: Element,
    /// Its `id`, or else its `data-key`.
    pub(super) key: Option<Range<usize>>,
    /// Its cuts, by their places on the stack.
    pub(super) cuts: Range<usize>,
    pub(super) has_children: bool,
    /// Lists inside of each other.
    pub(super) height: usize,
}

/// An element that is open, or the document.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// All that is known before it ends.
    open: Option<Child>,
    /// Where its content begins.
    inner: usize,
    /// Where its children, and the cuts of its content, begin on their stacks.
    pub(super) children: usize,
    cuts: usize,
    /// Where its last child ended.
    pub(super) lead: usize,
    /// Whether text, more than white space, or a comment stands directly in it.
    pub(super) has_text: bool,
    has_comment: bool,
}

impl Frame {
    fn element(&self) -> Element {
        self.open.as_ref().map_or(Element::Other, |open| open.element)
    }
}

pub(super) struct Cutter<'a> {
    pub(super) html: &'a str,
    pub(super) policy: &'a Policy,
    former: &'a Derived,
    limits: &'a Limits,
    /// Where the last tag ended.
    pub(super) at: usize,
    pub(super) frames: Vec<Frame>,
    pub(super) children: Vec<Child>,
    pub(super) cuts: Vec<Cut>,
    parts: Parts,
    /// The template of the last node: most often that of the next one.
    recent: u32,
    /// Nodes, lists and rows so far, and whether they are too many.
    count: usize,
    is_over: bool,
}

/// Cuts a document. The `former` one's templates are taken where they are the same.
pub(super) fn cut(html: &str, policy: &Policy, former: &Derived, limits: &Limits) -> Cutting {
    // Browsers read another character for both.
    if html.contains(['\r', '\0']) {
        return Cutting::Refused;
    }
    let parts = Parts { tree: Tree::default(), derived: Derived::default(), at_least: 0 };
    let mut cutter = Cutter {
        html,
        policy,
        former,
        limits,
        at: 0,
        frames: vec![Frame::default()],
        children: Vec::new(),
        cuts: Vec::new(),
        parts,
        recent: BARE,
        count: 0,
        is_over: false,
    };
    match cutter.run() {
        None => Cutting::Refused,
        Some(()) if cutter.is_over => Cutting::Whole,
        Some(()) => Cutting::Parts(Box::new(cutter.parts)),
    }
}

impl Cutter<'_> {
    /// `None` when the document is refused.
    fn run(&mut self) -> Option<()> {
        let mut rest = tags(self.html, self.at, self.policy);
        while let Some(tag) = rest.next() {
            let has_ended = match tag.unwrap_or(Tag::Refused) {
                Tag::Refused => return None,
                Tag::Comment(range) => {
                    self.text(range.start)?;
                    self.frames.last_mut()?.has_comment = true;
                    self.at = range.end;
                    false
                }
                Tag::Open(tag) => self.open(tag)?,
                Tag::Close { range, name } => {
                    self.close(range, name)?;
                    true
                }
            };
            if has_ended && self.repeat() {
                rest = tags(self.html, self.at, self.policy);
            }
        }
        let end = self.html.len();
        self.text(end)?;
        let root = self.frames.pop()?;
        if root.open.is_some() {
            return None;
        }
        self.end_content(&root, end)?;
        let cuts = std::mem::take(&mut self.cuts);
        let root = self.node(0..end, &cuts)?;
        self.parts.tree.root = Slot::Node(root);
        Some(())
    }

    /// What stands between the last tag and the next.
    fn text(&mut self, until: usize) -> Option<()> {
        let frame = self.frames.last_mut()?;
        let text = self.html.get(self.at..until)?;
        if frame.element() != Element::RawText && !text.trim_ascii().is_empty() {
            frame.has_text = true;
            self.cuts.push(Cut { range: self.at..until, what: What::Text });
        }
        Some(())
    }

    /// Whether the element has ended as well.
    fn open(&mut self, tag: OpenTag) -> Option<bool> {
        self.text(tag.range.start)?;
        let ends = match tag.element {
            Element::Void => true,
            // In SVG, and not in HTML inside of it.
            _ if tag.is_self_closing => {
                let around = self.frames.iter().rev().map(Frame::element);
                let around = around.chain([tag.element]);
                let nearest =
                    around.into_iter().find(|around| matches!(around, Element::Svg | Element::Desc));
                if nearest != Some(Element::Svg) || tag.element == Element::Desc {
                    return None;
                }
                true
            }
            // Inside of these, browsers take their text for markup.
            Element::PlainText | Element::RawText if !self.policy.raw_markup => {
                let is_foreign = |frame: &Frame| matches!(frame.element(), Element::Svg | Element::Select);
                if self.frames.iter().any(is_foreign) {
                    return None;
                }
                false
            }
            _ => false,
        };
        let first_cut = self.cuts.len();
        let value = |name: &str| {
            let is = |range: Range<usize>| self.html.get(range) == Some(name);
            let found = tag.attributes.iter().find(|attribute| is(attribute.name.clone()))?;
            (!found.value.is_empty()).then(|| found.value.clone())
        };
        let key = value("id").or_else(|| value("data-key"));
        self.cuts.extend(tag.attributes.iter().map(|attribute| Cut {
            range: attribute.value.clone(),
            what: match attribute.checked {
                Checked::Plain | Checked::Portal => What::Value,
                Checked::Url => What::Url,
                Checked::Hook => What::Hook,
            },
        }));
        self.at = tag.range.end;
        let child = Child {
            lead: self.frames.last()?.lead,
            range: tag.range,
            name: tag.name,
            element: tag.element,
            key,
            cuts: first_cut..self.cuts.len(),
            has_children: false,
            height: 0,
        };
        if ends {
            self.push_child(child)?;
        } else if self.frames.len() > MAX_DEPTH {
            return None;
        } else {
            self.frames.push(Frame {
                open: Some(child),
                inner: self.at,
                children: self.children.len(),
                cuts: self.cuts.len(),
                lead: self.at,
                ..Frame::default()
            });
        }
        Some(ends)
    }

    fn close(&mut self, range: Range<usize>, name: Range<usize>) -> Option<()> {
        self.text(range.start)?;
        let mut frame = self.frames.pop()?;
        let mut child = frame.open.take()?;
        if self.html.get(name) != self.html.get(child.name.clone()) {
            return None;
        }
        frame.open = Some(child.clone());
        (child.has_children, child.height) = self.end_content(&frame, range.start)?;
        child.range.end = range.end;
        child.cuts.end = self.cuts.len();
        self.at = range.end;
        self.push_child(child)
    }

    fn push_child(&mut self, child: Child) -> Option<()> {
        self.frames.last_mut()?.lead = child.range.end;
        self.children.push(child);
        Some(())
    }

    /// Decides what becomes of an element's content. Whether it has elements, and how high it is.
    fn end_content(&mut self, frame: &Frame, end: usize) -> Option<(bool, usize)> {
        let children = self.children.get(frame.children..)?;
        let Some((first, others)) = children.split_first() else {
            if frame.has_comment || frame.element() == Element::RawText {
                return Some((false, 0));
            }
            match self.cuts.get_mut(frame.cuts) {
                Some(cut) => cut.what = What::Content,
                None => self.cuts.push(Cut { range: frame.inner..end, what: What::Content }),
            }
            return Some((false, 0));
        };
        let height = children.iter().map(|child| child.height).max().unwrap_or(0);
        let is_low = 2 * (height + 2) < self.limits.max_depth;
        let may_change = frame.element() == Element::List
            || (!others.is_empty()
                && (children.len() > MAX_INLINE_CHILDREN
                    || children.iter().any(|child| child.has_children)
                    || rows::repeat(self.html, first, others)));
        if !frame.has_text && is_low && may_change {
            let list = self.list(frame, end)?;
            self.cuts.truncate(frame.cuts);
            self.cuts.push(Cut { range: frame.inner..end, what: What::List(list) });
            self.children.truncate(frame.children);
            return Some((true, height + 1));
        }
        let mut height = height;
        if frame.has_text && is_low && children.iter().any(|child| child.has_children) {
            self.part_from_text(frame)?;
            height += 1;
        }
        self.children.truncate(frame.children);
        Some((true, height))
    }

    /// Beside text, elements with children are nodes.
    fn part_from_text(&mut self, frame: &Frame) -> Option<()> {
        let cuts = self.cuts.split_off(frame.cuts);
        let mut cuts = cuts.into_iter().peekable();
        for index in frame.children..self.children.len() {
            let Child { range, has_children, .. } = self.children.get(index)?;
            let (range, has_children) = (range.clone(), *has_children);
            if !has_children {
                continue;
            }
            while let Some(before) = cuts.next_if(|cut| cut.range.end <= range.start) {
                self.cuts.push(before);
            }
            let mut inside = Vec::new();
            while let Some(cut) = cuts.next_if(|cut| cut.range.end <= range.end) {
                inside.push(cut);
            }
            let node = self.node(range.clone(), &inside)?;
            self.cuts.push(Cut { range, what: What::Node(node) });
        }
        self.cuts.extend(cuts);
        Some(())
    }

    /// A list of all children. Each row begins where the one before it ended, and what follows the last is a row.
    fn list(&mut self, frame: &Frame, end: usize) -> Option<u32> {
        let children = self.children.split_off(frame.children);
        let cuts = self.cuts.split_off(frame.cuts);
        let tail = children.last()?.range.end..end;
        let mut order = rows::ids(self.html, &children);
        let mut changed = Vec::with_capacity(order.len() + 1);
        for (child, id) in children.iter().zip(&order) {
            let inside = child.cuts.start - frame.cuts..child.cuts.end - frame.cuts;
            let content = self.node(child.lead..child.range.end, cuts.get(inside)?)?;
            changed.push(Row { id: *id, node: self.push_node(BARE, vec![Slot::Node(content)])? });
        }
        if !tail.is_empty() {
            let id = rows::tail(&order);
            let text = self.html.get(tail)?.to_owned();
            changed.push(Row { id, node: self.push_node(BARE, vec![Slot::Markup(text)])? });
            order.push(id);
        }
        self.count(1 + order.len());
        let lists = &mut self.parts.tree.lists;
        lists.push(Each { template: BARE, order: Some(order), changed, stream: None });
        u32::try_from(lists.len() - 1).ok()
    }

    /// A node from a part of the document and the cuts in it.
    fn node(&mut self, range: Range<usize>, cuts: &[Cut]) -> Option<u32> {
        if self.is_over {
            return Some(0);
        }
        let mut statics = Vec::with_capacity(cuts.len() + 1);
        let mut slots = Vec::with_capacity(cuts.len());
        let mut at = range.start;
        for Cut { range, what } in cuts {
            statics.push(self.html.get(at..range.start)?);
            at = range.end;
            slots.push(match what {
                What::Node(index) => Slot::Node(*index),
                What::List(index) => Slot::Each(*index),
                What::Content | What::Text | What::Value | What::Url | What::Hook => {
                    self.parts.at_least += SLOT_BYTES + range.len();
                    Slot::Markup(self.html.get(range.clone())?.to_owned())
                }
            });
        }
        statics.push(self.html.get(at..range.end)?);
        if !self.parts.derived.is(self.recent, &statics) {
            match self.parts.derived.number(&statics, self.former) {
                Some(number) => self.recent = number,
                None => self.is_over = true,
            }
        }
        self.push_node(self.recent, slots)
    }

    fn push_node(&mut self, template: u32, slots: Vec<Slot>) -> Option<u32> {
        self.count(1);
        let nodes = &mut self.parts.tree.nodes;
        nodes.push(Node { template, slots });
        u32::try_from(nodes.len() - 1).ok()
    }

    fn count(&mut self, more: usize) {
        self.count += more;
        self.is_over |= self.count > self.limits.max_nodes;
    }
}
