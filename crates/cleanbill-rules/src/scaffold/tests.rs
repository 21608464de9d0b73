//! Every kind, made new, passes its checks and tests as it stands.

use super::*;
use crate::check::{Pack, load};
use crate::format::format;
use crate::kind::KINDS;
use crate::source::{MemorySource, Source as _};
use crate::testing::{TestResult, run_test};

/// The kinds that a pack can hold; `plugin_check` needs a plugin that has the rule.
fn kinds() -> Vec<&'static str> {
    KINDS.map(|(kind, _)| kind).into_iter().filter(|kind| *kind != "plugin_check").collect()
}

fn new_pack() -> MemorySource {
    let answers = PackAnswers { name: "acme".to_owned(), ..PackAnswers::default() };
    with_files(MemorySource::new("acme"), &scaffold_pack(&answers).unwrap())
}

fn with_files(source: MemorySource, files: &[ScaffoldFile]) -> MemorySource {
    files.iter().fold(source, |source, file| source.with(&file.path, &file.text))
}

fn answers(kind: &str) -> RuleAnswers {
    let with = match kind {
        "mutually_exclusive" => vec!["93985".to_owned()],
        _ => Vec::new(),
    };
    RuleAnswers {
        kind: kind.to_owned(),
        codes: vec!["93970".to_owned(), "93971".to_owned()],
        with,
        disposition: "suspend".to_owned(),
        ..RuleAnswers::default()
    }
}

fn sound(source: &MemorySource) -> Pack {
    let pack = load(source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    for test in &pack.tests {
        assert_eq!(run_test(&pack, test), TestResult::Passed, "{} {}", test.rule, test.name);
    }
    pack
}

fn added(source: MemorySource, answers: &RuleAnswers) -> (MemorySource, NewRule) {
    let rule = scaffold_rule(&source, answers).unwrap_or_else(|error| panic!("{error}"));
    let source = with_files(source, &rule.created);
    (with_files(source, rule.changed.as_slice()), rule)
}

#[test]
fn every_kind_of_the_crate_has_a_sketch() {
    let sketched: Vec<&str> = kind_sketches().iter().map(|sketch| sketch.kind).collect();
    assert_eq!(sketched, kinds());
}

#[test]
fn a_new_pack_and_a_new_rule_of_every_kind_are_sound_tested_and_in_shape() {
    let mut source = new_pack();
    sound(&source);
    for kind in kinds() {
        let rule;
        (source, rule) = added(source, &answers(kind));
        let pack = sound(&source);
        let tests = || pack.tests.iter().filter(|test| test.rule == rule.id);
        assert!(tests().any(|test| test.expects_silence()), "{kind}");
        assert!(tests().any(|test| !test.expects_silence()), "{kind}");
        // A second one beside it.
        (source, _) = added(source, &answers(kind));
    }
    assert_eq!(sound(&source).edits.len(), 1 + 2 * kinds().len());
    for path in crate::check::files(&source).unwrap() {
        let text = source.read(&path).unwrap();
        assert_eq!(format(&path, &text).unwrap(), text);
    }
}

#[test]
fn every_disposition_and_every_choice_of_what_to_hold_against_is_sound() {
    for disposition in cleanbill_model::Disposition::ALL {
        for kind in kinds() {
            let answers =
                RuleAnswers { disposition: disposition.as_str().to_owned(), ..answers(kind) };
            sound(&added(new_pack(), &answers).0);
        }
    }
    for (kind, with) in [
        ("requires_primary", "36556"),
        ("place_of_service", "11"),
        ("modifier_validity", "XS"),
        ("diagnosis_coverage", "Z00"),
        ("diagnosis_coverage", "I10."),
        ("duplicate_line", "XS"),
        ("require", "place_of_service"),
        ("require", "ordering_or_referring_provider"),
    ] {
        sound(&added(new_pack(), &RuleAnswers { with: vec![with.to_owned()], ..answers(kind) }).0);
    }
}

#[test]
fn a_pack_for_one_payer_gets_tests_of_that_payer() {
    let text = new_pack().read("pack.yaml").unwrap();
    let scoped = text + "applies_to: { payers: [ACME], claim_types: [institutional] }\n";
    let rules = "rules:\n  - id: a\n    title: t\n    require: { codes: [\"93970\"], must_have: place_of_service }\n    message: m\n    fix: f\n    source: [{ authority: a, document: d, kind: internal }]\n";
    let source =
        MemorySource::new("acme").with("pack.yaml", &scoped).with("rules/first-rule.yaml", rules);
    sound(&added(source, &answers("unit_limit")).0);
}

#[test]
fn an_answer_that_does_not_fit_is_refused_with_what_to_do() {
    let refused = |change: fn(&mut RuleAnswers)| {
        let mut answers = answers("mutually_exclusive");
        change(&mut answers);
        match scaffold_rule(&new_pack(), &answers) {
            Err(ScaffoldError::Refused { message, help }) => format!("{message}; {help}"),
            other => panic!("{other:?}"),
        }
    };
    for (shown, wanted) in [
        (refused(|a| a.kind = "unit_limits".to_owned()), "did you mean `unit_limit`?"),
        (refused(|a| a.disposition = "line_deny".to_owned()), "did you mean `line_denial`?"),
        (refused(|a| a.codes = vec!["9397".to_owned()]), "`9397` is not a CPT/HCPCS code"),
        (refused(|a| a.with.clear()), "add `--with 93985`"),
        (refused(|a| a.with = a.codes.clone()), "`93970` stands on both sides"),
        (
            refused(|a| (a.kind, a.with) = ("global_surgery".to_owned(), a.codes.clone())),
            "`93970` is a visit, and no surgery",
        ),
        (
            refused(|a| a.id = Some("acme-first-rule".to_owned())),
            "has a rule `acme-first-rule` already",
        ),
        (refused(|a| a.id = Some("No Name".to_owned())), "is not an id"),
        (refused(|a| a.file = Some("rules/first-rule.yaml".to_owned())), "is not overwritten"),
        (refused(|a| a.file = Some("other/x.yaml".to_owned())), "does not include `other/x.yaml`"),
    ] {
        assert!(shown.contains(wanted), "{shown}");
    }
    let name = PackAnswers { name: "../up".to_owned(), ..PackAnswers::default() };
    assert!(scaffold_pack(&name).is_err());
}

#[test]
fn a_table_joins_the_others_and_their_comments_stay_with_them() {
    let text = new_pack().read("pack.yaml").unwrap();
    let tables = "tables: # ours\n    # limits of the payer\n    limits: { file: tables/l.csv, key: [code] }\n";
    let source = with_files(
        new_pack()
            .with("pack.yaml", &format!("{text}{tables}"))
            .with("tables/l.csv", "code\n93970\n"),
        &[],
    );
    let (source, rule) = added(source, &answers("unit_limit"));
    sound(&source);
    assert_eq!(
        rule.changed.unwrap().text,
        format!(
            "{text}tables: # ours\n    unit_limit_93970: {{ file: tables/unit_limit_93970.csv, key: [code], effective: [from, through] }}\n{}",
            tables.strip_prefix("tables: # ours\n").unwrap()
        )
    );
    let in_one_line = new_pack().with("pack.yaml", &format!("{text}tables: {{}}\n"));
    assert!(matches!(
        scaffold_rule(&in_one_line, &answers("unit_limit")),
        Err(ScaffoldError::Refused { .. })
    ));
}
