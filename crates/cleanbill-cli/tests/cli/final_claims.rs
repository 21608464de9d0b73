//! Final claims, the day that stands for today, denials out of remittance advice, and other claims in findings: from
//! the command line to what it writes.

use crate::command::{Ran, Sandbox, records};

const HEADER: &str = "CUR_CLM_UNIQ_ID,CLM_LINE_NUM,CLM_LINE_HCPCS_CD,CLM_LINE_FROM_DT,CLM_LINE_ALOWD_CHRG_AMT,BENE_MBI_ID,CLM_POS_CD,CLM_CNTL_NUM,CLM_ADJSMT_TYPE_CD,CLM_EFCTV_DT\n";

/// Two monthly extracts: a claim that was adjusted, one that was cancelled, one that is in both.
fn extracts() -> Sandbox {
    let sandbox = Sandbox::new();
    let january = "101,1,93970,2026-01-05,100.00,ZZPHI1,11,CTL1,0,2026-01-20\n\
                   201,1,93970,2026-01-06,10.00,ZZPHI2,11,CTL2,0,2026-01-20\n\
                   301,1,93970,2026-01-07,1.00,ZZPHI3,11,CTL3,0,2026-01-20\n";
    let february = "102,1,93970,2026-01-05,90.00,ZZPHI1,11,CTL1,2,2026-02-20\n\
                    202,1,93970,2026-01-06,10.00,ZZPHI2,11,CTL2,1,2026-02-20\n\
                    301,1,93970,2026-01-07,1.00,ZZPHI3,11,CTL3,0,2026-01-20\n";
    sandbox.write("1.csv", format!("{HEADER}{january}").as_bytes());
    sandbox.write("2.csv", format!("{HEADER}{february}").as_bytes());
    sandbox
}

fn one_line_claim(id: &str, code: &str, day: &str, more: &str) -> String {
    format!(
        r#"{{"schema":1,"claim_id":"{id}","type":"professional","payer":"P","patient":{{"id":"ZZPHI","birth_date":"1950-01-01","sex":"F"}},"billing_provider":{{"npi":"1234567893"}},"rendering_provider":{{"npi":"1234567893"}},"place_of_service":"11","diagnoses":["N186"],"charge":"10.00",{more}"lines":[{{"number":1,"procedure":"{code}","units":"1","charge":"10.00","from":"{day}","through":"{day}","diagnosis_pointers":[1]}}]}}"#
    ) + "\n"
}

/// A pack with one rule that looks at other claims: a second 93970 of a patient on one day.
const TWICE: &str = "schema: cleanbill/pack/v1
name: twice
version: 1.0.0
title: A service twice
owner: coder
rules:
  - id: service-twice
    title: A service twice on one day
    duplicate_line:
      codes: [\"93970\"]
      same: [patient, service_date]
      search: [this_claim, history]
    disposition: line_denial
    message: \"{code} on line {line} repeats line {other.line}.\"
    fix: \"Remove it.\"
    source:
      - { authority: Clinic, document: Handbook, kind: internal }
    tests:
      - name: twice
        claim: { lines: [\"93970\", \"93970\"] }
        expect: { fires: [2] }
";

fn write_pack(sandbox: &Sandbox, name: &str, text: &str) {
    std::fs::create_dir(sandbox.path(name)).unwrap();
    sandbox.write(&format!("{name}/pack.yaml"), text.as_bytes());
}

fn twice(claims: &[String]) -> Sandbox {
    let sandbox = Sandbox::new();
    write_pack(&sandbox, "pack", TWICE);
    sandbox.write("new.ndjson", claims.concat().as_bytes());
    sandbox
}

fn read(sandbox: &Sandbox, name: &str) -> String {
    std::fs::read_to_string(sandbox.path(name)).unwrap()
}

fn run(sandbox: &Sandbox, arguments: &[&str], code: i32) -> Ran {
    let ran = sandbox.run(arguments);
    assert_eq!(ran.code, Some(code), "{arguments:?}\n{}\n{}", ran.stdout, ran.stderr);
    assert!(!ran.stderr.contains("ZZPHI") && !ran.stdout.contains("ZZPHI"), "{ran:?}");
    ran
}

#[test]
fn a_run_over_extracts_judges_final_claims_and_tells_what_it_left_out() {
    let sandbox = extracts();
    let told = run(&sandbox, &["finalize", "--preset", "cclf", "1.csv", "2.csv"], 0).stdout;
    assert_eq!(
        told,
        "1.csv:2  101  superseded by a later version: 102 (2.csv:2)\n\
         1.csv:3  201  taken back by a void or cancel: 202 (2.csv:3)\n\
         2.csv:3  202  a void or cancel itself\n\
         2.csv:4  301  here a second time: 301 (1.csv:4)\n\
         6 claims in = 2 final + 1 superseded + 1 voided + 1 voids + 1 repeated + 0 quarantined\n\
         charges 212.00 in = 91.00 final + 121.00 not final + 0.00 quarantined\n"
    );
    let validate = ["validate", "--finalize", "cclf", "-f", "ndjson", "1.csv", "2.csv"];
    let once = run(&sandbox, &validate, 0).stdout;
    for jobs in ["1", "3"] {
        let again = run(&sandbox, &[&validate[..], &["--jobs", jobs]].concat(), 0).stdout;
        assert_eq!(again, once, "{jobs} jobs");
    }
    let records = records(&once);
    let versions: Vec<_> = records.iter().filter(|record| record["type"] == "version").collect();
    assert_eq!(versions.len(), 4);
    assert_eq!(versions[0]["by"]["file"], "2.csv");
    let summary = records.last().unwrap();
    let total = &summary["total"];
    assert_eq!((&total["claims_in"], &total["passed"]), (&6.into(), &2.into()));
    assert_eq!((&total["not_final"]["charges"], &total["holds"]), (&"121.00".into(), &true.into()));
    assert_eq!(summary["finalize"]["preset"], "cclf");
    // The same claims are final, whichever file comes first.
    let kept = |files: [&str; 2]| {
        let told =
            run(&sandbox, &["finalize", "--preset", "cclf", "-f", "ndjson", files[0], files[1]], 0);
        let records = crate::command::records(&told.stdout);
        let mut gone: Vec<String> = records
            .iter()
            .filter(|record| record["type"] == "version")
            .map(|record| format!("{} {}", record["claim"], record["action"]))
            .collect();
        gone.sort();
        gone
    };
    assert_eq!(kept(["1.csv", "2.csv"]), kept(["2.csv", "1.csv"]));
    let refused = run(&sandbox, &["validate", "--finalize", "cclf", "-f", "999", "1.csv"], 2);
    assert!(refused.stderr.contains("answer every claim"), "{}", refused.stderr);
}

#[test]
fn a_replacement_leaves_the_claim_that_it_replaces_out_of_a_run() {
    let sandbox = twice(&[
        one_line_claim("A", "93970", "2026-03-02", ""),
        one_line_claim("B", "93970", "2026-03-02", r#""frequency":"7","original_reference":"A","#),
        one_line_claim(
            "C",
            "93970",
            "2026-04-02",
            r#""frequency":"7","original_reference":"ICN","#,
        ),
    ]);
    let told = run(&sandbox, &["finalize", "--preset", "837", "new.ndjson"], 0).stdout;
    assert!(told.contains("A  superseded by a later version: B (new.ndjson:2)"), "{told}");
    assert!(told.contains("C  judged; the claim that it replaces is not here"), "{told}");
    let validate = ["validate", "new.ndjson", "--packs", "pack", "-f", "ndjson"];
    let summary = |more: &[&str], code: i32| {
        let ran = run(&sandbox, &[&validate[..], more].concat(), code);
        records(&ran.stdout).last().unwrap().clone()
    };
    let finalized = summary(&["--finalize", "837"], 0);
    assert_eq!(finalized["total"]["not_final"]["superseded"], 1);
    assert_eq!(finalized["finalize"]["orphans"], 1);
    assert!(summary(&[], 0)["total"].get("not_final").is_none());
}

#[test]
fn dates_that_cannot_be_are_found_by_the_day_of_the_run_and_by_no_clock() {
    let sandbox = twice(&[
        one_line_claim("LATE", "99213", "2026-03-03", ""),
        one_line_claim("SENT", "99213", "2026-03-03", r#""submitted":"2026-03-02","#),
        one_line_claim("BORN", "99213", "1949-12-31", ""),
        one_line_claim("FAR", "99213", "2199-01-01", ""),
    ]);
    let found = |more: &[&str]| {
        let ran = sandbox.run(&[&["validate", "new.ndjson", "-f", "ndjson"][..], more].concat());
        records(&ran.stdout)
            .iter()
            .filter(|record| record["type"] == "finding")
            .map(|record| {
                format!(
                    "{} {}",
                    record["claim"].as_str().unwrap(),
                    record["rule"].as_str().unwrap()
                )
            })
            .collect::<Vec<String>>()
    };
    let always = ["SENT service-after-submission", "BORN service-before-birth"];
    assert_eq!(found(&[]), always);
    assert_eq!(found(&["--as-of", "2199-01-01"]), always);
    assert_eq!(
        found(&["--as-of", "2026-03-02"]),
        [
            "LATE service-after-as-of",
            "SENT service-after-as-of",
            "SENT service-after-submission",
            "BORN service-before-birth",
            "FAR service-after-as-of"
        ]
    );
    let why = run(
        &sandbox,
        &["explain", "new.ndjson", "--rule", "service-after-as-of", "--as-of", "2026-03-02"],
        0,
    );
    assert!(why.stdout.contains("2026-03-03 lies behind 2026-03-02"), "{}", why.stdout);
}

#[test]
fn claims_of_the_history_that_came_later_are_not_known() {
    let sandbox = twice(&[one_line_claim("NEW", "93970", "2026-03-02", "")]);
    let earlier = [
        one_line_claim("SENT", "93970", "2026-03-02", r#""submitted":"2026-03-20","#),
        one_line_claim("UNDATED", "93970", "2026-03-02", ""),
    ];
    sandbox.write("earlier.ndjson", earlier.concat().as_bytes());
    run(&sandbox, &["history", "add", "claims.db", "earlier.ndjson"], 0);
    for history in ["claims.db", "earlier.ndjson"] {
        let others = |more: &[&str]| {
            let validate =
                ["validate", "new.ndjson", "--packs", "pack", "--history", history, "-f", "ndjson"];
            let ran = sandbox.run(&[&validate[..], more].concat());
            let records = records(&ran.stdout);
            let findings = records.iter().filter(|record| record["type"] == "finding");
            findings
                .flat_map(|finding| finding["other"].as_array().unwrap().clone())
                .map(|other| other["claim"].as_str().unwrap().to_owned())
                .collect::<Vec<String>>()
        };
        let all = others(&[]);
        assert!(all.contains(&"SENT".to_owned()) || all.contains(&"UNDATED".to_owned()), "{all:?}");
        assert_eq!(others(&["--as-of", "2026-03-20"]), all);
        assert_eq!(others(&["--as-of", "2026-03-19"]), ["UNDATED"], "{history}");
        assert_eq!(others(&["--as-of", "2026-03-01"]), [""; 0], "{history}");
    }
}

/// Remittance advice over one payment: `CLP` and what follows, of each claim.
fn remit(day: &str, claims: &[(&str, &str, &str)]) -> String {
    let mut segments = vec![
        "ST*835*0001".to_owned(),
        format!("BPR*I*0*C*NON************{day}"),
        "TRN*1*T1*1999999999".to_owned(),
        format!("DTM*405*{day}"),
        "N1*PR*A PAYER".to_owned(),
        "N1*PE*A CLINIC*XX*1234567893".to_owned(),
        "LX*1".to_owned(),
    ];
    for (id, status, paid) in claims {
        let sign = if *status == "22" { "-" } else { "" };
        segments.push(format!("CLP*{id}*{status}*{sign}10*{paid}**MC*ICN{id}*11*1"));
        segments.push("NM1*QC*1*DOE*PAT".to_owned());
        segments.push(format!("SVC*HC:93970*{sign}10*{paid}**1"));
        segments.push("DTM*472*20260302".to_owned());
        match (*status, *paid) {
            ("22", _) => segments.push("CAS*CO*236*-10".to_owned()),
            (_, "0") => segments.push("CAS*CO*236*10".to_owned()),
            _ => {}
        }
    }
    let count = segments.len() + 1;
    segments.push(format!("SE*{count}*0001"));
    let body = segments.join("~\n");
    format!(
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260401*1200*^*00501*000000001*0*T*:~\n\
         GS*HP*SENDER*RECEIVER*20260401*1200*1*X*005010X221A1~\n{body}~\nGE*1*1~\nIEA*1*000000001~\n"
    )
}

#[test]
fn denials_of_remittance_advice_mark_a_history_and_a_reversal_takes_them_back() {
    let sandbox = twice(&[one_line_claim("NEW", "93970", "2026-03-02", "")]);
    let earlier = [
        one_line_claim("A", "93970", "2026-03-02", ""),
        one_line_claim("TWIN", "93970", "2026-05-02", ""),
        one_line_claim("TWIN", "93971", "2026-05-02", ""),
    ];
    sandbox.write("earlier.ndjson", earlier.concat().as_bytes());
    run(&sandbox, &["history", "add", "claims.db", "earlier.ndjson"], 0);
    let april = remit("20260401", &[("A", "4", "0"), ("NOBODY", "4", "0")]);
    sandbox.write("april.835", april.as_bytes());
    sandbox.write("may.835", remit("20260501", &[("A", "22", "0")]).as_bytes());
    let twin = remit("20260401", &[("TWIN", "4", "0")]).replace("20260302", "20260502");
    sandbox.write("twin.835", twin.as_bytes());
    let deny = |files: &[&str]| {
        let ran =
            run(&sandbox, &[&["history", "deny", "claims.db", "--from"][..], files].concat(), 0);
        (ran.stdout, ran.stderr)
    };
    let finds = |code: i32| {
        let validate =
            ["validate", "new.ndjson", "--packs", "pack", "--history", "claims.db", "-f", "ndjson"];
        run(&sandbox, &validate, code);
    };
    finds(1);
    let (told, _) = deny(&["april.835"]);
    assert_eq!(
        told,
        "2 claims answered = 1 joined + 1 unknown + 0 ambiguous + 0 without an answer\n\
         1 lines count no more, 0 count again, 0 as before\n"
    );
    finds(0);
    assert!(
        deny(&["april.835"]).0.ends_with("0 lines count no more, 0 count again, 1 as before\n")
    );
    assert!(deny(&["may.835"]).0.ends_with("0 lines count no more, 1 count again, 0 as before\n"));
    finds(1);
    // The old denial once more, and both the other way round: the reversal stands.
    assert!(deny(&["may.835", "april.835"]).0.contains("0 lines count no more, 0 count again"));
    finds(1);
    let (told, warned) = deny(&["twin.835"]);
    assert!(told.contains("0 joined + 0 unknown + 1 ambiguous"), "{told}");
    assert!(warned.contains("2 claims of the history may be `TWIN`"), "{warned}");
    let json = run(&sandbox, &["history", "deny", "claims.db", "--from", "twin.835", "--json"], 0);
    assert_eq!(records(&json.stdout)[0]["ambiguous"], 1);
}

#[test]
fn a_finding_over_claims_tells_when_the_other_was_served_and_why_it_counts() {
    let sandbox = twice(&[
        one_line_claim("A", "93970", "2026-03-02", ""),
        one_line_claim("B", "93970", "2026-03-02", ""),
    ]);
    let words = "it is of this run and comes before this claim; nothing known replaces or voids it";
    let ran = run(
        &sandbox,
        &["validate", "new.ndjson", "--packs", "pack", "-o", "p.html", "-o", "f.ndjson"],
        1,
    );
    assert_eq!(ran.stderr, "");
    let found = records(&read(&sandbox, "f.ndjson"));
    // Without a feed of earlier claims it is left open what they would tell.
    let finding = found.iter().find(|record| record["outcome"] == "fires").unwrap();
    let other = &finding["other"][0];
    assert_eq!((&other["claim"], &other["from"]), (&"A".into(), &"2026-03-02".into()));
    assert_eq!((&other["standing"], &other["counts"]), (&"run_before".into(), &true.into()));
    assert_eq!(other["why"], words);
    let page = read(&sandbox, "p.html");
    assert!(page.contains("A:1, served 2026-03-02: it is of this run"), "the page has it");
    let explain = ["explain", "new.ndjson", "--rule", "service-twice", "--claim", "B"];
    let explain: Vec<&str> = explain.into_iter().chain(["--packs", "pack"]).collect();
    let text = run(&sandbox, &explain, 0).stdout;
    assert!(text.contains("with line 1 of claim A, served 2026-03-02"), "{text}");
    assert!(text.contains(words), "{text}");
    let json = run(&sandbox, &[&explain[..], &["--format", "json"]].concat(), 0).stdout;
    let explained: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        explained["lines"][0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["outcome"] == "fires")
            .unwrap()["earlier"][0]["why"],
        words
    );
    let text = run(&sandbox, &["validate", "new.ndjson", "--packs", "pack"], 1).stdout;
    assert!(text.contains("other:   line 1 of claim A, served 2026-03-02"), "{text}");
    // Without a history and in a pipe claims of one run see each other too.
    let mut piped = sandbox.command(&["validate", "--packs", "pack", "-f", "ndjson"]);
    piped.stdin(std::fs::File::open(sandbox.path("new.ndjson")).unwrap());
    assert_eq!(piped.output().unwrap().status.code(), Some(1));
    let mut pipe = sandbox.command(&["validate", "--packs", "pack", "-f", "ndjson"]);
    pipe.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = pipe.spawn().unwrap();
    let claims = read(&sandbox, "new.ndjson");
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), claims.as_bytes()).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
}

#[test]
fn a_waiver_and_a_comparison_hold_over_a_history() {
    let sandbox = twice(&[one_line_claim("NEW", "93970", "2026-03-02", "")]);
    let earlier = one_line_claim("OLD", "93970", "2026-03-02", "");
    sandbox.write("earlier.ndjson", earlier.as_bytes());
    run(&sandbox, &["history", "add", "claims.db", "earlier.ndjson"], 0);
    let waived = format!(
        "{TWICE}waivers:\n  - {{ rule: service-twice, match: {{ claim_id: NEW }}, reason: \"billed on purpose\", approved_by: \"J. Doe\", expires: 2027-01-01 }}\n"
    );
    write_pack(&sandbox, "waived", &waived);
    let outcome = |pack: &str, more: &[&str]| {
        let validate =
            ["validate", "new.ndjson", "--packs", pack, "--history", "claims.db", "-f", "ndjson"];
        let ran = sandbox.run(&[&validate[..], more].concat());
        let found = records(&ran.stdout);
        let outcome = found[0]["outcome"].as_str().unwrap_or_default().to_owned();
        (ran.code, outcome, ran.stderr)
    };
    assert_eq!(outcome("pack", &[]).1, "fires");
    let (code, was, told) = outcome("waived", &[]);
    assert_eq!((code, was.as_str()), (Some(0), "waived"), "{told}");
    assert_eq!(outcome("waived", &["--as-of", "2027-01-02"]).1, "fires");

    let lifted = TWICE
        .replace(
            "      same: [patient, service_date]\n",
            "      same: [patient, service_date]\n      unless_modifiers: [\"76\"]\n",
        )
        .replace("codes: [\"93970\"]", "codes: [\"93971\"]")
        .replace("lines: [\"93970\", \"93970\"]", "lines: [\"93971\", \"93971\"]");
    write_pack(&sandbox, "lifted", &lifted);
    let compare = |more: &[&str]| {
        let diff = ["diff", "pack", "lifted", "--claims", "new.ndjson", "-f", "json"];
        let ran = run(&sandbox, &[&diff[..], more].concat(), 0);
        let text = ran.stdout;
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let over = compare(&["--history", "claims.db"]);
    let total = |result: &serde_json::Value| result["total"]["no_longer_hit"]["lines"].clone();
    assert_eq!(total(&over), 1, "{over}");
    let before = compare(&["--history", "claims.db", "--as-of", "2026-03-01"]);
    assert_eq!(total(&before), 0, "the other claim was not known then: {before}");
}

#[test]
#[cfg(unix)]
fn what_keeps_nothing_is_written_straight() {
    let sandbox = twice(&[one_line_claim("A", "93970", "2026-03-02", "")]);
    let validate = ["validate", "new.ndjson", "--packs", "pack"];
    let run = |more: &[&str]| run(&sandbox, &[&validate[..], more].concat(), 0);
    assert_eq!(run(&["-o", "/dev/null"]).stdout, "");
    run(&["-f", "text", "-o", "/dev/null", "-f", "ndjson", "-o", "/dev/null"]);
    let straight = run(&["-f", "ndjson", "-o", "/dev/stdout"]).stdout;
    assert_eq!(straight, run(&["-f", "ndjson"]).stdout);
}
