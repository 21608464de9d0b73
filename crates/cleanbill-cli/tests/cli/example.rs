//! The example that a newcomer runs first: planted conflicts in every direction.

use crate::command::{at_top, records, snapshot};

const EXAMPLE: &str = "examples/clinic-day.837";

#[test]
fn the_example_shows_every_planted_conflict() {
    let ran = at_top(&["validate", EXAMPLE]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:?}");
    snapshot("example_text", &ran.stdout);
}

#[test]
fn the_records_of_the_example_name_the_denied_line_in_each_direction() {
    let ran = at_top(&["validate", EXAMPLE, "--format", "ndjson"]);
    assert_eq!(ran.code, Some(1));
    let seen: Vec<String> = records(&ran.stdout)
        .iter()
        .filter(|record| record["type"] == "finding")
        .map(|record| {
            format!(
                "{} {} line {} {}",
                record["claim"].as_str().unwrap(),
                record["rule"].as_str().unwrap(),
                record["line"],
                record["disposition"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            // 93985 is paid over 93970, and 93970 over 93986.
            "RV-1001 93970-access-mapping line 2 line_denial",
            "RV-1002 93970-access-mapping line 2 line_denial",
            "RV-1003 93970-access-mapping line 2 informational",
            "RV-1004 93970-access-mapping line 2 suspend",
            "RV-1005 vascular-study-pair line 2 line_denial",
            "RV-1007 units-over-mue line 1 line_denial",
            "RV-1008 side-on-bilateral-study line 1 return_to_provider",
            "RV-1009 technical-part-in-facility line 1 return_to_provider",
            "RV-1011 vascular-study-pair line 2 line_denial",
            "RV-1012 ncci-pair-93970 line 2 line_denial",
            "RV-1013 vascular-study-pair line 2 informational",
            "RV-1014 code-not-valid-on-date line 2 line_rejection",
            "RV-1016 vascular-study-pair line 2 line_denial",
        ]
    );
}

#[test]
fn two_runs_give_the_same_bytes() {
    let run = || at_top(&["validate", EXAMPLE, "--format", "ndjson"]).stdout;
    assert_eq!(run(), run());
}

#[test]
fn the_claim_in_json_is_read_and_named_in_its_own_terms() {
    let ran = at_top(&["validate", "examples/one-claim.json", "--format", "ndjson"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    let finding = &ran.records()[0];
    assert_eq!(finding["rule"], "93970-access-mapping");
    assert_eq!(finding["disposition"], "informational");
    assert_eq!(finding["location"]["element"], "procedure");
}
