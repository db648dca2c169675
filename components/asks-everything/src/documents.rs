//! Documents: a plain one, and those that a host has to refuse.

use crate::State;
use crate::bindings::hothouse::live::types::{
    ChildView, Document, Each, Failure, FailureKind, Node, RenderScope, Row, Slot, Template, Tree,
};

const PAGE: u32 = 1;
const ROW: u32 = 2;

fn statics(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|part| (*part).to_owned()).collect()
}

/// The count in a paragraph, and beside it what the document's name asks for.
pub fn render(state: &State, scope: RenderScope) -> Result<Document, Failure> {
    if let RenderScope::Components(cids) = &scope {
        return Ok(Document::Tree(crate::components::answer(&state.document, cids)));
    }
    let is_first = !state.rendered || matches!(scope, RenderScope::Everything);
    let templates = if is_first {
        vec![
            Template { id: PAGE, statics: statics(&["<main><p id=\"count\">", "</p>", "</main>"]) },
            Template { id: ROW, statics: statics(&["<i>", "</i>"]) },
        ]
    } else {
        Vec::new()
    };
    let mut tree = Tree {
        root: Slot::Node(0),
        nodes: vec![Node { template: PAGE, slots: vec![Slot::Text(state.count.to_string()), Slot::Empty] }],
        lists: Vec::new(),
        streams: Vec::new(),
        components: Vec::new(),
        children: Vec::new(),
        templates,
    };
    let row = |text: &str| Node { template: ROW, slots: vec![Slot::Text(text.to_owned())] };
    let mut extra = Slot::Empty;
    match state.document.as_str() {
        "html-count" => return Ok(Document::Html(format!("<p id=\"count\">{}</p>", state.count))),
        "html-deep" => return Ok(Document::Html("<div>".repeat(40_000))),
        "html-attributes" => {
            let attributes: String = (0..10_000).map(|number| format!(" data-a{number}=\"\"")).collect();
            return Ok(Document::Html(format!("<p{attributes}>")));
        }
        html if html.starts_with("html:") => return Ok(Document::Html(html["html:".len()..].to_owned())),
        "html" => return Ok(Document::Html("<p>plain</p>".to_owned())),
        "fail" => return Err(Failure { kind: FailureKind::Internal, message: "cannot render".to_owned() }),
        "child" => tree.children.push(ChildView {
            element: "c".to_owned(),
            view: "v".to_owned(),
            session: vec![],
            sticky: false,
        }),
        "view" => extra = Slot::View(0),
        "upload" => extra = Slot::Upload("u".to_owned()),
        "hostile-text" => extra = Slot::Text("<script>alert(\"1\" & '2')</script>".to_owned()),
        "bogus-node" => extra = Slot::Node(7),
        "bogus-template" => {
            tree.nodes.push(Node { template: 77, slots: vec![] });
            extra = Slot::Node(1);
        }
        "unused-node" => tree.nodes.push(row("lost")),
        "unchanged-everywhere" => extra = Slot::Unchanged,
        "wrong-slot-count" => {
            tree.nodes.push(Node { template: ROW, slots: vec![] });
            extra = Slot::Node(1);
        }
        "rows" => {
            tree.nodes.extend([row("a"), row("b")]);
            tree.lists.push(Each {
                template: ROW,
                order: Some(vec![1, 2]),
                changed: vec![Row { id: 1, node: 1 }, Row { id: 2, node: 2 }],
                stream_ops: None,
            });
            extra = Slot::Each(0);
        }
        "script" => tree.templates.push(Template { id: 3, statics: statics(&["<script>", "</script>"]) }),
        "long" => extra = Slot::Text("x".repeat(300 * 1024)),
        "flood" => {
            let slots = (0..100_000).map(|_| Slot::Text(String::new())).collect();
            tree.nodes.push(Node { template: ROW, slots });
            extra = Slot::Node(1);
        }
        "cycle" => {
            tree.nodes.push(Node { template: ROW, slots: vec![Slot::Node(1)] });
            extra = Slot::Node(1);
        }
        "shared" => {
            tree.nodes.extend([Node { template: ROW, slots: vec![Slot::Node(2)] }, row("shared")]);
            tree.nodes.push(Node { template: ROW, slots: vec![Slot::Node(2)] });
            extra = Slot::Node(1);
        }
        "text-root" => {
            tree.nodes.clear();
            tree.root = Slot::Text("no node".to_owned());
        }
        "same-row-twice" => {
            tree.nodes.extend([row("a"), row("b")]);
            tree.lists.push(Each {
                template: ROW,
                order: Some(vec![1, 1]),
                changed: vec![Row { id: 1, node: 1 }, Row { id: 1, node: 2 }],
                stream_ops: None,
            });
            extra = Slot::Each(0);
        }
        "row-of-nothing" => {
            tree.lists.push(Each { template: ROW, order: Some(vec![9]), changed: vec![], stream_ops: None });
            extra = Slot::Each(0);
        }
        "redefined" => tree.templates.extend([
            Template { id: 3, statics: statics(&["<i>", "</i>"]) },
            Template { id: 3, statics: statics(&["<b>", "</b>"]) },
        ]),
        "template-id" => {
            tree.templates.push(Template { id: u32::MAX, statics: statics(&["<i>", "</i>"]) });
        }
        "trap" => panic!("asked to trap while rendering"),
        "spin" => loop {
            std::hint::black_box(0);
        },
        other => extra = numbered(other, &mut tree).unwrap_or(Slot::Empty),
    }
    if let Some(slot) = tree.nodes.first_mut().and_then(|node| node.slots.get_mut(1)) {
        *slot = extra;
    }
    Ok(Document::Tree(tree))
}

/// `deep:N`: N nodes within each other. `wide:N`: a list of N rows. `text:N`: N bytes of text. `statics:HTML`: a template
/// whose slots are `{}`. `hook:NAME` and `value:TEXT`: an element with that in a slot. `attributes:MARKUP`: one with these.
fn numbered(name: &str, tree: &mut Tree) -> Option<Slot> {
    let (verb, object) = name.split_once(':')?;
    match verb {
        "stream" => return Some(crate::streams::render(object, tree)),
        "component" => return crate::components::render(object, tree),
        _ => {}
    }
    let count = object.parse::<u32>().unwrap_or(0);
    let first = u32::try_from(tree.nodes.len()).ok()?;
    match verb {
        "deep" => {
            for depth in 1..=count {
                let inner = if depth == count { Slot::Empty } else { Slot::Node(first + depth) };
                tree.nodes.push(Node { template: ROW, slots: vec![inner] });
            }
            Some(Slot::Node(first))
        }
        "wide" => {
            tree.nodes.extend((0..count).map(|_| Node { template: ROW, slots: vec![Slot::Empty] }));
            tree.lists.push(Each {
                template: ROW,
                order: Some((0..count).collect()),
                changed: (0..count).map(|id| Row { id, node: first + id }).collect(),
                stream_ops: None,
            });
            Some(Slot::Each(u32::try_from(tree.lists.len()).ok()? - 1))
        }
        "text" => Some(Slot::Text("x".repeat(usize::try_from(count).ok()?))),
        "hook" | "value" | "attributes" => {
            let (begin, end, slot) = match verb {
                "hook" => ("<p id=\"h\" phx-hook=\"", "\"></p>", Slot::Text(object.to_owned())),
                "value" => ("<p title=\"", "\"></p>", Slot::Text(object.to_owned())),
                _ => ("<p", "></p>", Slot::Markup(object.to_owned())),
            };
            tree.templates.push(Template { id: 9, statics: statics(&[begin, end]) });
            tree.nodes.push(Node { template: 9, slots: vec![slot] });
            Some(Slot::Node(first))
        }
        "statics" => {
            let parts: Vec<&str> = object.split("{}").collect();
            let slots = vec![Slot::Text("value".to_owned()); parts.len() - 1];
            tree.templates.push(Template { id: 9, statics: statics(&parts) });
            tree.nodes.push(Node { template: 9, slots });
            Some(Slot::Node(first))
        }
        _ => None,
    }
}
