//! What a browser's session holds: names and values, so few and so short that a cookie carries them.
//! Knows neither cookies nor views.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::names::is_name;

/// Most values at once.
const MAX_VALUES: usize = 32;
/// Longest name, in bytes.
const MAX_NAME_BYTES: usize = 64;
/// All of them, as JSON: signed or sealed, written as text and with its attributes the cookie stays below 4,096 bytes.
pub(super) const MAX_BYTES: usize = 2 * 1024;

/// Names and values, each name once, in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(String, String)>", into = "Vec<(String, String)>")]
pub(crate) struct Values(Arc<[(String, String)]>);

/// Why values are not put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ValuesRefused {
    /// A name is none.
    #[error("a name in the session is 1 to {MAX_NAME_BYTES} lower-case letters, digits, `-` and `_`")]
    Name,
    /// There are too many.
    #[error("more than {MAX_VALUES} values in the session")]
    TooMany,
    /// They are too long.
    #[error(
        "more than {MAX_BYTES} bytes of values in the session, as JSON: they travel in a cookie, so keep a key there, \
         and what belongs to it elsewhere"
    )]
    TooLarge,
}

impl Values {
    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All of them, as views are told.
    pub(crate) fn pairs(&self) -> &Arc<[(String, String)]> {
        &self.0
    }

    /// These, and others put in: each in the place of the one of its name, and an empty one takes it away.
    ///
    /// # Errors
    /// [`ValuesRefused`].
    pub(crate) fn with(&self, pairs: &[(String, String)]) -> Result<Self, ValuesRefused> {
        let mut values = self.0.to_vec();
        for (name, value) in pairs {
            if !is_name(name, MAX_NAME_BYTES) {
                return Err(ValuesRefused::Name);
            }
            match values.iter().position(|(known, _)| known == name) {
                Some(at) if value.is_empty() => drop(values.remove(at)),
                None if value.is_empty() => {}
                Some(at) => {
                    if let Some((_, known)) = values.get_mut(at) {
                        known.clone_from(value);
                    }
                }
                None => values.push((name.clone(), value.clone())),
            }
        }
        if values.len() > MAX_VALUES {
            return Err(ValuesRefused::TooMany);
        }
        if serde_json::to_string(&values).map_or(usize::MAX, |json| json.len()) > MAX_BYTES {
            return Err(ValuesRefused::TooLarge);
        }
        Ok(values.into())
    }
}

impl From<Vec<(String, String)>> for Values {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs.into())
    }
}

impl From<Values> for Vec<(String, String)> {
    fn from(Values(pairs): Values) -> Self {
        pairs.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, MAX_NAME_BYTES, MAX_VALUES, Values, ValuesRefused};

    fn put(values: &Values, pairs: &[(&str, &str)]) -> Result<Values, ValuesRefused> {
        let owned: Vec<_> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        values.with(&owned)
    }

    #[test]
    fn values_are_merged_by_name_and_an_empty_one_takes_its_name_away() {
        let values = put(&Values::default(), &[("user", "ann"), ("role", "staff"), ("user", "bob")]).unwrap();
        assert_eq!((values.get("user"), values.get("role")), (Some("bob"), Some("staff")));
        let fewer = put(&values, &[("role", ""), ("nobody", "")]).unwrap();
        assert_eq!(**fewer.pairs(), [("user".to_owned(), "bob".to_owned())]);
        assert_eq!(put(&values, &[("user", "bob")]).unwrap(), values, "nothing has changed");
    }

    #[test]
    fn names_are_so_long_and_there_are_so_many_and_no_more() {
        let none = Values::default();
        for wrong in ["", "User", "a b", "é", "a.b", &"a".repeat(MAX_NAME_BYTES + 1)] {
            assert_eq!(put(&none, &[(wrong, "x")]), Err(ValuesRefused::Name), "{wrong}");
        }
        assert!(put(&none, &[(&"a".repeat(MAX_NAME_BYTES), "x")]).is_ok());
        let names: Vec<String> = (0..=MAX_VALUES).map(|number| number.to_string()).collect();
        let pairs: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();
        assert_eq!(put(&none, &pairs), Err(ValuesRefused::TooMany));
        assert!(put(&none, &pairs[1..]).is_ok());
    }

    #[test]
    fn values_take_so_many_bytes_as_json_and_no_more() {
        for filling in ["a", "\"", "\u{0}", "é"] {
            let each = serde_json::to_string(filling).unwrap().len() - 2;
            let longest = filling.repeat((MAX_BYTES - r#"[["user",""]]"#.len()) / each);
            assert!(put(&Values::default(), &[("user", &longest)]).is_ok());
            let longer = longest + filling;
            assert_eq!(put(&Values::default(), &[("user", &longer)]), Err(ValuesRefused::TooLarge));
        }
    }
}
