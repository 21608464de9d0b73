//! What is wrong with text that is no YAML, in plain words: which line, and what to type.

use core::ops::Range;

use crate::diagnostic::{Code, Diagnostic};

/// The error for `text`, which a parser gave up on at byte `offset` because of `reason`.
pub(super) fn not_yaml(file: &str, text: &str, offset: usize, reason: &str) -> Diagnostic {
    let broken = Broken::new(text, offset, reason);
    let words = broken
        .tab()
        .or_else(|| broken.quote())
        .or_else(|| broken.bracket())
        .or_else(|| broken.colon())
        .or_else(|| broken.character())
        .or_else(|| broken.no_colon())
        .or_else(|| broken.indentation())
        .unwrap_or_else(|| Words {
            span: broken.offset..broken.offset,
            message: reason.to_owned(),
            help: "look at the indentation and the quotes of this line and the one above"
                .to_owned(),
        });
    Diagnostic {
        code: Code::NotYaml,
        message: format!("not valid YAML: {}", words.message),
        file: file.to_owned(),
        span: words.span,
        label: "here".to_owned(),
        help: words.help,
    }
}

struct Words {
    span: Range<usize>,
    message: String,
    help: String,
}

/// A line and the byte at which it starts.
#[derive(Clone, Copy)]
struct Line<'a> {
    start: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// Where what the line says starts: behind blanks and the dashes of list items.
    fn column(self) -> usize {
        self.text.len() - self.text.trim_start_matches([' ', '-']).len()
    }

    fn is_item(self) -> bool {
        self.text.trim_start().starts_with("- ")
    }

    fn is_empty(self) -> bool {
        let text = self.text.trim();
        text.is_empty() || text.starts_with('#')
    }

    /// Key and value of `key: value`; the key is empty for a list item that is a text.
    fn parts(self) -> (&'a str, &'a str) {
        let said = self.text.get(self.column()..).unwrap_or_default();
        match said.split_once(": ") {
            Some((key, value)) if !key.contains(['"', '\'', '{', '[']) => (key, value.trim()),
            _ => ("", said.trim()),
        }
    }

    /// The line as it should be: its value in quotes.
    fn quoted(self) -> String {
        let (key, value) = self.parts();
        let value = match value.contains('"') {
            false => format!("\"{value}\""),
            true => format!("'{}'", value.replace('\'', "''")),
        };
        if key.is_empty() { format!("`- {value}`") } else { format!("`{key}: {value}`") }
    }

    fn key(self) -> &'a str {
        let said = self.text.get(self.indent()..).unwrap_or_default();
        said.split_inclusive(':').next().unwrap_or_default()
    }
}

struct Broken<'a> {
    offset: usize,
    reason: &'a str,
    /// The lines up to the one with the error, and the one behind it.
    above: Vec<Line<'a>>,
    line: Line<'a>,
    below: Option<Line<'a>>,
}

impl<'a> Broken<'a> {
    fn new(text: &'a str, offset: usize, reason: &'a str) -> Self {
        let offset = offset.min(text.len());
        let mut start = 0;
        let mut lines = text.split('\n').map(|text| {
            let line = Line { start, text: text.trim_end_matches('\r') };
            start += text.len() + 1;
            line
        });
        let mut above = Vec::new();
        let mut line = Line { start: 0, text: "" };
        for next in lines.by_ref() {
            line = next;
            if next.start + next.text.len() >= offset {
                break;
            }
            above.push(next);
        }
        let below = lines.next();
        Self { offset, reason, above, line, below }
    }

    fn before(&self) -> &'a str {
        self.line.text.get(..self.offset.saturating_sub(self.line.start)).unwrap_or_default()
    }

    fn tab(&self) -> Option<Words> {
        let line = [Some(self.line), self.below]
            .into_iter()
            .flatten()
            .find(|line| line.text.trim_start_matches(' ').starts_with('\t'))?;
        let at = line.start + line.indent();
        let said = line.text.trim();
        let above = self.above.iter().chain([&self.line]).filter(|above| above.start < line.start);
        let blanks = above.rev().find(|line| !line.is_empty()).map_or(2, |line| line.column());
        Some(Words {
            span: at..at + 1,
            message: "a tab indents this line".to_owned(),
            help: format!("type blanks instead of the tab: `{}{said}`", " ".repeat(blanks)),
        })
    }

    fn quote(&self) -> Option<Words> {
        let (line, open) = if self.reason == "unclosed quote" {
            (self.line, self.offset)
        } else if self.reason.contains("after double-quoted")
            || self.reason.contains("after single-quoted")
        {
            let mark = if self.reason.contains("double") { '"' } else { '\'' };
            if self.before().matches(mark).count() % 2 == 0 {
                return Some(Words {
                    span: self.offset..self.offset,
                    message: "text goes on behind the closing quote".to_owned(),
                    help: format!("put all of it into quotes: {}", self.line.quoted()),
                });
            }
            // The quote that ended here began on a line above.
            let line =
                self.above.iter().rev().find(|line| line.text.matches(mark).count() % 2 == 1)?;
            (*line, line.start + line.text.rfind(mark)?)
        } else {
            return None;
        };
        let said = line.text.trim();
        let mark = line.text.get(open.checked_sub(line.start)?..)?.get(..1)?;
        Some(Words {
            span: open..open + 1,
            message: "the quote that opens here is not closed".to_owned(),
            help: format!("end the text with the same quote: `{said}{mark}`"),
        })
    }

    fn bracket(&self) -> Option<Words> {
        let (_, value) = self.line.parts();
        let opens = value.starts_with(['{', '[']);
        if opens && self.reason.contains("did not find expected key") {
            let close = if value.starts_with('{') { '}' } else { ']' };
            return Some(Words {
                span: self.offset..self.offset,
                message: format!("text goes on behind `{close}`"),
                help: format!(
                    "text that starts with `{}` needs quotes: {}",
                    value.get(..1).unwrap_or_default(),
                    self.line.quoted()
                ),
            });
        }
        if !self.reason.contains("',' or '") && !self.reason.contains("illegal placement") {
            return None;
        }
        let open = |line: &&Line<'_>| {
            let count = |marks: [char; 2]| line.text.matches(marks).count();
            count(['{', '[']) > count(['}', ']'])
        };
        let line = core::iter::once(&self.line).chain(self.above.iter().rev()).find(open)?;
        let at = line.start + line.text.rfind(['{', '['])?;
        let (mark, close) =
            if line.text.rfind('{') > line.text.rfind('[') { ('{', '}') } else { ('[', ']') };
        Some(Words {
            span: at..at + 1,
            message: format!("the `{mark}` that opens here is not closed"),
            help: format!(
                "type `{close}` at the end: `{}{}`",
                line.text.trim(),
                match close {
                    '}' => " }",
                    _ => "]",
                }
            ),
        })
    }

    fn colon(&self) -> Option<Words> {
        if !self.reason.starts_with("mapping values are not allowed") {
            return None;
        }
        let (key, value) = self.line.parts();
        if !key.is_empty() && (value.contains(": ") || value.ends_with(':')) {
            return Some(Words {
                span: self.offset..self.offset,
                message: "a second `: ` stands in this line".to_owned(),
                help: format!("text that holds `: ` needs quotes: {}", self.line.quoted()),
            });
        }
        self.lined_up()
    }

    fn character(&self) -> Option<Words> {
        let span = self.offset..self.offset;
        if self.reason.contains("unknown escape") {
            return Some(Words {
                span,
                message: "`\\` has a meaning of its own in double quotes".to_owned(),
                help: "use single quotes, or write `\\\\`".to_owned(),
            });
        }
        if ["cannot start any token", "expected node content"]
            .iter()
            .any(|r| self.reason.contains(r))
        {
            let at = self.line.text.get(self.before().len()..)?;
            let (what, help) = match at.chars().next()? {
                '\t' => ("a tab stands here".to_owned(), "type a blank instead"),
                other => {
                    (format!("a text cannot start with `{other}`"), "put the text into quotes")
                }
            };
            return Some(Words { span, message: what, help: help.to_owned() });
        }
        let character = self.reason.strip_prefix("unexpected character: `")?.chars().next()?;
        Some(Words {
            span,
            message: format!(
                "a text cannot start with {}",
                match character {
                    '`' => "a backtick".to_owned(),
                    other => format!("`{other}`"),
                }
            ),
            help: format!("put it into quotes: {}", self.line.quoted()),
        })
    }

    fn no_colon(&self) -> Option<Words> {
        if !self.reason.contains("expected ':'") {
            return None;
        }
        let said = self.line.text.get(self.line.column()..)?;
        let (key, value) = said.split_once([':', ' '])?;
        let at = self.line.start + self.line.column();
        Some(Words {
            span: at..at + said.trim_end().len(),
            message: "this line is neither `key: value` nor a list item".to_owned(),
            help: format!("type a colon and a blank behind the key: `{key}: {}`", value.trim()),
        })
    }

    fn indentation(&self) -> Option<Words> {
        (self.reason.contains("did not find expected")).then(|| self.lined_up()).flatten()
    }

    /// The line stands in no column of the lines above.
    fn lined_up(&self) -> Option<Words> {
        let own = self.line.indent();
        let columns = self.above.iter().rev().filter(|line| !line.is_empty()).filter_map(|line| {
            match self.line.is_item() {
                true => line.is_item().then(|| (line.indent(), "- ")),
                false => line.text.get(line.column()..).map(|said| {
                    (line.column(), said.split_inclusive(':').next().unwrap_or_default())
                }),
            }
        });
        // The last of the nearest: it is the one that the author has just written.
        let (column, neighbour) = columns
            .filter(|(column, _)| *column != own)
            .min_by_key(|(column, _)| (column.abs_diff(own), core::cmp::Reverse(*column)))?;
        let at = self.line.start + own;
        let key = if self.line.is_item() { "- " } else { self.line.key() };
        Some(Words {
            span: at..at + key.trim_end().len(),
            message: "this line does not line up with the lines above".to_owned(),
            help: format!(
                "type {column} blanks before `{}`, as before `{}` above; there are {own}",
                key.trim_end(),
                neighbour.trim_end()
            ),
        })
    }
}
