use hothouse_sdk::prelude::*;

#[derive(Event)]
enum Clicked {
    #[event(rename = "here")]
    There,
    #[event(name = "")]
    Nowhere,
}

fn main() {}
