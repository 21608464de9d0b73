//! What a pack says about the packs that it builds on: `extends`, `params`, `overrides`, `waivers`.

use core::fmt;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::test::TestDecl;

/// A pack to build on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendsDecl {
    pub(crate) pack: String,
    /// Versions that will do: `^1.0`, `>=2026.1, <2027`.
    pub(crate) version: String,
}

/// `365`, or `{ override: 183 }` for a parameter of a pack below. Its text stands in the tree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ParamDecl {
    Own,
    Override,
}

/// A list, or what becomes of a list of the same name in a pack below.
#[derive(Debug)]
pub(crate) enum SetDecl {
    Own,
    Override(SetOverrideDecl),
}

/// `{ override: […] }`, or `{ add: […], remove: […] }`. The texts stand in the tree.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetOverrideDecl {
    #[serde(default, rename = "override")]
    pub(crate) whole: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) add: Vec<String>,
    #[serde(default)]
    pub(crate) remove: Vec<String>,
}

/// A change to a rule of a pack below.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverrideDecl {
    pub(crate) rule: String,
    /// New values by key; checked as part of the rule.
    #[serde(default)]
    pub(crate) set: BTreeMap<String, IgnoredAny>,
    #[serde(default, rename = "codes+")]
    pub(crate) codes_added: Vec<String>,
    #[serde(default, rename = "codes-")]
    pub(crate) codes_removed: Vec<String>,
    #[serde(default)]
    pub(crate) disable: bool,
    pub(crate) reason: String,
    /// Last date of service for which the change holds.
    #[serde(default)]
    pub(crate) until: Option<String>,
    #[serde(default)]
    pub(crate) tests: Vec<TestDecl>,
}

/// `waivers.yaml`, or the waivers themselves.
#[derive(Debug)]
pub(crate) enum WaiversDecl {
    File(String),
    Listed,
}

/// A file named under `waivers`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaiverFileDecl {
    /// Decoded one by one.
    pub(crate) waivers: Option<Vec<IgnoredAny>>,
}

/// Findings that someone has decided to live with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaiverDecl {
    pub(crate) rule: String,
    pub(crate) r#match: MatchDecl,
    pub(crate) reason: String,
    pub(crate) approved_by: String,
    #[serde(default)]
    pub(crate) ticket: Option<String>,
    #[serde(default)]
    pub(crate) starts: Option<String>,
    pub(crate) expires: String,
}

/// Which findings; all that is given must fit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatchDecl {
    #[serde(default)]
    pub(crate) payer: Option<String>,
    #[serde(default)]
    pub(crate) billing_npi: Option<String>,
    #[serde(default)]
    pub(crate) rendering_npi: Option<String>,
    #[serde(default)]
    pub(crate) claim_id: Option<String>,
    #[serde(default)]
    pub(crate) procedure: Option<String>,
}

impl<'de> Deserialize<'de> for ParamDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Block {
            #[serde(rename = "override")]
            _value: Value,
        }

        /// Any single value; its text is taken from the tree, where it stands as typed.
        struct Value;

        impl<'de> Deserialize<'de> for Value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Reader { block: false }).map(|_| Self)
            }
        }

        struct Reader {
            block: bool,
        }

        impl<'de> Visitor<'de> for Reader {
            type Value = ParamDecl;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a single value, or `{ override: VALUE }`")
            }

            fn visit_bool<E>(self, _: bool) -> Result<ParamDecl, E> {
                Ok(ParamDecl::Own)
            }

            fn visit_i64<E>(self, _: i64) -> Result<ParamDecl, E> {
                Ok(ParamDecl::Own)
            }

            fn visit_u64<E>(self, _: u64) -> Result<ParamDecl, E> {
                Ok(ParamDecl::Own)
            }

            fn visit_f64<E>(self, _: f64) -> Result<ParamDecl, E> {
                Ok(ParamDecl::Own)
            }

            fn visit_str<E>(self, _: &str) -> Result<ParamDecl, E> {
                Ok(ParamDecl::Own)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ParamDecl, A::Error> {
                if !self.block {
                    let block = serde::de::Unexpected::Map;
                    return Err(serde::de::Error::invalid_type(block, &"a single value"));
                }
                Block::deserialize(MapAccessDeserializer::new(map)).map(|_| ParamDecl::Override)
            }
        }

        deserializer.deserialize_any(Reader { block: true })
    }
}

impl<'de> Deserialize<'de> for SetDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = SetDecl;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<SetDecl, A::Error> {
                while items.next_element::<String>()?.is_some() {}
                Ok(SetDecl::Own)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SetDecl, A::Error> {
                SetOverrideDecl::deserialize(MapAccessDeserializer::new(map)).map(SetDecl::Override)
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for WaiversDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = WaiversDecl;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a file, or a list of waivers")
            }

            fn visit_str<E>(self, path: &str) -> Result<WaiversDecl, E> {
                Ok(WaiversDecl::File(path.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<WaiversDecl, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(WaiversDecl::Listed)
            }
        }

        deserializer.deserialize_any(Reader)
    }
}
