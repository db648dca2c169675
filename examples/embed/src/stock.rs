//! What the shop has: the application's own data, and the service that views call.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hothouse::services::registered::{Caller, Service};
use hothouse::services::{Failure, FailureKind};
use serde::{Deserialize, Serialize};

/// A kind of plant, and how many there are.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Plant {
    id: u32,
    name: &'static str,
    count: u32,
}

/// All plants of the shop.
#[derive(Debug)]
pub(crate) struct Stock(Mutex<Vec<Plant>>);

/// What a view may ask.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Request {
    List,
    Take(u32),
}

impl Default for Stock {
    fn default() -> Self {
        let names = ["Monstera", "Fiddle-leaf fig", "Boston fern"];
        let plants = names.into_iter().zip(1..).map(|(name, id)| Plant { id, name, count: 3 });
        Self(Mutex::new(plants.collect()))
    }
}

impl Stock {
    /// More plants of a kind have come. How many there are now; `None` when there is no such kind.
    pub(crate) fn deliver(&self, id: u32, count: u32) -> Option<u32> {
        let mut plants = self.lock();
        let plant = plants.iter_mut().find(|plant| plant.id == id)?;
        plant.count = plant.count.saturating_add(count);
        Some(plant.count)
    }

    fn take(&self, id: u32) -> Result<&'static str, Failure> {
        let mut plants = self.lock();
        let plant = plants
            .iter_mut()
            .find(|plant| plant.id == id)
            .ok_or_else(|| Failure::new(FailureKind::NotFound, "There is no such plant."))?;
        plant.count = plant.count.checked_sub(1).ok_or_else(|| {
            Failure::new(FailureKind::Limit, format!("The last {} has just been taken.", plant.name))
        })?;
        Ok(plant.name)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Plant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service for Stock {
    fn call(&self, caller: &Caller<'_>, input: &[u8]) -> Result<Vec<u8>, Failure> {
        // The host vouches for who calls; what is asked comes from the view.
        let user = caller
            .session("user")
            .ok_or_else(|| Failure::new(FailureKind::Forbidden, "Log in to see the stock."))?;
        let request: Request = serde_json::from_slice(input)
            .map_err(|error| Failure::new(FailureKind::BadInput, format!("stock: {error}")))?;
        let answer = match request {
            Request::List => serde_json::to_vec(&*self.lock()),
            Request::Take(id) => serde_json::to_vec(&format!("{user} took a {}.", self.take(id)?)),
        };
        answer.map_err(|error| Failure::new(FailureKind::Internal, error.to_string()))
    }
}
