//! What was typed into a form, nested as the names of its fields say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Segments of a name beyond which it is nobody's: `a[b][c]` has three.
const MAX_DEPTH: usize = 16;
/// What the client puts before the last segment of a name that nobody has used yet (protocol 5.3).
pub(super) const UNUSED: &str = "_unused_";
/// The field of a row that tells it apart, wherever it moves.
pub(super) const ROW_ID: &str = "_persistent_id";

/// One value, or what is inside of brackets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Node {
    Text(String),
    /// `tags[]`, and rows once they are known to be rows.
    List(Vec<Node>),
    /// `user[name]`.
    Map(BTreeMap<String, Node>),
}

impl Node {
    pub(super) fn empty() -> Self {
        Self::Map(BTreeMap::new())
    }

    /// The values whose names begin with that of the form, without it; all of them if it has none.
    pub(super) fn read<'a>(form: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut root = Self::empty();
        for (name, text) in pairs {
            let Some(segments) = segments(name) else { continue };
            let within = match segments.split_first() {
                _ if form.is_empty() => segments.as_slice(),
                Some((first, within)) if *first == form => within,
                _ => continue,
            };
            if !within.is_empty() {
                let place = within.iter().fold(&mut root, |node, segment| node.place(segment));
                *place = Self::Text(text.to_owned());
            }
        }
        root
    }

    /// What a form shows that begins with a value. Nothing stands for `null`.
    pub(super) fn of(value: Value) -> Option<Self> {
        Some(match value {
            Value::Null => return None,
            Value::Bool(value) => Self::Text(value.to_string()),
            Value::Number(number) => Self::Text(match number.as_f64() {
                Some(fraction) if number.is_f64() => fraction.to_string(),
                _ => number.to_string(),
            }),
            Value::String(text) => Self::Text(text),
            Value::Array(values) => Self::List(values.into_iter().filter_map(Self::of).collect()),
            Value::Object(members) => Self::Map(
                members.into_iter().filter_map(|(name, value)| Some((name, Self::of(value)?))).collect(),
            ),
        })
    }

    /// The node that a path leads to, such as `lines[0][name]`.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        segments(path)?.into_iter().try_fold(self, |node, segment| node.member(segment))
    }

    pub(super) fn member(&self, segment: &str) -> Option<&Self> {
        match self {
            Self::Text(_) => None,
            Self::List(nodes) => nodes.get(segment.parse::<usize>().ok()?),
            Self::Map(members) => members.get(segment),
        }
    }

    /// The rows at a path.
    pub(super) fn rows_mut(&mut self, path: &str) -> Option<&mut Vec<Self>> {
        let node = segments(path)?.into_iter().try_fold(self, |node, segment| match node {
            Self::Text(_) => None,
            Self::List(nodes) => nodes.get_mut(segment.parse::<usize>().ok()?),
            Self::Map(members) => members.get_mut(segment),
        })?;
        match node {
            Self::List(rows) => Some(rows),
            Self::Text(_) | Self::Map(_) => None,
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::List(_) | Self::Map(_) => "",
        }
    }

    /// What is inside of its brackets; another kind of node becomes one without anything in it.
    pub(super) fn members(&mut self) -> &mut BTreeMap<String, Self> {
        if !matches!(self, Self::Map(_)) {
            *self = Self::empty();
        }
        match self {
            Self::Map(members) => members,
            Self::Text(_) | Self::List(_) => unreachable!("it was made one"),
        }
    }

    /// Its elements. Rows with numbers for names are put in their order; a text that says something is a list of one.
    pub(super) fn elements(&mut self) -> &mut Vec<Self> {
        if !matches!(self, Self::List(_)) {
            *self = Self::List(match std::mem::replace(self, Self::empty()) {
                Self::Map(members) => numbered(members).into_values().collect(),
                Self::Text(text) if text.is_empty() => Vec::new(),
                other => vec![other],
            });
        }
        match self {
            Self::List(elements) => elements,
            Self::Text(_) | Self::Map(_) => unreachable!("it was made one"),
        }
    }

    fn place(&mut self, segment: &str) -> &mut Self {
        if !segment.is_empty() {
            return self.members().entry(segment.to_owned()).or_insert_with(|| Self::Text(String::new()));
        }
        if !matches!(self, Self::List(_)) {
            *self = Self::List(Vec::new());
        }
        let elements = self.elements();
        elements.push(Self::empty());
        match elements.last_mut() {
            Some(last) => last,
            None => unreachable!("it has just been put there"),
        }
    }

    /// Whether somebody has used the field at a path: it is there, and not marked as unused.
    pub(super) fn is_used(&self, path: &str) -> bool {
        let Some(segments) = segments(path) else { return false };
        let Some((last, parents)) = segments.split_last() else { return false };
        let parent = parents.iter().try_fold(self, |node, segment| node.member(segment));
        parent.is_some_and(|parent| {
            parent.member(last).is_some() && parent.member(&format!("{UNUSED}{last}")).is_none()
        })
    }

    /// Whether it says something else than another one. What forms add themselves, and what is empty, says nothing.
    pub(super) fn differs(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Map(members), Self::Map(others)) => {
                let said = |name: &&String| !name.starts_with('_');
                let nothing = Self::Text(String::new());
                members.keys().chain(others.keys()).filter(said).any(|name| {
                    members.get(name).unwrap_or(&nothing).differs(others.get(name).unwrap_or(&nothing))
                })
            }
            (Self::List(elements), Self::List(others)) => {
                elements.len() != others.len()
                    || elements.iter().zip(others).any(|(element, other)| element.differs(other))
            }
            (Self::Text(text), Self::Text(other)) => text != other,
            (one, other) => !(one.says_nothing() && other.says_nothing()),
        }
    }

    fn says_nothing(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(elements) => elements.is_empty(),
            Self::Map(members) => members.values().all(Self::says_nothing),
        }
    }

    /// Gives every row that has none a number of its own, and those that share one as well.
    pub(super) fn number_rows(&mut self, next: &mut u32) {
        let children: Vec<&mut Self> = match self {
            Self::Text(_) => return,
            Self::Map(members) => members.values_mut().collect(),
            Self::List(rows) => {
                let mut taken = Vec::new();
                for members in rows.iter_mut().filter_map(|row| match row {
                    Self::Map(members) => Some(members),
                    Self::Text(_) | Self::List(_) => None,
                }) {
                    let known = members.get(ROW_ID).and_then(|id| id.text().parse().ok());
                    let id =
                        known.filter(|id| *id < u32::MAX / 2 && !taken.contains(id)).unwrap_or_else(|| {
                            while taken.contains(next) {
                                *next += 1;
                            }
                            *next
                        });
                    *next = (*next).max(id + 1);
                    taken.push(id);
                    members.insert(ROW_ID.to_owned(), Self::Text(id.to_string()));
                }
                rows.iter_mut().collect()
            }
        };
        children.into_iter().for_each(|child| child.number_rows(next));
    }
}

/// Members whose names are numbers, in their order.
pub(super) fn numbered(members: BTreeMap<String, Node>) -> BTreeMap<u32, Node> {
    members.into_iter().filter_map(|(name, node)| Some((name.parse().ok()?, node))).collect()
}

/// The parts of a name: `user[lines][0]` has three, and so has `tags[]` after `tags` an empty one. None for names that are
/// not made like that.
pub(super) fn segments(name: &str) -> Option<Vec<&str>> {
    let (first, mut rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    let mut segments = vec![first];
    while !rest.is_empty() {
        let (segment, after) = rest.strip_prefix('[')?.split_once(']')?;
        segments.push(segment);
        if segments.len() > MAX_DEPTH {
            return None;
        }
        rest = after;
    }
    Some(segments)
}
