//! The task that makes the report.

use hothouse_sdk::prelude::*;
use hothouse_sdk::task::{Progress, Task};
use serde::{Deserialize, Serialize};

use crate::statistics::{BEDS, YEARS, Yield, look_at};

/// Makes the report of a year, and reports how much of it is done, in percent.
#[derive(Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) year: u16,
    pub(crate) is_thorough: bool,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) year: u16,
    pub(crate) yields: Vec<Yield>,
}

impl Task for Report {
    const NAME: &'static str = "report";
    type Output = Summary;
    type Progress = u32;

    fn run(self, progress: &Progress<u32>) -> Result<Summary> {
        if !YEARS.contains(&self.year) {
            return Err(Failure::not_found(format!("There are no records of {}.", self.year)));
        }
        let samples = if self.is_thorough { 200_000 } else { 500 };
        let mut yields = Vec::new();
        for bed in 0..BEDS.len() {
            yields.push(look_at(self.year, bed, samples));
            // Once nobody waits for it any more, this fails, and the task ends.
            progress.report(&(100 * (bed as u32 + 1) / BEDS.len() as u32))?;
        }
        Ok(Summary { year: self.year, yields })
    }
}
