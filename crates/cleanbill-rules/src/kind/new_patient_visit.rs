//! `new_patient_visit`: the visit of a new patient where the patient was seen before.
//!
//! A patient is new who had no professional service face to face from the physician, or from another one
//! of the same specialty in the same group, within three years (CPT, evaluation and management
//! guidelines; Medicare Claims Processing Manual, chapter 12, section 30.6.7; neither verified). What
//! counts is the date of service, in whichever order the claims come, and a service of the same day
//! does not. A service three years ago to the day lies outside.

use cleanbill_engine::{Edit, EditFault, Scope, Sink, Subject, Truth};
use cleanbill_model::{ClaimType, Element, Modifier, Outcome, ServiceDate, ServiceLine};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use super::earlier::{HISTORY, Search, Seen, line_evidence, no_feed_of};
use super::provider::open_provider;
use crate::check::{Base, Cx, PackScope, Says, missing, trace, trace_with};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::diagnostic::Code;
use crate::same::{Same, Takes};
use crate::schema::words;
use crate::yaml::Node;

/// Name of the kind.
pub(crate) const KIND: &str = "new_patient_visit";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 8] = [
    "applies_to",
    "codes",
    "effective",
    "earlier_service",
    "months",
    "except_modifiers",
    "rendering_provider",
    "history",
];
const SLOTS: [&str; 6] =
    ["other.code", "other.line", "other.modifiers", "other.service_date", "months", "until"];
/// Three years.
const MONTHS: u16 = 36;

/// The visit of a new patient where the patient was seen before.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPatientVisitDecl {
    /// Codes of visits of new patients.
    codes: CodeList,
    /// Codes of professional services face to face: after one of these the patient is an established one.
    face_to_face: CodeList,
    /// For how many months such a service counts; left out, 36.
    #[serde(default)]
    months: Option<u16>,
    /// Modifiers on the earlier line that say that nobody saw the patient, such as 26 and TC.
    #[serde(default)]
    except_modifiers: Option<CodeList>,
    /// Whose earlier services count: `patient` always, and what else is named; `physician` is what Medicare means.
    #[schemars(extend("items" = words::one_of(words::same(Takes::WINDOW))))]
    same: Vec<String>,
    /// Whether earlier claims must be known to say that the patient is new; left out, `required`. With
    /// `claim_only` they do not count.
    #[serde(default)]
    #[schemars(extend("enum" = HISTORY))]
    history: Option<String>,
}

struct NewPatientVisit {
    base: Base,
    codes: CodeSet,
    face_to_face: CodeSet,
    months: u16,
    except: Vec<Modifier>,
    same: Same,
    search: Search,
}

/// A service that makes the patient an established one, if `truth` holds.
#[derive(Clone, Copy)]
struct Earlier<'a> {
    seen: Seen<'a>,
    /// Its last day before the visit.
    day: ServiceDate,
    /// The first day on which it no longer counts.
    until: ServiceDate,
    truth: Truth,
}

/// The runnable edit of a `new_patient_visit` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.new_patient_visit.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &SLOTS);
    let at = at.get(KIND);
    let codes = cx.codes(at.get("codes"), &decl.codes);
    let face_to_face = cx.codes(at.get("face_to_face"), &decl.face_to_face);
    let months = decl.months.unwrap_or(MONTHS);
    if months == 0 {
        cx.error(
            Code::WrongType,
            &at.get("months").span,
            "no service lies within 0 months".to_owned(),
            "give the number of months, 1 or more".to_owned(),
        );
    }
    let except = decl.except_modifiers.as_ref();
    let except = except.map(|list| cx.modifiers(at.get("except_modifiers"), list));
    let same = Same::check(cx, at.get("same"), &decl.same, &Takes::WINDOW);
    let search = Search::unless_claim_only(cx, at, decl.history.as_ref())?;
    let except = except.unwrap_or_default();
    let base = base?;
    let rule = NewPatientVisit { base, codes, face_to_face, months, except, same, search };
    Some(Box::new(ByLine(rule)))
}

impl LineKind for NewPatientVisit {
    fn base(&self) -> &Base {
        &self.base
    }

    fn codes(&self) -> Option<&CodeSet> {
        Some(&self.codes)
    }

    fn scope(&self) -> Scope {
        if self.search == Search::default() {
            return Scope::Claim;
        }
        let (years, months) = (self.months / 12, self.months % 12);
        Scope::PatientHistory { days: u32::from(years) * 366 + u32::from(months) * 31 }
    }

    fn judge(
        &self,
        subject: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let claim = subject.claim;
        // A facility sees every patient of its physicians.
        if claim.claim_type == ClaimType::Institutional {
            trace(sink, index, None, "applies_to", Truth::No, || {
                "physicians have new patients, and this is a claim of a facility".to_owned()
            });
            return Ok(());
        }
        let own = Seen::own(claim, index, line);
        let mut found: Option<Earlier<'_>> = None;
        let mut services = 0_u32;
        for seen in self.search.lines(subject) {
            let Some(day) = self.seen_before(own, seen) else { continue };
            if services == 0 {
                trace(sink, index, None, "earlier_service", Truth::Yes, || {
                    format!("a service face to face on {day} (line {})", seen.number())
                });
            }
            services += 1;
            let Some(until) = day.plus_months(self.months) else { continue };
            let truth = self.counts(own, Earlier { seen, day, until, truth: Truth::Yes }, sink);
            let earlier = Earlier { seen, day, until, truth };
            if truth != Truth::No && found.is_none_or(|best| earlier.rank() > best.rank()) {
                found = Some(earlier);
            }
        }
        if services == 0 {
            trace(sink, index, None, "earlier_service", Truth::No, || {
                format!("no service face to face before {} is known", line.dates.from())
            });
        }
        match found {
            Some(earlier) => self.say(own, earlier, sink),
            None if self.search.lacks_feed(subject) => {
                let question = "the patient is new";
                let from = line.dates.from();
                let services = format!("services of the {} months before {from}", self.months);
                no_feed_of(&self.base, claim, index, question, &services, sink);
            }
            None => {}
        }
        Ok(())
    }
}

impl Earlier<'_> {
    /// The one to be told is certain, late, and where several are, on the claim in hand or the first
    /// that came.
    fn rank(&self) -> (bool, ServiceDate, core::cmp::Reverse<(bool, u32)>) {
        let place = (self.seen.is_elsewhere(), self.seen.line.number);
        (self.truth == Truth::Yes, self.day, core::cmp::Reverse(place))
    }
}

impl NewPatientVisit {
    /// The last day before the visit on which `seen` was a service face to face.
    fn seen_before(&self, own: Seen<'_>, seen: Seen<'_>) -> Option<ServiceDate> {
        let code = seen.line.procedure?;
        let dates = seen.line.dates;
        let before = own.line.dates.from().before()?;
        let day = dates.through().min(before);
        (day >= dates.from() && self.face_to_face.contains(code)).then_some(day)
    }

    /// Whether an earlier service makes the patient an established one, clause by clause.
    fn counts(&self, own: Seen<'_>, earlier: Earlier<'_>, sink: &mut dyn Sink) -> Truth {
        let Earlier { seen, day, until, .. } = earlier;
        let place = own.place;
        let mut step = |clause, truth, detail: &dyn Fn() -> String| {
            trace_with(sink, place, || seen.reference(), clause, truth, detail);
            truth
        };
        let within = until > own.line.dates.from();
        let within = step("months", Truth::from(within), &|| {
            format!("{day} counts for {} months, before {until}", self.months)
        });
        if within == Truth::No {
            return Truth::No;
        }
        let excused = seen.line.modifiers.iter().find(|modifier| self.except.contains(modifier));
        let is_seen = step("except_modifiers", Truth::from(excused.is_none()), &|| match excused {
            Some(modifier) => {
                format!("modifier {modifier} on line {}: nobody saw the patient", seen.number())
            }
            None => format!("line {} has no modifier that says otherwise", seen.number()),
        });
        if is_seen == Truth::No {
            return Truth::No;
        }
        let provider = own.provider(self.same, &seen);
        step("rendering_provider", provider, &|| own.providers(&seen))
    }

    fn say(&self, own: Seen<'_>, earlier: Earlier<'_>, sink: &mut dyn Sink) {
        let info = self.base.info();
        let Earlier { seen, day, until, truth } = earlier;
        let mut why = format!(
            "{} on line {} was a service face to face on {day}, less than {} months before {}",
            seen.value("code"),
            seen.number(),
            self.months,
            own.line.dates.from()
        );
        let (outcome, disposition) = match truth {
            Truth::Yes => (Outcome::Fires, info.disposition),
            _ => {
                let (open, facts) = open_provider(self.same, &[own, seen]);
                why.push_str("; ");
                why.push_str(open);
                missing(sink, own.place, || facts);
                (Outcome::Undetermined, info.on_unknown)
            }
        };
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: own.place,
            others: vec![seen.reference()],
            element: Element::Procedure,
            words: None,
            values: &|name| match name {
                "months" => self.months.to_string(),
                "until" => until.to_string(),
                _ => match name.strip_prefix("other.") {
                    Some(name) => seen.value(name),
                    None => own.value(name),
                },
            },
            why,
            evidence: [own, seen].iter().flat_map(line_evidence).collect(),
        }));
    }
}
