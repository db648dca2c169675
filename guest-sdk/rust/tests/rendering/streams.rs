//! Streams: what a document says of them, once.

use std::rc::Rc;

use hothouse_sdk::prelude::*;

use crate::support::{change, mount};

struct Item {
    id: u32,
    text: &'static str,
    /// Tells how many items are alive.
    _life: Rc<()>,
}

struct Page {
    items: Stream<Item>,
    tags: Stream<&'static str>,
    unit: Assign<&'static str>,
    shown: Assign<bool>,
    life: Rc<()>,
}

impl LiveView for Page {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            items: Stream::new("items", |item: &Item| item.id),
            tags: Stream::new("tags", |tag: &&str| *tag),
            unit: "l".into(),
            shown: true.into(),
            life: Rc::new(()),
        })
    }

    fn render(&self) -> Html {
        html! {
            <ul id="items" phx-update="stream">
                <li id="nothing" class="only">"nothing"</li>
                for (dom_id, item) in self.items {
                    <li id={dom_id} hidden={item.text.is_empty()}>{item.text} {self.unit}</li>
                }
            </ul>
            if *self.shown {
                <p id="tags" phx-update="stream">for (dom_id, tag) in &self.tags { <b id={dom_id}>{tag}</b> }</p>
            }
        }
    }
}

impl Page {
    fn item(&self, id: u32, text: &'static str) -> Item {
        Item { id, text, _life: self.life.clone() }
    }
}

#[track_caller]
fn check(edit: impl FnOnce(&mut Page), expected: &str, page: &str) {
    let mut view = mount::<Page>();
    change(&mut view, |view| {
        let (one, two) = (view.item(1, "one"), view.item(2, "two"));
        view.items.insert(one);
        view.items.insert(two);
    });
    change(&mut view, edit);
    assert_eq!(view.changes(), format!("[{{stream items{expected}}}, =]"));
    let html = view.html();
    let (_, rows) = html.split_once("nothing</li>").unwrap();
    let (rows, _) = rows.split_once("</ul>").unwrap();
    let rows: String = rows
        .split("<li id=\"items-")
        .filter_map(|row| Some(row.strip_suffix("l</li>")?.replace("\">", ":") + " "))
        .collect();
    assert_eq!(rows.trim_end(), page);
}

#[test]
fn operations_are_said_as_a_page_carries_them_out() {
    check(
        |view| {
            let item = view.item(3, "x");
            view.items.insert(item).limit(-50);
        },
        r#"; items-3@-1 of -50 ["items-3", -, "x", "l"]"#,
        "1:one 2:two 3:x",
    );
    check(
        |view| {
            let (first, second) = (view.item(3, "x"), view.item(4, "y"));
            view.items.prepend(first);
            view.items.prepend(second).limit(3);
        },
        r#"; items-3@0 ["items-3", -, "x", "l"]; items-4@0 of 3 ["items-4", -, "y", "l"]"#,
        "4:y 3:x 1:one",
    );
    check(
        |view| {
            let item = view.item(3, "x");
            view.items.insert_at(1, item);
        },
        r#"; items-3@1 ["items-3", -, "x", "l"]"#,
        "1:one 3:x 2:two",
    );
    check(
        |view| {
            let (known, unknown) = (view.item(2, "x"), view.item(3, "y"));
            view.items.update_only(known);
            view.items.update_only(unknown);
        },
        r#"; items-2@-1? ["items-2", -, "x", "l"]; items-3@-1? ["items-3", -, "y", "l"]"#,
        "1:one 2:x",
    );
    check(
        |view| {
            let item = view.item(1, "");
            view.items.delete(&item);
            view.items.delete_by_id(7);
            view.items.delete_by_id(1);
        },
        "; -items-1; -items-7",
        "2:two",
    );
    check(
        |view| {
            view.items.delete_by_id(2);
            let items = [view.item(3, "x"), view.item(1, "y")];
            view.items.reset(items);
        },
        r#"; reset; items-3@-1 ["items-3", -, "x", "l"]; items-1@-1 ["items-1", -, "y", "l"]"#,
        "3:x 1:y",
    );
    check(|view| view.items.reset([]), "; reset", "");
}

#[test]
fn an_item_is_said_once_however_often_it_is_put_in() {
    check(
        |view| {
            let (first, again, last) = (view.item(3, "x"), view.item(3, "y"), view.item(3, "z"));
            view.items.prepend(first).limit(5);
            view.items.insert(again).limit(1);
            view.items.update_only(last);
        },
        r#"; items-3@0 of 5 ["items-3", -, "z", "l"]"#,
        "3:z 1:one 2:two",
    );
    check(
        |view| {
            let (update, insert) = (view.item(3, "x"), view.item(3, "y"));
            view.items.update_only(update);
            view.items.prepend(insert);
        },
        r#"; items-3@0 ["items-3", -, "y", "l"]"#,
        "3:y 1:one 2:two",
    );
    check(
        |view| {
            let (first, second, moved) = (view.item(3, "x"), view.item(4, "y"), view.item(1, "z"));
            view.items.insert(first);
            view.items.delete_by_id(3);
            view.items.delete_by_id(1);
            view.items.insert(moved);
            view.items.insert(second);
        },
        r#"; -items-3; -items-1; items-1@-1 ["items-1", -, "z", "l"]; items-4@-1 ["items-4", -, "y", "l"]"#,
        "2:two 1:z 4:y",
    );
}

#[test]
fn an_item_that_goes_is_not_updated() {
    check(
        |view| {
            let item = view.item(1, "x");
            view.items.delete_by_id(1);
            view.items.update_only(item);
        },
        "; -items-1",
        "2:two",
    );
    check(
        |view| {
            let (item, again) = (view.item(1, "x"), view.item(1, "y"));
            view.items.reset([]);
            view.items.update_only(item);
            view.items.insert(again);
        },
        r#"; reset; items-1@-1 ["items-1", -, "y", "l"]"#,
        "1:y",
    );
}

#[test]
fn nothing_is_kept_of_what_was_said() {
    let mut view = mount::<Page>();
    change(&mut view, |view| {
        let items: Vec<Item> = (0..100).map(|id| view.item(id, "x")).collect();
        view.items.extend(items);
        assert_eq!(Rc::strong_count(&view.life), 101);
    });
    assert_eq!(Rc::strong_count(&view.state().life), 1);
    change(&mut view, |_| {});
    assert_eq!(view.changes(), "=");
    change(&mut view, |view| *view.unit = "m");
    assert_eq!(view.changes(), "[=, =]", "rows that the page has are not evaluated");
    view.everything().unwrap();
    assert!(view.changes().starts_with("[{stream items}, "), "{}", view.changes());
    assert_eq!(view.html().matches("<li id=\"items-").count(), 100);
}

#[test]
fn what_happens_to_a_stream_that_is_not_shown_is_lost() {
    let mut view = mount::<Page>();
    change(&mut view, |view| *view.shown = false);
    change(&mut view, |view| {
        view.tags.insert("lost");
    });
    change(&mut view, |view| *view.shown = true);
    assert_eq!(view.changes(), "[=, [{stream tags}]]");
    change(&mut view, |view| {
        view.tags.insert("new");
    });
    assert_eq!(view.changes(), r#"[=, [{stream tags; tags-new@-1 ["tags-new", "new"]}]]"#);
    assert!(view.html().contains("<b id=\"tags-new\">new</b>"));
}

#[test]
fn a_refused_callback_keeps_what_it_did_to_a_stream() {
    let mut view = mount::<Page>();
    let refused = view.callback(|view, _| {
        view.tags.insert("a");
        Err(Failure::bad_input("no"))
    });
    refused.unwrap_err();
    change(&mut view, |_| {});
    assert_eq!(view.changes(), r#"[=, [{stream tags; tags-a@-1 ["tags-a", "a"]}]]"#);
}

struct Rooms {
    rooms: List<Room>,
}

struct Room {
    guests: Stream<u32>,
}

impl LiveView for Rooms {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let room = |number| Room { guests: Stream::new(format!("room-{number}"), |guest: &u32| *guest) };
        Ok(Self { rooms: [1, 2].into_iter().map(room).collect() })
    }

    fn render(&self) -> Html {
        html! {
            for room in self.rooms {
                <ul id={format!("guests-{}", room.guests.name())} phx-update="stream">
                    for (dom_id, guest) in room.guests { <li id={dom_id}>{guest}</li> }
                </ul>
            }
        }
    }
}

#[test]
fn streams_stand_in_rows_and_move_with_them() {
    let mut view = mount::<Rooms>();
    let enter = |index: usize, guest: u32| {
        move |view: &mut Rooms| {
            view.rooms.get_mut(index).unwrap().guests.insert(guest);
        }
    };
    change(&mut view, enter(0, 7));
    change(&mut view, |view| view.rooms.swap(0, 1));
    change(&mut view, enter(1, 8));
    assert!(
        view.changes().contains("{stream room-1; room-1-8@-1 [\"room-1-8\", \"8\"]}"),
        "{}",
        view.changes()
    );
    let expected = r#"phx-update="stream"><li id="room-1-7">7</li><li id="room-1-8">8</li></ul>"#;
    assert!(view.html().ends_with(expected), "{}", view.html());
}

#[test]
fn a_key_that_makes_no_id_is_found_by_tests() {
    let mut view = mount::<Page>();
    for key in ["two words", "tab\t", ""] {
        let refused = view.callback(|view, _| {
            view.tags.insert(key);
            Ok(())
        });
        // The name stands before the key, so that no id is empty.
        assert_eq!(refused.is_ok(), key.is_empty(), "{key:?}");
        view.everything().unwrap();
    }
}
