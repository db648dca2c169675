//! Streams of a guest: what is accepted does to a browser's rows what its operations mean, and the first page shows what a
//! browser shows after its join. An input is a view's life: operations, sound ones and mistakes.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use hothouse_diff::{
    Each, Extras, Held, Interner, Limits, NewTemplate, Node, Policy, Scope, Slot, StreamChange, StreamInsert,
    Templates, Tree, compute, html,
};

use crate::Target;
use crate::outcome::{Outcome, Verdict, magnitude, shape_of};

/// Most renders of one view.
const MAX_RENDERS: usize = 6;
/// Most operations of one kind in one of them.
const MAX_OPERATIONS: usize = 6;
const IDS: &[&str] = &["a", "b", "c", "d", "<e>", "\"f'&", "é", "", "x y", "\u{0}"];
/// How many of them are sound.
const SOUND_IDS: usize = 7;
const NAMES: &[&str] = &["s", "", "a b", "é"];
const LIST: u32 = 1;
const ROW: u32 = 2;

pub(super) const TARGET: Target = Target {
    name: "streams",
    run,
    max_bytes: 512,
    dictionary: &["\u{0}", "\u{0}\u{0}\u{0}\u{0}", "\u{1}\u{2}", "\u{7f}\u{7f}", "\u{5}\u{5}\u{5}"],
    lengths: &[16, 64, 256],
};

fn run(input: &[u8]) -> Verdict {
    let mut choices = input.iter().copied();
    let interner = Arc::new(Interner::new(Policy::default()));
    let mut templates = Templates::new(interner.clone());
    let mut browser = hothouse_test_client::Tree::default();
    let (mut held, mut rows) = (Held::default(), Vec::new());
    let mut ways = Vec::new();
    for render in 0..MAX_RENDERS {
        if render > 0 && choices.len() == 0 {
            break;
        }
        let change = change(&mut choices);
        let problem = problem_of(&change);
        let tree = document(&change);
        let page = html(tree.clone(), &mut Templates::new(interner.clone()), &Limits::default());
        match compute(tree, &mut templates, &mut held, Scope::Changes, &Limits::default()) {
            Ok(update) => {
                ensure!(problem.is_none(), "{change:?} is accepted, and {problem:?}");
                let diff = update.to_json(&Extras::default());
                let value = serde_json::from_str(&diff).with_context(|| format!("not JSON: {diff}"))?;
                browser.apply(value).with_context(|| format!("the browser cannot take {diff}"))?;
                if update.is_full() {
                    // As after a join: the browser begins anew.
                    rows.clear();
                }
                carry_out(&change, &mut rows);
                let expected = shown(&rows);
                let found = browser.html()?;
                ensure!(found == expected, "the browser shows {found}, not {expected}, after {diff}");
                let mut first = Vec::new();
                carry_out(&change, &mut first);
                let page = page.context("a page of what is accepted as a diff")?.0;
                ensure!(page == shown(&first), "the page is {page} after {change:?}");
                ways.push((true, magnitude(diff.len()), magnitude(rows.len()), change.reset.to_string()));
            }
            Err(fault) => {
                ensure!(problem.is_some(), "{change:?} is refused: {fault}");
                ensure!(page.is_err(), "{change:?} is refused as a diff only: {fault}");
                (browser, templates) =
                    (hothouse_test_client::Tree::default(), Templates::new(interner.clone()));
                rows.clear();
                ways.push((false, 0, 0, shape_of(&fault.to_string())));
            }
        }
    }
    let last = ways.iter().rev().take(2).collect::<Vec<_>>();
    let is_accepted = last.first().is_some_and(|(is_accepted, ..)| *is_accepted);
    Ok(if is_accepted { Outcome::accepted(last) } else { Outcome::refused(last) })
}

/// One of the sound ones, and now and then of all.
fn pick(from: &[&str], sound: usize, below: &mut impl FnMut(usize) -> usize) -> String {
    let among = if below(24) == 23 { from.len() } else { sound };
    from.get(below(among)).copied().unwrap_or_default().to_owned()
}

fn change(choices: &mut impl Iterator<Item = u8>) -> StreamChange {
    let mut below = |count: usize| usize::from(choices.next().unwrap_or(0)).checked_rem(count).unwrap_or(0);
    let name = pick(NAMES, 1, &mut below);
    let reset = below(8) == 7;
    let deletes: Vec<String> = (0..below(MAX_OPERATIONS)).map(|_| pick(IDS, SOUND_IDS, &mut below)).collect();
    let inserts: Vec<StreamInsert> = (0..below(MAX_OPERATIONS))
        .map(|_| StreamInsert {
            element: pick(IDS, SOUND_IDS, &mut below),
            at: i32::try_from(below(8)).unwrap_or(0) - if below(24) == 23 { 3 } else { 1 },
            limit: (below(3) == 2).then(|| i32::try_from(below(9)).unwrap_or(0) - 4),
            update_only: below(5) == 4,
            node: 0,
        })
        .collect();
    let mut change = StreamChange { name, inserts, deletes, reset };
    if below(8) != 7 {
        // Most often each id once, and no update of what goes.
        let mut seen = BTreeSet::new();
        change.deletes.retain(|id| seen.insert(id.clone()));
        seen.clear();
        let StreamChange { inserts, deletes, .. } = &mut change;
        inserts.retain(|insert| seen.insert(insert.element.clone()));
        inserts
            .iter_mut()
            .for_each(|insert| insert.update_only &= !reset && !deletes.contains(&insert.element));
    }
    change
}

/// Why a host must refuse it.
fn problem_of(change: &StreamChange) -> Option<&'static str> {
    let is_sound = |id: &str| IDS.iter().take(SOUND_IDS).any(|sound| *sound == id);
    let inserted: Vec<&str> = change.inserts.iter().map(|insert| insert.element.as_str()).collect();
    let deleted: Vec<&str> = change.deletes.iter().map(String::as_str).collect();
    let is_repeated = |ids: &[&str]| ids.iter().collect::<BTreeSet<_>>().len() < ids.len();
    if change.name != "s" {
        return Some("its name is none");
    }
    if !inserted.iter().chain(&deleted).all(|id| is_sound(id)) {
        return Some("an id is none");
    }
    if is_repeated(&inserted) || is_repeated(&deleted) {
        return Some("an id stands twice");
    }
    let goes = |insert: &StreamInsert| change.reset || deleted.contains(&insert.element.as_str());
    if change.inserts.iter().any(|insert| insert.at < -1 || (insert.update_only && goes(insert))) {
        return Some("an insert is at no place, or an update of what goes");
    }
    None
}

fn document(change: &StreamChange) -> Tree {
    let template = |id, parts: [&str; 2]| NewTemplate { id, statics: parts.map(str::to_owned).to_vec() };
    let mut change = change.clone();
    let mut nodes = vec![Node { template: LIST, slots: vec![Slot::Each(0)] }];
    for insert in &mut change.inserts {
        insert.node = u32::try_from(nodes.len()).unwrap_or(u32::MAX);
        nodes.push(Node { template: ROW, slots: vec![Slot::Text(insert.element.clone())] });
    }
    Tree {
        root: Slot::Node(0),
        nodes,
        lists: vec![Each { template: ROW, stream: Some(0), ..Each::default() }],
        streams: vec![change],
        components: Vec::new(),
        templates: vec![
            template(LIST, ["<ul id=\"l\" phx-update=\"stream\">", "</ul>"]),
            template(ROW, ["<li id=\"", "\"></li>"]),
        ],
    }
}

/// What the operations mean for a list of ids.
fn carry_out(change: &StreamChange, rows: &mut Vec<String>) {
    rows.retain(|id| !change.reset && !change.deletes.contains(id));
    for StreamInsert { element, at, limit, update_only, .. } in &change.inserts {
        if *update_only || rows.contains(element) {
            continue;
        }
        let at = usize::try_from(*at).map_or(rows.len(), |at| at.min(rows.len()));
        rows.insert(at, element.clone());
        let Some(limit) = limit else { continue };
        let kept = usize::try_from(limit.unsigned_abs()).unwrap_or(usize::MAX).min(rows.len());
        let first = if *limit < 0 { rows.len() - kept } else { 0 };
        *rows = rows.iter().skip(first).take(kept).cloned().collect();
    }
}

fn shown(rows: &[String]) -> String {
    let row = |id: &String| {
        let id = id.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        format!("<li id=\"{}\"></li>", id.replace('"', "&quot;").replace('\'', "&#39;"))
    };
    format!("<ul id=\"l\" phx-update=\"stream\">{}</ul>", rows.iter().map(row).collect::<String>())
}
