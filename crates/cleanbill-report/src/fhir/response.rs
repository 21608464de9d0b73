//! A ClaimResponse: what the edits, as they stand, make of a claim.

use cleanbill_model::{
    Claim, ClaimType, Disposition, Fault, Finding, InputError, Outcome, ServiceDate,
};

use super::resource::{
    ADJUDICATION, Absence, Adjudication, CARC, CLAIM_TYPE, ClaimError, ClaimResponse, Coding,
    Concept, FAULT, INPUT_ERROR, Item, Note, RARC, RULE, Reference, absent,
};
use crate::escape::escape;
use crate::report::JudgedClaim;

/// A claim that was judged.
pub(super) fn of_claim(
    id: String,
    judged: &JudgedClaim<'_>,
    as_of: Option<ServiceDate>,
) -> ClaimResponse {
    let claim = judged.claim;
    let told = judged.findings.iter().filter(|finding| finding.outcome != Outcome::Waived);
    let mut response = ClaimResponse {
        r#type: concept(CLAIM_TYPE, kind(claim.claim_type), None),
        insurer: Reference::to(claim.payer()),
        ..empty(id, claim.id(), created(claim, as_of))
    };
    let (mut number, mut denied) = (0, false);
    for finding in told {
        number += 1;
        let text = words(&finding.message, &finding.fix);
        response.process_note.push(Note { number, r#type: "display", text });
        let line = finding.line.and_then(|line| claim.lines.get(line));
        let sequence = line.map(|line| line.number.max(1));
        match finding.disposition {
            Disposition::Informational | Disposition::Suspend => continue,
            Disposition::LineDenial | Disposition::ClaimDenial => denied = true,
            Disposition::ReturnToProvider
            | Disposition::LineRejection
            | Disposition::ClaimRejection => {
                let code = concept(RULE, &finding.edit.id, Some(&finding.message));
                response.error.push(ClaimError { item_sequence: sequence, code });
            }
        }
        let adjudication = Adjudication {
            category: concept(ADJUDICATION, "denialreason", None),
            reason: reason(finding),
        };
        match sequence {
            None => response.adjudication.push(adjudication),
            Some(sequence) => add_to_item(&mut response.item, sequence, number, adjudication),
        }
    }
    response.error.extend(judged.faults.iter().map(fault));
    (response.outcome, response.disposition) = match judged.faults {
        [_, ..] => ("partial", "not judged in full: an edit could not run".to_owned()),
        [] if !response.error.is_empty() => {
            ("error", "rejected: mend it and submit it again".to_owned())
        }
        [] if denied => ("complete", "a denial is to be expected".to_owned()),
        [] => ("complete", "nothing denies it".to_owned()),
    };
    response
}

/// A claim that could not be read.
pub(super) fn of_set_aside(
    id: String,
    error: &InputError,
    as_of: Option<ServiceDate>,
) -> ClaimResponse {
    let claim = error.claim.as_deref().unwrap_or_default();
    let code = concept(INPUT_ERROR, error.code, Some(&error.message));
    let number = 1;
    let text = words(&error.message, &error.fix);
    ClaimResponse {
        process_note: vec![Note { number, r#type: "display", text }],
        error: vec![ClaimError { item_sequence: None, code }],
        ..empty(id, claim, as_of)
    }
}

fn empty(id: String, claim: &str, created: Option<ServiceDate>) -> ClaimResponse {
    let unknown = || Absence { extension: absent("unknown") };
    ClaimResponse {
        resource_type: "ClaimResponse",
        id,
        status: "active",
        r#type: Concept { extension: absent("unknown"), ..Concept::default() },
        r#use: "claim",
        patient: Reference::to_nobody("masked"),
        created: created.map(|day| day.to_string()),
        created_absent: created.is_none().then(unknown),
        insurer: Reference::to_nobody("unknown"),
        request: Some(claim).filter(|claim| !claim.trim().is_empty()).map(Reference::to),
        outcome: "error",
        disposition: "not judged: it could not be read".to_owned(),
        item: Vec::new(),
        adjudication: Vec::new(),
        process_note: Vec::new(),
        error: Vec::new(),
    }
}

/// The day that the run was given, else that on which the claim was handed in, else its last service.
fn created(claim: &Claim, as_of: Option<ServiceDate>) -> Option<ServiceDate> {
    let served = || claim.lines.iter().map(|line| line.dates.through()).max();
    as_of.or(claim.submitted).or_else(served)
}

const fn kind(kind: ClaimType) -> &'static str {
    match kind {
        ClaimType::Professional => "professional",
        ClaimType::Institutional => "institutional",
        ClaimType::Dental => "oral",
    }
}

fn concept(system: &'static str, code: &str, text: Option<&str>) -> Concept {
    let code = escape(code).into_owned();
    let text = text.map(|text| escape(text).into_owned());
    Concept { coding: vec![Coding { system, code }], text, ..Concept::default() }
}

/// CARC and RARC where the finding has them, and the rule.
fn reason(finding: &Finding) -> Concept {
    let mut reason = concept(RULE, &finding.edit.id, Some(&finding.message));
    if let Some(remit) = &finding.remit {
        let remarks = remit.rarc.iter().map(|rarc| Coding { system: RARC, code: rarc.to_string() });
        let own = std::mem::take(&mut reason.coding);
        reason.coding.push(Coding { system: CARC, code: remit.carc.to_string() });
        reason.coding.extend(remarks.chain(own));
    }
    reason
}

fn fault(fault: &Fault) -> ClaimError {
    let code = concept(FAULT, fault.kind.as_str(), Some(&fault.message));
    ClaimError { item_sequence: None, code }
}

fn add_to_item(items: &mut Vec<Item>, sequence: u32, number: u32, adjudication: Adjudication) {
    match items.iter_mut().find(|item| item.item_sequence == sequence) {
        Some(item) => {
            item.note_number.push(number);
            item.adjudication.push(adjudication);
        }
        None => items.push(Item {
            item_sequence: sequence,
            note_number: vec![number],
            adjudication: vec![adjudication],
        }),
    }
}

fn words(message: &str, fix: &str) -> String {
    let between = match (fix.is_empty(), message.ends_with(['.', '!', '?'])) {
        (true, _) => "",
        (false, true) => " ",
        (false, false) => "; ",
    };
    escape(&format!("{message}{between}{fix}")).into_owned()
}
