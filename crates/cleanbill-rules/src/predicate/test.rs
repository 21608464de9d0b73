//! One test of one field.

use core::fmt;

use cleanbill_engine::Truth;
use cleanbill_model::{Claim, Modifier, ServiceLine};

use super::field::{Field, Type};
use super::pattern::Pattern;
use crate::code_set::CodeSet;
use crate::diagnosis_set::{DiagnosisPattern, DiagnosisSet};

/// A field, the values that it may have, and whether it may or must not have them.
#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) field: Field,
    /// Name of the test, and what it is compared with, as the author wrote them.
    pub(crate) op: &'static str,
    pub(crate) wanted: String,
    pub(crate) accepts: Accepts,
    /// `ne`, `not_in`, `has_none`, `exists: false`.
    pub(crate) negated: bool,
}

/// Values that a test accepts.
#[derive(Debug)]
pub(crate) enum Accepts {
    Present,
    Procedures(CodeSet),
    Words {
        whole: Vec<String>,
        starts: Vec<String>,
    },
    /// A procedure code or a word.
    Pattern(Pattern),
    /// Both ends included, in the smallest unit of the field.
    Numbers(Vec<(i64, i64)>),
    AnyModifier(Vec<Modifier>),
    AllModifiers(Vec<Modifier>),
    AnyWord(Vec<String>),
    AllWords(Vec<String>),
    AnyDiagnosis(DiagnosisSet),
    AllDiagnoses(Vec<DiagnosisPattern>),
}

impl Test {
    /// Whether the field of `line` or `claim` passes. A field that is not there is unknown, but a line
    /// without a procedure code or without modifiers is known to have none.
    pub(crate) fn holds(&self, claim: &Claim, line: &ServiceLine) -> Truth {
        let field = self.field;
        let accepted = match &self.accepts {
            Accepts::Present => Some(field.exists(claim, line)),
            Accepts::Procedures(codes) => {
                Some(field.procedure(line).is_some_and(|code| codes.contains(code)))
            }
            Accepts::Words { whole, starts } => field.word(claim, line).map(|word| {
                whole.iter().any(|own| own == word)
                    || starts.iter().any(|start| word.starts_with(start.as_str()))
            }),
            Accepts::Pattern(pattern) if field.kind() == Type::Procedure => {
                let code = field.procedure(line);
                Some(code.is_some_and(|code| pattern.matches(code.as_str())))
            }
            Accepts::Pattern(pattern) => field.word(claim, line).map(|word| pattern.matches(word)),
            Accepts::Numbers(spans) => {
                field.number(claim, line).map(|number| within(spans, number))
            }
            Accepts::AnyModifier(list) => {
                Some(line.modifiers.iter().any(|own| list.contains(&own)))
            }
            Accepts::AllModifiers(list) => {
                Some(list.iter().all(|modifier| line.modifiers.contains(*modifier)))
            }
            Accepts::AnyWord(list) => {
                field.any_word(claim, line, |own| list.iter().any(|word| word == own))
            }
            Accepts::AllWords(list) => list.iter().try_fold(true, |all, word| {
                Some(all && field.any_word(claim, line, |own| word == own)?)
            }),
            Accepts::AnyDiagnosis(set) => {
                field.any_diagnosis(claim, line, |code| set.contains(code))
            }
            Accepts::AllDiagnoses(patterns) => patterns.iter().try_fold(true, |all, pattern| {
                let found = field.any_diagnosis(claim, line, |code| pattern.holds(code))?;
                Some(all && found)
            }),
        };
        accepted.map_or(Truth::Unknown, |accepted| Truth::from(accepted != self.negated))
    }

    /// Whether a count passes of which only a least and a greatest value are known.
    pub(crate) fn counts(&self, least: i64, greatest: i64) -> Truth {
        let Accepts::Numbers(spans) = &self.accepts else { return Truth::Unknown };
        let passes = |count: i64| within(spans, count) != self.negated;
        let mut all = (least..=greatest).map(passes);
        match (all.clone().all(|passes| passes), all.any(|passes| passes)) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::No,
        }
    }

    /// The codes without one of which the test fails.
    pub(crate) fn procedures(&self) -> Option<&CodeSet> {
        match &self.accepts {
            Accepts::Procedures(codes) if !self.negated => Some(codes),
            _ => None,
        }
    }
}

fn within(spans: &[(i64, i64)], number: i64) -> bool {
    spans.iter().any(|(from, through)| (*from..=*through).contains(&number))
}

/// `line.units gt 2`.
impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.field.name(), self.op, self.wanted)
    }
}
