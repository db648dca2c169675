//! A list with details. The address says what is shown: the view reads it in one place, `handle_params`.

use hothouse_sdk::kit::{FlashMessages, Link};
use hothouse_sdk::prelude::*;

const BOOKS: u32 = 60;

struct Library {
    books: Vec<u32>,
    /// The book that is shown in detail.
    open: Assign<Option<u32>>,
    part: Assign<String>,
    newest_first: Assign<bool>,
    borrowed: Assign<u32>,
    came_from: Assign<String>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum LibraryEvent {
    Borrow,
    Next,
}

impl LiveView for Library {
    type Event = LibraryEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            books: (1..=BOOKS).collect(),
            open: None.into(),
            part: String::new().into(),
            newest_first: false.into(),
            borrowed: 0.into(),
            came_from: context.live_referer().unwrap_or_default().into(),
            flash: Flash::default().into(),
        })
    }

    fn handle_params(&mut self, _uri: &str, params: &[(String, String)], socket: &mut Socket) -> Result<()> {
        let open: Option<u32> = param(params, "id");
        if open.is_some_and(|book| !self.books.contains(&book)) {
            return Err(Failure::not_found("There is no such book."));
        }
        socket.page_title(open.map_or_else(String::new, |book| format!("Book {book}")));
        self.open.set(open);
        self.part.set(param(params, "part").unwrap_or_default());
        self.newest_first.set(param(params, "newest") == Some(true));
        Ok(())
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: LibraryEvent, socket: &mut Socket) -> Result<()> {
        match event {
            LibraryEvent::Borrow => {
                *self.borrowed += 1;
                let book = self.open.unwrap_or_default();
                socket.put_flash("info", format!("Book {book} is yours for two weeks."));
                socket.push_navigate("/desk");
            }
            LibraryEvent::Next => {
                let next = self.open.unwrap_or_default() % BOOKS + 1;
                socket.push_patch(format!("/books/{next}"));
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Library"</h1>
                <nav aria-label="Library">
                    <Link navigate="/desk" id="to-desk">"Desk"</Link> " "
                    <Link navigate="/office" id="to-office">"Office"</Link> " "
                    <Link navigate="/staff" id="to-staff">"Staff"</Link> " "
                    <Link patch="/" id="to-list">"All books"</Link> " "
                    <Link patch={if *self.newest_first { "/" } else { "/?newest=true" }} replace={true} id="order">
                        "Turn around"
                    </Link> " "
                    <a href="#last" id="to-last">"To the last book"</a>
                </nav>
                <p id="came-from">{self.came_from}</p>
                // An element of its own: what stands behind it keeps its place, and its focus, when this changes.
                <section id="detail">
                    match *self.open {
                        Some(book) => {
                            <article id="book">
                                <h2>"Book " {book}</h2>
                                <p id="part">{self.part}</p>
                                <Link patch={format!("/books/{book}/notes")} id="notes">"Notes"</Link>
                                <button type="button" id="next" phx-click={LibraryEvent::Next}>"Next"</button>
                                <button type="button" id="borrow" phx-click={LibraryEvent::Borrow}>"Borrow"</button>
                            </article>
                        }
                        None => {
                            <p id="nothing">"Choose a book."</p>
                        }
                    }
                </section>
                <ul id="books">
                    for book in shown(&self.books, *self.newest_first) key={book} {
                        <li>
                            <Link patch={format!("/books/{book}")} id={format!("open-{book}")}>"Book " {book}</Link>
                        </li>
                    }
                </ul>
                <p id="last">"That is all."</p>
            </main>
        }
    }
}

fn shown(books: &[u32], newest_first: bool) -> Vec<u32> {
    let mut shown = books.to_vec();
    if newest_first {
        shown.reverse();
    }
    shown
}

export!(Library);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing::{Effect, View, context};

    use super::*;

    #[test]
    fn the_address_says_what_is_shown() {
        let mut view = View::<Library>::mount(&context().build()).unwrap();
        view.patch("/books/7/notes", &[("id", "7"), ("part", "notes")]).unwrap();
        assert!(view.html().contains("<h2>Book 7</h2><p id=\"part\">notes</p>"), "{}", view.html());
        assert!(view.patch("/books/700", &[("id", "700")]).is_err());
        view.patch("/?newest=true", &[("newest", "true")]).unwrap();
        assert!(view.html().contains("Choose a book."));
        assert!(view.html().find("open-60").unwrap() < view.html().find("open-1\"").unwrap());
    }

    #[test]
    fn borrowing_goes_to_the_desk_with_a_message() {
        let mut view = View::<Library>::mount(&context().build()).unwrap();
        view.patch("/books/7", &[("id", "7")]).unwrap();
        view.take_effects();
        view.event("borrow", "{}").unwrap();
        let effects = view.take_effects();
        let [Effect::PutFlash(put), Effect::Navigate(to)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!((put.name.as_str(), to.to.as_str()), ("info", "/desk"));
    }
}
