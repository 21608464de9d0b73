//! `plugin_check` with a plugin that stands in for a loaded one.

use std::sync::Arc;

use cleanbill_engine::{EditFault, LineOutcome, Trigger, Truth, explain};
use cleanbill_model::{
    Claim, Disposition, EditInfo, Element, FaultKind, Finding, Modifier, Origin, Outcome, Period,
    Severity,
};
use cleanbill_rules::{
    ArgShape, CheckOffer, ClaimSketch, Loading, MemorySource, Pack, PluginCheck, PluginChecks,
    PluginOffer, PluginSays, PluginSide, Source, TestResult, load, run_test,
};

use super::{HEAD, PACK, indented};

/// Its check finds every line with modifier 59, and fails on a line with 99; it tells its arguments.
struct Notes([PluginOffer; 1]);

struct Finds59(String);

impl Notes {
    fn new() -> Self {
        let args = [
            ("codes", ArgShape::Texts),
            ("days", ArgShape::Number),
            ("extra", ArgShape::Any),
            ("mark", ArgShape::Text),
            ("strict", ArgShape::Flag),
        ];
        let check = |id: &str| CheckOffer {
            id: id.to_owned(),
            values: vec!["told".to_owned()],
            args: args.map(|(name, shape)| (name.to_owned(), shape)).to_vec(),
            message: "the notes know nothing of {code}".to_owned(),
            fix: "ask".to_owned(),
        };
        let checks = vec![check("acme/prior_auth"), check("acme/region")];
        let (name, version) = ("acme-notes".to_owned(), "1.2.3".to_owned());
        Self([PluginOffer { name, version, checks }])
    }
}

impl PluginChecks for Notes {
    fn plugins(&self) -> &[PluginOffer] {
        &self.0
    }

    fn check(&self, plugin: &str, id: &str, args: &str) -> Result<Box<dyn PluginCheck>, String> {
        assert_eq!((plugin, id), ("acme-notes", "acme/prior_auth"));
        match args.contains("\"days\":400") {
            true => Err("`days` is more than a year (status -2)".to_owned()),
            false => Ok(Box::new(Finds59(args.to_owned()))),
        }
    }
}

impl PluginCheck for Finds59 {
    fn trigger(&self) -> Trigger<'_> {
        Trigger::EveryClaim
    }

    fn judge(&self, claim: &Claim) -> Result<Vec<PluginSays>, EditFault> {
        let carrying = |modifier: &str| -> Vec<usize> {
            let modifier = Modifier::new(modifier.as_bytes()).unwrap();
            let lines = claim.lines.iter().enumerate();
            let found = lines.filter(|(_, line)| line.modifiers.iter().any(|own| own == modifier));
            found.map(|(index, _)| index).collect()
        };
        if !carrying("99").is_empty() {
            let message = "the plugin `acme-notes@1.2.3` panicked on this claim".to_owned();
            return Err(EditFault::new(FaultKind::PluginPanic, message));
        }
        let rule = Arc::new(EditInfo {
            id: "acme/prior_auth".to_owned(),
            title: "No note".to_owned(),
            kind: "plugin_check",
            origin: Origin::Plugin { plugin: "acme-notes@1.2.3".to_owned() },
            disposition: Disposition::ClaimDenial,
            severity: Severity::Error,
            on_unknown: Disposition::Suspend,
            remit: None,
            effective: Period::ALWAYS,
            owner: None,
            sources: Vec::new(),
        });
        let says = |line: Option<usize>| PluginSays {
            finding: Finding {
                edit: Arc::clone(&rule),
                outcome: Outcome::Fires,
                disposition: Disposition::ClaimDenial,
                severity: Severity::Error,
                remit: None,
                line,
                others: Vec::new(),
                element: Element::Modifiers,
                message: "the notes know nothing of it".to_owned(),
                why: "acme wants a note".to_owned(),
                fix: "ask".to_owned(),
                evidence: Vec::new(),
                defect: None,
                also: Vec::new(),
            },
            values: vec![self.0.clone()],
        };
        let whole = self.0.contains("\"mark\":\"claim\"").then_some(None);
        Ok(carrying("59").into_iter().map(Some).chain(whole).map(says).collect())
    }
}

fn with_pack(more: &str, rule: &str) -> MemorySource {
    MemorySource::new("sample")
        .with("pack.yaml", &format!("{PACK}{more}"))
        .with("covered_dx.csv", super::COVERED)
        .with("rules/a.yaml", rule)
}

/// The rule of [`HEAD`] with `rule` as its rest.
fn ruled(rule: &str) -> String {
    format!("{HEAD}{}", indented(rule))
}

/// A rule that has no words of its own.
fn wordless(rule: &str) -> String {
    let head: String = HEAD
        .lines()
        .filter(|line| !line.contains("message:") && !line.contains("fix:"))
        .map(|line| format!("{line}\n"))
        .collect();
    format!("{head}{}", indented(rule))
}

#[track_caller]
fn pack(source: &dyn Source) -> Pack {
    let notes = Notes::new();
    let loading = Loading { plugins: PluginSide::Loaded(&notes), ..Loading::default() };
    loading.load(source).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[track_caller]
fn mistakes(source: &dyn Source) -> String {
    let notes = Notes::new();
    let loading = Loading { plugins: PluginSide::Loaded(&notes), ..Loading::default() };
    loading.load(source).err().map_or_else(|| "no mistake".to_owned(), |m| m.render(false))
}

fn claim(lines: &[&str]) -> Claim {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    ClaimSketch::new(&lines).unwrap().claim(false).unwrap()
}

const CHECK: &str = "plugin_check: { plugin: acme-notes, check: prior_auth, args: { days: 90 } }\n";

#[test]
fn the_plugin_judges_and_the_pack_says_what_follows() {
    let rule = format!(
        "{CHECK}\
disposition: line_denial
severity: warning
effective: {{ from: 2026-01-01 }}
applies_to: {{ claim_types: [professional] }}
tests:
  - name: with 59
    claim: {{ lines: [\"93970-59\", \"93970\"] }}
    expect: {{ fires: [1], message: \"93970 on line 1\" }}
  - name: without 59
    claim: {{ lines: [\"93970\"] }}
    expect: {{ silent: {{ because: check }} }}
  - name: before the rule holds
    claim: {{ date: 2025-12-31, lines: [\"93970-59\"] }}
    expect: {{ silent: {{ because: effective }} }}
  - name: of a hospital
    claim: {{ type: institutional, lines: [\"93970-59\"] }}
    expect: {{ silent: {{ because: applies_to }} }}
"
    );
    let pack = pack(&with_pack("", &ruled(&rule)));
    assert_eq!(pack.tests.len(), 4);
    for test in &pack.tests {
        assert_eq!(run_test(&pack, test), TestResult::Passed, "{}", test.name);
    }
    let used = pack.plugin_uses.first().unwrap();
    assert_eq!((used.plugin.as_str(), used.check.as_str()), ("acme-notes", "acme/prior_auth"));

    let seen = explain(pack.edits[0].as_ref(), "sample", &claim(&["93970-59", "93985"])).unwrap();
    let [first, second] = seen.lines.as_slice() else { panic!("two lines") };
    let LineOutcome::Found(found) = &first.outcome else { panic!("a finding") };
    assert_eq!(
        (found[0].severity.as_str(), found[0].fix.as_str()),
        ("warning", "Correct the line.")
    );
    assert_eq!(found[0].disposition.as_str(), "line_denial");
    assert_eq!(found[0].why, "acme wants a note");
    let told: Vec<_> =
        first.steps.iter().map(|step| (step.clause, step.truth, step.detail.as_str())).collect();
    assert_eq!(
        told,
        [
            ("effective", Truth::Yes, "2026-03-02; the rule holds from 2026-01-01"),
            ("check", Truth::Yes, "`acme-notes@1.2.3` found `acme/prior_auth`"),
        ]
    );
    assert_eq!(second.outcome, LineOutcome::Silent { because: "check" });
    let detail = &second.steps.last().unwrap().detail;
    assert_eq!(detail, "`acme-notes@1.2.3` found nothing under `acme/prior_auth`");
}

#[test]
fn a_rule_without_words_has_those_of_the_plugin_and_no_other_kind_does() {
    let source = with_pack("", &wordless(CHECK));
    let pack = pack(&source);
    let seen = explain(pack.edits[0].as_ref(), "sample", &claim(&["93970-59"])).unwrap();
    let LineOutcome::Found(found) = &seen.lines[0].outcome else { panic!("a finding") };
    assert_eq!(
        (found[0].message.as_str(), found[0].fix.as_str()),
        ("the notes know nothing of it", "ask")
    );

    let told = mistakes(&with_pack(
        "",
        &wordless("require: { codes: [\"93970\"], must_have: pointed_diagnosis }\n"),
    ));
    for key in ["message", "fix"] {
        assert!(told.contains(&format!("error[E1006]: the key `{key}` is missing")), "{told}");
    }
    assert!(told.contains("rules/a.yaml:2:5"), "{told}");
}

#[test]
fn a_finding_on_the_claim_follows_the_last_day_of_the_claim() {
    let rule = "plugin_check: { plugin: acme-notes, check: prior_auth, args: { mark: claim } }\n";
    let pack = pack(&with_pack("effective: { through: 2026-03-02 }\n", &ruled(rule)));
    for (lines, count) in [(["93970", "93970"], 1), (["93970", "93970 @2026-03-03"], 0)] {
        let seen = explain(pack.edits[0].as_ref(), "sample", &claim(&lines)).unwrap();
        assert_eq!(seen.claim.len(), count, "{lines:?}");
        assert!(seen.claim.iter().all(|found| found.message == "none on line none"));
    }
}

#[test]
fn a_failure_of_the_plugin_is_a_fault_of_the_rule() {
    let pack = pack(&with_pack("", &ruled(CHECK)));
    let fault = explain(pack.edits[0].as_ref(), "sample", &claim(&["93970-99"])).unwrap_err();
    assert_eq!(fault.kind, FaultKind::PluginPanic);
}

#[test]
fn arguments_are_handed_on_as_what_the_plugin_says_they_are() {
    let rule = "\
plugin_check:
  plugin: acme-notes
  check: acme/prior_auth
  args:
    days: 90
    codes: [93970, 00100, \"93971\", $venous]
    mark: 0450
    strict: true
    extra: { limit: 412.50, code: 00100, list: [1, \"1\", yes] }
message: \"{told}\"
";
    let source = with_pack("", &wordless(&format!("{rule}fix: Correct the line.\n")));
    let pack = pack(&source);
    let seen = explain(pack.edits[0].as_ref(), "sample", &claim(&["93970-59"])).unwrap();
    let LineOutcome::Found(found) = &seen.lines[0].outcome else { panic!("a finding") };
    assert_eq!(
        found[0].message,
        r#"{"days":90,"codes":["93970","00100","93971","93970","93971"],"mark":"0450","strict":true,"extra":{"limit":412.50,"code":"00100","list":[1,"1","yes"]}}"#
    );
}

#[test]
fn every_mistake_is_told_where_it_stands() {
    let args = |args: &str| {
        ruled(&format!("plugin_check: {{ plugin: acme-notes, check: prior_auth, args: {args} }}\n"))
    };
    let cases = [
        ("an argument that is not taken", args("{ dayz: 90 }")),
        (
            "an argument of another shape",
            args("{ days: \"90\", strict: yes, codes: 93970, mark: [a] }"),
        ),
        ("an unknown value set", args("{ codes: $venus }")),
        ("the plugin refuses", args("{ days: 400 }")),
        ("an unknown check", ruled("plugin_check: { plugin: acme-notes, check: prior_aut }\n")),
        ("an unknown plugin", ruled("plugin_check: { plugin: acme-note, check: prior_auth }\n")),
        ("an unknown placeholder", ruled(CHECK).replace("{code}", "{tolld}")),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(name, rule)| format!("# {name}\n{}\n", mistakes(&with_pack("", rule))))
        .collect();
    insta::with_settings!({
        omit_expression => true,
        prepend_module_to_snapshot => false,
        snapshot_path => "../snapshots",
    }, {
        insta::assert_snapshot!("plugin_mistakes", told.join("\n"));
    });
}

#[test]
fn what_a_pack_requires_is_asked_before_its_rules() {
    let requires = |name: &str, version: &str, check: &str| {
        let more = format!(
            "requires:\n  plugins:\n    - {{ name: {name}, version: \"{version}\", checks: [{check}] }}\n"
        );
        mistakes(&with_pack(&more, &ruled(CHECK)))
    };
    assert_eq!(requires("acme-notes", "^1.2", "prior_auth, acme/region"), "no mistake");
    for (told, words) in [
        (
            requires("acme-notes", "^2.0", "prior_auth"),
            [
                "error[E2009]: the plugin `acme-notes` is at version 1.2.3, and the pack requires `^2.0`",
                "pack.yaml:",
            ],
        ),
        (
            requires("acme-notes", "two", "prior_auth"),
            ["error[E2009]: `two` does not say", "pack.yaml:"],
        ),
        (
            requires("acme-notes", "^1", "regoin"),
            [
                "error[E2008]: the plugin `acme-notes` 1.2.3 has no check `regoin`, which the pack requires of `^1`",
                "did you mean `region`?",
            ],
        ),
        (
            requires("acme-note", "^1", "x"),
            [
                "error[E2006]: the plugin `acme-note` is not loaded, and the pack `sample@1.0.0` requires it",
                "did you mean `acme-notes`",
            ],
        ),
    ] {
        assert!(words.iter().all(|words| told.contains(words)), "{told}");
    }
}

#[test]
fn a_pack_says_which_versions_of_the_program_will_do() {
    let requires = |engine: &str| {
        let more = format!("requires: {{ engine: \"{engine}\" }}\n");
        mistakes(&with_pack(&more, &ruled(CHECK)))
    };
    let own = env!("CARGO_PKG_VERSION");
    assert_eq!(requires(">=0.1, <999"), "no mistake");
    let told = requires(">=998, <999");
    let words = format!(
        "error[E2011]: this is cleanbill {own}, and the pack `sample@1.0.0` requires `>=998, <999`"
    );
    assert!(told.contains(&words) && told.contains("pack.yaml:"), "{told}");
    let told = requires("two");
    assert!(told.contains("error[E2011]: `two` does not say which versions"), "{told}");
}

#[test]
fn without_its_plugin_a_rule_is_a_mistake_or_left_out_and_never_silent() {
    let rule = format!(
        "{CHECK}tests:\n  - {{ name: a, claim: {{ lines: [\"93970\"] }}, expect: {{ fires: 1 }} }}\n"
    );
    let source = with_pack("", &ruled(&rule));
    let told = load(&source).err().unwrap().render(false);
    for words in
        ["error[E2006]: the plugin `acme-notes` is not loaded", "rule `sample`", "`--plugins FILE`"]
    {
        assert!(told.contains(words), "{told}");
    }
    let left_out = Loading { plugins: PluginSide::LeftOut, ..Loading::default() };
    let pack = left_out.load(&source).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert!(pack.edits.is_empty());
    let [(id, place)] = pack.left_out.as_slice() else { panic!("one rule") };
    assert_eq!((id.as_str(), place.line), ("sample", 2));
    // Everything else of the rule is still checked.
    let wrong = with_pack("", &ruled(&rule).replace("title:", "disposition: denied\n    title:"));
    let told = left_out.load(&wrong).err().unwrap().render(false);
    assert!(told.contains("`denied` is not a disposition"), "{told}");
}
