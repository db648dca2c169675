//! Records in the store of tests.

use serde::{Deserialize, Serialize};

use super::Collection;
use super::native::settle;
use crate::prelude::*;
use crate::testing;

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
struct Plant {
    name: String,
    #[serde(default)]
    height: u32,
}

const PLANTS: Collection<Plant> = Collection::new("plant/");
const COUNTS: Collection<i64> = Collection::new("count/");

fn plant(name: &str, height: u32) -> Plant {
    Plant { name: name.to_owned(), height }
}

#[test]
fn records_are_put_changed_and_taken_out() {
    assert_eq!(PLANTS.get("palm").unwrap(), None);
    assert!(!PLANTS.update("palm", |plant| plant.height = 2).unwrap());
    assert!(PLANTS.put_new("palm", &plant("Palm", 1)).unwrap());
    assert!(!PLANTS.put_new("palm", &plant("Fern", 1)).unwrap());
    assert!(PLANTS.update("palm", |plant| plant.height += 1).unwrap());
    assert_eq!(PLANTS.expect("palm").unwrap(), Some(plant("Palm", 2)));
    PLANTS.put("palm", &plant("Fern", 7)).unwrap();
    assert_eq!(PLANTS.get("palm").unwrap(), Some(plant("Fern", 7)));
    PLANTS.delete("palm").unwrap();
    PLANTS.delete("palm").unwrap();
    assert_eq!(PLANTS.get("palm").unwrap(), None);
}

#[test]
fn a_record_of_before_a_field_was_there_is_read() {
    super::host::put("plant/old", br#"{"name":"Old"}"#, None).unwrap();
    assert_eq!(PLANTS.get("old").unwrap(), Some(plant("Old", 0)));
    super::host::put("plant/newer", br#"{"name":"Newer","height":3,"colour":"red"}"#, None).unwrap();
    assert_eq!(PLANTS.get("newer").unwrap(), Some(plant("Newer", 3)));
    super::host::put("plant/other", b"[1]", None).unwrap();
    let failure = PLANTS.get("other").unwrap_err();
    assert!(
        failure.kind == FailureKind::Internal && failure.message.contains("plant/other"),
        "{}",
        failure.message
    );
}

#[test]
fn pages_and_all_of_them_come_in_order_and_stay_in_the_collection() {
    for number in 0..250 {
        PLANTS.put(format_args!("{number:03}"), &plant("Fern", number)).unwrap();
    }
    COUNTS.increment("a", 1).unwrap();
    let page = PLANTS.page(Some("100"), 10).unwrap();
    let heights: Vec<u32> = page.entries.iter().map(|(_, plant)| plant.height).collect();
    assert_eq!((heights, page.next.as_deref()), ((101..=110).collect(), Some("110")));
    assert_eq!(PLANTS.page(Some("239"), 10).unwrap().next, None);
    let all: Vec<u32> = PLANTS.iter().map(|entry| entry.unwrap().1.height).collect();
    assert_eq!(all, (0..250).collect::<Vec<_>>());
    super::host::put("plant/100", b"nonsense", None).unwrap();
    let read: Vec<bool> = PLANTS.iter().map(|entry| entry.is_ok()).collect();
    assert_eq!((read.len(), read.last()), (101, Some(&false)), "it ends with the failure");
}

#[test]
fn counters_are_records_of_whole_numbers() {
    assert_eq!(COUNTS.increment("a", 2).unwrap(), 2);
    assert_eq!(COUNTS.increment("a", -5).unwrap(), -3);
    assert_eq!(COUNTS.get("a").unwrap(), Some(-3));
    COUNTS.put("a", &40).unwrap();
    assert_eq!(COUNTS.increment("a", 2).unwrap(), 42);
}

#[test]
fn a_record_with_a_time_to_live_is_forgotten() {
    PLANTS.put_for(1, "short", &plant("Fern", 1)).unwrap();
    assert!(PLANTS.get("short").unwrap().is_some());
    std::thread::sleep(std::time::Duration::from_millis(1_050));
    assert!(PLANTS.get("short").unwrap().is_none() && PLANTS.iter().next().is_none());
}

struct Garden;

impl LiveView for Garden {
    type Event = RawEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        COUNTS.increment("mounts", 1)?;
        Ok(Self)
    }

    fn handle_event(&mut self, event: RawEvent, _socket: &mut Socket) -> Result<()> {
        PLANTS.put("palm", &plant(&event.name, 1))?;
        if event.name == "refuse" { Err(Failure::bad_input("no")) } else { Ok(()) }
    }

    fn render(&self) -> Html {
        html! { <p></p> }
    }
}

#[test]
fn what_a_callback_writes_is_kept_when_it_went_well() {
    let mut view = testing::View::<Garden>::mount(&testing::context().build()).unwrap();
    view.event("Palm", "{}").unwrap();
    assert!(view.event("refuse", "{}").is_err());
    assert_eq!(PLANTS.get("palm").unwrap(), Some(plant("Palm", 1)));
    COUNTS.increment("mounts", 5).unwrap();
    settle(false);
    assert_eq!(COUNTS.get("mounts").unwrap(), Some(1));
}
