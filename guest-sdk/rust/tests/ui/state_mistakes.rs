use hothouse_sdk::prelude::*;

#[derive(State)]
enum OneOfMany {
    First,
}

#[derive(State)]
struct Unnamed(u32);

#[derive(State)]
#[live(version = 0)]
struct Zero {
    count: u32,
}

#[derive(State)]
#[live(version = "two")]
struct Text {
    count: u32,
}

#[derive(State)]
#[live(version = 2, version = 3)]
struct Twice {
    count: u32,
}

#[derive(State)]
#[live(from = Zero)]
struct Older {
    count: u32,
}

#[derive(State)]
struct Unknown {
    #[live(skipped)]
    count: u32,
}

#[derive(State)]
struct SkippedTwice {
    #[live(skip, skip = 3)]
    count: u32,
}

#[derive(State)]
struct Streaming {
    posts: Stream<u32>,
}

fn main() {}
