//! The tests that look at a library's bytes and run none of its code.

use cleanbill_plugin_host::{AbiVersion, Aspect, Examined, examine};
use serde_json::Value;

use crate::manifest::Manifest;
use crate::outcome::{Ended, Verdict, expect};

/// A library as it is looked at.
pub(crate) struct LookedAt(Examined);

/// A test that looks at a library's bytes.
pub(crate) type StaticTest = fn(&LookedAt) -> Verdict;

impl LookedAt {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(examine(bytes))
    }

    fn holds(&self, aspect: Aspect) -> Verdict {
        match self.0.wrong.iter().find(|(found, _)| *found == aspect) {
            Some((_, words)) => Err(Ended::Fail(words.clone())),
            None if !self.0.is_library => Err(Ended::Skip("it is no library".to_owned())),
            None if matches!(aspect, Aspect::Abi | Aspect::Rules) && self.0.manifest.is_none() => {
                Err(Ended::Skip("it has no manifest".to_owned()))
            }
            None => Ok(()),
        }
    }

    /// What the library says of itself; what it does not say is left empty.
    pub(crate) fn manifest(&self) -> Manifest {
        let json = self.0.manifest.as_ref().map_or("{}", |(_, json)| json);
        Manifest::read(json).unwrap_or_default()
    }

    /// The version that it says it is built for.
    pub(crate) fn abi(&self) -> Option<AbiVersion> {
        self.0.manifest.as_ref().map(|(abi, _)| *abi)
    }
}

/// S1: a manifest, once, and valid.
pub(crate) fn has_one_manifest(subject: &LookedAt) -> Verdict {
    subject.holds(Aspect::Manifest)
}

/// S2: the entry.
pub(crate) fn has_an_entry(subject: &LookedAt) -> Verdict {
    subject.holds(Aspect::Entry)
}

/// S3: the ABI of this host, and no later minor than its own.
pub(crate) fn is_of_this_abi(subject: &LookedAt) -> Verdict {
    subject.holds(Aspect::Abi)
}

/// S4: libraries that it needs, search paths, text relocations, an executable stack.
pub(crate) fn loads_plainly(subject: &LookedAt) -> Verdict {
    subject.holds(Aspect::Loading)
}

/// S5: names that it defines for others.
pub(crate) fn exports_its_own(subject: &LookedAt) -> Verdict {
    subject.holds(Aspect::Exports)
}

/// S6: rules and their words.
pub(crate) fn has_sound_rules(subject: &LookedAt) -> Verdict {
    subject.holds(Aspect::Rules)
}

/// S7: the schema of its configuration, where there is one: an object none of whose members must be given,
/// and whose defaults are of their type.
pub(crate) fn describes_its_config(subject: &LookedAt) -> Verdict {
    if subject.0.manifest.is_none() {
        return Err(Ended::Skip("it has no manifest".to_owned()));
    }
    let Some(schema) = subject.manifest().config_schema else { return Ok(()) };
    let member = |name: &str| schema.get(name);
    expect(member("type").and_then(Value::as_str) == Some("object"), || {
        "`config_schema` must have `\"type\": \"object\"`".to_owned()
    })?;
    let required =
        member("required").and_then(Value::as_array).is_some_and(|names| !names.is_empty());
    expect(!required, || {
        "`config_schema` has `required` members, but an instance that nobody configures gets `{}`; give \
         every member a default"
            .to_owned()
    })?;
    for (name, property) in member("properties").and_then(Value::as_object).into_iter().flatten() {
        let place = format!("`config_schema`: `{name}`");
        expect(property.is_object() || property.is_boolean(), || format!("{place} is no schema"))?;
        if let Some(default) = property.get("default") {
            let reason = mismatch(default, property);
            expect(reason.is_none(), || {
                format!("{place} has a default that {}", reason.unwrap_or_default())
            })?;
        }
    }
    Ok(())
}

/// Why `value` does not fit `schema`, as far as types, choices and limits tell.
fn mismatch(value: &Value, schema: &Value) -> Option<String> {
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |name: &str| match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => false,
    };
    if !types.is_empty() && !types.iter().any(|name| is(name)) {
        return Some(format!("is not of the type {}", types.join(" or ")));
    }
    let choices = schema.get("enum").and_then(Value::as_array);
    if choices.is_some_and(|choices| !choices.contains(value)) {
        return Some("is none of its `enum`".to_owned());
    }
    let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
    let number = value.as_f64()?;
    if limit("minimum").is_some_and(|least| number < least) {
        return Some("is less than its `minimum`".to_owned());
    }
    limit("maximum")
        .is_some_and(|most| number > most)
        .then(|| "is more than its `maximum`".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::mismatch;

    #[test]
    fn a_default_must_fit_its_own_schema() {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": 400});
        assert_eq!(mismatch(&json!(90), &schema), None);
        for (value, told) in
            [(json!("90"), "type integer"), (json!(0), "minimum"), (json!(401), "maximum")]
        {
            assert!(mismatch(&value, &schema).unwrap().contains(told), "{value}");
        }
        assert!(mismatch(&json!("c"), &json!({"enum": ["a", "b"]})).is_some());
        assert_eq!(mismatch(&json!(null), &json!({"type": ["string", "null"]})), None);
    }
}
