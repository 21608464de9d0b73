//! Charges at risk by rule, payer, provider and week: sums of the whole run, drawn as bars.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use cleanbill_model::{Claim, Finding, ServiceDate};

use crate::amount::Cents;
use crate::at_risk::{charge_at_risk, is_at_risk};
use crate::dollars::{dollars, grouped};
use crate::markup::safe;

/// Bars of a chart; what is behind them is one bar more.
const BARS: usize = 12;
/// Weeks of a chart, the latest ones: a quarter.
const WEEKS: usize = 13;
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
struct Bar {
    name: String,
    cents: i128,
    /// A rest of many has no bar: it would make all others look small.
    is_rest: bool,
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

    /// Writes the charts as tables whose bars are drawn: nothing is told by colour or length alone.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "<section class=\"charts\" aria-label=\"Charge at risk\">")?;
        chart(out, "by rule", "Rule", &self.rules.bars())?;
        chart(out, "by payer", "Payer", &self.payers.bars())?;
        chart(out, "by billing provider", "NPI", &self.providers.bars())?;
        chart(out, "by week of service", "Week of", &self.week_bars())?;
        writeln!(out, "</section>")
    }

    fn week_bars(&self) -> Vec<Bar> {
        let behind = self.weeks.len().saturating_sub(WEEKS);
        let earlier: i128 = self.weeks.values().take(behind).sum();
        let earlier = (behind > 0).then(|| Bar::rest("earlier".to_owned(), earlier));
        let latest =
            self.weeks.iter().skip(behind).map(|(day, sum)| Bar::new(&day.to_string(), *sum));
        earlier.into_iter().chain(latest).collect()
    }
}

fn chart(out: &mut dyn Write, title: &str, heading: &str, bars: &[Bar]) -> io::Result<()> {
    writeln!(out, "<table class=\"chart\">\n<caption>Charge at risk {title}</caption>")?;
    writeln!(
        out,
        "<thead><tr><th scope=\"col\">{heading}</th><td></td><th scope=\"col\" class=\"number\">\
         Charge</th></tr></thead>\n<tbody>"
    )?;
    let drawn = bars.iter().filter(|bar| !bar.is_rest);
    let longest = drawn.map(|bar| bar.cents).max().unwrap_or_default().max(1);
    for Bar { name, cents, is_rest } in bars {
        let class = if *is_rest { " class=\"quiet\"" } else { "" };
        write!(out, "<tr{class}><th scope=\"row\">{}</th><td>", safe(name))?;
        if !is_rest {
            let width = (cents.saturating_mul(1000) / longest).clamp(0, 1000);
            write!(
                out,
                "<svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
                 <rect width=\"{width}\" height=\"10\"/></svg>"
            )?;
        }
        writeln!(out, "</td><td class=\"number\">{}</td></tr>", dollars(Cents(*cents)))?;
    }
    if bars.is_empty() {
        writeln!(out, "<tr><td colspan=\"3\">Nothing is at risk.</td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")
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
        assert_eq!(charts.week_bars(), [Bar::new("2026-03-02", 57_650)]);
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
