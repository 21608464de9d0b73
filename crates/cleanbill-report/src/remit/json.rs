//! `remit-json`: one record a claim with adjustments, its lines and what is taken off each.

use std::io::{self, Write};

use cleanbill_model::{Claim, InputError, Money, ServiceLine};
use serde::Serialize;

use super::adjustment::{Adjustment, adjustments};
use crate::amount::Cents;
use crate::finding_id::finding_id;
use crate::record::{Document, FaultRecord, InputErrorRecord, SCHEMA, SummaryRecord};
use crate::report::{JudgedClaim, Report};
use crate::summary::Summary;

/// Writes `{"schema":1,"records":[…]}`, streamed: claims with adjustments, faults and input errors as they
/// come, the summary last.
pub struct RemitJsonReport<W>(Document<W>);

impl<W: Write> RemitJsonReport<W> {
    /// A report that writes to `out`.
    pub const fn new(out: W) -> Self {
        Self(Document::new(out))
    }
}

impl<W: Write> Report for RemitJsonReport<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.0.begin()
    }

    fn claim(&mut self, judged: &JudgedClaim<'_>) -> io::Result<()> {
        let found = adjustments(judged.claim, judged.findings);
        if !found.is_empty() {
            self.0.record(&ClaimRecord::new(judged.file, judged.claim, &found))?;
        }
        for fault in judged.faults {
            self.0.record(&FaultRecord::new(judged.file, judged.claim, fault))?;
        }
        Ok(())
    }

    fn input_error(&mut self, file: &str, error: &InputError) -> io::Result<()> {
        self.0.record(&InputErrorRecord::new(file, error))
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.0.record(&SummaryRecord::new(summary))?;
        self.0.end()
    }
}

#[derive(Serialize)]
struct ClaimRecord<'a> {
    r#type: &'static str,
    schema: u32,
    file: &'a str,
    claim: &'a str,
    claim_ordinal: u64,
    payer: &'a str,
    charge: Cents,
    /// What all adjustments take off.
    adjusted: Cents,
    /// Of the claim as a whole.
    adjustments: Vec<AdjustmentRecord<'a>>,
    lines: Vec<LineRecord<'a>>,
}

impl<'a> ClaimRecord<'a> {
    fn new(file: &'a str, claim: &'a Claim, found: &[Adjustment<'a>]) -> Self {
        let of = |line: Option<usize>| {
            let own = found.iter().filter(move |one| one.finding.line == line);
            own.map(|one| AdjustmentRecord::new(claim, one)).collect::<Vec<_>>()
        };
        let lines = claim.lines.iter().enumerate().filter_map(|(at, line)| {
            let adjustments = of(Some(at));
            (!adjustments.is_empty()).then(|| LineRecord::new(claim, line, adjustments))
        });
        Self {
            r#type: "remit_claim",
            schema: SCHEMA,
            file,
            claim: claim.id(),
            claim_ordinal: claim.ordinal,
            payer: claim.payer(),
            charge: amount(claim.charge),
            adjusted: Cents(found.iter().map(|one| i128::from(one.amount.cents())).sum()),
            adjustments: of(None),
            lines: lines.collect(),
        }
    }
}

#[derive(Serialize)]
struct LineRecord<'a> {
    line: u32,
    control_number: Option<&'a str>,
    procedure: Option<String>,
    modifiers: Vec<String>,
    from: String,
    through: String,
    units: String,
    charge: Cents,
    adjustments: Vec<AdjustmentRecord<'a>>,
}

impl<'a> LineRecord<'a> {
    fn new(claim: &'a Claim, line: &ServiceLine, adjustments: Vec<AdjustmentRecord<'a>>) -> Self {
        Self {
            line: line.number,
            control_number: Some(claim.text(line.control_number)).filter(|text| !text.is_empty()),
            procedure: line.procedure.map(|code| code.to_string()),
            modifiers: line.modifiers.iter().map(|one| one.to_string()).collect(),
            from: line.dates.from().to_string(),
            through: line.dates.through().to_string(),
            units: line.units.to_string(),
            charge: amount(line.charge),
            adjustments,
        }
    }
}

#[derive(Serialize)]
struct AdjustmentRecord<'a> {
    group: &'static str,
    carc: &'a str,
    rarc: Vec<&'a str>,
    amount: Cents,
    disposition: &'static str,
    rule: &'a str,
    pack: &'a str,
    finding: String,
}

impl<'a> AdjustmentRecord<'a> {
    fn new(claim: &Claim, one: &Adjustment<'a>) -> Self {
        Self {
            group: one.remit.group.as_str(),
            carc: one.remit.carc.as_str(),
            rarc: one.remit.rarc.iter().map(|remark| remark.as_str()).collect(),
            amount: amount(one.amount),
            disposition: one.finding.disposition.as_str(),
            rule: &one.finding.edit.id,
            pack: one.finding.edit.origin.name(),
            finding: finding_id(claim, one.finding),
        }
    }
}

fn amount(amount: Money) -> Cents {
    Cents(amount.cents().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_claim_is_a_record_with_its_adjusted_lines_and_the_summary_comes_last() {
        let text = sample::render(RemitJsonReport::new);
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let records = document["records"].as_array().unwrap();
        let claim = &records[0];
        assert_eq!((&claim["type"], &claim["claim"]), (&"remit_claim".into(), &"PCN1".into()));
        assert_eq!((&claim["adjusted"], &claim["lines"][0]["line"]), (&"412.00".into(), &2.into()));
        let adjustment = &claim["lines"][0]["adjustments"][0];
        assert_eq!((&adjustment["carc"], &adjustment["amount"]), (&"236".into(), &"412.00".into()));
        assert_eq!(adjustment["rarc"], serde_json::json!(["N20"]));
        assert_eq!(records.last().unwrap()["type"], "summary");
        assert!(records.iter().any(|record| record["type"] == "input_error"));
        assert!(!text.contains(sample::CANARY));
    }

    #[test]
    fn hostile_texts_read_back_and_nothing_that_drives_a_terminal_is_written() {
        let text = sample::render_hostile(RemitJsonReport::new);
        assert!(text.contains(sample::HOSTILE_MARK));
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text}");
    }
}
