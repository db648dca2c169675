//! A list with details. The address says what is shown: the view reads it in one place, `handle_params`.

use hothouse_sdk::kit::Link;
use hothouse_sdk::prelude::*;

const BOOKS: u32 = 60;

struct Library {
    /// The book that is shown in detail.
    open: Assign<Option<u32>>,
    part: Assign<String>,
    newest_first: Assign<bool>,
}

#[derive(Event)]
enum LibraryEvent {
    Next,
}

impl LiveView for Library {
    type Event = LibraryEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { open: None.into(), part: String::new().into(), newest_first: false.into() })
    }

    fn handle_params(&mut self, _uri: &str, params: &[(String, String)], socket: &mut Socket) -> Result<()> {
        let open: Option<u32> = param(params, "id");
        if open.is_some_and(|book| !(1..=BOOKS).contains(&book)) {
            return Err(Failure::not_found("There is no such book."));
        }
        socket.page_title(open.map_or_else(String::new, |book| format!("Book {book}")));
        self.open.set(open);
        self.part.set(param(params, "part").unwrap_or_default());
        self.newest_first.set(param(params, "newest") == Some(true));
        Ok(())
    }

    fn handle_event(&mut self, LibraryEvent::Next: LibraryEvent, socket: &mut Socket) -> Result<()> {
        socket.push_patch(address(self.open.unwrap_or_default() % BOOKS + 1));
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Library"</h1>
                <nav aria-label="Library">
                    <Link patch="/" id="to-list">"All books"</Link> " "
                    <Link patch={if *self.newest_first { "/" } else { "/?newest=true" }} replace={true} id="order">
                        "Turn around"
                    </Link> " "
                    <a href="#last" id="to-last">"To the last book"</a>
                </nav>
                // An element of its own: what stands behind it keeps its place, and its focus, when this changes.
                <section id="detail">
                    match *self.open {
                        Some(book) => {
                            <article id="book">
                                <h2>"Book " {book}</h2>
                                <p id="part">{self.part}</p>
                                <Link patch={address(book).segment("notes")} id="notes">"Notes"</Link> " "
                                <button type="button" id="next" phx-click={LibraryEvent::Next}>"Next"</button>
                            </article>
                        }
                        None => {
                            <p id="nothing">"Choose a book."</p>
                        }
                    }
                </section>
                <ul id="books">
                    for book in books(*self.newest_first) key={book} {
                        <li>
                            <Link patch={address(book)} id={format!("open-{book}")}>"Book " {book}</Link>
                        </li>
                    }
                </ul>
                <p id="last">"That is all."</p>
            </main>
        }
    }
}

fn address(book: u32) -> Address {
    Address::new("/books").segment(book)
}

fn books(newest_first: bool) -> Vec<u32> {
    let mut books: Vec<u32> = (1..=BOOKS).collect();
    if newest_first {
        books.reverse();
    }
    books
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
    fn the_next_book_is_an_address_too() {
        let mut view = View::<Library>::mount(&context().build()).unwrap();
        view.patch("/books/60", &[("id", "60")]).unwrap();
        view.take_effects();
        view.event("next", "{}").unwrap();
        let effects = view.take_effects();
        let [Effect::Patch(to)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(to.to, "/books/1");
    }
}
