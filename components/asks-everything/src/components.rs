//! Live components that a host has to refuse, and some that it has to show.

use crate::bindings::hothouse::live::types::{ComponentEntry, Node, Slot, Template, Tree};

const CARD: u32 = 20;
const TWO_ELEMENTS: u32 = 21;

fn templates() -> Vec<Template> {
    let statics = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect();
    vec![
        Template { id: CARD, statics: statics(&["<p>", "</p>"]) },
        Template { id: TWO_ELEMENTS, statics: statics(&["<i></i><b>", "</b>"]) },
    ]
}

/// `one`, `two`: that many, each with its cid as text. `N`: the component with this cid. `many:N`: N of them. All others
/// are mistakes.
pub fn render(name: &str, tree: &mut Tree) -> Option<Slot> {
    tree.templates.extend(templates());
    let is_silent = name.strip_prefix("silent-");
    match is_silent.unwrap_or(name) {
        "twice" => {
            let twice = vec![Slot::Component(1), Slot::Component(1)];
            tree.templates
                .push(Template { id: 22, statics: vec![String::new(), "|".to_owned(), String::new()] });
            entry(tree, 1, text("x"));
            Some(node(tree, 22, twice))
        }
        "itself" => {
            entry(tree, 1, Slot::Component(1));
            Some(Slot::Component(1))
        }
        "ring" => {
            entry(tree, 1, Slot::Component(2));
            entry(tree, 2, Slot::Component(1));
            Some(Slot::Empty)
        }
        "no-entry" => Some(Slot::Component(1)),
        "unplaced" => {
            entry(tree, 1, text("x"));
            Some(Slot::Empty)
        }
        "two-entries" => {
            entry(tree, 1, text("x"));
            entry(tree, 1, text("y"));
            Some(Slot::Component(1))
        }
        "two-elements" => {
            let root = node(tree, TWO_ELEMENTS, vec![text("x")]);
            tree.components.push(ComponentEntry { cid: 1, root });
            Some(Slot::Component(1))
        }
        "unchanged" => {
            tree.components.push(ComponentEntry { cid: 1, root: Slot::Unchanged });
            Some(Slot::Component(1))
        }
        other => {
            let (first, last) = match other.split_once(':') {
                Some(("many", count)) => (1, count.parse().ok()?),
                Some(("deep", depth)) => return deep(tree, depth.parse().ok()?),
                _ => {
                    let cid = match other {
                        "one" => 1,
                        number => number.parse().ok()?,
                    };
                    (cid, cid)
                }
            };
            let mut slot = Slot::Empty;
            tree.templates
                .push(Template { id: 22, statics: vec![String::new(), String::new(), String::new()] });
            for cid in first..=last {
                // One that has come back is asked for.
                if is_silent.is_none() {
                    entry(tree, cid, text(&cid.to_string()));
                }
                slot = node(tree, 22, vec![Slot::Component(cid), slot]);
            }
            Some(slot)
        }
    }
}

/// Components in each other.
fn deep(tree: &mut Tree, depth: u32) -> Option<Slot> {
    for cid in 1..=depth {
        entry(tree, cid, if cid < depth { Slot::Component(cid + 1) } else { Slot::Empty });
    }
    Some(Slot::Component(1))
}

/// The components that were asked for; none where the document is a silent one.
pub fn answer(document: &str, cids: &[u32]) -> Tree {
    let mut tree = Tree {
        root: Slot::Unchanged,
        nodes: Vec::new(),
        lists: Vec::new(),
        streams: Vec::new(),
        components: Vec::new(),
        children: Vec::new(),
        templates: templates(),
    };
    if !document.contains("silent-") {
        cids.iter().for_each(|cid| entry(&mut tree, *cid, text(&format!("{cid} again"))));
    }
    tree
}

fn text(text: &str) -> Slot {
    Slot::Text(text.to_owned())
}

fn node(tree: &mut Tree, template: u32, slots: Vec<Slot>) -> Slot {
    tree.nodes.push(Node { template, slots });
    Slot::Node(u32::try_from(tree.nodes.len()).unwrap_or(0).saturating_sub(1))
}

fn entry(tree: &mut Tree, cid: u32, content: Slot) {
    let root = node(tree, CARD, vec![content]);
    tree.components.push(ComponentEntry { cid, root });
}
