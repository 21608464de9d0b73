//! The sample run with texts that attack whoever shows them: formulas, markup, workflow commands,
//! terminal codes, line ends, quotes, and characters that XML forbids.

use std::sync::Arc;

use super::{SharedOut, claim, conflict, fault, input_errors, summary};
use crate::report::{JudgedClaim, Report};

/// Stands in every hostile text, to show that the text got through at all.
pub(crate) const HOSTILE_MARK: &str = "evil-text";

/// Each is put where the others were, so that every place meets every attack.
const ATTACKS: [&str; 12] = [
    "=cmd|' /C calc'!A0 evil-text",
    "@SUM(1+1)*evil-text",
    "+1-1 evil-text",
    "-2+3 evil-text",
    "</script><script>alert(1)</script>evil-text",
    "\"><img src=x onerror=alert(1)>'evil-text",
    "a\r\n::error file=x::evil-text",
    "a\n<!-- ]]><evil-text/>",
    "\u{1b}[2J\u{9b}31m\u{7}\u{0}evil-text",
    "\u{202e}evil-text\u{2066}\u{feff}",
    "\u{fffe}\u{ffff}\u{b}\u{c}evil-text",
    "\t=evil-text,\"quoted\";%0A%25::",
];

/// Feeds the attacks to a report and reads what it wrote as text.
pub(crate) fn render_hostile<'a, R: Report + 'a>(report: impl FnOnce(SharedOut) -> R) -> String {
    String::from_utf8(render_hostile_bytes(report)).unwrap()
}

/// Feeds the attacks to a report.
pub(crate) fn render_hostile_bytes<'a, R: Report + 'a>(
    report: impl FnOnce(SharedOut) -> R,
) -> Vec<u8> {
    let out = SharedOut::default();
    let mut report = report(out.clone());
    report.begin().unwrap();
    for attack in ATTACKS {
        let mut claim = claim();
        claim.claim_id = claim.texts.add(attack);
        claim.payer_id = claim.texts.add(attack);
        let mut finding = conflict();
        for text in [&mut finding.message, &mut finding.why, &mut finding.fix] {
            attack.clone_into(text);
        }
        let edit = Arc::make_mut(&mut finding.edit);
        edit.id = attack.to_owned();
        edit.title = attack.to_owned();
        edit.owner = Some(attack.to_owned());
        edit.sources[0].document = attack.to_owned();
        let mut fault = fault();
        fault.message = attack.to_owned();
        let judged =
            JudgedClaim { file: attack, claim: &claim, findings: &[finding], faults: &[fault] };
        report.claim(&judged).unwrap();
        let [mut error, _] = input_errors();
        error.message = attack.to_owned();
        error.fix = attack.to_owned();
        error.element = attack.to_owned();
        error.claim = Some(attack.to_owned());
        report.input_error(attack, &error).unwrap();
    }
    let mut summary = summary();
    let file = summary.files[0].clone();
    summary.files = ATTACKS
        .map(|attack| {
            let mut file = file.clone();
            file.file = attack.to_owned();
            file
        })
        .to_vec();
    summary.rules[0].rule = ATTACKS[4].to_owned();
    summary.registry.packs = vec![ATTACKS[4].to_owned()];
    report.end(&summary).unwrap();
    drop(report);
    out.bytes()
}
