//! Rules that look at other claims of the same run: each defect is found once, on the line that it
//! falls on, whatever the order in which the claims are judged.

use cleanbill_engine::{Evaluator, History, Registry, Subject, Timeline};
use cleanbill_model::{Claim, Outcome};
use cleanbill_rules::{ClaimSketch, load};

use crate::{PACK, source};

const TABLES: &str = "tables:
  mue: { file: mue.csv, key: [code], effective: [from, through] }
  addon: { file: addon.csv, key: [addon, primary] }
";

/// A claim of the one patient.
fn claim(id: &str, lines: &[&str]) -> Claim {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let mut sketch = ClaimSketch::new(&lines).unwrap();
    sketch.claim_id = id.to_owned();
    sketch.claim(false).unwrap()
}

/// What `rule` says of `claims`, judged together in each order; the feed has `earlier`, if there is
/// one. Each finding is `claim/line`, its partners behind it, `?` where it is undetermined.
#[track_caller]
fn said(rule: &str, earlier: Option<&[Claim]>, claims: &[Claim]) -> Vec<String> {
    let source = source(&format!("{rule}tests: []\n"))
        .with("pack.yaml", &PACK.replace("tables:\n", TABLES))
        .with("mue.csv", "code,max_units,mai,from,through\n93970,1,3,2026-01-01,\n")
        .with("addon.csv", "addon,primary,type\n99292,99291,1\n");
    let pack = load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let registry = Registry::new(pack.edits).unwrap();
    let timeline = Timeline::with_run(earlier.unwrap_or_default().to_vec(), claims.to_vec());
    let of = |(claim, rank): (&Claim, u32)| {
        let mut beside = Vec::new();
        let others = timeline.around(claim, rank, &mut beside);
        let history = match earlier {
            Some(_) => History::Known(others),
            None => History::OfRun(others),
        };
        let mut evaluator = Evaluator::default();
        let verdict = evaluator.evaluate(&registry, Subject { claim, history, as_of: None });
        let say = |finding: &cleanbill_model::Finding| {
            let others: Vec<String> = finding
                .others
                .iter()
                .map(|other| match other.earlier() {
                    Some(other) => format!(" {}/{}", other.claim, other.number),
                    None => format!(" {}", other.own().unwrap() + 1),
                })
                .collect();
            let open = if finding.outcome == Outcome::Undetermined { "?" } else { "" };
            format!("{}/{}{open}{}", claim.id(), finding.line.unwrap() + 1, others.concat())
        };
        verdict.findings.iter().map(say).collect::<Vec<_>>()
    };
    claims.iter().zip(1..).flat_map(of).collect()
}

const PAIRS: &str = "
mutually_exclusive:
  pairs: [{ column_one: \"93985\", column_two: \"93970\", indicator: \"1\" }]
  same: [patient, service_date, rendering_provider]
  search: [this_claim, history]
";

#[test]
fn a_pair_over_two_claims_of_a_run_falls_on_column_two_alone() {
    let (one, two) = (claim("ONE", &["93985"]), claim("TWO", &["93970"]));
    for claims in [[one.clone(), two.clone()], [two, one]] {
        assert_eq!(said(PAIRS, Some(&[]), &claims), ["TWO/1 ONE/1"]);
    }
}

#[test]
fn report_on_moves_it_as_on_one_claim() {
    let lists = "
mutually_exclusive:
  codes: [\"93970\"]
  with: [\"93985\"]
  same: [patient, service_date]
  search: [this_claim, history]
";
    let claims = [claim("A", &["93970"]), claim("B", &["93985"])];
    for (report_on, wanted) in
        [("codes", &["A/1 B/1"][..]), ("with", &["B/1 A/1"]), ("both", &["A/1 B/1", "B/1 A/1"])]
    {
        let rule = format!("{lists}  report_on: {report_on}\n");
        assert_eq!(said(&rule, Some(&[]), &claims), wanted, "{report_on}");
    }
}

#[test]
fn of_two_claims_with_one_service_the_second_is_the_duplicate() {
    let rule = "duplicate_line: { same: [patient, service_date], search: [this_claim, history] }\n";
    let claims = [claim("A", &["93970"]), claim("B", &["93971", "93970"]), claim("C", &["93970"])];
    assert_eq!(said(rule, Some(&[]), &claims), ["B/2 A/1", "C/1 A/1"]);
}

#[test]
fn units_of_a_day_are_added_over_the_claims_and_each_line_is_told() {
    let rule = "
unit_limit:
  table: mue
  max: max_units
  basis: mai
  same: [patient, service_date]
  search: [this_claim, history]
";
    let claims = [claim("A", &["93970"]), claim("B", &["93970"])];
    assert_eq!(said(rule, Some(&[]), &claims), ["A/1 B/1", "B/1 A/1"]);
    assert_eq!(said(rule, Some(&[]), &claims[..1]), [""; 0]);
}

#[test]
fn a_frequency_counts_by_date_of_service_and_on_one_day_by_rank() {
    let rule = "
frequency_limit:
  codes: [\"93970\"]
  max: 1
  count: lines
  window: { days: 30 }
  same: [patient]
  history: required
";
    let early = claim("EARLY", &["93970 @2026-03-02"]);
    let late = claim("LATE", &["93970 @2026-03-09"]);
    for claims in [[early.clone(), late.clone()], [late.clone(), early]] {
        assert_eq!(said(rule, Some(&[]), &claims), ["LATE/1 EARLY/1"]);
    }
    let again = claim("AGAIN", &["93970 @2026-03-09"]);
    assert_eq!(said(rule, Some(&[]), &[again, late]), ["LATE/1 AGAIN/1"]);
}

#[test]
fn a_primary_on_any_claim_of_the_run_carries_its_add_on() {
    let rule = "
requires_primary:
  table: addon
  same: [patient, service_date, rendering_provider]
  no_primary_list: suspend
  search: [this_claim, history]
";
    let (add_on, primary) = (claim("A", &["99292"]), claim("B", &["99291"]));
    for claims in [[add_on.clone(), primary.clone()], [primary, add_on.clone()]] {
        assert_eq!(said(rule, Some(&[]), &claims), [""; 0]);
    }
    assert_eq!(said(rule, Some(&[]), &[add_on]), ["A/1"]);
}

#[test]
fn a_replacement_in_the_run_ends_what_it_replaces_there_and_in_the_feed() {
    let mut replacement = claim("NEW", &["93971"]);
    replacement.frequency = Some(cleanbill_model::Frequency::REPLACEMENT);
    replacement.original_reference = replacement.texts.add("OLD");
    let (old, own) = (claim("OLD", &["93985"]), claim("OWN", &["93970"]));
    assert_eq!(
        said(PAIRS, Some(std::slice::from_ref(&old)), std::slice::from_ref(&own)),
        ["OWN/1 OLD/1"]
    );
    assert_eq!(
        said(PAIRS, Some(std::slice::from_ref(&old)), &[replacement.clone(), own.clone()]),
        [""; 0]
    );
    assert_eq!(said(PAIRS, Some(&[]), &[old, replacement, own]), [""; 0]);
}

#[test]
fn one_claim_handed_in_twice_is_one_and_one_account_number_on_two_claims_is_not() {
    let rule = "duplicate_line: { same: [patient, service_date], search: [this_claim, history] }\n";
    let twice = [claim("A", &["93970"]), claim("A", &["93970"])];
    assert_eq!(said(rule, Some(&[]), &twice), [""; 0]);
    let window = "
frequency_limit:
  codes: [\"93970\"]
  max: 1
  count: lines
  window: { days: 30 }
  same: [patient]
  history: required
";
    let account = [claim("A", &["93970 @2026-03-02"]), claim("A", &["93970 @2026-03-09"])];
    assert_eq!(said(window, Some(&[]), &account), ["A/1 A/1"]);
}

#[test]
fn without_a_feed_the_run_decides_what_it_can_and_the_rest_stays_open() {
    let claims = [claim("A", &["93985"]), claim("B", &["93970"])];
    assert_eq!(said(PAIRS, None, &claims), ["A/1?", "B/1 A/1"]);
}
