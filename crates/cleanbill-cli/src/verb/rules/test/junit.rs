//! Results as JUnit XML: one suite for each rule.

use std::io::{self, Write};

use cleanbill_rules::{Mismatch, TestRun, TestStatus};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::results::{Results, Test};

/// Writes the report. It holds no time: the same tests give the same bytes.
pub fn write(out: &mut dyn Write, results: &Results<'_>) -> io::Result<()> {
    let mut report = Report::new("cleanbill rules test");
    for rule in &results.rules {
        let mut suite = TestSuite::new(format!("{}::{}", rule.origin, rule.id));
        suite.add_test_cases(rule.tests.iter().map(|(test, run)| case(test, run)));
        report.add_test_suite(suite);
    }
    report.serialize(&mut *out).map_err(io::Error::other)
}

fn case(test: &Test<'_>, run: &TestRun) -> TestCase {
    let status = match (run.status, &run.mismatch) {
        (TestStatus::Failed, Some(mismatch)) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type(mismatch.kind.as_str())
                .set_message(mismatch.message.as_str())
                .set_description(description(test, mismatch));
            status
        }
        (TestStatus::Todo | TestStatus::TodoPassed, _) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message("todo");
            status
        }
        _ => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(test.name.as_ref(), status);
    case.set_classname(test.rule);
    case
}

fn description(test: &Test<'_>, mismatch: &Mismatch) -> String {
    let mut text = format!("{}\n", test.place);
    for line in &mismatch.claim {
        text.push_str(&format!("claim   {line}\n"));
    }
    for line in &mismatch.others {
        text.push_str(&format!("beside  {line}\n"));
    }
    for fact in &mismatch.facts {
        text.push_str(&format!(
            "line {}  {}  {}  {}\n",
            fact.line, fact.outcome, fact.clause, fact.detail
        ));
    }
    text
}
