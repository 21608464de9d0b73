//! What remittance advice says of findings.

use cleanbill_model::{Carc, GroupCode, InputError, Money, Outcome, Rarc, RemittanceAccounting};

use crate::amount::Cents;
use crate::diff::LineSum;
use crate::summary::FileSummary;

/// What payers answered, held against what the rules had said.
#[derive(Clone, Debug, Default)]
pub struct LearnResult {
    /// Whether the claims themselves were read: then it is known which were checked, and all their lines.
    /// Findings alone name only claims with findings.
    pub knows_claims: bool,
    /// Claims that were checked.
    pub claims: u64,
    /// Files of claims or findings.
    pub checked_files: Vec<FileSummary>,
    /// Files of remittance advice.
    pub remit_files: Vec<RemitFileSummary>,
    /// All remittance advice together.
    pub remits: RemittanceAccounting,
    /// Places of any input that could not be read or trusted.
    pub input_errors: u64,
    /// The first thousand of them.
    pub problems: Vec<LearnProblem>,
    /// Claims whose number an earlier claim had: the later one stands.
    pub repeated_claims: u64,
    /// Claims left out because an edit could not run on them.
    pub faulted_claims: u64,
    /// Remitted claims that were not among those checked.
    pub claims_not_checked: u64,
    /// Remitted claims without an answer: sent on to another payer, or priced before the service.
    pub claims_without_answer: u64,
    /// Remitted lines of checked claims that could not be told apart, and how many of them were denied.
    pub lines_not_matched: u64,
    /// Of these, denied.
    pub denials_not_matched: u64,
    /// Rule by rule: those that fired first, then by name.
    pub rules: Vec<LearnRule>,
    /// All rules that fired, each line once.
    pub total: Fates,
    /// Denied lines of checked claims.
    pub denied: LineSum,
    /// Of these, lines on which a rule had fired.
    pub foreseen: LineSum,
    /// Denials on lines of checked claims on which no rule said anything, dearest first.
    pub unseen: Denials,
    /// Denials of claims that were not checked, dearest first. Without the claims they cannot be told
    /// from the others.
    pub not_checked: Denials,
    /// How it ends.
    pub exit_code: u8,
}

/// A file of remittance advice.
#[derive(Clone, Debug)]
pub struct RemitFileSummary {
    /// Its name, as [`crate::input_name`] shows it.
    pub file: String,
    /// Claims, amounts and bytes.
    pub accounting: RemittanceAccounting,
    /// Places that could not be read or trusted.
    pub input_errors: u64,
}

/// Something of an input that could not be read or trusted.
#[derive(Clone, Debug)]
pub struct LearnProblem {
    /// The input.
    pub file: String,
    /// What is wrong, and where.
    pub error: InputError,
}

/// What became of the findings of one rule with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnRule {
    /// The rule.
    pub rule: String,
    /// Pack or plugin that brought it.
    pub pack: String,
    /// Whether it fired, could not tell, or was waived.
    pub outcome: Outcome,
    /// What became of them.
    pub fates: Fates,
    /// A few lines that were paid all the same, in the order of the claims.
    pub paid_samples: Vec<LearnSample>,
}

/// What became of findings. Every finding is in exactly one of the fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    /// Denied with the adjustment reason that the rule names.
    pub as_predicted: LineSum,
    /// Denied for another reason.
    pub otherwise: LineSum,
    /// Paid, or owed by the patient.
    pub paid: LineSum,
    /// The claim was remitted, but it cannot be told what was said of the line.
    pub not_matched: LineSum,
    /// No answer yet, or one that was taken back.
    pub open: LineSum,
}

impl Fates {
    /// All findings.
    #[must_use]
    pub fn all(&self) -> LineSum {
        let Self { as_predicted, otherwise, paid, not_matched, open } = *self;
        [as_predicted, otherwise, paid, not_matched, open]
            .into_iter()
            .fold(LineSum::default(), LineSum::plus)
    }

    /// Findings with an answer.
    #[must_use]
    pub fn answered(&self) -> LineSum {
        self.denied().plus(self.paid)
    }

    /// Findings whose line was denied for whatever reason.
    #[must_use]
    pub fn denied(&self) -> LineSum {
        self.as_predicted.plus(self.otherwise)
    }
}

/// Denials by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Denials {
    /// Reason by reason, dearest first. A line that was denied for two reasons is in both rows.
    pub rows: Vec<DenialRow>,
    /// All lines, each once, and their charges.
    pub total: LineSum,
}

/// Denials for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenialRow {
    /// Who bears it.
    pub group: GroupCode,
    /// Why.
    pub carc: Carc,
    /// Remarks of the line, sorted.
    pub rarc: Vec<Rarc>,
    /// Lines, and what was denied on them for this reason.
    pub denied: LineSum,
    /// A few of them, in the order of the claims.
    pub samples: Vec<LearnSample>,
}

/// A line to look at. It holds nothing that identifies a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearnSample {
    /// The claim's control number.
    pub claim: String,
    /// The line's number; `None` for the claim as a whole.
    pub line: Option<u32>,
}

/// `part` of `whole` in ten-thousandths, rounded half up; `None` of nothing.
#[must_use]
pub fn share(part: u64, whole: u64) -> Option<u64> {
    let (part, whole) = (u128::from(part), u128::from(whole));
    let rounded = (part * 20_000 + whole).checked_div(whole * 2)?;
    u64::try_from(rounded).ok()
}

impl LineSum {
    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            lines: self.lines.saturating_add(other.lines),
            charge: Cents(self.charge.0.saturating_add(other.charge.0)),
        }
    }

    /// One more line.
    pub fn add(&mut self, charge: Money) {
        *self = self.plus(Self { lines: 1, charge: Cents(charge.cents().into()) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up_and_of_nothing_there_is_none() {
        assert_eq!(share(2, 3), Some(6667));
        assert_eq!(share(1, 3), Some(3333));
        assert_eq!(share(1, 20_000), Some(1));
        assert_eq!(share(5, 5), Some(10_000));
        assert_eq!(share(0, 0), None);
    }
}
