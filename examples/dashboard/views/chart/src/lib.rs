//! A live chart of what the page measures: how long its events take to be answered.

use std::collections::VecDeque;

use hothouse_sdk::kit::{Button, Link, Variant};
use hothouse_sdk::prelude::*;

/// Measurements that are kept, and so the widest range.
const KEPT: usize = 120;

struct Chart {
    /// The newest last.
    samples: VecDeque<Sample>,
    next_number: u32,
    range: Assign<usize>,
    summary: Assign<String>,
    /// The figures that the chart shows, the newest first. The page has them, as the chart has its points.
    figures: Stream<Sample>,
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    number: u32,
    ms: f64,
}

#[derive(Debug, Event)]
enum ChartEvent {
    /// From the hook: it is there, and shows nothing yet.
    Ready,
    /// From the hook: what it measures the answer to.
    Ping,
    /// From the hook: how long that took.
    Measured {
        ms: f64,
    },
    Range {
        range: usize,
    },
    Clear,
}

impl LiveView for Chart {
    type Event = ChartEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Round trips");
        let figures = Stream::new("figures", |sample: &Sample| sample.number);
        let mut chart = Self {
            samples: VecDeque::new(),
            next_number: 1,
            range: 30.into(),
            summary: String::new().into(),
            figures,
        };
        chart.sum_up();
        Ok(chart)
    }

    fn handle_event(&mut self, event: ChartEvent, socket: &mut Socket) -> Result<()> {
        match event {
            ChartEvent::Ready => self.draw(socket),
            ChartEvent::Ping => {}
            ChartEvent::Measured { ms } => self.add(ms, socket)?,
            ChartEvent::Range { range } => {
                self.range.set(range.clamp(1, KEPT));
                self.draw(socket);
            }
            ChartEvent::Clear => {
                self.samples.clear();
                self.draw(socket);
            }
        }
        self.sum_up();
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main class="wide">
                <nav class="row" aria-label="Dashboard">
                    <Link navigate="/" aria-current="page">"Chart"</Link>
                    <Link navigate="/board">"Board"</Link>
                    <Link navigate="/search">"Search"</Link>
                </nav>
                <h1>"Round trips"</h1>
                <p class="soft">"The page measures how long its events take to be answered, and the view has it drawn."</p>
                <form id="controls" class="row" phx-change={ChartEvent::RANGE}>
                    <Button variant={Variant::Primary} phx-click={JS::new().dispatch("measure").to("#chart")}>"Measure"</Button>
                    <Button id="steadily" aria-pressed="false" phx-click={JS::new().dispatch("measure-steadily").to("#chart")}>
                        "Every second"
                    </Button>
                    <Button phx-click={ChartEvent::Clear}>"Clear"</Button>
                    <label>
                        "The last"
                        <select name="range">
                            for range in [10_usize, 30, KEPT] {
                                <option value={range} selected={*self.range == range}>{range}</option>
                            }
                        </select>
                    </label>
                </form>
                <figure id="chart" phx-hook="chart.RoundTrips">
                    <figcaption>"Milliseconds of the last " {self.range} " round trips"</figcaption>
                    <div id="plot" role="img" aria-label="A line chart" aria-describedby="summary" phx-update="ignore"></div>
                </figure>
                <p id="summary" role="status">{self.summary}</p>
                <details>
                    <summary>"The same figures as a table"</summary>
                    <table>
                        <thead><tr><th scope="col">"Round trip"</th><th scope="col">"Milliseconds"</th></tr></thead>
                        <tbody id="figures" phx-update="stream">
                            for (dom_id, sample) in self.figures {
                                <tr id={dom_id}><th scope="row">{sample.number}</th><td>{format!("{:.1}", sample.ms)}</td></tr>
                            }
                        </tbody>
                    </table>
                </details>
            </main>
        }
    }
}

impl Chart {
    /// One more: whatever there is already, one point and one row are sent.
    fn add(&mut self, ms: f64, socket: &mut Socket) -> Result<()> {
        if !(0.0..60_000.0).contains(&ms) {
            return Err(Failure::bad_input("A round trip takes up to a minute."));
        }
        let sample = Sample { number: self.next_number, ms: (ms * 10.0).round() / 10.0 };
        self.next_number += 1;
        self.samples.push_back(sample);
        if self.samples.len() > KEPT {
            self.samples.pop_front();
        }
        self.figures.prepend(sample).limit(i32::try_from(*self.range).unwrap_or(i32::MAX));
        socket.push_event("chart:add", json!({ "point": [sample.number, sample.ms], "range": *self.range }));
        Ok(())
    }

    /// All of the range, anew.
    fn draw(&mut self, socket: &mut Socket) {
        let points: Vec<_> = self.shown().map(|sample| json!([sample.number, sample.ms])).collect();
        let newest_first: Vec<Sample> = self.shown().rev().collect();
        socket.push_event("chart:draw", json!({ "points": points }));
        self.figures.reset(newest_first);
    }

    fn shown(&self) -> impl DoubleEndedIterator<Item = Sample> {
        self.samples.iter().skip(self.samples.len().saturating_sub(*self.range)).copied()
    }

    fn sum_up(&mut self) {
        let slowest = self.shown().map(|sample| sample.ms).fold(0.0, f64::max);
        let (count, sum) =
            self.shown().fold((0.0, 0.0), |(count, sum), sample| (count + 1.0, sum + sample.ms));
        self.summary.set(if count > 0.0 {
            format!("{count} round trips, {:.1} ms on average, {slowest:.1} ms at most.", sum / count)
        } else {
            "Nothing measured yet.".to_owned()
        });
    }
}

export!(Chart);
