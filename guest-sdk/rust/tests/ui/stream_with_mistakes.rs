use hothouse_sdk::prelude::*;

struct Page {
    items: Stream<u32>,
    list: List<u32>,
}

impl Page {
    fn mistakes(&self) -> Html {
        html! {
            <ul phx-update="stream">
                "text"
                <li>"empty"</li>
                for item in self.items { <li id={item}>{item}</li> }
            </ul>
            <ul id="two" phx-update="stream">
                for (dom_id, item) in self.items key={item} { <li title={dom_id}>{item}</li> }
            </ul>
            <ul id="three" phx-update="stream">
                for (dom_id, item) in self.items { <li hidden={true} id={dom_id}>{item}</li> }
            </ul>
            <ul id="four" phx-update="stream">
                for (dom_id, item) in self.items { <li id={dom_id}>{item}</li> "and" }
            </ul>
        }
    }
}

fn main() {}
