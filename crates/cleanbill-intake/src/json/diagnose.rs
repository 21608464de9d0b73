//! Says in our own words what is wrong with an object that is no claim, without a value of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::shape::{CLAIM, Shape};
use crate::codes;
use crate::problem::Problem;

/// What could still be read of a claim that is set aside.
#[derive(Debug)]
pub(super) struct Diagnosis {
    pub(super) problem: Problem,
    pub(super) claim_id: Option<String>,
    pub(super) charge: Option<String>,
}

type Members<'de> = Vec<(String, &'de RawValue)>;

/// Finds the first thing that is wrong with `text`, which the declaration has refused.
pub(super) fn diagnose(text: &str) -> Diagnosis {
    let (members, error) = members_of(text);
    let value = |name: &str| {
        members.iter().find(|(member, _)| member == name).map(|(_, value)| value.get())
    };
    let claim_id = value("claim_id").and_then(|raw| serde_json::from_str(raw).ok());
    let charge = value("charge").map(|raw| raw.trim_matches('"').to_owned());
    let problem = if text.starts_with('{') {
        error.map_or_else(|| object(&members, CLAIM, ""), |error| Some(syntax(&error)))
    } else {
        value_problem(text, &Shape::Object(CLAIM), "")
    };
    let unknown = || Problem::new(codes::JSON_SYNTAX, "", "the claim cannot be read", FIX_SYNTAX);
    Diagnosis { problem: problem.unwrap_or_else(unknown), claim_id, charge }
}

const FIX_SYNTAX: &str = "write each claim as one JSON object in UTF-8";

/// The members of an object in order, repeated ones too, and why it could not be read to its end.
fn members_of(text: &str) -> (Members<'_>, Option<serde_json::Error>) {
    struct Collect<'m, 'de>(&'m mut Members<'de>);

    impl<'de> DeserializeSeed<'de> for Collect<'_, 'de> {
        type Value = ();

        fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
            input.deserialize_map(self)
        }
    }

    impl<'de> Visitor<'de> for Collect<'_, 'de> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(member) = map.next_entry::<String, &'de RawValue>()? {
                self.0.push(member);
            }
            Ok(())
        }
    }

    let mut members = Vec::new();
    let mut input = serde_json::Deserializer::from_str(text);
    let read = Collect(&mut members).deserialize(&mut input).and_then(|()| input.end());
    (members, read.err())
}

fn syntax(error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {} of the object", error.line(), error.column());
    let message = if error.is_eof() {
        "the text ends within the object".to_owned()
    } else {
        format!("the text is not JSON at {place}")
    };
    Problem::new(codes::JSON_SYNTAX, "", message, FIX_SYNTAX)
}

fn object(members: &Members<'_>, known: &[(&str, Shape)], path: &str) -> Option<Problem> {
    for (index, (name, value)) in members.iter().enumerate() {
        let Some((_, shape)) = known.iter().find(|(member, _)| member == name) else {
            return Some(unknown_member(name, known, path));
        };
        let path = join(path, name);
        if members.iter().take(index).any(|(earlier, _)| earlier == name) {
            let message = format!("`{path}` stands twice in one object");
            let fix = "keep the one that is right and take the other out";
            return Some(Problem::new(codes::JSON_REPEATED, path, message, fix));
        }
        if let Some(problem) = value_problem(value.get(), shape, &path) {
            return Some(problem);
        }
    }
    None
}

fn value_problem(raw: &str, shape: &Shape, path: &str) -> Option<Problem> {
    let found = kind(raw);
    let (fits, needed) = match shape {
        Shape::Text => (found == "text", "text"),
        Shape::Amount => (matches!(found, "text" | "a number"), "a number or the number as text"),
        Shape::Count => (found == "a number", "a whole number"),
        Shape::List(_) => (found == "a list", "a list"),
        Shape::Object(_) => (found == "an object", "an object"),
    };
    if !fits {
        let what = if path.is_empty() { "the claim".to_owned() } else { format!("`{path}`") };
        let message = format!("{what} is {found} where {needed} is needed");
        let fix = "write the kind of value that is needed, or leave the member out";
        return Some(Problem::new(codes::JSON_TYPE, path, message, fix));
    }
    match shape {
        Shape::Text if serde_json::from_str::<String>(raw).is_err() => {
            let message = format!("`{path}` holds an escape that is no character");
            let fix = "write surrogates in pairs, or the character itself in UTF-8";
            Some(Problem::new(codes::JSON_VALUE, path, message, fix))
        }
        Shape::Count if serde_json::from_str::<u8>(raw).is_err() => {
            // Line numbers may be larger than a pointer; both are small whole numbers.
            let large = path.ends_with("number") && serde_json::from_str::<u32>(raw).is_ok();
            let message = format!("`{path}` is not a small whole number");
            let fix = "write it with digits alone: no sign, point or exponent";
            (!large).then(|| Problem::new(codes::JSON_VALUE, path, message, fix))
        }
        Shape::List(of) => {
            let items: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
            items.iter().enumerate().find_map(|(index, item)| {
                value_problem(item.get(), of, &format!("{path}[{index}]"))
            })
        }
        Shape::Object(known) => match members_of(raw) {
            (members, None) => object(&members, known, path),
            (_, Some(error)) => Some(syntax(&error)),
        },
        _ => None,
    }
}

fn unknown_member(name: &str, known: &[(&str, Shape)], path: &str) -> Problem {
    let nearest = known
        .iter()
        .map(|(member, _)| (strsim::damerau_levenshtein(member, name), *member))
        .min()
        .map_or("claim_id", |(_, member)| member);
    // A member name may be anything, a value in the wrong place too: only a plain word is shown.
    let word = name.len() <= 40 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let (element, shown) = if word && !name.is_empty() {
        (join(path, name), format!("`{}`", join(path, name)))
    } else {
        (path.to_owned(), "a member".to_owned())
    };
    let message = format!("{shown} is not a member of claim JSON; the nearest is `{nearest}`");
    let fix = format!("write `{}`, or take the member out", join(path, nearest));
    Problem::new(codes::JSON_MEMBER, element, message, fix)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn kind(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'"') => "text",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "true or false",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => "a number",
        _ => "not JSON",
    }
}
