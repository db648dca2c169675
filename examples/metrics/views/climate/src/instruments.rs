//! The instruments of a greenhouse. They are made up: a value depends on the time and nothing else, so that all who
//! look see the same. Knows nothing of views.

use std::f64::consts::TAU;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instrument {
    Temperature,
    Humidity,
    Light,
    Soil,
}

impl Instrument {
    pub(crate) const ALL: [Self; 4] = [Self::Temperature, Self::Humidity, Self::Light, Self::Soil];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Temperature => "Temperature",
            Self::Humidity => "Humidity",
            Self::Light => "Light",
            Self::Soil => "Soil moisture",
        }
    }

    pub(crate) fn unit(self) -> &'static str {
        match self {
            Self::Temperature => "°C",
            Self::Humidity | Self::Soil => "%",
            Self::Light => "klx",
        }
    }

    /// Least and most that it shows.
    pub(crate) fn range(self) -> (f64, f64) {
        match self {
            Self::Temperature => (15.0, 35.0),
            Self::Humidity => (40.0, 95.0),
            Self::Light => (0.0, 60.0),
            Self::Soil => (20.0, 60.0),
        }
    }

    /// Beyond this somebody should look after it.
    pub(crate) fn alarm(self) -> f64 {
        let (least, most) = self.range();
        least + 0.85 * (most - least)
    }

    /// What it shows at a time, in milliseconds since 1970.
    pub(crate) fn read(self, at_ms: f64) -> f64 {
        let (least, most) = self.range();
        // Three swings of different lengths never repeat within a day.
        let seconds = at_ms / 1_000.0;
        let swing =
            |period: f64, share: f64| share * (TAU * (seconds / period + self as u8 as f64 / 4.0)).sin();
        let level = 0.5 + swing(47.0, 0.28) + swing(13.7, 0.15) + swing(3.1, 0.05);
        least + level.clamp(0.0, 1.0) * (most - least)
    }
}

#[cfg(test)]
mod tests {
    use super::Instrument;

    #[test]
    fn instruments_stay_in_their_range_and_sound_the_alarm_now_and_then() {
        for instrument in Instrument::ALL {
            let (least, most) = instrument.range();
            let readings = (0..10_000).map(|tick| instrument.read(f64::from(tick) * 250.0));
            assert!(readings.clone().all(|reading| (least..=most).contains(&reading)), "{instrument:?}");
            let alarms = readings.filter(|reading| *reading > instrument.alarm()).count();
            assert!((1..5_000).contains(&alarms), "{instrument:?}: {alarms}");
        }
    }
}
