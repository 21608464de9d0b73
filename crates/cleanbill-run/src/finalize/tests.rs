//! What each preset makes of versions, and what readers give of them.

use std::io::Cursor;

use cleanbill_history::{VersionLine, VersionPlace, VersionRecord};
use cleanbill_model::FinalAction;

use super::*;

/// A version of a claim in a few words: `id`, what the preset reads, and lines with their adjustment.
fn version(ordinal: u64, id: &str) -> VersionRecord {
    let line = VersionLine { number: 1, adjustment: 0, dates: [20_260_302; 2] };
    VersionRecord {
        place: VersionPlace { ordinal, file: 0, line: ordinal },
        digest: digest(id),
        id: id.to_owned(),
        dates: [20_260_302; 2],
        lines: vec![line],
        ..VersionRecord::default()
    }
}

fn digest(text: &str) -> [u8; 16] {
    let mut digest = [0; 16];
    digest.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
    digest
}

/// What became of each claim or line, `A superseded by B`, in the order of claim and line.
fn decided(preset: FinalPreset, versions: &[VersionRecord]) -> Vec<String> {
    let mut shown: Vec<String> = preset
        .decide(versions)
        .into_iter()
        .map(|decision| {
            let line = decision.line.map_or(String::new(), |line| format!("[{line}]"));
            let by = decision.by.map_or(String::new(), |(id, _)| format!(" by {id}"));
            format!("{}{line} {}{by}", decision.id, decision.action.as_str())
        })
        .collect();
    shown.sort();
    shown
}

/// The same, and that it does not depend on the order in which the versions were read.
fn told(preset: FinalPreset, versions: &[VersionRecord]) -> Vec<String> {
    let first = decided(preset, versions);
    let mut turned: Vec<VersionRecord> = versions.iter().rev().cloned().collect();
    for (version, ordinal) in turned.iter_mut().zip(1..) {
        version.place = VersionPlace { ordinal, file: 0, line: ordinal };
    }
    assert_eq!(decided(preset, &turned), first, "turned around");
    first
}

fn corrects(ordinal: u64, id: &str, frequency: u8, reference: &str) -> VersionRecord {
    let reference = reference.to_owned();
    VersionRecord { frequency, reference, submitted: 20_260_300, ..version(ordinal, id) }
}

#[test]
fn a_replacement_and_a_void_stand_in_for_the_claim_that_they_name() {
    let claims = [
        corrects(1, "A", b'1', ""),
        corrects(2, "B", b'7', "A"),
        corrects(3, "C", b'1', ""),
        corrects(4, "D", b'8', "C"),
        corrects(5, "E", b'7', "ICN9"),
        corrects(6, "F", b'8', "ICN8"),
        corrects(7, "G", b'1', ""),
    ];
    assert_eq!(
        told(FinalPreset::Frequency, &claims),
        ["A superseded by B", "C voided by D", "D void", "E orphan", "F void"]
    );
}

#[test]
fn a_chain_of_replacements_leaves_its_last_one_and_a_claim_sent_twice_counts_once() {
    let mut chain = [
        corrects(1, "A", b'1', ""),
        corrects(2, "A", b'7', "ICN1"),
        corrects(3, "A", b'7', "ICN1"),
        corrects(4, "B", b'1', ""),
        corrects(5, "B", b'1', ""),
    ];
    chain[1].submitted = 20_260_401;
    chain[1].digest = digest("A second");
    chain[2].submitted = 20_260_501;
    chain[2].digest = digest("A third");
    assert_eq!(
        told(FinalPreset::Frequency, &chain),
        ["A superseded by A", "A superseded by A", "B repeated by B"]
    );
    let last = FinalPreset::Frequency.decide(&chain);
    assert!(last.iter().all(|decision| decision.ordinal != 3), "the third one is the last word");
}

fn part_b(ordinal: u64, id: &str, kind: u8, effective: i32) -> VersionRecord {
    let mut version =
        VersionRecord { number: "CTL1".to_owned(), effective, ..version(ordinal, id) };
    version.lines[0].adjustment = kind;
    version
}

#[test]
fn a_cancel_takes_back_what_stood_before_it_and_an_adjustment_comes_in_its_place() {
    let cclf = |versions: &[VersionRecord]| told(FinalPreset::Cclf, versions);
    let original = || part_b(1, "101", b'0', 20_260_401);
    assert_eq!(cclf(&[original()]), [""; 0]);
    // Cancelled, and nothing in its place.
    assert_eq!(
        cclf(&[original(), part_b(2, "102", b'1', 20_260_501)]),
        ["101 voided by 102", "102 void"]
    );
    // Cancelled and adjusted on one day, in whichever order of numbers.
    for (cancel, adjusted) in [("102", "103"), ("103", "102")] {
        let told = cclf(&[
            original(),
            part_b(2, cancel, b'1', 20_260_501),
            part_b(3, adjusted, b'2', 20_260_501),
        ]);
        let mut wanted = [format!("101 superseded by {adjusted}"), format!("{cancel} void")];
        wanted.sort();
        assert_eq!(told, wanted);
    }
    // An adjustment without a cancel, and one that is cancelled later.
    let adjusted = || part_b(3, "103", b'2', 20_260_501);
    assert_eq!(cclf(&[original(), adjusted()]), ["101 superseded by 103"]);
    assert_eq!(
        cclf(&[original(), adjusted(), part_b(4, "104", b'1', 20_260_601)]),
        ["101 voided by 104", "103 voided by 104", "104 void"]
    );
    // The same version in the extracts of two months, and so is its cancel.
    let again = VersionRecord {
        place: VersionPlace { ordinal: 9, ..VersionPlace::default() },
        ..original()
    };
    assert_eq!(cclf(&[original(), again.clone()]), ["101 repeated by 101"]);
    let cancel = || part_b(2, "102", b'1', 20_260_501);
    let cancel_again =
        VersionRecord { place: VersionPlace { ordinal: 8, ..VersionPlace::default() }, ..cancel() };
    assert_eq!(
        cclf(&[original(), cancel(), cancel_again, adjusted()]),
        ["101 superseded by 103", "102 repeated by 102", "102 void"]
    );
}

#[test]
fn lines_of_part_b_have_versions_of_their_own() {
    let mut original = part_b(1, "101", b'0', 20_260_401);
    original.lines.push(VersionLine { number: 2, ..original.lines[0] });
    let adjusted = part_b(2, "102", b'2', 20_260_501);
    assert_eq!(
        told(FinalPreset::Cclf, &[original.clone(), adjusted.clone()]),
        ["101[0] superseded by 102"],
        "line 2 was never adjusted and stands"
    );
    let other = VersionRecord { number: "CTL2".to_owned(), ..adjusted };
    assert_eq!(told(FinalPreset::Cclf, &[original, other]), [""; 0]);
}

#[test]
fn claims_of_part_a_share_a_key_and_are_versions_once_one_is_adjusted() {
    let part_a = |ordinal, id, kind, effective| VersionRecord {
        is_institutional: true,
        facility: "450001".to_owned(),
        ..part_b(ordinal, id, kind, effective)
    };
    let claims = [part_a(1, "1", b'0', 20_260_401), part_a(2, "2", b'0', 20_260_401)];
    assert_eq!(told(FinalPreset::Cclf, &claims), [""; 0], "two claims of one day");
    let claims = [part_a(1, "1", b'0', 20_260_401), part_a(2, "2", b'2', 20_260_501)];
    assert_eq!(told(FinalPreset::Cclf, &claims), ["1 superseded by 2"]);
    let mut elsewhere = claims.clone();
    elsewhere[1].facility = "450002".to_owned();
    assert_eq!(told(FinalPreset::Cclf, &elsewhere), [""; 0]);
    let mut later = claims;
    later[1].dates[1] = 20_260_303;
    assert_eq!(told(FinalPreset::Cclf, &later), [""; 0]);
}

#[test]
fn a_claim_without_its_natural_key_is_judged_and_told() {
    let mut unknown = part_b(1, "101", b'0', 20_260_401);
    unknown.number.clear();
    assert_eq!(told(FinalPreset::Cclf, &[unknown]), ["101 no_key"]);
    let undated = part_b(1, "101", b'0', 0);
    assert_eq!(told(FinalPreset::Cclf, &[undated]), ["101 no_key"]);
}

fn medicaid(
    ordinal: u64,
    id: &str,
    icns: (&str, &str),
    kind: u8,
    adjudicated: i32,
) -> VersionRecord {
    let (number, own_number) = (icns.0.to_owned(), icns.1.to_owned());
    let mut version =
        VersionRecord { number, own_number, effective: adjudicated, ..version(ordinal, id) };
    version.lines[0].adjustment = kind;
    version
}

#[test]
fn a_family_is_told_by_its_original_or_link_by_link_and_the_last_word_stands() {
    let tmsis = |versions: &[VersionRecord]| told(FinalPreset::Tmsis, versions);
    let original = || medicaid(1, "a", ("O1", ""), b'0', 20_260_401);
    let second = || medicaid(2, "b", ("O1", "R1"), b'4', 20_260_501);
    assert_eq!(tmsis(&[original(), second()]), ["a superseded by b"]);
    // The third names the second, as some states do.
    let third = || medicaid(3, "c", ("R1", "R2"), b'4', 20_260_601);
    assert_eq!(tmsis(&[original(), second(), third()]), ["a superseded by c", "b superseded by c"]);
    let void = medicaid(4, "d", ("O1", "V1"), b'1', 20_260_701);
    assert_eq!(tmsis(&[original(), second(), void]), ["a voided by d", "b voided by d", "d void"]);
    // Voided and replaced on one day: the replacement stands, unless it is what the void names.
    let void = |of: &str| medicaid(4, "d", (of, "V1"), b'1', 20_260_501);
    assert_eq!(tmsis(&[original(), second(), void("O1")]), ["a superseded by b", "d void"]);
    assert_eq!(
        tmsis(&[original(), second(), void("R1")]),
        ["a voided by d", "b voided by d", "d void"]
    );
    assert_eq!(tmsis(&[second()]), ["b orphan"]);
}

#[test]
fn a_void_line_of_the_last_word_is_taken_off() {
    let mut last = medicaid(2, "b", ("O1", "R1"), b'4', 20_260_501);
    last.lines.push(VersionLine { number: 2, adjustment: b'1', ..last.lines[0] });
    let claims = [medicaid(1, "a", ("O1", ""), b'0', 20_260_401), last];
    assert_eq!(told(FinalPreset::Tmsis, &claims), ["a superseded by b", "b[1] voided by b"]);
}

const HEADER: &str = "CUR_CLM_UNIQ_ID,CLM_LINE_NUM,CLM_LINE_HCPCS_CD,CLM_LINE_FROM_DT,CLM_LINE_ALOWD_CHRG_AMT,BENE_MBI_ID,CLM_CNTL_NUM,CLM_ADJSMT_TYPE_CD,CLM_EFCTV_DT\n";

fn extract(rows: &[&str]) -> String {
    format!("{HEADER}{}\n", rows.join("\n"))
}

/// Reads two extracts whose claims are final, one after the other; claims with their lines and charges, and what was
/// left out.
fn read(first: String, second: String) -> (Vec<String>, Vec<String>, u64) {
    let stream = |name: &str, text: String| {
        crate::Input::stream(name, Box::new(Cursor::new(text.into_bytes())))
    };
    let mut inputs = vec![stream("1.csv", first), stream("2.csv", second)];
    let options = cleanbill_intake::InputOptions::default();
    judge_final_claims(FinalPreset::Cclf, &mut inputs, &options, None).unwrap();
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    let (mut next, mut sums) = (1, cleanbill_model::NotFinal::default());
    let mut claim = cleanbill_model::Claim::default();
    for input in inputs {
        let name = input.name().to_owned();
        let mut reader = input.claims(&options, next).unwrap();
        while let Some(met) = reader.meet(&mut claim).unwrap() {
            let (note, is_kept) = match met {
                crate::input::Met::Claim(note) => (note, true),
                crate::input::Met::NotFinal(note) => (Some(note), false),
                _ => panic!("everything can be read"),
            };
            if let Some(note) = note {
                book(&note, &mut sums);
                let by = note.by.as_ref().map_or(String::new(), |by| format!(" by {}", by.claim));
                gone.push(format!(
                    "{name} {} {}{by} {:?}",
                    note.claim,
                    note.action.as_str(),
                    note.lines
                ));
            }
            if is_kept {
                let lines: Vec<u32> = claim.lines.iter().map(|line| line.number).collect();
                kept.push(format!("{name} {} {lines:?} {}", claim.id(), claim.charge));
            }
        }
        next = reader.next_ordinal();
    }
    (kept, gone, u64::try_from(sums.charges).unwrap())
}

#[test]
fn readers_pass_over_what_is_not_final_whichever_file_comes_first() {
    let january = || {
        extract(&[
            "101,1,93970,2026-01-05,100.00,ZZMBI1,CTL1,0,2026-01-20",
            "101,2,93971,2026-01-05,50.00,ZZMBI1,CTL1,0,2026-01-20",
            "201,1,93970,2026-01-06,10.00,ZZMBI2,CTL2,0,2026-01-20",
            "301,1,93970,2026-01-07,1.00,ZZMBI3,CTL3,0,2026-01-20",
        ])
    };
    let february = || {
        extract(&[
            "102,1,93970,2026-01-05,90.00,ZZMBI1,CTL1,2,2026-02-20",
            "202,1,93970,2026-01-06,10.00,ZZMBI2,CTL2,1,2026-02-20",
            "301,1,93970,2026-01-07,1.00,ZZMBI3,CTL3,0,2026-01-20",
        ])
    };
    let (kept, gone, charges) = read(january(), february());
    assert_eq!(kept, ["1.csv 101 [2] 50.00", "1.csv 301 [1] 1.00", "2.csv 102 [1] 90.00"]);
    assert_eq!(
        gone,
        [
            "1.csv 101 superseded by 102 [1]",
            "1.csv 201 voided by 202 []",
            "2.csv 202 void []",
            "2.csv 301 repeated by 301 []"
        ]
    );
    assert_eq!(charges, 12_100, "cents");
    let (kept, ..) = read(february(), january());
    assert_eq!(kept, ["1.csv 102 [1] 90.00", "1.csv 301 [1] 1.00", "2.csv 101 [2] 50.00"]);
}

#[test]
fn a_table_without_what_the_preset_needs_is_refused() {
    let text = "claim_id,claim_line_number,hcpcs_code,claim_start_date\nA,1,93970,2026-03-02\n";
    let mut inputs = vec![crate::Input::stream("t.csv", Box::new(Cursor::new(text)))];
    let options = cleanbill_intake::InputOptions::default();
    let refused = judge_final_claims(FinalPreset::Cclf, &mut inputs, &options, None).unwrap_err();
    assert_eq!(refused.exit_code(), crate::exit_code::REFUSED);
    assert!(refused.help().contains("CLM_CNTL_NUM"), "{refused}");
}

#[test]
fn each_action_has_a_name_of_its_own() {
    let mut names: Vec<&str> = FinalAction::ALL.iter().map(|action| action.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FinalAction::ALL.len());
}
