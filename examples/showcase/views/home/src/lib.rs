//! The front page of the showcase: what there is to see.

use hothouse_sdk::prelude::*;

struct Home;

/// Path, title and what the example shows.
const EXAMPLES: [(&str, &str, &str); 7] = [
    ("/counter", "Counter", "A number and two buttons: one event, one changed text."),
    ("/tasks", "Tasks", "A list whose rows change, move and go, and notes that come and go with them."),
    ("/todos", "Todos", "A list of live components: each todo has its own state and its own events."),
    ("/feed", "Feed", "A list without an end: the page keeps what it shows, and the server does not."),
    (
        "/table",
        "Table",
        "Two hundred rows, sorted by a click and filtered while you type: what moves is not sent again.",
    ),
    (
        "/kit",
        "Component kit",
        "Buttons, cards, tabs, menus and dialogs that work with the keyboard and with screen readers.",
    ),
    ("/inputs", "Inputs", "A form with everything that forms have, checked while it is filled in."),
];

impl LiveView for Home {
    type Event = ();

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Hothouse showcase");
        Ok(Self)
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Hothouse"</h1>
                <p>"Live views under glass: each of these pages is a WebAssembly component of its own."</p>
                <ul class="cards">
                    for (path, title, note) in EXAMPLES {
                        <li><a href={path}>{title}</a> <p class="soft">{note}</p></li>
                    }
                </ul>
            </main>
        }
    }
}

export!(Home);
