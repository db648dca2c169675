//! `page`: what search engines and previews are told of the page.

use hothouse_services::{Failure, FailureKind};

use crate::contract::bindings::hothouse::live::{page, types};
use crate::contract::failure_to_wit;
use crate::state::State;

const MAX_NAMES: usize = 32;
const MAX_NAME_BYTES: usize = 64;
const MAX_VALUE_BYTES: usize = 2 * 1024;
const NAMES: [&str; 5] = ["description", "robots", "author", "theme-color", "canonical"];
const PREFIXES: [&str; 4] = ["og:", "article:", "profile:", "twitter:"];

impl page::Host for State {
    fn describe(&mut self, metadata: Vec<types::Pair>) -> Result<(), types::Failure> {
        if self.working.is_some() {
            return Err(failure_to_wit(Failure::new(FailureKind::NotHere, "a task has no page to describe")));
        }
        if metadata.len() > MAX_NAMES {
            return Err(failure_to_wit(too_many()));
        }
        let mut described = self.metadata.clone().unwrap_or_default();
        for types::Pair { name, value } in metadata {
            check(&name, &value).map_err(failure_to_wit)?;
            // As in markup, the place of a name is that of its last value.
            described.retain(|(former, _)| *former != name);
            described.push((name, value));
        }
        if described.len() > MAX_NAMES {
            return Err(failure_to_wit(too_many()));
        }
        if let Some(metadata) = &mut self.metadata {
            *metadata = described;
        }
        Ok(())
    }
}

fn too_many() -> Failure {
    Failure::new(FailureKind::Limit, format!("more than {MAX_NAMES} names of metadata"))
}

fn check(name: &str, value: &str) -> Result<(), Failure> {
    let is_plain =
        name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b":_-".contains(&byte));
    let is_known = NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    if !is_plain || !is_known || name.len() > MAX_NAME_BYTES {
        let shown = name.get(..name.floor_char_boundary(MAX_NAME_BYTES)).unwrap_or_default();
        let message = format!("`{shown}` is no name of metadata: see `page.describe` in the contract");
        return Err(Failure::new(FailureKind::BadInput, message));
    }
    if value.len() > MAX_VALUE_BYTES {
        let message = format!("`{name}` has {} bytes, the limit is {MAX_VALUE_BYTES}", value.len());
        return Err(Failure::new(FailureKind::Limit, message));
    }
    if name == "canonical" && !["/", "http://", "https://"].iter().any(|start| value.starts_with(start)) {
        let message = "`canonical` is no URL: it begins with `/`, `http://` or `https://`";
        return Err(Failure::new(FailureKind::BadInput, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{MAX_VALUE_BYTES, check};

    #[test]
    fn names_of_metadata_are_known_and_values_bounded() {
        for name in ["description", "robots", "og:image:alt", "article:author", "twitter:card"] {
            assert!(check(name, "x").is_ok(), "{name}");
        }
        let long = format!("og:{}", "x".repeat(100));
        for name in
            ["", "csrf-token", "refresh", "viewport", "og:\"onload", "OG:title", "og: x", "referrer", &long]
        {
            assert!(check(name, "x").is_err(), "{name}");
        }
        assert!(check("description", &"x".repeat(MAX_VALUE_BYTES)).is_ok());
        assert!(check("description", &"x".repeat(MAX_VALUE_BYTES + 1)).is_err());
        assert!(check("canonical", "/a").is_ok() && check("canonical", "javascript:alert(1)").is_err());
    }
}
