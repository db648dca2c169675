//! What a view answers: a tree, or the whole of it as HTML, which becomes the one slot of a template of ours.

use std::sync::{Arc, LazyLock};

use crate::arena::Limits;
use crate::fault::Fault;
use crate::policy::{self, Policy};
use crate::rendered::{Node, Slot, Tree};
use crate::template::{Template, Templates};

/// A document, as it came over the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Templates and slots.
    Tree(Tree),
    /// The whole view.
    Html(String),
}

impl From<Tree> for Document {
    fn from(tree: Tree) -> Self {
        Self::Tree(tree)
    }
}

/// Which of the two an instance answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Tree,
    Html,
}

/// The number of the one template of an instance that answers HTML.
const WHOLE: u32 = 0;

/// What it holds was cleaned as a document, which may have forms and bindings; as a value of markup it would lose them.
static WHOLE_TEMPLATE: LazyLock<Option<Arc<Template>>> = LazyLock::new(|| {
    let nothing_around = vec![String::new(), String::new()];
    Template::parse(nothing_around, Policy { raw_markup: true }).ok().map(Arc::new)
});

impl Templates {
    /// The tree of a document. The first one decides which kind the instance answers.
    pub(crate) fn tree(&mut self, document: Document, limits: &Limits) -> Result<Tree, Fault> {
        let (kind, other) = match document {
            Document::Tree(_) => (Kind::Tree, Fault::MixedDocuments { found: "a tree", first: "HTML" }),
            Document::Html(_) => (Kind::Html, Fault::MixedDocuments { found: "HTML", first: "a tree" }),
        };
        if *self.kind.get_or_insert(kind) != kind {
            return Err(other);
        }
        match document {
            Document::Tree(tree) => Ok(tree),
            // What could not be sent is not even parsed.
            Document::Html(html) if html.len() > limits.max_full_bytes => {
                Err(Fault::TooLarge { what: "full render", limit: limits.max_full_bytes })
            }
            Document::Html(html) => {
                let html = if self.policy().raw_markup { html } else { policy::cleaned_document(&html) };
                self.defined = vec![WHOLE_TEMPLATE.clone()];
                Ok(Tree {
                    root: Slot::Node(0),
                    nodes: vec![Node { template: WHOLE, slots: vec![Slot::Markup(html)] }],
                    ..Tree::default()
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Document;
    use crate::{Extras, Fault, Held, Interner, Limits, Policy, Scope, Templates, Tree, compute, html};

    fn templates() -> Templates {
        Templates::new(std::sync::Arc::new(Interner::new(Policy::default())))
    }

    fn whole(html: &str) -> Document {
        Document::Html(html.to_owned())
    }

    #[test]
    fn html_is_sent_whole_when_it_differs() {
        let (mut templates, mut held, limits) = (templates(), Held::default(), Limits::default());
        let update =
            compute(whole("<p>1</p>"), &mut templates, &mut held, Scope::Everything, &limits).unwrap();
        assert_eq!(update.to_json(&Extras::default()), r#"{"0":"<p>1</p>","s":["",""]}"#);
        let update = compute(whole("<p>1</p>"), &mut templates, &mut held, Scope::Changes, &limits).unwrap();
        assert!(update.is_empty());
        let update = compute(whole("<p>2</p>"), &mut templates, &mut held, Scope::Changes, &limits).unwrap();
        assert_eq!(update.to_json(&Extras::default()), r#"{"0":"<p>2</p>"}"#);
    }

    #[test]
    fn html_keeps_its_forms_and_bindings_and_loses_its_teeth() {
        let clean = |markup: &str| html(whole(markup), &mut templates(), &Limits::default()).unwrap().0;
        for kept in [
            r#"<button phx-click="add" phx-value-id="3" aria-label="+">+</button>"#,
            r#"<form phx-change="rename"><input name="name" value="a &amp; b"></form>"#,
            r#"<a href="/there">x</a>"#,
            r#"<svg viewBox="0 0 9 9"><path d="M0 0"></path></svg>"#,
        ] {
            assert_eq!(clean(kept), kept);
        }
        assert_eq!(clean("<p onclick=\"x\" style=\"y\">text</p><script>alert(1)</script>"), "<p>text</p>");
        assert_eq!(clean("<p phx-hook=\"X\" data-phx-session=\"x\" data-x=\"1\">"), "<p data-x=\"1\"></p>");
        for script in ["<a href=\"javascript:x\">y</a>", "<form action=\"java&#115;cript:x\"></form>"] {
            assert!(!clean(script).contains("script"), "{script}");
        }
    }

    #[test]
    fn an_instance_answers_one_kind_of_document() {
        let (mut templates, limits) = (templates(), Limits::default());
        html(whole("<p>1</p>"), &mut templates, &limits).unwrap();
        let fault = html(Tree::default(), &mut templates, &limits).unwrap_err();
        assert_eq!(fault, Fault::MixedDocuments { found: "a tree", first: "HTML" });
        html(whole("<p>2</p>"), &mut templates, &limits).unwrap();
    }
}
