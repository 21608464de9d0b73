//! Adjustment reasons that are no denial, as a table: what a payer writes on lines that it does pay, or
//! that it leaves to the patient or to another payer.
//!
//! Every other reason on a line that is paid nothing is a denial. Meanings in our own words, after the
//! list of claim adjustment reason codes that X12 maintains and the group codes of the 835 (CAS01, ASC X12N
//! 005010X221A1).

use cleanbill_model::{Adjustment, GroupCode};

/// What an adjustment that is no denial stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The payer's price, by contract, fee schedule or law.
    Price,
    /// The patient's share.
    PatientShare,
    /// Somebody else paid or will pay.
    PaidElsewhere,
    /// Not decided yet.
    Pending,
}

/// One reason under one group, or under any.
pub(super) struct NotDenial {
    group: Option<GroupCode>,
    carc: &'static str,
    pub(super) meaning: Meaning,
}

const fn any(carc: &'static str, meaning: Meaning) -> NotDenial {
    NotDenial { group: None, carc, meaning }
}

const fn patient(carc: &'static str) -> NotDenial {
    NotDenial { group: Some(GroupCode::Pr), carc, meaning: Meaning::PatientShare }
}

/// The table, which `docs/learn.md` shows.
pub(super) const NOT_DENIALS: &[NotDenial] = &[
    // Deductible, coinsurance, copayment.
    patient("1"),
    patient("2"),
    patient("3"),
    // Deductible for blood; copayment of a low income subsidy.
    patient("66"),
    patient("241"),
    // More than the fee schedule or the contract pays, and the code that came before 45.
    any("45", Meaning::Price),
    any("42", Meaning::Price),
    any("A2", Meaning::Price),
    // Discounts: for prompt payment, of the provider, negotiated for the claim.
    any("44", Meaning::Price),
    any("103", Meaning::Price),
    any("131", Meaning::Price),
    // Paid in excess of the charge.
    any("94", Meaning::Price),
    // Withheld: by managed care, for taxes; sequestration.
    any("104", Meaning::Price),
    any("105", Meaning::Price),
    any("253", Meaning::Price),
    // A demonstration project, a surcharge, an incentive, a bonus, interest or a penalty.
    any("132", Meaning::Price),
    any("137", Meaning::Price),
    any("144", Meaning::Price),
    any("161", Meaning::Price),
    any("225", Meaning::Price),
    any("237", Meaning::Price),
    // What payers before this one did; paid to the patient; paid from the patient's account.
    any("23", Meaning::PaidElsewhere),
    any("100", Meaning::PaidElsewhere),
    any("187", Meaning::PaidElsewhere),
    // Under review; priced before the service.
    any("133", Meaning::Pending),
    any("101", Meaning::Pending),
];

/// What `adjustment` stands for; `None` for a denial.
pub(super) fn meaning(adjustment: &Adjustment) -> Option<Meaning> {
    let is_it = |row: &&NotDenial| {
        row.carc == adjustment.carc.as_str()
            && row.group.is_none_or(|group| group == adjustment.group)
    };
    NOT_DENIALS.iter().find(is_it).map(|row| row.meaning)
}

#[cfg(test)]
mod tests {
    use cleanbill_model::{Carc, Money};

    use super::*;

    fn of(group: GroupCode, carc: &str) -> Option<Meaning> {
        meaning(&Adjustment {
            group,
            carc: Carc::new(carc.as_bytes()).unwrap(),
            amount: Money::ZERO,
        })
    }

    #[test]
    fn prices_and_shares_of_the_patient_are_no_denials() {
        assert_eq!(of(GroupCode::Co, "45"), Some(Meaning::Price));
        assert_eq!(of(GroupCode::Pr, "1"), Some(Meaning::PatientShare));
        assert_eq!(of(GroupCode::Oa, "23"), Some(Meaning::PaidElsewhere));
        assert_eq!(of(GroupCode::Oa, "133"), Some(Meaning::Pending));
        for (group, carc) in [
            (GroupCode::Co, "236"),
            (GroupCode::Pr, "204"),
            (GroupCode::Co, "1"),
            (GroupCode::Oa, "18"),
        ] {
            assert_eq!(of(group, carc), None, "{carc}");
        }
    }

    #[test]
    fn every_row_is_a_code_and_stands_in_the_documentation() {
        let page = include_str!("../../../../docs/learn.md");
        for row in NOT_DENIALS {
            Carc::new(row.carc.as_bytes()).unwrap();
            let shown = match row.group {
                Some(group) => format!("`{}-{}`", group.as_str(), row.carc),
                None => format!("`{}`", row.carc),
            };
            assert!(page.contains(&shown), "{shown}");
        }
    }
}
