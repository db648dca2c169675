//! A report that takes a while, and a page that does not wait for it.

use hothouse_sdk::kit::{AsyncResult, Button, Variant};
use hothouse_sdk::prelude::*;
use hothouse_sdk::task::{self, Async};

mod report;
mod statistics;

use report::{Report, Summary};

struct Harvest {
    /// What is chosen for the next report.
    year: Assign<String>,
    is_thorough: Assign<bool>,
    report: Async<Summary>,
    percent: Assign<u32>,
    /// What is typed while the report is made.
    note: Assign<String>,
}

#[derive(Event)]
enum HarvestEvent {
    Choose { year: String, thorough: Option<String> },
    Make { year: u16, thorough: Option<String> },
    Cancel,
    Note { note: String },
}

impl LiveView for Harvest {
    type Event = HarvestEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            year: "2025".to_owned().into(),
            is_thorough: false.into(),
            report: Async::default(),
            percent: 0.into(),
            note: String::new().into(),
        })
    }

    fn connected(&mut self, _context: &Context, socket: &mut Socket) -> Result<()> {
        self.make(2025, false, socket);
        Ok(())
    }

    fn handle_event(&mut self, event: HarvestEvent, socket: &mut Socket) -> Result<()> {
        match event {
            HarvestEvent::Choose { year, thorough } => {
                self.year.set(year.chars().take(4).collect());
                self.is_thorough.set(thorough.is_some());
            }
            HarvestEvent::Make { year, thorough } => self.make(year, thorough.is_some(), socket),
            HarvestEvent::Cancel => socket.cancel_async(&self.report),
            HarvestEvent::Note { note } => self.note.set(note.chars().take(200).collect()),
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, _socket: &mut Socket) -> Result<()> {
        if let Message::TaskProgress(progress) = message {
            self.percent.set(progress.value::<Report>()?);
        }
        Ok(())
    }

    fn handle_task(&mut self, done: TaskResult, _socket: &mut Socket) -> Result<()> {
        self.report.handle_task::<Report>(&done);
        Ok(())
    }

    fn run_task(name: &str, input: &[u8]) -> Result<Vec<u8>> {
        task::run::<(Report,)>(name, input)
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Harvest"</h1>
                <form id="make" class="row" phx-change={HarvestEvent::CHOOSE} phx-submit={HarvestEvent::MAKE}>
                    <label>"Year" <input name="year" type="number" value={self.year} min="1900" max="2100" required></label>
                    <label class="row"><input name="thorough" type="checkbox" value="yes" checked={self.is_thorough}> "thorough"</label>
                    <Button r#type="submit" variant={Variant::Primary}>"Make the report"</Button>
                    // Not disabled: a button that is loses the focus.
                    <Button aria-disabled={(!self.report.is_loading()).to_string()} phx-click={HarvestEvent::Cancel}>"Cancel"</Button>
                </form>
                <div id="report" aria-live="polite" aria-busy={self.report.is_loading().to_string()}>
                    if self.report.is_loading() {
                        <p><label>"In the making" <progress id="progress" max="100" value={self.percent}></progress></label></p>
                    }
                    <AsyncResult assign={self.report}>
                        <:shown :let={summary}>{shown(summary)}</:shown>
                        <:failed :let={failure}><p class="failed" role="alert">{failure.message}</p></:failed>
                    </AsyncResult>
                </div>
                <form id="notes" phx-change={HarvestEvent::NOTE}>
                    <label>"A note, while you wait" <input name="note" value={self.note} maxlength="200" autocomplete="off"></label>
                </form>
                <p class="soft">{self.note.chars().count()} " characters"</p>
            </main>
        }
    }
}

impl Harvest {
    fn make(&mut self, year: u16, is_thorough: bool, socket: &mut Socket) {
        self.percent.set(0);
        socket.assign_async(&mut self.report, Report { year, is_thorough });
    }
}

fn shown(summary: &Summary) -> Html {
    html! {
        <table>
            <caption>"Yield in " {summary.year} ", grams for a plant"</caption>
            <thead><tr><th scope="col">"Bed"</th><th scope="col">"Mean"</th><th scope="col">"95 of 100 lie between"</th></tr></thead>
            <tbody>
                for found in &summary.yields {
                    <tr>
                        <th scope="row">{&found.bed}</th>
                        <td>{format!("{:.0}", found.mean)}</td>
                        <td>{format!("{:.0} and {:.0}", found.from, found.to)}</td>
                    </tr>
                }
            </tbody>
        </table>
    }
}

export!(Harvest);

#[cfg(test)]
mod tests {
    use hothouse_sdk::testing;

    use super::Harvest;

    #[test]
    fn a_report_is_made_and_one_that_fails_leaves_the_former() -> hothouse_sdk::Result<()> {
        let context = testing::context().build();
        let mut view = testing::View::<Harvest>::mount(&context)?;
        view.event("make", r#"{"year":"2020"}"#)?;
        assert!(view.html().contains("aria-busy=\"true\""));
        view.run_tasks()?;
        assert!(view.html().contains("Yield in 2020"), "{}", view.html());
        view.event("make", r#"{"year":"1990"}"#)?;
        assert!(view.html().contains("Yield in 2020"), "it stays while another one is made");
        view.run_tasks()?;
        assert!(
            view.html().contains("There are no records of 1990.") && view.html().contains("Yield in 2020")
        );
        Ok(())
    }
}
