//! The `args` of a rule as the JSON object that the plugin reads. The plugin says what each is, so that a
//! code stays the text that was typed: `93970` under a text is `"93970"`, under a number 93970.

use serde_json::Value;

use crate::check::Cx;
use crate::declare::CodeList;
use crate::diagnostic::{Code, suggest};
use crate::plugin::{ArgShape, CheckOffer};
use crate::yaml::{Node, Shape};

/// The arguments under `at`; none when one of them is wrong, which is told.
pub(super) fn json(cx: &Cx<'_>, at: &Node, check: &CheckOffer) -> Option<String> {
    let mut members = Vec::new();
    let mut sound = true;
    for entry in at.entries() {
        let taken = check.args.iter().find(|(name, _)| *name == entry.key);
        let Some((name, shape)) = taken else {
            let message = format!("the check `{}` takes no argument `{}`", check.id, entry.key);
            let known = check.args.iter().map(|(name, _)| name.as_str());
            let help = match check.args.is_empty() {
                true => "it takes none: remove `args`".to_owned(),
                false => suggest(&entry.key, known),
            };
            cx.error(Code::BadArgument, &entry.key_span, message, help);
            sound = false;
            continue;
        };
        match value(cx, &entry.value, *shape) {
            Some(value) => members.push(format!("{}:{value}", quoted(name))),
            None => {
                let (wanted, help) = wanted(*shape);
                let message = format!("the argument `{name}` takes {wanted}");
                cx.error(Code::BadArgument, &entry.value.span, message, help.to_owned());
                sound = false;
            }
        }
    }
    sound.then(|| format!("{{{}}}", members.join(",")))
}

/// One value of that shape; none when it has another.
fn value(cx: &Cx<'_>, at: &Node, shape: ArgShape) -> Option<String> {
    match (shape, &at.shape) {
        (ArgShape::Text, Shape::Scalar { text, .. }) => Some(quoted(text)),
        (ArgShape::Number, Shape::Scalar { text, plain: true }) if is_number(text) => {
            Some(text.clone())
        }
        (ArgShape::Flag, Shape::Scalar { text, plain: true }) if is_flag(text) => {
            Some(text.clone())
        }
        (ArgShape::Texts, _) => texts(cx, at),
        (ArgShape::Any, _) => Some(any(at)),
        _ => None,
    }
}

/// A list of texts, or the name of a value set; sets within are taken out.
fn texts(cx: &Cx<'_>, at: &Node) -> Option<String> {
    let list = match &at.shape {
        Shape::List(items) => CodeList::Listed(
            items.iter().map(|item| item.scalar().map(str::to_owned)).collect::<Option<_>>()?,
        ),
        Shape::Scalar { text, .. } => CodeList::Named(text.strip_prefix('$')?.to_owned()),
        Shape::Map(_) => return None,
    };
    let text = |bytes: &[u8]| str::from_utf8(bytes).map(quoted);
    let texts = cx.typed(at, &list, "a text", text, |_| String::new());
    Some(format!("[{}]", texts.join(",")))
}

/// What JSON would make of it: a bare number or truth value is one, and everything else is text.
fn any(at: &Node) -> String {
    match &at.shape {
        Shape::Scalar { text, plain: true } if is_number(text) || is_flag(text) => text.clone(),
        Shape::Scalar { text, .. } => quoted(text),
        Shape::List(items) => {
            let items: Vec<String> = items.iter().map(any).collect();
            format!("[{}]", items.join(","))
        }
        Shape::Map(entries) => {
            let member = |(key, value)| format!("{}:{}", quoted(key), any(value));
            let members = entries.iter().map(|entry| member((entry.key.as_str(), &entry.value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn is_flag(text: &str) -> bool {
    text == "true" || text == "false"
}

/// A number that reads back as it was typed: no exponent and no leading zero, which codes have.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    digits(whole) && digits(rest) && (whole == "0" || !whole.starts_with('0'))
}

const fn wanted(shape: ArgShape) -> (&'static str, &'static str) {
    match shape {
        ArgShape::Text => ("a text", "give one value"),
        ArgShape::Number => ("a number", "write it without quotes: 90 or 412.50"),
        ArgShape::Flag => ("`true` or `false`", "write it without quotes"),
        ArgShape::Texts => ("a list of texts", "write [\"59\", XS], or the name of a value set"),
        ArgShape::Any => ("any value", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn bare_numbers_are_numbers_and_what_looks_like_a_code_with_a_zero_is_text() {
        let tree = yaml::parse("", "{ a: [1, -2.50, 00100, 0450, 1E10, NO, true, \"7\", 0.5, .5, 1.], b: { c: \"x\\\"y\" } }").unwrap();
        assert_eq!(
            any(&tree),
            r#"{"a":[1,-2.50,"00100","0450","1E10","NO",true,"7",0.5,".5","1."],"b":{"c":"x\"y"}}"#
        );
        assert!(serde_json::from_str::<Value>(&any(&tree)).is_ok());
    }
}
