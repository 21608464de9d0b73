//! `report_on`: which line of a pair the finding falls on.

use cleanbill_engine::{Sink, Truth};

use super::conflict::Line;
use super::declare::PairDecl;
use crate::check::{Cx, trace_with};
use crate::diagnostic::Code;
use crate::yaml::Node;

/// Which line of a pair the finding falls on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ReportOn {
    /// Column two, as CMS denies it.
    #[default]
    Codes,
    /// Column one.
    With,
    Both,
}

pub(super) const WORDS: [(&str, ReportOn); 3] =
    [("codes", ReportOn::Codes), ("with", ReportOn::With), ("both", ReportOn::Both)];

impl ReportOn {
    /// Checks the word; `at` is the block of the kind.
    pub(super) fn check(cx: &Cx<'_>, at: &Node, decl: &PairDecl) -> Self {
        let Some(text) = &decl.report_on else { return Self::default() };
        let span = &at.get("report_on").span;
        let found = cx.word(span, text, "a choice of lines", &WORDS).unwrap_or_default();
        let wrong = |key: &str, message: &str, help: &str| {
            cx.error(Code::UnknownKey, &at.key_span(key), message.to_owned(), help.to_owned());
        };
        if decl.codes.is_none() && decl.with.is_none() {
            wrong(
                "report_on",
                "`report_on` chooses between `codes` and `with`, and the rule has neither",
                "remove `report_on`: of pairs from a table or a list, column two is denied",
            );
        } else if found != Self::Codes && decl.history_column_two.is_some() {
            wrong(
                "history_column_two",
                "`history_column_two` goes with `report_on: codes` alone",
                "remove it: the rule's own words hold here when the line of `codes` came first",
            );
        }
        found
    }

    /// The lines that a finding falls on, each with its partner. Only a line of the claim in hand can
    /// carry one, so that of two claims it is always the incoming line.
    pub(super) fn falls_on<'a>(
        self,
        one: Line<'a>,
        two: Line<'a>,
    ) -> impl Iterator<Item = (Line<'a>, Line<'a>)> {
        let on_one = match self {
            _ if two.seen.is_earlier() => true,
            _ if one.seen.is_earlier() => false,
            Self::Codes => false,
            Self::With => true,
            // Of another claim of this run, which says so of its own line.
            Self::Both => !one.seen.is_elsewhere(),
        };
        let within = !one.seen.is_elsewhere() && !two.seen.is_elsewhere();
        let first = if on_one { (one, two) } else { (two, one) };
        [Some(first), (within && self == Self::Both).then_some((two, one))]
            .into_iter()
            .flatten()
            .filter(|(own, _)| !own.seen.is_elsewhere())
    }

    /// Whether the line that the finding should fall on came first, so that it falls on the other.
    pub(super) fn came_first(self, one: Line<'_>, two: Line<'_>) -> bool {
        match self {
            Self::Codes => two.seen.is_earlier(),
            Self::With => one.seen.is_earlier(),
            Self::Both => false,
        }
    }

    /// The line that is left in peace hears why nothing is said of it.
    pub(super) fn trace_spared(self, one: Line<'_>, two: Line<'_>, sink: &mut dyn Sink) {
        let (spared, named, column) = match self {
            _ if one.seen.is_earlier() || two.seen.is_earlier() => return,
            Self::Codes => (one, two, "one"),
            Self::With => (two, one, "two"),
            Self::Both => return,
        };
        if spared.seen.is_elsewhere() {
            return;
        }
        let partner = || named.seen.reference();
        trace_with(sink, spared.seen.place, partner, "column_two", Truth::No, || {
            format!(
                "{} is column {column}: an edit would fall on {} (line {})",
                spared.code,
                named.code,
                named.seen.number()
            )
        });
    }

    /// The columns of a pair, in words.
    pub(super) fn columns(self, one: Line<'_>, two: Line<'_>) -> String {
        let (a, b, of_a, of_b, reported) = match self {
            Self::Codes => (two, one, "two", "one", ""),
            Self::With => (one, two, "one", "two", "; the rule reports column one"),
            Self::Both => (two, one, "two", "one", "; the rule reports both"),
        };
        format!(
            "{} is column {of_a}, {} on line {} is column {of_b}{reported}",
            a.code,
            b.code,
            b.seen.number()
        )
    }
}
