//! What stands beside the plants: tooltips, pages and messages.

use hothouse_sdk::kit::{Button, Glyph, Icon, Pagination, Side, Tooltip, Variant};
use hothouse_sdk::prelude::*;

use crate::BenchEvent;

/// Pages of the catalogue.
pub(crate) const PAGES: usize = 40;
/// Sheets of the log.
pub(crate) const SHEETS: usize = 3;

/// Buttons that say more than what is on them.
#[component]
pub(crate) fn Tooltips() -> Html {
    html! {
        <section aria-labelledby="tooltips">
            <h2 id="tooltips">"Tooltips"</h2>
            <p class="row">
                <Tooltip id="mist" text="A fine spray, for ferns and moss" :let={about}>
                    <Button variant={Variant::Quiet} aria-label="Mist" {..about}><Icon glyph={Glyph::Drop}/></Button>
                </Tooltip>
                <Tooltip id="shade" text="Half shade until noon" side={Side::Below} :let={about}>
                    <Button variant={Variant::Quiet} aria-label="Light" {..about}><Icon glyph={Glyph::Sun}/></Button>
                </Tooltip>
                <Tooltip id="prune" text="Not before spring" side={Side::Behind} :let={about}>
                    <Button variant={Variant::Quiet} aria-label="Prune" {..about}><Icon glyph={Glyph::Leaf}/></Button>
                </Tooltip>
            </p>
        </section>
    }
}

/// Pages that are addresses, and pages that are events.
#[component]
pub(crate) fn Pages(page: usize, sheet: usize) -> Html {
    html! {
        <section aria-labelledby="paged">
            <h2 id="paged">"Pages"</h2>
            <p id="page" class="soft">"Page " {page} " of the catalogue, sheet " {sheet} " of the log."</p>
            <div class="row pages">
                <Pagination
                    id="catalogue"
                    label="Pages of the catalogue"
                    page={page}
                    pages={PAGES}
                    to={|page| Address::new("/kit").query("page", page)}
                />
                <Pagination
                    id="log"
                    label="Sheets of the log"
                    page_label="Sheet"
                    previous_label="Previous sheet"
                    next_label="Next sheet"
                    page={sheet}
                    pages={SHEETS}
                    to={|sheet| JS::new().push(BenchEvent::TURN).value(json!({ "sheet": sheet }))}
                />
            </div>
        </section>
    }
}

/// Buttons that have the view say something.
#[component]
pub(crate) fn Messages() -> Html {
    html! {
        <section aria-labelledby="messages">
            <h2 id="messages">"Messages"</h2>
            <p class="row">
                for kind in ["info", "success", "warning", "error"] {
                    <Button phx-click={BenchEvent::SAY} phx-value-kind={kind}>{kind}</Button>
                }
            </p>
        </section>
    }
}
