use hothouse_sdk::prelude::*;

struct Page {
    items: Stream<u32>,
    list: List<u32>,
}

impl Page {
    fn list_as_stream(&self) -> Html {
        html! {
            <ul id="list" phx-update="stream">
                for (dom_id, item) in self.list { <li id={dom_id}>{item}</li> }
            </ul>
        }
    }

    fn stream_as_list(&self) -> Html {
        html! {
            <ul id="list">
                for (dom_id, item) in self.items { <li id={dom_id}>{item}</li> }
            </ul>
        }
    }
}

fn main() {}
