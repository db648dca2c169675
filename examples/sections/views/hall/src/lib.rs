//! The way in, from which one goes to another component, and to other live sessions.

use hothouse_sdk::kit::{FlashMessages, Link};
use hothouse_sdk::prelude::*;

struct Hall {
    came_from: String,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum HallEvent {
    TakeNumber,
}

impl LiveView for Hall {
    type Event = HallEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Hall");
        Ok(Self { came_from: context.live_referer().unwrap_or_default(), flash: Flash::default().into() })
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, HallEvent::TakeNumber: HallEvent, socket: &mut Socket) -> Result<()> {
        socket.put_flash("info", "You are number 7.");
        socket.push_navigate("/desk");
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Hall"</h1>
                <p id="came-from">{self.came_from}</p>
                <nav aria-label="Sections">
                    <Link navigate="/desk" id="to-desk">"Desk"</Link> " "
                    <Link navigate="/office" id="to-office">"Office"</Link> " "
                    <Link navigate="/staff" id="to-staff">"Staff"</Link>
                </nav>
                <button type="button" id="take" phx-click={HallEvent::TakeNumber}>"Take a number"</button>
            </main>
        }
    }
}

export!(Hall);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing::{Effect, View, context};

    use super::*;

    #[test]
    fn a_number_goes_along_to_the_desk() {
        let mut view = View::<Hall>::mount(&context().build()).unwrap();
        view.take_effects();
        view.event("take_number", "{}").unwrap();
        let effects = view.take_effects();
        let [Effect::PutFlash(put), Effect::Navigate(to)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!((put.name.as_str(), to.to.as_str()), ("info", "/desk"));
    }
}
