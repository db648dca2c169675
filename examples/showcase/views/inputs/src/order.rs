//! What the form is about, and what is right.

use garde::Validate;
use hothouse_sdk::form::email_address;
use hothouse_sdk::kit::{Choice, ToChoice};
use serde::{Deserialize, Serialize};

/// Lines that an order has at most.
pub(crate) const MAX_LINES: usize = 4;

/// An order of plants.
#[derive(Debug, Deserialize, Serialize, Validate)]
pub(crate) struct Order {
    #[garde(length(chars, min = 1, max = 80))]
    pub(crate) name: String,
    #[garde(custom(email_address))]
    pub(crate) email: String,
    #[garde(length(chars, min = 8))]
    pub(crate) secret: String,
    #[garde(skip)]
    pub(crate) phone: Option<String>,
    #[garde(skip)]
    pub(crate) website: Option<String>,
    #[garde(length(min = 1))]
    pub(crate) country: String,
    #[garde(length(min = 1))]
    pub(crate) day: String,
    #[garde(skip)]
    pub(crate) time: Option<String>,
    #[garde(range(min = 1, max = 12))]
    pub(crate) boxes: u8,
    #[garde(range(min = 10, max = 200))]
    pub(crate) height: u8,
    #[garde(skip)]
    pub(crate) pot: String,
    #[garde(skip)]
    pub(crate) delivery: Delivery,
    #[garde(custom(one_or_two))]
    pub(crate) extras: Vec<String>,
    #[garde(length(min = 1))]
    pub(crate) rooms: Vec<String>,
    #[garde(length(chars, max = 120))]
    pub(crate) note: String,
    #[garde(custom(is_accepted))]
    pub(crate) terms: bool,
    #[garde(length(min = 1, max = MAX_LINES), dive)]
    pub(crate) lines: Vec<Line>,
}

/// One plant of it.
#[derive(Debug, Deserialize, Serialize, Validate)]
pub(crate) struct Line {
    #[garde(length(chars, min = 1, max = 40))]
    pub(crate) plant: String,
    #[garde(range(min = 1, max = 99))]
    pub(crate) count: u32,
}

/// How it comes to the customer.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Delivery {
    Post,
    Van,
    Shop,
}

impl ToChoice for Delivery {
    fn to_choice(&self) -> Choice<'_> {
        match self {
            Self::Post => Choice::new("post", "By post").described("Three days; nothing higher than 120 cm"),
            Self::Van => Choice::new("van", "By our van").described("On the day that you choose"),
            Self::Shop => Choice::new("shop", "From the shop").disabled(true).described("Closed in winter"),
        }
    }
}

pub(crate) const DELIVERIES: &[Delivery] = &[Delivery::Post, Delivery::Van, Delivery::Shop];
pub(crate) const EXTRAS: &[(&str, &str)] =
    &[("card", "A card"), ("soil", "A bag of soil"), ("wrap", "Gift wrap")];
pub(crate) const ROOMS: &[&str] = &["Kitchen", "Bedroom", "Bathroom", "Balcony"];

/// Countries by continent.
pub(crate) fn countries() -> Vec<Choice<'static>> {
    [
        ("fr", "France", "Europe"),
        ("it", "Italy", "Europe"),
        ("pt", "Portugal", "Europe"),
        ("ke", "Kenya", "Africa"),
        ("ma", "Morocco", "Africa"),
    ]
    .into_iter()
    .map(|(code, name, continent)| Choice::new(code, name).in_group(continent))
    .collect()
}

fn is_accepted(terms: &bool, _context: &()) -> garde::Result {
    if *terms { Ok(()) } else { Err(garde::Error::new("have to be accepted")) }
}

/// A rule of one's own says it in words of its own.
fn one_or_two(extras: &[String], _context: &()) -> garde::Result {
    match extras.len() {
        1 | 2 => Ok(()),
        0 => Err(garde::Error::new("choose one or two")),
        _ => Err(garde::Error::new("are too many: choose one or two")),
    }
}
