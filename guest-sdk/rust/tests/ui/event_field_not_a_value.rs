use hothouse_sdk::prelude::*;

struct Point;

#[derive(Event)]
enum Clicked {
    At { point: Point },
}

fn main() {}
