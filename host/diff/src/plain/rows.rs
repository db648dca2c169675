//! Which children are a list, and what tells its rows apart.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;

use super::KEY;
use super::cut::Child;
use super::tags::Element;

/// Elements of one name are repetition when all have a key, or when there are so many.
const REPEATED: usize = 3;

/// Whether children look like rows.
pub(super) fn repeat(html: &str, first: &Child, others: &[Child]) -> bool {
    let name = html.get(first.name.clone());
    !matches!(first.element, Element::Inline | Element::Void)
        && others.iter().all(|child| html.get(child.name.clone()) == name)
        && (others.len() + 1 >= REPEATED || others.iter().chain([first]).all(|child| child.key.is_some()))
}

/// A number for each row: of its key, or of its element's name and how many of that name are before it. What stands
/// twice is told apart by how often it was there.
pub(super) fn ids(html: &str, children: &[Child]) -> Vec<u32> {
    let mut taken = HashSet::with_capacity(children.len());
    let mut times: HashMap<(bool, &str), u32> = HashMap::new();
    let text = |range: &std::ops::Range<usize>| html.get(range.clone()).unwrap_or_default();
    children
        .iter()
        .map(|child| {
            let (is_key, name) = match &child.key {
                Some(key) => (true, text(key)),
                None => (false, text(&child.name)),
            };
            loop {
                let time = times.entry((is_key, name)).or_insert(0);
                let id = hash((is_key, name, *time));
                *time += 1;
                if taken.insert(id) {
                    return id;
                }
            }
        })
        .collect()
}

/// The number of what follows the last row.
pub(super) fn tail(taken: &[u32]) -> u32 {
    let mut id = 0;
    while taken.contains(&id) {
        id += 1;
    }
    id
}

fn hash(what: (bool, &str, u32)) -> u32 {
    let hash = KEY.hash_one(what);
    u32::try_from(hash >> 32).unwrap_or(0)
}
