//! Words and numbers that the formats share.

use super::result::{DenialRow, Fates, LearnResult, LearnSample, share};
use crate::dollars::many;

/// `0.6667`: findings denied with the reason that the rule names, of those with an answer.
pub(super) fn precision(fates: &Fates) -> Option<String> {
    share(fates.as_predicted.lines, fates.answered().lines).map(decimal)
}

/// `0.8333`: findings denied for whatever reason, of those with an answer.
pub(super) fn denied_share(fates: &Fates) -> Option<String> {
    share(fates.denied().lines, fates.answered().lines).map(decimal)
}

/// `0.7500`: denied lines on which a rule had fired, of all denied lines of checked claims.
pub(super) fn foreseen_share(result: &LearnResult) -> Option<String> {
    share(result.foreseen.lines, result.denied.lines).map(decimal)
}

fn decimal(share: u64) -> String {
    format!("{}.{:04}", share / 10_000, share % 10_000)
}

/// `66.7 %`; a dash where nothing is to be divided.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let tenths = share(part, whole).map(|share| (share + 5) / 10);
    tenths.map_or_else(|| "-".to_owned(), |tenths| format!("{}.{} %", tenths / 10, tenths % 10))
}

/// `CO-236 N20`.
pub(super) fn reason(row: &DenialRow) -> String {
    let mut text = format!("{}-{}", row.group.as_str(), row.carc);
    for remark in &row.rarc {
        text.push(' ');
        text.push_str(remark.as_str());
    }
    text
}

/// `PCN1 line 2, PCN7`.
pub(super) fn samples(samples: &[LearnSample]) -> String {
    let one = |sample: &LearnSample| match sample.line {
        Some(line) => format!("{} line {line}", sample.claim),
        None => sample.claim.clone(),
    };
    samples.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What keeps the numbers from being the whole truth, one sentence each.
pub(super) fn doubts(result: &LearnResult) -> Vec<String> {
    let mut doubts = Vec::new();
    let mut doubt = |count: u64, what: &str, words: &str| {
        if count > 0 {
            doubts.push(format!("{}{words}", many(count, what)));
        }
    };
    doubt(result.input_errors, "place", " of the input could not be read or trusted");
    doubt(result.faulted_claims, "claim", ": an edit could not run, so findings may be missing");
    doubt(
        result.repeated_claims,
        "claim",
        " with the number of an earlier one, whose place it takes",
    );
    doubt(result.lines_not_matched, "remitted line", " of checked claims could not be told apart");
    doubt(result.denials_not_matched, "denial", " among these lines, in no table");
    doubt(result.claims_without_answer, "remitted claim", " sent on or only priced: no answer");
    let not_checked = if result.knows_claims {
        ", not among those checked"
    } else {
        " without a finding; whether they were checked is not known without --claims"
    };
    doubt(result.claims_not_checked, "remitted claim", not_checked);
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_exactly() {
        assert_eq!(
            (percent(2, 3), percent(0, 0), percent(4, 4)),
            ("66.7 %".into(), "-".into(), "100.0 %".into())
        );
        assert_eq!(decimal(6667), "0.6667");
        assert_eq!(decimal(10_000), "1.0000");
    }
}
