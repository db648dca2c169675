use hothouse_sdk::prelude::*;

fn main() {
    let _ = JS::new().push("save").time(200);
    let _ = JS::new().hide("#a").page_loading();
    let _ = JS::new().toggle("#a").with_transition("fade");
    let _ = JS::new().pop_focus().to("#a");
}
