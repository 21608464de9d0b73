//! Remittance codes that their list has ended, in rules that go on.

use cleanbill_model::{Period, ServiceDate};

use super::{Lint, Warning};
use crate::check::Pack;

/// Claim adjustment reason codes with the day on which they ended.
///
/// Source: X12 external code list 139, edition of 2024-06. Ends of remark codes (RARC) are not at hand.
const RETIRED: [(&str, &str); 2] = [("15", "2018-05-01"), ("125", "2013-11-01")];

pub(super) fn check(pack: &Pack, found: &mut Vec<Warning>) {
    for rule in &pack.outline.rules {
        let Some(remit) = &rule.info.remit else { continue };
        let carc = remit.carc.as_str();
        let Some(end) = ended(carc, rule.info.effective) else { continue };
        found.push(Warning {
            lint: Lint::RetiredRemit,
            rule: Some(rule.id.clone()),
            place: rule.carc.clone(),
            message: format!(
                "CARC {carc} of `{}` ended on {end}, and the rule goes on ({})",
                rule.id, rule.info.effective
            ),
            others: Vec::new(),
            help: format!(
                "give the code that is in force, or let the rule end with `effective: {{ through: {end} }}`"
            ),
        });
    }
}

/// The day on which a CARC ended, if a rule with this period goes on after it.
fn ended(carc: &str, rule: Period) -> Option<ServiceDate> {
    let (_, end) = RETIRED.iter().find(|(code, _)| *code == carc)?;
    let end = ServiceDate::parse_iso(end.as_bytes()).ok()?;
    rule.through.is_none_or(|through| through > end).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_may_last_as_long_as_its_code_and_no_day_longer() {
        let day = |text: &str| Some(ServiceDate::parse_iso(text.as_bytes()).unwrap());
        let through = |text: &str| Period { from: None, through: day(text) };
        for (code, last, after) in
            [("15", "2018-05-01", "2018-05-02"), ("125", "2013-11-01", "2013-11-02")]
        {
            assert_eq!(ended(code, through(last)), None, "{code}");
            assert_eq!(ended(code, through(after)), day(last), "{code}");
            assert_eq!(ended(code, Period::ALWAYS), day(last), "{code}");
        }
        assert_eq!(ended("236", Period::ALWAYS), None);
    }
}
