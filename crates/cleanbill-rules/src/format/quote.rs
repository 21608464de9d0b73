//! Quotes around codes. cleanbill reads bare codes as they stand; a spreadsheet, a script or another
//! YAML reader makes numbers of them.

use cleanbill_model::ProcedureCode;

use crate::yaml::{Node, Shape};

/// Single values that are codes.
const CODES: [&str; 8] = [
    "billing_npi",
    "carc",
    "column_one",
    "column_two",
    "indicator",
    "pos",
    "procedure",
    "rendering_npi",
];

/// Where bare numbers are numbers: the lines that a test expects.
const NUMBERS: &str = "expect";

/// `text` with quotes around the codes of lists and of the keys in [`CODES`].
pub(super) fn quote(text: &str, tree: &Node) -> Option<String> {
    let mut bare = Vec::new();
    collect(text, tree, &mut bare);
    let mut quoted = String::with_capacity(text.len() + 2 * bare.len());
    let mut done = 0;
    for node in bare {
        quoted.push_str(text.get(done..node.span.start)?);
        quoted.push('"');
        quoted.push_str(text.get(node.span.clone())?);
        quoted.push('"');
        done = node.span.end;
    }
    quoted.push_str(text.get(done..)?);
    Some(quoted)
}

fn collect<'a>(text: &str, node: &'a Node, bare: &mut Vec<&'a Node>) {
    match &node.shape {
        Shape::Scalar { .. } => {}
        Shape::List(items) => {
            for item in items {
                bare.extend(is_bare_code(text, item).then_some(item));
                collect(text, item, bare);
            }
        }
        Shape::Map(entries) => {
            for entry in entries.iter().filter(|entry| entry.key != NUMBERS) {
                let named = CODES.contains(&entry.key.as_str());
                bare.extend((named && is_bare_code(text, &entry.value)).then_some(&entry.value));
                collect(text, &entry.value, bare);
            }
        }
    }
}

fn is_bare_code(text: &str, node: &Node) -> bool {
    let Shape::Scalar { text: value, plain: true } = &node.shape else { return false };
    text.get(node.span.clone()) == Some(value)
        && (ProcedureCode::new(value.as_bytes()).is_ok() || reads_as_other(value))
}

/// Whether a YAML reader may make a number, a day or a yes or no of a bare word.
fn reads_as_other(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    if matches!(
        word.as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null" | "~"
    ) {
        return true;
    }
    let unsigned = word.trim_start_matches(['+', '-', '.']);
    unsigned.starts_with(|c: char| c.is_ascii_digit())
        && unsigned.chars().all(|c| c.is_ascii_hexdigit() || "xo_.:+-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    fn quoted(text: &str) -> String {
        quote(text, &parse("a.yaml", text).unwrap()).unwrap()
    }

    #[test]
    fn codes_of_lists_are_quoted_and_words_are_not() {
        assert_eq!(
            quoted("a: [93970, 00100, 0191T, G0365, 1E10, NO, 59, LT, $set, patient]\n"),
            "a: [\"93970\", \"00100\", \"0191T\", \"G0365\", \"1E10\", \"NO\", \"59\", LT, $set, patient]\n"
        );
        assert_eq!(
            quoted("a:\n  - 0450 # beds\n  - I82.4\n"),
            "a:\n  - \"0450\" # beds\n  - I82.4\n"
        );
    }

    #[test]
    fn the_lines_that_a_test_expects_stay_numbers() {
        let text = "expect: { fires: [1, 2] }\nremit: { carc: \"4\", rarc: [N20] }\nfires: 1\n";
        assert_eq!(quoted(text), text);
        assert_eq!(quoted("remit: { carc: 236 }\n"), "remit: { carc: \"236\" }\n");
    }
}
