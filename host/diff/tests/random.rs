//! Random pages and random edits: merging what is sent gives the page that a full render gives.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use hothouse_diff::{
    Each, Extras, Held, Interner, Limits, NewTemplate, Node, Policy, Row, Scope, Slot, Templates, Tree,
    compute, html,
};
use proptest::prelude::*;

mod client;

use client::Client;

/// What a view shows at a place.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Text(String),
    Nothing,
    /// A node of one of the templates, its slots filled.
    Node(usize, Vec<Shown>),
    /// Keyed rows, all of one template.
    Rows(usize, Vec<(u32, Vec<Shown>)>),
}

/// Templates by number: their literal parts.
const TEMPLATES: [&[&str]; 4] =
    [&["<main>", "", "</main>"], &["<p title=\"", "\">", "</p>"], &["<b>", "</b>"], &["<i>x</i>", ""]];

fn id(template: usize) -> u32 {
    u32::try_from(template).unwrap() + 1
}

/// Slots of a template: an attribute takes text alone.
fn slots(template: usize, depth: u32) -> BoxedStrategy<Vec<Shown>> {
    let text = || "[a-z<&\"é]{0,3}".prop_map(Shown::Text);
    match template {
        1 => (text(), shown(depth)).prop_map(|(title, content)| vec![title, content]).boxed(),
        0 => (shown(depth), shown(depth)).prop_map(|(first, second)| vec![first, second]).boxed(),
        _ => shown(depth).prop_map(|content| vec![content]).boxed(),
    }
}

fn shown(depth: u32) -> BoxedStrategy<Shown> {
    let leaf = prop_oneof![3 => "[a-z<&\"é]{0,3}".prop_map(Shown::Text), 1 => Just(Shown::Nothing)];
    if depth == 0 {
        return leaf.boxed();
    }
    let node = (1_usize..4).prop_flat_map(move |template| {
        slots(template, depth - 1).prop_map(move |slots| Shown::Node(template, slots))
    });
    let rows = (1_usize..4).prop_flat_map(move |template| {
        prop::collection::btree_map(0_u32..6, slots(template, depth - 1), 0..5)
            .prop_map(|rows| rows.into_iter().collect::<Vec<_>>())
            .prop_shuffle()
            .prop_map(move |rows| Shown::Rows(template, rows))
    });
    prop_oneof![2 => leaf, 2 => node, 2 => rows].boxed()
}

fn page() -> impl Strategy<Value = Vec<Shown>> {
    slots(0, 3)
}

/// Builds documents; says `unchanged` where `former` shows the same and `lazily` says so.
struct Builder {
    tree: Tree,
    lazily: Vec<bool>,
    asked: usize,
}

impl Builder {
    fn build(page: &[Shown], former: Option<&[Shown]>, lazily: Vec<bool>) -> Tree {
        let templates = TEMPLATES.iter().enumerate().map(|(number, parts)| NewTemplate {
            id: id(number),
            statics: parts.iter().map(|part| (*part).to_owned()).collect(),
        });
        let tree = Tree { templates: templates.collect(), ..Tree::default() };
        let mut builder = Self { tree, lazily, asked: 0 };
        let root = builder.node(0, page, former);
        builder.tree.root = Slot::Node(root);
        builder.tree
    }

    fn is_lazy(&mut self) -> bool {
        self.asked += 1;
        self.lazily.get(self.asked % self.lazily.len().max(1)).copied().unwrap_or(false)
    }

    fn node(&mut self, template: usize, slots: &[Shown], former: Option<&[Shown]>) -> u32 {
        let slots = slots
            .iter()
            .enumerate()
            .map(|(index, shown)| self.slot(shown, former.and_then(|former| former.get(index))))
            .collect();
        self.tree.nodes.push(Node { template: id(template), slots });
        u32::try_from(self.tree.nodes.len()).unwrap() - 1
    }

    fn slot(&mut self, shown: &Shown, former: Option<&Shown>) -> Slot {
        if former == Some(shown) && self.is_lazy() {
            return Slot::Unchanged;
        }
        match shown {
            Shown::Text(text) => Slot::Text(text.clone()),
            Shown::Nothing => Slot::Empty,
            Shown::Node(template, slots) => {
                let former = match former {
                    Some(Shown::Node(before, slots)) if before == template => Some(slots.as_slice()),
                    _ => None,
                };
                Slot::Node(self.node(*template, slots, former))
            }
            Shown::Rows(template, rows) => {
                let before = match former {
                    // A list that shows no rows may hold nothing at all.
                    Some(Shown::Rows(before, former)) if before == template && !former.is_empty() => {
                        former.as_slice()
                    }
                    _ => &[],
                };
                let mut changed = Vec::new();
                for (row, slots) in rows {
                    let former = before.iter().find(|(id, _)| id == row).map(|(_, slots)| slots.as_slice());
                    if former == Some(slots) && self.is_lazy() {
                        continue;
                    }
                    changed.push(Row { id: *row, node: self.node(*template, slots, former) });
                }
                let order: Vec<u32> = rows.iter().map(|(id, _)| *id).collect();
                let same = !before.is_empty() && before.iter().map(|(id, _)| *id).eq(order.iter().copied());
                let order = (!(same && self.is_lazy())).then_some(order);
                self.tree.lists.push(Each { template: id(*template), order, changed, ..Each::default() });
                Slot::Each(u32::try_from(self.tree.lists.len()).unwrap() - 1)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn merging_what_is_sent_gives_the_page_of_a_full_render(
        pages in prop::collection::vec(page(), 1..6),
        lazily in prop::collection::vec(any::<bool>(), 1..7),
    ) {
        let limits = Limits::default();
        let interner = Arc::new(Interner::new(Policy::default()));
        let mut templates = Templates::new(interner.clone());
        let (mut client, mut held, mut former) = (Client::default(), Held::default(), None::<Vec<Shown>>);
        for page in &pages {
            let tree = Builder::build(page, former.as_deref(), lazily.clone());
            let update = compute(tree, &mut templates, &mut held, Scope::Changes, &limits).unwrap();
            let diff = update.to_json(&Extras::default());
            client.apply(serde_json::from_str(&diff).unwrap());

            let whole = Builder::build(page, None, vec![false]);
            let (expected, _) = html(whole.clone(), &mut Templates::new(interner.clone()), &limits).unwrap();
            prop_assert_eq!(client.html(), expected, "after {}", diff);

            let mut nothing = Templates::new(interner.clone());
            let full = compute(whole.clone(), &mut nothing, &mut Held::default(), Scope::Everything, &limits);
            let full = full.unwrap().to_json(&Extras::default());
            prop_assert!(diff.len() <= full.len(), "{} is more than {}", diff, full);

            // Rendering everything again changes nothing, and sends nothing.
            let again = compute(whole, &mut templates, &mut held, Scope::Everything, &limits).unwrap();
            prop_assert!(again.is_empty(), "{}", again.to_json(&Extras::default()));
            former = Some(page.clone());
        }
    }
}
