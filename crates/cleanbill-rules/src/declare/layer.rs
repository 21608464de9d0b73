//! What a pack says about the packs that it builds on: `extends`, `params`, `overrides`, `waivers`.

use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::rule::RuleDecl;
use super::test::TestDecl;

/// A pack to build on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendsDecl {
    /// Name of the pack; it is looked for among those at hand and in the folders beside this pack.
    pub(crate) pack: String,
    /// Versions that will do: `^1.0`, or `>=2026.1, <2027`.
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

/// What becomes of a value set of a pack below: either `override`, or `add` or `remove` or both.
// The texts stand in the tree.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetOverrideDecl {
    /// The list that takes the place of the one below.
    #[serde(default, rename = "override")]
    pub(crate) whole: Option<Vec<String>>,
    /// What is added to the list.
    #[serde(default)]
    pub(crate) add: Vec<String>,
    /// What is taken out of the list; it must be in it.
    #[serde(default)]
    pub(crate) remove: Vec<String>,
}

/// A change to a rule of a pack below.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverrideDecl {
    /// Id of the rule.
    pub(crate) rule: String,
    /// New values of keys of the rule.
    // Checked as part of the rule.
    #[serde(default)]
    #[schemars(with = "Settable")]
    pub(crate) set: BTreeMap<String, IgnoredAny>,
    /// What is added to the list `codes` of the rule.
    #[serde(default, rename = "codes+")]
    pub(crate) codes_added: Vec<String>,
    /// What is taken out of the list `codes` of the rule; it must be in it.
    #[serde(default, rename = "codes-")]
    pub(crate) codes_removed: Vec<String>,
    /// `true` when the rule is not to run at all; nothing else of it can be changed then.
    #[serde(default)]
    pub(crate) disable: bool,
    /// Why the rule is changed here.
    pub(crate) reason: String,
    /// Last date of service for which the change holds, written `YYYY-MM-DD`; left out, it has no end.
    #[serde(default)]
    pub(crate) until: Option<String>,
    /// Tests of the rule as it is after the change.
    #[serde(default)]
    pub(crate) tests: Vec<TestDecl>,
}

/// Stands for the keys of a rule that an override can set.
struct Settable;

impl Settable {
    const KEYS: [&str; 8] =
        ["disposition", "severity", "on_unknown", "remit", "owner", "message", "fix", "effective"];
}

/// Key that an override sets within the block of a rule's kind: where the rule looks for other lines.
pub(crate) const SEARCH: &str = "search";

/// `waivers.yaml`, or the waivers themselves.
#[derive(Debug)]
pub(crate) enum WaiversDecl {
    File(String),
    Listed,
}

/// Findings that someone has decided to live with until a day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaiverDecl {
    /// Id of the rule whose findings are waived.
    pub(crate) rule: String,
    /// Which findings of the rule; everything that is given must fit.
    pub(crate) r#match: MatchDecl,
    /// Why the findings are waived.
    pub(crate) reason: String,
    /// Who decided so.
    pub(crate) approved_by: String,
    /// Where the decision is filed.
    #[serde(default)]
    pub(crate) ticket: Option<String>,
    /// First day on which the waiver holds, written `YYYY-MM-DD`.
    #[serde(default)]
    pub(crate) starts: Option<String>,
    /// Last day on which the waiver holds, written `YYYY-MM-DD`, at most 366 days away.
    pub(crate) expires: String,
}

/// Which findings; at least one key, and everything that is given must fit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatchDecl {
    /// Identifier of the payer.
    #[serde(default)]
    pub(crate) payer: Option<String>,
    /// NPI of the billing provider.
    #[serde(default)]
    pub(crate) billing_npi: Option<String>,
    /// NPI of the provider who rendered the line.
    #[serde(default)]
    pub(crate) rendering_npi: Option<String>,
    /// Control number of the claim (CLM01).
    #[serde(default)]
    pub(crate) claim_id: Option<String>,
    /// Procedure code of the line.
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

impl JsonSchema for ParamDecl {
    fn schema_name() -> Cow<'static, str> {
        "Param".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let block = generator.subschema_for::<ParamOverride>();
        json_schema!({ "anyOf": [block, { "type": "boolean" }, { "type": "string" }] })
    }
}

/// Stands for `{ override: VALUE }`.
struct ParamOverride;

impl JsonSchema for ParamOverride {
    fn schema_name() -> Cow<'static, str> {
        "ParamOverride".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "Another value for a parameter of a pack below.",
            "properties": { "override": {
                "description": "The value that takes the place of the one below.",
                "anyOf": [{ "type": "boolean" }, { "type": "string" }],
            } },
            "required": ["override"],
            "additionalProperties": false,
        })
    }
}

impl JsonSchema for SetDecl {
    fn schema_name() -> Cow<'static, str> {
        "Set".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let block = generator.subschema_for::<SetOverrideDecl>();
        let list = json_schema!({ "type": "array", "items": { "type": "string" } });
        json_schema!({ "anyOf": [block, list] })
    }
}

impl JsonSchema for Settable {
    fn schema_name() -> Cow<'static, str> {
        "Changes".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let rule = RuleDecl::json_schema(generator).to_value();
        let keys = rule.get("properties").and_then(serde_json::Value::as_object);
        let mut settable: serde_json::Map<_, _> = keys
            .into_iter()
            .flatten()
            .filter(|(key, _)| Self::KEYS.contains(&key.as_str()))
            .map(|(key, schema)| (key.clone(), schema.clone()))
            .collect();
        let places = crate::schema::words::one_of(crate::kind::places_to_search());
        let search = json_schema!({
            "description": "Where the rule looks for other lines, of a kind that has `search`.",
            "type": "array",
            "items": places,
        });
        settable.insert(SEARCH.to_owned(), search.to_value());
        json_schema!({
            "type": "object",
            "description": "New values of keys of a rule.",
            "properties": settable,
            "additionalProperties": false,
        })
    }
}

impl JsonSchema for WaiversDecl {
    fn schema_name() -> Cow<'static, str> {
        "Waivers".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let waiver = generator.subschema_for::<WaiverDecl>();
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": waiver }] })
    }
}
