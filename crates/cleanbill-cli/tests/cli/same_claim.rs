//! One claim in every format that is read: the findings are the same, rule by rule.

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use serde_json::Value;

use crate::command::{Sandbox, records};

const X12: &str = "\
ISA*00*          *00*          *ZZ*EXSUB          *ZZ*EXREC          *260305*0930*^*00501*000000001*0*T*:~
GS*HC*EXSUB*EXREC*20260305*0930*1*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*B1*20260305*0930*CH~
NM1*41*2*INVENTED VASCULAR*****46*S1~
PER*IC*DESK*TE*5555550100~
NM1*40*2*INVENTED CLEARINGHOUSE*****46*R1~
HL*1**20*1~
NM1*85*2*INVENTED VASCULAR*****XX*2999999016~
N3*1 NOWHERE ST~
N4*AUSTIN*TX*787010001~
REF*EI*741234567~
HL*2*1*22*0~
SBR*P*18*******CI~
NM1*IL*1*ZZLAST*ZZFIRST****MI*EXM000101~
N3*2 NOWHERE ST~
N4*AUSTIN*TX*787010001~
DMG*D8*19500101*F~
NM1*PR*2*INVENTED PAYER*****PI*EXBLUE1~
CLM*SAME-1*1342.00***11:B:1*Y*A*Y*Y~
HI*ABK:N186*ABF:I82401~
NM1*82*1*ZZREN*ZZFIRST****XX*2999999024~
LX*1~
SV1*HC:93985*518.00*UN*1***1~
DTP*472*D8*20260302~
LX*2~
SV1*HC:93970*412.00*UN*1***1:2~
DTP*472*D8*20260302~
LX*3~
SV1*HC:93970:LT*412.00*UN*2***1~
DTP*472*RD8*20260303-20260304~
SE*30*0001~
GE*1*1~
IEA*1*000000001~
";

const JSON: &str = r#"{"schema":1,"claim_id":"SAME-1","frequency":"1","payer":"EXBLUE1","filing_indicator":"CI",
 "patient":{"id":"EXM000101","birth_date":"1950-01-01","sex":"F"},"submitted":"2026-03-05",
 "billing_provider":{"npi":"2999999016","tax_id":"741234567"},"rendering_provider":{"npi":"2999999024"},
 "place_of_service":"11","diagnoses":["N18.6","I82.401"],"charge":"1342.00","lines":[
 {"number":1,"procedure":"93985","charge":"518.00","from":"2026-03-02","diagnosis_pointers":[1]},
 {"number":2,"procedure":"93970","charge":"412.00","from":"2026-03-02","diagnosis_pointers":[1,2]},
 {"number":3,"procedure":"93970","modifiers":["LT"],"units":2,"charge":"412.00","from":"2026-03-03","through":"2026-03-04","diagnosis_pointers":[1]}]}"#;

const FHIR: &str = r##"{"resourceType":"Claim","status":"active","use":"claim","identifier":[{"value":"SAME-1"}],
 "type":{"coding":[{"code":"professional"}]},"created":"2026-03-05","patient":{"reference":"#p"},
 "contained":[{"resourceType":"Patient","id":"p","birthDate":"1950-01-01","gender":"female"},
  {"resourceType":"Coverage","id":"c","subscriberId":"EXM000101"}],
 "insurer":{"identifier":{"value":"EXBLUE1"}},"insurance":[{"focal":true,"coverage":{"reference":"#c"}}],
 "provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"2999999016"}},
 "careTeam":[{"sequence":1,"provider":{"identifier":{"system":"http://hl7.org/fhir/sid/us-npi","value":"2999999024"}},"role":{"coding":[{"code":"primary"}]}}],
 "diagnosis":[{"sequence":1,"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"N18.6"}]}},
  {"sequence":2,"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I82.401"}]}}],
 "item":[ITEMS],"total":{"value":1342.00}}"##;

const CSV: &str = "\
claim;payer;member;billing;rendering;line;code;mod1;units;charge;from;to;pos;dx1;dx2
SAME-1;EXBLUE1;EXM000101;2999999016;2999999024;1;93985;;1;518.00;20260302;20260302;11;N186;
SAME-1;EXBLUE1;EXM000101;2999999016;2999999024;2;93970;;1;412.00;20260302;20260302;11;N186;I82401
SAME-1;EXBLUE1;EXM000101;2999999016;2999999024;3;93970;LT;2;412.00;20260303;20260304;11;N186;
";

const COLUMNS: &str = "\
schema: 1
separator: ';'
dates: yyyymmdd
columns:
  claim_id: claim
  payer: payer
  patient: member
  billing_npi: billing
  rendering_npi: rendering
  number: line
  procedure: code
  modifiers: [mod1]
  units: units
  charge: charge
  from: from
  through: to
  place_of_service: pos
  line_diagnoses: [dx1, dx2]
";

const TABLES: [&str; 4] = ["claim.csv", "claim.parquet", "claim.arrow", "claim.arrows"];

fn fhir() -> String {
    let item = |sequence: u32, code: &str, more: &str| {
        format!(
            r#"{{"sequence":{sequence},"productOrService":{{"coding":[{{"system":"http://www.ama-assn.org/go/cpt","code":"{code}"}}]}},
            "locationCodeableConcept":{{"coding":[{{"code":"11"}}]}},{more}}}"#
        )
    };
    let items = [
        item(
            1,
            "93985",
            r#""servicedDate":"2026-03-02","net":{"value":518.00},"diagnosisSequence":[1]"#,
        ),
        item(
            2,
            "93970",
            r#""servicedDate":"2026-03-02","net":{"value":412.00},"diagnosisSequence":[1,2]"#,
        ),
        item(
            3,
            "93970",
            r#""servicedPeriod":{"start":"2026-03-03","end":"2026-03-04"},"quantity":{"value":2},"net":{"value":412.00},
            "modifier":[{"coding":[{"code":"LT"}]}],"diagnosisSequence":[1]"#,
        ),
    ];
    FHIR.replace("ITEMS", &items.join(","))
}

/// The rows of the CSV file in columns: amounts are decimals, days are days, an empty cell is null.
fn columns() -> RecordBatch {
    let mut lines = CSV.lines().map(|line| line.split(';').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let column = |(at, name): (usize, &&str)| -> ArrayRef {
        let cells = || rows.iter().map(|row| row[at]);
        match *name {
            "charge" => {
                let cents = cells().map(|cell| cell.replace('.', "").parse::<i128>().unwrap());
                let cents = Decimal128Array::from_iter_values(cents);
                Arc::new(cents.with_precision_and_scale(12, 2).unwrap())
            }
            // 2026-03-02 is day 20,514 behind 1970-01-01.
            "from" | "to" => Arc::new(Date32Array::from_iter_values(cells().map(|cell| {
                cell.strip_prefix("202603").unwrap().parse::<i32>().unwrap() + 20_512
            }))),
            _ => Arc::new(StringArray::from_iter(
                cells().map(|cell| Some(cell).filter(|cell| !cell.is_empty())),
            )),
        }
    };
    let columns: Vec<ArrayRef> = names.iter().enumerate().map(column).collect();
    let fields = names.iter().zip(&columns);
    let fields: Vec<Field> =
        fields.map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn parquet() -> Vec<u8> {
    let (batch, mut file) = (columns(), Vec::new());
    let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file
}

fn arrow() -> [Vec<u8>; 2] {
    let batch = columns();
    let mut file = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    file.write(&batch).unwrap();
    file.finish().unwrap();
    let mut stream = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    stream.write(&batch).unwrap();
    stream.finish().unwrap();
    [file.into_inner().unwrap(), stream.into_inner().unwrap()]
}

/// Findings without what belongs to the format: file, place in it, names of elements. And what the run made of
/// claims and charges.
fn judged(file: &str) -> (Vec<Value>, Value) {
    let sandbox = Sandbox::new();
    sandbox.write("claim.837", X12.as_bytes());
    sandbox.write("claim.json", JSON.as_bytes());
    sandbox.write("claim.fhir", fhir().as_bytes());
    sandbox.write("claim.csv", CSV.as_bytes());
    sandbox.write("columns.yaml", COLUMNS.as_bytes());
    sandbox.write("claim.parquet", &parquet());
    let [arrow_file, arrow_stream] = arrow();
    sandbox.write("claim.arrow", &arrow_file);
    sandbox.write("claim.arrows", &arrow_stream);
    let is_table = TABLES.contains(&file);
    let columns: &[&str] = if is_table { &["--columns", "columns.yaml"] } else { &[] };
    let ran = sandbox.run(&[&["validate", file, "-f", "ndjson"], columns].concat());
    assert_eq!(ran.code, Some(1), "{file}: {ran:?}");
    let mut records = records(&ran.stdout);
    let summary = records.pop().unwrap();
    for record in &mut records {
        assert_eq!(record["type"], "finding", "{file}: {record}");
        let record = record.as_object_mut().unwrap();
        for member in ["file", "location", "evidence", "id"] {
            record.remove(member).unwrap();
        }
    }
    let mut total = summary["total"].clone();
    for member in ["bytes", "bytes_in"] {
        total.as_object_mut().unwrap().remove(member).unwrap();
    }
    (records, total)
}

#[test]
fn one_claim_has_the_same_findings_in_every_format() {
    let x12 = judged("claim.837");
    assert!(x12.0.len() >= 2, "{:#?}", x12.0);
    for file in ["claim.json", "claim.fhir"].into_iter().chain(TABLES) {
        let other = judged(file);
        assert_eq!(x12.1, other.1, "{file}");
        for (one, two) in x12.0.iter().zip(&other.0) {
            assert_eq!(one, two, "{file}");
        }
        assert_eq!(x12.0.len(), other.0.len(), "{file}");
    }
}

#[test]
fn a_mapping_that_is_wrong_is_refused_before_any_claim_is_read() {
    let sandbox = Sandbox::new();
    sandbox.write("claim.csv", CSV.as_bytes());
    for (columns, told) in [
        (COLUMNS.replace("procedure:", "procedur:"), "did you mean `procedure`?"),
        (COLUMNS.replace("schema: 1", "schema: [1"), "the mapping of columns cannot be read"),
        (COLUMNS.replace("columns:", "colums:"), "unknown field `colums`"),
    ] {
        sandbox.write("columns.yaml", columns.as_bytes());
        let ran = sandbox.run(&["validate", "claim.csv", "--columns", "columns.yaml"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
    let ran = sandbox.run(&["validate", "claim.csv"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("I1002") && ran.stdout.contains("--columns"), "{}", ran.stdout);
}
