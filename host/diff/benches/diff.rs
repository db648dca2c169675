//! What diffs cost: `cargo bench --workspace --bench diff`.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot set itself up is none")]

use std::sync::Arc;

use divan::Bencher;
use hothouse_diff::{
    Document, Each, Extras, Held, Interner, Limits, NewTemplate, Node, Policy, Row, Scope, Slot, Templates,
    Tree, compute, html,
};

fn main() {
    divan::main();
}

const ROWS: u32 = 1_000;
const COLUMNS: u32 = 5;

fn templates() -> Templates {
    Templates::new(Arc::new(Interner::new(Policy::default())))
}

fn statics(id: u32, parts: &[&str]) -> NewTemplate {
    NewTemplate { id, statics: parts.iter().map(|part| (*part).to_owned()).collect() }
}

fn counter(count: u32) -> Tree {
    Tree {
        root: Slot::Node(0),
        nodes: vec![Node { template: 1, slots: vec![Slot::Text(count.to_string())] }],
        templates: vec![statics(1, &["<p>", "</p>"])],
        ..Tree::default()
    }
}

/// The whole table; or one cell of one row, the rest unchanged.
fn table(touched: Option<u32>) -> Tree {
    let row = |row: u32| Node {
        template: 2,
        slots: (0..COLUMNS)
            .map(|column| match touched {
                Some(_) if column > 0 => Slot::Unchanged,
                Some(version) => Slot::Text(version.to_string()),
                None => Slot::Text((row * COLUMNS + column).to_string()),
            })
            .collect(),
    };
    let page = Node { template: 1, slots: vec![Slot::Each(0)] };
    let (order, rows) = match touched {
        Some(version) => (None, vec![version * 37 % ROWS]),
        None => (Some((0..ROWS).collect()), (0..ROWS).collect()),
    };
    let changed = rows.iter().zip(1..).map(|(id, node)| Row { id: *id, node }).collect();
    Tree {
        root: Slot::Node(0),
        nodes: std::iter::once(page).chain(rows.iter().copied().map(row)).collect(),
        lists: vec![Each { template: 2, order, changed, ..Each::default() }],
        templates: vec![
            statics(1, &["<table><tbody>", "</tbody></table>"]),
            statics(2, &["<tr><td>", "</td><td>", "</td><td>", "</td><td>", "</td><td>", "</td></tr>"]),
        ],
        ..Tree::default()
    }
}

/// Diff and JSON of one change after another.
fn changes(bencher: Bencher<'_, '_>, first: Tree, mut next: impl FnMut(u32) -> Tree) {
    let (limits, extras, mut templates) = (Limits::default(), Extras::default(), templates());
    let mut held = Held::default();
    compute(first, &mut templates, &mut held, Scope::Everything, &limits).unwrap();
    let mut count = 0;
    bencher
        .with_inputs(|| {
            count += 1;
            next(count)
        })
        .bench_local_values(|tree| {
            let update = compute(tree, &mut templates, &mut held, Scope::Changes, &limits).unwrap();
            update.to_json(&extras)
        });
}

#[divan::bench]
fn counter_changes(bencher: Bencher<'_, '_>) {
    changes(bencher, counter(0), |count| Tree { templates: vec![], ..counter(count) });
}

#[divan::bench]
fn one_cell_of_a_thousand_rows(bencher: Bencher<'_, '_>) {
    changes(bencher, table(None), |count| Tree { templates: vec![], ..table(Some(count)) });
}

#[divan::bench]
fn whole_table(bencher: Bencher<'_, '_>) {
    let limits = Limits::default();
    let mut templates = templates();
    bencher.with_inputs(|| table(None)).bench_local_values(|tree| {
        compute(tree, &mut templates, &mut Held::default(), Scope::Everything, &limits)
            .unwrap()
            .to_json(&Extras::default())
    });
}

#[divan::bench]
fn page_of_the_table(bencher: Bencher<'_, '_>) {
    let limits = Limits::default();
    let mut templates = templates();
    bencher
        .with_inputs(|| table(None))
        .bench_local_values(|tree| html(tree, &mut templates, &limits).unwrap());
}

/// The table as one string; a cell of it holds the version.
fn table_html(version: u32) -> String {
    let mut html = String::from("<table>\n  <tbody>\n");
    for row in 0..ROWS {
        html.push_str("    <tr>");
        for column in 0..COLUMNS {
            let value =
                if row == version * 37 % ROWS && column == 0 { version } else { row * COLUMNS + column };
            html.push_str(&format!("<td>{value}</td>"));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("  </tbody>\n</table>\n");
    html
}

#[divan::bench]
fn one_cell_of_a_table_in_plain_html(bencher: Bencher<'_, '_>) {
    let (limits, extras, mut templates) = (Limits::default(), Extras::default(), templates());
    let document = |version| Document::Html(table_html(version));
    let (mut held, mut count) = (Held::default(), 0);
    compute(document(0), &mut templates, &mut held, Scope::Everything, &limits).unwrap();
    bencher
        .with_inputs(|| {
            count += 1;
            document(count)
        })
        .bench_local_values(|html| {
            let update = compute(html, &mut templates, &mut held, Scope::Changes, &limits).unwrap();
            update.to_json(&extras)
        });
}

#[divan::bench]
fn page_of_the_table_in_plain_html(bencher: Bencher<'_, '_>) {
    let (limits, mut templates) = (Limits::default(), templates());
    bencher
        .with_inputs(|| Document::Html(table_html(0)))
        .bench_local_values(|document| html(document, &mut templates, &limits).unwrap());
}
