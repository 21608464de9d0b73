//! Loops 2200D and 2220D: what a 277CA says of one claim and its lines.

use cleanbill_model::{
    Claim, ClaimType, DateRange, Disposition, Finding, Outcome, ServiceLine, SetAside,
};

use super::claim_status::{ClaimStatuses, Status};
use super::segments::Segments;
use crate::report::JudgedClaim;

/// Lines that are answered one by one in one claim; a claim has 999 at the most.
const LINES: usize = 999;

/// Whether a finding rejects its claim before adjudication. A denial is a verdict of adjudication.
fn rejects(finding: &Finding, denials: bool) -> bool {
    finding.outcome != Outcome::Waived
        && match finding.disposition {
            Disposition::ReturnToProvider
            | Disposition::LineRejection
            | Disposition::ClaimRejection => true,
            Disposition::LineDenial | Disposition::ClaimDenial => denials,
            Disposition::Informational | Disposition::Suspend => false,
        }
}

/// Why a claim is rejected: a status for each reason, and the line that it falls on. None: accepted.
pub(super) fn reasons(
    judged: &JudgedClaim<'_>,
    statuses: &ClaimStatuses,
    denials: bool,
) -> Vec<(Option<usize>, Status)> {
    let faults = judged.faults.iter().map(|_| (None, statuses.fault()));
    let findings = judged.findings.iter().filter(|finding| rejects(finding, denials));
    faults.chain(findings.map(|finding| (finding.line, statuses.finding(finding)))).collect()
}

/// Writes loop 2200D of a claim that was read.
pub(super) fn write_claim(
    out: &mut Segments,
    judged: &JudgedClaim<'_>,
    reasons: &[(Option<usize>, Status)],
    accepted: Status,
    date: &str,
) {
    let claim = judged.claim;
    trace(out, claim.id());
    let all: Vec<Status> = reasons.iter().map(|(_, status)| *status).collect();
    let (own, action) = if all.is_empty() { (vec![accepted], "WQ") } else { (all, "U") };
    let charge = claim.charge.to_string();
    for three in distinct(&own).chunks(3) {
        write_status(out, three, date, action, &charge);
    }
    reference(out, "D9", claim.text(claim.clearinghouse_number));
    if claim.claim_type == ClaimType::Institutional
        && let Some(bill) = claim.type_of_bill
    {
        // CLM05-1 and CLM05-3, without the zero that stands before them on paper.
        reference(out, "BLT", bill.as_str().get(1..).unwrap_or_default());
    }
    write_dates(out, period(claim), date);
    let lines = claim.lines.iter().enumerate().take(LINES);
    for (place, line) in lines.filter(|_| !reasons.is_empty()) {
        let own = reasons.iter().filter(|(on, _)| *on == Some(place)).map(|(_, status)| *status);
        let own = distinct(&own.collect::<Vec<_>>());
        if !own.is_empty() && write_service(out, claim, line) {
            write_status(out, own.get(..3).unwrap_or(&own), date, "U", "");
            match claim.text(line.control_number) {
                "" => reference(out, "FJ", &line.number.to_string()),
                number => reference(out, "FJ", number),
            }
            write_dates(out, Some(line.dates), date);
        }
    }
}

/// Writes loop 2200D of a claim that was set aside.
pub(super) fn write_set_aside(out: &mut Segments, aside: &SetAside, reason: Status, date: &str) {
    trace(out, aside.claim.as_deref().unwrap_or_default());
    let charge = aside.charge.unwrap_or_default().to_string();
    write_status(out, &[reason], date, "U", &charge);
    reference(out, "D9", &aside.clearinghouse_number);
    write_dates(out, aside.dates, date);
}

/// An STC with one to three statuses.
fn write_status(out: &mut Segments, statuses: &[Status], date: &str, action: &str, charge: &str) {
    let parts = |place: usize| {
        let status = statuses.get(place);
        status.map_or([""; 3], |status| [status.category, status.code, status.entity])
    };
    out.begin("STC").composite(&parts(0)).put(date).put(action).put(charge).skip(5);
    out.composite(&parts(1)).composite(&parts(2)).end();
}

fn trace(out: &mut Segments, control_number: &str) {
    // The guide has 0 for a claim without a control number.
    let number = if control_number.is_empty() { "0" } else { control_number };
    out.begin("TRN").put("2").cut(number, 50).end();
}

fn reference(out: &mut Segments, qualifier: &str, value: &str) {
    if !value.trim().is_empty() {
        out.begin("REF").put(qualifier).cut(value, 50).end();
    }
}

/// SVC; `false` where the line has no code that could be named.
fn write_service(out: &mut Segments, claim: &Claim, line: &ServiceLine) -> bool {
    let revenue = line.revenue_code.as_ref().map(|code| code.as_str()).unwrap_or_default();
    let modifiers: Vec<String> = line.modifiers.iter().map(|code| code.to_string()).collect();
    let qualifier = if claim.claim_type == ClaimType::Dental { "AD" } else { "HC" };
    let code = line.procedure.as_ref().map(|code| code.as_str());
    let mut parts = match code {
        Some(code) => vec![qualifier, code],
        None if revenue.is_empty() => return false,
        None => vec!["NU", revenue],
    };
    parts.extend(modifiers.iter().map(String::as_str));
    out.begin("SVC").composite(&parts).put(&line.charge.to_string()).put("");
    out.put(if code.is_some() { revenue } else { "" }).skip(2).put(&line.units.to_string()).end();
    true
}

/// The statement period of the claim, else the dates of its lines.
fn period(claim: &Claim) -> Option<DateRange> {
    let first = claim.lines.iter().map(|line| line.dates.from()).min();
    let last = claim.lines.iter().map(|line| line.dates.through()).max();
    let lines = first.zip(last).and_then(|(first, last)| DateRange::new(first, last).ok());
    claim.facility.statement.or(lines)
}

/// DTP*472, which the guide requires: the day of the answer stands for dates that could not be read.
fn write_dates(out: &mut Segments, dates: Option<DateRange>, otherwise: &str) {
    out.begin("DTP").put("472");
    let days = dates.map(|dates| (dates.from().yyyymmdd(), dates.through().yyyymmdd()));
    match days {
        None => out.put("D8").put(otherwise),
        Some((from, through)) if from == through => out.put("D8").put(&from.to_string()),
        Some((from, through)) => out.put("RD8").put(&format!("{from}-{through}")),
    };
    out.end();
}

/// Each status once, in order.
fn distinct(statuses: &[Status]) -> Vec<Status> {
    let mut seen: Vec<Status> = Vec::new();
    for status in statuses {
        if !seen.contains(status) {
            seen.push(*status);
        }
    }
    seen
}
