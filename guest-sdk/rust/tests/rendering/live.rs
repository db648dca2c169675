//! Live components: mounted once, updated when they are given something else, evaluated when something was written.

use std::cell::Cell;

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::{self, View};

thread_local! {
    static MOUNTED: Cell<u32> = const { Cell::new(0) };
    static UPDATED: Cell<u32> = const { Cell::new(0) };
    static EVALUATED: Cell<u32> = const { Cell::new(0) };
}

fn step(counter: &'static std::thread::LocalKey<Cell<u32>>) {
    counter.set(counter.get() + 1);
}

/// How often a component was mounted, updated and evaluated since this was last asked.
fn steps() -> [u32; 3] {
    [MOUNTED.take(), UPDATED.take(), EVALUATED.take()]
}

/// A card that can be turned, with what it was given.
struct Card {
    title: Assign<String>,
    turned: Assign<u32>,
    children: Assign<Html>,
}

#[derive(Clone, PartialEq, Attributes)]
struct CardAttributes {
    title: String,
    #[prop(default = Html::empty())]
    children: Html,
}

#[derive(Event)]
enum CardEvent {
    Turn,
    Refuse,
    Announce,
}

impl LiveComponent for Card {
    type Attributes = CardAttributes;
    type Event = CardEvent;

    fn mount(given: CardAttributes) -> Self {
        step(&MOUNTED);
        Self { title: given.title.into(), turned: 0.into(), children: given.children.into() }
    }

    fn update(&mut self, given: CardAttributes) {
        step(&UPDATED);
        self.title.set(given.title);
        self.children.set(given.children);
    }

    fn handle_event(&mut self, event: CardEvent, socket: &mut Socket) -> Result<()> {
        match event {
            CardEvent::Turn => *self.turned += 1,
            CardEvent::Refuse => {
                *self.turned += 10;
                return Err(Failure::bad_input("no"));
            }
            CardEvent::Announce => socket.page_title("card"),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        step(&EVALUATED);
        html! { <p phx-click={CardEvent::Turn}>{self.title} ":" {self.turned} {self.children}</p> }
    }
}

#[derive(Default)]
struct Table {
    name: Assign<String>,
    shown: Assign<bool>,
    aside: Assign<bool>,
    cards: List<&'static str>,
}

#[derive(Event)]
enum TableEvent {
    Toggle,
    MoveAside,
    Name { name: String },
    SendUpdate,
}

impl LiveView for Table {
    type Event = TableEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { shown: true.into(), name: "x".to_owned().into(), ..Self::default() })
    }

    fn handle_event(&mut self, event: TableEvent, socket: &mut Socket) -> Result<()> {
        match event {
            TableEvent::Toggle => *self.shown = !*self.shown,
            TableEvent::MoveAside => *self.aside = !*self.aside,
            TableEvent::Name { name } => self.name.set(name),
            TableEvent::SendUpdate => {
                let given = |title: &str| CardAttributes { title: title.to_owned(), children: Html::empty() };
                socket.send_update::<Card>("one", given("sent"));
                socket.send_update::<Card>("nobody", given("lost"));
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main phx-click={TableEvent::Toggle}>
                if *self.shown {
                    if *self.aside { <aside><Card.live id="one" title={self.name}/></aside> }
                    else { <Card.live id="one" title={self.name}/> }
                }
                <ul>for card in self.cards { <li><Card.live id={card} title={card}/></li> }</ul>
            </main>
        }
    }
}

fn table() -> View<Table> {
    let view = View::<Table>::mount(&testing::context().build()).unwrap();
    assert_eq!(steps(), [1, 0, 1]);
    view
}

const EMPTY: &str = "{}";

fn turn(id: u32) -> String {
    format!(
        "phx-click=\"[[&quot;push&quot;,{{&quot;event&quot;:&quot;turn&quot;,&quot;target&quot;:{id}}}]]\""
    )
}

#[test]
fn a_component_has_events_of_its_own() {
    let mut view = table();
    assert_eq!(view.html(), format!("<main phx-click=\"toggle\"><p {}>x:0</p><ul></ul></main>", turn(1)));
    view.component_event::<Card>("one", "turn", EMPTY).unwrap();
    assert_eq!(view.changes(), "= #1 [=, =, \"1\", =]");
    assert_eq!(steps(), [0, 0, 1]);
    assert_eq!(view.component::<Card, _>("one", |card| *card.turned), Some(1));
    view.component_event::<Card>("one", "announce", EMPTY).unwrap();
    assert!(matches!(view.take_effects().as_slice(), [testing::Effect::Title(title)] if title == "card"));
    let unknown = view.component_event::<Card>("one", "toggle", EMPTY).unwrap_err();
    assert!(unknown.message.contains("turn, refuse"), "{unknown:?}");
    assert_eq!(view.component_event::<Card>("two", "turn", EMPTY).unwrap_err().kind, FailureKind::NotFound);
}

#[test]
fn a_component_is_updated_when_it_is_given_something_else() {
    let mut view = table();
    view.event("name", r#"{"name":"y"}"#).unwrap();
    assert_eq!(steps(), [0, 1, 1]);
    assert_eq!(view.changes(), "[=, [#1], =] #1 [=, \"y\", =, =]".replace("[#1]", &inner(&view)));
    // Written, and the same as before.
    view.event("name", r#"{"name":"y"}"#).unwrap();
    assert_eq!(steps(), [0, 0, 0]);
    view.callback(|_, _| Ok(())).unwrap();
    assert_eq!((steps(), view.changes()), ([0, 0, 0], "="));
}

/// How the first slot of the page is shown in the last document.
fn inner(view: &View<Table>) -> String {
    view.changes().split(", ").nth(1).unwrap_or_default().to_owned()
}

#[test]
fn nothing_of_others_is_evaluated() {
    let mut view = table();
    view.callback(|table, _| {
        table.cards.extend(["a", "b", "c"]);
        Ok(())
    })
    .unwrap();
    assert_eq!(steps(), [3, 0, 3]);
    view.component_event::<Card>("b", "turn", EMPTY).unwrap();
    assert_eq!(steps(), [0, 0, 1]);
    assert!(view.html().contains("b:1") && view.html().contains("a:0"), "{}", view.html());
    view.callback(|table, _| {
        table.cards.swap(0, 1);
        Ok(())
    })
    .unwrap();
    assert_eq!(steps(), [0, 0, 0], "moved with their rows");
    assert!(view.html().find("b:1") < view.html().find("a:0"));
}

#[test]
fn a_component_keeps_its_state_wherever_it_stands() {
    let mut view = table();
    view.component_event::<Card>("one", "turn", EMPTY).unwrap();
    view.event("move_aside", EMPTY).unwrap();
    assert!(view.html().contains("<aside><p") && view.html().contains("x:1</p></aside>"), "{}", view.html());
    assert_eq!(steps(), [0, 0, 1], "it was only turned");
    view.everything().unwrap();
    assert!(view.html().contains("x:1"));
}

#[test]
fn a_component_that_comes_back_has_its_state_and_one_that_was_removed_has_not() {
    let mut view = table();
    view.component_event::<Card>("one", "turn", EMPTY).unwrap();
    view.event("toggle", EMPTY).unwrap();
    assert!(!view.html().contains("x:"));
    steps();
    view.event("toggle", EMPTY).unwrap();
    assert!(view.html().contains("x:1"));
    assert_eq!(steps(), [0, 0, 1]);
    assert!(
        view.changes().ends_with(
            " then = #1 [\"[[\\\"push\\\",{\\\"event\\\":\\\"turn\\\",\\\"target\\\":1}]]\", \"x\", \"1\", -]"
        ),
        "{}",
        view.changes()
    );
    view.event("toggle", EMPTY).unwrap();
    view.callback(|_, _| Ok(())).unwrap();
    assert_eq!(view.component::<Card, _>("one", |card| *card.turned), None);
    view.event("toggle", EMPTY).unwrap();
    assert!(view.html().contains("x:0") && view.html().contains(&turn(2)), "{}", view.html());
}

#[test]
fn a_component_is_sent_attributes_from_a_callback() {
    let mut view = table();
    view.event("send_update", EMPTY).unwrap();
    assert!(view.html().contains("sent:0"));
    assert_eq!(steps(), [0, 1, 1]);
    // What its tag says counts once it says something else.
    view.everything().unwrap();
    assert!(view.html().contains("sent:0"));
    view.event("name", r#"{"name":"y"}"#).unwrap();
    assert!(view.html().contains("y:0"));
}

#[test]
fn a_component_that_refuses_lives_on() {
    let mut view = table();
    assert_eq!(view.component_event::<Card>("one", "refuse", EMPTY).unwrap_err().kind, FailureKind::BadInput);
    view.callback(|_, _| Ok(())).unwrap();
    assert!(view.html().contains("x:10"), "what it wrote is shown: {}", view.html());
}

/// Components in a component, and content that the view gives it.
struct Box_ {
    open: Assign<bool>,
    names: Assign<Vec<String>>,
}

impl LiveComponent for Box_ {
    type Attributes = ();
    type Event = BoxEvent;

    fn mount((): ()) -> Self {
        Self { open: true.into(), names: vec!["a".to_owned(), "b".to_owned()].into() }
    }

    fn update(&mut self, (): ()) {}

    fn handle_event(&mut self, event: BoxEvent, socket: &mut Socket) -> Result<()> {
        match event {
            BoxEvent::Toggle => *self.open = !*self.open,
            BoxEvent::Rename => {
                let given = CardAttributes { title: "renamed".to_owned(), children: Html::empty() };
                socket.send_update::<Card>("a", given);
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <section phx-click="to-the-view" phx-target={myself()}>
                if *self.open {
                    for name in self.names key={name} {
                        <Card.live id={name} title={name}><b phx-click={BoxEvent::Toggle}>{name}</b></Card.live>
                    }
                }
            </section>
        }
    }
}

#[derive(Event)]
enum BoxEvent {
    Toggle,
    Rename,
}

struct Room;

impl LiveView for Room {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Html {
        html! { <main><Box_.live id="box"/></main> }
    }
}

#[test]
fn components_stand_in_components() {
    let mut view = View::<Room>::mount(&testing::context().build()).unwrap();
    let html = view.html();
    assert!(html.starts_with("<main><section phx-click=\"to-the-view\" phx-target=\"1\"><p "), "{html}");
    // The content is the box's: so is its event.
    let toggle = "<b phx-click=\"[[&quot;push&quot;,{&quot;event&quot;:&quot;toggle&quot;,&quot;target&quot;:1}]]\">a</b>";
    assert!(html.contains(toggle) && html.contains(&turn(2)) && html.contains(&turn(3)), "{html}");
    steps();
    view.component_event::<Card>("b", "turn", EMPTY).unwrap();
    assert_eq!(steps(), [0, 0, 1]);
    view.component_event::<Box_>("box", "rename", EMPTY).unwrap();
    assert!(view.html().contains("renamed:0") && view.html().contains("b:1"), "{}", view.html());
    view.component_event::<Box_>("box", "toggle", EMPTY).unwrap();
    assert!(view.html().ends_with("phx-target=\"1\"></section></main>"), "{}", view.html());
    view.component_event::<Box_>("box", "toggle", EMPTY).unwrap();
    assert!(view.html().contains("b:1"), "{}", view.html());
}

/// A view that makes one mistake.
struct Wrong(Assign<u32>);

impl LiveView for Wrong {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self(0.into()))
    }

    fn render(&self) -> Html {
        html! {
            <main>
                match *self.0 {
                    1 => { <Card.live id="one" title="a"/> <Card.live id="one" title="b"/> }
                    2 => { <Two.live id="two"/> }
                    3 => { for id in 0..3_000 { <Card.live id={id} title="x"/> } }
                    _ => {}
                }
            </main>
        }
    }
}

/// Not one element.
struct Two;

impl LiveComponent for Two {
    type Attributes = ();
    type Event = ();

    fn mount((): ()) -> Self {
        Self
    }

    fn update(&mut self, (): ()) {}

    fn render(&self) -> Html {
        html! { <i>"x"</i> <i>"y"</i> }
    }
}

#[test]
fn mistakes_name_the_component() {
    for (mistake, words) in [
        (1, "Card` with the id \"one\" stands twice in the page"),
        (2, "Two` with the id \"two\" is not one element"),
        (3, "more than 2000 live components"),
    ] {
        let mut view = View::<Wrong>::mount(&testing::context().build()).unwrap();
        let refused = view.callback(|view, _| {
            *view.0 = mistake;
            Ok(())
        });
        let refused = refused.unwrap_err();
        assert!(refused.message.contains(words), "{refused:?}");
        view.callback(|view, _| {
            *view.0 = 0;
            Ok(())
        })
        .unwrap();
        assert_eq!(view.html(), "<main></main>");
    }
    steps();
}
