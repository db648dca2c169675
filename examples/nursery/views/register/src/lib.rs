//! A registration that is validated while it is typed: every kind of input, one struct.

use garde::Validate;
use hothouse_sdk::form::email_address;
use hothouse_sdk::kit::{
    Button, Checkbox, CheckboxGroup, FlashMessages, HiddenInput, Input, Link, RadioGroup, Select, Textarea,
    Variant,
};
use hothouse_sdk::prelude::*;
use jiff::civil::Date;
use serde::Deserialize;

/// What a customer tells of themselves. The rules are here, and nowhere else.
#[derive(Debug, Deserialize, Validate)]
#[expect(dead_code, reason = "a shop would keep what the example only checks")]
struct Customer {
    #[garde(length(min = 1, max = 80))]
    name: String,
    #[garde(custom(email_address))]
    email: String,
    #[garde(length(min = 10, max = 100))]
    password: String,
    #[garde(custom(same_as(&self.password)))]
    repeated: String,
    #[garde(range(max = 80))]
    years: u8,
    #[garde(required)]
    since: Option<Date>,
    #[garde(skip)]
    country: Country,
    #[garde(skip)]
    garden: Place,
    #[garde(length(min = 1))]
    interests: Vec<String>,
    #[garde(length(max = 200))]
    about: String,
    #[garde(custom(accepted))]
    terms: bool,
    /// From which page they came: a hidden input.
    #[garde(skip)]
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Country {
    Austria,
    Germany,
    Switzerland,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    Windowsill,
    Balcony,
    Garden,
}

fn same_as(password: &str) -> impl FnOnce(&String, &()) -> garde::Result + '_ {
    move |repeated, _context| {
        if repeated == password { Ok(()) } else { Err(garde::Error::new("is not the same password")) }
    }
}

fn accepted(terms: &bool, _context: &()) -> garde::Result {
    if *terms { Ok(()) } else { Err(garde::Error::new("have to be accepted")) }
}

struct Register {
    form: Assign<Form<Customer>>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum RegisterEvent {
    Validate(Params),
    Save(Params),
}

impl LiveView for Register {
    type Event = RegisterEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Become a customer");
        Ok(Self { form: Form::new("customer").into(), flash: Flash::default().into() })
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: RegisterEvent, socket: &mut Socket) -> Result<()> {
        match event {
            // The button that empties the form.
            RegisterEvent::Validate(params) if params.target() == Some("reset") => self.form.reset(),
            RegisterEvent::Validate(params) => self.form.validate(&params),
            RegisterEvent::Save(params) => self.save(&params, socket),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Become a customer"</h1>
                <p class="soft">"What is wrong is said while you type, and only where you have been."</p>
                <form
                    id="customer"
                    novalidate
                    phx-change={RegisterEvent::VALIDATE}
                    phx-submit={RegisterEvent::SAVE}
                    data-unsaved-changes?={self.form.is_changed().then_some("Leave without registering?")}
                >
                    <HiddenInput field={self.form.field("source")} value="front page"/>
                    <Input field={self.form.field("name")} label="Name" autocomplete="name" required phx-debounce="200"/>
                    <Input
                        field={self.form.field("email")}
                        label="Email"
                        type="email"
                        autocomplete="email"
                        description="We write to it when a plant of yours is ready."
                        required
                        phx-debounce="blur"
                    />
                    <Input field={self.form.field("password")} label="Password" type="password" autocomplete="new-password" required phx-debounce="200"/>
                    <Input field={self.form.field("repeated")} label="The same again" type="password" autocomplete="new-password" required phx-debounce="200"/>
                    <Input field={self.form.field("years")} label="Years of gardening" type="number" min="0" max="80" required/>
                    <Input field={self.form.field("since")} label="Gardening since" type="date" required/>
                    <Select
                        field={self.form.field("country")}
                        label="Country"
                        prompt="Choose one"
                        options={[("austria", "Austria"), ("germany", "Germany"), ("switzerland", "Switzerland")]}
                        required
                    />
                    <RadioGroup
                        field={self.form.field("garden")}
                        label="Where your plants live"
                        options={[("windowsill", "On a windowsill"), ("balcony", "On a balcony"), ("garden", "In a garden")]}
                        required
                    />
                    <CheckboxGroup
                        field={self.form.field("interests")}
                        label="What you grow"
                        options={[("herbs", "Herbs"), ("vegetables", "Vegetables"), ("flowers", "Flowers"), ("trees", "Trees")]}
                    />
                    <Textarea field={self.form.field("about")} label="About your garden" rows={3} description="200 characters at most." phx-debounce="200"/>
                    <Checkbox field={self.form.field("terms")} label="I accept the terms of trade." required/>
                    <p class="row">
                        <Button type="submit" variant={Variant::Primary} phx-disable-with="Registering…">"Register"</Button>
                        <Button type="reset" name="reset">"Start again"</Button>
                    </p>
                </form>
                <p><Link navigate="/order">"Order plants"</Link></p>
            </main>
        }
    }
}

impl Register {
    fn save(&mut self, params: &Params, socket: &mut Socket) {
        let Some(customer) = self.form.submit(params) else { return };
        let taken = environment::config("taken").unwrap_or_default();
        if taken.split_whitespace().any(|email| email.eq_ignore_ascii_case(&customer.email)) {
            self.form.add_error("email", "is registered already");
            return;
        }
        socket.put_flash("info", format!("Welcome, {}.", customer.name));
        socket.push_navigate("/order");
    }
}

export!(Register);
