//! The inputs of the kit in one form, with what belongs to them.

mod order;

use hothouse_sdk::form::{Form, FormRow, Params};
use hothouse_sdk::kit::{
    AddRow, Button, Checkbox, CheckboxGroup, ErrorList, FlashMessages, Glyph, HiddenInput, Icon, Input,
    MoveRow, RadioGroup, RemoveRow, RowInputs, Select, Textarea, Variant,
};
use hothouse_sdk::prelude::*;

use order::{DELIVERIES, EXTRAS, MAX_LINES, Order, ROOMS, countries};

struct Inputs {
    form: Assign<Form<Order>>,
    flash: Assign<Flash>,
    sent: Assign<u32>,
}

#[derive(Event)]
enum InputsEvent {
    Validate(Params),
    Send(Params),
    Move { from: usize, to: usize },
    Reset,
}

/// An order with a line to begin with.
fn first() -> Form<Order> {
    let first = Order {
        name: String::new(),
        email: String::new(),
        secret: String::new(),
        phone: None,
        website: None,
        country: String::new(),
        day: String::new(),
        time: None,
        boxes: 1,
        height: 60,
        pot: "#b5654a".to_owned(),
        delivery: order::Delivery::Post,
        extras: Vec::new(),
        rooms: Vec::new(),
        note: String::new(),
        terms: false,
        lines: vec![order::Line { plant: String::new(), count: 1 }],
    };
    Form::of("order", &first)
}

impl LiveView for Inputs {
    type Event = InputsEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Inputs");
        Ok(Self { form: first().into(), flash: Flash::default().into(), sent: 0.into() })
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: InputsEvent, socket: &mut Socket) -> Result<()> {
        match event {
            InputsEvent::Validate(params) => self.form.validate(&params),
            InputsEvent::Move { from, to } => {
                self.form.move_row("lines", from, to);
                // A row that goes down loses the focus on its way.
                if let Some(row) = self.form.rows("lines").get(to) {
                    let button = if to < from { "up" } else { "down" };
                    socket.push_js(JS::new().focus(format!("#{}-{button}", row.id())));
                }
            }
            InputsEvent::Reset => self.form.reset(),
            InputsEvent::Send(params) => match self.form.submit(&params) {
                Some(order) if order.height > 120 && matches!(order.delivery, order::Delivery::Post) => {
                    self.form.add_error("", "What is higher than 120 cm does not go by post.");
                }
                Some(order) => {
                    socket.put_flash(
                        "success",
                        format!("Thank you, {}: {} is on its way.", order.name, what(&order)),
                    );
                    *self.sent += 1;
                    self.form.reset();
                }
                None => socket.put_flash("error", "Something is missing: see below."),
            },
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main class="wide">
                <h1>"Inputs"</h1>
                <p class="soft">"Each has a label, and room for help and for errors. Nothing is said before somebody has been there."</p>
                <form id="order" class="order" novalidate phx-change={InputsEvent::VALIDATE} phx-submit={InputsEvent::SEND}>
                    <div>
                        <section aria-labelledby="who">
                            <h2 id="who">"Who"</h2>
                            <Input field={self.form.field("name")} label="Name" required autocomplete="name"/>
                            <Input
                                field={self.form.field("email")}
                                type="email"
                                label="Email"
                                description="For the receipt, and nothing else."
                                required
                                autocomplete="email"
                                phx-debounce="blur"
                            />
                            <Input
                                field={self.form.field("secret")}
                                type="password"
                                label="Secret word"
                                description="To collect it with. 8 characters or more."
                                required
                                autocomplete="new-password"
                            />
                            <Input field={self.form.field("phone")} type="tel" label="Telephone" autocomplete="tel"/>
                            <Input
                                field={self.form.field("website")}
                                type="url"
                                label="Website"
                                placeholder="https://"
                                autocomplete="url"
                            />
                        </section>
                        <section aria-labelledby="lines">
                            <h2 id="lines">"What"</h2>
                            <HiddenInput name={self.form.drop_name("lines")}/>
                            // An element around them: what stands behind it keeps its place, and its focus, when one comes.
                            <div>
                                for row in self.form.rows("lines") key={row.id()} {
                                    {line(&row, self.form.rows("lines").len())}
                                }
                            </div>
                            <p class="row">
                                <AddRow
                                    name={self.form.sort_name("lines")}
                                    disabled={self.form.rows("lines").len() >= MAX_LINES}
                                >
                                    <Icon glyph={Glyph::Plus}/> "Add a plant"
                                </AddRow>
                            </p>
                            <ErrorList id="order_lines-errors" errors={self.form.field("lines").errors()}/>
                        </section>
                    </div>
                    <div>
                        <section aria-labelledby="where">
                            <h2 id="where">"Where and when"</h2>
                            <Select
                                field={self.form.field("country")}
                                label="Country"
                                options={countries()}
                                prompt="Choose a country"
                                required
                            />
                            <div class="pair">
                                <Input field={self.form.field("day")} type="date" label="Day" required/>
                                <Input field={self.form.field("time")} type="time" label="Time"/>
                            </div>
                            <RadioGroup field={self.form.field("delivery")} label="Delivery" options={DELIVERIES} required/>
                            <CheckboxGroup
                                field={self.form.field("extras")}
                                label="Extras"
                                description="One or two of them are free."
                                options={EXTRAS}
                            />
                            <div class="pair">
                                <Input field={self.form.field("boxes")} type="number" label="Boxes" min="1" max="12" required/>
                                <Input field={self.form.field("pot")} type="color" label="Colour of the pots"/>
                            </div>
                        </section>
                        <section aria-labelledby="how">
                            <h2 id="how">"How"</h2>
                            <Input
                                field={self.form.field("height")}
                                type="range"
                                label="Height"
                                description={format!("{} cm", self.form.field("height").value())}
                                min="10"
                                max="200"
                                step="10"
                            />
                            <Select
                                field={self.form.field("rooms")}
                                label="Rooms"
                                description="Where they are to grow. Several may be chosen."
                                options={ROOMS}
                                multiple
                                required
                            />
                            <Textarea
                                field={self.form.field("note")}
                                label="Note"
                                description="Up to 120 characters."
                                rows={3}
                                phx-debounce="300"
                            />
                        </section>
                    </div>
                    <footer>
                        <Checkbox field={self.form.field("terms")} label="I have read what plants need" required/>
                        <ErrorList id="order-errors" errors={self.form.errors()}/>
                        <p class="row">
                            <Button type="submit" variant={Variant::Primary} phx-disable-with="Ordering …">"Order"</Button>
                            <Button phx-click={InputsEvent::Reset} disabled={!self.form.is_changed()}>"Start over"</Button>
                            <span id="sent" class="soft">{self.sent} " ordered"</span>
                        </p>
                    </footer>
                </form>
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

/// One line of the order.
fn line(row: &FormRow<'_>, rows: usize) -> Html {
    html! {
        <fieldset id={row.id()} class="line">
            <legend class="hh-unseen">"Plant " {row.index() + 1}</legend>
            <RowInputs row={row}/>
            <Input field={row.field("plant")} label="Plant" required phx-debounce="300"/>
            <Input field={row.field("count")} type="number" label="How many" min="1" max="99" required/>
            <div class="line-actions">
                <MoveRow row={row} rows={rows} event={InputsEvent::MOVE}/>
                <RemoveRow row={row} aria-label="Remove"><Icon glyph={Glyph::Trash}/></RemoveRow>
            </div>
        </fieldset>
    }
}

fn what(order: &Order) -> String {
    let plants = order.lines.iter().map(|line| format!("{} × {}", line.count, line.plant));
    plants.collect::<Vec<_>>().join(", ")
}

export!(Inputs);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing;

    use super::Inputs;

    #[test]
    fn a_form_begins_with_one_line_and_no_complaint() -> hothouse_sdk::Result<()> {
        let mut view = testing::View::<Inputs>::mount(&testing::context().build())?;
        assert!(!view.html().contains("aria-invalid"), "{}", view.html());
        assert_eq!(view.html().matches("<fieldset id=\"order_lines_").count(), 1);
        view.event("move", r#"{"from":0,"to":7}"#)?;
        assert_eq!(view.html().matches("<fieldset id=\"order_lines_").count(), 1);
        assert!(view.html().contains("<option value=\"fr\">France</option>"));
        Ok(())
    }
}
