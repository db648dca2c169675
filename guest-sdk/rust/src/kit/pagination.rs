//! From page to page of something long.

use super::{Glyph, Icon};
use crate::prelude::*;

/// Numbers and gaps that are shown at most.
const ENTRIES: usize = 7;

/// Where a page of a [`Pagination`] is: an address that the view answers, or commands.
#[derive(Debug, Clone)]
pub enum PageLink {
    /// A link that stays in the view, whose `handle_params` is told of the address.
    Patch(String),
    /// A button with commands, such as an event for the view.
    Commands(JS),
}

impl From<Address> for PageLink {
    fn from(address: Address) -> Self {
        Self::Patch(address.as_str().to_owned())
    }
}

impl From<String> for PageLink {
    fn from(address: String) -> Self {
        Self::Patch(address)
    }
}

impl<Last> From<JS<Last>> for PageLink {
    fn from(commands: JS<Last>) -> Self {
        Self::Commands(commands.done())
    }
}

/// Links to the pages of something long: the one before, the first, those around, the last, the next. However many
/// there are, seven places are shown at most.
///
/// ```
/// use hothouse_sdk::kit::Pagination;
/// use hothouse_sdk::prelude::*;
///
/// fn links(page: usize, pages: usize) -> Html {
///     html! {
///         <Pagination page={page} pages={pages} to={|page| Address::new("/plants").query("page", page)}/>
///         <Pagination
///             label="Pages of the log"
///             page={page}
///             pages={pages}
///             to={|page| JS::new().push("turn").value(json!({ "page": page }))}
///         />
///     }
/// }
/// ```
///
/// Renders `<nav class="hh-pagination">` with a list of links, or of buttons; hidden when there is one page alone.
/// Everything that elements have is passed on.
///
/// Accessibility: a landmark with a name, links that say "Page 3", `aria-current="page"` at the one that is shown. The focus
/// stays on the place that was pressed, whatever stands there then: where there is nothing before or behind, the link is
/// there and says `aria-disabled`.
#[component]
pub fn Pagination<L: Into<PageLink>, F: Fn(usize) -> L>(
    /// The page that is shown, from 1.
    page: usize,
    /// How many pages there are.
    pages: usize,
    /// Where a page is: an [`Address`] makes a link, [`JS`] a button.
    to: F,
    /// Its name.
    #[prop(default = "Pages")]
    label: &str,
    /// What stands before a number for those who do not see where it is.
    #[prop(default = "Page")]
    page_label: &str,
    /// The name of the link to the page before.
    #[prop(default = "Previous page")]
    previous_label: &str,
    /// The name of the link to the next page.
    #[prop(default = "Next page")]
    next_label: &str,
    #[prop(rest)] rest: Attrs,
) -> Html {
    let pages = pages.max(1);
    let page = page.clamp(1, pages);
    html! {
        <nav class="hh-pagination" aria-label={label} hidden={pages == 1} {..rest}>
            <ul>
                <li>
                    <Leaf link={to(page.saturating_sub(1).max(1)).into()} label={previous_label} off={page == 1}>
                        <Icon glyph={Glyph::ChevronLeft}/>
                    </Leaf>
                </li>
                // Around the choice: an item that comes anew would move those behind it, and the focus would be lost.
                for entry in entries(page, pages) {
                    <li class?={entry.is_none().then_some("hh-pagination-gap")}>
                        match entry {
                            Some(number) => {
                                <Leaf
                                    link={to(number).into()}
                                    label={format!("{page_label} {number}")}
                                    current={number == page}
                                >
                                    {number}
                                </Leaf>
                            }
                            None => { "…" }
                        }
                    </li>
                }
                <li>
                    <Leaf link={to(page.saturating_add(1).min(pages)).into()} label={next_label} off={page == pages}>
                        <Icon glyph={Glyph::ChevronRight}/>
                    </Leaf>
                </li>
            </ul>
        </nav>
    }
}

/// One of the links. Its element is the same wherever it leads, and has no id: so it stays in its place and keeps the focus.
#[component]
fn Leaf(
    link: PageLink,
    label: String,
    #[prop(default)] current: bool,
    /// It leads nowhere.
    #[prop(default)]
    off: bool,
    children: Slot,
) -> Html {
    let on = !off;
    html! {
        match &link {
            PageLink::Patch(to) => {
                <a
                    href?={on.then_some(to)}
                    data-phx-link?={on.then_some("patch")}
                    data-phx-link-state?={on.then_some("push")}
                    role?={off.then_some("link")}
                    tabindex?={off.then_some("0")}
                    aria-label={label}
                    aria-current?={current.then_some("page")}
                    aria-disabled?={off.then_some("true")}
                >
                    {render_slot(children)}
                </a>
            }
            PageLink::Commands(commands) => {
                <button
                    type="button"
                    phx-click?={on.then_some(commands)}
                    aria-label={label}
                    aria-current?={current.then_some("page")}
                    aria-disabled?={off.then_some("true")}
                >
                    {render_slot(children)}
                </button>
            }
        }
    }
}

/// The numbers to show, and gaps: all of them, or seven places, of which the first and the last are the ends.
fn entries(page: usize, pages: usize) -> Vec<Option<usize>> {
    const NEAR: usize = ENTRIES - 2;
    if pages <= ENTRIES {
        return (1..=pages).map(Some).collect();
    }
    let all = |numbers: std::ops::RangeInclusive<usize>| numbers.map(Some);
    if page < NEAR {
        return all(1..=NEAR).chain([None, Some(pages)]).collect();
    }
    if page > pages - NEAR + 1 {
        return [Some(1), None].into_iter().chain(all(pages - NEAR + 1..=pages)).collect();
    }
    [Some(1), None].into_iter().chain(all(page - 1..=page + 1)).chain([None, Some(pages)]).collect()
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES, entries};

    fn shown(page: usize, pages: usize) -> String {
        let text = |entry: Option<usize>| entry.map_or_else(|| "…".to_owned(), |number| number.to_string());
        entries(page, pages).into_iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_ends_and_what_is_near_are_shown_and_gaps_between() {
        assert_eq!(shown(1, 1), "1");
        assert_eq!(shown(3, 7), "1 2 3 4 5 6 7");
        assert_eq!(shown(1, 8), "1 2 3 4 5 … 8");
        assert_eq!(shown(4, 8), "1 2 3 4 5 … 8");
        assert_eq!(shown(5, 8), "1 … 4 5 6 7 8");
        assert_eq!(shown(5, 9), "1 … 4 5 6 … 9");
        assert_eq!(shown(6, 9), "1 … 5 6 7 8 9");
        assert_eq!(shown(9, 9), "1 … 5 6 7 8 9");
    }

    #[test]
    fn however_many_pages_there_are_seven_places_hold_them() {
        for page in [1, 2, 4, 5, 1_000_000, usize::MAX / 2, usize::MAX - 4, usize::MAX - 1, usize::MAX] {
            let shown = entries(page, usize::MAX);
            assert_eq!(shown.len(), ENTRIES);
            assert!(
                shown.contains(&Some(page)) && shown.contains(&Some(1)) && shown.contains(&Some(usize::MAX))
            );
        }
        assert_eq!(
            entries(1, usize::MAX),
            [Some(1), Some(2), Some(3), Some(4), Some(5), None, Some(usize::MAX)]
        );
    }
}
