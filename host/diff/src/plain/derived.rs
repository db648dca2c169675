//! Templates that were found in a document: the instance's alone, known by their literal parts, and forgotten when the
//! next document does not have them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::sync::Arc;

use super::{BARE_TEMPLATE, KEY};
use crate::template::Template;

/// Different templates of one document. What has more is sent whole.
const MAX_TEMPLATES: usize = 2_048;

/// The templates of one document, by their numbers in it.
#[derive(Debug)]
pub(crate) struct Derived {
    templates: Vec<Arc<Template>>,
    by_hash: HashMap<u64, u32>,
}

impl Default for Derived {
    fn default() -> Self {
        Self { templates: vec![BARE_TEMPLATE.clone()], by_hash: HashMap::new() }
    }
}

impl Derived {
    /// By their numbers.
    pub(crate) fn defined(&self) -> Vec<Option<Arc<Template>>> {
        self.templates.iter().cloned().map(Some).collect()
    }

    /// Whether a template has these literal parts.
    pub(super) fn is(&self, number: u32, statics: &[&str]) -> bool {
        self.get(number).is_some_and(|template| has(template, statics))
    }

    /// The number of the template with these literal parts, the one of the `former` document if it had them. `None` when
    /// there are too many.
    pub(super) fn number(&mut self, statics: &[&str], former: &Self) -> Option<u32> {
        let mut hasher = KEY.build_hasher();
        statics.iter().for_each(|part| part.hash(&mut hasher));
        let entry = self.by_hash.entry(hasher.finish());
        if let Entry::Occupied(known) = &entry {
            // Two texts with one hash: the second one is a template without a place in the table.
            if self.templates.get(index(*known.get())).is_some_and(|template| has(template, statics)) {
                return Some(*known.get());
            }
        }
        if self.templates.len() >= MAX_TEMPLATES {
            return None;
        }
        let number = u32::try_from(self.templates.len()).ok()?;
        let known = former.by_hash.get(entry.key()).and_then(|number| former.get(*number));
        let template = match known.filter(|template| has(template, statics)) {
            Some(known) => known.clone(),
            None => Arc::new(Template::derived(statics)),
        };
        self.templates.push(template);
        entry.or_insert(number);
        Some(number)
    }

    fn get(&self, number: u32) -> Option<&Arc<Template>> {
        self.templates.get(index(number))
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn has(template: &Template, statics: &[&str]) -> bool {
    template.statics().len() == statics.len()
        && template.statics().iter().zip(statics).all(|(known, part)| **known == **part)
}
