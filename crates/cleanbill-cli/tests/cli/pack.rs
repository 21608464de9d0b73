//! `cleanbill rules pack`: archives that are whole, and locks.

use std::fs;

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim, top};

/// A folder with claims and an archive of the default pack.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_claims(&[clean_claim("A"), conflicting_claim("B")]);
    let ran = sandbox.run(&["rules", "pack", "build", "cpt-93970", "--output", "acme.cbpack"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    sandbox
}

fn validate(sandbox: &Sandbox, more: &[&str]) -> Ran {
    let command = ["validate", "claims.ndjson", "--format", "ndjson"];
    sandbox.run(&[&command[..], more].concat())
}

/// The archive with one byte of `text` in it changed.
fn tamper(sandbox: &Sandbox, text: &[u8]) {
    let mut bytes = fs::read(sandbox.path("acme.cbpack")).unwrap();
    let place = bytes.windows(text.len()).position(|window| window == text).unwrap();
    bytes[place] ^= 1;
    sandbox.write("acme.cbpack", &bytes);
}

#[test]
fn s25_an_archive_gives_the_bytes_that_its_folder_gives() {
    let sandbox = sandbox();
    let folder = top().join("rules/cpt-93970");
    let folder = folder.to_str().unwrap();
    let from_archive = validate(&sandbox, &["--packs", "acme.cbpack"]);
    assert_eq!(from_archive.code, Some(1), "{from_archive:?}");
    assert_eq!(from_archive.stdout, validate(&sandbox, &["--packs", folder]).stdout);
    assert_eq!(from_archive.stdout, validate(&sandbox, &["--packs", "cpt-93970"]).stdout);

    let again = sandbox.run(&["rules", "pack", "build", folder, "--output", "again.cbpack"]);
    assert_eq!(again.code, Some(0), "{again:?}");
    let bytes = |name: &str| fs::read(sandbox.path(name)).unwrap();
    assert!(bytes("acme.cbpack") == bytes("again.cbpack"), "two builds differ");

    let verified = sandbox.run(&["rules", "pack", "verify", "acme.cbpack"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    assert_eq!(verified.stdout.replace("ok: ", "built: "), again.stdout);
    let digest = verified.stdout.trim_end().rsplit(' ').next().unwrap();
    assert!(digest.starts_with("sha256:") && digest.len() == 71, "{digest}");
    let wanted = ["rules", "pack", "verify", "acme.cbpack", "--digest"];
    assert_eq!(sandbox.run(&[&wanted[..], &[digest]].concat()).code, Some(0));
    let other = sandbox.run(&[&wanted[..], &["sha256:00"]].concat());
    assert_eq!(other.code, Some(2));
    assert!(other.stderr.contains(digest) && other.stderr.contains("sha256:00"), "{other:?}");
}

#[test]
fn s25_a_changed_byte_is_refused_by_name_before_any_claim_is_read() {
    let sandbox = sandbox();
    tamper(&sandbox, b"two units on one line");
    for arguments in [
        &["rules", "pack", "verify", "acme.cbpack"][..],
        &["rules", "check", "acme.cbpack"],
        &["rules", "test", "acme.cbpack"],
        &["validate", "claims.ndjson", "--packs", "acme.cbpack"],
        &["diff", "cpt-93970", "acme.cbpack", "--claims", "claims.ndjson"],
    ] {
        let ran = sandbox.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        let words = "`rules/4-units.yaml` was changed after the pack was built";
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
}

#[test]
fn an_archive_is_checked_tested_and_compared_like_a_folder() {
    let sandbox = sandbox();
    let check = sandbox.run(&["rules", "check", "acme.cbpack"]);
    assert!(check.stdout.starts_with("ok: cpt-93970 1.0.0: 15 rules, "), "{check:?}");
    assert_eq!(sandbox.run(&["rules", "test", "acme.cbpack"]).code, Some(0));
    let diff = sandbox.run(&["diff", "cpt-93970", "acme.cbpack", "--claims", "claims.ndjson"]);
    assert_eq!(diff.code, Some(0), "{diff:?}");
    assert!(diff.stdout.contains("0 changed, 15 unchanged"), "{}", diff.stdout);
    assert!(diff.stdout.ends_with("no line differs\n"), "{}", diff.stdout);
}

#[test]
fn a_pack_with_mistakes_is_not_built() {
    let sandbox = Sandbox::new();
    sandbox.write("pack.yaml", b"schema: cleanbill/pack/v1\nname: x\n");
    let ran = sandbox.run(&["rules", "pack", "build", ".", "--output", "x.cbpack"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert_eq!(sandbox.names(), ["pack.yaml"]);
}

#[test]
fn a_locked_run_takes_the_locked_packs_and_no_others() {
    let sandbox = sandbox();
    let locked = ["--packs", "acme.cbpack", "--locked"];
    let missing = validate(&sandbox, &locked);
    assert_eq!(missing.code, Some(2));
    assert!(missing.stderr.contains("`packs.lock` cannot be used"), "{missing:?}");

    assert_eq!(sandbox.run(&["rules", "pack", "lock", "acme.cbpack"]).code, Some(0));
    assert_eq!(validate(&sandbox, &locked).code, Some(1));
    // The same pack inside the binary has the same digest.
    assert_eq!(validate(&sandbox, &["--packs", "cpt-93970", "--locked"]).code, Some(1));

    let lock = fs::read_to_string(sandbox.path("packs.lock")).unwrap();
    let digest = lock.trim_end().rsplit(' ').next().unwrap();
    sandbox.write("packs.lock", lock.replace(digest, "sha256:00").as_bytes());
    let drift = validate(&sandbox, &locked);
    assert_eq!((drift.code, drift.stdout.as_str()), (Some(2), ""), "{drift:?}");
    for words in ["the pack `cpt-93970` is not the locked one", "sha256:00", digest] {
        assert!(drift.stderr.contains(words), "{}", drift.stderr);
    }
    sandbox.write("packs.lock", b"# nothing is locked\n");
    assert!(validate(&sandbox, &locked).stderr.contains("`cpt-93970` is not locked"));
}
