//! `validate --out-dir`: a folder with the whole result of a run, or nothing new in it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Stdio;

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim, records};

/// Every file below a folder, by its path within it.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, name: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let own = format!("{name}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(&entry.path(), &format!("{own}/"), files);
            } else {
                files.insert(own, fs::read(entry.path()).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, "", &mut files);
    files
}

/// Claims that pass, that fail, and some that cannot be read.
pub fn claims(count: usize) -> Vec<String> {
    let claim = |number: usize| match number % 10 {
        0 | 4 => conflicting_claim(&format!("C{number}")),
        7 if number % 50 == 7 => clean_claim("broken").replace("99213", "9921"),
        _ => clean_claim(&format!("C{number}")),
    };
    (0..count).map(claim).collect()
}

pub const RUN: [&str; 4] = ["validate", "claims.ndjson", "--out-dir", "run"];

pub fn run(sandbox: &Sandbox, more: &[&str]) -> Ran {
    sandbox.run(&[&RUN[..], more].concat())
}

#[track_caller]
pub fn refused(ran: &Ran, words: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
}

#[test]
fn the_folder_holds_the_whole_result_and_its_owner_alone_may_read_it() {
    let sandbox = Sandbox::with_claims(&claims(60));
    let more = ["-f", "html", "-f", "csv", "-f", "ndjson", "-f", "html"];
    let ran = run(&sandbox, &more);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (Some(3), "", ""));
    let files = tree(&sandbox.path("run"));
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "findings.csv",
            "findings.html",
            "findings.ndjson",
            "provenance.json",
            "quarantine/000001.bin",
            "quarantine/index.ndjson",
            "summary.json",
        ]
    );
    for name in names {
        let mode = fs::metadata(sandbox.path("run").join(name)).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    for folder in ["run", "run/quarantine"] {
        assert_eq!(fs::metadata(sandbox.path(folder)).unwrap().mode() & 0o777, 0o700);
    }
    // Without a folder the same run says the same.
    let plain = sandbox.run(&["validate", "claims.ndjson", "-f", "ndjson"]);
    assert_eq!(plain.stdout.as_bytes(), files["findings.ndjson"]);
    assert_eq!(plain.stdout.lines().last().unwrap(), text(&files["summary.json"]).trim_end());
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Bytes in quarantine are those of the input, and as many as the accounting says.
#[track_caller]
fn check_quarantine(folder: &Path, input: &[u8]) -> Vec<serde_json::Value> {
    let files = tree(folder);
    let index = records(text(&files["quarantine/index.ndjson"]));
    let mut sum = 0;
    for entry in &index {
        let number = |name: &str| usize::try_from(entry[name].as_u64().unwrap()).unwrap();
        let (start, end) = (number("start"), number("end"));
        let kept = &files[&format!("quarantine/{}", entry["file"].as_str().unwrap())];
        let kept = &kept[number("at")..number("at") + number("bytes")];
        assert!(kept == &input[start..end], "{entry}");
        sum += if entry.get("claim_ordinal").is_none() { end - start } else { 0 };
        assert!(!entry["reasons"].as_array().unwrap().is_empty(), "{entry}");
    }
    let summary: serde_json::Value = serde_json::from_slice(&files["summary.json"]).unwrap();
    assert_eq!(summary["total"]["bytes"]["quarantined"], sum);
    index
}

#[test]
fn what_was_not_processed_is_kept_byte_for_byte_with_its_reason() {
    let sandbox = Sandbox::with_claims(&claims(120));
    let input = fs::read(sandbox.path("claims.ndjson")).unwrap();
    run(&sandbox, &[]);
    let index = check_quarantine(&sandbox.path("run"), &input);
    assert_eq!(index.len(), 3);
    assert_eq!(
        (&index[0]["file"], &index[0]["input"]),
        (&"000001.bin".into(), &"claims.ndjson".into())
    );
    assert!(index[0]["reasons"][0]["code"].as_str().unwrap().starts_with('I'));

    // An 837 cut anywhere: what is missing is the reason.
    let whole = fs::read(crate::command::top().join("examples/clinic-day.837")).unwrap();
    for cut in [150, 300, 2000, 5000, whole.len() - 40] {
        sandbox.write("cut.837", &whole[..cut]);
        let ran = sandbox.run(&["validate", "cut.837", "--out-dir", "cut", "--overwrite"]);
        assert_eq!(ran.code, Some(3), "{cut}: {ran:?}");
        check_quarantine(&sandbox.path("cut"), &whole[..cut]);
    }
}

#[test]
fn bytes_of_a_pipe_and_of_a_packed_file_are_kept_too() {
    let sandbox = Sandbox::with_claims(&claims(120));
    let input = fs::read(sandbox.path("claims.ndjson")).unwrap();
    let mut child = sandbox
        .command(&["validate", "--out-dir", "piped"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    assert_eq!(Ran::new(child.wait_with_output().unwrap()).code, Some(3));
    check_quarantine(&sandbox.path("piped"), &input);

    let mut gzip = std::process::Command::new("gzip");
    assert!(gzip.arg("-k").arg(sandbox.path("claims.ndjson")).status().unwrap().success());
    let ran = sandbox.run(&["validate", "claims.ndjson.gz", "--out-dir", "packed"]);
    assert_eq!(ran.code, Some(3), "{ran:?}");
    check_quarantine(&sandbox.path("packed"), &input);
}

#[test]
fn nothing_of_a_folder_tells_how_many_threads_there_were() {
    let sandbox = Sandbox::with_claims(&claims(3000));
    let trees = ["1", "2", "8"].map(|jobs| {
        let folder = format!("run-{jobs}");
        let command =
            ["validate", "claims.ndjson", "--out-dir", &folder, "-f", "xlsx", "--jobs", jobs];
        assert_eq!(sandbox.run(&command).code, Some(3));
        tree(&sandbox.path(&folder))
    });
    assert!(trees[0] == trees[1] && trees[1] == trees[2]);
}

#[test]
fn results_are_replaced_only_when_asked_and_nothing_stale_stays() {
    let sandbox = Sandbox::with_claims(&claims(7));
    assert_eq!(run(&sandbox, &["-f", "html", "-f", "csv"]).code, Some(1));
    let before = tree(&sandbox.path("run"));
    refused(&run(&sandbox, &[]), "the folder `run` holds `findings.ndjson` already");
    assert!(tree(&sandbox.path("run")) == before);
    assert_eq!(run(&sandbox, &["-f", "csv", "--overwrite"]).code, Some(1));
    let after = tree(&sandbox.path("run"));
    assert!(!after.contains_key("findings.html"));
    for name in ["findings.csv", "findings.ndjson", "summary.json"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    // A run that is refused, or strict and not whole, changes nothing.
    refused(&run(&sandbox, &["--overwrite", "--packs", "none"]), "none");
    sandbox.write("claims.ndjson", b"{}");
    assert_eq!(run(&sandbox, &["--overwrite", "--strict"]).code, Some(3));
    assert!(tree(&sandbox.path("run")) == after);
    // Files of someone else are never taken for results of ours.
    fs::create_dir(sandbox.path("own")).unwrap();
    fs::write(sandbox.path("own/findings.csv"), "mine").unwrap();
    let own = ["validate", "claims.ndjson", "--out-dir", "own"];
    refused(&sandbox.run(&own), "the folder `own` holds `findings.csv` already");
}

#[test]
fn folders_that_cannot_be_trusted_or_used_are_refused() {
    let sandbox = Sandbox::with_claims(&claims(3));
    let to = |folder: &str| sandbox.run(&["validate", "claims.ndjson", "--out-dir", folder]);
    refused(&to("no/such"), "the folder `no/such` cannot be used: No such file");
    sandbox.write("file", b"");
    refused(&to("file"), "it is no folder");
    fs::create_dir(sandbox.path("there")).unwrap();
    symlink(sandbox.path("there"), sandbox.path("link")).unwrap();
    refused(&to("link"), "it is a link");
    fs::set_permissions(sandbox.path("there"), fs::Permissions::from_mode(0o777)).unwrap();
    refused(&to("there"), "others may write to it");
    fs::set_permissions(sandbox.path("there"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink("/dev/null", sandbox.path("there/report.txt")).unwrap();
    let ran = sandbox.run(&["validate", "claims.ndjson", "--out-dir", "there", "--overwrite"]);
    refused(&ran, "`report.txt` in it is not what a run leaves");
    fs::remove_file(sandbox.path("there/report.txt")).unwrap();
    fs::copy(sandbox.path("claims.ndjson"), sandbox.path("there/claims.ndjson")).unwrap();
    let inside = sandbox.run(&["validate", "there/claims.ndjson", "--out-dir", "there"]);
    refused(&inside, "the input `there/claims.ndjson` lies in the folder of the results, `there`");
    assert_eq!(sandbox.names_in("there"), ["claims.ndjson"]);
    refused(&run(&sandbox, &["-o", "x.csv"]), "`--output` names a file beside `--out-dir`");
    assert_eq!(sandbox.run(&["validate", "claims.ndjson", "--resume"]).code, Some(2));
    assert!(!sandbox.path("run").exists(), "a refused run leaves no folder");
}

#[test]
fn the_second_run_in_a_folder_is_told_which_process_has_it() {
    let sandbox = Sandbox::with_claims(&claims(20));
    let mut first = sandbox
        .command(&["validate", "--out-dir", "run", "-v"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first log line comes when the folder is taken.
    let mut start = [0; 16];
    first.stderr.as_mut().unwrap().read_exact(&mut start).unwrap();
    for more in [&[][..], &["--overwrite"], &["--resume"]] {
        let second = run(&sandbox, more);
        refused(&second, &format!("the folder `run` is locked by process {}", first.id()));
    }
    first.stdin.take().unwrap().write_all(claims(7).concat().as_bytes()).unwrap();
    assert_eq!(first.wait().unwrap().code(), Some(1));
    assert_eq!(sandbox.names_in("run").len(), 4);
    refused(&run(&sandbox, &[]), "holds `findings.ndjson` already");
}

#[test]
fn standard_output_can_show_a_report_too_and_may_be_closed() {
    let sandbox = Sandbox::with_claims(&claims(2000));
    let mut child = sandbox
        .command(&[&RUN[..], &["-f", "csv", "-f", "text", "-o", "-"]].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 10];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut start).unwrap();
    drop(stdout);
    let ran = Ran::new(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(3), ""));
    let names = sandbox.names_in("run");
    let wanted = [
        "findings.csv",
        "findings.ndjson",
        "provenance.json",
        "quarantine",
        "report.txt",
        "summary.json",
    ];
    assert_eq!(names, wanted, "whether somebody looks on or not");
    let again = sandbox.run(&["audit", "verify", "run", "--replay"]);
    assert_eq!(again.code, Some(0), "{again:?}");
}
