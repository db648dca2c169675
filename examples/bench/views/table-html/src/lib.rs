//! The table of the benchmarks again, from a view that knows no templates of the host: minijinja makes the whole of it
//! as a string, for each event.

use std::cell::RefCell;

use minijinja::{Environment, Value, context};

mod bindings {
    //! Generated from the contract.
    wit_bindgen::generate!({ path: "../../../../wit", world: "live-view" });
}

use bindings::exports::hothouse::live::{lifecycle, tasks};
use bindings::hothouse::live::types::{
    Context, Document, Event, Failure, FailureKind, LeaveReason, Message, Outcome, RenderScope, TaskResult,
};

const ROWS: usize = 1000;
const COLUMNS: usize = 5;

struct Table {
    pages: Environment<'static>,
    rows: Vec<[usize; COLUMNS]>,
    touches: usize,
}

thread_local! {
    // An instance belongs to one page of one browser, and its calls are serial.
    static TABLE: RefCell<Option<Table>> = const { RefCell::new(None) };
}

impl Table {
    fn new() -> Result<Self, minijinja::Error> {
        let mut pages = Environment::new();
        pages.add_template("table.html", include_str!("table.html"))?;
        let cells = |row| std::array::from_fn(|column| row * COLUMNS + column);
        Ok(Self { pages, rows: (0..ROWS).map(cells).collect(), touches: 0 })
    }

    fn touch(&mut self) {
        let (row, column) = (self.touches * 37 % ROWS, self.touches % COLUMNS);
        self.touches += 1;
        if let Some(cell) = self.rows.get_mut(row).and_then(|row| row.get_mut(column)) {
            *cell = self.touches;
        }
    }

    fn html(&self) -> Result<String, minijinja::Error> {
        let rows: Value = self.rows.iter().map(|row| row.iter().copied().collect::<Value>()).collect();
        self.pages.get_template("table.html")?.render(context! { rows })
    }
}

fn nothing() -> Result<Outcome, Failure> {
    Ok(Outcome { effects: Vec::new() })
}

fn failure(kind: FailureKind, message: impl ToString) -> Failure {
    Failure { kind, message: message.to_string() }
}

fn with<R>(call: impl FnOnce(&mut Table) -> Result<R, Failure>) -> Result<R, Failure> {
    TABLE.with_borrow_mut(|table| {
        call(table.as_mut().ok_or_else(|| failure(FailureKind::Internal, "the view is not mounted"))?)
    })
}

struct TableHtml;

impl lifecycle::Guest for TableHtml {
    fn mount(_context: Context) -> Result<Outcome, Failure> {
        let table = Table::new().map_err(|error| failure(FailureKind::Internal, error))?;
        TABLE.set(Some(table));
        nothing()
    }

    fn connected(_context: Context) -> Result<Outcome, Failure> {
        nothing()
    }

    fn handle_params(_uri: String, _params: Vec<(String, String)>) -> Result<Outcome, Failure> {
        nothing()
    }

    fn handle_event(event: Event) -> Result<Outcome, Failure> {
        if event.name != "touch" {
            return Err(failure(FailureKind::BadInput, "there is no such event"));
        }
        with(|table| {
            table.touch();
            nothing()
        })
    }

    fn handle_info(_message: Message) -> Result<Outcome, Failure> {
        nothing()
    }

    fn handle_task(_done: TaskResult) -> Result<Outcome, Failure> {
        nothing()
    }

    fn render(_scope: RenderScope) -> Result<Document, Failure> {
        with(|table| table.html().map(Document::Html).map_err(|error| failure(FailureKind::Internal, error)))
    }

    fn components_removed(_cids: Vec<u32>) -> Result<Outcome, Failure> {
        nothing()
    }

    fn terminate(_reason: LeaveReason) {}

    fn snapshot() -> Option<Vec<u8>> {
        None
    }

    fn restore(_state: Vec<u8>, _context: Context) -> Result<Outcome, Failure> {
        Err(failure(FailureKind::Unavailable, "this view keeps no snapshots"))
    }
}

impl tasks::Guest for TableHtml {
    fn run_task(_name: String, _input: Vec<u8>) -> Result<Vec<u8>, Failure> {
        Err(failure(FailureKind::NotFound, "this view has no tasks"))
    }
}

bindings::export!(TableHtml with_types_in bindings);
