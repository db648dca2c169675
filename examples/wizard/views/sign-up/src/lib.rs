//! A wizard: three steps at three addresses, one form.
//!
//! All answers are in the form of every step, the earlier ones in hidden inputs. When the connection is lost, the client
//! sends the form to the view that is mounted in the old one's place (`phx-auto-recover`), which goes on from there.

use hothouse_sdk::kit::{Button, FlashMessages, Link, Variant};
use hothouse_sdk::prelude::*;

const MAX_NAME_CHARACTERS: usize = 40;

/// What is asked for, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name,
    Garden,
    Confirm,
}

impl Step {
    fn of_path(part: Option<&str>) -> Option<Self> {
        match part {
            None => Some(Self::Name),
            Some("garden") => Some(Self::Garden),
            Some("confirm") => Some(Self::Confirm),
            Some(_) => None,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Name => "/sign-up",
            Self::Garden => "/sign-up/garden",
            Self::Confirm => "/sign-up/confirm",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    Windowsill,
    Balcony,
    Garden,
}

impl Spot {
    const ALL: [Self; 3] = [Self::Windowsill, Self::Balcony, Self::Garden];

    fn name(self) -> &'static str {
        match self {
            Self::Windowsill => "windowsill",
            Self::Balcony => "balcony",
            Self::Garden => "garden",
        }
    }
}

impl FromValue for Spot {
    fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|garden| garden.name() == text)
    }

    fn expected() -> String {
        "windowsill, balcony or garden".to_owned()
    }
}

struct SignUp {
    /// The step of the address.
    asked: Step,
    /// The step that is shown: no later one than can be answered.
    shown: Assign<Step>,
    name: Assign<String>,
    garden: Assign<Option<Spot>>,
    /// Whether somebody has tried to go on: before that, nothing is called wrong.
    tried: Assign<bool>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum SignUpEvent {
    Change { name: String, garden: Option<Spot> },
    Recover { name: String, garden: Option<Spot> },
    Next { name: String, garden: Option<Spot> },
}

impl LiveView for SignUp {
    type Event = SignUpEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Sign up");
        Ok(Self {
            asked: Step::Name,
            shown: Step::Name.into(),
            name: String::new().into(),
            garden: None.into(),
            tried: false.into(),
            flash: Flash::default().into(),
        })
    }

    fn handle_params(&mut self, _uri: &str, params: &[(String, String)], _socket: &mut Socket) -> Result<()> {
        let part = param::<String>(params, "step");
        let step = Step::of_path(part.as_deref());
        self.asked = step.ok_or_else(|| Failure::not_found("There is no such step."))?;
        self.tried.set(false);
        self.go_on();
        Ok(())
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: SignUpEvent, socket: &mut Socket) -> Result<()> {
        match event {
            SignUpEvent::Change { name, garden } => self.answer(name, garden),
            SignUpEvent::Recover { name, garden } => {
                self.answer(name, garden);
                self.go_on();
            }
            SignUpEvent::Next { name, garden } => {
                self.answer(name, garden);
                match *self.shown {
                    Step::Name if self.name_error().is_none() => socket.push_patch(Step::Garden.path()),
                    Step::Garden if self.garden.is_some() => socket.push_patch(Step::Confirm.path()),
                    Step::Confirm => self.sign_up(socket),
                    Step::Name | Step::Garden => self.tried.set(true),
                }
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Sign up"</h1>
                <ol class="steps" aria-label="Steps">
                    for (step, title) in [(Step::Name, "You"), (Step::Garden, "Your plants"), (Step::Confirm, "Look again")]
                    key={title} {
                        <li aria-current?={(step == *self.shown).then_some("step")}>
                            if step < *self.shown {
                                <Link patch={step.path()}>{title}</Link>
                            } else {
                                {title}
                            }
                        </li>
                    }
                </ol>
                <form
                    id="sign-up" class="step" phx-change={SignUpEvent::CHANGE} phx-submit={SignUpEvent::NEXT}
                    phx-auto-recover={SignUpEvent::RECOVER}
                >
                    match *self.shown {
                        Step::Name => {
                            <label>
                                "Your name"
                                <input
                                    name="name" value={self.name} autocomplete="name" autofocus
                                    aria-invalid?={self.shown_error().map(|_| "true")} aria-describedby="error"
                                >
                            </label>
                            if let Some(garden) = *self.garden {
                                <input type="hidden" name="garden" value={garden.name()}>
                            }
                        }
                        Step::Garden => {
                            <input type="hidden" name="name" value={self.name}>
                            <fieldset aria-describedby="error">
                                <legend>"Where do your plants live?"</legend>
                                for garden in Spot::ALL key={garden.name()} {
                                    <label>
                                        <input
                                            type="radio" name="garden" value={garden.name()}
                                            checked={*self.garden == Some(garden)}
                                        >
                                        {place(garden)}
                                    </label>
                                }
                            </fieldset>
                        }
                        Step::Confirm => {
                            <input type="hidden" name="name" value={self.name}>
                            if let Some(garden) = *self.garden {
                                <input type="hidden" name="garden" value={garden.name()}>
                                <p id="summary">{self.name} ", with plants " {place(garden)} "."</p>
                            }
                        }
                    }
                    <p id="error" role="alert">{self.shown_error()}</p>
                    <p>
                        <Button r#type="submit" variant={Variant::Primary}>
                            {if *self.shown == Step::Confirm { "Become a member" } else { "Go on" }}
                        </Button>
                    </p>
                </form>
                <p class="soft">"Already a member? " <Link navigate="/sign-in">"Sign in"</Link></p>
            </main>
        }
    }
}

impl SignUp {
    /// Shows the step of the address, or the first one without an answer if that comes before it.
    fn go_on(&mut self) {
        let unanswered = if self.name_error().is_some() {
            Step::Name
        } else if self.garden.is_none() {
            Step::Garden
        } else {
            Step::Confirm
        };
        self.shown.set(unanswered.min(self.asked));
    }

    fn answer(&mut self, name: String, garden: Option<Spot>) {
        self.name.set(name);
        self.garden.set(garden);
    }

    fn sign_up(&self, socket: &mut Socket) {
        let garden = self.garden.map_or("", Spot::name);
        socket.put_session([("user", self.name.trim()), ("garden", garden)]);
        socket.put_flash("info", format!("Welcome, {}.", self.name.trim()));
        socket.push_navigate("/account");
    }

    fn name_error(&self) -> Option<&'static str> {
        match self.name.trim().chars().count() {
            0 => Some("Tell us your name."),
            count if count > MAX_NAME_CHARACTERS => {
                Some("That is longer than our cards: 40 letters at most.")
            }
            _ => None,
        }
    }

    fn shown_error(&self) -> Option<&'static str> {
        if !*self.tried {
            return None;
        }
        match *self.shown {
            Step::Name => self.name_error(),
            Step::Garden => self.garden.is_none().then_some("Choose one."),
            Step::Confirm => None,
        }
    }
}

fn place(garden: Spot) -> &'static str {
    match garden {
        Spot::Windowsill => "on a windowsill",
        Spot::Balcony => "on a balcony",
        Spot::Garden => "in a garden",
    }
}

export!(SignUp);

#[cfg(test)]
mod tests;
