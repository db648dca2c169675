//! The front page, and the form to sign in.
//!
//! The form is sent twice. `phx-submit` sends it to this view, which looks at what was typed; when that is right, the view
//! puts the session and says `phx-trigger-action`, and the browser sends the form as forms are sent, to the host, which
//! answers with the cookie. So browsers offer to remember the password.

use hothouse_sdk::environment::config;
use hothouse_sdk::kit::{Button, FlashMessages, Link, LogOut, SessionForm, Variant};
use hothouse_sdk::prelude::*;

struct Door {
    user: Option<String>,
    signs_in: Assign<bool>,
    name: Assign<String>,
    is_wrong: Assign<bool>,
    is_right: Assign<bool>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum DoorEvent {
    Change { name: String },
    SignIn { name: String, password: String },
}

impl LiveView for Door {
    type Event = DoorEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            user: context.session("user").map(str::to_owned),
            signs_in: false.into(),
            name: String::new().into(),
            is_wrong: false.into(),
            is_right: false.into(),
            flash: Flash::default().into(),
        })
    }

    fn handle_params(&mut self, uri: &str, _params: &[(String, String)], socket: &mut Socket) -> Result<()> {
        self.signs_in.set(uri.starts_with("/sign-in"));
        socket.page_title(if *self.signs_in { "Sign in" } else { "Welcome" });
        Ok(())
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: DoorEvent, socket: &mut Socket) -> Result<()> {
        match event {
            DoorEvent::Change { name } => self.name.set(name),
            DoorEvent::SignIn { name, password } => {
                let known = config(&name);
                let is_right = known.is_some_and(|known| known == password);
                if is_right {
                    socket.put_session([("user", name.as_str())]);
                    socket.put_flash("info", format!("Welcome back, {name}."));
                    socket.push_navigate("/account");
                }
                self.name.set(name);
                self.is_wrong.set(!is_right);
                self.is_right.set(is_right);
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                if *self.signs_in {
                    <h1>"Sign in"</h1>
                    <SessionForm
                        id="sign-in" class="step" phx-change={DoorEvent::CHANGE} phx-submit={DoorEvent::SIGN_IN}
                        trigger={*self.is_right}
                    >
                        <label>"Name" <input name="name" value={self.name} autocomplete="username" autofocus required></label>
                        <label>"Password" <input name="password" type="password" autocomplete="current-password" required></label>
                        <p id="error" role="alert">{self.is_wrong.then_some("Name or password is wrong.")}</p>
                        <p><Button r#type="submit" variant={Variant::Primary}>"Sign in"</Button></p>
                    </SessionForm>
                    <p class="soft">"Not a member yet? " <Link navigate="/sign-up">"Sign up"</Link></p>
                } else {
                    <h1>"Garden club"</h1>
                    match &self.user {
                        Some(user) => {
                            <p>"You are signed in as " {user} "."</p>
                            <p><Link navigate="/account">"Your account"</Link></p>
                            // No view is asked: the host answers it.
                            <LogOut id="sign-out" to="/">"Sign out"</LogOut>
                        }
                        None => {
                            <p>"For people who talk to their plants."</p>
                            <p class="row">
                                <Link navigate="/sign-up">"Sign up"</Link>
                                <Link patch="/sign-in">"Sign in"</Link>
                            </p>
                        }
                    }
                }
            </main>
        }
    }
}

export!(Door);
