//! Answers to the sender of claims: 277CA, 999 with TA1, and FHIR.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{Ran, Sandbox, clean_claim, records, top};
use crate::counter::{corpus, own, variants};

/// A file of one claim that is taken and one whose line is wrong.
pub const CLAIMS: &str = "\
ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260305*0900*^*00501*000000007*1*T*:~
GS*HC*CLINIC*HOUSE*20260305*0900*1*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*BATCH1*20260305*0901*CH~
NM1*41*2*RIVERBEND VASCULAR*****46*RVB01~
PER*IC*BILLING DESK*TE*5550100200~
NM1*40*2*EXAMPLE HOUSE*****46*EXH01~
HL*1**20*1~
NM1*85*2*RIVERBEND CLINIC*****XX*2999999016~
N3*12 HARBOUR WAY~
N4*EXAMPLETON*OH*430010001~
REF*EI*000000001~
HL*2*1*22*1~
SBR*P********MB~
NM1*IL*1*ORCHARD*MIRA****MI*EXM000001~
NM1*PR*2*EXAMPLE MEDICARE*****PI*00999~
HL*3*2*23*0~
PAT*19~
NM1*QC*1*ORCHARD*SAM~
DMG*D8*20010203*M~
CLM*PCN1*412.00***11:B:1*Y*A*Y*Y~
REF*D9*HOUSE77~
HI*ABK:I872~
NM1*DN*1*SAMPLE*REFERRER****XX*2999999032~
LX*1~
SV1*HC:93970*412.00*UN*1***1~
DTP*472*D8*20260302~
CLM*PCN2*518.00***11:B:1*Y*A*Y*Y~
HI*ABK:I872~
LX*1~
SV1*HC:9397*518.00*UN*1***1~
DTP*472*D8*20260303~
SE*31*0001~
GE*1*1~
IEA*1*000000007~
";

/// The answer of `format` to `claims`.
pub fn answer(claims: &str, arguments: &[&str]) -> Ran {
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", claims.as_bytes());
    sandbox.run(&[&["validate", "claims.837"], arguments].concat())
}

fn segments(answer: &str) -> Vec<Vec<&str>> {
    answer.lines().map(|line| line.trim_end_matches('~').split('*').collect()).collect()
}

#[test]
fn the_number_of_the_claim_before_is_not_given_as_that_of_its_replacement() {
    let replaced = CLAIMS
        .replacen("CLM*PCN1*412.00***11:B:1*", "CLM*PCN1*412.00***11:B:7*", 1)
        .replacen("REF*D9*HOUSE77~", "REF*F8*EARLIER1~\nREF*D9*HOUSE77~", 1)
        .replacen("SE*31*", "SE*32*", 1);
    let ran = answer(&replaced, &["-f", "277ca"]);
    assert!(ran.stdout.contains("REF*D9*HOUSE77"), "{ran:?}");
    assert!(!ran.stdout.contains("REF*1K") && !ran.stdout.contains("EARLIER1"), "{}", ran.stdout);
}

#[test]
fn a_277ca_names_each_claim_once_with_its_status() {
    let ran = answer(CLAIMS, &["-f", "277ca"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    let expected = "\
ISA*00*          *00*          *ZZ*RECEIVER       *ZZ*SENDER         *260305*0900*^*00501*500000007*0*T*:~
GS*HN*HOUSE*CLINIC*20260305*0900*1*X*005010X214~
ST*277*0001*005010X214~
BHT*0085*08*500000007-1-0001*20260305*0901*TH~
HL*1**20*1~
NM1*PR*2*EXAMPLE HOUSE*****46*EXH01~
TRN*1*500000007-1-0001~
DTP*050*D8*20260305~
DTP*009*D8*20260305~
HL*2*1*21*1~
NM1*41*2*RIVERBEND VASCULAR*****46*RVB01~
TRN*2*BATCH1~
STC*A1:19:PR*20260305*WQ*930.00~
QTY*90*1~
QTY*AA*1~
AMT*YU*412.00~
AMT*YY*518.00~
HL*3*2*19*1~
NM1*85*2*RIVERBEND CLINIC*****XX*2999999016~
TRN*1*0~
STC*A1:19:PR**WQ*930.00~
QTY*QA*1~
QTY*QC*1~
AMT*YU*412.00~
AMT*YY*518.00~
HL*4*3*PT~
NM1*QC*1*ORCHARD*SAM****MI*EXM000001~
TRN*2*PCN1~
STC*A2:20:PR*20260305*WQ*412.00~
REF*D9*HOUSE77~
DTP*472*D8*20260302~
TRN*2*PCN2~
STC*A7:454*20260305*U*518.00~
DTP*472*D8*20260303~
SE*33*0001~
GE*1*1~
IEA*1*500000007~
";
    assert_eq!(ran.stdout, expected);
}

#[test]
fn a_999_tells_the_place_and_a_ta1_follows_where_it_is_asked_for() {
    let ran = answer(CLAIMS, &["-f", "999", "--as-of", "2026-04-01"]);
    assert_eq!(ran.code, Some(3), "{}", ran.stderr);
    let expected = "\
ISA*00*          *00*          *ZZ*RECEIVER       *ZZ*SENDER         *260401*0900*^*00501*000000007*0*T*:~
GS*FA*HOUSE*CLINIC*20260401*0900*1*X*005010X231A1~
ST*999*0001*005010X231A1~
AK1*HC*1*005010X222A1~
AK2*837*0001*005010X222A1~
IK3*SV1*29*2400*8~
CTX*CLM01:PCN2~
IK4*1:2**7~
IK5*E*5~
AK9*E*1*1*1~
SE*9*0001~
GE*1*1~
IEA*1*000000007~
ISA*00*          *00*          *ZZ*RECEIVER       *ZZ*SENDER         *260401*0900*^*00501*200000007*0*T*:~
TA1*000000007*260305*0900*A*000~
IEA*0*200000007~
";
    assert_eq!(ran.stdout, expected);
}

#[test]
fn a_transaction_that_is_not_read_is_rejected_and_its_claims_are_acknowledged() {
    let claims = CLAIMS.replace("005010X222A1", "004010X098A1").replace("*1*T*:", "*0*T*:");
    let syntax = answer(&claims, &["-f", "999"]).stdout;
    assert!(syntax.contains("IK5*R*I6~\nAK9*R*1*1*0~"), "{syntax}");
    assert!(!syntax.contains("TA1*"), "{syntax}");
    let ack = answer(&claims, &["-f", "277ca"]).stdout;
    assert!(ack.contains("QTY*AA*2~\nAMT*YY*930.00~"), "{ack}");
    for claim in ["PCN1", "PCN2"] {
        assert!(ack.contains(&format!("TRN*2*{claim}~\nSTC*A3:481*")), "{ack}");
    }
}

#[test]
fn errors_of_each_level_are_answered_at_that_level() {
    let cases = [
        ("SE*31*", "SE*30*", "IK5*E*5*4~"),
        ("SE*31*0001", "SE*31*0009", "IK5*E*5*3~"),
        ("SE*31*0001~\n", "", "IK5*E*5*2~"),
        ("GE*1*1", "GE*2*1", "AK9*E*2*1*1*5~"),
        ("GE*1*1~", "GE*1*9~", "AK9*E*1*1*1*4~"),
        ("IEA*1*", "IEA*2*", "TA1*000000007*260305*0900*E*021~"),
        ("IEA*1*000000007", "IEA*1*000000008", "TA1*000000007*260305*0900*E*001~"),
        ("IEA*1*000000007~\n", "", "TA1*000000007*260305*0900*E*023~"),
        ("*00501*", "*00401*", "TA1*000000007*260305*0900*R*017~"),
        ("PAT*19~", "XYZ*19~", "IK3*XYZ*16*2000*1~"),
        ("CLM*PCN1*412.00*", "CLM*PCN1*413.00*", "IK3*CLM*19*2300*8~\nIK4*2**I12~"),
        ("NM1*40*2*EXAMPLE HOUSE*****46*EXH01~\n", "", "IK3*NM1*5**3~"),
        ("XX*2999999016", "XX*29999990", "IK3*NM1*7*2010*8~\nIK4*9**I12~"),
    ];
    for (old, new, told) in cases {
        assert!(CLAIMS.contains(old), "{old}");
        let syntax = answer(&CLAIMS.replacen(old, new, 1), &["-f", "999"]).stdout;
        assert!(syntax.contains(told), "{old} to {new}, wanted {told}:\n{syntax}");
    }
}

#[test]
fn a_provider_without_npi_is_named_by_its_employer_number_and_a_number_that_may_be_a_persons_is_not()
 {
    let claims = CLAIMS.replace("*****XX*2999999016", "");
    let ack = answer(&claims, &["-f", "277ca"]).stdout;
    assert!(ack.contains("NM1*85*2*RIVERBEND CLINIC*****FI*000000001~"), "{ack}");
    let ack = answer(&claims.replace("REF*EI", "REF*SY"), &["-f", "277ca"]).stdout;
    assert!(ack.contains("NM1*85*2*RIVERBEND CLINIC*****SV*UNKNOWN~"), "{ack}");
}

#[test]
fn what_stands_above_many_claims_is_told_once() {
    let syntax = answer(&CLAIMS.replace("XX*2999999016", "XX*29999990"), &["-f", "999"]).stdout;
    assert_eq!(syntax.matches("IK3*NM1*7*").count(), 1, "{syntax}");
}

#[test]
fn denials_reject_claims_only_where_that_is_asked_for() {
    let file = top().join("examples/clinic-day.837");
    let file = file.to_str().unwrap();
    let sandbox = Sandbox::new();
    let totals = |arguments: &[&str]| {
        let formats = ["-f", "277ca", "-o", "-", "-f", "json", "-o", "run.json"];
        let ran = sandbox.run(&[&["validate", file], &formats[..], arguments].concat());
        let run: Value =
            serde_json::from_slice(&fs::read(sandbox.path("run.json")).unwrap()).unwrap();
        let total = run["records"].as_array().unwrap().last().unwrap()["total"].clone();
        (Counts::of(&ran.stdout), total)
    };
    let (counts, total) = totals(&["--reject-denials"]);
    assert_eq!(counts.accepted, total["passed"]);
    assert_eq!(counts.rejected, total["rejected"]);
    let (counts, total) = totals(&[]);
    assert!(counts.accepted > total["passed"].as_u64().unwrap(), "{counts:?}");
    assert_eq!(counts.accepted + counts.rejected, total["claims_in"]);
}

#[test]
fn what_is_no_837_is_refused_before_anything_is_read() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    sandbox.write("claims.837", CLAIMS.as_bytes());
    for format in ["277ca", "999"] {
        let ran = sandbox.run(&["validate", "claims.837", "claims.ndjson", "-f", format]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains("`claims.ndjson` is json"), "{}", ran.stderr);
        let forced = ["validate", "claims.837", "-f", format, "--input-format", "json"];
        let ran = sandbox.run(&forced);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains("answer 837 files"), "{}", ran.stderr);
    }
}

#[test]
fn acknowledgements_know_every_error_of_intake() {
    let unknown: Vec<&str> = cleanbill_intake::codes::ALL
        .iter()
        .map(|entry| entry.code)
        .filter(|code| !cleanbill_report::acknowledges(code))
        .collect();
    assert_eq!(unknown, [""; 0], "add them to syntax_error.csv");
}

/// A file of one transaction of so many claims, every seventh with a procedure that is none.
pub fn batch(count: usize) -> String {
    let head = CLAIMS.split_inclusive('\n').take(20).collect::<String>();
    let claim = |number: usize| {
        let procedure = if number.is_multiple_of(7) { "9397" } else { "93970" };
        format!(
            "CLM*C{number}*1.00***11:B:1*Y*A*Y*Y~\nHI*ABK:I872~\nLX*1~\n\
             SV1*HC:{procedure}*1.00*UN*1***1~\nDTP*472*D8*20260302~\n"
        )
    };
    let claims: String = (0..count).map(claim).collect();
    let segments = 18 + count * 5 + 1;
    format!("{head}{claims}SE*{segments}*0001~\nGE*1*1~\nIEA*1*000000007~\n")
}

#[test]
fn a_large_batch_is_answered_in_several_transactions() {
    let ran = answer(&batch(5_003), &["-f", "277ca"]);
    assert_eq!(ran.stderr, "");
    let counts = Counts::of(&ran.stdout);
    assert_eq!((counts.accepted + counts.rejected, counts.claims), (5_003, 5_003));
    assert!(ran.stdout.contains("ST*277*0002*") && ran.stdout.contains("GE*2*1~"));
    assert!(!ran.stdout.contains("ST*277*0003*"));
}

/// What a 277CA adds up to.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    accepted: u64,
    rejected: u64,
    cents: i64,
    /// Claims that are named.
    claims: u64,
}

impl Counts {
    fn of(answer: &str) -> Self {
        let mut counts = Self::default();
        let mut level = "";
        for segment in segments(answer) {
            let cents = || segment[2].replace('.', "").parse::<i64>().unwrap();
            match (segment[0], level) {
                ("HL", _) => level = segment[3],
                ("QTY", "21") if segment[1] == "90" => {
                    counts.accepted += segment[2].parse::<u64>().unwrap();
                }
                ("QTY", "21") => counts.rejected += segment[2].parse::<u64>().unwrap(),
                ("AMT", "21") => counts.cents += cents(),
                ("TRN", "PT") => counts.claims += 1,
                _ => {}
            }
        }
        counts
    }
}

/// What validators of other people say of files; `None` where they cannot be had.
fn validated(paths: &[PathBuf]) -> Option<Vec<Value>> {
    let libraries = Path::new(env!("CARGO_TARGET_TMPDIR")).join("validators");
    let output = Command::new("python3")
        .arg(top().join("tests/validate_acks.py"))
        .arg(libraries)
        .args(paths)
        .output()
        .ok()?;
    if output.status.code() == Some(3) {
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(records(&String::from_utf8(output.stdout).unwrap()))
}

/// Writes all answers to each of `files`; gives those that are not empty.
fn answered(sandbox: &Sandbox, files: &[PathBuf]) -> Vec<PathBuf> {
    let mut answers = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let name = |ending: &str| format!("answer-{index}.{ending}");
        let [claims, syntax, fhir, run] =
            [name("277ca"), name("999"), name("fhir.ndjson"), name("run.json")];
        let mut arguments = vec!["validate", file.to_str().unwrap()];
        for (format, output) in
            [("277ca", &claims), ("999", &syntax), ("fhir", &fhir), ("json", &run)]
        {
            arguments.extend(["-f", format, "-o", output]);
        }
        let ran = sandbox.run(&arguments);
        assert!(ran.code < Some(4) && ran.code != Some(2), "{}: {ran:?}", file.display());
        let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap();
        let run: Value = serde_json::from_str(&read(&run)).unwrap();
        let total = &run["records"].as_array().unwrap().last().unwrap()["total"];
        adds_up(&read(&claims), total, file);
        let written = [claims, syntax, fhir].map(|name| sandbox.path(&name));
        answers.extend(written.into_iter().filter(|path| path.metadata().unwrap().len() > 0));
    }
    answers
}

/// Every claim of the run is in the answer once, and no charge is lost.
fn adds_up(answer: &str, total: &Value, file: &Path) {
    // Answers have the separators of what they answer; only the usual ones are counted here.
    if !answer.starts_with("ISA*") || answer.lines().any(|line| !line.ends_with('~')) {
        return;
    }
    let counts = Counts::of(answer);
    let cents = |name: &str| total[name].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let charges = ["charges_passed", "charges_rejected", "charges_quarantined"].map(cents);
    let file = file.display();
    assert_eq!(counts.claims, total["claims_in"], "{file}");
    assert_eq!(counts.accepted + counts.rejected, counts.claims, "{file}");
    assert_eq!(counts.cents, charges.iter().sum::<i64>(), "{file}");
}

#[test]
fn validators_of_other_people_find_nothing_wrong_with_any_answer() {
    let sandbox = Sandbox::new();
    let changed = [
        ("two", format!("{CLAIMS}{}", CLAIMS.replace("000000007", "000000008"))),
        ("cut", CLAIMS.split_at(CLAIMS.len() / 2).0.to_owned()),
        ("version", CLAIMS.replace("*00501*", "*00401*")),
        ("guide", CLAIMS.replace("005010X222A1", "004010X098A1")),
        ("no-parties", CLAIMS.replace("NM1*41", "NM1*ZZ").replace("NM1*IL", "NM1*ZZ")),
        ("no-group", CLAIMS.replace("GS*HC*CLINIC*HOUSE*20260305*0900*1*X*005010X222A1~\n", "")),
        ("odd-names", CLAIMS.replace("ORCHARD", "OR^CH:ARD").replace("BATCH1", "")),
        (
            "no-dates",
            CLAIMS
                .replace("*20260305*", "*20269999*")
                .replace("*260305*", "*999999*")
                .replace("*1*T*:", "*0*T*:"),
        ),
        ("group-kind", CLAIMS.replace("GS*HC*", "GS*HP*")),
    ];
    let mut files = own();
    // Other separators and line ends: of one file, since they take their time.
    files.extend(variants(&sandbox, &files).into_iter().take(7));
    files.extend(corpus().into_iter().filter(|path| path.to_string_lossy().contains(".837")));
    for (name, text) in changed {
        sandbox.write(&format!("{name}.837"), text.as_bytes());
        files.push(sandbox.path(&format!("{name}.837")));
    }
    let answers = answered(&sandbox, &files);

    // What they must refuse, or this test would prove little.
    let ack = answer(CLAIMS, &["-f", "277ca"]).stdout;
    sandbox.write("bad.277ca", ack.replace("*WQ*412.00", "*XX*412.00").as_bytes());
    let syntax = answer(CLAIMS, &["-f", "999"]).stdout;
    sandbox.write("bad.999", syntax.replace("IK5*E*5~\n", "").as_bytes());
    let fhir = answer(CLAIMS, &["-f", "fhir"]).stdout;
    sandbox.write("bad.ndjson", fhir.replace("\"outcome\":", "\"outcomes\":").as_bytes());
    let bad = ["bad.277ca", "bad.999", "bad.ndjson"].map(|name| sandbox.path(name));

    let Some(said) = validated(&[&answers[..], &bad].concat()) else {
        println!("skipped: no python3 with pip that can install the validators");
        return;
    };
    let (said, of_bad) = said.split_at(answers.len());
    let wrong: Vec<_> =
        said.iter().filter(|file| file["errors"] != serde_json::json!([])).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(of_bad.len(), bad.len());
    assert!(of_bad.iter().all(|file| file["errors"] != serde_json::json!([])), "{of_bad:#?}");
    println!("{} answers", answers.len());
}
