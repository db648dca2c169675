use hothouse_sdk::prelude::*;

fn template(open: bool, attributes: Attrs) -> Html {
    html! {
        <p :if="open">"quoted"</p>
        <p :for={open}>"no loop"</p>
        <p :key={1}>"no loop"</p>
        <p :if={open} :if={!open}>"twice"</p>
        <p {..attributes} {..attributes}>"twice"</p>
        <p {attributes}>"not spread"</p>
        <p :key={1} :for={id in [1]} id="a">"repeats"</p>
    }
}

fn main() {}
