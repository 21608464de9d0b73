//! Tables of service lines: mappings, grouping, values, and what is said of rows that cannot be read.

use std::sync::Arc;

use cleanbill_intake::{ColumnMapping, DeclaredMapping, InputOptions, MappingError};
use cleanbill_model::{ClaimType, InputFormat, Money, Units};

use crate::fixture::{Reading, read, read_with};

pub const TUVA: &str = "\
claim_id,claim_line_number,claim_type,person_id,claim_start_date,claim_line_start_date,claim_line_end_date,place_of_service_code,bill_type_code,revenue_center_code,service_unit_quantity,hcpcs_code,hcpcs_modifier_1,hcpcs_modifier_2,rendering_npi,billing_npi,charge_amount,diagnosis_code_type,diagnosis_code_1,diagnosis_code_2,data_source
C1,1,professional,P1,2026-03-01,2026-03-02,2026-03-02,11,,,1,93970,59,RT,1245319599,1234567893,412.00,icd-10-cm,N186,Z992,invented
C2,1,institutional,P2,2026-03-04,,,,131,450,2,99283,,,,1234567893,80.00,icd-10-cm,R079,,invented
C1,2,professional,P1,2026-03-01,2026-03-02,2026-03-03,,,,2.5,J1550,,,1245319599,1234567893,26.00,icd-10-cm,N186,Z992,invented
";

fn with(old: &str, new: &str) -> String {
    assert!(TUVA.contains(old), "{old}");
    TUVA.replacen(old, new, 1)
}

/// Tables that give each error of tables of lines.
pub fn with_every_error() -> Reading {
    let mut reading = read(with("93970,59", "9397,59"));
    for text in [
        with(",N186,Z992,invented\nC2", ",N186,Z992,invented,more\nC2"),
        with("C1,2,professional,P1", "C1,2,professional,P9"),
        with("claim_start_date,claim_line_start_date", "a,b"),
    ] {
        reading.errors.extend(read(text).errors);
    }
    reading
}

fn mapping(yaml: &str) -> Result<InputOptions, MappingError> {
    let declared: DeclaredMapping = serde_json::from_str(yaml).expect("a mapping");
    Ok(InputOptions {
        columns: Some(Arc::new(ColumnMapping::new(declared)?)),
        ..InputOptions::default()
    })
}

fn codes(reading: &Reading) -> Vec<(&'static str, &str)> {
    reading.errors.iter().map(|error| (error.code, error.element.as_str())).collect()
}

#[test]
fn rows_from_anywhere_in_a_known_table_make_claims() {
    let reading = read(TUVA);
    assert_eq!(reading.errors, []);
    assert_eq!(reading.ids(), ["C1", "C2"]);
    let [one, two] = reading.claims.as_slice() else { panic!("two claims") };
    assert_eq!((one.format, one.claim_type), (InputFormat::Lines, ClaimType::Professional));
    assert_eq!(one.text(*one.patient.id.reveal()), "P1");
    assert_eq!(one.billing.npi.unwrap().as_str(), "1234567893");
    assert_eq!((one.charge, one.diagnoses.len()), (Money::from_cents(43_800), 2));
    let [study, drug] = one.lines.as_slice() else { panic!("two lines") };
    assert_eq!((study.number, study.procedure.unwrap().as_str()), (1, "93970"));
    let modifiers: Vec<_> = study.modifiers.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(modifiers, ["59", "RT"]);
    assert_eq!((study.units, drug.units.thousandths()), (Units::ONE, 2500));
    assert_eq!(study.place_of_service.unwrap().as_str(), "11");
    assert_eq!(drug.provider.npi.unwrap().as_str(), "1245319599");
    assert_eq!((study.location.line, drug.location.line), (2, 4));
    assert_eq!(
        (two.claim_type, two.type_of_bill.unwrap().as_str()),
        (ClaimType::Institutional, "0131")
    );
    let line = &two.lines[0];
    assert_eq!(line.revenue_code.unwrap().as_str(), "0450");
    assert_eq!(line.dates.from().to_string(), "2026-03-04", "the claim's, for lack of its own");
}

#[test]
fn a_mapping_says_which_column_holds_what() {
    let options = mapping(
        r#"{"schema":1,"separator":"|","dates":"mm-dd-yyyy","columns":{"claim_id":"No","procedure":"Code",
            "from":["Day","Claim day"],"modifiers":["M1","M2"],"charge":"Amount","line_diagnoses":"Dx","sex":"S"}}"#,
    )
    .unwrap();
    let text = "Amount|No|Code|Day|Claim Day|M1|M2|Dx|s|more\r\n\"1,000.00\"|A|93970||03/02/2026|LT||N18.6|2|x\r\n\r\n12|A|93985|03/02/2026|||RT|N186||x";
    let reading = read_with(text.replace("\"1,000.00\"", "1000.00"), &options);
    assert_eq!(reading.errors, []);
    let claim = &reading.claims[0];
    assert_eq!((claim.lines.len(), claim.diagnoses.len()), (2, 1));
    assert_eq!(claim.charge, Money::from_cents(101_200));
    assert_eq!(claim.lines[1].pointers.iter().collect::<Vec<_>>(), [1]);
    assert_eq!(claim.lines[1].modifiers.iter().next().unwrap().as_str(), "RT");
    assert_eq!(claim.lines[1].location.line, 4);
    let reading = read_with(text, &options);
    assert_eq!(codes(&reading), [("I2203", "Amount")]);
}

#[test]
fn a_mapping_that_makes_no_sense_is_refused_with_the_nearest_field() {
    let wrong = |columns: &str, more: &str| {
        mapping(&format!(r#"{{"schema":1{more},"columns":{{{columns}}}}}"#))
            .unwrap_err()
            .to_string()
    };
    let all = r#""claim_id":"a","from":"b","procedure":"c""#;
    assert!(wrong(r#""claim_id":"a","procedur":"b""#, "").contains("did you mean `procedure`?"));
    assert!(wrong(r#""claim_id":"a""#, "").contains("`columns.from` is missing"));
    assert!(
        wrong(r#""claim_id":[],"from":"b""#, "").contains("`columns.claim_id` names no column")
    );
    assert!(wrong(all, r#","separator":"ab""#).contains("not one ASCII character"));
    assert!(mapping(&format!(r#"{{"schema":2,"columns":{{{all}}}}}"#)).is_err());
}

#[test]
fn a_row_that_cannot_be_read_costs_its_claim_alone() {
    for (old, new, code, element) in [
        ("93970,59", "9397,59", "I2203", "hcpcs_code"),
        (",RT,", ",rt,", "I2203", "hcpcs_modifier_2"),
        ("412.00", "412.oo", "I2203", "charge_amount"),
        ("2026-03-02,2026-03-02", "2026-02-30,2026-03-02", "I2203", "claim_line_start_date"),
        (",N186,Z992,invented\nC2", ",N186,Z992,invented,more\nC2", "I2202", ""),
        ("C1,2,professional,P1", "C1,2,professional,P9", "I2204", "person_id"),
    ] {
        let reading = read(with(old, new));
        assert_eq!(codes(&reading), [(code, element)], "{new}");
        assert_eq!((reading.set_aside(), reading.ids()), (vec!["C1"], vec!["C2"]), "{new}");
    }
    let reading = read(with("C2,1", ",1"));
    assert_eq!(codes(&reading), [("I2203", "claim_id")]);
    assert_eq!(reading.ids(), ["C1"]);
}

#[test]
fn a_header_without_the_columns_of_a_claim_is_told_and_nothing_is_read() {
    let options =
        mapping(r#"{"schema":1,"columns":{"claim_id":"id","from":"day","procedure":"code"}}"#)
            .unwrap();
    for (text, told) in [
        ("id,day\n1,2026-03-02\n", "the header has no column `code`"),
        ("id,code\n1,93970\n", "the header has no column `day`"),
        ("id,day,code,code\n1,2026-03-02,93970,93970\n", "`code` stands twice"),
    ] {
        let reading = read_with(text, &options);
        assert!(reading.claims.is_empty());
        assert!(reading.errors[0].message.contains(told), "{:?}", reading.errors);
        assert_eq!(reading.accounting.bytes.quarantined, crate::fixture::size(text.len()));
    }
}

#[test]
fn cells_may_hold_separators_quotes_and_line_ends() {
    let options =
        mapping(r#"{"schema":1,"columns":{"claim_id":"id","from":"day","procedure":"code"}}"#)
            .unwrap();
    let text = "note,id,day,code\n\"a, \"\"b\"\"\nc\",1,2026-03-02,93970\n,2,2026-03-02,93971";
    let reading = read_with(text, &options);
    assert_eq!((reading.ids(), reading.errors.len()), (vec!["1", "2"], 0));
    assert_eq!(reading.claims[1].location.line, 4);
}

#[test]
fn a_row_without_end_is_passed_over() {
    let options =
        mapping(r#"{"schema":1,"columns":{"claim_id":"id","from":"day","procedure":"code"}}"#)
            .unwrap();
    let text = format!("id,day,code\n1,2026-03-02,93970\n2,2026-03-02,\"{}", "x".repeat(3 << 20));
    let reading = read_with(text, &options);
    assert_eq!(reading.ids(), ["1"]);
    assert_eq!(codes(&reading)[0].0, "I2203", "it names no claim");
}

#[test]
fn a_research_file_is_told_by_its_header() {
    let text = "BENE_ID|CLM_ID|LINE_NUM|HCPCS_CD|HCPCS_1ST_MDFR_CD|HCPCS_2ND_MDFR_CD|LINE_SRVC_CNT|LINE_1ST_EXPNS_DT|LINE_LAST_EXPNS_DT|LINE_PLACE_OF_SRVC_CD|LINE_SBMTD_CHRG_AMT|LINE_ICD_DGNS_CD|PRF_PHYSN_NPI|ICD_DGNS_CD1\n\
        -1|-2|1|93970|LT||1|02-Mar-2026|02-Mar-2026|11|412.00|N186|1245319599|N186\n";
    let reading = read(text);
    assert_eq!((reading.ids(), reading.errors.len()), (vec!["-2"], 0));
    assert_eq!(reading.claims[0].lines[0].dates.from().to_string(), "2026-03-02");
}
