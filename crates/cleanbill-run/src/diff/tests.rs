//! Comparisons of small packs over small files.

use std::fs;
use std::io::{self, Cursor, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use cleanbill_engine::{Edit, EditFault, Registry, Sink, Subject, Trigger};
use cleanbill_intake::InputOptions;
use cleanbill_model::{EditInfo, FaultKind};
use cleanbill_report::{Cents, DiffBy, DiffFormat, DiffGroup, DiffResult, LineSum, Styles};
use cleanbill_rules::{Loading, MemorySource, PackFingerprint};

use super::plan::Plan;
use super::*;
use crate::error::RunError;
use crate::exit_code;
use crate::input::Input;
use crate::output::Target;

/// A rule that 93970 and 93971 do not take these modifiers.
fn rule(id: &str, modifiers: &str, disposition: &str) -> String {
    format!(
        "  - id: {id}
    title: A modifier that the study does not take
    modifier_validity: {{ codes: [\"93970\", \"93971\"], not_allowed: [{modifiers}] }}
    disposition: {disposition}
    message: \"{{code}} does not take {{modifier}}.\"
    fix: Remove the modifier.
    source: [{{ authority: Clinic, document: Handbook, kind: internal }}]
"
    )
}

struct Edition {
    registry: Registry,
    fingerprints: [PackFingerprint; 1],
}

impl Edition {
    fn new(version: &str, rules: &[String]) -> Self {
        let head = format!(
            "schema: cleanbill/pack/v1\nname: acme\nversion: {version}\ntitle: Acme\nrules:\n"
        );
        let source = MemorySource::new("acme").with("pack.yaml", &(head + &rules.concat()));
        let (pack, made_of) = Loading::default().load_recorded(&source).unwrap();
        let fingerprints = [PackFingerprint::of(&made_of).unwrap()];
        Self { registry: Registry::new(pack.edits).unwrap(), fingerprints }
    }

    fn shown(&self) -> DiffEdition<'_> {
        DiffEdition {
            registry: &self.registry,
            fingerprints: &self.fingerprints,
            named: &[],
            editions: &[],
            tables: None,
        }
    }
}

/// A claim of payer P1, each line 93970 for 10.00 with one modifier.
fn claim(id: &str, modifiers: &[&str]) -> String {
    let lines: Vec<String> = modifiers
        .iter()
        .zip(1..)
        .map(|(modifier, number)| {
            format!(
                r#"{{"number":{number},"procedure":"93970","modifiers":["{modifier}"],"units":"1","charge":"10.00","from":"2026-03-02","through":"2026-03-02","diagnosis_pointers":[1]}}"#
            )
        })
        .collect();
    format!(
        r#"{{"schema":1,"claim_id":"{id}","type":"professional","frequency":"1","payer":"P1","patient":{{"id":"ZZPHIZZ","birth_date":"1950-01-01","sex":"F"}},"billing_provider":{{"npi":"1234567893"}},"place_of_service":"11","diagnoses":["N18.6"],"charge":"{}.00","lines":[{}]}}"#,
        modifiers.len() * 10,
        lines.join(",")
    ) + "\n"
}

fn input(name: &str, claims: &[String]) -> Input {
    Input::stream(name, Box::new(Cursor::new(claims.concat().into_bytes())))
}

fn diff<'a>(old: &'a Edition, new: &'a Edition, inputs: Vec<Input>) -> Diff<'a> {
    Diff {
        old: old.shown(),
        new: new.shown(),
        inputs,
        input_options: InputOptions::default(),
        history: None,
        by: Vec::new(),
        samples: 2,
        thresholds: Vec::new(),
        outputs: Vec::new(),
        jobs: NonZeroUsize::MIN,
        stop: None,
        progress: None,
    }
}

fn compare(diff: Diff<'_>) -> DiffResult {
    let plan = Plan::new(&diff.old, &diff.new);
    diff.compare(plan).unwrap()
}

fn sum(lines: u64, charge: i128) -> LineSum {
    LineSum { lines, charge: Cents(charge) }
}

/// OLD: A denies 50, B suspends 52. NEW: A denies 50 and 51, B returns 52, C denies 51.
fn editions() -> (Edition, Edition) {
    let old = [rule("A", "\"50\"", "line_denial"), rule("B", "\"52\"", "suspend")];
    let new = [
        rule("A", "\"50\", \"51\"", "line_denial"),
        rule("B", "\"52\"", "return_to_provider"),
        rule("C", "\"51\"", "line_denial"),
    ];
    (Edition::new("1.0.0", &old), Edition::new("2.0.0", &new))
}

fn group<'a>(result: &'a DiffResult, rule: &str) -> &'a DiffGroup {
    result.groups.iter().find(|group| group.rule == rule).unwrap()
}

#[test]
fn lines_are_counted_by_what_changed_and_once_in_the_total() {
    let (old, new) = editions();
    let claims = [claim("K1", &["50", "51", "52"]), claim("K2", &["51"]), claim("K3", &["50"])];
    let forward = compare(diff(&old, &new, vec![input("f", &claims)]));
    assert_eq!((forward.claims, forward.lines, forward.unchanged_rules), (3, 5, 0));
    let a = group(&forward, "A").counts;
    assert_eq!((a.now_hit, a.any, a.no_longer_hit), (sum(2, 2000), sum(2, 2000), sum(0, 0)));
    assert_eq!(group(&forward, "B").counts.changed, sum(1, 1000));
    assert_eq!(group(&forward, "C").counts.now_hit, sum(2, 2000));
    // A and C hit the same two lines.
    assert_eq!((forward.total.now_hit, forward.total.any), (sum(2, 2000), sum(3, 3000)));

    let back = compare(diff(&new, &old, vec![input("f", &claims)]));
    assert_eq!(back.total.no_longer_hit, sum(2, 2000));
    assert_eq!((back.total.now_hit, back.total.any), (sum(0, 0), sum(3, 3000)));
}

#[test]
fn samples_show_different_claims_and_nothing_of_the_patient() {
    let (old, new) = editions();
    let claims = [claim("K1", &["51", "51"]), claim("K2", &["51"]), claim("K3", &["51"])];
    let result = compare(diff(&old, &new, vec![input("f", &claims)]));
    let samples = &group(&result, "A").samples;
    let shown: Vec<_> = samples.iter().map(|s| (s.claim.as_str(), s.line, s.is.as_str())).collect();
    let fires = "fires (line_denial)";
    assert_eq!(shown, [("K1", Some(1), fires), ("K2", Some(1), fires)]);
    assert!(!format!("{result:?}").contains("ZZPHIZZ"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (old, new) = editions();
    let kinds: [&[&str]; 4] = [&["50"], &["51", "52"], &["53"], &["50", "51", "52"]];
    let claims: Vec<String> =
        (0..500).map(|n| claim(&format!("K{n}"), kinds[n * n % 7 % 4])).collect();
    let run = |jobs| {
        let inputs = vec![input("f", &claims), input("g", &claims[..100])];
        let jobs = NonZeroUsize::new(jobs).unwrap();
        format!("{:?}", compare(Diff { jobs, ..diff(&old, &new, inputs) }))
    };
    let alone = run(1);
    for jobs in [2, 3, 8] {
        assert_eq!(run(jobs), alone, "{jobs}");
    }
}

#[test]
fn the_order_of_the_inputs_changes_nothing() {
    let (old, new) = editions();
    let files: Vec<(String, Vec<String>)> = (0..4)
        .map(|file| (format!("f{file}"), vec![claim(&format!("K{file}"), &["51", "52"])]))
        .collect();
    let run = |order: &[usize]| {
        let inputs = order.iter().map(|at| input(&files[*at].0, &files[*at].1)).collect();
        let by = vec![DiffBy::Payer, DiffBy::BillingNpi];
        format!("{:?}", compare(Diff { by, ..diff(&old, &new, inputs) }))
    };
    let expected = run(&[0, 1, 2, 3]);
    assert!(expected.contains("f0") && expected.contains("1234567893"), "{expected}");
    for order in [[3, 2, 1, 0], [1, 3, 0, 2]] {
        assert_eq!(run(&order), expected);
    }
}

#[test]
fn a_rule_that_is_the_same_and_differs_is_told_as_a_bug() {
    let (old, new) = editions();
    let same = DiffEdition { fingerprints: &old.fingerprints, ..new.shown() };
    let claims = [claim("K1", &["50"]), claim("K2", &["51"])];
    let lying = Diff { new: same, ..diff(&old, &new, vec![input("f", &claims)]) };
    let error = lying.execute().unwrap_err();
    assert!(matches!(&error, RunError::UnchangedRuleDiffers { rule, claim: 2 } if rule == "A"));
    assert_eq!(error.exit_code(), exit_code::BUG);
    assert!(error.to_string().contains("this is a bug of cleanbill"), "{error}");
}

#[test]
fn a_threshold_sets_the_exit_code_and_what_cannot_be_read_overrules_it() {
    let (old, new) = editions();
    let run = |threshold: &str, more: &[String]| {
        let claims = [&[claim("K1", &["51", "51"])], more].concat();
        let thresholds = vec![Threshold::parse(threshold).unwrap()];
        Diff { thresholds, ..diff(&old, &new, vec![input("f", &claims)]) }.execute()
    };
    assert_eq!(run("now_hit > 1", &[]).unwrap(), exit_code::FINDINGS);
    assert_eq!(run("now_hit > 2", &[]).unwrap(), exit_code::WHOLE);
    assert_eq!(run("B: changed > 0", &[]).unwrap(), exit_code::WHOLE);
    assert_eq!(run("C: charge_now_hit >= 20", &[]).unwrap(), exit_code::FINDINGS);
    let broken = ["{\"schema\":1,\"claim_id\":\"X\",\"lines\":[\n".to_owned()];
    assert_eq!(run("now_hit > 1", &broken).unwrap(), exit_code::UNTRUSTED);
    let error = run("Z: now_hit > 1", &[]).unwrap_err();
    assert_eq!(error.to_string(), "no pack of either side has the rule `Z`");
}

#[test]
fn a_claim_that_an_edit_could_not_judge_is_left_out_and_told() {
    struct Broken([Arc<EditInfo>; 1]);
    impl Edit for Broken {
        fn infos(&self) -> &[Arc<EditInfo>] {
            &self.0
        }
        fn trigger(&self) -> Trigger<'_> {
            Trigger::EveryClaim
        }
        fn evaluate(&self, subject: Subject<'_>, _: &mut dyn Sink) -> Result<(), EditFault> {
            match subject.claim.id() {
                "K2" => Err(EditFault::new(FaultKind::PluginError, "it broke".to_owned())),
                _ => Ok(()),
            }
        }
    }
    let (old, _) = editions();
    let info = EditInfo::clone(old.registry.infos().next().unwrap());
    let edit = Broken([Arc::new(EditInfo { id: "broken".to_owned(), ..info })]);
    let registry = Registry::new(vec![Box::new(edit)]).unwrap();
    let new = Edition { registry, fingerprints: editions().1.fingerprints };
    let claims = [claim("K1", &["50"]), claim("K2", &["50"])];
    let result = compare(diff(&old, &new, vec![input("f", &claims)]));
    assert_eq!((result.claims, result.faulted_claims), (1, 1));
    assert_eq!(result.total.no_longer_hit, sum(1, 1000));
    assert_eq!(result.exit_code, exit_code::UNTRUSTED);
}

fn file_output(path: PathBuf) -> DiffOutput {
    DiffOutput { target: Target::File(path), format: DiffFormat::Json, styles: Styles::plain() }
}

fn names(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn outputs_appear_whole_or_not_at_all() {
    let (old, new) = editions();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("diff.json");
    let inputs = || vec![input("f", &[claim("K1", &["51"])])];
    let stop = AtomicUsize::new(15);
    let stopped = Diff {
        outputs: vec![file_output(path.clone())],
        stop: Some(&stop),
        ..diff(&old, &new, inputs())
    };
    assert_eq!(stopped.execute().unwrap_err().exit_code(), 143);
    assert_eq!(names(folder.path()), 0);

    let whole = Diff { outputs: vec![file_output(path.clone())], ..diff(&old, &new, inputs()) };
    assert_eq!(whole.execute().unwrap(), exit_code::WHOLE);
    assert!(fs::read_to_string(path).unwrap().starts_with("{\"type\":\"diff\""));
    assert_eq!(names(folder.path()), 1);
}

#[test]
fn a_reader_that_goes_away_ends_the_comparison_quietly() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (old, new) = editions();
    let outputs = vec![DiffOutput {
        target: Target::Stream { name: "standard output".to_owned(), out: Box::new(Closed) },
        format: DiffFormat::Text,
        styles: Styles::plain(),
    }];
    let thresholds = vec![Threshold::parse("now_hit > 0").unwrap()];
    let inputs = vec![input("f", &[claim("K1", &["51"])])];
    let run = Diff { outputs, thresholds, ..diff(&old, &new, inputs) };
    assert_eq!(run.execute().unwrap(), exit_code::WHOLE);
}

#[test]
fn an_output_never_replaces_a_file_of_claims() {
    let (old, new) = editions();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("claims.ndjson");
    fs::write(&path, claim("K1", &["51"])).unwrap();
    let inputs = vec![Input::file(path.clone())];
    let run = Diff { outputs: vec![file_output(path)], ..diff(&old, &new, inputs) };
    assert!(matches!(run.execute().unwrap_err(), RunError::OutputIsInput { .. }));
}
