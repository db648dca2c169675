//! Live components that are shown, moved, nested and removed as the page asks.

use hothouse_sdk::prelude::*;

struct Page {
    title: Assign<String>,
    shown: Assign<bool>,
    aside: Assign<bool>,
    other_root: Assign<bool>,
    cards: List<u32>,
}

#[derive(Event)]
enum PageEvent {
    /// Shows the first card, or does not.
    Show { shown: bool },
    /// Moves it to another element.
    Move,
    /// Gives it another title.
    Title { title: String },
    /// The same, past its tag.
    Send { id: String, title: String },
    /// Cards in a list, in this order.
    Cards { ids: Vec<u32> },
    /// Another template for the whole page.
    Root,
    /// Nothing.
    Nothing,
}

impl LiveView for Page {
    type Event = PageEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        let cards = context.param("cards").unwrap_or_default().split(',').filter_map(|id| id.parse().ok());
        Ok(Self {
            title: "first".to_owned().into(),
            shown: true.into(),
            aside: false.into(),
            other_root: false.into(),
            cards: cards.collect(),
        })
    }

    fn handle_event(&mut self, event: PageEvent, socket: &mut Socket) -> Result<()> {
        match event {
            PageEvent::Show { shown } => self.shown.set(shown),
            PageEvent::Move => *self.aside = !*self.aside,
            PageEvent::Title { title } => self.title.set(title),
            PageEvent::Send { id, title } => socket.send_update::<Card>(id, CardAttributes { title }),
            PageEvent::Cards { ids } => {
                self.cards.retain(|id| ids.contains(id));
                for (index, id) in ids.iter().enumerate() {
                    match self.cards.iter().position(|known| known == id) {
                        Some(at) => self.cards.swap(at, index),
                        None => {
                            self.cards.insert(index, *id);
                        }
                    }
                }
            }
            PageEvent::Root => *self.other_root = !*self.other_root,
            PageEvent::Nothing => {}
        }
        Ok(())
    }

    fn render(&self) -> Html {
        if *self.other_root {
            return html! { <article><Card.live id="first" title={self.title}/></article> };
        }
        html! {
            <main>
                if *self.shown {
                    if *self.aside { <aside><Card.live id="first" title={self.title}/></aside> }
                    else { <div><Card.live id="first" title={self.title}/></div> }
                }
                <ul>
                    for id in self.cards { <li id={format!("row-{id}")}><Card.live id={id} title={format!("card {id}")}/></li> }
                </ul>
            </main>
        }
    }
}

/// A card that counts, with a stream and a card in it.
struct Card {
    title: Assign<String>,
    count: Assign<u32>,
    open: Assign<bool>,
    lines: Stream<(u32, String)>,
}

#[derive(Clone, PartialEq, Attributes)]
struct CardAttributes {
    title: String,
}

#[derive(Event)]
enum CardEvent {
    Count,
    /// Shows the card in it, or does not.
    Open,
    Say {
        text: String,
    },
    /// Effects of a component are effects of its view.
    Tell,
    Fail,
    Trap,
}

impl LiveComponent for Card {
    type Attributes = CardAttributes;
    type Event = CardEvent;

    fn mount(CardAttributes { title }: CardAttributes) -> Self {
        let name = format!("lines-{}", title.replace(' ', "-"));
        let lines = Stream::new(name, |line: &(u32, String)| line.0);
        Self { title: title.into(), count: 0.into(), open: false.into(), lines }
    }

    fn update(&mut self, CardAttributes { title }: CardAttributes) {
        self.title.set(title);
    }

    fn handle_event(&mut self, event: CardEvent, socket: &mut Socket) -> Result<()> {
        match event {
            CardEvent::Count => *self.count += 1,
            CardEvent::Open => *self.open = !*self.open,
            CardEvent::Say { text } => {
                *self.count += 1;
                self.lines.insert((*self.count, text));
            }
            CardEvent::Tell => {
                socket.page_title("told");
                socket.reply(json!({ "count": *self.count }));
            }
            CardEvent::Fail => return Err(Failure::bad_input("the card refuses")),
            #[expect(clippy::panic, reason = "breaking is what this event is for")]
            CardEvent::Trap => panic!("asked to trap"),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <section>
                <button phx-click={CardEvent::Count}>{self.title} " " {self.count}</button>
                if *self.open {
                    <div class="inner"><Card.live id={format!("in {}", *self.title)} title={format!("in {}", *self.title)}/></div>
                }
                <ol id={format!("lines-{}", self.title.replace(' ', "-"))} phx-update="stream">
                    for (dom_id, line) in self.lines { <li id={dom_id}>{line.1}</li> }
                </ol>
            </section>
        }
    }
}

hothouse_sdk::export!(Page);
