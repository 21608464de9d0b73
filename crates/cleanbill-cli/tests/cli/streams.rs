//! Standard input and output, and signals.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim};

#[test]
fn claims_come_from_standard_input_when_no_file_is_named() {
    for arguments in [&["validate", "-f", "ndjson"][..], &["validate", "-", "-f", "ndjson"]] {
        let sandbox = Sandbox::new();
        let mut child = sandbox
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(conflicting_claim("A").as_bytes()).unwrap();
        let ran = Ran::new(child.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert_eq!(ran.records()[0]["file"], "-");
    }
}

#[test]
fn standard_input_named_twice_is_refused() {
    assert_eq!(Sandbox::new().run(&["validate", "-", "-"]).code, Some(2));
}

#[test]
fn s24_a_closed_standard_output_ends_the_run_quietly() {
    let claims: Vec<String> = (0..5000).map(|n| conflicting_claim(&n.to_string())).collect();
    let sandbox = Sandbox::with_claims(&claims);
    let mut child = sandbox
        .command(&["validate", "claims.ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut start = [0; 10];
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut start).unwrap();
    drop(stdout);
    let ran = Ran::new(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_exits_4_and_names_the_place() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = sandbox.command(&["validate", "claims.ndjson", "-f", "ndjson"]);
    let ran = Ran::new(command.stdout(full).stderr(Stdio::piped()).output().unwrap());
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(ran.stderr.starts_with("error: writing `standard output` failed: "), "{}", ran.stderr);
}

/// The writer of the pipe says nothing more and keeps it open, so only the signal can end the run.
#[test]
#[cfg(unix)]
fn a_signal_stops_a_run_that_waits_for_its_input() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let sandbox = Sandbox::new();
        let mut child = sandbox
            .command(&["validate", "-f", "ndjson", "-o", "out.ndjson", "-v"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The log line comes after the handlers are in place.
        let mut stderr = child.stderr.take().unwrap();
        let mut line = [0; 16];
        stderr.read_exact(&mut line).unwrap();
        let pid = child.id().to_string();
        let sent = std::process::Command::new("kill").args(["-s", signal, &pid]).status().unwrap();
        assert!(sent.success());
        let status = child.wait().unwrap();
        let mut message = String::new();
        stderr.read_to_string(&mut message).unwrap();
        assert_eq!(status.code(), Some(code), "{message}");
        assert!(message.contains("nothing was published"), "{message}");
        assert!(sandbox.names().is_empty(), "{:?}", sandbox.names());
    }
}
