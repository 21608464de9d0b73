//! The workbook, read back from its parts.

use std::collections::BTreeMap;

use super::*;
use crate::sample;

/// The parts of a workbook by name, as text.
fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
    let mut parts = BTreeMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut text = String::new();
        io::Read::read_to_string(&mut part, &mut text).unwrap();
        parts.insert(part.name().unwrap().into_owned(), text);
    }
    parts
}

#[test]
fn every_owner_has_a_sheet_and_the_summary_comes_first() {
    let parts = parts(&sample::render_bytes(XlsxReport::new));
    let book = &parts["xl/workbook.xml"];
    let names: Vec<&str> =
        book.split("<sheet name=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
    assert_eq!(names, ["Summary", "coder", "waived", "not checked"]);
    let worklist = &parts["xl/worksheets/sheet2.xml"];
    assert!(worklist.contains("<autoFilter ref=\"A1:V5\"/>"), "{worklist}");
    assert!(worklist.contains("state=\"frozen\""));
    assert!(!worklist.contains("<f>"));
}

#[test]
fn rows_stand_with_the_most_at_risk_first_and_notes_last() {
    let parts = parts(&sample::render_bytes(XlsxReport::new));
    let worklist = &parts["xl/worksheets/sheet2.xml"];
    let charges: Vec<&str> = (2..=5)
        .map(|row| {
            let cell = worklist.split_once(&format!("<c r=\"A{row}\" s=\"")).map(|(_, rest)| rest);
            cell.map_or("", |cell| {
                let value = cell.split_once("<v>").unwrap().1;
                value.split_once("</v>").unwrap().0
            })
        })
        .collect();
    assert_eq!(charges, ["844.5", "412", "164.5", ""]);
}

#[test]
fn texts_that_look_like_formulas_stay_texts_and_every_part_is_sound_xml() {
    let bytes = sample::render_hostile_bytes(XlsxReport::new);
    for (name, part) in parts(&bytes) {
        assert!(!part.contains("<f>") && !part.contains("<script"), "{name}");
        let forbidden = |c: char| c != '\n' && crate::escape::is_unsafe(c);
        assert!(!part.chars().any(forbidden), "{name}");
    }
    let texts = &parts(&bytes)["xl/sharedStrings.xml"];
    assert!(texts.contains("=cmd|' /C calc'!A0 evil-text"), "{texts}");
}

#[test]
fn the_same_findings_give_the_same_bytes_and_no_date_of_today() {
    let bytes = sample::render_bytes(XlsxReport::new);
    assert_eq!(bytes, sample::render_bytes(XlsxReport::new));
    let core = &parts(&bytes)["docProps/core.xml"];
    assert_eq!(core.matches("2000-01-01T00:00:00Z").count(), 2, "{core}");
}

#[test]
fn the_summary_shows_the_books_and_what_every_sheet_holds() {
    let parts = parts(&sample::render_bytes(XlsxReport::new));
    let texts = &parts["xl/sharedStrings.xml"];
    for text in ["Claims quarantined", "Sums hold", "Sheet not checked", "Rule units-over-mue"] {
        assert!(texts.contains(&format!("<t>{text}</t>")), "{text}");
    }
}

#[test]
fn no_name_member_id_or_birth_date_gets_into_a_cell() {
    let parts = parts(&sample::render_bytes(XlsxReport::new));
    assert!(parts.values().all(|part| !part.contains(sample::CANARY)));
}
