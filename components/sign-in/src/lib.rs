//! The view of the guide on sessions: signing in by an effect and by a form, and out again.

use hothouse_sdk::kit::{Button, FlashMessages, LogOut, SessionForm};
use hothouse_sdk::prelude::*;

struct SignIn {
    user: Assign<Option<String>>,
    flash: Assign<Flash>,
    /// Whether the browser is to send the form now.
    is_checked: Assign<bool>,
    /// Whether the page has been joined before, as far as somebody asked to note that.
    was_here: Assign<bool>,
}

#[derive(Event)]
enum SignInEvent {
    /// The page fetches the session by itself.
    Enter {
        name: String,
        word: String,
    },
    /// Something was typed into the form.
    Typed {
        name: String,
    },
    /// The form fetches the session.
    Check {
        name: String,
        word: String,
    },
    Forget,
}

/// Who knows the word is in.
fn admit(name: &str, word: &str, socket: &mut Socket) -> bool {
    if word != "sesame" {
        socket.put_flash("error", "That is not the word.");
        return false;
    }
    socket.put_session([("user", name), ("live_socket_id", &format!("users:{name}"))]);
    socket.put_flash("info", format!("Welcome, {name}."));
    socket.push_navigate("/members");
    true
}

impl LiveView for SignIn {
    type Event = SignInEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        if context.connected() && context.param("note").is_some() {
            socket.put_session([("was-here", "yes")]);
        }
        Ok(Self {
            user: context.session("user").map(str::to_owned).into(),
            flash: context.all_flash().into(),
            is_checked: false.into(),
            was_here: context.session("was-here").is_some().into(),
        })
    }

    fn handle_event(&mut self, event: SignInEvent, socket: &mut Socket) -> Result<()> {
        match event {
            SignInEvent::Enter { name, word } => drop(admit(&name, &word, socket)),
            SignInEvent::Typed { name } => socket.page_title(name),
            SignInEvent::Check { name, word } => self.is_checked.set(admit(&name, &word, socket)),
            SignInEvent::Forget => socket.clear_session(),
        }
        Ok(())
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <p :if={*self.was_here} id="was-here">"You were here before."</p>
                match &*self.user {
                    Some(user) => {
                        <h1 id="user">{user}</h1>
                        <LogOut id="log-out" to="/?gone">"Log out"</LogOut>
                        <Button id="forget" phx-click={SignInEvent::Forget}>"Forget me"</Button>
                    }
                    None => {
                        <h1>"Who are you?"</h1>
                        <form id="by-effect" phx-submit={SignInEvent::ENTER}>
                            <label>"Name "<input name="name" required></label>
                            <label>"Word "<input name="word" type="password" required></label>
                            <Button type="submit">"Sign in"</Button>
                        </form>
                        <SessionForm
                            id="by-form"
                            trigger={*self.is_checked}
                            phx-change={SignInEvent::TYPED}
                            phx-submit={SignInEvent::CHECK}
                        >
                            <label>"Name "<input name="name" required></label>
                            <label>"Word "<input name="word" type="password" required></label>
                            <Button type="submit">"Sign in with the form"</Button>
                        </SessionForm>
                    }
                }
            </main>
        }
    }
}

hothouse_sdk::export!(SignIn);
