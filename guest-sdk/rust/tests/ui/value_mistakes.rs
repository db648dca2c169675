use hothouse_sdk::prelude::*;

#[derive(FromValue)]
struct Pair(u32, u32);

#[derive(FromValue)]
enum Shape {
    Round,
    Long { length: u32 },
}

fn main() {}
