//! The table of the benchmarks: 1,000 rows of five cells. Each event writes its number into one cell of one row.

use hothouse_sdk::prelude::*;

const ROWS: usize = 1000;
const COLUMNS: usize = 5;

struct Table {
    rows: List<Row>,
    touches: usize,
}

struct Row {
    cells: [usize; COLUMNS],
}

#[derive(Event)]
enum TableEvent {
    Touch,
}

impl LiveView for Table {
    type Event = TableEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let cells = |row| std::array::from_fn(|column| row * COLUMNS + column);
        let rows = (0..ROWS).map(|row| Row { cells: cells(row) }).collect();
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
                            <td>{row.cells[0]}</td>
                            <td>{row.cells[1]}</td>
                            <td>{row.cells[2]}</td>
                            <td>{row.cells[3]}</td>
                            <td>{row.cells[4]}</td>
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
        if let Some(cell) = self.rows.get_mut(row).and_then(|row| row.cells.get_mut(column)) {
            *cell = self.touches;
        }
    }
}

export!(Table);
