//! A list of codes, or the name of a value set.

use core::fmt;
use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

/// `["93985", "93986"]` or `$access_mapping`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CodeList {
    /// Codes as typed.
    Listed(Vec<String>),
    /// Name of a value set, without the `$`.
    Named(String),
}

impl<'de> Deserialize<'de> for CodeList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = CodeList;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list, or the name of a value set such as $my_codes")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<CodeList, E> {
                text.strip_prefix('$')
                    .map(|name| CodeList::Named(name.to_owned()))
                    .ok_or_else(|| E::invalid_type(serde::de::Unexpected::Other("a value"), &self))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<CodeList, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element::<String>()? {
                    list.push(item);
                }
                Ok(CodeList::Listed(list))
            }
        }

        // A single bare code is refused whatever it looks like, so an untyped look at it is safe.
        deserializer.deserialize_any(Reader)
    }
}

impl JsonSchema for CodeList {
    fn schema_name() -> Cow<'static, str> {
        "Codes".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "anyOf": [
                { "type": "string", "pattern": crate::schema::NAMES_A_SET },
                { "type": "array", "items": { "type": "string" } },
            ]
        })
    }
}
