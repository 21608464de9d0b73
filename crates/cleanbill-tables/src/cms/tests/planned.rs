//! Which files make which tables, and what is refused.

use super::build::{Kept, pairs, planned, read, refused, units, zip};
use crate::cms::{ImportError, Kind, Options, Plan};

const ONE: &[&str] = &["00100 99998  19960101 * 0 x"];

fn plan(files: &[(&str, &[u8])]) -> Result<Plan, ImportError> {
    planned(files, &Options::default())
}

fn said(kind: Kind) -> Options {
    Options { kind: Some(kind), edition: None }
}

#[test]
fn four_parts_make_one_table_in_their_order() {
    let part = |code: &str| pairs(&[&format!("{code} 99998  19960101 * 0 x")]);
    let (f1, f2, f3, f4) = (part("00100"), part("20000"), part("40000"), part("G0001"));
    let name = |part| format!("ccioph-v322r0-f{part}.txt");
    let (rows, report) =
        read(&[(&name(3), &f3), (&name(1), &f1), (&name(4), &f4), (&name(2), &f2)]).unwrap();
    let codes: Vec<&str> = rows.iter().map(|row| row.split_at(5).0).collect();
    assert_eq!(codes, ["00100", "20000", "40000", "G0001"]);
    assert!(report.gaps.is_empty());
    let (_, unnamed) = read(&[("ccioph-v322r0.txt", &f1)]).unwrap();
    assert!(unnamed.gaps[0].contains("nothing tells whether the table is whole"));
    assert_eq!(report.sources.len(), 4);
    assert_eq!(report.sources[0].file, "ccioph-v322r0-f1.txt");
    assert_eq!(report.sources[0].sha256.len(), 64);
    let plan = plan(&[(&name(1), &f1)]).unwrap();
    let table = &plan.tables()[0];
    assert_eq!((table.name.as_str(), table.edition.as_str()), ("ncci-ptp-hospital", "2026q3"));
    assert_eq!(table.release.as_deref(), Some("v322r0"));
}

#[test]
fn a_missing_part_is_named_with_the_codes_that_are_then_not_covered() {
    let f1 = pairs(&["00100 99998  19960101 * 0 x", "19999 99998  19960101 * 0 x"]);
    let f3 = pairs(&["40000 99998  19960101 * 0 x", "69999 99998  19960101 * 0 x"]);
    let (_, report) =
        read(&[("ccipra-v322r0-f1.txt", &f1), ("ccipra-v322r0-f3.txt", &f3)]).unwrap();
    assert_eq!(
        report.gaps,
        [
            "f2 of v322r0 is missing: pairs whose column one lies between `19999` and `40000` are not covered",
            "f4 of v322r0 is missing: pairs whose column one lies behind `69999` are not covered",
        ]
    );
}

#[test]
fn mixed_releases_and_the_same_part_twice_are_refused() {
    let (a, b) = (pairs(ONE), pairs(&["00101 99998  19960101 * 0 x"]));
    let mixed = plan(&[("ccipra-v322r0-f1.txt", &a), ("ccipra-v321r0-f2.txt", &b)]);
    assert!(refused(mixed).starts_with(
        "`ccipra-v322r0-f1.txt` is of 2026q3 (v322r0) and `ccipra-v321r0-f2.txt` of 2026q2 (v321r0)"
    ));
    let twice = plan(&[("ccipra-v322r0-f1.txt", &a), ("again/ccipra-v322r0-f1.txt", &b)]);
    assert!(refused(twice).contains("are the same part of table `ncci-ptp-practitioner`"));
    // A copy of f1 under the name of f2.
    let copied = read(&[("ccipra-v322r0-f1.txt", &a), ("ccipra-v322r0-f2.txt", &a)]);
    assert!(refused(copied).contains("are the same part"));
}

#[test]
fn a_web_page_under_the_name_of_a_zip_is_explained() {
    let page = b"\r\n<!DOCTYPE html><html><head><title>License</title></head></html>";
    let text = refused(plan(&[("medicare-ncci-2026q3-practitioner-ccipra-v322r0-f1.zip", page)]));
    assert!(text.contains("is a web page") && text.contains("accept the licence"), "{text}");
}

#[test]
fn where_content_cannot_tell_and_the_name_does_not_the_choices_are_named() {
    let text = pairs(ONE);
    let unknown = refused(plan(&[("pairs.txt", &text)]));
    assert_eq!(
        unknown,
        "`pairs.txt` holds procedure-to-procedure edits, but nothing in it or in its name says for whom\n\
         name what it is with `--as`, one of `ptp-practitioner`, `ptp-hospital`"
    );
    let undated = refused(planned(&[("pairs.txt", &text)], &said(Kind::PtpHospital)));
    assert!(undated.contains("`--edition 2026q3`"), "{undated}");
    let told = Options { kind: Some(Kind::PtpHospital), edition: Some("2026q3".into()) };
    assert_eq!(
        planned(&[("pairs.txt", &text)], &told).unwrap().tables()[0].name,
        "ncci-ptp-hospital"
    );
    let wrong = Options { kind: Some(Kind::PtpHospital), edition: Some("2026".into()) };
    assert!(refused(planned(&[("pairs.txt", &text)], &wrong)).contains("`2026` is not an edition"));
}

#[test]
fn names_and_options_that_contradict_the_content_are_refused() {
    let text = pairs(ONE);
    let medicaid = refused(plan(&[("medicaid-ncci-q2-2026-ptp-practitioner.txt", &text)]));
    assert!(medicaid.contains("the name says Medicaid, but the rows have the layout of Medicare"));
    let caption =
        "Outpatient Hospital Services MUE Values,MUE Adjudication Indicator,MUE Rationale";
    let file = units(caption, "00100,1,1 Line Edit,x\n");
    let name = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv";
    assert!(
        refused(plan(&[(name, &file)]))
            .contains("the name says practitioner, but a caption says hospital")
    );
    // The caption alone is enough.
    let plan = planned(&[("MUE_Eff_07-01-2026.csv", &file)], &Options::default()).unwrap();
    assert_eq!(plan.tables()[0].kind, Kind::MueHospital);
    let asked = refused(planned(&[("x_Eff_07-01-2026.csv", &file)], &said(Kind::Hcpcs)));
    assert!(
        asked.contains("`--as hcpcs` was said, but the rows are those of medically unlikely edits")
    );
    let asked = refused(planned(&[("x_Eff_07-01-2026.csv", &file)], &said(Kind::MueDme)));
    assert!(asked.contains("a caption says hospital"), "{asked}");
}

#[test]
fn what_is_not_recognised_is_described_without_a_word_of_it() {
    for (bytes, words) in [
        (&b"ISA*00*SECRET"[..], "claims go to `cleanbill validate`"),
        (b"{\"patient\":\"SECRET\"}", "it is JSON, but no list of diagnoses"),
        (b"SECRET,SECRET,SECRET\n1,2,3\n", "text with up to 3 cells a row"),
        (b"%PDF-1.7 SECRET", "it is a PDF"),
        (b"\x00\x01SECRET", "no text, no zip and no workbook"),
        (b"", "it is empty"),
    ] {
        let text = refused(plan(&[("file.txt", bytes)]));
        assert!(text.contains(words) && !text.contains("SECRET"), "{text}");
    }
    let packed = zip(&[("a.pdf", b"x"), ("folder/b.txt", b"SECRET words")]);
    let text = refused(plan(&[("x.zip", &packed)]));
    assert!(text.contains("no table that is known; in it are `a.pdf`, `folder/b.txt`"), "{text}");
    assert!(
        refused(plan(&[("x.zip", &packed[..packed.len() / 2])])).contains("cannot be unpacked")
    );
}

#[test]
fn a_zip_whose_bytes_were_changed_gives_no_table() {
    let text = pairs(&["00100 99998  19960101 * 0 x"; 200]);
    let name = "ccipra-v322r0-f1.txt";
    let mut packed = zip(&[(name, &text)]);
    // Into the checksum of the only entry, in its header and in the directory.
    let places: Vec<usize> = (0..packed.len() - 4)
        .filter(|at| packed[*at..].starts_with(b"PK\x01\x02"))
        .map(|at| at + 16)
        .collect();
    assert_eq!(places.len(), 1);
    packed[places[0]] ^= 1;
    assert!(
        refused(read(&[("f1.zip", &packed)]))
            .contains("`f1.zip/ccipra-v322r0-f1.txt` cannot be unpacked")
    );
}

#[test]
fn several_tables_of_one_call_are_planned_side_by_side() {
    let caption = "Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale";
    let units = units(caption, "00100,1,1 Line Edit,x\n");
    let plan = plan(&[
        ("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", &units),
        ("ccipra-v322r0-f1.txt", &pairs(ONE)),
    ])
    .unwrap();
    let names: Vec<&str> = plan.tables().iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["ncci-ptp-practitioner", "ncci-mue-practitioner"]);
    let mut moved = 0;
    plan.read(&plan.tables()[0], &mut Kept::default(), &mut |bytes| moved += bytes).unwrap();
    assert_eq!(moved, plan.tables()[0].size());
}
