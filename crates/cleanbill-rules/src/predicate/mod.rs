//! Predicates over a line and its claim, for rules that no other kind covers: a closed dictionary of
//! fields, typed tests, three-valued answers. A value that the claim does not carry is unknown, never
//! false.

mod dictionary;
mod field;
mod operator;
mod parse;
mod pattern;
mod rare;
mod schema;
mod size;
mod test;

use core::fmt;

use cleanbill_engine::Truth;
use cleanbill_model::{Claim, ServiceLine};

use crate::code_set::CodeSet;

pub(crate) use field::Field;
pub(crate) use parse::parse;
pub(crate) use schema::ConditionDecl;
pub use size::PredicateSize;
use test::Test;

/// A condition on a line of a claim.
#[derive(Debug)]
pub(crate) enum Predicate {
    Test(Test),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// A condition on the lines of the claim, whichever line is in hand.
    Lines(Quantifier, Box<Self>),
    /// How many lines of the claim meet a condition.
    Count(Box<Self>, Vec<Test>),
}

/// Over which lines a condition must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    Every,
    No,
}

impl Quantifier {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any_line",
            Self::Every => "every_line",
            Self::No => "no_line",
        }
    }
}

impl Predicate {
    /// Whether it holds for `line` of `claim`.
    pub(crate) fn holds(&self, claim: &Claim, line: &ServiceLine) -> Truth {
        match self {
            Self::Test(test) => test.holds(claim, line),
            Self::All(list) => !any(list.iter().map(|inner| !inner.holds(claim, line))),
            Self::Any(list) => any(list.iter().map(|inner| inner.holds(claim, line))),
            Self::Not(inner) => !inner.holds(claim, line),
            Self::Lines(quantifier, inner) => {
                let lines = claim.lines.iter().map(|line| inner.holds(claim, line));
                match quantifier {
                    Quantifier::Any => any(lines),
                    Quantifier::Every => !any(lines.map(|truth| !truth)),
                    Quantifier::No => !any(lines),
                }
            }
            Self::Count(inner, tests) => {
                let (certain, possible) = counts(inner, claim);
                tests.iter().fold(Truth::Yes, |all, test| all.and(test.counts(certain, possible)))
            }
        }
    }

    /// Whether it looks at lines beside the one in hand.
    pub(crate) fn looks_at_other_lines(&self) -> bool {
        match self {
            Self::Test(_) => false,
            Self::All(list) | Self::Any(list) => list.iter().any(Self::looks_at_other_lines),
            Self::Not(inner) => inner.looks_at_other_lines(),
            Self::Lines(..) | Self::Count(..) => true,
        }
    }

    /// Calls `say` for every test, and every condition on the lines, with the values that were read.
    pub(crate) fn explain(
        &self,
        claim: &Claim,
        line: &ServiceLine,
        say: &mut dyn FnMut(String, Truth),
    ) {
        let truth = || self.holds(claim, line);
        match self {
            Self::Test(test) => {
                say(format!("{test}; found {}", test.field.shown(claim, line)), truth());
            }
            Self::All(list) | Self::Any(list) => {
                list.iter().for_each(|inner| inner.explain(claim, line, say));
            }
            Self::Not(inner) => inner.explain(claim, line, say),
            Self::Lines(_, inner) | Self::Count(inner, _) => {
                let (certain, possible) = counts(inner, claim);
                let open = match possible - certain {
                    0 => String::new(),
                    open => format!(", open for {open}"),
                };
                let lines = claim.lines.len();
                say(format!("{self}; holds for {certain} of {lines} lines{open}"), truth());
            }
        }
    }

    /// Calls `take` for every field, with its line, that leaves the answer open.
    pub(crate) fn open(
        &self,
        claim: &Claim,
        line: &ServiceLine,
        take: &mut dyn FnMut(Field, &ServiceLine),
    ) {
        if self.holds(claim, line) != Truth::Unknown {
            return;
        }
        match self {
            Self::Test(test) => take(test.field, line),
            Self::All(list) | Self::Any(list) => {
                list.iter().for_each(|inner| inner.open(claim, line, take));
            }
            Self::Not(inner) => inner.open(claim, line, take),
            Self::Lines(_, inner) | Self::Count(inner, _) => {
                claim.lines.iter().for_each(|line| inner.open(claim, line, take));
            }
        }
    }

    /// Calls `take` for every field of the line in hand or the claim that is read.
    pub(crate) fn fields(&self, take: &mut dyn FnMut(Field)) {
        match self {
            Self::Test(test) => take(test.field),
            Self::All(list) | Self::Any(list) => list.iter().for_each(|inner| inner.fields(take)),
            Self::Not(inner) => inner.fields(take),
            Self::Lines(..) | Self::Count(..) => {}
        }
    }

    /// Whether it can differ between the lines of one claim.
    pub(crate) fn reads_line(&self) -> bool {
        let mut reads = false;
        self.fields(&mut |field| reads |= field.is_of_line());
        reads
    }

    /// Procedure codes without one of which it is certainly false.
    pub(crate) fn procedures(&self) -> Option<&CodeSet> {
        match self {
            Self::Test(test) => test.procedures(),
            Self::All(list) => list.iter().find_map(Self::procedures),
            _ => None,
        }
    }
}

/// Yes as soon as one is, no if all are, else unknown.
fn any(mut truths: impl Iterator<Item = Truth>) -> Truth {
    let found = truths.try_fold(Truth::No, |all, truth| match all.or(truth) {
        Truth::Yes => Err(Truth::Yes),
        open => Ok(open),
    });
    found.unwrap_or_else(|yes| yes)
}

/// Lines that certainly meet a condition, and lines that may.
fn counts(inner: &Predicate, claim: &Claim) -> (i64, i64) {
    claim.lines.iter().fold((0, 0), |(certain, possible), line| match inner.holds(claim, line) {
        Truth::Yes => (certain + 1, possible + 1),
        Truth::Unknown => (certain, possible + 1),
        Truth::No => (certain, possible),
    })
}

/// `line.units gt 2 and (claim.type eq professional or …)`.
impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, list: &[Self], word: &str| {
            for (index, inner) in list.iter().enumerate() {
                if index > 0 {
                    write!(f, " {word} ")?;
                }
                match inner {
                    Self::All(_) | Self::Any(_) => write!(f, "({inner})")?,
                    _ => write!(f, "{inner}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::Test(test) => write!(f, "{test}"),
            Self::All(inner) => list(f, inner, "and"),
            Self::Any(inner) => list(f, inner, "or"),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Lines(quantifier, inner) => write!(f, "{} ({inner})", quantifier.as_str()),
            Self::Count(inner, tests) => {
                write!(f, "count_lines ({inner})")?;
                tests.iter().try_for_each(|test| write!(f, " {} {}", test.op, test.wanted))
            }
        }
    }
}
