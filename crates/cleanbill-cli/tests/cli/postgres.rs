//! Histories on a PostgreSQL server that the tests start: the same as in files, and what a restart does.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;

use crate::command::{Ran, Sandbox};
use crate::history_store::{self, claim, files, history};
use crate::timelines;

#[path = "../../../cleanbill-history/tests/server/mod.rs"]
mod server;

use server::{PASSWORD, Server};

/// A database for each name, and its key in the sandbox.
fn on<'a>(server: &'a Server) -> impl Fn(&str) -> Vec<String> + 'a {
    let known: RefCell<BTreeMap<String, String>> = RefCell::default();
    move |name| {
        let mut known = known.borrow_mut();
        let url = known.entry(name.to_owned()).or_insert_with(|| server.database());
        vec![url.clone(), "--history-key".into(), format!("{name}.db.key")]
    }
}

/// Claims of a few patients, `from` and so many more.
fn claims(from: usize, count: usize) -> String {
    (from..from + count)
        .map(|number| {
            let patient = format!("ZZP{}", number % 97);
            claim(&format!("C{number}"), &patient, "93970", "2026-03-02")
        })
        .collect()
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask ci --only postgres"]
fn a_history_on_a_server_is_used_as_one_in_a_file() {
    let server = Server::start();
    history_store::added_once_shown_and_exported(&on(&server));
    history_store::denied_and_old_ones_are_out_of_the_way(&on(&server));
    history_store::what_cannot_be_kept_is_told(&on(&server));
    if !timelines::verdicts_are_those_of_a_slow_judge(&on(&server)) {
        println!("timelines skipped: no python3 to judge with");
    }
    a_password_comes_from_the_environment(&server);
}

/// It is in no message and no log, also where it is wrong.
fn a_password_comes_from_the_environment(server: &Server) {
    let sandbox = Sandbox::new();
    sandbox.write("claims.ndjson", claims(0, 3).as_bytes());
    let database = server.database();
    let database = database.rsplit('/').next().unwrap();
    let arguments = ["history", "add", "postgres", "--history-key", "k"];
    for (password, code) in [(PASSWORD, Some(0)), ("ZZWRONGZZ", Some(2))] {
        let url = format!("postgres://postgres:{password}@127.0.0.1:{}/{database}", server.port);
        let mut command = sandbox.command(&[&arguments[..], &["claims.ndjson"]].concat());
        command.env("CLEANBILL_HISTORY_URL", url).env("CLEANBILL_LOG", "trace");
        let ran = Ran::new(command.output().unwrap());
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert!(!ran.stdout.contains("ZZ") && !ran.stderr.contains("ZZ"), "{}", ran.stderr);
    }
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask ci --only postgres"]
fn a_server_that_is_restarted_in_mid_run_costs_no_claim_and_doubles_none() {
    const CLAIMS: usize = 6000;
    let server = Server::start();
    let sandbox = Sandbox::new();
    sandbox.write("all.ndjson", claims(0, CLAIMS).as_bytes());
    let place = on(&server);
    // The file and the server under one key: what they export is the same, byte for byte.
    let in_file = history(&sandbox, &files, "claims", "add", &["all.ndjson"]);
    assert_eq!(in_file.code, Some(0), "{}", in_file.stderr);
    let wanted = history(&sandbox, &files, "claims", "export", &[]).stdout;
    assert_eq!(wanted.lines().count(), CLAIMS);

    // Claims come through a pipe, so that every restart falls into the run. The last one has the server
    // away while the run needs it.
    let at = place("claims");
    let at: Vec<&str> = at.iter().map(String::as_str).collect();
    let mut command = sandbox.command(&[&["history", "add"][..], &at, &["-"]].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let mut pipe = running.stdin.take().unwrap();
    for part in 0..4 {
        pipe.write_all(claims(part * CLAIMS / 4, CLAIMS / 4).as_bytes()).unwrap();
        server.crash();
        if part == 3 {
            drop(pipe);
            break;
        }
        server.up();
    }
    server.up();
    let ran = Ran::new(running.wait_with_output().unwrap());
    let told = format!("{CLAIMS} claims added, 0 there already\n");
    assert_eq!((ran.code, ran.stdout), (Some(0), told), "{}", ran.stderr);
    let exported = history(&sandbox, &place, "claims", "export", &[]).stdout;
    assert!(exported == wanted, "{} lines", exported.lines().count());
    let again = history(&sandbox, &place, "claims", "add", &["all.ndjson"]);
    assert_eq!(again.stdout, format!("0 claims added, {CLAIMS} there already\n"));

    // One that does not come back ends the run, and says what to do.
    server.crash();
    let mut command = sandbox.command(&[&["history", "add"][..], &at, &["-"]].concat());
    let ran = Ran::new(command.env("CLEANBILL_HISTORY_PATIENCE", "1").output().unwrap());
    assert_eq!(ran.code, Some(4), "{}", ran.stderr);
    server.up();
    let mut command = sandbox.command(&[&["history", "add"][..], &at, &["-"]].concat());
    command.env("CLEANBILL_HISTORY_PATIENCE", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let mut pipe = running.stdin.take().unwrap();
    pipe.write_all(claims(CLAIMS, 1500).as_bytes()).unwrap();
    // The first thousand is there, so the run is under way.
    wait_for(&server, at[0], "7000");
    server.crash();
    drop(pipe);
    let ran = Ran::new(running.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(4), "{}", ran.stderr);
    assert!(ran.stderr.contains("was not back within 1 seconds; run the same"), "{}", ran.stderr);
    server.up();
    sandbox.write("more.ndjson", claims(CLAIMS, 1500).as_bytes());
    let again = history(&sandbox, &place, "claims", "add", &["more.ndjson"]);
    assert_eq!(again.stdout, "500 claims added, 1000 there already\n");
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask ci --only postgres"]
fn a_killed_program_that_is_run_again_adds_the_rest() {
    let server = Server::start();
    let sandbox = Sandbox::new();
    let place = on(&server);
    let at = place("claims");
    let at: Vec<&str> = at.iter().map(String::as_str).collect();
    let mut command = sandbox.command(&[&["history", "add"][..], &at, &["-"]].concat());
    let mut running = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let mut pipe = running.stdin.take().unwrap();
    pipe.write_all(claims(0, 1500).as_bytes()).unwrap();
    wait_for(&server, at[0], "1000");
    running.kill().unwrap();
    running.wait().unwrap();
    sandbox.write("all.ndjson", claims(0, 1500).as_bytes());
    let again = history(&sandbox, &place, "claims", "add", &["all.ndjson"]);
    assert_eq!(again.stdout, "500 claims added, 1000 there already\n", "{}", again.stderr);
    assert_eq!(history(&sandbox, &place, "claims", "verify", &[]).stdout, "whole: 1500 claims\n");
}

/// Waits until so many claims are there.
fn wait_for(server: &Server, url: &str, claims: &str) {
    let ask = "SELECT CASE WHEN to_regclass('cleanbill_history.claim') IS NULL THEN 0 ELSE \
               (xpath('//count/text()', query_to_xml('SELECT count(*) FROM cleanbill_history.claim', \
               false, true, '')))[1]::text::int END";
    // Many a time longer than it takes.
    let there = (0..5000).any(|_| server.sql(url, ask).trim() == claims);
    assert!(there, "{claims} claims never came");
}

#[test]
#[ignore = "needs PostgreSQL: cargo xtask ci --only postgres"]
fn two_programs_that_add_at_once_lose_and_double_nothing() {
    let server = Server::start();
    let sandbox = Sandbox::new();
    let place = on(&server);
    // The second half of one is the first half of the other.
    sandbox.write("one.ndjson", claims(0, 4000).as_bytes());
    sandbox.write("two.ndjson", claims(2000, 4000).as_bytes());
    sandbox.write("none.ndjson", claims(0, 1).as_bytes());
    history(&sandbox, &place, "claims", "add", &["none.ndjson"]);
    let at = place("claims");
    let at: Vec<&str> = at.iter().map(String::as_str).collect();
    let running = ["one.ndjson", "two.ndjson"].map(|file| {
        let mut command = sandbox.command(&[&["history", "add"][..], &at, &[file]].concat());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    });
    let mut new = 1;
    for running in running {
        let ran = Ran::new(running.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        new += ran.stdout.split(' ').next().unwrap().parse::<usize>().unwrap();
    }
    assert_eq!(new, 6000);
    assert_eq!(history(&sandbox, &place, "claims", "verify", &[]).stdout, "whole: 6000 claims\n");
}
