//! Example plugin: where a commercial payer wants surgery to be done. Payer and policy are invented.
//!
//! Surgery on the list that is done in a hospital needs a prior authorization, unless the patient is a child.
//! An authorization must be one of the payer's.

#![forbid(unsafe_code)]

use cleanbill_plugin_sdk::{
    ClaimView, ConfigError, Date, Field, Findings, LineView, Plugin, export_plugin,
    include_manifest, rule,
};

include_manifest!();

/// Digits behind the letters of an authorization.
const DIGITS: usize = 8;

/// The policy of Lakeside Health.
pub struct SiteOfService(Config);

impl Plugin for SiteOfService {
    type Config = Config;

    fn create(config: Config) -> Result<Self, ConfigError> {
        if config.procedures.is_empty() || config.hospital_places.is_empty() {
            return Err(ConfigError::new("`procedures` and `hospital_places` must not be empty"));
        }
        if !(0..=120).contains(&config.adult_from_years) {
            return Err(ConfigError::new("`adult_from_years` must be from 0 to 120"));
        }
        Ok(Self(config))
    }

    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        for line in claim.lines().filter(|line| self.is_listed_in_hospital(*line)) {
            let birth = claim.patient_birth_date();
            if birth.is_some_and(|birth| self.is_child(birth, line.from())) {
                continue;
            }
            if line.authorization().is_empty() {
                out.find(rule!(NO_AUTHORIZATION))
                    .on(line)
                    .field(Field::PlaceOfService)
                    .arg("place", line.place_of_service())
                    .emit();
            } else if !self.is_ours(line.authorization()) {
                // The number itself is the patient's: it goes into no text.
                out.find(rule!(AUTHORIZATION_NUMBER)).on(line).emit();
            }
        }
    }
}

impl SiteOfService {
    fn is_listed_in_hospital(&self, line: LineView<'_>) -> bool {
        let holds = |list: &[String], code: &str| list.iter().any(|own| own == code);
        holds(&self.0.procedures, line.code())
            && holds(&self.0.hospital_places, line.place_of_service())
    }

    /// Whether someone born on `birth` is too young on `day` for the policy.
    fn is_child(&self, birth: Date, day: Date) -> bool {
        let had_no_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
        let years = day.year().saturating_sub(birth.year()).saturating_sub(had_no_birthday.into());
        i64::from(years) < self.0.adult_from_years
    }

    fn is_ours(&self, number: &str) -> bool {
        let digits = number.strip_prefix(&*self.0.number_prefix);
        digits.is_some_and(|digits| {
            digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    }
}

export_plugin!(SiteOfService);

#[cfg(test)]
mod tests {
    use cleanbill_plugin_sdk::rule;
    use cleanbill_plugin_sdk::testing::{Failure, PluginTest, TestClaim, TestLine};

    use super::SiteOfService;

    fn claim() -> TestClaim {
        TestClaim::new("LAKESIDE").birth_date(19_800_602)
    }

    fn surgery(place: &str) -> TestLine {
        TestLine::new("29881-LT").on(20_260_602).place_of_service(place)
    }

    /// How many findings of the first and of the second rule.
    fn found(claim: &TestClaim) -> (usize, usize) {
        let found = PluginTest::<SiteOfService>::new().check(claim).unwrap();
        let first = found.iter().filter(|found| found.is_of(rule!(NO_AUTHORIZATION))).count();
        (first, found.len() - first)
    }

    #[test]
    fn the_examples_hold() {
        PluginTest::<SiteOfService>::new().examples().unwrap();
    }

    #[test]
    fn a_hospital_needs_an_authorization_and_a_surgery_center_does_not() {
        for (place, expected) in [("22", 1), ("19", 1), ("24", 0), ("11", 0)] {
            assert_eq!(found(&claim().line(surgery(place))), (expected, 0), "{place}");
        }
        let other = TestLine::new("99213").place_of_service("22");
        assert_eq!(found(&claim().line(other)), (0, 0));
    }

    #[test]
    fn the_number_of_the_claim_or_of_the_line_must_be_the_payers() {
        for (number, expected) in
            [("LH12345678", 0), ("LH1234567", 1), ("12345678", 1), ("LH1234567X", 1)]
        {
            let on_claim = claim().authorization(number).line(surgery("22"));
            let on_line = claim().line(surgery("22").authorization(number));
            assert_eq!((found(&on_claim), found(&on_line)), ((0, expected), (0, expected)));
        }
    }

    #[test]
    fn a_child_may_be_treated_in_a_hospital_until_the_birthday() {
        for (birth, expected) in [(20_080_603, 0), (20_080_602, 1), (20_200_101, 0), (0, 1)] {
            let claim = TestClaim::new("LAKESIDE").birth_date(birth).line(surgery("22"));
            assert_eq!(found(&claim), (expected, 0), "{birth}");
        }
    }

    #[test]
    fn a_pack_may_name_other_procedures_and_no_empty_list() {
        let listed = PluginTest::<SiteOfService>::new().configured(r#"{"procedures":["99213"]}"#);
        let claim = claim().line(TestLine::new("99213").place_of_service("22"));
        assert_eq!(listed.check(&claim).unwrap().len(), 1);
        let refused = PluginTest::<SiteOfService>::new().configured(r#"{"procedures":[]}"#);
        let told = "`procedures` and `hospital_places` must not be empty".to_owned();
        assert_eq!(refused.check(&claim), Err(Failure::Config(told)));
    }
}
