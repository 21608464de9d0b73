//! On which days each code is in some pair at all, in either column: what a line is asked before anything
//! else is known of the claims that it may be paired with.

use cleanbill_model::{ClaimType, Period, ProcedureCode, ServiceDate};
use rustc_hash::FxHashMap;

use crate::table::Setting;

/// Periods of which none lies within another of the same setting, by code.
#[derive(Debug, Default)]
pub(super) struct PairedDays(FxHashMap<ProcedureCode, Vec<(Setting, Period)>>);

impl PairedDays {
    /// The code is in a pair that is in force then.
    pub(super) fn add(&mut self, code: ProcedureCode, setting: Setting, period: Period) {
        let known = self.0.entry(code).or_default();
        // Most pairs of a code are in force since the same day, and without an end.
        if known.iter().any(|(of, whole)| *of == setting && holds(*whole, period)) {
            return;
        }
        known.retain(|(of, part)| *of != setting || !holds(period, *part));
        known.push((setting, period));
    }

    /// Whether the code is in a pair in force on `day`, for claims of that type.
    pub(super) fn contain(&self, code: ProcedureCode, claim: ClaimType, day: ServiceDate) -> bool {
        let known = self.0.get(&code).into_iter().flatten();
        known.into_iter().any(|(setting, period)| setting.is_for(claim) && period.contains(day))
    }
}

/// Whether every day of `part` is one of `whole`.
fn holds(whole: Period, part: Period) -> bool {
    let begins = whole.from.is_none_or(|first| part.from.is_some_and(|from| first <= from));
    begins && whole.through.is_none_or(|last| part.through.is_some_and(|through| through <= last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> ServiceDate {
        ServiceDate::parse_iso(text.as_bytes()).unwrap()
    }

    fn period(from: &str, through: &str) -> Period {
        let side = |text: &str| (!text.is_empty()).then(|| day(text));
        Period { from: side(from), through: side(through) }
    }

    #[test]
    fn days_of_all_pairs_count_and_those_within_others_are_kept_once() {
        let code = ProcedureCode::new(b"93970").unwrap();
        let mut days = PairedDays::default();
        for (setting, from, through) in [
            (Setting::Practitioner, "2020-01-01", "2020-12-31"),
            (Setting::Practitioner, "2020-06-01", "2020-06-30"),
            (Setting::Hospital, "2021-01-01", ""),
            (Setting::Practitioner, "2019-01-01", "2021-06-30"),
            (Setting::Both, "", "2000-01-01"),
            (Setting::Practitioner, "2021-06-30", "2021-07-01"),
        ] {
            days.add(code, setting, period(from, through));
        }
        assert_eq!(days.0.get(&code).unwrap().len(), 4);
        let on = |claim, text| days.contain(code, claim, day(text));
        let (physician, hospital) = (ClaimType::Professional, ClaimType::Institutional);
        for text in ["1999-01-01", "2019-01-01", "2020-06-15", "2021-06-30", "2021-07-01"] {
            assert!(on(physician, text), "{text}");
        }
        for text in ["2000-01-02", "2018-12-31", "2021-07-02"] {
            assert!(!on(physician, text), "{text}");
        }
        assert!(on(hospital, "2030-01-01") && !on(hospital, "2020-06-15"));
        assert!(!days.contain(ProcedureCode::new(b"93971").unwrap(), physician, day("2020-06-15")));
    }
}
