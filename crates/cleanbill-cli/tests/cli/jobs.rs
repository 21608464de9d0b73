//! `--jobs`: threads change nothing but the time.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::acknowledgements::{answer, batch};
use crate::command::{FORMATS, Ran, Sandbox, at_top, clean_claim, conflicting_claim};
use crate::plugins::library;

/// Claims that pass, that fail and that cannot be read.
fn claims(count: usize) -> Vec<String> {
    (0..count)
        .map(|number| match number % 50 {
            0 => conflicting_claim(&format!("C{number}")),
            7 if number % 350 == 7 => clean_claim("broken").replace("99213", "9921"),
            _ => clean_claim(&format!("C{number}")),
        })
        .collect()
}

#[test]
fn every_report_of_twenty_thousand_claims_is_the_same_for_any_number_of_jobs() {
    let sandbox = Sandbox::with_claims(&claims(20_000));
    let reports = ["1", "4"].map(|jobs| {
        let outputs = FORMATS.map(|format| (format, format!("{jobs}.{format}")));
        let mut arguments = vec!["validate", "claims.ndjson", "--jobs", jobs];
        for (format, output) in &outputs {
            arguments.extend(["-f", format, "-o", output]);
        }
        let ran = sandbox.run(&arguments);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        outputs.map(|(_, output)| fs::read(sandbox.path(&output)).unwrap())
    });
    for (format, (alone, together)) in FORMATS.iter().zip(reports[0].iter().zip(&reports[1])) {
        assert!(alone == together, "{format}");
    }
}

#[test]
fn the_examples_are_judged_alike_by_any_number_of_jobs() {
    for example in ["examples/clinic-day.837", "examples/one-claim.json"] {
        for format in ["text", "ndjson", "html"] {
            let run = |jobs| at_top(&["validate", example, "-f", format, "--jobs", jobs]);
            let alone = run("1");
            for jobs in ["0", "2", "8"] {
                let ran = run(jobs);
                assert_eq!(ran.code, alone.code, "{jobs}");
                assert!(ran.stdout == alone.stdout && ran.stderr == alone.stderr, "{jobs}");
            }
        }
    }
}

#[test]
fn timings_go_to_standard_error_and_change_no_output() {
    for jobs in ["1", "2"] {
        let run = |more: &[&str]| {
            let arguments = ["validate", "examples/clinic-day.837", "-f", "ndjson", "--jobs", jobs];
            at_top(&[&arguments, more].concat())
        };
        let (without, with) = (run(&[]), run(&["--timings"]));
        assert!(with.code == without.code && with.stdout == without.stdout);
        let told = with.stderr.strip_prefix(&without.stderr).unwrap();
        for part in
            [" claims, ", "packs, tables, plugins", "reading and the rest", "93970-access-mapping"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}

/// A batch of which each claim has a level of its own.
fn subscribers(count: usize) -> String {
    let file = batch(count);
    let mut level = 3;
    let claims = file.split_inclusive('\n').map(|segment| {
        if !segment.starts_with("CLM*") {
            return segment.to_owned();
        }
        level += 1;
        format!(
            "HL*{level}*1*22*0~\nSBR*P*18*******MB~\n\
             NM1*IL*1*ORCHARD*M{level}****MI*EXM{level}~\n{segment}"
        )
    });
    claims.collect()
}

#[test]
fn answers_to_the_sender_are_the_same_for_any_number_of_jobs() {
    // Each claim of the second interchange has a subscriber of its own: more stands around it than in it.
    let file = format!("{}{}", batch(1_500), subscribers(1_500).replace("000000007", "000000008"));
    for format in ["277ca", "999", "fhir"] {
        let of = |jobs| answer(&file, &["-f", format, "--jobs", jobs]).stdout;
        let one = of("1");
        assert!(one.lines().count() > 100, "{one}");
        for jobs in ["2", "4"] {
            assert!(one == of(jobs), "{format} by {jobs}");
        }
    }
}

#[test]
fn two_editions_are_compared_alike_by_any_number_of_jobs() {
    let sandbox = Sandbox::with_claims(&claims(2_000));
    let run = |jobs| {
        let arguments = [
            "diff",
            "cpt-93970",
            "cpt-93970",
            "--claims",
            "claims.ndjson",
            "-f",
            "json",
            "-j",
            jobs,
        ];
        let ran = sandbox.run(&arguments);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        ran.stdout
    };
    assert_eq!(run("1"), run("4"));
}

#[test]
fn a_strict_run_ends_alike_by_any_number_of_jobs() {
    let sandbox = Sandbox::with_claims(&claims(2_000));
    let run = |jobs| {
        let ran =
            sandbox.run(&["validate", "claims.ndjson", "--strict", "-f", "ndjson", "-j", jobs]);
        (ran.code, ran.stdout, ran.stderr)
    };
    let alone = run("1");
    assert_eq!(alone.0, Some(3), "{alone:?}");
    assert_eq!(run("3"), alone);
}

#[test]
fn crashes_of_a_plugin_are_told_alike_by_any_number_of_jobs() {
    let plugin = library("cleanbill-misbehave");
    let plugin = plugin.to_str().unwrap();
    let mut claims: Vec<String> =
        (0..900).map(|number| clean_claim(&format!("C{number}"))).collect();
    for (crash, place) in [3, 4, 300, 301, 600, 610, 620].into_iter().enumerate() {
        let code = if crash % 2 == 0 { "99991" } else { "99989" };
        claims[place] = claims[place].replace("99213", code);
    }
    let sandbox = Sandbox::with_claims(&claims);
    sandbox.trust(plugin);
    let run = |jobs, more: &[&str]| {
        let base =
            ["validate", "claims.ndjson", "--plugins", plugin, "-f", "ndjson", "--jobs", jobs];
        let ran = sandbox.run(&[&base[..], more].concat());
        (ran.code, ran.stdout, ran.stderr)
    };
    for more in [&[][..], &["--on-plugin-failure", "abort-run"]] {
        let alone = run("1", more);
        assert_eq!(alone.0, Some(if more.is_empty() { 3 } else { 4 }), "{}", alone.2);
        assert!(!more.is_empty() || alone.1.contains("plugin_disabled"));
        for jobs in ["2", "4"] {
            assert!(run(jobs, more) == alone, "{jobs} {more:?}");
        }
    }
}

/// The reader of the output goes away while the writer of the input says nothing more.
#[test]
fn a_closed_output_ends_a_run_whose_input_stays_open() {
    for jobs in ["1", "4"] {
        let sandbox = Sandbox::new();
        let mut child = sandbox
            .command(&["validate", "-j", jobs])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writes = std::thread::spawn(move || {
            let claims: Vec<String> =
                (0..5_000).map(|n| conflicting_claim(&n.to_string())).collect();
            // The run may be over before it has read them all.
            let _ = stdin.write_all(claims.concat().as_bytes());
            stdin
        });
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut [0; 10]).unwrap();
        drop(stdout);
        let ran = Ran::new(child.wait_with_output().unwrap());
        drop(writes.join());
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{jobs}");
    }
}

#[test]
fn a_number_of_jobs_that_is_none_is_refused() {
    let sandbox = Sandbox::with_claims(&[clean_claim("A")]);
    for jobs in ["-1", "many", "1025"] {
        let ran = sandbox.run(&["validate", "claims.ndjson", &format!("--jobs={jobs}")]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
    }
}
