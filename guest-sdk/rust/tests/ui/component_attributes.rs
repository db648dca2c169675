use hothouse_sdk::prelude::*;

#[component]
fn Card(title: &str, #[prop(default = 3)] level: u8, note: Option<&str>) -> Html {
    html! { <h1>{title} {level} {note}</h1> }
}

fn template(count: u32, maybe: Option<&str>) -> Html {
    html! {
        <Card titel="misspelt" title="given"/>
        <Card level={4}/>
        <Card title={count}/>
        <Card title?={maybe}/>
        <Card title="a" note={maybe}/>
        <Card title="a" level="high"/>
        <Card title="a" data-x="1"/>
        <Card title="a" id="x"/>
        <Card title="a">"content"</Card>
    }
}

fn main() {}
