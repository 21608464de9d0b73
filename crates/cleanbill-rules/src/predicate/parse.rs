//! Predicates out of YAML: every field and test checked against the dictionary, each mistake with its
//! place.

use core::ops::Range;

use cleanbill_engine::CodeRange;
use cleanbill_model::{Money, ServiceDate, Units};

use super::dictionary::FIELDS;
use super::field::{Field, Type};
use super::operator::{JOINS, OPERATORS, WHERE};
use super::pattern::Pattern;
use super::test::{Accepts, Test};
use super::{Predicate, Quantifier};
use crate::check::Cx;
use crate::code_set::{self, CodeSet};
use crate::declare::CodeList;
use crate::diagnosis_set::DiagnosisSet;
use crate::diagnostic::{Code, suggest};
use crate::yaml::{Entry, Node, Shape};

/// The predicate at `at`, the value of `key`; mistakes go to `cx`.
pub(crate) fn parse(cx: &Cx<'_>, at: &Node, key: &str) -> Option<Predicate> {
    Parser { cx, within_lines: false }.block(at, key)
}

/// A key that is kept for expressions, should conditions ever have them.
const EXPR: &str = "expr";

#[derive(Clone, Copy)]
struct Parser<'a> {
    cx: &'a Cx<'a>,
    /// Inside a condition on the lines, where another one would be hard to read.
    within_lines: bool,
}

impl Parser<'_> {
    /// A block of keys, all of which must hold.
    fn block(self, at: &Node, key: &str) -> Option<Predicate> {
        let Shape::Map(entries) = &at.shape else {
            return self.wrong_shape(
                at,
                key,
                "a block of fields, such as { line.units: { gt: 1 } }",
            );
        };
        // Every entry is looked at, so that all mistakes are shown.
        let parts: Vec<Option<Predicate>> =
            entries.iter().flat_map(|entry| self.entry(entry)).collect();
        let parts: Option<Vec<Predicate>> = parts.into_iter().collect();
        self.joined(at, key, parts?)
    }

    fn joined(self, at: &Node, key: &str, mut parts: Vec<Predicate>) -> Option<Predicate> {
        match parts.len() {
            0 => self.wrong_shape(at, key, "at least one condition"),
            1 => parts.pop(),
            _ => Some(Predicate::All(parts)),
        }
    }

    fn entry(self, entry: &Entry) -> Vec<Option<Predicate>> {
        let Entry { key, key_span, value } = entry;
        if let Some((_, field, _)) = FIELDS.iter().find(|(name, ..)| name == key) {
            return self.tests(*field, key, value);
        }
        let lines = Self { within_lines: true, ..self };
        let over = |quantifier| {
            lines.block(value, key).map(|inner| Predicate::Lines(quantifier, Box::new(inner)))
        };
        if self.within_lines && (key.ends_with("_line") || key == "count_lines") {
            self.cx.error(
                Code::WrongOperator,
                key_span,
                format!("`{key}` cannot stand inside a condition on lines"),
                "`line.` means the line that is gone through here: ask for its fields".to_owned(),
            );
            return vec![None];
        }
        vec![match key.as_str() {
            "all" => self.list(value, key).map(Predicate::All),
            "any" => self.list(value, key).map(Predicate::Any),
            "none" => {
                self.list(value, key).map(|list| Predicate::Not(Box::new(Predicate::Any(list))))
            }
            "not" => self.block(value, key).map(|inner| Predicate::Not(Box::new(inner))),
            "any_line" => over(Quantifier::Any),
            "every_line" => over(Quantifier::Every),
            "no_line" => over(Quantifier::No),
            "count_lines" => lines.count(value),
            EXPR => self.reserved(key_span),
            _ => {
                let fields = FIELDS.iter().map(|(name, ..)| *name);
                let known = fields.chain(JOINS.iter().map(|join| join.name));
                self.cx.error(
                    Code::UnknownField,
                    key_span,
                    format!("`{key}` is not a field"),
                    suggest(key, known),
                );
                None
            }
        }]
    }

    fn list(self, at: &Node, key: &str) -> Option<Vec<Predicate>> {
        match &at.shape {
            Shape::List(items) if !items.is_empty() => {
                let parts: Vec<Option<Predicate>> =
                    items.iter().map(|item| self.block(item, key)).collect();
                parts.into_iter().collect()
            }
            _ => self.wrong_shape(at, key, "a list of blocks, each a condition"),
        }
    }

    /// `count_lines: { where: {…}, gt: 2 }`.
    fn count(self, at: &Node) -> Option<Predicate> {
        const EXAMPLE: &str =
            "a block with `where` and a test, such as { where: { line.units: { gt: 1 } }, gte: 2 }";
        let Shape::Map(entries) = &at.shape else {
            return self.wrong_shape(at, "count_lines", EXAMPLE);
        };
        let inner = at.entry(WHERE.name).map(|entry| self.block(&entry.value, WHERE.name));
        let tests: Vec<Option<Test>> = entries
            .iter()
            .filter(|entry| entry.key != WHERE.name)
            .map(|entry| self.test(Field::LineCount, "count_lines", entry))
            .collect();
        if inner.is_none() && tests.iter().all(Option::is_some) {
            let message = "the key `where` is missing".to_owned();
            self.cx.error(Code::MissingKey, &at.span, message, format!("give {EXAMPLE}"));
        } else if tests.is_empty() {
            return self.wrong_shape(at, "count_lines", EXAMPLE);
        }
        let tests: Option<Vec<Test>> = tests.into_iter().collect();
        Some(Predicate::Count(Box::new(inner??), tests?))
    }

    fn tests(self, field: Field, name: &str, at: &Node) -> Vec<Option<Predicate>> {
        match &at.shape {
            Shape::Map(entries) if !entries.is_empty() => entries
                .iter()
                .map(|entry| self.test(field, name, entry).map(Predicate::Test))
                .collect(),
            _ => {
                let first = field.kind().tests().first().copied().unwrap_or_default();
                let example = format!("a test, such as {{ {first}: … }}");
                vec![self.wrong_shape(at, name, &example)]
            }
        }
    }

    fn test(self, field: Field, name: &str, entry: &Entry) -> Option<Test> {
        let Entry { key, key_span, value: at } = entry;
        let kind = field.kind();
        if key == EXPR {
            return self.reserved(key_span);
        }
        let Some(op) = kind.tests().iter().copied().find(|op| op == key) else {
            let elsewhere = OPERATORS.iter().any(|op| op.name == key);
            let list: Vec<String> = kind.tests().iter().map(|op| format!("`{op}`")).collect();
            self.cx.error(
                Code::WrongOperator,
                key_span,
                format!("`{key}` is not a test for `{name}`, {}", kind.words()),
                match elsewhere {
                    true => format!("use one of {}", list.join(", ")),
                    false if name == "count_lines" => {
                        suggest(key, kind.tests().iter().copied().chain([WHERE.name]))
                    }
                    false => suggest(key, kind.tests().iter().copied()),
                },
            );
            return None;
        };
        let negated = matches!(op, "ne" | "not_in" | "has_none");
        let (accepts, negated) = match (kind, op) {
            (_, "exists") => (Accepts::Present, !self.flag(at, name)?),
            (Type::Procedure | Type::Word, "matches") => (self.pattern(field, at, op)?, negated),
            (Type::Procedure, _) => (Accepts::Procedures(self.procedures(at, op)?), negated),
            (Type::Word | Type::Fixed, _) => (self.words(field, at, op)?, negated),
            (Type::Words, op) => {
                let list = self.listed_words(field, at, op)?;
                let all = op == "has_all";
                (if all { Accepts::AllWords(list) } else { Accepts::AnyWord(list) }, negated)
            }
            (Type::Modifiers, op) => {
                let list = self.cx.modifiers(at, &self.many(at, op)?);
                let all = op == "has_all";
                (
                    if all { Accepts::AllModifiers(list) } else { Accepts::AnyModifier(list) },
                    negated,
                )
            }
            (Type::Diagnoses, op) => {
                let list = self.cx.diagnoses(at, &self.many(at, op)?);
                let accepts = match op {
                    "has_all" => Accepts::AllDiagnoses(list),
                    _ => Accepts::AnyDiagnosis(DiagnosisSet::new(list)),
                };
                (accepts, negated)
            }
            _ => (Accepts::Numbers(self.numbers(kind, at, op)?), negated),
        };
        Some(Test { field, op, wanted: as_written(at), accepts, negated })
    }

    fn procedures(self, at: &Node, op: &str) -> Option<CodeSet> {
        Some(match op {
            "in" | "not_in" => self.cx.codes(at, &self.many(at, op)?),
            "starts_with" => {
                let list = CodeList::Listed(vec![self.one(at, op)?.to_owned()]);
                let what = "the beginning of a procedure code";
                let start = |text: &[u8]| {
                    let wrong = "is not one to four characters of a code";
                    code_set::pattern(&[text, b"*"].concat()).map_err(|_| wrong)
                };
                let ranges = self.cx.typed(at, &list, what, start, |_| String::new());
                CodeSet::new(ranges.into_iter().flatten().collect())
            }
            _ => {
                let code = self.cx.code(at, self.one(at, op)?)?;
                CodeSet::new(vec![CodeRange::single(code)])
            }
        })
    }

    fn listed_words(self, field: Field, at: &Node, op: &str) -> Option<Vec<String>> {
        let read = |text: &[u8]| {
            let sound = field.refuses(text).map_or(Ok(text), Err);
            sound.map(|text| String::from_utf8_lossy(text).into_owned())
        };
        let what = format!("a value of `{}`", field.name());
        Some(self.cx.typed(at, &self.many(at, op)?, &what, read, |_| String::new()))
    }

    fn words(self, field: Field, at: &Node, op: &str) -> Option<Accepts> {
        let list = match op {
            "in" | "not_in" => self.many(at, op)?,
            _ => CodeList::Listed(vec![self.one(at, op)?.to_owned()]),
        };
        let starts = op == "starts_with";
        let read = |text: &[u8]| match field.refuses(text).filter(|_| !starts || text.is_empty()) {
            Some(words) => Err(words),
            None => Ok(String::from_utf8_lossy(text).into_owned()),
        };
        let what = format!("a value of `{}`", field.name());
        let words = self.cx.typed(at, &list, &what, read, |_| String::new());
        Some(match starts {
            true => Accepts::Words { whole: Vec::new(), starts: words },
            false => Accepts::Words { whole: words, starts: Vec::new() },
        })
    }

    fn pattern(self, field: Field, at: &Node, op: &str) -> Option<Accepts> {
        let list = CodeList::Listed(vec![self.one(at, op)?.to_owned()]);
        let read = |text: &[u8]| match field.kind() {
            Type::Procedure => Pattern::of_procedures(text),
            _ => {
                let pattern = Pattern::new(text)?;
                field.refuses(text).filter(|_| pattern.is_plain()).map_or(Ok(pattern), Err)
            }
        };
        let what = format!("a pattern of `{}`", field.name());
        let read = self.cx.typed(at, &list, &what, read, |_| String::new());
        read.into_iter().next().map(Accepts::Pattern)
    }

    fn numbers(self, kind: Type, at: &Node, op: &str) -> Option<Vec<(i64, i64)>> {
        let list = match op {
            "in" | "not_in" | "between" => self.many(at, op)?,
            _ => CodeList::Listed(vec![self.one(at, op)?.to_owned()]),
        };
        let read = |text: &[u8]| -> Result<i64, String> {
            match kind {
                Type::Units | Type::Quantity => {
                    Units::parse(text).map(Units::thousandths).map_err(|e| e.to_string())
                }
                Type::Money => Money::parse(text).map(Money::cents).map_err(|e| e.to_string()),
                Type::Date => ServiceDate::parse_iso(text)
                    .map(|day| i64::from(day.yyyymmdd()))
                    .map_err(|e| e.to_string()),
                _ => core::str::from_utf8(text)
                    .ok()
                    .and_then(|text| text.parse::<u16>().ok())
                    .map(i64::from)
                    .ok_or_else(|| "is not a whole number".to_owned()),
            }
        };
        let numbers = self.cx.typed(at, &list, kind.words(), read, |_| String::new());
        let spans = |span: fn(i64) -> (i64, i64)| numbers.iter().map(|n| span(*n)).collect();
        Some(match (op, numbers.as_slice()) {
            ("lt", _) => spans(|n| (i64::MIN, n.saturating_sub(1))),
            ("lte", _) => spans(|n| (i64::MIN, n)),
            ("gt", _) => spans(|n| (n.saturating_add(1), i64::MAX)),
            ("gte", _) => spans(|n| (n, i64::MAX)),
            ("between", [from, through]) if from <= through => vec![(*from, *through)],
            ("between", _) => {
                return self.wrong_shape(at, "between", "two values, the smaller first");
            }
            _ => spans(|n| (n, n)),
        })
    }

    fn flag(self, at: &Node, name: &str) -> Option<bool> {
        match self.one(at, name)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => self.wrong_shape(at, "exists", "`true` or `false`"),
        }
    }

    fn one<'b>(self, at: &'b Node, op: &str) -> Option<&'b str> {
        match &at.shape {
            Shape::Scalar { text, .. } if !text.starts_with('$') => Some(text),
            Shape::Scalar { text, .. } => {
                let name = text.trim_start_matches('$');
                if self.cx.sets.contains_key(name) || self.cx.spoiled.contains("value_sets") {
                    let wanted = "one value; a value set goes with a test that takes a list";
                    return self.wrong_shape(at, op, wanted);
                }
                self.cx.unknown_param(at, name);
                None
            }
            _ => self.wrong_shape(at, op, "one value"),
        }
    }

    fn many(self, at: &Node, op: &str) -> Option<CodeList> {
        match &at.shape {
            Shape::Scalar { text, .. } => match text.strip_prefix('$') {
                Some(name) => Some(CodeList::Named(name.to_owned())),
                None => self.wrong_shape(at, op, &format!("a list: [\"{text}\"]")),
            },
            Shape::List(items) => {
                let texts = items.iter().map(|item| match &item.shape {
                    Shape::Scalar { text, .. } => Some(text.clone()),
                    _ => self.wrong_shape(item, op, "one value for each item"),
                });
                texts.collect::<Option<_>>().map(CodeList::Listed)
            }
            Shape::Map(_) => self.wrong_shape(at, op, "a list"),
        }
    }

    /// The key stands for expressions that there are not.
    fn reserved<T>(self, span: &Range<usize>) -> Option<T> {
        self.cx.error(
            Code::UnknownField,
            span,
            format!("`{EXPR}` is reserved: conditions have no expressions"),
            "write fields with tests, such as `line.units: { gt: 1 }`, joined by `all`, `any` and `not`; what they cannot say is for a `plugin_check`"
                .to_owned(),
        );
        None
    }

    fn wrong_shape<T>(self, at: &Node, key: &str, wanted: &str) -> Option<T> {
        self.cx.error(
            Code::WrongType,
            &at.span,
            format!("`{key}` has the wrong shape"),
            format!("give {wanted}"),
        );
        None
    }
}

fn as_written(at: &Node) -> String {
    match &at.shape {
        Shape::Scalar { text, .. } => text.clone(),
        Shape::List(items) => {
            let items: Vec<String> = items.iter().map(as_written).collect();
            format!("[{}]", items.join(", "))
        }
        Shape::Map(_) => String::new(),
    }
}
