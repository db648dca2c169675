use hothouse_sdk::form::Field;
use hothouse_sdk::kit::{Checkbox, Input, Select, Tooltip};
use hothouse_sdk::prelude::*;

struct Country;

fn template(field: Field, countries: Vec<Country>) -> Html {
    html! {
        <Input field={field} type="email"/>
        <Input field="email" label="Email"/>
        <Input name="q" label="Search" checked={true}/>
        <Select name="country" label="Country" options={countries}/>
        <Select name="country" label="Country"/>
        <Checkbox name="news" label="News">"content"</Checkbox>
        <Tooltip id="t" text="t"/>
    }
}

fn main() {}
