use hothouse_sdk::prelude::*;

#[derive(Event)]
enum Clicked {
    At(u32, u32),
}

fn main() {}
