//! Example payer plugin: Northwind Health, a payer that does not exist.
//!
//! Its one rule: on a venous or dialysis access duplex study, modifier 59 alone does not say that the
//! study was of a separate extremity; the payer wants XS (separate structure).

#![forbid(unsafe_code)]

use cleanbill_plugin_sdk::{ClaimView, Field, Findings, Plugin, Rule, export_plugin};

/// `northwind/xs-not-59`, the first rule of the manifest.
const XS_NOT_59: Rule = Rule::at(0);

/// Venous studies (93970, 93971) and studies of a dialysis access (93985, 93986, 93990).
const DUPLEX_STUDIES: [&str; 5] = ["93970", "93971", "93985", "93986", "93990"];

/// The rules of Northwind Health.
#[derive(Default)]
pub struct NorthwindHealth;

impl Plugin for NorthwindHealth {
    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        for line in claim.lines() {
            if DUPLEX_STUDIES.contains(&line.code())
                && line.has_modifier("59")
                && !line.has_modifier("XS")
            {
                out.find(XS_NOT_59).on(line).field(Field::Modifiers).emit();
            }
        }
    }
}

export_plugin!(NorthwindHealth, include_str!("../plugin.json"));

#[cfg(test)]
mod tests {
    use cleanbill_plugin_sdk::testing::{PluginTest, TestClaim, TestLine};

    use super::NorthwindHealth;

    /// Places of the lines that the rule returns to the provider.
    fn returned(lines: &[&str]) -> Vec<Option<u32>> {
        let claim = lines
            .iter()
            .fold(TestClaim::new("NORTHWIND"), |claim, line| claim.line(TestLine::new(line)));
        let found = PluginTest::<NorthwindHealth>::new().check(&claim).unwrap();
        assert!(found.iter().all(|finding| finding.rule == 0 && finding.field == "modifiers"));
        found.into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_study_with_59_alone_is_returned() {
        assert_eq!(returned(&["93986-RT", "93970-59"]), [Some(2)]);
        assert_eq!(returned(&["93971-LT-59", "93990-59"]), [Some(1), Some(2)]);
    }

    #[test]
    fn xs_is_taken_with_or_without_59() {
        assert_eq!(returned(&["93986-RT", "93970-XS"]), []);
        assert_eq!(returned(&["93970-59-XS"]), []);
    }

    #[test]
    fn other_codes_and_other_modifiers_are_left_alone() {
        assert_eq!(returned(&["93970-LT", "93922-59", "99213-25"]), []);
        assert_eq!(returned(&[]), []);
    }
}
