//! State as bytes: what comes back, what is refused, and that the page is the same.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::{View, context};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// A state with everything in it that serde and the SDK know.
#[derive(State, Debug)]
struct Everything {
    numbers: (u8, i64, u128, f64),
    text: Assign<String>,
    choice: Assign<Option<Choice>>,
    list: List<Row>,
    map: Map<String, Vec<u32>>,
    plain: BTreeMap<u32, char>,
    r#type: bool,
    nested: Nested,
    #[live(skip)]
    scratch: Vec<u8>,
    #[live(skip = format!("{text} and {}", list.len()))]
    summary: String,
    note: Temporary<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Choice {
    None,
    Some(u32),
    Named { name: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Row {
    name: String,
    done: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Nested {
    inner: Assign<u32>,
    rows: List<u32>,
}

impl Everything {
    /// What of it is kept.
    fn kept(&self) -> impl PartialEq + std::fmt::Debug + '_ {
        let Self { numbers: (small, signed, large, real), text, choice, list, map, plain, nested, .. } = self;
        (
            (small, signed, large, real.to_bits(), self.r#type),
            (&**text, &**choice, list.iter().collect::<Vec<_>>(), map.iter().collect::<Vec<_>>()),
            (plain, *nested.inner, nested.rows.iter().collect::<Vec<_>>()),
        )
    }
}

fn any_state() -> impl Strategy<Value = Everything> {
    let choice = prop_oneof![
        Just(Choice::None),
        any::<u32>().prop_map(Choice::Some),
        any::<String>().prop_map(|name| Choice::Named { name }),
    ];
    let row = (any::<String>(), any::<bool>()).prop_map(|(name, done)| Row { name, done });
    (
        any::<(u8, i64, u128, u64, bool)>(),
        any::<String>(),
        proptest::option::of(choice),
        proptest::collection::vec(row, 0..5),
        proptest::collection::btree_map(any::<String>(), any::<Vec<u32>>(), 0..4),
        proptest::collection::btree_map(any::<u32>(), any::<char>(), 0..4),
        (any::<u32>(), any::<Vec<u32>>()),
    )
        .prop_map(|(numbers, text, choice, list, map, plain, (inner, rows))| {
            let (small, signed, large, real, r#type) = numbers;
            Everything {
                numbers: (small, signed, large, f64::from_bits(real)),
                text: text.into(),
                choice: choice.into(),
                list: list.into(),
                map: map.into_iter().collect(),
                plain,
                r#type,
                nested: Nested { inner: inner.into(), rows: rows.into() },
                scratch: vec![1, 2, 3],
                summary: "of before".to_owned(),
                note: "for one document".to_owned().into(),
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_restored_is_what_was_kept(state in any_state()) {
        let restored = Everything::restore(&state.snapshot().unwrap()).unwrap();
        prop_assert_eq!(restored.kept(), state.kept());
        prop_assert!(restored.scratch.is_empty(), "left out");
        prop_assert_eq!(&restored.summary, &format!("{} and {}", &*state.text, state.list.len()));
        prop_assert!(restored.note.get().is_empty());
        prop_assert_eq!(restored.snapshot(), state.snapshot(), "the same state has the same bytes");
    }

    /// Bytes of a stranger are a state or are refused, and nothing else.
    #[test]
    fn hostile_bytes_are_refused_or_are_a_state(bytes in any::<Vec<u8>>(), behind_a_head in any::<bool>()) {
        let bytes = if behind_a_head { [head().as_slice(), bytes.as_slice()].concat() } else { bytes };
        match Everything::restore(&bytes) {
            Ok(state) => drop(state.snapshot().unwrap()),
            Err(failure) => prop_assert_eq!(failure.kind, FailureKind::BadInput),
        }
    }

    /// So are snapshots in which a byte is another one, or which end early.
    #[test]
    fn damaged_snapshots_are_refused_or_are_a_state(
        state in any_state(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()
    ) {
        let mut bytes = state.snapshot().unwrap();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        match Everything::restore(&bytes) {
            Ok(state) => drop(state.snapshot()),
            Err(failure) => prop_assert_eq!(failure.kind, FailureKind::BadInput),
        }
        prop_assert!(!cut || Everything::restore(&bytes).is_err(), "an end is missing");
    }
}

/// What all snapshots of `Everything` begin with: format, version, and a number of five bytes for the fields' names.
fn head() -> Vec<u8> {
    let state = Everything {
        numbers: (0, 0, 0, 0.0),
        text: String::new().into(),
        choice: None.into(),
        list: List::new(),
        map: Map::new(),
        plain: BTreeMap::new(),
        r#type: false,
        nested: Nested { inner: 0.into(), rows: List::new() },
        scratch: Vec::new(),
        summary: String::new(),
        note: Temporary::default(),
    };
    state.snapshot().unwrap()[..7].to_vec()
}

mod versions {
    //! One state as it was in three versions.

    use hothouse_sdk::prelude::*;

    #[derive(State, Debug, PartialEq)]
    pub(crate) struct First {
        pub(crate) name: String,
    }

    #[derive(State, Debug, PartialEq)]
    #[live(version = 2, from = First)]
    pub(crate) struct Second {
        pub(crate) name: String,
        pub(crate) size: u32,
    }

    #[derive(State, Debug, PartialEq)]
    #[live(version = 3, from = Second)]
    pub(crate) struct Third {
        pub(crate) label: String,
        pub(crate) size: u32,
    }

    /// The third without a way from the second.
    #[derive(State, Debug, PartialEq)]
    #[live(version = 3)]
    pub(crate) struct Lonely {
        pub(crate) label: String,
        pub(crate) size: u32,
    }

    /// The second, changed without a new version.
    #[derive(State, Debug, PartialEq)]
    #[live(version = 2)]
    pub(crate) struct Forgotten {
        pub(crate) size: u32,
        pub(crate) name: String,
    }

    impl From<First> for Second {
        fn from(First { name }: First) -> Self {
            let size = name.len() as u32;
            Self { name, size }
        }
    }

    impl From<Second> for Third {
        fn from(Second { name, size }: Second) -> Self {
            Self { label: name.to_uppercase(), size }
        }
    }
}

use versions::{First, Forgotten, Lonely, Second, Third};

#[track_caller]
fn refused<S: State + std::fmt::Debug>(bytes: &[u8], why: &str) {
    let failure = S::restore(bytes).unwrap_err();
    assert_eq!(failure.kind, FailureKind::BadInput);
    assert!(failure.message.contains(why), "{}", failure.message);
}

#[test]
fn older_versions_are_taken_over_step_by_step() {
    let first = First { name: "palm".to_owned() };
    let second = Second { name: "palm".to_owned(), size: 4 };
    let third = Third { label: "PALM".to_owned(), size: 4 };
    assert_eq!(Third::restore(&first.snapshot().unwrap()), Ok(Third { label: "PALM".to_owned(), size: 4 }));
    assert_eq!(Third::restore(&second.snapshot().unwrap()), Ok(Third { label: "PALM".to_owned(), size: 4 }));
    assert_eq!(Third::restore(&third.snapshot().unwrap()).unwrap(), third);
    assert_eq!(Second::restore(&first.snapshot().unwrap()).unwrap(), second);
}

#[test]
fn other_versions_are_refused_with_what_they_are() {
    let second = Second { name: "palm".to_owned(), size: 4 }.snapshot().unwrap();
    refused::<Lonely>(&second, "older than version 3");
    refused::<First>(&second, "version is 2, newer than 1");
    refused::<Forgotten>(&second, "its fields are others");
    refused::<Second>(&[&second[..], &[0]].concat(), "bytes behind its last field");
    refused::<Second>(&second[..second.len() - 1], "`size`");
    refused::<Second>(&[], "`version`");
    refused::<Everything>(&head(), "`numbers`");
    refused::<Second>(&[2, 2, 0], "another version of the SDK");
}

#[derive(State, Debug)]
struct Long {
    first: Vec<u8>,
    text: String,
}

#[test]
fn a_snapshot_has_at_most_256_kib_and_names_the_field_that_is_too_much() {
    let long = |first: usize, text: usize| Long { first: vec![7; first], text: "x".repeat(text) };
    let empty = long(0, 0).snapshot().unwrap().len();
    // Two lengths of three bytes each instead of one.
    let most = 256 * 1024 - (empty + 2 + 2);
    let snapshot = long(200_000, most - 200_000).snapshot().unwrap();
    assert_eq!(snapshot.len(), 256 * 1024);
    assert_eq!(Long::restore(&snapshot).unwrap().first.len(), 200_000);
    let failure = long(200_000, most - 200_000 + 1).snapshot().unwrap_err();
    assert_eq!(failure.kind, FailureKind::Limit);
    assert!(failure.message.contains("262144") && failure.message.contains("`text`"), "{}", failure.message);
    refused::<Long>(&vec![1; 256 * 1024 + 1], "at most 262144");
}

#[test]
fn what_cannot_be_written_or_read_is_named() {
    #[derive(State, Debug)]
    struct Loose {
        kind: Kind,
    }
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(untagged)]
    enum Kind {
        Number(u32),
    }
    let snapshot = Loose { kind: Kind::Number(3) }.snapshot().unwrap();
    refused::<Loose>(&snapshot, "`kind`");

    #[derive(State, Debug)]
    struct Endless {
        rows: Rows,
    }
    #[derive(Debug, Deserialize)]
    struct Rows;
    impl Serialize for Rows {
        fn serialize<S: serde::Serializer>(&self, _: S) -> std::result::Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("it has no end"))
        }
    }
    let failure = Endless { rows: Rows }.snapshot().unwrap_err();
    assert_eq!(failure.kind, FailureKind::Internal);
    assert!(failure.message.contains("`rows`"), "{}", failure.message);
}

#[test]
fn a_state_without_fields_is_a_state() {
    #[derive(State, Debug, PartialEq)]
    struct Nothing;
    #[derive(State, Debug, PartialEq)]
    struct Empty {}
    assert_eq!(Nothing::restore(&Nothing.snapshot().unwrap()), Ok(Nothing));
    assert_eq!(Empty::restore(&Empty {}.snapshot().unwrap()), Ok(Empty {}));
    refused::<Nothing>(&Second { name: String::new(), size: 0 }.snapshot().unwrap(), "newer");
}

/// A counter that says who has it, as a view of people would.
#[derive(State)]
struct Counter {
    count: Assign<i64>,
    #[live(skip)]
    visitor: Assign<Option<String>>,
}

#[derive(Event)]
enum CounterEvent {
    Increment,
    Decrement,
}

impl LiveView for Counter {
    type Event = CounterEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { count: 0.into(), visitor: None.into() })
    }

    fn connected(&mut self, context: &Context, _socket: &mut Socket) -> Result<()> {
        self.visitor.assign_new(|| context.session("name").unwrap_or("nobody").to_owned());
        Ok(())
    }

    fn handle_event(&mut self, event: CounterEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            CounterEvent::Increment => *self.count += 1,
            CounterEvent::Decrement => *self.count -= 1,
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! { <p>{self.visitor} " " {self.count}</p> if *self.count > 2 { <b>"many"</b> } }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever has happened: the page of the restored view is that of the view, and it goes on from there.
    #[test]
    fn a_restored_counter_goes_on_where_the_other_one_was(
        before in proptest::collection::vec(any::<bool>(), 0..12), after in proptest::collection::vec(any::<bool>(), 0..12)
    ) {
        let context = context().session("name", "ann").build();
        let count = |view: &mut View<Counter>, events: &[bool]| {
            events.iter().for_each(|up| view.event(if *up { "increment" } else { "decrement" }, "{}").unwrap());
        };
        let mut view = View::<Counter>::mount(&context).unwrap();
        view.callback(|counter, socket| counter.connected(&context, socket)).unwrap();
        count(&mut view, &before);
        let (page, snapshot) = (view.html(), view.snapshot().unwrap());
        let mut restored = View::<Counter>::restore(&snapshot, &context).unwrap();
        prop_assert_eq!(restored.html(), page);
        count(&mut restored, &after);
        let mut whole = View::<Counter>::mount(&context).unwrap();
        whole.callback(|counter, socket| counter.connected(&context, socket)).unwrap();
        count(&mut whole, &before);
        count(&mut whole, &after);
        prop_assert_eq!(restored.html(), whole.html());
    }
}
