//! Lines of the patient's other claims beside those of the claim in hand.

use cleanbill_engine::{Scope, Sink, Standing, Subject, Truth};
use cleanbill_model::{
    Claim, ClaimType, EarlierLine, Element, Evidence, LineRef, Outcome, ServiceDate, ServiceLine,
};

use crate::check::{Base, Cx, Says, common_value, evidence, missing, trace};
use crate::diagnostic::Code;
use crate::same;
use crate::template::Template;
use crate::yaml::Node;

/// Where a rule looks for other lines, beside the claim in hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Search {
    /// Earlier claims of the same type.
    pub(super) history: bool,
    /// Earlier institutional claims for an institutional claim, where that is a question of its own.
    pub(super) institutional: bool,
}

/// Words of `search` that every kind takes which has it.
pub(super) const SEARCH: [&str; 2] = ["this_claim", "history"];
/// Words of `search` of pairs. The national outpatient editor looks at one claim alone, so earlier
/// institutional claims are only looked at where a rule says so.
pub(super) const SEARCH_PAIRS: [&str; 3] = ["this_claim", "history", "institutional_history"];

/// Words of `history`: earlier claims must be known, or the claim in hand is enough.
pub(super) const HISTORY: [&str; 2] = [REQUIRED, CLAIM_ONLY];
const REQUIRED: &str = "required";
const CLAIM_ONLY: &str = "claim_only";

impl Search {
    /// Checks the words under `search` of the kind at `at`; left out, the claim in hand alone.
    pub(super) fn check(
        cx: &Cx<'_>,
        at: &Node,
        words: &[String],
        known: &'static [&'static str],
    ) -> Self {
        let Some(entry) = at.entry("search") else { return Self::default() };
        let known: Vec<(&'static str, &'static str)> =
            known.iter().map(|word| (*word, *word)).collect();
        let read = |(index, word): (usize, &String)| {
            cx.word(&entry.value.item(index).span, word, "a place to search", &known)
        };
        let found: Vec<&str> = words.iter().enumerate().filter_map(read).collect();
        if !found.contains(&"this_claim") {
            cx.error(
                Code::MissingKey,
                &entry.value.span,
                "`search` must name `this_claim`".to_owned(),
                "write `[this_claim]`, or `[this_claim, history]` to look at earlier claims too"
                    .to_owned(),
            );
        }
        let history = found.contains(&"history");
        let apart = known.iter().any(|(word, _)| *word == "institutional_history");
        let institutional = if apart { found.contains(&"institutional_history") } else { history };
        Self { history, institutional }
    }

    /// Checks the word under `history` of the kind at `at`, which looks beyond the claim unless it says
    /// `claim_only`.
    pub(super) fn unless_claim_only(cx: &Cx<'_>, at: &Node, word: Option<&String>) -> Option<Self> {
        let everywhere = Self { history: true, institutional: true };
        let Some(word) = word else { return Some(everywhere) };
        let known = [(REQUIRED, everywhere), (CLAIM_ONLY, Self::default())];
        cx.word(&at.get("history").span, word, "a use of earlier claims", &known)
    }

    /// Refuses `key`, which only says something of earlier claims, where none are looked at.
    pub(super) fn must_look_back(self, cx: &Cx<'_>, at: &Node, key: &str) {
        if self == Self::default() {
            let span = match at.entry("search") {
                Some(search) => search.value.span.clone(),
                None => at.key_span(key),
            };
            cx.error(
                Code::MissingKey,
                &span,
                format!("`{key}` is about earlier claims, and the rule looks at none"),
                format!("write `search: [this_claim, history]`, or remove `{key}`"),
            );
        }
    }

    /// How far a rule looks that compares lines of one day.
    pub(super) fn scope(self) -> Scope {
        if self.history || self.institutional { Scope::PatientDay } else { Scope::Claim }
    }

    /// Whether earlier claims are looked at beside a claim of this type.
    pub(super) fn looks_back(self, claim: ClaimType) -> bool {
        match claim {
            ClaimType::Professional | ClaimType::Dental => self.history,
            ClaimType::Institutional => self.institutional,
        }
    }

    /// Whether earlier claims should be looked at and nothing is known of them.
    pub(super) fn lacks_feed(self, subject: Subject<'_>) -> bool {
        self.looks_back(subject.claim.claim_type) && !subject.history.has_feed()
    }

    /// The lines of the claim in hand, in their order, and then those of the other claims that the
    /// rule looks at: earlier ones first, then those of this run.
    pub(super) fn lines(self, subject: Subject<'_>) -> impl Iterator<Item = Seen<'_>> {
        let claim = subject.claim;
        let kind = claim.claim_type;
        let others = self.looks_back(kind).then(|| subject.others()).into_iter().flatten();
        let others = others.filter(move |other| other.claim.claim_type == kind);
        let others = others.flat_map(|other| {
            let lines = other.claim.lines.iter().enumerate();
            lines.map(move |(place, line)| Seen {
                claim: other.claim,
                place,
                line,
                other: Some((other.counts, other.standing)),
            })
        });
        let own = claim.lines.iter().enumerate();
        own.map(move |(place, line)| Seen::own(claim, place, line)).chain(others)
    }
}

/// A line that a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) claim: &'a Claim,
    /// Place in its claim.
    pub(super) place: usize,
    pub(super) line: &'a ServiceLine,
    /// Of a line of another claim: whether that claim stands beside the one in hand, and where.
    other: Option<(Truth, Standing)>,
}

impl<'a> Seen<'a> {
    /// A line of the claim in hand.
    pub(super) const fn own(claim: &'a Claim, place: usize, line: &'a ServiceLine) -> Self {
        Self { claim, place, line, other: None }
    }

    /// Whether it stands on another claim than the one in hand.
    pub(super) const fn is_elsewhere(&self) -> bool {
        self.other.is_some()
    }

    /// Whether it stands on a claim that came before this run.
    pub(super) fn is_earlier(&self) -> bool {
        matches!(self.other, Some((_, Standing::Earlier)))
    }

    /// Whether it stands on another claim, which counts as having come before the one in hand.
    pub(super) fn is_first(&self) -> bool {
        self.other.is_some_and(|(_, standing)| standing.is_first())
    }

    /// Of a line of another claim: whether that claim stands beside the one in hand.
    pub(super) fn counts(&self) -> Option<Truth> {
        self.other.map(|(counts, _)| counts)
    }

    /// Whether it is the line at `place` of the claim in hand.
    pub(super) fn is_own(&self, place: usize) -> bool {
        !self.is_elsewhere() && self.place == place
    }

    /// The line as findings name it.
    pub(super) fn reference(&self) -> LineRef {
        let Some((counts, standing)) = self.other else { return LineRef::Own(self.place) };
        LineRef::Earlier(EarlierLine {
            claim: self.claim.id().into(),
            number: self.line.number,
            dates: self.line.dates,
            standing,
            is_open: counts == Truth::Unknown,
        })
    }

    /// `2`, or `1 of claim PCN7`.
    pub(super) fn number(&self) -> String {
        match self.other {
            None => self.line.number.to_string(),
            Some(_) => format!("{} of claim {}", self.line.number, self.claim.id()),
        }
    }

    /// Value of a placeholder that every kind fills.
    pub(super) fn value(&self, name: &str) -> String {
        match name {
            "line" => self.number(),
            _ => common_value(self.claim, self.place, name),
        }
    }
}

/// `lines 1 and 3`, `line 2 and line 1 of claim PCN7`; nothing of no line.
pub(super) fn named(lines: &[Seen<'_>]) -> Option<String> {
    let own: Vec<u32> =
        lines.iter().filter(|seen| !seen.is_elsewhere()).map(|seen| seen.line.number).collect();
    let others = lines.iter().filter(|seen| seen.is_elsewhere());
    let all: Vec<String> = same::named(&own)
        .into_iter()
        .chain(others.map(|seen| format!("line {}", seen.number())))
        .collect();
    (!all.is_empty()).then(|| all.join(" and "))
}

/// Says of the line at `index` that only earlier claims with services of its days could tell, and that
/// nothing is known of them. `question` is what they would tell.
pub(super) fn no_feed(
    base: &Base,
    claim: &Claim,
    index: usize,
    question: &str,
    sink: &mut dyn Sink,
) {
    let Some(line) = claim.lines.get(index) else { return };
    no_feed_of(base, claim, index, question, &format!("services on {}", line.dates), sink);
}

/// The same where earlier claims of other days could tell; `services` says which.
pub(super) fn no_feed_of(
    base: &Base,
    claim: &Claim,
    index: usize,
    question: &str,
    services: &str,
    sink: &mut dyn Sink,
) {
    let Some(line) = claim.lines.get(index) else { return };
    trace(sink, index, None, "history", Truth::Unknown, || "there is no history feed".to_owned());
    missing(sink, index, || {
        vec![format!("give a feed of the patient's earlier claims with {services}")]
    });
    let words = [
        format!(
            "{} (line {}): whether {question} cannot be told without the patient's earlier claims.",
            common_value(claim, index, "code"),
            line.number
        ),
        "Run with a feed of the patient's earlier claims, or look them up.".to_owned(),
    ];
    let [message, fix] = words.map(Template::plain);
    sink.find(base.finding(Says {
        outcome: Outcome::Undetermined,
        disposition: base.info().on_unknown,
        line: index,
        others: Vec::new(),
        element: Element::Procedure,
        words: Some((&message, &fix)),
        values: &|_| String::new(),
        why: format!(
            "the claim alone does not show it, and there is no history feed to tell of earlier claims with {services}"
        ),
        evidence: vec![
            evidence(index, Element::Procedure, common_value(claim, index, "code")),
            evidence(index, Element::ServiceDate, line.dates),
        ],
    }));
}

/// What was read on a line: code, modifiers where it has some, dates.
pub(super) fn line_evidence(seen: &Seen<'_>) -> impl Iterator<Item = Evidence> + use<> {
    let (line, read) = (seen.line, || seen.reference());
    let code = line.procedure.map(|code| evidence(read(), Element::Procedure, code));
    let modifiers =
        (!line.modifiers.is_empty()).then(|| evidence(read(), Element::Modifiers, line.modifiers));
    let date = evidence(read(), Element::ServiceDate, line.dates);
    [code, modifiers, Some(date)].into_iter().flatten()
}

/// The first day that two lines share.
pub(super) fn common_day(a: &ServiceLine, b: &ServiceLine) -> Option<ServiceDate> {
    a.dates.intersect(b.dates).map(|dates| dates.from())
}
