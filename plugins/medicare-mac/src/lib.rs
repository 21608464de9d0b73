//! Example plugin: local policies of two Medicare contractors. Contractors and policies are invented.
//!
//! Medicare is one payer with many contractors, and each says for its region which diagnoses support a study
//! and which modifiers it wants. The contractor is known by the payer's identifier on the claim.

#![forbid(unsafe_code)]

use cleanbill_plugin_sdk::{
    ClaimView, ConfigError, Field, Findings, LineView, Plugin, export_plugin, include_manifest,
    rule,
};

include_manifest!();

/// A contractor and what it says.
struct Contractor {
    payer_id: &'static str,
    policies: &'static [Policy],
    /// Studies of one side, which must name it.
    one_sided: &'static [&'static str],
}

/// A local coverage policy.
struct Policy {
    number: &'static str,
    codes: &'static [&'static str],
    /// Beginnings of the diagnoses that it covers, without decimal point.
    diagnoses: &'static [&'static str],
}

const EAST: Contractor = Contractor {
    payer_id: "MAC-EAST",
    policies: &[
        Policy {
            number: "LX-1001",
            codes: &["93970", "93971"],
            diagnoses: &["I80", "I82", "I87", "M796", "R600"],
        },
        Policy {
            number: "LX-1002",
            codes: &["93985", "93986", "93990"],
            diagnoses: &["N185", "N186", "T8281", "T8285", "T8286"],
        },
    ],
    one_sided: &[],
};

const WEST: Contractor = Contractor {
    payer_id: "MAC-WEST",
    policies: &[Policy {
        number: "LX-2001",
        codes: &["93985", "93986"],
        diagnoses: &["N184", "N185", "N186"],
    }],
    one_sided: &["93971", "93986"],
};

const CONTRACTORS: [Contractor; 2] = [EAST, WEST];

/// With these the provider has said that no coverage is expected, and why.
const NOT_EXPECTED: [&str; 4] = ["GA", "GX", "GY", "GZ"];

/// The policies of the contractors.
pub struct MedicareMac {
    sides: Vec<String>,
}

impl Plugin for MedicareMac {
    type Config = Config;

    fn create(config: Config) -> Result<Self, ConfigError> {
        if config.sides.is_empty() {
            return Err(ConfigError::new("`sides` must name a modifier, such as LT"));
        }
        Ok(Self { sides: config.sides })
    }

    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        let named = CONTRACTORS.iter().find(|mac| mac.payer_id == claim.payer_id());
        let Some(contractor) = named else { return };
        for line in claim.lines() {
            if let Some(policy) = contractor.against(line) {
                out.find(rule!(LOCAL_COVERAGE))
                    .on(line)
                    .field(Field::Diagnosis)
                    .arg("policy", policy)
                    .emit();
            }
            if contractor.one_sided.contains(&line.code())
                && !self.sides.iter().any(|side| line.has_modifier(side))
            {
                out.find(rule!(SIDE_REQUIRED)).on(line).field(Field::Modifiers).emit();
            }
        }
    }
}

impl Contractor {
    /// The number of the policy that `line` falls under and that none of its diagnoses is in.
    fn against(&self, line: LineView<'_>) -> Option<&'static str> {
        let policy = self.policies.iter().find(|policy| policy.codes.contains(&line.code()))?;
        let covers =
            |diagnosis: &str| policy.diagnoses.iter().any(|own| diagnosis.starts_with(own));
        let settled = line.diagnoses().any(covers) || line.modifiers().any(is_not_expected);
        (!settled).then_some(policy.number)
    }
}

fn is_not_expected(modifier: &str) -> bool {
    NOT_EXPECTED.contains(&modifier)
}

export_plugin!(MedicareMac);

#[cfg(test)]
mod tests {
    use cleanbill_plugin_sdk::rule;
    use cleanbill_plugin_sdk::testing::{Failure, PluginTest, TestClaim, TestLine};

    use super::MedicareMac;

    /// Rule and line of each finding on a claim to `payer` whose diagnoses all lines point to.
    fn found(payer: &str, diagnoses: &[&str], lines: &[&str]) -> Vec<(bool, Option<u32>)> {
        let claim =
            diagnoses.iter().fold(TestClaim::new(payer), |claim, code| claim.diagnosis(code));
        let pointers: Vec<u8> = (1..).take(diagnoses.len()).collect();
        let claim = lines
            .iter()
            .fold(claim, |claim, line| claim.line(TestLine::new(line).pointers(&pointers)));
        let found = PluginTest::<MedicareMac>::new().check(&claim).unwrap();
        found.iter().map(|found| (found.is_of(rule!(LOCAL_COVERAGE)), found.line)).collect()
    }

    #[test]
    fn the_examples_hold() {
        PluginTest::<MedicareMac>::new().examples().unwrap();
    }

    #[test]
    fn each_contractor_has_policies_of_its_own() {
        assert_eq!(found("MAC-EAST", &["Z0000"], &["93970"]), [(true, Some(1))]);
        assert_eq!(found("MAC-WEST", &["Z0000"], &["93970"]), []);
        assert_eq!(found("MEDICARE_B", &["Z0000"], &["93970"]), []);
        assert_eq!(found("MAC-EAST", &["N184"], &["93986-LT"]), [(true, Some(1))]);
        assert_eq!(found("MAC-WEST", &["N184"], &["93986-LT"]), []);
    }

    #[test]
    fn one_covered_diagnosis_or_a_notice_to_the_patient_is_enough() {
        assert_eq!(found("MAC-EAST", &["Z0000", "I82401"], &["93970"]), []);
        assert_eq!(found("MAC-EAST", &["Z0000"], &["93970-GA", "93971-GZ"]), []);
        // A diagnosis of the claim that the line does not point to supports nothing.
        let claim = TestClaim::new("MAC-EAST").diagnosis("I82401").line(TestLine::new("93970"));
        assert_eq!(PluginTest::<MedicareMac>::new().check(&claim).unwrap().len(), 1);
    }

    #[test]
    fn the_west_wants_a_side() {
        assert_eq!(found("MAC-WEST", &["N186"], &["93971", "93971-RT"]), [(false, Some(1))]);
        assert_eq!(found("MAC-EAST", &["I82401"], &["93971"]), []);
        let refused = PluginTest::<MedicareMac>::new().configured(r#"{"sides":[]}"#);
        let told = "`sides` must name a modifier, such as LT".to_owned();
        assert_eq!(refused.check(&TestClaim::new("MAC-WEST")), Err(Failure::Config(told)));
    }
}
