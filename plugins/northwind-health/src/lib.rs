//! Example payer plugin: Northwind Health, a payer that does not exist.
//!
//! Its one rule: on a venous or dialysis access duplex study, modifier 59 alone does not say that the
//! study was of a separate extremity; the payer wants XS (separate structure). A pack's rule that uses it
//! as a check may name other modifiers.

#![forbid(unsafe_code)]

use cleanbill_plugin_sdk::{
    ClaimView, ConfigError, Field, Findings, Plugin, export_plugin, include_manifest, rule,
};

include_manifest!();

/// Venous studies (93970, 93971) and studies of a dialysis access (93985, 93986, 93990).
const DUPLEX_STUDIES: [&str; 5] = ["93970", "93971", "93985", "93986", "93990"];

/// The rules of Northwind Health.
pub struct NorthwindHealth(Config);

impl Plugin for NorthwindHealth {
    type Config = Config;

    fn create(config: Config) -> Result<Self, ConfigError> {
        let is_modifier = |text: &String| text.len() == 2 && text.is_ascii();
        if config.accepted.is_empty() || !config.accepted.iter().all(is_modifier) {
            return Err(ConfigError::new("`accepted` must name modifiers, such as XS"));
        }
        Ok(Self(config))
    }

    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        let accepted = &self.0.accepted;
        for line in claim.lines() {
            if DUPLEX_STUDIES.contains(&line.code())
                && line.has_modifier("59")
                && !accepted.iter().any(|modifier| line.has_modifier(modifier))
            {
                let words = accepted.join(" or ");
                out.find(rule!(XS_NOT_59))
                    .on(line)
                    .field(Field::Modifiers)
                    .arg("accepted", words)
                    .emit();
            }
        }
    }
}

export_plugin!(NorthwindHealth);

#[cfg(test)]
mod tests {
    use cleanbill_plugin_sdk::rule;
    use cleanbill_plugin_sdk::testing::{Failure, PluginTest, TestClaim, TestLine};

    use super::NorthwindHealth;

    /// Places of the lines that the rule returns to the provider.
    fn returned(lines: &[&str]) -> Vec<Option<u32>> {
        let claim = lines
            .iter()
            .fold(TestClaim::new("NORTHWIND"), |claim, line| claim.line(TestLine::new(line)));
        let found = PluginTest::<NorthwindHealth>::new().check(&claim).unwrap();
        assert!(
            found
                .iter()
                .all(|finding| finding.is_of(rule!(XS_NOT_59)) && finding.field == "modifiers")
        );
        assert!(found.iter().all(|finding| finding.args == [("accepted".into(), "XS".into())]));
        found.into_iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn the_examples_hold() {
        PluginTest::<NorthwindHealth>::new().examples().unwrap();
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

    #[test]
    fn a_pack_says_which_modifiers_state_another_extremity() {
        let test = PluginTest::<NorthwindHealth>::new().configured(r#"{"accepted":["XE","XU"]}"#);
        let claim = TestClaim::new("NORTHWIND")
            .line(TestLine::new("93970-59-XS"))
            .line(TestLine::new("93970-59-XU"));
        let found = test.check(&claim).unwrap();
        assert_eq!((found.len(), found[0].line), (1, Some(1)));
        assert_eq!(found[0].args, [("accepted".to_owned(), "XE or XU".to_owned())]);
        for json in [r#"{"accepted":[]}"#, r#"{"accepted":["XSU"]}"#] {
            let told = "`accepted` must name modifiers, such as XS".to_owned();
            let refused = PluginTest::<NorthwindHealth>::new().configured(json).check(&claim);
            assert_eq!(refused, Err(Failure::Config(told)));
        }
    }
}
