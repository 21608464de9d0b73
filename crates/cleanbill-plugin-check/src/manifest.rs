//! What the kit needs of a manifest. Whether it is valid is for the host to say.

use serde_json::{Map, Value};

/// A manifest, and the codes to try its plugin with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) payers: Vec<String>,
    /// The procedure codes that it names anywhere.
    pub(crate) codes: Vec<String>,
    /// Modifiers that its examples have.
    pub(crate) modifiers: Vec<String>,
    pub(crate) rules: Vec<RuleFacts>,
    pub(crate) config_schema: Option<Value>,
}

/// What the kit needs of a rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleFacts {
    pub(crate) id: String,
    /// What a configuration may hold: name and kind.
    pub(crate) config: Vec<(String, String)>,
    pub(crate) examples: Vec<Value>,
}

impl Manifest {
    /// Reads the JSON of a manifest; what is missing is left empty.
    pub(crate) fn read(json: &str) -> Result<Self, String> {
        let value: Value = serde_json::from_str(json)
            .map_err(|error| format!("its manifest is not JSON: {error}"))?;
        let mut modifiers = Vec::new();
        collect_modifiers(&value, &mut modifiers);
        Ok(Self {
            id: text(&value, "id"),
            version: text(&value, "version"),
            payers: list(&value, "payers")
                .filter_map(|one| Some(one.as_str()?.to_owned()))
                .collect(),
            codes: codes_in(json.as_bytes()),
            modifiers,
            rules: list(&value, "rules").map(RuleFacts::read).collect(),
            config_schema: value.get("config_schema").cloned(),
        })
    }
}

impl RuleFacts {
    fn read(rule: &Value) -> Self {
        let config = rule.get("config").and_then(Value::as_object).into_iter().flat_map(Map::iter);
        Self {
            id: text(rule, "id"),
            config: config
                .map(|(name, kind)| (name.clone(), kind.as_str().unwrap_or_default().to_owned()))
                .collect(),
            examples: list(rule, "examples").cloned().collect(),
        }
    }
}

fn text(value: &Value, member: &str) -> String {
    value.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> {
    value.get(member).and_then(Value::as_array).into_iter().flatten()
}

fn collect_modifiers(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for one in members.get("modifiers").and_then(Value::as_array).into_iter().flatten() {
                found.extend(one.as_str().map(str::to_owned));
            }
            members.values().for_each(|member| collect_modifiers(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_modifiers(item, found)),
        _ => {}
    }
}

/// What looks like a procedure code: five digits, or a letter and four digits, with no letter or digit
/// around it. A row of digits without gaps is cut into codes, as compilers lay constants out.
pub(crate) fn codes_in(bytes: &[u8]) -> Vec<String> {
    let mut codes = Vec::new();
    for word in bytes.split(|byte| !byte.is_ascii_alphanumeric()) {
        let is_row = !word.is_empty() && word.len() <= 200 && word.len() % 5 == 0;
        if !is_row {
            continue;
        }
        let parts: Vec<&[u8]> = word.chunks(5).collect();
        if parts.iter().all(|part| is_code(part)) {
            codes.extend(parts.iter().filter_map(|part| String::from_utf8(part.to_vec()).ok()));
        }
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn is_code(part: &[u8]) -> bool {
    part.split_first().is_some_and(|(first, rest)| {
        (first.is_ascii_digit() || (b'A'..=b'V').contains(first))
            && rest.len() == 4
            && rest.iter().all(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests {
    use super::{Manifest, codes_in};

    #[test]
    fn codes_are_found_wherever_they_stand() {
        let found = codes_in(b"\0G0299\x0093990 9397093971,1234,x93990,12345678");
        assert_eq!(found, ["93970", "93971", "93990", "G0299"]);
    }

    #[test]
    fn a_manifest_tells_its_rules_and_what_its_examples_bill() {
        let json = r#"{"id":"a","payers":["P"],"rules":[{"id":"a/b","config":{"n":"text"},
            "examples":[{"claim":{"lines":[{"procedure":"93970","modifiers":["59"]}]}}]}]}"#;
        let read = Manifest::read(json).unwrap();
        assert_eq!((read.id.as_str(), &*read.payers), ("a", &["P".to_owned()][..]));
        assert_eq!((read.codes, read.modifiers), (vec!["93970".into()], vec!["59".into()]));
        assert_eq!(read.rules[0].config, [("n".to_owned(), "text".to_owned())]);
        assert_eq!(read.rules[0].examples.len(), 1);
        assert!(Manifest::read("{").is_err());
    }
}
