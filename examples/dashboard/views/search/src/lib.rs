//! A search that answers while one types: a combobox as the ARIA authoring practices have it. The view finds, the hook
//! sees to the keys.

use hothouse_sdk::kit::Link;
use hothouse_sdk::prelude::*;

mod plants;

use plants::PLANTS;

/// Entries that are offered at once.
const OFFERED: usize = 8;

struct Search {
    query: Assign<String>,
    /// Numbers of plants.
    found: Assign<Vec<usize>>,
    count: Assign<usize>,
    chosen: Assign<Option<usize>>,
}

#[derive(Debug, Event)]
enum SearchEvent {
    Search {
        query: String,
    },
    /// From the hook.
    Choose {
        plant: usize,
    },
}

impl LiveView for Search {
    type Event = SearchEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Search");
        Ok(Self {
            query: String::new().into(),
            found: Vec::new().into(),
            count: 0.into(),
            chosen: None.into(),
        })
    }

    fn handle_event(&mut self, event: SearchEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            SearchEvent::Search { query } => {
                let wanted = query.trim().to_lowercase();
                let found: Vec<usize> = (0..PLANTS.len())
                    .filter(|index| !wanted.is_empty() && is_like(*index, &wanted))
                    .collect();
                self.count.set(found.len());
                self.found.set(found.into_iter().take(OFFERED).collect());
                self.query.set(query);
            }
            SearchEvent::Choose { plant } => {
                if plant >= PLANTS.len() {
                    return Err(Failure::not_found("There is no such plant."));
                }
                self.chosen.set(Some(plant));
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <nav class="row" aria-label="Dashboard">
                    <Link navigate="/">"Chart"</Link>
                    <Link navigate="/board">"Board"</Link>
                    <Link navigate="/search" aria-current="page">"Search"</Link>
                </nav>
                <h1>"Search"</h1>
                <form id="search" class="combobox" phx-change={SearchEvent::SEARCH} phx-hook="Combobox" data-query={self.query}>
                    <label for="query">"Plant"</label>
                    <input
                        id="query"
                        name="query"
                        type="text"
                        role="combobox"
                        aria-autocomplete="list"
                        aria-controls="offered"
                        aria-expanded="false"
                        autocomplete="off"
                        phx-debounce="150"
                        phx-mounted={JS::new().ignore_attrs("aria-expanded aria-activedescendant")}
                    >
                    <ul id="offered" role="listbox" aria-label="Plants" hidden phx-mounted={JS::new().ignore_attrs("hidden")}>
                        for plant in self.found.iter().copied() key={plant} {
                            <li id={format!("plant-{plant}")} role="option" aria-selected="false" data-plant={plant}>{name(plant)}</li>
                        }
                    </ul>
                    <p class="soft" role="status">{self.status()}</p>
                </form>
                if let Some(plant) = *self.chosen {
                    <section id="chosen" aria-labelledby="chosen-name">
                        <h2 id="chosen-name">{name(plant)}</h2>
                        <p>{note(plant)}</p>
                    </section>
                }
            </main>
        }
    }
}

impl Search {
    fn status(&self) -> String {
        match *self.count {
            _ if self.query.trim().is_empty() => "Type a part of a name.".to_owned(),
            0 => "Nothing is called so.".to_owned(),
            count if count > OFFERED => format!("The first {OFFERED} of {count}."),
            1 => "1 plant.".to_owned(),
            count => format!("{count} plants."),
        }
    }
}

fn is_like(plant: usize, wanted: &str) -> bool {
    name(plant).to_lowercase().contains(wanted)
}

fn name(plant: usize) -> &'static str {
    PLANTS.get(plant).map_or("", |(name, _)| name)
}

fn note(plant: usize) -> &'static str {
    PLANTS.get(plant).map_or("", |(_, note)| note)
}

export!(Search);
