//! The words of a rule, with places for values of the line and of the finding.

use std::fmt::Write as _;

use cleanbill_model::ServiceLine;

/// A text with places to fill: `{code}`, `{line}` and `{modifiers}` of the line, `{name}` for a declared
/// value. `{{` and `}}` stand for the braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

/// Room for what fills a place; more is found when it is needed.
const PLACE: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Code,
    Line,
    Modifiers,
    /// Place in the declared values.
    Arg(usize),
}

impl Template {
    /// Reads a template; `args` are the declared names. The error says what is wrong, for people.
    pub(crate) fn parse(text: &str, args: &[&str]) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = brace.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = brace.strip_prefix("}}") {
                plain.push('}');
                rest = after;
            } else {
                let (name, after) = brace
                    .strip_prefix('{')
                    .and_then(|inside| inside.split_once('}'))
                    .ok_or("a single brace; write `{{` or `}}` for a brace in the text")?;
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(match name {
                    "code" => Piece::Code,
                    "line" => Piece::Line,
                    "modifiers" => Piece::Modifiers,
                    _ => Piece::Arg(args.iter().position(|arg| *arg == name).ok_or_else(|| {
                        format!(
                            "`{{{name}}}` is unknown; it must be code, line, modifiers or one of \
                             the rule's `args`"
                        )
                    })?),
                });
                rest = after;
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self(pieces))
    }

    /// A text without places; braces in it are themselves.
    pub(crate) fn plain(text: &str) -> Self {
        Self(vec![Piece::Text(text.to_owned())])
    }

    /// The text as the manifest has it; `args` are the declared names.
    pub(crate) fn text(&self, args: &[String]) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.replace('{', "{{").replace('}', "}}"),
            Piece::Code => "{code}".to_owned(),
            Piece::Line => "{line}".to_owned(),
            Piece::Modifiers => "{modifiers}".to_owned(),
            Piece::Arg(index) => format!("{{{}}}", args.get(*index).map_or("", String::as_str)),
        });
        pieces.collect()
    }

    /// The text with its places filled. On a finding of the claim as a whole, what belongs to a line
    /// reads `none`.
    pub(crate) fn render(&self, line: Option<&ServiceLine>, args: &[String]) -> String {
        let room = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.len(),
            _ => PLACE,
        });
        let mut out = String::with_capacity(room.sum());
        for piece in &self.0 {
            // Writing to a string does not fail.
            let _ = match (piece, line) {
                (Piece::Text(text), _) => out.write_str(text),
                (Piece::Arg(index), _) => {
                    out.write_str(args.get(*index).map_or("none", String::as_str))
                }
                (Piece::Line, Some(line)) => write!(out, "{}", line.number),
                (Piece::Modifiers, Some(line)) if !line.modifiers.is_empty() => {
                    write!(out, "{}", line.modifiers)
                }
                (Piece::Code, Some(line)) => match line.procedure {
                    Some(code) => out.write_str(code.as_str()),
                    None => out.write_str("none"),
                },
                _ => out.write_str("none"),
            };
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use cleanbill_model::{DateRange, Modifier, ProcedureCode, ServiceDate};

    use super::*;

    #[test]
    fn places_are_filled_from_the_line_and_the_values() {
        let day = ServiceDate::new(2026, 3, 2).unwrap();
        let mut line = ServiceLine::new(7, DateRange::day(day));
        line.procedure = ProcedureCode::new(b"93970").ok();
        line.modifiers.push(Modifier::new(b"59").unwrap()).unwrap();
        let text = "{code} on {line} ({modifiers}): {limit} of {{all}}";
        let template = Template::parse(text, &["days", "limit"]).unwrap();
        let args = ["3".to_owned(), "2".to_owned()];
        assert_eq!(template.render(Some(&line), &args), "93970 on 7 (59): 2 of {all}");
        assert_eq!(template.render(None, &args), "none on none (none): 2 of {all}");
        assert_eq!(template.text(&["days".to_owned(), "limit".to_owned()]), text);
    }

    #[test]
    fn an_unknown_place_or_a_single_brace_is_refused() {
        assert!(Template::parse("{patient}", &["limit"]).unwrap_err().contains("`{patient}`"));
        for bad in ["a { b", "a } b", "{", "{code", "}{"] {
            assert!(Template::parse(bad, &[]).is_err(), "{bad}");
        }
    }
}
