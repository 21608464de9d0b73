//! Tests inside a rule: checked when the pack loads, run on demand, each in both orders of its lines.

use cleanbill_engine::{Edit, Explanation, LineOutcome, explain};
use cleanbill_model::{
    Claim, ClaimType, DiagnosisCode, Disposition, FilingIndicator, Finding, Frequency, Npi,
    Outcome, Phi, PlaceOfService, Provider, ServiceDate, Sex,
};

use crate::check::{Cx, Pack, PackTest};
use crate::declare::{ClaimDecl, CountDecl, TestDecl};
use crate::diagnostic::{Code, suggest};
use crate::shorthand::{ClaimSketch, dates};
use crate::yaml::Node;

/// A checked test.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    sketch: ClaimSketch,
    expect: Expect,
    disposition: Option<Disposition>,
    message: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Expect {
    Fires(CountDecl),
    Undetermined(CountDecl),
    Silent(&'static str),
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestResult {
    /// As expected, in both orders of the lines.
    Passed,
    /// Not as expected: what was expected, and what came out.
    Failed(String),
}

impl PackTest {
    /// Whether the test expects the rule to say nothing.
    #[must_use]
    pub const fn expects_silence(&self) -> bool {
        matches!(self.body.expect, Expect::Silent(_))
    }

    /// The claim of the test, for snapshots and explanations.
    ///
    /// # Errors
    /// A sentence when the claim cannot be made.
    pub fn claim(&self) -> Result<Claim, String> {
        self.body.sketch.claim(false).map_err(|error| error.to_string())
    }
}

/// Runs `test`, a test of `pack`, with its lines as given and reversed.
#[must_use]
pub fn run_test(pack: &Pack, test: &PackTest) -> TestResult {
    let edit = pack.edits.iter().find(|edit| edit.infos().iter().any(|info| info.id == test.rule));
    let Some(edit) = edit else {
        return TestResult::Failed(format!("the rule `{}` is not in the pack", test.rule));
    };
    for reversed in [false, true] {
        if let Err(reason) = test.body.run(edit.as_ref(), &test.rule, reversed) {
            let order = if reversed { " with the lines in reverse order" } else { "" };
            return TestResult::Failed(format!("{reason}{order}"));
        }
    }
    TestResult::Passed
}

impl Body {
    /// Checks a declared test; `clauses` are those of the rule's kind.
    pub(crate) fn check(
        cx: &Cx<'_>,
        at: &Node,
        decl: &TestDecl,
        clauses: &[&'static str],
    ) -> Option<Self> {
        let sketch = sketch(cx, at.get("claim"), &decl.claim);
        let at = at.get("expect");
        let expect = match (&decl.expect.fires, &decl.expect.undetermined, &decl.expect.silent) {
            (Some(count), None, None) => Expect::Fires(count.clone()),
            (None, Some(count), None) => Expect::Undetermined(count.clone()),
            (None, None, Some(silent)) => {
                let known = clauses.iter().find(|clause| **clause == silent.because);
                let Some(clause) = known else {
                    cx.error(
                        Code::UnknownClause,
                        &at.get("silent").get("because").span,
                        format!("test `{}` expects silence because of `{}`, which is not a clause of this kind of rule", decl.name, silent.because),
                        suggest(&silent.because, clauses.iter().copied()),
                    );
                    return None;
                };
                Expect::Silent(clause)
            }
            _ => {
                cx.error(
                    Code::BadTest,
                    &at.span,
                    format!("test `{}` must expect exactly one thing", decl.name),
                    "give `fires`, `undetermined` or `silent`".to_owned(),
                );
                return None;
            }
        };
        let known = Disposition::ALL.map(|d| (d.as_str(), d));
        let disposition =
            decl.expect.disposition.as_ref().and_then(|text| {
                cx.word(&at.get("disposition").span, text, "a disposition", &known)
            });
        Some(Self { sketch: sketch?, expect, disposition, message: decl.expect.message.clone() })
    }

    fn run(&self, edit: &dyn Edit, id: &str, reversed: bool) -> Result<(), String> {
        let claim = self.sketch.claim(reversed).map_err(|error| error.to_string())?;
        let seen = explain(edit, id, &claim)
            .map_err(|fault| format!("the rule could not run: {}", fault.message))?;
        let findings: Vec<&Finding> = seen
            .lines
            .iter()
            .flat_map(|line| match &line.outcome {
                LineOutcome::Found(found) => found.as_slice(),
                LineOutcome::Silent { .. } => &[],
            })
            .collect();
        match &self.expect {
            Expect::Silent(clause) => silent(clause, &seen, &findings, &claim),
            Expect::Fires(count) => self.found(Outcome::Fires, count, &findings, &seen, &claim),
            Expect::Undetermined(count) => {
                self.found(Outcome::Undetermined, count, &findings, &seen, &claim)
            }
        }
    }

    fn found(
        &self,
        outcome: Outcome,
        count: &CountDecl,
        findings: &[&Finding],
        seen: &Explanation,
        claim: &Claim,
    ) -> Result<(), String> {
        let mut lines: Vec<u32> = findings
            .iter()
            .filter(|finding| finding.outcome == outcome)
            .filter_map(|finding| Some(claim.lines.get(finding.line?)?.number))
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let right = match count {
            CountDecl::Lines(wanted) => lines.len() == *wanted,
            CountDecl::These(wanted) => lines == *wanted,
        };
        let others = findings.iter().any(|finding| finding.outcome != outcome);
        if !right || others {
            let wanted = match count {
                CountDecl::Lines(wanted) => format!("on {wanted} lines"),
                CountDecl::These(wanted) => format!("on lines {wanted:?}"),
            };
            return Err(format!(
                "expected `{}` {wanted}, but {}",
                outcome.as_str(),
                outcomes(seen, claim)
            ));
        }
        for finding in findings {
            if let Some(wanted) = self.disposition.filter(|wanted| *wanted != finding.disposition) {
                return Err(format!(
                    "expected disposition {}, but it is {}",
                    wanted.as_str(),
                    finding.disposition.as_str()
                ));
            }
            if let Some(part) =
                self.message.as_ref().filter(|part| !finding.message.contains(*part))
            {
                return Err(format!(
                    "expected a message with `{part}`, but it is `{}`",
                    finding.message
                ));
            }
        }
        Ok(())
    }
}

fn silent(
    clause: &str,
    seen: &Explanation,
    findings: &[&Finding],
    claim: &Claim,
) -> Result<(), String> {
    let decided = |line: &cleanbill_engine::LineExplanation| matches!(&line.outcome, LineOutcome::Silent { because } if *because == clause);
    if findings.is_empty() && seen.lines.iter().any(decided) {
        return Ok(());
    }
    Err(format!("expected silence because of `{clause}`, but {}", outcomes(seen, claim)))
}

/// What came out, line by line.
fn outcomes(seen: &Explanation, claim: &Claim) -> String {
    let lines: Vec<String> = seen
        .lines
        .iter()
        .map(|line| {
            let number = claim.lines.get(line.line).map_or(0, |line| line.number);
            match &line.outcome {
                LineOutcome::Silent { because } => {
                    format!("line {number} is silent because of `{because}`")
                }
                LineOutcome::Found(found) => {
                    let words: Vec<String> = found
                        .iter()
                        .map(|f| format!("{} ({})", f.outcome.as_str(), f.disposition.as_str()))
                        .collect();
                    format!("line {number}: {}", words.join(", "))
                }
            }
        })
        .collect();
    lines.join("; ")
}

fn sketch(cx: &Cx<'_>, at: &Node, decl: &ClaimDecl) -> Option<ClaimSketch> {
    let wrong = |key: &str, message: String| {
        cx.error(Code::BadTest, &at.get(key).span, message, String::new());
    };
    let mut sketch = match ClaimSketch::new(&decl.lines) {
        Ok(sketch) => sketch,
        Err(error) => {
            wrong("lines", error.to_string());
            return None;
        }
    };
    if decl.lines.is_empty() {
        wrong("lines", "the claim has no lines".to_owned());
    }
    if let Some(text) = &decl.date {
        match dates(text) {
            Ok(date) => sketch.date = date,
            Err(error) => wrong("date", error.to_string()),
        }
    }
    for (index, text) in decl.dx.iter().enumerate() {
        match DiagnosisCode::new(text.as_bytes()) {
            Ok(code) => sketch.diagnoses.push(code),
            Err(error) => cx.error(
                Code::BadCode,
                &at.get("dx").item(index).span,
                format!("`{text}` is not a diagnosis code: it {error}"),
                String::new(),
            ),
        }
    }
    if let Some(text) = &decl.pos {
        match text.as_str() {
            "none" => sketch.place_of_service = None,
            text => match PlaceOfService::new(text.as_bytes()) {
                Ok(place) => sketch.place_of_service = Some(place),
                Err(error) => {
                    wrong("pos", format!("`{text}` is not a place of service: it {error}"))
                }
            },
        }
    }
    if let Some(text) = &decl.claim_type {
        let known = [ClaimType::Professional, ClaimType::Institutional].map(|t| (t.as_str(), t));
        sketch.claim_type = cx.word(&at.get("type").span, text, "a claim type", &known)?;
    }
    if let Some(text) = &decl.filing_indicator {
        match FilingIndicator::new(text.as_bytes()) {
            Ok(indicator) => sketch.filing_indicator = Some(indicator),
            Err(error) => wrong("filing_indicator", format!("`{text}` {error}")),
        }
    }
    if let Some(text) = &decl.frequency {
        match Frequency::new(text.as_bytes()) {
            Some(frequency) => sketch.frequency = frequency,
            None => wrong(
                "frequency",
                format!("`{text}` is not a claim frequency: one digit or capital"),
            ),
        }
    }
    if let Some(text) = &decl.referring {
        match (text.as_str(), Npi::new(text.as_bytes())) {
            ("none", _) => sketch.referring = Provider::default(),
            (_, Ok(npi)) => sketch.referring = Provider { npi: Some(npi), taxonomy: None },
            (text, Err(error)) => {
                wrong("referring", format!("`{text}` is neither `none` nor an NPI: it {error}"))
            }
        }
    }
    if let Some(text) = &decl.sex {
        match Sex::new(text.as_bytes()) {
            Some(sex) => sketch.sex = Phi::new(Some(sex)),
            None => wrong("sex", "the sex of a patient is `F`, `M` or `U`".to_owned()),
        }
    }
    if let Some(text) = &decl.birth_date {
        match ServiceDate::parse_iso(text.as_bytes()) {
            Ok(day) => sketch.birth_date = Phi::new(Some(day)),
            Err(error) => wrong("birth_date", format!("the birth date {error}")),
        }
    }
    if let Some(payer) = &decl.payer {
        sketch.payer.clone_from(payer);
    }
    if let Err(error) = sketch.claim(false) {
        wrong("lines", error.to_string());
        return None;
    }
    Some(sketch)
}
