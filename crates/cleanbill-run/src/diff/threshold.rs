//! `now_hit > 500`: how much of a difference is too much.

use std::fmt;

use cleanbill_report::{Cents, DiffCounts, DiffResult, FailedThreshold};

use crate::error::RunError;

/// A limit on what may differ: `[RULE:] METRIC COMPARISON NUMBER`.
///
/// Metrics count lines (`now_hit`, `no_longer_hit`, `changed`, `undetermined`) or dollars
/// (`charge_now_hit`). Without a rule it looks at all rules together, each line once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Threshold {
    rule: Option<String>,
    metric: Metric,
    comparison: Comparison,
    /// Lines, or cents.
    number: i128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Metric {
    NowHit,
    NoLongerHit,
    Changed,
    Undetermined,
    ChargeNowHit,
}

const METRICS: [(&str, Metric); 5] = [
    ("now_hit", Metric::NowHit),
    ("no_longer_hit", Metric::NoLongerHit),
    ("changed", Metric::Changed),
    ("undetermined", Metric::Undetermined),
    ("charge_now_hit", Metric::ChargeNowHit),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    AtLeast,
    AtMost,
    More,
    Less,
    Equal,
}

/// Longer signs first, since `>` begins `>=`.
const COMPARISONS: [(&str, Comparison); 5] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::More),
    ("<", Comparison::Less),
    ("=", Comparison::Equal),
];

impl Threshold {
    /// Reads a threshold.
    ///
    /// # Errors
    /// [`RunError::BadThreshold`] with what is wrong.
    pub fn parse(text: &str) -> Result<Self, RunError> {
        let bad = |reason: String| RunError::BadThreshold { threshold: text.to_owned(), reason };
        // No metric or number holds a colon, so the last one ends the rule's id.
        let (rule, condition) = match text.rsplit_once(':') {
            Some((rule, condition)) => (Some(rule.trim().to_owned()), condition),
            None => (None, text),
        };
        if rule.as_deref() == Some("") {
            return Err(bad("no rule stands before the colon".to_owned()));
        }
        let found = COMPARISONS.iter().find_map(|(sign, comparison)| {
            let (metric, number) = condition.split_once(sign)?;
            Some((metric.trim(), *comparison, number.trim()))
        });
        let Some((name, comparison, number)) = found else {
            return Err(bad("it has none of `>`, `>=`, `<`, `<=` and `=`".to_owned()));
        };
        let Some((_, metric)) = METRICS.iter().find(|(known, _)| *known == name) else {
            let known = METRICS.map(|(name, _)| name).join("`, `");
            return Err(bad(format!("`{name}` is not one of `{known}`")));
        };
        let read = match metric {
            Metric::ChargeNowHit => cents(number),
            _ => digits(number),
        };
        match read {
            Some(number) => Ok(Self { rule, metric: *metric, comparison, number }),
            None => Err(bad(format!("`{number}` is not a number that it can be compared with"))),
        }
    }

    /// The rule that it looks at.
    pub(super) fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// What was found when the threshold is crossed.
    pub(super) fn check(&self, result: &DiffResult) -> Option<FailedThreshold> {
        let found = match &self.rule {
            None => self.metric.of(&result.total),
            Some(rule) => {
                // Groups of one rule share no line, so that their sums are the rule's.
                let groups = result.groups.iter().filter(|group| group.rule == *rule);
                groups.map(|group| self.metric.of(&group.counts)).sum()
            }
        };
        let is_crossed = match self.comparison {
            Comparison::AtLeast => found >= self.number,
            Comparison::AtMost => found <= self.number,
            Comparison::More => found > self.number,
            Comparison::Less => found < self.number,
            Comparison::Equal => found == self.number,
        };
        is_crossed.then(|| FailedThreshold {
            threshold: self.to_string(),
            found: self.metric.shown(found),
        })
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rule) = &self.rule {
            write!(f, "{rule}: ")?;
        }
        let metric = METRICS.iter().find(|(_, metric)| *metric == self.metric);
        let sign = COMPARISONS.iter().find(|(_, comparison)| *comparison == self.comparison);
        let (metric, sign) = (metric.map_or("", |m| m.0), sign.map_or("", |s| s.0));
        write!(f, "{metric} {sign} {}", self.metric.shown(self.number))
    }
}

impl Metric {
    fn of(self, counts: &DiffCounts) -> i128 {
        match self {
            Self::NowHit => counts.now_hit.lines.into(),
            Self::NoLongerHit => counts.no_longer_hit.lines.into(),
            Self::Changed => counts.changed.lines.into(),
            Self::Undetermined => counts.undetermined_now.lines.into(),
            Self::ChargeNowHit => counts.now_hit.charge.0,
        }
    }

    fn shown(self, number: i128) -> String {
        match self {
            Self::ChargeNowHit => Cents(number).to_string(),
            _ => number.to_string(),
        }
    }
}

/// Up to 18 digits, which always fit.
fn digits(text: &str) -> Option<i128> {
    let is_plain = (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// Dollars with at most two digits behind the point, as cents.
fn cents(text: &str) -> Option<i128> {
    let (dollars, rest) = text.split_once('.').unwrap_or((text, "0"));
    let rest = match rest.len() {
        1 => digits(rest)? * 10,
        2 => digits(rest)?,
        _ => return None,
    };
    Some(digits(dollars)? * 100 + rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cleanbill_report::LineSum;

    fn parse(text: &str) -> Threshold {
        Threshold::parse(text).unwrap()
    }

    #[test]
    fn a_threshold_reads_back_as_it_was_meant() {
        for (text, shown) in [
            ("now_hit > 500", "now_hit > 500"),
            ("VASC-001:no_longer_hit>=1", "VASC-001: no_longer_hit >= 1"),
            ("changed=0", "changed = 0"),
            ("undetermined <= 010", "undetermined <= 10"),
            ("a:b: charge_now_hit > 1000.5", "a:b: charge_now_hit > 1000.50"),
        ] {
            assert_eq!(parse(text).to_string(), shown);
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for (text, reason) in [
            ("now_hit", "it has none of `>`"),
            ("hits > 1", "`hits` is not one of `now_hit`"),
            ("now_hit > many", "`many` is not a number"),
            ("now_hit > 1.5", "`1.5` is not a number"),
            ("charge_now_hit > 1.555", "`1.555` is not a number"),
            ("now_hit > -1", "`-1` is not a number"),
            (": now_hit > 1", "no rule stands before the colon"),
            ("", "it has none of"),
        ] {
            let error = Threshold::parse(text).unwrap_err();
            assert!(error.to_string().contains(reason), "{error}");
            assert_eq!(error.exit_code(), crate::exit_code::REFUSED);
        }
    }

    #[test]
    fn a_threshold_is_crossed_on_its_far_side_alone() {
        let mut result = DiffResult::default();
        result.total.now_hit = LineSum { lines: 10, charge: Cents(100_000) };
        let crossed = |text: &str| parse(text).check(&result).map(|failed| failed.found);
        assert_eq!(crossed("now_hit > 10"), None);
        assert_eq!(crossed("now_hit >= 10").as_deref(), Some("10"));
        assert_eq!(crossed("now_hit < 11").as_deref(), Some("10"));
        assert_eq!(crossed("now_hit = 10").as_deref(), Some("10"));
        assert_eq!(crossed("charge_now_hit > 999.99").as_deref(), Some("1000.00"));
        assert_eq!(crossed("charge_now_hit > 1000"), None);
        assert_eq!(crossed("other: now_hit > 0"), None);
    }
}
