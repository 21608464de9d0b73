//! Declared types out of a tree: each value as it was typed, each error at its place.

use core::fmt;
use core::ops::Range;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected,
    Visitor, value::BorrowedStrDeserializer,
};
use serde::forward_to_deserialize_any;

use super::tree::{Entry, Node, Shape};
use super::value::{is_nothing, is_number};
use crate::diagnostic::{Code, Diagnostic};

/// Decodes `node` of `file` into a declared type.
///
/// # Errors
/// Keys and shapes were compared before; what is left is a value out of range.
pub(crate) fn decode<T: DeserializeOwned>(file: &str, node: &Node) -> Result<T, Diagnostic> {
    T::deserialize(node).map_err(|error: Unreadable| Diagnostic {
        code: Code::WrongType,
        message: "this value cannot be read".to_owned(),
        file: file.to_owned(),
        span: error.0.unwrap_or_else(|| node.span.clone()),
        label: String::new(),
        help: String::new(),
    })
}

/// A value that does not fit, and the innermost place of it.
#[derive(Debug)]
pub(crate) struct Unreadable(Option<Range<usize>>);

impl Unreadable {
    fn at(self, node: &Node) -> Self {
        Self(self.0.or_else(|| Some(node.span.clone())))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value cannot be read")
    }
}

impl core::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(None)
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let value = match &self.shape {
            Shape::List(items) => visitor.visit_seq(Items(items.iter())),
            Shape::Map(entries) => visitor.visit_map(Entries(entries.iter(), None)),
            Shape::Scalar { .. } if is_nothing(self) => visitor.visit_unit(),
            Shape::Scalar { text, plain: true } => match text.as_str() {
                "true" => visitor.visit_bool(true),
                "false" => visitor.visit_bool(false),
                text => match text.parse() {
                    Ok(number) if is_number(text) => visitor.visit_u64(number),
                    _ => visitor.visit_borrowed_str(text),
                },
            },
            Shape::Scalar { text, .. } => visitor.visit_borrowed_str(text),
        };
        value.map_err(|error: Unreadable| error.at(self))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match is_nothing(self) {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    /// A bare code stays the text that was typed.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        let value = match &self.shape {
            Shape::Scalar { text, .. } => visitor.visit_borrowed_str(text),
            _ => Err(de::Error::invalid_type(Unexpected::Other("a block"), &visitor)),
        };
        value.map_err(|error: Unreadable| error.at(self))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

struct Items<'de>(core::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

/// The entries that are left, and the value of the key that was given last.
struct Entries<'de>(core::slice::Iter<'de, Entry>, Option<&'de Node>);

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unreadable> {
        let Some(entry) = self.0.next() else { return Ok(None) };
        self.1 = Some(&entry.value);
        seed.deserialize(BorrowedStrDeserializer::new(&entry.key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Unreadable> {
        match self.1.take() {
            Some(value) => seed.deserialize(value),
            None => Err(Unreadable(None)),
        }
    }
}
