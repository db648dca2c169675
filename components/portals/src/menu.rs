//! A menu whose entries stand in a portal, and send events of their own.

use hothouse_sdk::kit::Portal;
use hothouse_sdk::prelude::*;

pub(crate) struct Menu {
    name: String,
    chosen: Assign<String>,
    is_closed: Assign<bool>,
}

#[derive(Clone, PartialEq, Attributes)]
pub(crate) struct MenuAttributes {
    name: String,
}

#[derive(Event)]
pub(crate) enum MenuEvent {
    Choose { what: String },
    Close,
}

impl LiveComponent for Menu {
    type Attributes = MenuAttributes;
    type Event = MenuEvent;

    fn mount(MenuAttributes { name }: MenuAttributes) -> Self {
        Self { name, chosen: String::new().into(), is_closed: false.into() }
    }

    fn update(&mut self, _attributes: MenuAttributes) {}

    fn handle_event(&mut self, event: MenuEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            MenuEvent::Choose { what } => self.chosen.set(what),
            MenuEvent::Close => self.is_closed.set(true),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <section id={self.name} class="menu" phx-click-away={MenuEvent::Close}>
                <output>{self.chosen}</output>
                if !*self.is_closed {
                    <Portal id={format!("{}-entries", self.name)}>
                        <button id={format!("{}-a", self.name)} phx-click={MenuEvent::CHOOSE} phx-value-what="a">"A"</button>
                        <button id={format!("{}-b", self.name)} phx-click="choose" phx-target={format!("#{}", self.name)} phx-value-what="b">
                            "B"
                        </button>
                        <form id={format!("{}-form", self.name)} phx-change={MenuEvent::CHOOSE}>
                            <input id={format!("{}-input", self.name)} name="what">
                        </form>
                    </Portal>
                }
            </section>
        }
    }
}
