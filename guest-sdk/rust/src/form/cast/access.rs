//! What is inside of a value: elements, entries, members, the name of a variant.

use std::collections::BTreeMap;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer as _, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::{Cast, Field, Refused};
use crate::form::tree::Node;
use crate::form::words::Words;

/// The elements of a list, by index.
pub(super) struct Elements<'c, 'w, I, W> {
    pub(super) elements: I,
    pub(super) cast: &'c mut Cast<'w, W>,
}

impl<'de, 'n, I, W> SeqAccess<'de> for Elements<'_, '_, I, W>
where
    I: Iterator<Item = (usize, &'n mut Node)>,
    W: Words,
{
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Refused> {
        let Some((index, node)) = self.elements.next() else { return Ok(None) };
        self.cast.within(index, |cast| seed.deserialize(Field { node: Some(node), cast })).map(Some)
    }
}

/// The entries of a map.
pub(super) struct Entries<'c, 'n, 'w, I, W> {
    pub(super) members: I,
    pub(super) value: Option<(&'n str, &'n mut Node)>,
    pub(super) cast: &'c mut Cast<'w, W>,
}

impl<'de, 'n, I, W> MapAccess<'de> for Entries<'_, 'n, '_, I, W>
where
    I: Iterator<Item = (&'n String, &'n mut Node)>,
    W: Words,
{
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refused> {
        let Some((name, node)) = self.members.next() else { return Ok(None) };
        self.value = Some((name, node));
        let mut key = Node::Text(name.clone());
        let cast = &mut *self.cast;
        cast.within(name, |cast| seed.deserialize(Field { node: Some(&mut key), cast })).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let (name, node) = self.value.take().ok_or(Refused::Told)?;
        self.cast.within(name, |cast| seed.deserialize(Field { node: Some(node), cast }))
    }
}

/// The members of a struct that are there, and those that it cannot do without.
pub(super) struct Members<'c, 'n, 'w, W> {
    pub(super) name: &'static str,
    pub(super) fields: std::slice::Iter<'static, &'static str>,
    pub(super) members: &'n mut BTreeMap<String, Node>,
    pub(super) field: &'static str,
    pub(super) cast: &'c mut Cast<'w, W>,
}

impl<'de, W: Words> MapAccess<'de> for Members<'_, '_, '_, W> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refused> {
        let (name, members, absent) = (self.name, &self.members, &self.cast.absent);
        let is_read = |field: &&&str| members.contains_key(**field) || absent.contains(&(name, **field));
        let Some(field) = self.fields.by_ref().find(is_read) else { return Ok(None) };
        self.field = field;
        let key: StrDeserializer<'_, Refused> = (*field).into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let node = self.members.get_mut(self.field);
        self.cast.within(self.field, |cast| seed.deserialize(Field { node, cast }))
    }
}

/// A variant without anything in it.
pub(super) struct Choice(pub(super) &'static str);

impl<'de> EnumAccess<'de> for Choice {
    type Error = Refused;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Refused> {
        let name: StrDeserializer<'_, Refused> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Choice {
    type Error = Refused;

    fn unit_variant(self) -> Result<(), Refused> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, _: S) -> Result<S::Value, Refused> {
        Err(no_choice())
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Refused> {
        Err(no_choice())
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Refused> {
        Err(no_choice())
    }
}

fn no_choice() -> Refused {
    Refused::Said("a choice of a form is a variant without anything in it".to_owned())
}
