//! How much the beds of a nursery yield, and how sure that is. Knows nothing of views.

use serde::{Deserialize, Serialize};

/// Years of which there are records.
pub(crate) const YEARS: std::ops::RangeInclusive<u16> = 2015..=2025;
/// Records of one bed in one year.
const RECORDS: usize = 400;

/// What grows where, and how much of it a plant bears, in grams.
pub(crate) const BEDS: [(&str, f64); 6] = [
    ("Tomatoes", 2_400.0),
    ("Cucumbers", 3_100.0),
    ("Peppers", 900.0),
    ("Aubergines", 1_500.0),
    ("Beans", 420.0),
    ("Chard", 780.0),
];

/// What is found out of one bed, in grams for a plant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Yield {
    pub(crate) bed: String,
    pub(crate) mean: f64,
    /// The mean lies between these, in 95 of 100 cases.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// The records of a bed: what each plant has borne. They are made up, the same for a year each time.
fn records(year: u16, bed: usize) -> Vec<f64> {
    let typical = BEDS.get(bed).map_or(0.0, |(_, grams)| *grams);
    let mut chance = Chance(u64::from(year) << 8 | bed as u64);
    let good_year = 0.8 + 0.4 * chance.fraction();
    (0..RECORDS).map(|_| typical * good_year * (0.4 + 1.2 * chance.fraction())).collect()
}

/// Looks at one bed. How sure the mean is, is found by drawing samples from the records again and again: the more of
/// them, the more work.
pub(crate) fn look_at(year: u16, bed: usize, samples: usize) -> Yield {
    let records = records(year, bed);
    let mean_of = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / RECORDS as f64;
    let mean = mean_of(&mut records.iter().copied());
    let mut chance = Chance(bed as u64 + 1);
    let mut means: Vec<f64> = (0..samples)
        .map(|_| {
            let mut drawn = (0..RECORDS).filter_map(|_| records.get(chance.below(RECORDS)).copied());
            mean_of(&mut drawn)
        })
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = (share * samples.saturating_sub(1) as f64) as usize;
        means.get(index).copied().unwrap_or(mean)
    };
    let bed = BEDS.get(bed).map_or_else(String::new, |(name, _)| (*name).to_owned());
    Yield { bed, mean, from: at(0.025), to: at(0.975) }
}

/// Numbers without a pattern (SplitMix64), the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_lies_in_its_interval_which_is_narrow() {
        for bed in 0..BEDS.len() {
            let found = look_at(2020, bed, 200);
            assert!(found.from < found.mean && found.mean < found.to, "{found:?}");
            assert!(found.to - found.from < found.mean / 5.0, "{found:?}");
        }
    }

    #[test]
    fn a_year_is_the_same_each_time_and_another_one_is_not() {
        assert_eq!(look_at(2020, 0, 50), look_at(2020, 0, 50));
        assert_ne!(look_at(2020, 0, 50), look_at(2021, 0, 50));
    }
}
