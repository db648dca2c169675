use hothouse_sdk::prelude::*;

#[component]
fn card(self, (a, b): (u8, u8), #[prop(optional)] c: u8, #[prop(default)] d: Slot) {
    html! {}
}

fn main() {}
