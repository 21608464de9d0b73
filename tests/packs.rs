//! The packs that ship inside the binary: their tests pass, every row of the decision table has one,
//! and what a biller sees of each case is written down.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cleanbill_engine::{Evaluator, Registry};
use cleanbill_model::{Claim, DateRange, FilingIndicator, Finding, ServiceDate};
use cleanbill_report::{JudgedClaim, Report as _, Styles, TextReport};
use cleanbill_rules::{
    ClaimSketch, Loading, MemorySource, Pack, Source, TestResult, load, run_test,
};

fn packs() -> Vec<Pack> {
    cleanbill_default_packs::embedded_packs()
        .iter()
        .map(|source| load(source).unwrap_or_else(|mistakes| panic!("{mistakes}")))
        .collect()
}

#[test]
fn every_test_inside_the_rules_passes_in_both_orders_of_its_lines() {
    for pack in packs() {
        for test in &pack.tests {
            if let TestResult::Failed(reason) = run_test(&pack, test) {
                panic!("{} \"{}\" ({}): {reason}", test.rule, test.name, test.place);
            }
        }
    }
}

#[test]
fn every_rule_has_a_test_that_finds_and_a_test_that_stays_silent() {
    for pack in packs() {
        for info in pack.edits.iter().flat_map(|edit| edit.infos()) {
            let tests = || pack.tests.iter().filter(|test| test.rule == info.id);
            assert!(tests().any(|test| test.expects_silence()), "{} is never silent", info.id);
            assert!(tests().any(|test| !test.expects_silence()), "{} never finds", info.id);
        }
    }
}

#[test]
fn every_row_of_the_decision_table_that_one_claim_can_show_has_a_test() {
    let covered: BTreeSet<u32> = packs()
        .iter()
        .flat_map(|pack| &pack.tests)
        .filter_map(|test| test.covers.as_ref()?.parse().ok())
        .collect();
    // Row 23 needs claims of an earlier day: history, which one claim cannot show.
    let wanted: BTreeSet<u32> = (1..=30).filter(|row| *row != 23).collect();
    assert_eq!(covered, wanted);
}

#[test]
fn what_a_biller_sees_of_every_case_is_as_written_down() {
    for source in cleanbill_default_packs::embedded_packs() {
        let pack = load(&source).unwrap();
        let (name, tests) = (pack.name.clone(), pack.tests.clone());
        let mut registry = Registry::new(pack.edits).unwrap();
        for test in tests {
            registry = registry.as_of(test.as_of());
            let claim = test.claim().unwrap();
            let case = test.name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
            insta::with_settings!({
                omit_expression => true,
                prepend_module_to_snapshot => false,
                snapshot_path => "snapshots/packs",
            }, {
                insta::assert_snapshot!(
                    format!("{name}__{}__{case}", test.rule),
                    seen(&registry, &claim)
                );
            });
        }
    }
}

#[test]
fn a_rule_that_another_pack_only_gives_an_owner_judges_as_before() {
    for source in cleanbill_default_packs::embedded_packs() {
        let base = load(&source).unwrap();
        let mut text = format!(
            "schema: cleanbill/pack/v1\nname: upper\nversion: 1.0.0\ntitle: Owners\n\
             extends: [{{ pack: {}, version: \"={}\" }}]\noverrides:\n",
            base.name, base.version
        );
        for rule in &base.rules {
            let id = &rule.id;
            writeln!(text, "  - {{ rule: {id}, set: {{ owner: them }}, reason: theirs }}").unwrap();
        }
        let upper = MemorySource::new("upper").with("pack.yaml", &text);
        let shelf: Vec<Box<dyn Source>> = vec![Box::new(source)];
        let pack = Loading { shelf: &shelf, ..Loading::default() }
            .load(&upper)
            .unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let mut infos = pack.edits.iter().flat_map(|edit| edit.infos());
        assert!(infos.all(|info| info.owner.as_deref() == Some("them")));
        for test in &base.tests {
            if let TestResult::Failed(reason) = run_test(&pack, test) {
                panic!("{} \"{}\": {reason}", test.rule, test.name);
            }
        }
    }
}

/// The edits of packs in the binary, by name, in this order.
fn together(names: &[&str]) -> Registry {
    let packs = cleanbill_default_packs::embedded_packs();
    let edits = names.iter().flat_map(|name| {
        let source = packs.iter().find(|source| source.label() == *name).unwrap();
        load(source).unwrap().edits
    });
    Registry::new(edits.collect()).unwrap()
}

fn medicare(lines: &[&str], change: impl Fn(&mut ClaimSketch)) -> Claim {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let mut sketch = ClaimSketch::new(&lines).unwrap();
    sketch.filing_indicator = Some(FilingIndicator::new(b"MB").unwrap());
    change(&mut sketch);
    sketch.claim(false).unwrap()
}

/// `line rule+also` of each finding.
fn found(registry: &Registry, claim: &Claim) -> Vec<String> {
    let mut evaluator = Evaluator::default();
    let findings = evaluator.evaluate(registry, claim).findings;
    let show = |finding: &Finding| {
        let line = claim.lines[finding.line.unwrap()].number;
        let also: String = finding.also.iter().map(|also| format!("+{}", also.edit.id)).collect();
        format!("{line} {}{also}", finding.edit.id)
    };
    findings.iter().map(show).collect()
}

#[test]
fn a_pair_that_two_packs_know_is_one_finding_that_cites_both() {
    let claim = medicare(&["93985", "93970"], |_| ());
    for names in [["cpt-93970", "ncci-medicare"], ["ncci-medicare", "cpt-93970"]] {
        let registry = together(&names);
        assert_eq!(found(&registry, &claim), ["2 93970-access-mapping+ncci-ptp-practitioner"]);
        let mut evaluator = Evaluator::default();
        let finding = &evaluator.evaluate(&registry, &claim).findings[0];
        let documents: Vec<&str> =
            finding.sources().iter().map(|source| source.document.as_str()).collect();
        assert!(documents.contains(&"Medicare NCCI PTP edits, practitioner"), "{documents:?}");
        assert!(documents.len() > finding.edit.sources.len());
        insta::with_settings!({
            omit_expression => true,
            prepend_module_to_snapshot => false,
            snapshot_path => "snapshots/packs",
        }, {
            insta::assert_snapshot!("one_defect_of_two_packs", seen(&registry, &claim));
        });
    }
}

#[test]
fn what_several_packs_find_alike_is_said_once() {
    let all = ["cpt-93970", "ncci-medicare", "mpfs-indicators", "code-dates"];
    let registry = together(&all);
    let summer = |sketch: &mut ClaimSketch| {
        sketch.date = DateRange::day(ServiceDate::new(2024, 8, 15).unwrap());
    };
    // Samples are short, so which of two stays says nothing here.
    let found = |lines: &[&str]| -> Vec<String> {
        let found = found(&registry, &medicare(lines, summer)).into_iter();
        let sorted = |text: String| {
            let (line, rules) = text.split_once(' ').unwrap();
            let mut rules: Vec<&str> = rules.split('+').collect();
            rules.sort_unstable();
            format!("{line} {}", rules.join("+"))
        };
        found.map(sorted).collect()
    };
    assert_eq!(found(&["93970 x2"]), ["1 ncci-mue-practitioner+units-over-mue"]);
    assert_eq!(found(&["93970-50"]), ["1 mpfs-bilateral-modifier+side-on-bilateral-study"]);
    assert_eq!(found(&["93970 pos=22"]), ["1 mpfs-no-facility-price+technical-part-in-facility"]);
    assert_eq!(found(&["76937"]), ["1 add-on-without-primary+ncci-add-on-without-primary"]);
    assert_eq!(found(&["G0365"]), ["1 code-not-valid-on-date+hcpcs-not-valid-on-date"]);
}

/// The claim in a few words, and what all edits of the pack make of it.
fn seen(registry: &Registry, claim: &Claim) -> String {
    let mut text = format!("{} claim, payer {}", claim.claim_type.as_str(), claim.payer());
    if let Some(indicator) = claim.filing_indicator {
        write!(text, " ({indicator})").unwrap();
    }
    text.push('\n');
    for line in &claim.lines {
        write!(text, "{}  {}", line.number, line.procedure.unwrap()).unwrap();
        for modifier in line.modifiers.iter() {
            write!(text, "-{modifier}").unwrap();
        }
        write!(text, " x{} @{}", line.units, line.dates).unwrap();
        let diagnoses: Vec<String> =
            claim.pointed_diagnoses(line).map(|code| code.to_string()).collect();
        if !diagnoses.is_empty() {
            write!(text, " dx={}", diagnoses.join(",")).unwrap();
        }
        if let Some(place) = line.place_of_service {
            write!(text, " pos={place}").unwrap();
        }
        if let Some(region) = line.body_region {
            write!(text, " region={}", region.as_str()).unwrap();
        }
        if let Some(npi) = line.provider.npi.filter(|npi| Some(*npi) != claim.billing.npi) {
            write!(text, " npi={npi}").unwrap();
        }
        text.push('\n');
    }
    text.push_str("---\n");
    let mut evaluator = Evaluator::default();
    let verdict = evaluator.evaluate(registry, claim);
    let judged =
        JudgedClaim { file: "case", claim, findings: verdict.findings, faults: verdict.faults };
    let mut out = Vec::new();
    TextReport::new(&mut out, Styles::plain(), 100).claim(&judged).unwrap();
    if out.is_empty() {
        text.push_str("nothing found\n");
    }
    text + &String::from_utf8(out).unwrap()
}
