//! The table of the benchmarks: 1,000 rows of five cells. Each event changes one cell of one row.

use hothouse_sdk::prelude::*;

const ROWS: usize = 1000;
const COLUMNS: usize = 5;

struct Table {
    rows: List<Row>,
    touches: usize,
}

struct Row {
    number: usize,
    /// How often each cell was changed.
    versions: [u32; COLUMNS],
}

#[derive(Event)]
enum TableEvent {
    Touch,
}

impl LiveView for Table {
    type Event = TableEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let rows = (0..ROWS).map(|number| Row { number, versions: [0; COLUMNS] }).collect();
        Ok(Self { rows, touches: 0 })
    }

    fn handle_event(&mut self, event: TableEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            TableEvent::Touch => self.touch(),
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <table>
                <tbody>
                    for row in self.rows {
                        <tr>
                            <td>{row.cell(0)}</td>
                            <td>{row.cell(1)}</td>
                            <td>{row.cell(2)}</td>
                            <td>{row.cell(3)}</td>
                            <td>{row.cell(4)}</td>
                        </tr>
                    }
                </tbody>
            </table>
        }
    }
}

impl Table {
    fn touch(&mut self) {
        let (row, column) = (self.touches * 37 % ROWS, self.touches % COLUMNS);
        self.touches += 1;
        if let Some(version) = self.rows.get_mut(row).and_then(|row| row.versions.get_mut(column)) {
            *version += 1;
        }
    }
}

impl Row {
    fn cell(&self, column: usize) -> String {
        let version = self.versions.get(column).copied().unwrap_or_default();
        format!("r{}c{column}v{version}", self.number)
    }
}

export!(Table);
