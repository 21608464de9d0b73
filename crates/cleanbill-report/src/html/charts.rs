//! Charges at risk by rule, payer, provider and week: sums of the whole run, drawn as bars.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use cleanbill_model::{Claim, Finding, ServiceDate};

use crate::at_risk::{charge_at_risk, is_at_risk};
use crate::dollars::grouped;

use super::bars::{self, Filter};
use super::weeks;

/// Bars of a chart; what is behind them is one bar more.
const BARS: usize = 12;
/// Names of a chart that are told apart, so that no input can fill the memory.
const NAMES: usize = 10_000;

/// Charges at risk in cents.
#[derive(Default)]
pub(super) struct Charts {
    rules: Sums,
    payers: Sums,
    providers: Sums,
    weeks: BTreeMap<ServiceDate, i128>,
}

/// A row of a chart.
#[derive(Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) cents: i128,
    /// A rest of many has no bar: it would make all others look small.
    pub(super) is_rest: bool,
}

impl Bar {
    fn new(name: &str, cents: i128) -> Self {
        let name = if name.is_empty() { "(none)" } else { name };
        Self { name: name.to_owned(), cents, is_rest: false }
    }

    const fn rest(name: String, cents: i128) -> Self {
        Self { name, cents, is_rest: true }
    }
}

/// Cents by name.
#[derive(Default)]
struct Sums {
    named: BTreeMap<String, i128>,
    unnamed: i128,
}

impl Sums {
    fn add(&mut self, name: &str, cents: i128) {
        if cents == 0 {
            return;
        }
        if let Some(sum) = self.named.get_mut(name) {
            *sum += cents;
        } else if self.named.len() < NAMES {
            self.named.insert(name.to_owned(), cents);
        } else {
            self.unnamed += cents;
        }
    }

    /// The largest by name, and the sum of all others.
    fn bars(&self) -> Vec<Bar> {
        let mut bars: Vec<(&String, i128)> =
            self.named.iter().map(|(name, sum)| (name, *sum)).collect();
        bars.sort_by(|(a, x), (b, y)| y.cmp(x).then_with(|| a.cmp(b)));
        let behind = bars.get(BARS..).unwrap_or_default();
        let others = behind.iter().map(|(_, sum)| sum).sum::<i128>() + self.unnamed;
        let count = grouped(&behind.len().to_string());
        let more = if self.unnamed == 0 { "" } else { " or more" };
        let others = (others != 0).then(|| Bar::rest(format!("{count}{more} others"), others));
        bars.into_iter().take(BARS).map(|(name, sum)| Bar::new(name, sum)).chain(others).collect()
    }
}

impl Charts {
    /// Takes in a claim with findings. Within a bar each line counts once.
    pub(super) fn add(&mut self, claim: &Claim, findings: &[Finding]) {
        let all = charge_at_risk(claim, findings);
        self.payers.add(claim.payer(), all);
        self.providers.add(&claim.billing.npi.map(|npi| npi.to_string()).unwrap_or_default(), all);
        let rules: BTreeSet<&str> = findings.iter().map(|finding| &*finding.edit.id).collect();
        for rule in rules {
            let of_rule = findings.iter().filter(|finding| finding.edit.id == rule);
            self.rules.add(rule, charge_at_risk(claim, of_rule));
        }
        let first = claim.lines.first().map(|line| line.dates.from().monday());
        let on_claim = findings.iter().any(|f| is_at_risk(f) && f.line.is_none());
        let week = |finding: &Finding| match finding.line.and_then(|line| claim.lines.get(line)) {
            Some(line) if !on_claim => Some(line.dates.from().monday()),
            _ => first,
        };
        let weeks: BTreeSet<ServiceDate> = findings.iter().filter_map(week).collect();
        for monday in weeks {
            let of_week = findings.iter().filter(|finding| week(finding) == Some(monday));
            let cents = charge_at_risk(claim, of_week);
            if cents != 0 {
                *self.weeks.entry(monday).or_default() += cents;
            }
        }
    }

    /// Writes the charts. Nothing is told by colour or length alone: every number is text, too.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(
            out,
            "<section aria-labelledby=\"charts\">\n<h2 id=\"charts\">Charge at risk</h2>"
        )?;
        writeln!(out, "<div class=\"charts\">")?;
        bars::write(out, "by rule", "Rule", Filter::Rule, &self.rules.bars())?;
        bars::write(out, "by payer", "Payer", Filter::Payer, &self.payers.bars())?;
        let providers = self.providers.bars();
        bars::write(out, "by billing provider", "NPI", Filter::Provider, &providers)?;
        weeks::write(out, &self.weeks)?;
        writeln!(out, "</div>\n</section>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_line_counts_once_in_each_bar_and_notes_not_at_all() {
        let claim = sample::claim();
        let findings = [sample::conflict(), sample::undetermined(), sample::waived()];
        let mut charts = Charts::default();
        charts.add(&claim, &findings);
        assert_eq!(charts.payers.bars(), [Bar::new("00882", 57_650)]);
        assert_eq!(charts.providers.bars(), [Bar::new("(none)", 57_650)]);
        let rules = [("93970-access-mapping", 41_200), ("93971-access-mapping", 16_450)];
        assert_eq!(charts.rules.bars(), rules.map(|(rule, cents)| Bar::new(rule, cents)));
        let monday = claim.lines[0].dates.from();
        assert_eq!(charts.weeks, BTreeMap::from([(monday, 57_650)]));
    }

    #[test]
    fn many_names_are_one_bar_and_no_charge_is_lost() {
        let mut sums = Sums::default();
        for number in 0..NAMES + 5 {
            sums.add(&format!("{number:05}"), 100);
        }
        let bars = sums.bars();
        assert_eq!(bars.len(), BARS + 1);
        let total: i128 = bars.iter().map(|bar| bar.cents).sum();
        assert_eq!(total, i128::try_from(NAMES + 5).unwrap() * 100);
        assert_eq!((bars[BARS].name.as_str(), bars[BARS].is_rest), ("9,988 or more others", true));
    }
}
