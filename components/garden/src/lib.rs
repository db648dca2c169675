//! The view of the guide on layouts: a layout component, metadata of the page, what is known of the connection.

use hothouse_sdk::prelude::*;
use hothouse_sdk::{connection, page};

/// What stands around every view of the garden.
#[component]
fn Layout(
    /// The page's heading.
    title: &str,
    /// Whether there is a newer version of the app than the page's.
    is_old: bool,
    /// More links.
    links: Option<Slot>,
    children: Slot,
) -> Html {
    html! {
        <nav aria-label="Garden"><a href="/">"Garden"</a>" "{render_slot(links)}</nav>
        <main>
            <p :if={is_old} id="newer" role="status">
                "There is a newer version of this page. "<a href="/">"Load it"</a>
            </p>
            <h1>{title}</h1>
            {render_slot(children)}
        </main>
    }
}

struct Garden {
    greeting: Assign<&'static str>,
    time_zone: Assign<Option<String>>,
    is_old: Assign<bool>,
}

impl LiveView for Garden {
    type Event = RawEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Palms");
        page::describe([
            ("description", "Palms of all sizes, and who waters them."),
            ("canonical", "/"),
            ("og:image", "/assets/images/logo.svg"),
        ])?;
        let languages = connection::languages()?;
        let is_german = languages.first().is_some_and(|tag| tag.starts_with("de"));
        Ok(Self {
            greeting: Assign::new(if is_german { "Guten Tag" } else { "Good day" }),
            time_zone: Assign::new(connection::time_zone()?),
            is_old: Assign::new(connection::assets_changed()),
        })
    }

    fn render(&self) -> Html {
        html! {
            <Layout title="Palms" is_old={*self.is_old}>
                <:links><a href="/robots.txt">"For robots"</a></:links>
                <p id="greeting">{self.greeting}</p>
                <p :if={let Some(time_zone) = &*self.time_zone} id="time-zone">"Your clock: "{time_zone}</p>
            </Layout>
        }
    }
}

hothouse_sdk::export!(Garden);
