//! The form of the benchmarks: five fields, all validated on each event, with the errors of those that were used.

use garde::Validate;
use hothouse_sdk::form::email_address;
use hothouse_sdk::kit::Input;
use hothouse_sdk::prelude::*;
use serde::Deserialize;

struct SignUp {
    form: Assign<Form<User>>,
}

/// What somebody signs up with.
#[derive(Deserialize, Validate)]
struct User {
    #[garde(length(min = 2, max = 40))]
    name: String,
    #[garde(custom(email_address))]
    email: String,
    #[garde(range(min = 18, max = 120))]
    age: u8,
    #[garde(length(min = 1))]
    city: String,
    #[garde(length(max = 200))]
    bio: String,
}

#[derive(Event)]
enum SignUpEvent {
    Validate(Params),
    Save(Params),
}

impl LiveView for SignUp {
    type Event = SignUpEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self { form: Form::new("user").into() })
    }

    fn handle_event(&mut self, event: SignUpEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            SignUpEvent::Validate(params) => self.form.validate(&params),
            SignUpEvent::Save(params) => {
                if self.form.submit(&params).is_some() {
                    self.form.reset();
                }
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <form id="user" phx-change={SignUpEvent::VALIDATE} phx-submit={SignUpEvent::SAVE}>
                <Input field={self.form.field("name")} label="Name"/>
                <Input field={self.form.field("email")} label="Email"/>
                <Input field={self.form.field("age")} label="Age"/>
                <Input field={self.form.field("city")} label="City"/>
                <Input field={self.form.field("bio")} label="About you"/>
                <button>"Sign up"</button>
            </form>
        }
    }
}

export!(SignUp);
