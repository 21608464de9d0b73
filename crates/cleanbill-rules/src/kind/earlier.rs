//! Lines of the patient's other claims beside those of the claim in hand.

use cleanbill_engine::{Scope, Sink, Standing, Subject, Truth};
use cleanbill_model::{
    Claim, ClaimType, EarlierLine, Element, LineRef, Npi, Outcome, ServiceDate, ServiceLine,
};

use crate::check::{Base, Cx, Says, common_value, evidence, missing, trace};
use crate::diagnostic::Code;
use crate::same::{self, Same};
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

    /// Whether the two lines count as the same provider's, and both count at all. Either is a line of
    /// the claim in hand.
    pub(super) fn provider(&self, same: Same, other: &Self) -> Truth {
        let Some(counts) = self.counts().or(other.counts()) else {
            return same.provider(self.claim, self.line, other.line);
        };
        let billing = billing(self.claim, other.claim);
        let mut truth = counts;
        if same.billing_provider {
            truth = truth.and(billing);
        }
        if same.rendering_provider {
            truth = truth.and(self.rendering(other, billing));
        }
        truth
    }

    /// Two members of one group and one specialty bill as one, as within a claim; that they are of one
    /// group is told by the billing provider. On institutional claims the provider is the facility.
    fn rendering(&self, other: &Self, billing: Truth) -> Truth {
        if self.claim.claim_type == ClaimType::Institutional {
            return billing;
        }
        let npis = [self, other].map(|seen| seen.line.provider.npi);
        if npis[0].is_some() && npis[0] == npis[1] {
            return Truth::Yes;
        }
        let specialty = match (self.line.provider.taxonomy, other.line.provider.taxonomy) {
            (Some(a), Some(b)) => Truth::from(a == b),
            _ => Truth::Unknown,
        };
        billing.and(specialty)
    }
}

fn billing(a: &Claim, b: &Claim) -> Truth {
    let known = |npi: Option<Npi>| npi.map_or(Truth::Unknown, |_| Truth::Yes);
    let given = known(a.billing.npi).and(known(b.billing.npi));
    if given == Truth::Yes { Truth::from(a.billing.npi == b.billing.npi) } else { given }
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

/// Why it is open whether these lines are the same provider's, in a clause, and what would tell.
pub(super) fn open_provider(lines: &[Seen<'_>]) -> (&'static str, Vec<String>) {
    if lines.iter().any(|seen| seen.counts() == Some(Truth::Unknown)) {
        let fact = "give as `original_reference` (REF*F8) the control number of the claim that this one replaces";
        return (
            "the claim replaces an earlier one that the history does not name, so it may be this one",
            vec![fact.to_owned()],
        );
    }
    let billing_is_open = lines.iter().any(Seen::is_elsewhere)
        && lines.iter().any(|seen| seen.claim.billing.npi.is_none());
    if billing_is_open {
        return (
            "one of the two claims does not give its billing provider",
            vec!["give both claims the NPI of the billing provider".to_owned()],
        );
    }
    let silent = lines.iter().filter(|seen| seen.line.provider.taxonomy.is_none()).copied();
    let lines = named(&silent.collect::<Vec<_>>());
    let fact = lines.map(|lines| {
        format!("give {lines} the specialty (taxonomy code) of the rendering provider")
    });
    (
        "the two lines have different rendering providers and the claim does not give both specialties",
        fact.into_iter().collect(),
    )
}

/// Says of the line at `index` that only earlier claims could tell, and that nothing is known of them.
/// `question` is what they would tell.
pub(super) fn no_feed(
    base: &Base,
    claim: &Claim,
    index: usize,
    question: &str,
    sink: &mut dyn Sink,
) {
    let Some(line) = claim.lines.get(index) else { return };
    trace(sink, index, None, "history", Truth::Unknown, || "there is no history feed".to_owned());
    missing(sink, index, || {
        vec![format!("give a feed of the patient's earlier claims with services on {}", line.dates)]
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
            "the claim alone does not show it, and there is no history feed to tell of earlier claims with services on {}",
            line.dates
        ),
        evidence: vec![
            evidence(index, Element::Procedure, common_value(claim, index, "code")),
            evidence(index, Element::ServiceDate, line.dates),
        ],
    }));
}

/// The first day that two lines share.
pub(super) fn common_day(a: &ServiceLine, b: &ServiceLine) -> Option<ServiceDate> {
    a.dates.intersect(b.dates).map(|dates| dates.from())
}
