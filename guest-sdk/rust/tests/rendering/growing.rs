//! Text that grows: whatever happens around it, the page shows all of it.

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::Effect;
use proptest::prelude::*;

use crate::support::mount;

struct Growing {
    text: GrowingText,
    ticks: Assign<u32>,
    is_hidden: Assign<bool>,
}

impl LiveView for Growing {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { text: GrowingText::with_text("text", "Begun. "), ticks: 0.into(), is_hidden: false.into() })
    }

    fn render(&self) -> Html {
        html! {
            <b>{self.ticks}</b>
            if self.text.is_empty() { <i>"Nothing"</i> }
            if !*self.is_hidden { <p id={self.text.id()}>{self.text}</p> }
        }
    }
}

#[derive(Debug, Clone)]
enum Doing {
    Push(&'static str),
    Set(&'static str),
    Tick,
    Hide,
}

fn doing() -> impl Strategy<Value = Doing> {
    let text = || prop::sample::select(vec!["", "a", "<b>", "two words ", "é"]);
    prop_oneof![
        text().prop_map(Doing::Push),
        text().prop_map(Doing::Set),
        Just(Doing::Tick),
        Just(Doing::Hide)
    ]
}

fn escaped(text: &str) -> String {
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn expected(view: &Growing) -> String {
    let nothing = if view.text.is_empty() { "<i>Nothing</i>" } else { "" };
    let text = match *view.is_hidden {
        true => String::new(),
        false => format!("<p id=\"text\">{}</p>", escaped(&view.text)),
    };
    format!("<b>{}</b>{nothing}{text}", *view.ticks)
}

proptest! {
    #[test]
    fn the_page_shows_all_of_it_whatever_happens(
        callbacks in prop::collection::vec((prop::collection::vec(doing(), 0..5), prop::bool::weighted(0.1)), 0..30)
    ) {
        let mut view = mount::<Growing>();
        for (doings, everything) in callbacks {
            view.callback(|view, socket| {
                for doing in doings {
                    match doing {
                        Doing::Push(text) => view.text.push(text, socket),
                        Doing::Set(text) => view.text.set(text, socket),
                        Doing::Tick => *view.ticks += 1,
                        Doing::Hide => *view.is_hidden = !*view.is_hidden,
                    }
                }
                Ok(())
            })
            .unwrap();
            prop_assert_eq!(view.html(), expected(view.state()));
            if everything {
                view.everything().unwrap();
                prop_assert_eq!(view.html(), expected(view.state()));
            }
        }
    }
}

#[test]
fn a_piece_evaluates_nothing_and_is_an_effect() {
    let mut view = mount::<Growing>();
    view.callback(|view, socket| {
        view.text.push("More.", socket);
        Ok(())
    })
    .unwrap();
    assert_eq!(view.changes(), "=");
    let effects = view.take_effects();
    let [Effect::AppendText(append)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((append.element.as_str(), append.text.as_str(), append.replace), ("text", "More.", false));
    assert_eq!(view.state().text.as_str(), "Begun. More.");
}

#[test]
fn it_is_kept_with_all_of_its_text() {
    #[derive(State)]
    struct Kept {
        text: GrowingText,
    }
    let mut text = GrowingText::new("text");
    text.push("all of it", &mut Socket::default());
    let kept = Kept::restore(&Kept { text }.snapshot().unwrap()).unwrap();
    assert_eq!((kept.text.id(), kept.text.as_str()), ("text", "all of it"));
}
