//! Templates: literal parts that were checked, shared by all instances of a component.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::context::Context;
use crate::document::Kind;
use crate::encode::push_json_string;
use crate::fault::{Fault, TemplateProblem};
use crate::plain::Derived;
use crate::policy::{self, Policy};
use crate::scan::{Scanned, scan};

/// Templates of one component, and ids of one instance.
const MAX_TEMPLATES: usize = 2_048;
/// Bytes of all templates of one component.
const MAX_TEMPLATE_BYTES: usize = 4 * 1024 * 1024;

/// Checked literal parts with the context of each slot. Two are the same template exactly when they are the same
/// allocation: they come from one [`Interner`].
pub struct Template {
    statics: Box<[Box<str>]>,
    /// The literal parts as a JSON array, as the wire has them.
    json: Box<str>,
    contexts: Box<[Context]>,
    is_single_element: bool,
    is_component: bool,
    id_slot: Option<usize>,
    policy: Policy,
}

impl Template {
    pub(crate) fn parse(statics: Vec<String>, policy: Policy) -> Result<Self, TemplateProblem> {
        if statics.is_empty() {
            return Err(TemplateProblem { part: 0, message: "there are no literal parts".to_owned() });
        }
        let Scanned { contexts, is_single_element, is_component, id_slot } = scan(&statics, &policy)?;
        Ok(Self {
            json: json(&statics).into(),
            statics: statics.into_iter().map(String::into_boxed_str).collect(),
            contexts: contexts.into(),
            is_single_element,
            is_component,
            id_slot,
            policy,
        })
    }

    /// From literal parts that were found in a document of HTML: the values between them are parts of it as well.
    pub(crate) fn derived(statics: &[&str]) -> Self {
        Self {
            json: json(statics).into(),
            statics: statics.iter().map(|part| Box::from(*part)).collect(),
            contexts: vec![Context::Found; statics.len().saturating_sub(1)].into(),
            is_single_element: false,
            is_component: false,
            id_slot: None,
            policy: Policy::default(),
        }
    }

    /// The literal parts: one more than there are slots.
    pub fn statics(&self) -> &[Box<str>] {
        &self.statics
    }

    /// How many slots there are.
    pub fn slot_count(&self) -> usize {
        self.contexts.len()
    }

    pub(crate) fn contexts(&self) -> &[Context] {
        &self.contexts
    }

    pub(crate) fn json(&self) -> &str {
        &self.json
    }

    pub(crate) fn is_single_element(&self) -> bool {
        self.is_single_element
    }

    /// Whether a live component may be this one element.
    pub(crate) fn is_component(&self) -> bool {
        self.is_component
    }

    /// The slot that is the whole id of the one element which the template is, if there is such a slot.
    pub(crate) fn id_slot(&self) -> Option<usize> {
        self.id_slot
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    fn bytes(&self) -> usize {
        self.json.len()
    }
}

/// Literal parts as a JSON array.
fn json(statics: &[impl AsRef<str>]) -> String {
    let mut json = String::from("[");
    for (index, part) in statics.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        push_json_string(&mut json, part.as_ref());
    }
    json.push(']');
    json
}

impl fmt::Debug for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Template").field("statics", &self.statics).finish_non_exhaustive()
    }
}

/// The templates of one component, by content. Shared by its instances; bounded.
#[derive(Debug)]
pub struct Interner {
    policy: Policy,
    /// What cleans documents of HTML by the policy, once one has to be cleaned.
    cleaner: OnceLock<ammonia::Builder<'static>>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    templates: HashMap<Vec<String>, Arc<Template>>,
    bytes: usize,
}

impl Interner {
    /// An interner for a component with this grant.
    pub fn new(policy: Policy) -> Self {
        Self { policy, cleaner: OnceLock::new(), known: Mutex::default() }
    }

    fn intern(&self, id: u32, statics: Vec<String>) -> Result<Arc<Template>, Fault> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(template) = known.templates.get(&statics) {
            return Ok(template.clone());
        }
        let bytes: usize = statics.iter().map(String::len).sum();
        if known.templates.len() >= MAX_TEMPLATES {
            return Err(Fault::TooManyTemplates { what: "count", limit: MAX_TEMPLATES });
        }
        if known.bytes + bytes > MAX_TEMPLATE_BYTES {
            return Err(Fault::TooManyTemplates { what: "bytes", limit: MAX_TEMPLATE_BYTES });
        }
        let template = Template::parse(statics.clone(), self.policy.clone())
            .map_err(|problem| Fault::Template { template: id, problem })?;
        known.bytes += template.bytes();
        let template = Arc::new(template);
        known.templates.insert(statics, template.clone());
        Ok(template)
    }
}

/// The templates that one instance has defined, by its own numbers.
#[derive(Debug)]
pub struct Templates {
    interner: Arc<Interner>,
    defined: Vec<Option<Arc<Template>>>,
    /// What the instance answers, once it has answered.
    pub(crate) kind: Option<Kind>,
    /// What was found in its last document of HTML.
    pub(crate) derived: Derived,
    /// The hash of that document, if it was accepted.
    pub(crate) last_html: Option<u64>,
}

impl Templates {
    /// None yet.
    pub fn new(interner: Arc<Interner>) -> Self {
        Self { interner, defined: Vec::new(), kind: None, derived: Derived::default(), last_html: None }
    }

    /// The component's grant.
    pub fn policy(&self) -> &Policy {
        &self.interner.policy
    }

    /// A whole document of HTML, with everything taken out that the policy does not have.
    pub(crate) fn cleaned(&self, html: &str) -> String {
        let policy = &self.interner.policy;
        self.interner.cleaner.get_or_init(|| policy::document_cleaner(policy)).clean(html).to_string()
    }

    /// Takes the templates of a document of HTML in place of those of the last one. They are not the component's.
    pub(crate) fn derive(&mut self, derived: Derived) {
        self.defined = derived.defined();
        self.derived = derived;
    }

    pub(crate) fn define(&mut self, id: u32, statics: Vec<String>) -> Result<(), Fault> {
        let index = usize::try_from(id).unwrap_or(usize::MAX);
        if index >= MAX_TEMPLATES {
            return Err(Fault::TemplateId {
                template: id,
                limit: u32::try_from(MAX_TEMPLATES).unwrap_or(0) - 1,
            });
        }
        let template = self.interner.intern(id, statics)?;
        if self.defined.len() <= index {
            self.defined.resize(index + 1, None);
        }
        match self.defined.get_mut(index) {
            Some(Some(defined)) if !Arc::ptr_eq(defined, &template) => {
                Err(Fault::TemplateRedefined { template: id })
            }
            Some(place) => {
                *place = Some(template);
                Ok(())
            }
            None => Ok(()),
        }
    }

    pub(crate) fn get(&self, id: u32) -> Result<&Arc<Template>, Fault> {
        usize::try_from(id)
            .ok()
            .and_then(|index| self.defined.get(index)?.as_ref())
            .ok_or(Fault::TemplateUnknown { template: id })
    }
}
