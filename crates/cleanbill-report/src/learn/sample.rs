//! A result with something in every place, for the tests of the formats.

use std::io::{self, Write};

use cleanbill_model::{Accounting, Carc, GroupCode, Outcome, Rarc, RemittanceAccounting};

use super::result::{
    DenialRow, Denials, Fates, LearnProblem, LearnResult, LearnRule, LearnSample, RemitFileSummary,
};
use crate::amount::Cents;
use crate::diff::LineSum;

fn sum(lines: u64, cents: i128) -> LineSum {
    LineSum { lines, charge: Cents(cents) }
}

fn at(claim: &str, line: Option<u32>) -> LearnSample {
    LearnSample { claim: claim.to_owned(), line }
}

pub(super) fn result() -> LearnResult {
    let books = RemittanceAccounting {
        claims: Accounting {
            claims_in: 3,
            passed: 3,
            charges_in: 203_000,
            charges_passed: 203_000,
            ..Accounting::default()
        },
        paid: 62_000,
        lines: 6,
        line_charges: 203_000,
        line_paid: 62_000,
        adjustments: 7,
        adjusted: 141_000,
        payments: 1,
        payment_total: 62_000,
        ..RemittanceAccounting::default()
    };
    let fates = Fates {
        as_predicted: sum(2, 82_400),
        otherwise: LineSum::default(),
        paid: sum(1, 41_200),
        not_matched: sum(1, 100),
        open: sum(2, 200),
    };
    let row = |group, carc: &str, rarc: &[&str], denied, samples| DenialRow {
        group,
        carc: Carc::new(carc.as_bytes()).unwrap(),
        rarc: rarc.iter().map(|one| Rarc::new(one.as_bytes()).unwrap()).collect(),
        denied,
        samples,
    };
    LearnResult {
        knows_claims: true,
        claims: 1234,
        remit_files: vec![RemitFileSummary {
            file: "remit.835".to_owned(),
            accounting: books,
            input_errors: 1,
        }],
        remits: books,
        input_errors: 1,
        problems: vec![LearnProblem {
            file: "remit.835".to_owned(),
            error: crate::sample::input_errors()[0].clone(),
        }],
        lines_not_matched: 1,
        rules: vec![
            LearnRule {
                rule: "93970-access-mapping".to_owned(),
                pack: "cpt-93970@1.0.0".to_owned(),
                outcome: Outcome::Fires,
                fates,
                paid_samples: vec![at("PCN1", Some(2))],
            },
            LearnRule {
                rule: "side-missing".to_owned(),
                pack: "cpt-93970@1.0.0".to_owned(),
                outcome: Outcome::Undetermined,
                fates: Fates { open: sum(1, 5), ..Fates::default() },
                paid_samples: Vec::new(),
            },
        ],
        total: fates,
        denied: sum(4, 120_000),
        foreseen: sum(2, 82_400),
        unseen: Denials {
            rows: vec![
                row(
                    GroupCode::Co,
                    "50",
                    &["N115"],
                    sum(1, 41_200),
                    vec![at("=HYPERLINK(1)", None)],
                ),
                row(GroupCode::Oa, "18", &[], sum(1, 100), vec![at("PCN9", Some(1))]),
            ],
            total: sum(2, 41_300),
        },
        not_checked: Denials {
            rows: vec![row(GroupCode::Co, "29", &[], sum(1, 9_900), vec![at("PCN77", None)])],
            total: sum(1, 9_900),
        },
        exit_code: 3,
        ..LearnResult::default()
    }
}

/// The sample in a format.
pub(super) fn render(write: impl Fn(&mut dyn Write, &LearnResult) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out, &result()).unwrap();
    String::from_utf8(out).unwrap()
}
