//! The configuration of a plugin: the members that its rules take together.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use toml::Value;

use crate::declared::{Member, Rule, Text};
use crate::mistake::{Checked, wrong};
use crate::words;

/// What a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Flag,
    Texts,
    Any,
}

/// The kinds by their names in manifests.
const KINDS: [(&str, Kind); 5] = [
    ("text", Kind::Text),
    ("number", Kind::Number),
    ("flag", Kind::Flag),
    ("texts", Kind::Texts),
    ("any", Kind::Any),
];

impl Kind {
    /// Its type in the plugin.
    pub(crate) const fn rust(self) -> &'static str {
        match self {
            Self::Text => "::std::string::String",
            Self::Number => "i64",
            Self::Flag => "bool",
            Self::Texts => "::std::vec::Vec<::std::string::String>",
            Self::Any => "::cleanbill_plugin_sdk::serde_json::Value",
        }
    }

    /// Its JSON Schema, without default and title.
    fn schema(self) -> Map<String, Json> {
        let schema = match self {
            Self::Text => json!({"type": "string"}),
            Self::Number => json!({"type": "integer"}),
            Self::Flag => json!({"type": "boolean"}),
            Self::Texts => json!({"type": "array", "items": {"type": "string"}}),
            Self::Any => json!({}),
        };
        schema.as_object().cloned().unwrap_or_default()
    }

    /// What it is when nothing is said.
    fn nothing(self) -> Json {
        match self {
            Self::Text => json!(""),
            Self::Number => json!(0),
            Self::Flag => json!(false),
            Self::Texts => json!([]),
            Self::Any => Json::Null,
        }
    }

    fn admits(self, value: &Json) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Number => value.is_i64(),
            Self::Flag => value.is_boolean(),
            Self::Texts => value.as_array().is_some_and(|list| list.iter().all(Json::is_string)),
            Self::Any => true,
        }
    }
}

/// A member, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) kind: Kind,
    pub(crate) default: Json,
    pub(crate) title: Option<String>,
}

/// All members by name. Rules that name the same one share it.
pub(crate) type Settings = BTreeMap<String, Setting>;

/// Members of `rule`, put to `all`; gives back the manifest's `config` of the rule.
pub(crate) fn check(rule: &Rule, all: &mut Settings) -> Checked<Json> {
    let mut kinds = Map::new();
    for (name, member) in &rule.config {
        let setting = setting(name, member)?;
        kinds.insert(name.get_ref().clone(), Json::from(member.kind.get_ref().as_str()));
        match all.get(name.get_ref()) {
            Some(known) if *known != setting => {
                return wrong(
                    name,
                    format!(
                        "`{}` is declared otherwise in an earlier rule; a plugin has one configuration, so \
                         give both the same kind, default and title",
                        name.get_ref()
                    ),
                );
            }
            _ => all.insert(name.get_ref().clone(), setting),
        };
    }
    Ok(Json::Object(kinds))
}

fn setting(name: &Text, member: &Member) -> Checked<Setting> {
    if !is_identifier(name.get_ref()) {
        let remedy = "write small letters, digits and `_`, and no word of Rust";
        return wrong(name, format!("`{}` cannot name a member; {remedy}", name.get_ref()));
    }
    words::one_of("kind", &member.kind, &KINDS.map(|(name, _)| name))?;
    let known = KINDS.iter().find(|(name, _)| name == member.kind.get_ref());
    let kind = known.map_or(Kind::Any, |(_, kind)| *kind);
    let default = match &member.default {
        None => kind.nothing(),
        Some(value) => {
            let value_json = json_of(value.get_ref());
            if !kind.admits(&value_json) {
                return wrong(
                    value,
                    format!(
                        "the default of `{}` is no `{}`; numbers are whole, a decimal is a text",
                        name.get_ref(),
                        member.kind.get_ref()
                    ),
                );
            }
            value_json
        }
    };
    if let Some(title) = &member.title {
        words::text("title", title)?;
    }
    let title = member.title.as_ref().map(|title| title.get_ref().clone());
    Ok(Setting { kind, default, title })
}

/// The JSON Schema of the whole configuration.
pub(crate) fn schema(settings: &Settings) -> Json {
    let properties: Map<String, Json> = settings
        .iter()
        .map(|(name, setting)| {
            let mut schema = setting.kind.schema();
            schema.insert("default".to_owned(), setting.default.clone());
            if let Some(title) = &setting.title {
                schema.insert("title".to_owned(), Json::from(title.as_str()));
            }
            (name.clone(), Json::Object(schema))
        })
        .collect();
    json!({"type": "object", "additionalProperties": false, "properties": properties})
}

/// A TOML value as JSON; days become texts.
pub(crate) fn json_of(value: &Value) -> Json {
    match value {
        Value::String(text) => Json::from(text.as_str()),
        Value::Integer(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Boolean(flag) => Json::from(*flag),
        Value::Datetime(day) => Json::from(day.to_string()),
        Value::Array(list) => list.iter().map(json_of).collect(),
        Value::Table(table) => {
            table.iter().map(|(key, value)| (key.clone(), json_of(value))).collect()
        }
    }
}

fn is_identifier(name: &str) -> bool {
    const TAKEN: [&str; 4] = [
        "as async await break const continue crate dyn else enum extern false fn for gen if impl in",
        "let loop match mod move mut pub ref return self static struct super trait true type unsafe",
        "use where while abstract become box do final macro override priv try typeof unsized virtual",
        "yield",
    ];
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !TAKEN.iter().any(|line| line.split(' ').any(|word| word == name))
}
