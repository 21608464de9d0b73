//! Learning from remittance advice, from the command to what it prints.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::command::{Ran, Sandbox, at_top, conflicting_claim, top};

const PAGE: &str = "docs/learn.md";
const START: &str =
    "<!-- transcript: kept in step by crates/cleanbill-cli/tests/cli/learn.rs -->\n";
const END: &str = "<!-- end of transcript -->\n";
const REMIT: &str = "examples/clinic-day.835";
const CLAIMS: &str = "examples/clinic-day.837";

#[test]
fn the_page_shows_what_the_program_prints() {
    let ran = at_top(&["learn", REMIT, "--claims", CLAIMS]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let page = fs::read_to_string(top().join(PAGE)).unwrap();
    let (before, rest) = page.split_once(START).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let shown = format!("$ cleanbill learn {REMIT} --claims {CLAIMS}\n{}", ran.stdout);
    let wanted = format!("{before}{START}```console\n{shown}```\n{END}{after}");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(top().join(PAGE), wanted).unwrap();
    } else {
        assert_eq!(page, wanted, "run the tests once with UPDATE_README=1 and look at the change");
    }
}

fn document(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn findings_and_claims_tell_the_same_of_every_rule() {
    let sandbox = Sandbox::new();
    for name in [REMIT, CLAIMS] {
        let bytes = fs::read(top().join(name)).unwrap();
        sandbox.write(name.strip_prefix("examples/").unwrap(), &bytes);
    }
    let found = sandbox.run(&["validate", "clinic-day.837", "-o", "findings.ndjson"]);
    assert_eq!(found.code, Some(1));
    let learn = |checked: &[&str]| {
        let ran = sandbox.run(&[&["learn", "clinic-day.835", "-f", "json"], checked].concat());
        assert_eq!(ran.code, Some(0), "{ran:?}");
        document(&ran)
    };
    let by_claims = learn(&["--claims", "clinic-day.837"]);
    let by_findings = learn(&["--findings", "findings.ndjson"]);
    for member in ["rules", "total", "denied", "foreseen", "claims", "total_remitted"] {
        assert_eq!(by_claims[member], by_findings[member], "{member}");
    }
    assert_eq!(by_claims["unseen"]["total"], by_findings["unseen"]["total"]);
    assert_eq!(by_claims["total"]["precision"], "0.7143");
    assert_eq!(
        (&by_claims["knows_claims"], &by_findings["knows_claims"]),
        (&true.into(), &false.into())
    );
}

#[test]
fn several_formats_are_written_and_the_same_input_gives_the_same_bytes() {
    let sandbox = Sandbox::new();
    sandbox.write("remit.835", &fs::read(top().join(REMIT)).unwrap());
    sandbox.write("claims.837", &fs::read(top().join(CLAIMS)).unwrap());
    let run = |csv: &str, json: &str| {
        let outputs = ["-o", csv, "-o", json];
        let ran = sandbox
            .run(&[&["learn", "remit.835", "--claims", "claims.837"], &outputs[..]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
        [csv, json].map(|name| fs::read_to_string(sandbox.path(name)).unwrap())
    };
    let [csv, json] = run("a.csv", "a.json");
    assert_eq!([csv.clone(), json], run("b.csv", "b.json"));
    assert!(csv.contains("unseen,,,,CO,50,N115,1,412.00"), "{csv}");
}

#[test]
fn what_cannot_be_trusted_is_shown_and_makes_the_exit_code_3() {
    let sandbox = Sandbox::with_claims(&[conflicting_claim("RV-1001")]);
    let remit = fs::read_to_string(top().join(REMIT)).unwrap();
    sandbox.write("remit.835", remit.replace("CLP*RV-1002*1*", "CLP*RV-1002*77*").as_bytes());
    let ran = sandbox.run(&["learn", "remit.835", "--claims", "claims.ndjson"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.stdout.contains("I1604 remit.835:24 claim RV-1002: "), "{}", ran.stdout);
    assert!(ran.stdout.contains("remitted claims, not among those checked"), "{}", ran.stdout);
    let explained = sandbox.run(&["explain", "I1604"]);
    assert!(explained.stdout.contains("CLP02"), "{}", explained.stdout);
}

#[test]
fn files_of_the_wrong_kind_lead_to_the_right_verb() {
    let validated = at_top(&["validate", REMIT]);
    assert_eq!(validated.code, Some(3));
    let words = validated.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("this is a remittance advice, not claims; see `cleanbill learn`"),
        "{words}"
    );
    let learnt = at_top(&["learn", CLAIMS, "--claims", CLAIMS]);
    assert_eq!(learnt.code, Some(3));
    assert!(learnt.stdout.contains("name them with `--claims`"), "{}", learnt.stdout);
    let findings = at_top(&["learn", REMIT, "--findings", CLAIMS]);
    assert_eq!(findings.code, Some(3));
    assert!(findings.stdout.contains("no list of findings"), "{}", findings.stdout);
}

#[test]
fn what_cannot_be_learnt_from_is_refused_before_anything_is_read() {
    for arguments in [
        &["learn", REMIT][..],
        &["learn", REMIT, "--claims", "no-such.837"],
        &["learn", "no-such.835", "--claims", CLAIMS],
        &["learn", REMIT, "--claims", CLAIMS, "--findings", CLAIMS],
        &["learn", "-", "--claims", "-"],
        &["learn", REMIT, "--claims", CLAIMS, "--output", CLAIMS],
        &["learn", REMIT, "--claims", CLAIMS, "--format", "xlsx"],
    ] {
        let ran = at_top(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}");
    }
}

#[test]
fn every_line_is_adjusted_by_its_charge_once_and_no_reason_lacks_its_remark() {
    let ran = at_top(&["validate", CLAIMS, "--format", "remit-json"]);
    let records = document(&ran);
    let records = records["records"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (mut adjusted, mut seen) = (0_i64, 0);
    for claim in records.iter().filter(|record| record["type"] == "remit_claim") {
        for line in claim["lines"].as_array().unwrap() {
            let amounts: Vec<_> = line["adjustments"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| text(&one["amount"]))
                .collect();
            assert_eq!(
                amounts.iter().filter(|amount| **amount == text(&line["charge"])).count(),
                1
            );
            for one in line["adjustments"].as_array().unwrap() {
                seen += 1;
                let needs = ["16", "96", "129", "226", "234", "250", "251", "252", "267", "A1"];
                let has_remark = !one["rarc"].as_array().unwrap().is_empty();
                assert!(has_remark || !needs.contains(&text(&one["carc"]).as_str()), "{one}");
            }
        }
        adjusted += text(&claim["adjusted"]).replace('.', "").parse::<i64>().unwrap();
    }
    // The charge at risk of the run without the line of which the rule cannot tell.
    let at_risk = text(&records.last().unwrap()["charge_at_risk"]).replace('.', "");
    assert_eq!((seen, adjusted), (10, at_risk.parse::<i64>().unwrap() - 29_900));
}

const CANARY: &str = "ZZPHIZZ";

#[test]
fn no_element_of_a_remittance_advice_comes_out_but_its_claim_numbers() {
    let remit = fs::read_to_string(top().join(REMIT)).unwrap();
    let segments: Vec<&str> = remit.split("~\n").filter(|one| !one.is_empty()).collect();
    let (head, rest) = segments.split_at(2);
    let end = rest.iter().position(|one| one.starts_with("CLP*RV-1003")).unwrap();
    let transaction = &rest[..end];
    let mut file = format!("{}~", head.join("~"));
    let mut count = 0;
    for (place, segment) in transaction.iter().enumerate() {
        for element in 1..segment.split('*').count() {
            if place == 0 || (segment.starts_with("CLP*") && element == 1) {
                continue;
            }
            count += 1;
            write!(file, "ST*835*{count:04}~").unwrap();
            for (index, other) in transaction.iter().enumerate().skip(1) {
                let mut elements: Vec<&str> = other.split('*').collect();
                if index == place {
                    elements[element] = CANARY;
                }
                write!(file, "{}~", elements.join("*")).unwrap();
            }
            write!(file, "SE*{}*{count:04}~", transaction.len() + 1).unwrap();
        }
    }
    write!(file, "GE*{count}*77~IEA*1*000000077~").unwrap();
    assert!(count > 60, "{count}");
    let sandbox = Sandbox::new();
    sandbox.write("remit.835", file.as_bytes());
    sandbox.write("claims.837", &fs::read(top().join(CLAIMS)).unwrap());
    for format in ["text", "json", "csv"] {
        let mut command =
            sandbox.command(&["learn", "remit.835", "--claims", "claims.837", "--format", format]);
        let ran = Ran::new(command.env("CLEANBILL_LOG", "trace").output().unwrap());
        assert_eq!(ran.code, Some(3), "{}", ran.stderr);
        for (stream, shown) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
            let leak = shown.lines().find(|line| line.contains(CANARY));
            assert_eq!(leak, None, "{format} on {stream}");
        }
        assert!(ran.stdout.contains("I16"), "{format}");
    }
}
