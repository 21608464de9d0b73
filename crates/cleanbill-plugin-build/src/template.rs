//! The places of a template: of the line, or a value that the rule declares.

use serde_json::Value as Json;

use crate::declared::{Rule, Text};
use crate::mistake::{Checked, wrong};
use crate::words;

/// What every rule has, without declaring it.
const OF_THE_LINE: [&str; 3] = ["code", "line", "modifiers"];

/// A template of `rule`: each place names something that there is.
pub(crate) fn check(what: &str, template: &Text, rule: &Rule) -> Checked<Json> {
    let words = words::text(what, template)?;
    let text = template.get_ref().replace("{{", "").replace("}}", "");
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        let (_, brace) = rest.split_at(at);
        let place = brace.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let Some((name, after)) = place else {
            let remedy = "write `{{` or `}}` for a brace in the text";
            return wrong(template, format!("`{what}` has a single brace; {remedy}"));
        };
        if !OF_THE_LINE.contains(&name) && !rule.args.keys().any(|arg| arg.get_ref() == name) {
            return wrong(
                template,
                format!(
                    "`{what}` has the place `{{{name}}}`; declare `{name}` under `args`, or write {{code}}, \
                     {{line}} or {{modifiers}}"
                ),
            );
        }
        rest = after;
    }
    Ok(words)
}
