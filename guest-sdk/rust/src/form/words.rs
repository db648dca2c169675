//! What is said to those who fill a form in.

use std::borrow::Cow;
use std::fmt::Display;

use garde::i18n::{I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind};

/// The messages of forms in a language: those of garde's rules, and those of fields that cannot be read. Each goes on from
/// the name of a field. Where nothing is and something has to be, it is that of `required_not_set`.
///
/// A form speaks [`English`] unless it is told otherwise: `Form::new("visitor").speaking::<German>()`.
pub trait Words: I18n + Default {
    /// Fewer than so many are chosen, or there are fewer rows.
    fn too_few(&self, min: usize) -> Cow<'static, str> {
        format!("must be {min} or more").into()
    }

    /// More than so many are chosen, or there are more rows.
    fn too_many(&self, max: usize) -> Cow<'static, str> {
        format!("must be {max} or fewer").into()
    }

    /// Letters where a whole number has to be.
    fn not_a_whole_number(&self) -> Cow<'static, str> {
        "is not a whole number".into()
    }

    /// Letters where a number has to be.
    fn not_a_number(&self) -> Cow<'static, str> {
        "is not a number".into()
    }

    /// A choice that was not offered.
    fn not_a_choice(&self) -> Cow<'static, str> {
        "is not one of the choices".into()
    }

    /// Something else than one character, or than true or false.
    fn not_readable(&self) -> Cow<'static, str> {
        "cannot be read".into()
    }
}

/// What garde is told instead of words for the length of something: it does not say whether that is a text or a list.
pub(super) struct Lengths<'w, W>(pub(super) &'w W);

/// What a message of it begins with: no words do.
const TOO_SHORT: &str = "\0<";
const TOO_LONG: &str = "\0>";

impl<W: Words> Lengths<'_, W> {
    /// The message in words.
    pub(super) fn words(&self, message: &str, is_list: bool) -> Cow<'static, str> {
        let length = |begin| message.strip_prefix(begin).and_then(|number| number.parse().ok());
        match (length(TOO_SHORT), length(TOO_LONG), is_list) {
            (Some(1), _, true) => self.0.required_not_set(),
            (Some(min), _, true) => self.0.too_few(min),
            (Some(min), _, false) => self.0.length_lower_than(min),
            (_, Some(max), true) => self.0.too_many(max),
            (_, Some(max), false) => self.0.length_greater_than(max),
            (None, None, _) => message.to_owned().into(),
        }
    }
}

macro_rules! same_words {
    ($($rule:ident($($name:ident: $type:ty)?);)*) => {
        $(
            fn $rule(&self, $($name: $type)?) -> Cow<'static, str> {
                self.0.$rule($($name)?)
            }
        )*
    };
}

impl<W: Words> I18n for Lengths<'_, W> {
    fn length_lower_than(&self, min: usize) -> Cow<'static, str> {
        format!("{TOO_SHORT}{min}").into()
    }

    fn length_greater_than(&self, max: usize) -> Cow<'static, str> {
        format!("{TOO_LONG}{max}").into()
    }

    same_words! {
        range_lower_than(min: &dyn Display);
        range_greater_than(max: &dyn Display);
        credit_card_invalid(reason: InvalidCreditCard);
        pattern_no_match(pattern: &dyn Display);
        contains_missing(pattern: &dyn Display);
        url_invalid(reason: InvalidUrl);
        prefix_missing(pattern: &dyn Display);
        suffix_missing(pattern: &dyn Display);
        phone_number_invalid(reason: InvalidPhoneNumber);
        ip_invalid(kind: IpKind);
        matches_field_mismatch(field: &dyn Display);
        email_invalid(reason: InvalidEmail);
        ascii_invalid();
        alphanumeric_invalid();
        required_not_set();
    }
}

/// English words: "must be 18 or more".
#[derive(Debug, Clone, Copy, Default)]
pub struct English;

impl Words for English {}

impl I18n for English {
    fn length_lower_than(&self, min: usize) -> Cow<'static, str> {
        match min {
            1 => self.required_not_set(),
            _ => format!("must have at least {min} characters").into(),
        }
    }

    fn length_greater_than(&self, max: usize) -> Cow<'static, str> {
        format!("must have at most {max} {}", if max == 1 { "character" } else { "characters" }).into()
    }

    fn range_lower_than(&self, min: &dyn Display) -> Cow<'static, str> {
        format!("must be {min} or more").into()
    }

    fn range_greater_than(&self, max: &dyn Display) -> Cow<'static, str> {
        format!("must be {max} or less").into()
    }

    fn credit_card_invalid(&self, _: InvalidCreditCard) -> Cow<'static, str> {
        "is not the number of a credit card".into()
    }

    fn pattern_no_match(&self, _: &dyn Display) -> Cow<'static, str> {
        "does not have the right form".into()
    }

    fn contains_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("must contain \u{201c}{pattern}\u{201d}").into()
    }

    fn url_invalid(&self, _: InvalidUrl) -> Cow<'static, str> {
        "is not a web address".into()
    }

    fn prefix_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("must begin with \u{201c}{pattern}\u{201d}").into()
    }

    fn suffix_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("must end with \u{201c}{pattern}\u{201d}").into()
    }

    fn phone_number_invalid(&self, _: InvalidPhoneNumber) -> Cow<'static, str> {
        "is not a phone number".into()
    }

    fn ip_invalid(&self, kind: IpKind) -> Cow<'static, str> {
        format!("is not an {kind} address").into()
    }

    fn matches_field_mismatch(&self, field: &dyn Display) -> Cow<'static, str> {
        format!("is not the same as {field}").into()
    }

    fn email_invalid(&self, _: InvalidEmail) -> Cow<'static, str> {
        "is not an email address".into()
    }

    fn ascii_invalid(&self) -> Cow<'static, str> {
        "must be plain letters, digits and signs".into()
    }

    fn alphanumeric_invalid(&self) -> Cow<'static, str> {
        "must be letters and digits".into()
    }

    fn required_not_set(&self) -> Cow<'static, str> {
        "is required".into()
    }
}
