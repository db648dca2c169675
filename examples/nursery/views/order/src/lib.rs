//! An order with lines that come and go: rows of inputs, and inputs that depend on others.

use garde::Validate;
use hothouse_sdk::kit::{
    AddRow, Button, Checkbox, ErrorList, FlashMessages, HiddenInput, Input, Link, MoveRow, RadioGroup,
    RemoveRow, RowInputs, Select, Textarea, Variant,
};
use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// What the nursery sells, with prices in cents.
const PLANTS: [(&str, &str, u32); 4] = [
    ("palm", "Fan palm", 1_900),
    ("fern", "Sword fern", 1_200),
    ("moss", "Moss", 350),
    ("monstera", "Monstera", 2_450),
];

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Order {
    #[garde(length(min = 1, max = 10), dive)]
    lines: Vec<Line>,
    #[garde(skip)]
    delivery: Delivery,
    #[garde(dive, custom(there_for(&self.delivery)))]
    address: Option<Address>,
    #[garde(skip)]
    gift: bool,
    #[garde(length(max = 200))]
    message: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Line {
    #[garde(length(min = 1))]
    plant: String,
    #[garde(range(min = 1, max = 99))]
    count: u32,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Delivery {
    #[default]
    Pickup,
    Post,
}

#[derive(Debug, Serialize, Deserialize, Validate)]
struct Address {
    #[garde(length(min = 1, max = 80))]
    street: String,
    #[garde(length(min = 1, max = 80))]
    city: String,
}

fn there_for(delivery: &Delivery) -> impl FnOnce(&Option<Address>, &()) -> garde::Result {
    let is_needed = *delivery == Delivery::Post;
    move |address, _context| {
        if address.is_none() && is_needed { Err(garde::Error::new("is required")) } else { Ok(()) }
    }
}

impl Order {
    /// What the form begins with.
    fn new() -> Self {
        let line = Line { plant: String::new(), count: 1 };
        Self { lines: vec![line], delivery: Delivery::Pickup, address: None, gift: false, message: None }
    }

    fn count(&self) -> u32 {
        self.lines.iter().map(|line| line.count).sum()
    }
}

struct OrderForm {
    form: Assign<Form<Order>>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum OrderEvent {
    Validate(Params),
    Save(Params),
    Move { from: usize, to: usize },
}

impl LiveView for OrderForm {
    type Event = OrderEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Order plants");
        Ok(Self { form: Form::of("order", &Order::new()).into(), flash: Flash::default().into() })
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_event(&mut self, event: OrderEvent, socket: &mut Socket) -> Result<()> {
        match event {
            OrderEvent::Validate(params) => self.form.validate(&params),
            OrderEvent::Move { from, to } => {
                self.form.move_row("lines", from, to);
                // A row that goes down loses the focus on its way.
                if let Some(row) = self.form.rows("lines").get(to) {
                    let button = if to < from { "up" } else { "down" };
                    socket.push_js(JS::new().focus(format!("#{}-{button}", row.id())));
                }
            }
            OrderEvent::Save(params) => {
                if let Some(order) = self.form.submit(&params) {
                    socket.put_flash("info", format!("Ordered: {} plants.", order.count()));
                    self.form.reset();
                }
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        let lines = self.form.rows("lines");
        let is_posted = self.form.field("delivery").has("post");
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Order plants"</h1>
                <form
                    id="order"
                    novalidate
                    phx-change={OrderEvent::VALIDATE}
                    phx-submit={OrderEvent::SAVE}
                    data-unsaved-changes?={self.form.is_changed().then_some("Leave without ordering?")}
                >
                    <fieldset>
                        <legend>"Plants"</legend>
                        // An element around them: the button behind them stays where it is, and keeps the focus, when one comes.
                        <div>
                            for row in &lines key={row.id()} {
                                <div class="line" id={row.id()}>
                                    <RowInputs row={row}/>
                                    <Select
                                        field={row.field("plant")}
                                        label={format!("Plant {}", row.index() + 1)}
                                        prompt="Choose one"
                                        options={PLANTS.map(|(value, name, _)| (value, name))}
                                    />
                                    <Input field={row.field("count")} label="How many" type="number" min="1" max="99"/>
                                    <MoveRow row={row} rows={lines.len()} event={OrderEvent::MOVE}/>
                                    <RemoveRow row={row}>"Remove"</RemoveRow>
                                </div>
                            }
                        </div>
                        // Says that there is a list, when no line is left.
                        <HiddenInput name={self.form.drop_name("lines")}/>
                        <AddRow name={self.form.sort_name("lines")}>"Add a plant"</AddRow>
                        <ErrorList id="order_lines-errors" errors={self.form.field("lines").errors()}/>
                    </fieldset>
                    <p id="total">"Total: " {price(total(&lines))}</p>
                    <RadioGroup
                        field={self.form.field("delivery")}
                        label="How you get them"
                        options={[("pickup", "I fetch them"), ("post", "By post")]}
                    />
                    if is_posted {
                        <fieldset id="address">
                            <legend>"Where to"</legend>
                            <Input field={self.form.field("address[street]")} label="Street" autocomplete="street-address"/>
                            <Input field={self.form.field("address[city]")} label="City" autocomplete="address-level2"/>
                        </fieldset>
                    }
                    <Checkbox field={self.form.field("gift")} label="It is a present."/>
                    if self.form.field("gift").has("true") {
                        <Textarea field={self.form.field("message")} label="What to write on the card"/>
                    }
                    <Button type="submit" variant={Variant::Primary} phx-disable-with="Ordering…">"Order"</Button>
                </form>
                <p><Link navigate="/">"Become a customer"</Link></p>
            </main>
        }
    }
}

/// What the lines come to that can be read, in cents.
fn total(lines: &[hothouse_sdk::form::FormRow<'_>]) -> u32 {
    lines
        .iter()
        .map(|row| {
            let count: u32 = row.field("count").value().parse().unwrap_or_default();
            let plant = row.field("plant");
            let price = PLANTS.iter().find(|(value, ..)| plant.has(value)).map_or(0, |(_, _, price)| *price);
            price.saturating_mul(count)
        })
        .fold(0, u32::saturating_add)
}

fn price(cents: u32) -> String {
    format!("{}.{:02} €", cents / 100, cents % 100)
}

export!(OrderForm);
