use hothouse_sdk::prelude::*;

fn template() -> Html {
    html! {
        <script>"'</script>'"</script>
    }
}

fn main() {}
