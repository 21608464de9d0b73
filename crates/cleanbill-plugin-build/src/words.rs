//! Names, words and lists of known words in `plugin.toml`.

use serde_json::Value as Json;
use toml::{Spanned, Value};

use crate::declared::Text;
use crate::mistake::{Checked, wrong};

/// Longest text of a manifest, in bytes.
const TEXT_LIMIT: usize = 2_000;

/// The dispositions of rules.
pub(crate) const DISPOSITIONS: &[&str] = &[
    "informational",
    "suspend",
    "return_to_provider",
    "line_rejection",
    "line_denial",
    "claim_rejection",
    "claim_denial",
];
pub(crate) const SEVERITIES: &[&str] = &["info", "warning", "error"];
pub(crate) const GROUPS: &[&str] = &["CO", "PR", "OA", "PI"];
pub(crate) const SOURCES: &[&str] = &["public", "licensed", "internal"];
pub(crate) const FORMS: &[&str] = &["professional", "institutional", "dental"];
pub(crate) const ARGS: &[&str] = &["code", "date", "money", "count", "text"];

/// A name that stands in reports and on command lines.
pub(crate) fn name(what: &str, name: &Text) -> Checked<Json> {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./+".contains(&byte);
    let text = name.get_ref();
    if text.is_empty() || text.len() > 100 || !text.bytes().all(good) {
        return wrong(
            name,
            format!(
                "`{what}` is `{text}`; write 1 to 100 letters, digits, `-`, `_`, `.`, `/` and `+`"
            ),
        );
    }
    Ok(Json::from(text.as_str()))
}

/// Words that a report prints.
pub(crate) fn text(what: &str, words: &Text) -> Checked<Json> {
    let text = words.get_ref().trim();
    if text.is_empty() || text.len() > TEXT_LIMIT || text.contains(char::is_control) {
        return wrong(
            words,
            format!(
                "`{what}` must be one line of 1 to {TEXT_LIMIT} bytes without control characters"
            ),
        );
    }
    Ok(Json::from(text))
}

/// One of the `known` words.
pub(crate) fn one_of(what: &str, word: &Text, known: &[&str]) -> Checked<Json> {
    let text = word.get_ref();
    if known.contains(&text.as_str()) {
        return Ok(Json::from(text.as_str()));
    }
    wrong(word, format!("`{what}` is `{text}`; write one of {}", known.join(", ")))
}

/// A code of `lengths` capital letters and digits.
pub(crate) fn code(
    what: &str,
    code: &Text,
    lengths: core::ops::RangeInclusive<usize>,
) -> Checked<Json> {
    let text = code.get_ref();
    let good = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    if lengths.contains(&text.len()) && text.bytes().all(good) {
        return Ok(Json::from(text.as_str()));
    }
    let (least, most) = (lengths.start(), lengths.end());
    let many = if least == most { format!("{most}") } else { format!("{least} to {most}") };
    wrong(code, format!("`{what}` is `{text}`; write {many} capital letters and digits"))
}

/// A day as `2026-01-01`, with or without quotes.
pub(crate) fn day(what: &str, day: &Spanned<Value>) -> Checked<Json> {
    let text = match day.get_ref() {
        Value::Datetime(day) => day.to_string(),
        Value::String(day) => day.clone(),
        _ => String::new(),
    };
    let parsed: Option<toml::value::Datetime> = text.parse().ok();
    match parsed {
        Some(date) if date.date.is_some() && date.time.is_none() => Ok(Json::from(text)),
        _ => wrong(day, format!("`{what}` is not a day of the calendar; write it as 2026-01-01")),
    }
}
