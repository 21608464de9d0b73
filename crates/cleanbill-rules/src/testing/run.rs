//! A test run on its rule, with its lines as given and reversed.

use cleanbill_engine::{Edit, Explanation, LineOutcome, Subject, explain};
use cleanbill_model::{Claim, Finding, Outcome, ServiceDate};

use super::body::{Body, Expect};
use super::mismatch::{Mismatch, MismatchKind};
use super::surroundings::TestSurroundings;
use crate::check::{Pack, PackTest};
use crate::declare::CountDecl;
use crate::waiver::waived;

/// Reads the one claim of a claim file out of its text, or says in a sentence why it cannot.
pub type ReadClaim<'a> = &'a dyn Fn(&str) -> Result<Claim, String>;

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestResult {
    /// As expected, in both orders of the lines.
    Passed,
    /// Not as expected: what was expected, and what came out.
    Failed(String),
}

/// How a test counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// As expected.
    Passed,
    /// Not as expected.
    Failed,
    /// Not as expected, and marked `todo`: no failure.
    Todo,
    /// As expected although marked `todo`: the mark can go.
    TodoPassed,
}

/// A test that was run.
#[derive(Clone, Debug, PartialEq)]
pub struct TestRun {
    /// How it counts.
    pub status: TestStatus,
    /// Why it is not as expected.
    pub mismatch: Option<Mismatch>,
    /// What the rule made of each line, the lines as given; none when the rule could not run.
    pub explanation: Option<Explanation>,
}

/// Runs tests of one pack.
#[derive(Clone, Copy)]
pub struct Tester<'a> {
    pack: &'a Pack,
    read: ReadClaim<'a>,
}

impl PackTest {
    /// Whether the test expects the rule to say nothing.
    #[must_use]
    pub const fn expects_silence(&self) -> bool {
        self.body.expects_silence()
    }

    /// The day that stands for today in the test.
    #[must_use]
    pub const fn as_of(&self) -> Option<ServiceDate> {
        self.body.as_of
    }

    /// The claim of the test, for snapshots and explanations.
    ///
    /// # Errors
    /// A sentence when the claim cannot be made; a claim file is read by [`Tester::claim`].
    pub fn claim(&self) -> Result<Claim, String> {
        self.body.claim.claim(&no_claim_files, false)
    }

    /// What stands beside `claim`, the claim of the test.
    ///
    /// # Errors
    /// A sentence when a claim cannot be made.
    pub fn surroundings(&self, claim: &Claim) -> Result<TestSurroundings, String> {
        self.body.surroundings(claim, false)
    }
}

/// Runs `test`, a test of `pack` that needs no claim file, with its lines as given and reversed.
#[must_use]
pub fn run_test(pack: &Pack, test: &PackTest) -> TestResult {
    match Tester::new(pack, &no_claim_files).run(test).mismatch {
        None => TestResult::Passed,
        Some(mismatch) => TestResult::Failed(mismatch.message),
    }
}

fn no_claim_files(_: &str) -> Result<Claim, String> {
    Err("nothing here can read claim files".to_owned())
}

impl<'a> Tester<'a> {
    /// A tester of `pack`; `read` reads claim files.
    #[must_use]
    pub const fn new(pack: &'a Pack, read: ReadClaim<'a>) -> Self {
        Self { pack, read }
    }

    /// The pack.
    #[must_use]
    pub const fn pack(&self) -> &'a Pack {
        self.pack
    }

    /// The claim of a test.
    ///
    /// # Errors
    /// A sentence when the claim cannot be made or its file cannot be read.
    pub fn claim(&self, test: &PackTest) -> Result<Claim, String> {
        test.body.claim.claim(self.read, false)
    }

    /// Runs `test`, a test of this pack, with its lines as given and reversed.
    #[must_use]
    pub fn run(&self, test: &PackTest) -> TestRun {
        let mut explanation = None;
        let mut mismatch = self.mismatch(test, &mut explanation);
        let rule = self.pack.outline.rules.iter().find(|rule| rule.id == test.rule);
        if let Some(mismatch) = &mut mismatch {
            mismatch.others = test.body.others();
        }
        if let (Some(mismatch), Some(rule)) = (&mut mismatch, rule) {
            for fact in &mut mismatch.facts {
                if let Some(values) = rule.lists.get(fact.clause) {
                    fact.list(values);
                }
            }
        }
        let status = match (test.todo, &mismatch) {
            (false, None) => TestStatus::Passed,
            (false, Some(_)) => TestStatus::Failed,
            (true, Some(_)) => TestStatus::Todo,
            (true, None) => TestStatus::TodoPassed,
        };
        TestRun { status, mismatch, explanation }
    }

    fn mismatch(&self, test: &PackTest, kept: &mut Option<Explanation>) -> Option<Mismatch> {
        let edits = &self.pack.edits;
        let edit = edits.iter().find(|edit| edit.infos().iter().any(|info| info.id == test.rule));
        let Some(edit) = edit else {
            return Some(Mismatch::broken(format!("the rule `{}` is not in the pack", test.rule)));
        };
        let body = &test.body;
        let seen = |reversed| match &body.expect {
            // Other tests see what the rule itself says.
            Expect::Waived(_) => {
                let edit = waived(edit.as_ref(), &self.pack.waivers, body.as_of);
                seen(&edit, &test.rule, body, self.read, reversed)
            }
            _ => seen(edit.as_ref(), &test.rule, body, self.read, reversed),
        };
        let (claim, explanation) = match seen(false) {
            Ok(seen) => seen,
            Err(broken) => return Some(broken),
        };
        let given = body.judge(&explanation, &claim);
        *kept = Some(explanation);
        given.or_else(|| match seen(true) {
            Ok((claim, explanation)) => body.judge(&explanation, &claim).map(|mut mismatch| {
                mismatch.message.push_str(" with the lines in reverse order");
                mismatch
            }),
            Err(broken) => Some(broken),
        })
    }
}

fn seen(
    edit: &dyn Edit,
    id: &str,
    body: &Body,
    read: ReadClaim<'_>,
    reversed: bool,
) -> Result<(Claim, Explanation), Mismatch> {
    let claim = body.claim.claim(read, reversed).map_err(Mismatch::broken)?;
    let surroundings = body.surroundings(&claim, reversed).map_err(Mismatch::broken)?;
    let mut beside = Vec::new();
    let history = surroundings.history(&claim, &mut beside);
    let seen = explain(edit, id, Subject { claim: &claim, history, as_of: body.as_of })
        .map_err(|fault| Mismatch::broken(format!("the rule could not run: {}", fault.message)))?;
    Ok((claim, seen))
}

impl Body {
    /// Why what was seen is not what was expected.
    fn judge(&self, seen: &Explanation, claim: &Claim) -> Option<Mismatch> {
        let on_lines = seen.lines.iter().flat_map(|line| match &line.outcome {
            LineOutcome::Found(found) => found.as_slice(),
            LineOutcome::Silent { .. } => &[],
        });
        let findings: Vec<&Finding> = seen.claim.iter().chain(on_lines).collect();
        match &self.expect {
            Expect::Silent(clause) => silent(clause, seen, &findings, claim),
            Expect::Fires(count) => self.found(Outcome::Fires, count, &findings, seen, claim),
            Expect::Undetermined(count) => {
                self.found(Outcome::Undetermined, count, &findings, seen, claim)
            }
            Expect::Waived(count) => self.found(Outcome::Waived, count, &findings, seen, claim),
        }
    }

    fn found(
        &self,
        outcome: Outcome,
        count: &CountDecl,
        findings: &[&Finding],
        seen: &Explanation,
        claim: &Claim,
    ) -> Option<Mismatch> {
        let mut lines: Vec<u32> = findings
            .iter()
            .filter(|finding| finding.outcome == outcome)
            .filter_map(|finding| Some(claim.lines.get(finding.line?)?.number))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let (right, wanted, too_few) = match count {
            CountDecl::Lines(wanted) => {
                (lines.len() == *wanted, format!("on {wanted} lines"), lines.len() < *wanted)
            }
            CountDecl::These(wanted) => (
                lines == *wanted,
                format!("on lines {wanted:?}"),
                wanted.iter().any(|line| !lines.contains(line)),
            ),
        };
        let others = findings.iter().any(|finding| finding.outcome != outcome);
        if !right || others {
            let kind = match (too_few, findings.is_empty()) {
                (_, true) => MismatchKind::Missing,
                (true, false) if !others => MismatchKind::Missing,
                (true, false) => MismatchKind::Wrong,
                (false, false) => MismatchKind::Noisy,
            };
            let expected = format!("expected `{}` {wanted}", outcome.as_str());
            return Some(Mismatch::new(kind, &expected, None, seen, claim));
        }
        findings.iter().find_map(|finding| self.words(finding)).map(|message| Mismatch {
            message,
            ..Mismatch::new(MismatchKind::Wrong, "", None, seen, claim)
        })
    }

    /// What is wrong with the disposition or the words of a finding.
    fn words(&self, finding: &Finding) -> Option<String> {
        if let Some(wanted) = self.disposition.filter(|wanted| *wanted != finding.disposition) {
            return Some(format!(
                "expected disposition {}, but it is {}",
                wanted.as_str(),
                finding.disposition.as_str()
            ));
        }
        let part = self.message.as_ref().filter(|part| !finding.message.contains(*part))?;
        Some(format!("expected a message with `{part}`, but it is `{}`", finding.message))
    }
}

fn silent(
    clause: &str,
    seen: &Explanation,
    findings: &[&Finding],
    claim: &Claim,
) -> Option<Mismatch> {
    let decided = seen
        .lines
        .iter()
        .any(|line| matches!(&line.outcome, LineOutcome::Silent { because } if *because == clause));
    let kind = match (findings.is_empty(), decided) {
        (true, true) => return None,
        (true, false) => MismatchKind::Wrong,
        (false, _) => MismatchKind::Noisy,
    };
    let expected = format!("expected silence because of `{clause}`");
    Some(Mismatch::new(kind, &expected, Some(clause), seen, claim))
}
