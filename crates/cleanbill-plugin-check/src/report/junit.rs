//! The report as JUnit XML, for CI servers.

use quick_junit::{NonSuccessKind, Report as JunitReport, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use crate::outcome::Outcome;

impl Report {
    /// The report as JUnit XML.
    ///
    /// # Errors
    /// The text cannot be written as XML.
    pub fn to_junit(&self) -> Result<String, quick_junit::SerializeError> {
        let mut suite = TestSuite::new(format!("plugins check {}", self.id));
        for result in &self.results {
            let status = match &result.outcome {
                Outcome::Pass => TestCaseStatus::success(),
                Outcome::Skip(why) => {
                    let mut status = TestCaseStatus::skipped();
                    status.set_message(why.as_str());
                    status
                }
                Outcome::Fail(why) => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_message(why.as_str());
                    status.set_description(format!("{why}\nagain: {}", self.again(result.test.id)));
                    status
                }
            };
            let mut case =
                TestCase::new(format!("{} {}", result.test.id, result.test.asks), status);
            case.set_classname(self.id.as_str());
            suite.add_test_case(case);
        }
        let mut report = JunitReport::new("cleanbill plugins check");
        report.add_test_suite(suite);
        report.to_string()
    }
}
