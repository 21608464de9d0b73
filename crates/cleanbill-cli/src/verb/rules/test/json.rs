//! Results as one JSON document; members are only ever added.

use std::io::{self, Write};

use cleanbill_rules::{Coverage, Mismatch, Share, TestRun, TestStatus};
use serde::Serialize;

use super::results::{self, Count, Results};

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tests: Vec<Test<'a>>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<Covered<'a>>,
}

#[derive(Serialize)]
struct Test<'a> {
    pack: &'a str,
    rule: &'a str,
    name: &'a str,
    place: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mismatch: Option<Why<'a>>,
}

#[derive(Serialize)]
struct Why<'a> {
    kind: &'static str,
    message: &'a str,
    claim: &'a [String],
    /// Lines of the other claims of the test.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    others: &'a [String],
    facts: Vec<Fact<'a>>,
}

#[derive(Serialize)]
struct Fact<'a> {
    line: u32,
    outcome: &'a str,
    clause: &'a str,
    truth: String,
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    listed: Option<&'a str>,
}

#[derive(Serialize)]
struct Summary {
    passed: usize,
    failed: usize,
    todo: usize,
}

#[derive(Serialize)]
struct Covered<'a> {
    fired: Of,
    near_miss: Of,
    clauses: Of,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Of {
    part: usize,
    whole: usize,
}

#[derive(Serialize)]
struct Rule<'a> {
    rule: &'a str,
    place: String,
    fired: bool,
    near_miss: bool,
    clauses: Vec<Clause<'a>>,
}

#[derive(Serialize)]
struct Clause<'a> {
    clause: &'a str,
    place: String,
    yes: u32,
    no: u32,
    unknown: u32,
}

/// Writes the document.
pub fn write(out: &mut dyn Write, results: &Results<'_>, coverage: bool) -> io::Result<()> {
    let Count { passed, failed, todo } = results.count();
    let tests = results
        .rules
        .iter()
        .flat_map(|rule| rule.tests.iter().map(|(test, run)| self::test(rule.origin, test, run)));
    let document = Document {
        schema: 1,
        tests: tests.collect(),
        summary: Summary { passed, failed, todo },
        coverage: coverage.then(|| covered(&results.coverage)),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn test<'a>(pack: &'a str, test: &'a results::Test<'_>, run: &'a TestRun) -> Test<'a> {
    Test {
        pack,
        rule: test.rule,
        name: &test.name,
        place: &test.place,
        status: match run.status {
            TestStatus::Passed => "passed",
            TestStatus::Failed => "failed",
            TestStatus::Todo => "todo",
            TestStatus::TodoPassed => "todo_passed",
        },
        mismatch: run.mismatch.as_ref().map(why),
    }
}

fn why(mismatch: &Mismatch) -> Why<'_> {
    Why {
        kind: mismatch.kind.as_str(),
        message: &mismatch.message,
        claim: &mismatch.claim,
        others: &mismatch.others,
        facts: mismatch
            .facts
            .iter()
            .map(|own| Fact {
                line: own.line,
                outcome: &own.outcome,
                clause: own.clause,
                truth: own.truth.to_string(),
                detail: &own.detail,
                listed: own.listed.as_deref(),
            })
            .collect(),
    }
}

fn covered(coverage: &Coverage) -> Covered<'_> {
    let of = |Share { part, whole }| Of { part, whole };
    Covered {
        fired: of(coverage.fired()),
        near_miss: of(coverage.near_misses()),
        clauses: of(coverage.clauses()),
        rules: coverage
            .rules
            .iter()
            .map(|rule| Rule {
                rule: &rule.id,
                place: rule.place.to_string(),
                fired: rule.fired,
                near_miss: rule.near_miss,
                clauses: rule
                    .clauses
                    .iter()
                    .map(|clause| Clause {
                        clause: clause.name,
                        place: clause.place.to_string(),
                        yes: clause.yes,
                        no: clause.no,
                        unknown: clause.unknown,
                    })
                    .collect(),
            })
            .collect(),
    }
}
