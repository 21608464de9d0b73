//! Which of an edit's steps settled a line, and which led there.

use cleanbill_engine::{LineExplanation, LineOutcome, Step, Truth};
use cleanbill_model::Outcome;

use crate::waiver;

/// The steps that led to a line's outcome, one for each clause; the last one settled it. Empty when the
/// edit said nothing of the line.
pub(super) fn way(line: &LineExplanation) -> Vec<&Step> {
    let own: Vec<&Step> = line.steps.iter().filter(|step| step.partner.is_none()).collect();
    let steps: Vec<&Step> = match &line.outcome {
        LineOutcome::Silent { because } => silent_way(line, own, because),
        LineOutcome::Found(found) => {
            let partner = found.iter().find_map(|finding| finding.others.first());
            let with = line
                .steps
                .iter()
                .filter(|step| step.partner.is_some() && step.partner.as_ref() == partner);
            own.into_iter().chain(with).collect()
        }
    };
    // A waiver is no clause of the rule: what it waives was decided before.
    let steps: Vec<&Step> = steps.into_iter().filter(|step| step.clause != waiver::STEP).collect();
    // A condition of several tests tells each of them before the whole.
    let runs = steps.chunk_by(|a, b| is_of_one_clause(a, b));
    runs.filter_map(|run| run.last().copied()).collect()
}

/// Whether two steps tell of one clause and one candidate.
pub(super) fn is_of_one_clause(a: &Step, b: &Step) -> bool {
    (a.clause, &a.partner) == (b.clause, &b.partner)
}

/// The steps that settled a line: the last of its way and, where the edit could not tell, every clause
/// that was not known.
pub(super) fn deciding(line: &LineExplanation) -> Vec<&Step> {
    let way = way(line);
    let undetermined = matches!(&line.outcome, LineOutcome::Found(found)
        if found.iter().any(|finding| finding.outcome == Outcome::Undetermined));
    if undetermined {
        let open: Vec<&Step> =
            way.iter().copied().filter(|step| step.truth == Truth::Unknown).collect();
        if !open.is_empty() {
            return open;
        }
    }
    way.last().copied().into_iter().collect()
}

/// Whether the line came past its first clause and then failed only in the clauses decided last: one
/// value away from a finding.
pub(super) fn is_near_miss(line: &LineExplanation) -> bool {
    let way = way(line);
    let held = way.iter().take_while(|step| step.truth != Truth::No).count();
    held > 0 && held < way.len() && way.iter().skip(held).all(|step| step.truth == Truth::No)
}

/// The clause that silences a line is the one which failed last on the candidate that came furthest:
/// its steps, behind those of the line itself.
fn silent_way<'a>(line: &'a LineExplanation, own: Vec<&'a Step>, because: &str) -> Vec<&'a Step> {
    let failed = |step: &&Step| step.clause == because && step.truth == Truth::No;
    if let Some(last) = own.iter().rposition(failed) {
        return own.into_iter().take(last + 1).collect();
    }
    let mut best: Vec<&Step> = Vec::new();
    for candidate in line.steps.chunk_by(|a, b| a.partner == b.partner) {
        let Some(last) = candidate.iter().rposition(|step| failed(&step)) else { continue };
        if last + 1 > best.len() {
            best = candidate.iter().take(last + 1).collect();
        }
    }
    if best.is_empty() { best } else { own.into_iter().chain(best).collect() }
}

#[cfg(test)]
mod tests {
    use cleanbill_model::LineRef;

    use super::*;

    /// A silent line: clause, partner, and whether it held.
    fn silent(
        because: &'static str,
        steps: &[(&'static str, Option<usize>, Truth)],
    ) -> LineExplanation {
        let step = |&(clause, partner, truth): &(&'static str, Option<usize>, Truth)| Step {
            line: 0,
            partner: partner.map(LineRef::Own),
            clause,
            truth,
            detail: String::new(),
        };
        LineExplanation {
            line: 0,
            outcome: LineOutcome::Silent { because },
            steps: steps.iter().map(step).collect(),
            to_decide: Vec::new(),
        }
    }

    fn clauses(steps: Vec<&Step>) -> Vec<(&'static str, Option<usize>)> {
        steps
            .iter()
            .map(|step| (step.clause, step.partner.as_ref().and_then(LineRef::own)))
            .collect()
    }

    #[test]
    fn the_candidate_that_came_furthest_leads_to_silence() {
        let line = silent(
            "extremity",
            &[
                ("pair", None, Truth::Yes),
                ("extremity", Some(1), Truth::No),
                ("effective", Some(2), Truth::Yes),
                ("extremity", Some(2), Truth::No),
            ],
        );
        assert_eq!(
            clauses(way(&line)),
            [("pair", None), ("effective", Some(2)), ("extremity", Some(2))]
        );
        assert_eq!(clauses(deciding(&line)), [("extremity", Some(2))]);
    }

    #[test]
    fn a_near_miss_fails_only_at_the_end_and_not_at_the_start() {
        let (yes, no) = (Truth::Yes, Truth::No);
        let miss = |steps: &[Truth]| {
            let clauses = ["first", "second", "third"].into_iter();
            let steps: Vec<_> =
                clauses.zip(steps).map(|(clause, truth)| (clause, None, *truth)).collect();
            is_near_miss(&silent(steps.last().unwrap().0, &steps))
        };
        assert!(miss(&[yes, no]) && miss(&[yes, Truth::Unknown, no]) && miss(&[yes, no, no]));
        assert!(!miss(&[no]) && !miss(&[no, no]) && !miss(&[no, yes, no]));
        assert!(!is_near_miss(&silent("", &[])));
    }

    #[test]
    fn the_tests_of_a_condition_count_as_one_clause() {
        let (yes, no) = (Truth::Yes, Truth::No);
        let line = silent(
            "must",
            &[
                ("codes", None, yes),
                ("when", None, no),
                ("when", None, yes),
                ("when", None, yes),
                ("must", None, yes),
                ("must", None, no),
                ("must", None, no),
            ],
        );
        assert_eq!(clauses(way(&line)), [("codes", None), ("when", None), ("must", None)]);
        assert!(is_near_miss(&line));
    }
}
