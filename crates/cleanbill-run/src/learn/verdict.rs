//! What became of each finding, and which denials no rule had seen.

use std::collections::BTreeMap;

use cleanbill_model::{Carc, GroupCode, Money, Outcome, Rarc};
use cleanbill_report::{DenialRow, Denials, Fates, LearnResult, LearnRule, LearnSample, LineSum};

use super::answer::{Answer, Denial, Word};
use super::book::{Book, BookedClaim, Prediction};

/// What became of one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    AsPredicted,
    Otherwise,
    Paid,
    NotMatched,
    Open,
}

/// Adds up everything in `book`.
pub(super) fn judge(book: &Book, samples: usize, result: &mut LearnResult) {
    let mut rules: BTreeMap<(u8, &str, &str), LearnRule> = BTreeMap::new();
    let (mut unseen, mut not_checked) = (Reasons::default(), Reasons::default());
    for claim in &book.claims {
        for prediction in &claim.predictions {
            let Some((rule, pack)) = book.rule_of(prediction) else { continue };
            let key = (order(prediction.outcome), rule, pack);
            let row = rules.entry(key).or_insert_with(|| LearnRule {
                rule: rule.to_owned(),
                pack: pack.to_owned(),
                outcome: prediction.outcome,
                fates: Fates::default(),
                paid_samples: Vec::new(),
            });
            let fate = fate(claim, prediction);
            count(&mut row.fates, fate, prediction.charge);
            if fate == Fate::Paid && row.paid_samples.len() < samples {
                row.paid_samples.push(sample(claim, prediction.line));
            }
        }
        each_line_once(claim, &mut result.total);
        for (line, charge, denial) in denials(claim) {
            let sample = sample(claim, line);
            if !claim.is_checked && book.is_whole {
                not_checked.add(denial, charge, sample, samples);
                continue;
            }
            result.denied.add(charge);
            let on_line =
                |one: &&Prediction| one.line.is_none() || line.is_none() || one.line == line;
            let mut said = claim.predictions.iter().filter(on_line).peekable();
            if said.peek().is_none() {
                unseen.add(denial, charge, sample, samples);
            } else if said.any(|one| one.outcome == Outcome::Fires) {
                result.foreseen.add(charge);
            }
        }
    }
    result.rules = rules.into_values().collect();
    result.unseen = unseen.into_denials();
    result.not_checked = not_checked.into_denials();
}

/// Rules that fired come first.
const fn order(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Fires => 0,
        Outcome::Undetermined => 1,
        Outcome::Waived => 2,
    }
}

fn count(fates: &mut Fates, fate: Fate, charge: Money) {
    let sum = match fate {
        Fate::AsPredicted => &mut fates.as_predicted,
        Fate::Otherwise => &mut fates.otherwise,
        Fate::Paid => &mut fates.paid,
        Fate::NotMatched => &mut fates.not_matched,
        Fate::Open => &mut fates.open,
    };
    sum.add(charge);
}

/// Lines on which any rule fired; of several fates the first counts.
fn each_line_once(claim: &BookedClaim, total: &mut Fates) {
    let mut lines: BTreeMap<Option<usize>, (Fate, Money)> = BTreeMap::new();
    for one in claim.predictions.iter().filter(|one| one.outcome == Outcome::Fires) {
        let fate = fate(claim, one);
        let kept = lines.entry(one.line).or_insert((fate, one.charge));
        kept.0 = kept.0.min(fate);
    }
    lines.into_values().for_each(|(fate, charge)| count(total, fate, charge));
}

fn fate(claim: &BookedClaim, prediction: &Prediction) -> Fate {
    let of_word = |word: &Word| match word {
        Word::Paid => Fate::Paid,
        Word::Denied(denial) if prediction.carc.is_some_and(|carc| denial.is_for(carc)) => {
            Fate::AsPredicted
        }
        Word::Denied(_) => Fate::Otherwise,
        Word::Pending | Word::Reversed => Fate::Open,
    };
    let none = if claim.is_answered { Fate::NotMatched } else { Fate::Open };
    let of_claim = claim.answer.as_ref().map(|answer| of_word(&answer.word));
    match prediction.line.and_then(|line| claim.lines.get(line)) {
        Some(line) => {
            let own = line.answer.as_ref().map(|answer| of_word(&answer.word));
            own.or(of_claim).unwrap_or(none)
        }
        // The claim as a whole: denied for the reason somewhere, else denied on every line.
        None => of_claim.unwrap_or_else(|| {
            let lines = || claim.lines.iter().filter_map(|line| line.answer.as_ref());
            let fates = || lines().map(|answer: &Answer| of_word(&answer.word));
            match fates().min() {
                Some(Fate::AsPredicted) => Fate::AsPredicted,
                _ => fates().max().unwrap_or(none),
            }
        }),
    }
}

/// Denials of a claim: of lines, else of the claim as a whole.
fn denials(claim: &BookedClaim) -> impl Iterator<Item = (Option<usize>, Money, &Denial)> {
    let whole = core::iter::once((None, claim.charge, &claim.answer));
    let lines = claim.lines.iter().enumerate();
    let lines = lines.map(|(at, line)| (Some(at), line.charge, &line.answer));
    whole.chain(lines).filter_map(|(line, charge, answer)| match answer {
        Some(Answer { word: Word::Denied(denial), .. }) => Some((line, charge, denial.as_ref())),
        _ => None,
    })
}

fn sample(claim: &BookedClaim, line: Option<usize>) -> LearnSample {
    let number = line.and_then(|line| claim.lines.get(line)).map(|line| line.number);
    // A line that is known from its remittance alone has no number.
    LearnSample { claim: claim.id.to_string(), line: number.filter(|number| *number > 0) }
}

/// Group, reason and remarks.
type Reason = (GroupCode, Carc, Vec<Rarc>);

/// Denials by reason, on their way.
#[derive(Default)]
struct Reasons {
    rows: BTreeMap<Reason, (LineSum, Vec<LearnSample>)>,
    total: LineSum,
}

impl Reasons {
    fn add(&mut self, denial: &Denial, charge: Money, sample: LearnSample, samples: usize) {
        self.total.add(charge);
        for (group, carc, amount) in &denial.reasons {
            let key = (*group, *carc, denial.remarks.clone());
            let (sum, kept) = self.rows.entry(key).or_default();
            sum.add(*amount);
            if kept.len() < samples {
                kept.push(sample.clone());
            }
        }
    }

    fn into_denials(self) -> Denials {
        let row = |((group, carc, rarc), (denied, samples))| DenialRow {
            group,
            carc,
            rarc,
            denied,
            samples,
        };
        let mut rows: Vec<DenialRow> = self.rows.into_iter().map(row).collect();
        // The sort is stable: rows of one amount stay in the order of their codes.
        rows.sort_by_key(|row| core::cmp::Reverse(row.denied.charge));
        Denials { rows, total: self.total }
    }
}

impl Book {
    fn rule_of(&self, prediction: &Prediction) -> Option<(&str, &str)> {
        let place = usize::try_from(prediction.rule).ok()?;
        self.rules.get(place).map(|(rule, pack)| (rule.as_str(), pack.as_str()))
    }
}
