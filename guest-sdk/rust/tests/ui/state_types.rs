use hothouse_sdk::prelude::*;

#[derive(State)]
struct Page {
    count: Assign<u32>,
    rows: List<Row>,
    #[live(skip)]
    row: Row,
    #[live(skip = "seven")]
    seven: u32,
}

struct Row;

#[derive(State)]
#[live(version = 2, from = Old)]
struct New {
    count: u32,
}

#[derive(State)]
struct Old {
    counts: u32,
}

fn main() {}
