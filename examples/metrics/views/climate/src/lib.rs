//! What the instruments of a greenhouse say, as it happens.

use std::collections::VecDeque;
use std::time::Duration;

use hothouse_sdk::kit::{Button, Variant};
use hothouse_sdk::prelude::*;

mod instruments;

use instruments::Instrument;

/// Readings that a curve shows.
const SHOWN: usize = 60;
/// The timer that reads the instruments.
const READ: &str = "read";
/// The one that switches readings off for somebody who has long left their desk.
const REST: &str = "rest";
const REST_AFTER: Duration = Duration::from_secs(30 * 60);
/// How often they may be read, in milliseconds.
const PACES: [u32; 3] = [250, 1_000, 5_000];

struct Climate {
    gauges: List<Gauge>,
    pace: Assign<u32>,
    is_reading: Assign<bool>,
    readings: Assign<u32>,
    alarms: Stream<Alarm>,
    alarms_so_far: u32,
}

struct Gauge {
    instrument: Instrument,
    readings: VecDeque<f64>,
}

struct Alarm {
    number: u32,
    instrument: &'static str,
    reading: String,
}

#[derive(Event)]
enum ClimateEvent {
    Pause,
    Resume,
    Pace { ms: u32 },
}

impl LiveView for Climate {
    type Event = ClimateEvent;

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        let now = environment::now_ms();
        let gauge = |instrument: Instrument| Gauge {
            instrument,
            // The page is never empty: it begins with the last minute.
            readings: (0..SHOWN).rev().map(|ago| instrument.read(now - ago as f64 * 1_000.0)).collect(),
        };
        Ok(Self {
            gauges: Instrument::ALL.into_iter().map(gauge).collect(),
            pace: 1_000.into(),
            is_reading: true.into(),
            readings: 0.into(),
            alarms: Stream::new("alarms", |alarm: &Alarm| alarm.number),
            alarms_so_far: 0,
        })
    }

    fn connected(&mut self, _context: &Context, socket: &mut Socket) -> Result<()> {
        self.resume(socket);
        Ok(())
    }

    fn handle_event(&mut self, event: ClimateEvent, socket: &mut Socket) -> Result<()> {
        match event {
            ClimateEvent::Pause => self.pause(socket),
            ClimateEvent::Resume => self.resume(socket),
            ClimateEvent::Pace { ms } => {
                if !PACES.contains(&ms) {
                    return Err(Failure::bad_input("The instruments are not read at that pace."));
                }
                self.pace.set(ms);
                // A timer of the same name takes the place of the one that runs.
                self.resume(socket);
            }
        }
        Ok(())
    }

    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        match message {
            Message::Timer(name) if name == READ => self.read(),
            Message::Timer(name) if name == REST => self.pause(socket),
            _ => {}
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main class="wide">
                <h1>"Climate"</h1>
                <p class="row">
                    if *self.is_reading {
                        <Button id="pause" phx-click={ClimateEvent::Pause}>"Pause"</Button>
                    } else {
                        <Button id="resume" variant={Variant::Primary} phx-click={ClimateEvent::Resume}>"Go on"</Button>
                    }
                    <span id="every" class="soft">"every"</span>
                    for ms in PACES {
                        <button
                            phx-click={ClimateEvent::PACE} phx-value-ms={ms}
                            aria-pressed={(*self.pace == ms).to_string()}
                        >{f64::from(ms) / 1_000.0} " s"</button>
                    }
                    <span class="soft"><span id="readings">{self.readings}</span> " readings"</span>
                </p>
                <div class="gauges">
                    for gauge in self.gauges {
                        <section
                            class={["gauge", ("alarm", gauge.is_alarming())]}
                            aria-label={gauge.instrument.name()}
                        >
                            <h2>{gauge.instrument.name()}</h2>
                            <p class="reading"><b>{gauge.shown()}</b> " " {gauge.instrument.unit()}</p>
                            <svg viewBox="0 0 240 60" preserveAspectRatio="none" role="img" aria-label={format!("The last readings of {}", gauge.instrument.name())}>
                                <polyline points={gauge.curve()}/>
                            </svg>
                        </section>
                    }
                </div>
                <h2 id="alarms-heading">"Alarms"</h2>
                <ul id="alarms" phx-update="stream" class="rows soft" aria-labelledby="alarms-heading">
                    <li id="no-alarms" class="only">"All is well."</li>
                    for (dom_id, alarm) in self.alarms {
                        <li id={dom_id}>{alarm.instrument} ": " {alarm.reading}</li>
                    }
                </ul>
            </main>
        }
    }
}

impl Climate {
    fn read(&mut self) {
        let now = environment::now_ms();
        *self.readings += 1;
        for index in 0..self.gauges.len() {
            let Some(gauge) = self.gauges.get_mut(index) else { continue };
            let was_alarming = gauge.is_alarming();
            gauge.readings.pop_front();
            gauge.readings.push_back(gauge.instrument.read(now));
            if gauge.is_alarming() && !was_alarming {
                self.alarms_so_far += 1;
                let reading = format!("{} {}", gauge.shown(), gauge.instrument.unit());
                let alarm =
                    Alarm { number: self.alarms_so_far, instrument: gauge.instrument.name(), reading };
                self.alarms.prepend(alarm).limit(8);
            }
        }
    }

    fn resume(&mut self, socket: &mut Socket) {
        socket.send_every(READ, Duration::from_millis((*self.pace).into()));
        socket.send_after(REST, REST_AFTER);
        self.is_reading.set(true);
    }

    fn pause(&mut self, socket: &mut Socket) {
        socket.cancel_timer(READ);
        socket.cancel_timer(REST);
        self.is_reading.set(false);
    }
}

impl Gauge {
    fn last(&self) -> f64 {
        self.readings.back().copied().unwrap_or_default()
    }

    fn shown(&self) -> String {
        format!("{:.1}", self.last())
    }

    fn is_alarming(&self) -> bool {
        self.last() > self.instrument.alarm()
    }

    /// The points of the curve, in a box of 240 by 60.
    fn curve(&self) -> String {
        let (least, most) = self.instrument.range();
        let point = |(index, reading): (usize, &f64)| {
            let x = 240 * index / (SHOWN - 1);
            format!("{x},{:.0}", 58.0 - 56.0 * (reading - least) / (most - least))
        };
        self.readings.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
    }
}

export!(Climate);

#[cfg(test)]
mod tests {
    use hothouse_sdk::prelude::Message;
    use hothouse_sdk::testing::{self, Effect};

    use super::{Climate, READ};

    #[test]
    fn instruments_are_read_when_the_timer_says_so() -> hothouse_sdk::Result<()> {
        let context = testing::context().build();
        let mut view = testing::View::<Climate>::mount(&context)?;
        view.callback(|view, socket| hothouse_sdk::LiveView::connected(view, &context, socket))?;
        let started = |effects: Vec<Effect>| {
            effects.iter().filter(|effect| matches!(effect, Effect::StartTimer(_))).count()
        };
        assert_eq!(started(view.take_effects()), 2);
        view.callback(|view, socket| {
            hothouse_sdk::LiveView::handle_info(view, Message::Timer(READ.into()), socket)
        })?;
        assert!(view.html().contains("<span id=\"readings\">1</span>"));
        Ok(())
    }
}
