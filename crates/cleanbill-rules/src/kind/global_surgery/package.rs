//! What a surgery includes, and which modifier takes a service out of it.

use cleanbill_engine::Truth;
use cleanbill_model::{DateRange, Modifier, ServiceDate};

use super::indicator::{Global, Indicator};
use crate::kind::earlier::Seen;

/// Modifiers of a surgery whose line has no package: a return to the operating room (78) belongs to that
/// of the first surgery, and assistants have none.
const WITHOUT: [&str; 5] = ["78", "80", "81", "82", "AS"];
/// Surgical care only, postoperative management only, preoperative management only.
const SURGERY_ONLY: &str = "54";
const POSTOPERATIVE_ONLY: &str = "55";
const PREOPERATIVE_ONLY: &str = "56";

/// A service that may be included in a surgery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// A visit: evaluation and management.
    Visit,
    /// A procedure with a global period of its own, which may be open.
    Procedure(Truth),
}

/// The days of a surgery's package.
#[derive(Clone, Copy)]
pub(super) struct Surgery<'a> {
    pub(super) seen: Seen<'a>,
    pub(super) global: Global,
    before: bool,
    day: bool,
    after: i32,
}

/// Where a service stands to a surgery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    DayBefore,
    SameDay,
    /// So many days behind.
    After(i32),
}

impl Relation {
    /// `on the day of`, behind which the surgery is named.
    pub(super) fn words(self) -> String {
        match self {
            Self::DayBefore => "on the day before".to_owned(),
            Self::SameDay => "on the day of".to_owned(),
            Self::After(1) => "1 day after".to_owned(),
            Self::After(days) => format!("{days} days after"),
        }
    }
}

impl<'a> Surgery<'a> {
    /// The package of a line with a global period; none where it has none of its own.
    pub(super) fn new(seen: Seen<'a>, global: Global) -> Option<Self> {
        let has = |name: &str| seen.line.modifiers.iter().any(|own| own.as_str() == name);
        if WITHOUT.into_iter().any(has) {
            return None;
        }
        let parts = [SURGERY_ONLY, POSTOPERATIVE_ONLY, PREOPERATIVE_ONLY].map(has);
        let [surgery, postoperative, preoperative] = match parts {
            [false, false, false] => [true; 3],
            [surgery, postoperative, preoperative] => {
                [surgery, postoperative, surgery || preoperative]
            }
        };
        let days = global.indicator.days();
        Some(Self {
            seen,
            global,
            before: preoperative && days == 90,
            day: surgery || preoperative,
            after: if postoperative { days } else { 0 },
        })
    }

    /// First and last day of the package.
    pub(super) fn days(&self) -> (ServiceDate, ServiceDate) {
        let dates = self.seen.line.dates;
        let first = match (self.before, self.day) {
            (true, _) => dates.from().before(),
            (false, true) => Some(dates.from()),
            (false, false) => dates.through().plus_days(1),
        };
        let last = dates.through().plus_days(self.after);
        (first.unwrap_or(dates.from()), last.unwrap_or(dates.through()))
    }

    /// Where a service of `dates` lies within the package: up to three places for one of several days,
    /// the day itself first.
    pub(super) fn relations(&self, service: Service, dates: DateRange) -> [Option<Relation>; 3] {
        let own = self.seen.line.dates;
        let is_visit = service == Service::Visit;
        // Several procedures of one day are not the package's business.
        let same = is_visit && self.day && own.intersect(dates).is_some();
        let before = own.from().before().filter(|_| is_visit && self.before);
        let before = before.is_some_and(|day| dates.intersect(DateRange::day(day)).is_some());
        let first_after = own.through().days_until(dates.from()).max(1);
        let last = own.through().days_until(dates.through());
        let after = first_after <= self.after && first_after <= last;
        [
            same.then_some(Relation::SameDay),
            before.then_some(Relation::DayBefore),
            after.then_some(Relation::After(first_after)),
        ]
    }
}

/// The modifiers that take a service out of a package, each where it applies.
pub(super) struct Lifts {
    /// A visit on the day of a surgery of 0 or 10 days.
    pub(super) same_day: Vec<Modifier>,
    /// A visit on the day of a surgery of 90 days, or the day before.
    pub(super) decision: Vec<Modifier>,
    /// A visit behind it.
    pub(super) postoperative_visit: Vec<Modifier>,
    /// A procedure behind it.
    pub(super) postoperative_procedure: Vec<Modifier>,
}

impl Lifts {
    /// The modifiers that lift there, in one or two lists.
    pub(super) fn at(
        &self,
        service: Service,
        relation: Relation,
        global: Global,
    ) -> [&[Modifier]; 2] {
        match (service, relation, global.indicator) {
            (Service::Procedure(_), ..) => [&self.postoperative_procedure, &[]],
            (Service::Visit, Relation::After(_), _) => [&self.postoperative_visit, &[]],
            (Service::Visit, Relation::DayBefore, Indicator::Days(_)) => [&self.decision, &[]],
            (Service::Visit, Relation::SameDay, Indicator::Days(90)) => [&self.decision, &[]],
            (Service::Visit, Relation::SameDay, Indicator::Days(_)) => [&self.same_day, &[]],
            // Where the contractor decides how long, each of them may be meant.
            (Service::Visit, ..) => [&self.decision, &self.same_day],
        }
    }

    /// Whether a visit carries enough of them to be outside of every package.
    pub(super) fn free(&self, seen: Seen<'_>) -> bool {
        let has = |list: &[Modifier]| seen.line.modifiers.iter().any(|own| list.contains(&own));
        has(&self.same_day) && has(&self.decision) && has(&self.postoperative_visit)
    }
}

/// `24`, or `58, 78 or 79`; `none` of no modifier.
pub(super) fn listed(lists: [&[Modifier]; 2]) -> String {
    let names: Vec<String> =
        lists.iter().flat_map(|list| list.iter()).map(Modifier::to_string).collect();
    match names.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
    }
}
