//! The harness holds a plugin to its manifest: what it asks to see, which rules it has and what their findings
//! bring.

use cleanbill_plugin_sdk::testing::{Failure, PluginTest, TestClaim, TestLine};
use cleanbill_plugin_sdk::{ClaimView, ConfigError, Exported, Findings, NoConfig, Plugin, Rule};

/// Does what the payer id says.
struct Told;

impl Plugin for Told {
    type Config = NoConfig;

    fn create(_: NoConfig) -> Result<Self, ConfigError> {
        Ok(Self)
    }

    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        let too_many = claim.lines().filter(|line| line.units_thousandths() > 2000).count();
        match claim.payer_id() {
            "RULE" => out.find(Rule::at(1)).emit(),
            "LINE" => out.find(Rule::at(0)).on_line(2).arg("most", 1).emit(),
            "NO-VALUE" => out.find(Rule::at(0)).emit(),
            "TWICE" => out.find(Rule::at(0)).arg("most", 1).arg("most", 1).emit(),
            "STRAY" => out.find(Rule::at(0)).arg("most", 1).arg("least", 1).emit(),
            "CODES" => assert!(claim.lines().all(|line| line.code().is_empty())),
            _ if too_many > 0 => out.find(Rule::at(0)).on_line(1).arg("most", 2).emit(),
            _ => {}
        }
    }
}

impl Exported for Told {
    const MANIFEST: &'static str = r#"{
        "reads": ["claim.payer_id", "line.units"],
        "rules": [{"id": "told/too-many", "args": {"most": "count"}, "examples": [
            {"title": "three units", "claim": {"payer": "A", "lines": [{"procedure": "93970", "units": "3"}]},
             "expect": [{"line": 1, "args": {"most": "2"}}]},
            {"claim": {"payer": "A", "lines": [{"procedure": "93970", "units": 2}]}, "expect": []}
        ]}]
    }"#;
}

fn told(payer: &str) -> Result<usize, Failure> {
    let claim = TestClaim::new(payer).line(TestLine::new("93970-59"));
    PluginTest::<Told>::new().check(&claim).map(|found| found.len())
}

#[test]
fn what_the_manifest_does_not_ask_for_comes_empty() {
    assert_eq!(told("CODES"), Ok(0));
}

#[test]
fn a_finding_that_the_manifest_does_not_declare_fails_the_test() {
    for (payer, words) in [
        ("RULE", "a finding of rule 1, and the manifest has 1"),
        ("LINE", "`told/too-many` names a line, and the claim has 1"),
        ("NO-VALUE", "`told/too-many` gives the value `most` 0 times"),
        ("TWICE", "`told/too-many` gives the value `most` 2 times"),
        ("STRAY", "`told/too-many` gives the value `least`, which its `args` lack"),
    ] {
        assert_eq!(told(payer), Err(Failure::Manifest(words.to_owned())));
    }
}

#[test]
fn the_examples_of_the_manifest_are_run() {
    assert_eq!(PluginTest::<Told>::new().examples(), Ok(()));
}

/// [`Told`] with an example that does not hold, and one that is no claim.
struct Boasts;

impl Plugin for Boasts {
    type Config = NoConfig;

    fn create(_: NoConfig) -> Result<Self, ConfigError> {
        Ok(Self)
    }

    fn check(&self, _: ClaimView<'_>, _: &mut Findings<'_>) {}
}

impl Exported for Boasts {
    const MANIFEST: &'static str = r#"{"rules": [{"id": "a/b", "examples": [
        {"title": "late", "claim": {"payer": "A"}, "expect": [{"line": 1}]},
        {"claim": {"lines": [{"from": "today"}]}, "expect": []}
    ]}]}"#;
}

#[test]
fn an_example_that_does_not_hold_is_named() {
    let told = PluginTest::<Boasts>::new().examples().unwrap_err();
    let [first, second] = told.lines().collect::<Vec<_>>().try_into().unwrap();
    assert!(first.starts_with("`a/b`, example 1 late: found [], expected ["), "{first}");
    assert_eq!(second, "`a/b`, example 2 : `from` is not a day, such as 2026-03-02");
}

#[test]
fn claim_json_is_read_as_a_run_reads_it() {
    let json = r#"{"claim_id":"1","type":"professional","payer":"A","place_of_service":"22","charge":"412.5",
        "patient":{"id":"ZZPHIZZ"},"diagnoses":["N18.6"],
        "lines":[{"number":1,"procedure":"93970","units":2.5,"charge":412.5,"from":"2026-03-02"}]}"#;
    let found = PluginTest::<Told>::new().check(&TestClaim::from_json(json).unwrap()).unwrap();
    assert_eq!(found.len(), 1);
    for (json, words) in [
        (r#"{"charge":"1.234"}"#, "`charge` is not a number with at most 2 places"),
        (r#"{"submitted":"2026-3-2"}"#, "`submitted` is not a day, such as 2026-03-02"),
    ] {
        assert_eq!(TestClaim::from_json(json).unwrap_err(), words);
    }
}
