use hothouse_sdk::prelude::*;

#[derive(Event)]
struct Clicked;

fn main() {}
