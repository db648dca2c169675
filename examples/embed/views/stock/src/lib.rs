//! What is in stock, kept true while it is looked at. The stock is the application's: it is read and changed through
//! its service, and whoever changes it announces that.

use hothouse_sdk::prelude::*;
use hothouse_sdk::services;
use serde::{Deserialize, Serialize};

/// The service of the application, and the topic under which changes are announced.
const STOCK: &str = "stock";

struct Stock {
    user: String,
    plants: List<Plant>,
    note: Assign<String>,
}

#[derive(Deserialize, PartialEq)]
struct Plant {
    id: u32,
    name: String,
    count: u32,
}

/// What is announced under it.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum StockMessage {
    Changed { id: u32 },
}

#[derive(Event)]
enum StockEvent {
    Take { id: u32 },
}

impl LiveView for Stock {
    type Event = StockEvent;

    fn mount(context: &Context, socket: &mut Socket) -> Result<Self> {
        let user = context.session("user").ok_or_else(|| Failure::forbidden("Log in to see the stock."))?;
        socket.page_title("Stock");
        // Before anything is read: what changes from now on is heard.
        socket.subscribe(STOCK);
        let mut view = Self { user: user.to_owned(), plants: List::new(), note: Assign::new(String::new()) };
        view.read()?;
        Ok(view)
    }

    fn connected(&mut self, _context: &Context, _socket: &mut Socket) -> Result<()> {
        self.read()
    }

    fn handle_event(&mut self, event: StockEvent, socket: &mut Socket) -> Result<()> {
        match event {
            StockEvent::Take { id } => {
                let answer = ask(&json!({ "take": id }))?;
                *self.note = serde_json::from_slice(&answer).map_err(|_| misunderstood())?;
                socket.broadcast(STOCK, &StockMessage::Changed { id });
                Ok(())
            }
        }
    }

    fn handle_info(&mut self, _message: Message, _socket: &mut Socket) -> Result<()> {
        // Whatever it was, and however many: the stock is what the service says.
        self.read()
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Stock"</h1>
                <p>"Logged in as " <b id="user">{self.user}</b>"."</p>
                <ul id="plants" class="rows">
                    for plant in self.plants {
                        <li id={format!("plant-{}", plant.id)}>
                            <span class="grow">{plant.name}</span>
                            <span class="count">{plant.count}</span>
                            <button phx-click={StockEvent::TAKE} phx-value-id={plant.id} disabled={plant.count == 0}>"Take one"</button>
                        </li>
                    }
                </ul>
                if !self.note.is_empty() {
                    <p id="note" role="status">{self.note}</p>
                }
                <form action="/logout" method="post"><button>"Log out"</button></form>
            </main>
        }
    }
}

impl Stock {
    fn read(&mut self) -> Result<()> {
        let plants: Vec<Plant> =
            serde_json::from_slice(&ask(&json!("list"))?).map_err(|_| misunderstood())?;
        for (index, plant) in plants.into_iter().enumerate() {
            if self.plants.get(index).is_none() {
                self.plants.push(plant);
            } else if self.plants.get(index) != Some(&plant)
                && let Some(known) = self.plants.get_mut(index)
            {
                *known = plant;
            }
        }
        Ok(())
    }
}

fn ask(request: &serde_json::Value) -> Result<Vec<u8>> {
    services::call(STOCK, request.to_string().as_bytes())
}

fn misunderstood() -> Failure {
    Failure::internal("The stock answered something that this page does not understand.")
}

export!(Stock);
