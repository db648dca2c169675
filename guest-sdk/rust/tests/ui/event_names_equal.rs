use hothouse_sdk::prelude::*;

#[derive(Event)]
enum Clicked {
    Here,
    #[event(name = "here")]
    There,
}

fn main() {}
