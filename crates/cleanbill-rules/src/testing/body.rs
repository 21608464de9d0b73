//! A test as checked: its claim, and what the rule must make of it.

use cleanbill_model::{Claim, Disposition, ServiceDate};

use super::run::ReadClaim;
use super::sketch::sketch;
use crate::check::Cx;
use crate::declare::{ClaimDecl, CountDecl, HistoryDecl, TestDecl};
use crate::diagnostic::{Code, suggest};
use crate::shorthand::ClaimSketch;
use crate::yaml::Node;

/// A checked test.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(super) claim: TestClaim,
    /// Earlier claims; none without a feed of them.
    pub(super) history: Option<Vec<ClaimSketch>>,
    /// Claims of the same run before and behind its own.
    pub(super) run: [Vec<ClaimSketch>; 2],
    pub(super) expect: Expect,
    /// Day that stands for today.
    pub(super) as_of: Option<ServiceDate>,
    pub(super) disposition: Option<Disposition>,
    pub(super) message: Option<String>,
}

/// Where the claim of a test comes from.
#[derive(Clone, Debug)]
pub(super) enum TestClaim {
    Sketch(Box<ClaimSketch>),
    /// Text of a claim file; this crate knows no claim format, so the caller reads it.
    File {
        path: String,
        text: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    Fires(CountDecl),
    Undetermined(CountDecl),
    /// With the waivers of the pack as they stand on the day of the test; without one, on each line's date of service.
    Waived(CountDecl),
    Silent(&'static str),
}

impl TestClaim {
    /// The claim; `reversed` turns the order of the lines and keeps their numbers.
    pub(super) fn claim(&self, read: ReadClaim<'_>, reversed: bool) -> Result<Claim, String> {
        match self {
            Self::Sketch(sketch) => sketch.claim(reversed).map_err(|error| error.to_string()),
            Self::File { path, text } => {
                let mut claim =
                    read(text).map_err(|reason| format!("claim file `{path}`: {reason}"))?;
                if reversed {
                    claim.lines.reverse();
                }
                Ok(claim)
            }
        }
    }
}

impl Body {
    /// Checks a declared test; `clauses` are those of the rule's kind, `read` gives the text of a file
    /// of the pack.
    pub(crate) fn check(
        cx: &Cx<'_>,
        at: &Node,
        decl: &TestDecl,
        clauses: &[&'static str],
        read: &dyn Fn(&str, &Node) -> Option<String>,
    ) -> Option<Self> {
        let history = history(cx, at, decl);
        let before = claims(cx, at.get("run_before"), &decl.run_before, "BEFORE");
        let after = claims(cx, at.get("run_after"), &decl.run_after, "AFTER");
        let claim = claim(cx, at, decl, read);
        let as_of = match &decl.as_of {
            Some(text) => Some(cx.date(at.get("as_of"), text)?),
            None => None,
        };
        let expect = expect(cx, at, decl, clauses)?;
        let at = at.get("expect");
        let known = Disposition::ALL.map(|d| (d.as_str(), d));
        let disposition =
            decl.expect.disposition.as_ref().and_then(|text| {
                cx.word(&at.get("disposition").span, text, "a disposition", &known)
            });
        Some(Self {
            claim: claim?,
            history: history?,
            run: [before?, after?],
            expect,
            as_of,
            disposition,
            message: decl.expect.message.clone(),
        })
    }

    /// Whether the test expects the rule to say nothing.
    pub(crate) const fn expects_silence(&self) -> bool {
        matches!(self.expect, Expect::Silent(_))
    }

    /// Whether the test expects silence because of this clause.
    pub(super) fn is_silent_because(&self, clause: &str) -> bool {
        matches!(self.expect, Expect::Silent(wanted) if wanted == clause)
    }
}

fn claim(
    cx: &Cx<'_>,
    at: &Node,
    decl: &TestDecl,
    read: &dyn Fn(&str, &Node) -> Option<String>,
) -> Option<TestClaim> {
    match (&decl.claim, &decl.claim_file) {
        (Some(claim), None) => {
            Some(TestClaim::Sketch(Box::new(sketch(cx, at.get("claim"), claim)?)))
        }
        (None, Some(path)) => {
            let text = read(path, at.get("claim_file"))?;
            Some(TestClaim::File { path: path.clone(), text })
        }
        _ => {
            cx.error(
                Code::BadTest,
                &at.get("name").span,
                format!("test `{}` must have exactly one claim", decl.name),
                "give `claim` with lines in shorthand, or `claim_file` with a path in the pack"
                    .to_owned(),
            );
            None
        }
    }
}

fn expect(cx: &Cx<'_>, at: &Node, decl: &TestDecl, clauses: &[&'static str]) -> Option<Expect> {
    let wanted = &decl.expect;
    let is_about_today = clauses.contains(&"not_after");
    let expects_other =
        wanted.fires.is_some() || wanted.undetermined.is_some() || wanted.silent.is_some();
    if decl.as_of.is_some() && wanted.waived.is_none() && expects_other && !is_about_today {
        cx.error(
            Code::BadTest,
            &at.key_span("as_of"),
            format!("test `{}` gives `as_of` and does not expect `waived`", decl.name),
            "the day decides about waivers, and in rules of the kind `service_date`: remove it, or \
             expect `waived`"
                .to_owned(),
        );
        return None;
    }
    let at = at.get("expect");
    match (&wanted.fires, &wanted.undetermined, &wanted.silent, &wanted.waived) {
        (Some(count), None, None, None) => Some(Expect::Fires(count.clone())),
        (None, Some(count), None, None) => Some(Expect::Undetermined(count.clone())),
        (None, None, None, Some(count)) => Some(Expect::Waived(count.clone())),
        (None, None, Some(silent), None) => {
            let known = clauses.iter().find(|clause| **clause == silent.because);
            if known.is_none() {
                cx.error(
                    Code::UnknownClause,
                    &at.get("silent").get("because").span,
                    format!("test `{}` expects silence because of `{}`, which is not a clause of this kind of rule", decl.name, silent.because),
                    suggest(&silent.because, clauses.iter().copied()),
                );
            }
            known.map(|clause| Expect::Silent(clause))
        }
        _ => {
            cx.error(
                Code::BadTest,
                &at.span,
                format!("test `{}` must expect exactly one thing", decl.name),
                "give `fires`, `undetermined`, `silent` or `waived`".to_owned(),
            );
            None
        }
    }
}

/// The earlier claims of a test; `Some(None)` without a feed of them, `None` for a mistake.
fn history(cx: &Cx<'_>, at: &Node, decl: &TestDecl) -> Option<Option<Vec<ClaimSketch>>> {
    let at = at.get("history");
    match &decl.history {
        None => Some(Some(Vec::new())),
        Some(HistoryDecl::Word(word)) => {
            cx.word(&at.span, word, "a history", &[("absent", ())]).map(|()| None)
        }
        Some(HistoryDecl::Claims(list)) => claims(cx, at, list, "EARLIER").map(Some),
    }
}

/// Other claims than the one that is judged, numbered behind `id` where they have none of their own.
fn claims(cx: &Cx<'_>, at: &Node, list: &[ClaimDecl], id: &str) -> Option<Vec<ClaimSketch>> {
    let read = |(index, decl): (usize, &ClaimDecl)| {
        let mut sketch = sketch(cx, at.item(index), decl)?;
        if decl.id.is_none() {
            sketch.claim_id = format!("{id}{}", index + 1);
        }
        Some(sketch)
    };
    list.iter().enumerate().map(read).collect()
}
