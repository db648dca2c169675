//! What a view answers: a tree, or the whole of it as HTML.

use crate::fault::Fault;
use crate::rendered::Tree;
use crate::template::Templates;

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

impl Templates {
    /// The first document decides which kind the instance answers.
    pub(crate) fn check_kind(&mut self, document: &Document) -> Result<(), Fault> {
        let (kind, other) = match document {
            Document::Tree(_) => (Kind::Tree, Fault::MixedDocuments { found: "a tree", first: "HTML" }),
            Document::Html(_) => (Kind::Html, Fault::MixedDocuments { found: "HTML", first: "a tree" }),
        };
        if *self.kind.get_or_insert(kind) == kind { Ok(()) } else { Err(other) }
    }
}

#[cfg(test)]
mod tests {
    use super::Document;
    use crate::{Fault, Interner, Limits, Policy, Templates, Tree, html};

    fn templates() -> Templates {
        Templates::new(std::sync::Arc::new(Interner::new(Policy::default())))
    }

    fn whole(html: &str) -> Document {
        Document::Html(html.to_owned())
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
        assert_eq!(clean("<p phx-hook=\"X\">"), "<p></p>");
        assert_eq!(clean("<p phx-hook=\"X\">a</p>"), "<p>a</p>");
        let command =
            |name: &str| format!(r#"[["set_attr",{{"attr":["{name}","x"]}}]]"#).replace('"', "&quot;");
        let harmless = format!("<p title=\"{}\"></p>", command("class"));
        assert_eq!(clean(&harmless), harmless);
        assert_eq!(
            clean(&format!("<p title=\"{}\"></p>", command("onclick"))),
            format!("<p title=\" {}\"></p>", command("onclick")),
        );
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
