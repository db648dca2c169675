//! A page for who is signed in: the host has seen to that before this view runs.

use hothouse_sdk::kit::{Button, FlashMessages, Link};
use hothouse_sdk::prelude::*;

struct Account {
    user: String,
    garden: Option<String>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum AccountEvent {
    SignOut,
}

impl LiveView for Account {
    type Event = AccountEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Account");
        Ok(Self {
            user: context.session("user").unwrap_or_default().to_owned(),
            garden: context.session("garden").map(str::to_owned),
            flash: Flash::default().into(),
        })
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, AccountEvent::SignOut: AccountEvent, socket: &mut Socket) -> Result<()> {
        socket.clear_session();
        socket.put_flash("info", "See you soon.");
        socket.push_navigate("/");
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Hello, " {self.user}</h1>
                <p id="member">
                    "You are a member of the club"
                    if let Some(garden) = &self.garden {
                        ", with a " {garden}
                    }
                    "."
                </p>
                <p class="row">
                    <Button id="sign-out" phx-click={AccountEvent::SignOut}>"Sign out"</Button>
                    <Link href="/">"Front page"</Link>
                </p>
            </main>
        }
    }
}

export!(Account);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing::{Effect, View, context};

    use super::Account;

    #[test]
    fn signing_out_forgets_who_it_was_and_leads_to_the_front_page() {
        let ann = context().session("user", "Ann").session("garden", "balcony").build();
        let mut view = View::<Account>::mount(&ann).unwrap();
        assert!(view.html().contains("You are a member of the club, with a balcony."), "{}", view.html());
        view.take_effects();
        view.event("sign_out", "{}").unwrap();
        let effects = view.take_effects();
        assert!(
            matches!(effects.as_slice(), [Effect::ClearSession, Effect::PutFlash(_), Effect::Navigate(_)]),
            "{effects:?}"
        );
    }
}
