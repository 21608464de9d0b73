//! `demographic`: a procedure that does not go with the patient's sex or age on the date of service.
//!
//! Birth date, age and sex identify a patient: they are read here and nowhere shown. Neither finding
//! nor trace says more than that the patient is within the range or outside.

use cleanbill_engine::{Edit, EditFault, Sink, Subject, Truth};
use cleanbill_model::{Claim, Element, Outcome, ServiceDate, ServiceLine, Sex};
use schemars::JsonSchema;
use serde::Deserialize;

use super::by_line::{ByLine, LineKind};
use crate::check::{Base, Cx, PackScope, Says, common_value, evidence, missing, trace};
use crate::code_set::CodeSet;
use crate::declare::{CodeList, RuleDecl};
use crate::diagnostic::Code;
use crate::yaml::Node;

/// Name of the kind.
pub(super) const KIND: &str = "demographic";
/// Clauses in the order in which they are decided.
pub(super) const CLAUSES: [&str; 5] = ["applies_to", "codes", "effective", "sex", "age"];

/// For whom codes are; at least one of `sex` and `age`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemographicDecl {
    /// Codes that the rule is about.
    codes: CodeList,
    /// The sex that the codes are for: `F` or `M`.
    #[serde(default)]
    #[schemars(extend("enum" = ["F", "M"]))]
    sex: Option<String>,
    /// The age on the date of service that the codes are for.
    #[serde(default)]
    age: Option<AgeDecl>,
}

/// Bounds of the age, all included; a lower and an upper one at the most.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AgeDecl {
    /// Least age in completed years.
    #[serde(default)]
    min: Option<i32>,
    /// Highest age in completed years.
    #[serde(default)]
    max: Option<i32>,
    /// Least age in days since birth; the day of birth is day 0.
    #[serde(default)]
    from_days: Option<i32>,
    /// Highest age in days since birth.
    #[serde(default)]
    through_days: Option<i32>,
}

#[derive(Clone, Copy)]
enum Bound {
    Years(i32),
    Days(i32),
}

impl Bound {
    /// The age in the unit of the bound, and the bound.
    fn compared(self, birth: ServiceDate, day: ServiceDate) -> (i32, i32) {
        match self {
            Self::Years(years) => (completed_years(birth, day), years),
            Self::Days(days) => (birth.days_until(day), days),
        }
    }

    const fn value(self) -> i32 {
        let (Self::Years(value) | Self::Days(value)) = self;
        value
    }
}

/// Birthdays up to and including `day`; who was born on 29 February has a birthday on 1 March of a
/// common year.
fn completed_years(birth: ServiceDate, day: ServiceDate) -> i32 {
    (day.yyyymmdd() - birth.yyyymmdd()).div_euclid(10_000)
}

#[derive(Clone, Copy, Default)]
struct Age {
    least: Option<Bound>,
    most: Option<Bound>,
}

impl Age {
    fn contains(self, birth: ServiceDate, day: ServiceDate) -> bool {
        let reached = self.least.is_none_or(|bound| {
            let (age, least) = bound.compared(birth, day);
            least <= age
        });
        let passed = self.most.is_some_and(|bound| {
            let (age, most) = bound.compared(birth, day);
            most < age
        });
        reached && !passed
    }
}

struct Demographic {
    base: Base,
    codes: CodeSet,
    sex: Option<Sex>,
    age: Option<Age>,
}

/// The runnable edit of a `demographic` rule.
pub(super) fn check(
    cx: &Cx<'_>,
    at: &Node,
    rule: &RuleDecl,
    scope: PackScope<'_>,
) -> Option<Box<dyn Edit>> {
    let decl = rule.demographic.as_ref()?;
    let base = Base::check(cx, at, rule, scope, KIND, &[]);
    let at = at.get(KIND);
    let codes = cx.codes(at.get("codes"), &decl.codes);
    let sexes = [("F", Sex::Female), ("M", Sex::Male)];
    let sex = match &decl.sex {
        Some(text) => Some(cx.word(&at.get("sex").span, text, "a sex", &sexes)?),
        None => None,
    };
    let age = match &decl.age {
        Some(decl) => Some(age(cx, at.get("age"), decl)?),
        None => None,
    };
    if sex.is_none() && age.is_none() {
        cx.error(
            Code::MissingKey,
            &at.span,
            "the rule asks for nothing".to_owned(),
            "add `sex` or `age`".to_owned(),
        );
        return None;
    }
    Some(Box::new(ByLine(Demographic { base: base?, codes, sex, age })))
}

fn age(cx: &Cx<'_>, at: &Node, decl: &AgeDecl) -> Option<Age> {
    let wrong = |message: &str, help: &str| {
        cx.error(Code::WrongType, &at.span, message.to_owned(), help.to_owned());
        None
    };
    let bound = |years: Option<i32>, days: Option<i32>| match (years, days) {
        (Some(_), Some(_)) => Err(()),
        (years, days) => Ok(years.map(Bound::Years).or(days.map(Bound::Days))),
    };
    let (Ok(least), Ok(most)) =
        (bound(decl.min, decl.from_days), bound(decl.max, decl.through_days))
    else {
        return wrong(
            "an end of the age range is given twice",
            "give `min` (years) or `from_days`, and `max` (years) or `through_days`",
        );
    };
    let empty = match (least, most) {
        (None, None) => true,
        (Some(Bound::Years(least)), Some(Bound::Years(most)))
        | (Some(Bound::Days(least)), Some(Bound::Days(most))) => most < least,
        _ => false,
    };
    if empty || least.into_iter().chain(most).any(|bound| bound.value() < 0) {
        return wrong(
            "no age lies in this range",
            "give `min` and `max` in years, or `from_days` and `through_days`; the first may not be above the second",
        );
    }
    Some(Age { least, most })
}

impl LineKind for Demographic {
    fn base(&self) -> &Base {
        &self.base
    }

    fn codes(&self) -> Option<&CodeSet> {
        Some(&self.codes)
    }

    fn judge(
        &self,
        Subject { claim, .. }: Subject<'_>,
        index: usize,
        line: &ServiceLine,
        sink: &mut dyn Sink,
    ) -> Result<(), EditFault> {
        let mut wrong = Truth::No;
        let mut why = Vec::new();
        let mut lacking = Vec::new();
        let clauses = [
            ("sex", self.sex.map(|sex| wrong_sex(claim, sex))),
            ("age", self.age.map(|age| wrong_age(claim, line, age))),
        ];
        for (clause, broken) in clauses {
            let Some(broken) = broken else { continue };
            let words = || match broken {
                Truth::Yes => format!("the patient's {clause} is outside the range of the code"),
                Truth::No => format!("the patient's {clause} is within the range of the code"),
                Truth::Unknown => format!("the claim gives no usable {clause} of the patient"),
            };
            trace(sink, index, None, clause, broken, words);
            if broken != Truth::No {
                why.push(words());
            }
            if broken == Truth::Unknown {
                lacking.push(clause);
            }
            wrong = wrong.or(broken);
        }
        let info = self.base.info();
        let (outcome, disposition) = match wrong {
            Truth::Yes => (Outcome::Fires, info.disposition),
            Truth::Unknown => (Outcome::Undetermined, info.on_unknown),
            Truth::No => return Ok(()),
        };
        if outcome == Outcome::Undetermined {
            missing(sink, index, || lacking.into_iter().map(lacked).collect());
        }
        sink.find(self.base.finding(Says {
            outcome,
            disposition,
            line: index,
            others: Vec::new(),
            element: Element::Procedure,
            words: None,
            values: &|name| common_value(claim, index, name),
            why: why.join("; "),
            evidence: vec![evidence(index, Element::Procedure, common_value(claim, index, "code"))],
        }));
        Ok(())
    }
}

/// What the claim would have to say for this clause.
fn lacked(clause: &str) -> String {
    match clause {
        "sex" => "give the claim the sex of the patient: F or M".to_owned(),
        _ => "give the claim the patient's birth date, on or before the date of service".to_owned(),
    }
}

fn wrong_sex(claim: &Claim, wanted: Sex) -> Truth {
    match claim.patient.sex.reveal() {
        Some(Sex::Unknown) | None => Truth::Unknown,
        Some(sex) => Truth::from(*sex != wanted),
    }
}

/// Compared on the first date of service. A birth date behind it is a mistake and tells no age.
fn wrong_age(claim: &Claim, line: &ServiceLine, age: Age) -> Truth {
    let day = line.dates.from();
    match claim.patient.birth_date.reveal() {
        Some(birth) if *birth <= day => Truth::from(!age.contains(*birth, day)),
        _ => Truth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_on_29_february_counts_on_1_march_of_a_common_year() {
        let day = |text: &str| ServiceDate::parse_iso(text.as_bytes()).unwrap();
        let birth = day("2008-02-29");
        for (on, years) in [
            ("2026-02-28", 17),
            ("2026-03-01", 18),
            ("2028-02-28", 19),
            ("2028-02-29", 20),
            ("2008-02-29", 0),
        ] {
            assert_eq!(completed_years(birth, day(on)), years, "{on}");
        }
        assert_eq!(completed_years(day("2007-12-31"), day("2026-12-30")), 18);
    }
}
