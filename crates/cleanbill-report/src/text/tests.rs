//! The text report as a biller sees it.

use cleanbill_model::{ClaimVerdict, DateRange, Money, ServiceDate, ServiceLine};

use super::TextReport;
use crate::report::{JudgedClaim, Report as _};
use crate::sample;
use crate::styles::Styles;
use crate::summary::Summary;

fn plain(width: usize) -> String {
    sample::render(|out| TextReport::new(out, Styles::plain(), width))
}

#[test]
fn a_biller_sees_claim_lines_findings_and_sums() {
    sample::snapshot("text", &plain(100));
}

#[test]
fn a_narrow_page_keeps_every_word() {
    let narrow = plain(60);
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
    assert_eq!(words(&narrow), words(&plain(100)));
    sample::snapshot("text_narrow", &narrow);
}

#[test]
fn colours_add_escape_sequences_and_change_nothing_else() {
    let colored = sample::render(|out| TextReport::new(out, Styles::colored(), 100));
    assert!(colored.contains("\u{1b}[1m\u{1b}[31merror\u{1b}[0m"), "{colored:?}");
    let mut stripped = String::new();
    let mut inside = false;
    for character in colored.chars() {
        match (inside, character) {
            (false, '\u{1b}') => inside = true,
            (true, 'm') => inside = false,
            (true, _) => {}
            (false, other) => stripped.push(other),
        }
    }
    assert_eq!(stripped, plain(100));
}

#[test]
fn no_name_member_id_or_birth_date_is_shown() {
    assert!(!plain(100).contains(sample::CANARY));
}

#[test]
fn nothing_in_the_input_can_drive_the_terminal() {
    let mut claim = sample::claim();
    claim.claim_id = claim.texts.add("PCN\u{1b}[2J\u{202e}\n");
    let mut finding = sample::conflict();
    finding.message = "two\nlines \u{9b}31m".to_owned();
    let mut out = Vec::new();
    let mut report = TextReport::new(&mut out, Styles::plain(), 100);
    let judged =
        JudgedClaim { file: "a\u{7}.837", claim: &claim, findings: &[finding], faults: &[] };
    report.claim(&judged).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(!text.chars().any(|c| c != '\n' && crate::escape::is_unsafe(c)), "{text:?}");
    assert!(text.contains("PCN\\u{1b}[2J\\u{202e}\\n  a\\u{7}.837:27"), "{text}");
}

#[test]
fn a_run_without_findings_says_so() {
    let mut out = Vec::new();
    let mut report = TextReport::new(&mut out, Styles::plain(), 100);
    let claim = sample::claim();
    let judged = JudgedClaim { file: "claims.837", claim: &claim, findings: &[], faults: &[] };
    report.claim(&judged).unwrap();
    let mut summary = Summary { registry: sample::registry(), ..Summary::default() };
    summary.total.claim_met(Some(claim.charge));
    summary.total.claim_ended(ClaimVerdict::Passed, Some(claim.charge));
    report.end(&summary).unwrap();
    sample::snapshot("text_no_findings", &String::from_utf8(out).unwrap());
}

#[test]
fn a_run_without_claims_does_not_pass_for_a_clean_one() {
    let mut out = Vec::new();
    TextReport::new(&mut out, Styles::plain(), 100).end(&Summary::default()).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.starts_with("no claims in the input\n"), "{text}");
}

#[test]
fn sums_that_do_not_add_up_are_said_so() {
    let mut summary = Summary::default();
    let shown = |summary: &Summary| {
        let mut out = Vec::new();
        TextReport::new(&mut out, Styles::plain(), 100).end(summary).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert!(!shown(&summary).contains("do not add up"));
    summary.total.bytes_in = 1;
    assert!(shown(&summary).contains("the sums do not add up"), "{}", shown(&summary));
}

#[test]
fn a_long_claim_shows_only_the_lines_that_findings_name() {
    let mut claim = sample::claim();
    let day = DateRange::day(ServiceDate::new(2026, 3, 2).unwrap());
    for number in 4..=40 {
        let mut line = ServiceLine::new(number, day);
        line.charge = Money::from_cents(100_000_000);
        claim.lines.push(line);
    }
    let mut out = Vec::new();
    let mut report = TextReport::new(&mut out, Styles::plain(), 100);
    let findings = [sample::conflict()];
    let judged =
        JudgedClaim { file: "claims.837", claim: &claim, findings: &findings, faults: &[] };
    report.claim(&judged).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("and 38 more lines without a finding"), "{text}");
    assert!(text.contains("93970") && text.contains("93985"), "{text}");
}

#[test]
fn a_finding_of_two_packs_names_both_with_their_sources() {
    let mut finding = sample::conflict();
    let mut other = cleanbill_model::EditInfo::clone(&finding.edit);
    let own = other.sources.len();
    "ptp-practitioner".clone_into(&mut other.id);
    "the national table".clone_into(&mut other.sources[0].document);
    let disposition = cleanbill_model::Disposition::Suspend;
    finding.also = vec![cleanbill_model::Also { edit: other.into(), disposition }];
    let claim = sample::claim();
    let judged = JudgedClaim { file: "a.837", claim: &claim, findings: &[finding], faults: &[] };
    let mut out = Vec::new();
    TextReport::new(&mut out, Styles::plain(), 100).claim(&judged).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("the national table"), "{text}");
    assert!(text.contains("    also:    ptp-practitioner of "), "{text}");
    assert!(text.contains("(suspend)"), "{text}");

    let mut out = Vec::new();
    crate::ndjson::NdjsonReport::new(&mut out).claim(&judged).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(record["also"][0]["rule"], "ptp-practitioner");
    assert_eq!(record["also"][0]["disposition"], "suspend");
    assert_eq!(record["source"].as_array().unwrap().len(), own + 1);
    assert_eq!(record["schema"], 1);
}
