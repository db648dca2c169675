//! Where one goes from the hall: another component, at three addresses in three live sessions.

use hothouse_sdk::kit::{FlashMessages, Link};
use hothouse_sdk::prelude::*;

struct Desk {
    place: String,
    came_from: String,
    questions: Assign<u32>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum DeskEvent {
    Ask,
    Leave,
}

impl LiveView for Desk {
    type Event = DeskEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Desk");
        Ok(Self {
            place: context.uri().to_owned(),
            came_from: context.live_referer().unwrap_or_default(),
            questions: 0.into(),
            flash: Flash::default().into(),
        })
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: DeskEvent, socket: &mut Socket) -> Result<()> {
        match event {
            DeskEvent::Ask => {
                *self.questions += 1;
                socket.put_flash("error", "Nobody knows.");
            }
            DeskEvent::Leave => {
                socket.put_flash("info", "Come again.");
                socket.redirect("/");
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Desk"</h1>
                <p id="place">{self.place}</p>
                <p id="came-from">{self.came_from}</p>
                <p id="questions">{self.questions}</p>
                <nav aria-label="Sections">
                    <Link navigate="/" id="to-hall">"Hall"</Link> " "
                    <Link href="/" id="to-hall-anew">"Hall, loaded anew"</Link>
                </nav>
                <button type="button" id="ask" phx-click={DeskEvent::Ask}>"Ask"</button>
                <button type="button" id="leave" phx-click={DeskEvent::Leave}>"Leave"</button>
            </main>
        }
    }
}

export!(Desk);
