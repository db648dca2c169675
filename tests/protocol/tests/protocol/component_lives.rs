//! Random lives of live components: shown, moved, nested, reordered, sent events and removed, in any order.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context as _, ensure};
use hothouse_protocol_tests::{TestServer, record};
use hothouse_test_client::{Client, Socket, View};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::json;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Show(bool),
    Move,
    Root,
    Cards(Vec<u32>),
    Count(usize),
    Open(usize),
    /// The browser's first step of two, for all that it does not show.
    WillDestroy,
    /// Both of them.
    Destroy,
}

fn any_step() -> impl Strategy<Value = Step> {
    let cards = prop::sample::subsequence(vec![1, 2, 3, 4], 0..5).prop_shuffle();
    prop_oneof![
        2 => any::<bool>().prop_map(Step::Show),
        1 => Just(Step::Move),
        1 => Just(Step::Root),
        3 => cards.prop_map(Step::Cards),
        3 => (0_usize..8).prop_map(Step::Count),
        2 => (0_usize..8).prop_map(Step::Open),
        1 => Just(Step::WillDestroy),
        2 => Just(Step::Destroy),
    ]
}

/// What the view means to show.
struct Model {
    shown: bool,
    aside: bool,
    other_root: bool,
    cards: Vec<u32>,
    /// How often a card counted, and whether there is one in it; by its title, as long as it is not removed.
    states: BTreeMap<String, (u32, bool)>,
}

impl Model {
    fn card(&mut self, title: &str, out: &mut String) {
        let (count, open) = *self.states.entry(title.to_owned()).or_default();
        // Writing to a string does not fail.
        let _ = write!(out, "<section><button phx-click=\"count\">{title} {count}</button>");
        if open {
            out.push_str("<div class=\"inner\">");
            self.card(&format!("in {title}"), out);
            out.push_str("</div>");
        }
        let _ =
            write!(out, "<ol id=\"lines-{}\" phx-update=\"stream\"></ol></section>", title.replace(' ', "-"));
    }

    fn html(&mut self) -> String {
        let mut out = String::new();
        if self.other_root {
            out.push_str("<article>");
            self.card("first", &mut out);
            return out + "</article>";
        }
        out.push_str("<main>");
        if self.shown {
            let (begin, end) = if self.aside { ("<aside>", "</aside>") } else { ("<div>", "</div>") };
            out.push_str(begin);
            self.card("first", &mut out);
            out.push_str(end);
        }
        out.push_str("<ul>");
        for id in self.cards.clone() {
            let _ = write!(out, "<li id=\"row-{id}\">");
            self.card(&format!("card {id}"), &mut out);
            out.push_str("</li>");
        }
        out + "</ul></main>"
    }
}

/// The page without the numbers of components, and which title each has.
fn without_cids(html: &str) -> anyhow::Result<(String, BTreeMap<u64, String>)> {
    const BEGIN: &str = "[[&quot;push&quot;,{&quot;event&quot;:&quot;count&quot;,&quot;target&quot;:";
    let mut pieces = html.split(BEGIN);
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    let mut titles = BTreeMap::new();
    for piece in pieces {
        let (cid, rest) = piece.split_once("}]]").context("the end of a command")?;
        let text = rest.split(['>', '<']).nth(1).context("a button's text")?;
        let (title, _) = text.rsplit_once(' ').context("a title and a number")?;
        ensure!(titles.insert(cid.parse()?, title.to_owned()).is_none(), "component {cid} is there twice");
        plain.push_str("count");
        plain.push_str(rest);
    }
    Ok((plain, titles))
}

#[test]
fn random_lives_of_components_lead_to_the_page_that_they_mean() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let server = runtime.block_on(TestServer::start(&[("/", "live-components")]))?;
    let client = Client::new(server.address);
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    runner.run(&prop::collection::vec(any_step(), 1..25), |steps| {
        runtime.block_on(check(&client, &steps)).map_err(|error| TestCaseError::fail(format!("{error:#}")))
    })?;
    Ok(())
}

async fn check(client: &Client, steps: &[Step]) -> anyhow::Result<()> {
    let mut client = client.clone();
    let page = client.get("/").await?;
    let mut socket = Socket::connect(&client, &page).await?;
    let mut view = View::join(&mut socket, &client, &page).await?;
    let mut model =
        Model { shown: true, aside: false, other_root: false, cards: Vec::new(), states: BTreeMap::new() };
    let mut known: BTreeMap<u64, String> = BTreeMap::new();
    for step in steps {
        let (_, placed) = without_cids(&view.html()?)?;
        let pick = |index: usize| placed.iter().nth(index % placed.len().max(1));
        match step {
            Step::Show(shown) => {
                model.shown = *shown;
                view.click(&mut socket, "show", json!({ "shown": shown.to_string() })).await?;
            }
            Step::Move => {
                model.aside = !model.aside;
                view.click(&mut socket, "move", json!({})).await?;
            }
            Step::Root => {
                model.other_root = !model.other_root;
                view.click(&mut socket, "root", json!({})).await?;
            }
            Step::Cards(ids) => {
                model.cards.clone_from(ids);
                view.click(&mut socket, "cards", json!({ "ids": ids })).await?;
            }
            Step::Count(index) => {
                if let Some((cid, title)) = pick(*index) {
                    model.states.entry(title.clone()).or_default().0 += 1;
                    view.click_component(&mut socket, *cid, "count", json!({})).await?;
                }
            }
            Step::Open(index) => {
                if let Some((cid, title)) = pick(*index) {
                    let open = &mut model.states.entry(title.clone()).or_default().1;
                    *open = !*open;
                    view.click_component(&mut socket, *cid, "open", json!({})).await?;
                }
            }
            Step::WillDestroy => {
                let cids = view.tree.removed_components()?;
                view.say_of_components(&mut socket, "cids_will_destroy", &cids).await?;
            }
            Step::Destroy => {
                let expected = view.tree.removed_components()?;
                let removed = view.remove_components(&mut socket).await?;
                ensure!(removed == expected, "{removed:?} are removed, not {expected:?}");
                for title in removed.iter().filter_map(|cid| known.remove(cid)) {
                    model.states.remove(&title);
                }
            }
        }
        let (found, placed) = without_cids(&view.html()?)?;
        let expected = model.html();
        ensure!(found == expected, "{found} is not {expected} after {step:?}");
        known.extend(placed);
    }
    record(&view, "component-lives")
}
