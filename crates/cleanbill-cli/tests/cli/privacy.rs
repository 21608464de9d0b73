//! A canary in every element of a claim, at the loudest log level, in every format: what identifies a
//! patient must not come out, whichever error path it takes.

use std::fmt::Write as _;

use crate::command::{Ran, Sandbox};

const CANARY: &str = "ZZPHIZZ";

const HEAD: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       \
                    *260305*0900*^*00501*000000001*0*T*:~GS*HC*S*R*20260305*0900*1*X*005010X222A1~";

/// One transaction with every segment that may hold something about a patient.
const TRANSACTION: &[&str] = &[
    "BHT*0019*00*B1*20260305*0900*CH",
    "NM1*41*2*CLINIC*****46*S1",
    "PER*IC*DESK*TE*5550100200",
    "NM1*40*2*HOUSE*****46*R1",
    "HL*1**20*1",
    "PRV*BI*PXC*2086S0129X",
    "NM1*85*2*CLINIC*****XX*1234567893",
    "N3*12 HARBOUR WAY",
    "N4*EXAMPLETON*OH*430010001",
    "REF*SY*000000001",
    "HL*2*1*22*1",
    "SBR*P**G1******MB",
    "NM1*IL*1*ORCHARD*MIRA****MI*EXM1",
    "N3*1 SAMPLE STREET",
    "N4*EXAMPLETON*OH*430010001",
    "DMG*D8*19500101*F",
    "REF*SY*000000002",
    "NM1*PR*2*EXAMPLE*****PI*P1",
    "HL*3*2*23*0",
    "PAT*19",
    "NM1*QC*1*ORCHARD*SAM",
    "N3*2 SAMPLE STREET",
    "N4*EXAMPLETON*OH*430010001",
    "DMG*D8*20010203*M",
    "CLM*{id}*930.00***11:B:1*Y*A*Y*Y",
    "DTP*431*D8*20260301",
    "REF*F8*ORIGINAL1",
    "REF*EA*RECORD1",
    "REF*G1*AUTHORITY1",
    "NTE*ADD*SEEN AT HOME",
    "HI*ABK:N186*ABF:I872",
    "NM1*DN*1*SAMPLE*REFERRER****XX*1234567893",
    "NM1*82*1*SAMPLE*READER****XX*1234567893",
    "SBR*S*01*******CI",
    "NM1*IL*1*ORCHARD*JO****MI*EXM2",
    "LX*1",
    "SV1*HC:93985:::::MAPPING*518.00*UN*1***1",
    "DTP*472*D8*20260302",
    "REF*6R*LINE1",
    "REF*G1*AUTHORITY2",
    "NTE*ADD*LEFT ARM",
    "LX*2",
    "SV1*HC:93970*412.00*UN*1***1:2",
    "DTP*472*RD8*20260302-20260302",
    "LIN**N4*00026063512",
    "CTP****10*ML",
    "NM1*DK*1*SAMPLE*ORDERER****XX*1234567893",
];

/// What stands in the transaction and must not come out.
const SECRETS: [&str; 16] = [
    "ORCHARD",
    "MIRA",
    "EXM1",
    "EXM2",
    "SAMPLE STREET",
    "19500101",
    "1950-01-01",
    "20010203",
    "2001-02-03",
    "00000000",
    "SEEN AT HOME",
    "LEFT ARM",
    "RECORD1",
    "ORIGINAL1",
    "AUTHORITY",
    "MAPPING*",
];

/// Places that are shown on purpose: the numbers of claim and line, and the payer's identifier.
fn is_shown(segment: &str, element: usize) -> bool {
    (segment.starts_with("CLM*") && element == 1)
        || (segment.starts_with("REF*6R") && element == 2)
        || (segment.starts_with("NM1*PR") && element == 9)
}

/// A file with one transaction for every element and component, that one replaced by the canary.
fn file() -> (String, usize) {
    let mut file = HEAD.to_owned();
    let mut count = 0;
    for (place, segment) in TRANSACTION.iter().enumerate() {
        for element in 1..segment.split('*').count() {
            if is_shown(segment, element) {
                continue;
            }
            let whole = segment.split('*').nth(element).unwrap();
            for component in 0..whole.split(':').count() {
                count += 1;
                write!(file, "ST*837*{count:04}*005010X222A1~").unwrap();
                for (index, other) in TRANSACTION.iter().enumerate() {
                    let text = if index == place {
                        changed(other, element, component)
                    } else {
                        (*other).to_owned()
                    };
                    write!(file, "{}~", text.replace("{id}", &format!("PCN{count}"))).unwrap();
                }
                write!(file, "SE*{}*{count:04}~", TRANSACTION.len() + 2).unwrap();
            }
        }
    }
    write!(file, "GE*{count}*1~IEA*1*000000001~").unwrap();
    (file, count)
}

fn changed(segment: &str, element: usize, component: usize) -> String {
    let mut elements: Vec<String> = segment.split('*').map(str::to_owned).collect();
    let mut components: Vec<&str> = elements[element].split(':').collect();
    components[component] = CANARY;
    elements[element] = components.join(":");
    elements.join("*")
}

#[test]
fn no_element_of_a_claim_comes_out_but_its_control_number_and_payer() {
    let (file, count) = file();
    assert!(count > 150, "{count}");
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", file.as_bytes());
    let formats = ["text", "ndjson", "json", "csv", "html", "sarif", "junit", "github", "fhir"];
    for format in formats.into_iter().chain(["remit-csv", "remit-json"]) {
        let mut command = sandbox.command(&["validate", "claims.837", "--format", format]);
        let ran = Ran::new(command.env("CLEANBILL_LOG", "trace").output().unwrap());
        assert_eq!(ran.code, Some(3), "{}", ran.stderr);
        assert!(ran.stderr.contains("run starts"), "the log is on: {}", ran.stderr);
        for (stream, shown) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
            let leak = shown.lines().find(|line| line.contains(CANARY));
            assert_eq!(leak, None, "{format} on {stream}");
        }
        // The canary went through errors as well as findings, or this test would prove little.
        assert!(ran.stdout.contains("I1"), "{format}");
        assert!(ran.stdout.contains("93970-access-mapping"), "{format}");
    }
}

#[test]
fn answers_name_patients_in_a_277ca_alone_and_only_where_the_guide_does() {
    let (file, _) = file();
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", file.as_bytes());
    let run = |format: &str| {
        let mut command = sandbox.command(&["validate", "claims.837", "--format", format]);
        let ran = Ran::new(command.env("CLEANBILL_LOG", "trace").output().unwrap());
        assert_eq!(ran.code, Some(3), "{}", ran.stderr);
        assert!(!ran.stderr.contains(CANARY), "{}", ran.stderr);
        ran.stdout
    };
    assert!(!run("999").contains(CANARY));
    let claims = run("277ca");
    assert!(claims.contains(&format!("NM1*QC*1*{CANARY}")) && claims.contains("NM1*QC*1*ORCHARD"));
    // Parties, the number of the batch and numbers that the sender gave lines.
    let allowed = ["NM1*PR*", "NM1*41*", "NM1*85*", "NM1*QC*", "TRN*2*", "REF*FJ*"];
    for line in claims.lines().filter(|line| line.contains(CANARY)) {
        assert!(allowed.iter().any(|start| line.starts_with(start)), "{line}");
    }
    for secret in ["MIRA", "SAMPLE STREET", "19500101", "20010203", "SEEN AT HOME", "000000001"] {
        let leak = claims.lines().find(|line| line.contains(secret) && !line.starts_with("IEA"));
        assert_eq!(leak, None, "{secret}");
    }
}

#[test]
fn names_addresses_birth_dates_and_notes_of_a_sound_claim_stay_inside() {
    let transaction: String =
        TRANSACTION.iter().map(|s| format!("{s}~").replace("{id}", "PCN1")).collect();
    let file = format!(
        "{HEAD}ST*837*0001*005010X222A1~{transaction}SE*{}*0001~GE*1*1~IEA*1*000000001~",
        TRANSACTION.len() + 2
    );
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", file.as_bytes());
    let rule = "93970-access-mapping";
    for arguments in [
        &["validate", "claims.837", "-vv"][..],
        &["validate", "claims.837", "-vv", "--format", "ndjson"],
        // Values are codes and what rules read, nothing that identifies anybody.
        &["validate", "claims.837", "-vv", "--format", "html", "--include-values"],
        &["explain", "claims.837", "-vv", "--rule", rule, "--why-not"],
        &["explain", "claims.837", "-vv", "--rule", rule, "--format", "json"],
    ] {
        let ran = sandbox.run(arguments);
        let shown = format!("{}{}", ran.stdout, ran.stderr);
        assert!(shown.contains("PCN1"), "{shown}");
        for secret in SECRETS {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
    }
}

#[test]
fn nothing_of_an_earlier_claim_comes_out_but_codes_dates_and_its_control_number() {
    let earlier = |id: &str| {
        let body: String =
            TRANSACTION.iter().map(|s| format!("{s}~").replace("{id}", id)).collect();
        let end = format!("SE*{}*0001~GE*1*1~IEA*1*000000001~", TRANSACTION.len() + 2);
        format!("{HEAD}ST*837*0001*005010X222A1~{body}{end}")
    };
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", earlier("PCN1").as_bytes());
    sandbox.write("paid.837", earlier("PCN7").as_bytes());
    let pack = OTHER_PACK.replace(
        "modifier_validity: { codes: [\"93990\"], not_allowed: [\"52\"] }",
        "duplicate_line: { same: [patient, service_date], search: [this_claim, history] }",
    );
    sandbox.write("pack.yaml", pack.replace("{modifier}", "{other.line}").as_bytes());
    for format in ["text", "ndjson"] {
        let ran = sandbox.run(&[
            "validate",
            "claims.837",
            "--packs",
            ".",
            "--history",
            "paid.837",
            "-vv",
            "--format",
            format,
        ]);
        let shown = format!("{}{}", ran.stdout, ran.stderr);
        assert!(shown.contains("1 of claim PCN7"), "{shown}");
        for secret in SECRETS {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
    }
    // With the canary everywhere the feed is refused at the first element that cannot be read.
    let (file, _) = file();
    sandbox.write("paid.837", file.as_bytes());
    let mut command =
        sandbox.command(&["validate", "claims.837", "--packs", ".", "--history", "paid.837"]);
    let ran = Ran::new(command.env("CLEANBILL_LOG", "trace").output().unwrap());
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(CANARY), "{}", ran.stderr);
}

#[test]
fn a_comparison_shows_no_element_of_a_claim_but_its_control_number_and_payer() {
    let (file, _) = file();
    let sandbox = Sandbox::new();
    sandbox.write("claims.837", file.as_bytes());
    sandbox.write("pack.yaml", OTHER_PACK.as_bytes());
    for format in ["text", "json", "markdown", "html"] {
        let mut command = sandbox.command(&[
            "diff",
            ".",
            "cpt-93970",
            "--claims",
            "claims.837",
            "--by",
            "payer",
            "--samples",
            "1000",
            "--format",
            format,
        ]);
        let ran = Ran::new(command.env("CLEANBILL_LOG", "trace").output().unwrap());
        assert_eq!(ran.code, Some(3), "{}", ran.stderr);
        for (stream, shown) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
            let leak = shown.lines().find(|line| line.contains(CANARY));
            assert_eq!(leak, None, "{format} on {stream}");
        }
        // Claims with a canary in them are among the samples, or this test would prove little.
        assert!(ran.stdout.matches("--claim PCN").count() > 50, "{format}");
    }
}

/// A pack with nothing in common with the default one, so that every finding differs.
const OTHER_PACK: &str = "\
schema: cleanbill/pack/v1
name: other
version: 1.0.0
title: Other
rules:
  - id: nothing
    title: A study that is never reduced
    modifier_validity: { codes: [\"93990\"], not_allowed: [\"52\"] }
    message: \"{code} does not take modifier {modifier}.\"
    fix: Remove the modifier.
    source: [{ authority: Clinic, document: Billing handbook, kind: internal }]
";
