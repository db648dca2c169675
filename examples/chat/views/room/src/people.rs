//! Who is in a room.

use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// What others know of somebody's tab.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Tab {
    pub(crate) is_typing: bool,
}

/// Somebody, with all their tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) tabs: usize,
    pub(crate) is_typing: bool,
}

/// All who are there, by their names.
pub(crate) fn people(topic: &str) -> Result<Vec<Person>> {
    let members = presence::members::<Tab>(topic)?;
    let person = |member: presence::Member<Tab>| Person {
        name: member.key,
        tabs: member.metas.len(),
        is_typing: member.metas.iter().any(|tab| tab.is_typing),
    };
    Ok(members.into_iter().map(person).collect())
}

/// The longest name, in characters.
pub(crate) const MAX_NAME: usize = 30;

/// A name that somebody may have.
pub(crate) fn checked_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(Failure::bad_input(format!("A name has 1 to {MAX_NAME} characters.")));
    }
    Ok(name)
}

/// Who is typing, besides oneself, in words.
pub(crate) fn typing(people: &[Person], own: &str) -> String {
    let names: Vec<&str> = people
        .iter()
        .filter(|person| person.is_typing && person.name != own)
        .map(|person| &*person.name)
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("{one} is typing …"),
        [one, other] => format!("{one} and {other} are typing …"),
        [one, others @ ..] => format!("{one} and {} others are typing …", others.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_typing_is_said_in_words_and_not_of_oneself() {
        let person = |name: &str, is_typing| Person { name: name.to_owned(), tabs: 1, is_typing };
        let mut people = vec![person("Ann", true), person("Bob", false)];
        assert_eq!(typing(&people, "Ann"), "");
        assert_eq!(typing(&people, "Bob"), "Ann is typing …");
        people.push(person("Cleo", true));
        assert_eq!(typing(&people, "Bob"), "Ann and Cleo are typing …");
        people.push(person("Dan", true));
        assert_eq!(typing(&people, "Bob"), "Ann and 2 others are typing …");
    }

    #[test]
    fn names_are_tidied_and_have_a_length() {
        assert_eq!(checked_name("  Ann  Bee "), Ok("Ann Bee".to_owned()));
        assert!(checked_name(" ").is_err() && checked_name(&"x".repeat(31)).is_err());
        assert!(checked_name("a\u{0}").is_err());
    }
}
