//! The bodies of new rules over several days: visits of new patients, and what surgeries include.

use cleanbill_model::ProcedureCode;

use super::bodies::{fires, lines, list, rows, silent};
use super::sketch::{Body, Parts, TableSketch};
use super::{ScaffoldError, refused};
use crate::code_set::CodeSet;

/// Codes of visits that are at hand when the author names none.
const VISITS: [&str; 2] = ["99202-99215", "99221-99239"];

pub(super) fn new_patient(parts: &Parts, code: &str) -> Result<Body, ScaffoldError> {
    let services = parts.with_or(&VISITS);
    let service = first(&services);
    let before = |day: &str| lines(&[&format!("{service} @{day}"), &format!("{code} @2026-03-02")]);
    Ok(Body {
        title: format!("{code} for a patient who was seen before"),
        block: format!(
            "      codes: {}\n      face_to_face: {}   # after one of these the patient is an established one\n      months: 36\n      # The same NPI, or the same specialty in the same group.\n      same: [patient, physician]\n      # Modifiers of the earlier line that say that nobody saw the patient.\n      except_modifiers: [\"26\", \"TC\"]\n      # Judge by this claim alone; `required` counts earlier claims, and leaves it open without them.\n      history: claim_only\n",
            list(&parts.codes),
            list(&services)
        ),
        message: "{code} (line {line}) is for a new patient, who was seen on {other.service_date}: {other.code}, line {other.line}.",
        fix: "Bill the visit of an established patient; the patient is new again from {until} on.",
        tests: vec![
            fires("seen a year ago", before("2025-03-02"), 2, parts),
            silent("seen three years ago", before("2023-03-02"), "months"),
            silent("seen on the same day", before("2026-03-02"), "earlier_service"),
        ],
        table: None,
    })
}

pub(super) fn global(parts: &Parts, code: &str) -> Result<Body, ScaffoldError> {
    let table = &parts.table;
    let visits = parts.with_or(&VISITS);
    let known = CodeSet::of_texts(&visits).unwrap_or_default();
    let is_visit =
        |code: &&String| ProcedureCode::new(code.as_bytes()).is_ok_and(|code| known.contains(code));
    if let Some(code) = parts.codes.iter().find(is_visit) {
        return refused(
            format!("`{code}` is a visit, and no surgery"),
            "name surgeries under `--codes`, and the visits that they include under `--with`",
        );
    }
    let visit = first(&visits);
    let after = |visit: &str, day: &str| {
        lines(&[&format!("{code} @2026-03-02"), &format!("{visit} @{day}")])
    };
    Ok(Body {
        title: format!("A service that {code} includes"),
        block: format!(
            "      table: {table}   # the global days: tables/{table}.csv, 000, 010 or 090 for each code\n      days: days\n      visits: {}\n      # The same NPI, or the same specialty in the same group.\n      same: [patient, physician]\n      # Judge by this claim alone; `required` counts other claims, and leaves it open without them.\n      history: claim_only\n",
            list(&visits)
        ),
        message: "{code} (line {line}) is {when} {other.code} (line {other.line}), which includes it from {period}.",
        fix: "Remove {code}, or add the modifier that says why it is apart: {lift}.",
        tests: vec![
            fires("a visit after the surgery", after(visit, "2026-03-12"), 2, parts),
            silent("an unrelated visit", after(&format!("{visit}-24"), "2026-03-12"), "lifted_by"),
            silent("a visit behind the period", after(visit, "2026-06-01"), "period"),
        ],
        table: Some(TableSketch {
            keys: "key: [code], effective: [from, through]",
            csv: rows("code,days,from,through", &parts.codes, |code| format!("{code},090,,")),
        }),
    })
}

/// The first code of a list, of a range its first.
fn first(codes: &[String]) -> &str {
    codes.first().and_then(|text| text.split('-').next()).unwrap_or("99202")
}
