//! Signed archives: keys, signatures, and runs that take nothing else.

use std::fs;
use std::path::Path;

use crate::command::{Ran, Sandbox, clean_claim, conflicting_claim, top};

const VALIDATE: [&str; 6] =
    ["validate", "claims.ndjson", "--packs", "acme.cbpack", "--format", "ndjson"];

/// A folder with claims, the pack of the repository as `acme.cbpack`, signed with `acme.key`.
fn signed() -> Sandbox {
    let sandbox = Sandbox::with_claims(&[clean_claim("A"), conflicting_claim("B")]);
    let folder = top().join("rules/cpt-93970");
    for arguments in [
        &["rules", "pack", "build", folder.to_str().unwrap(), "--output", "acme.cbpack"][..],
        &["rules", "pack", "keygen", "--output", "acme.key", "--no-password"],
        &["rules", "pack", "sign", "acme.cbpack", "--key", "acme.key"],
    ] {
        let ran = sandbox.run(arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    }
    sandbox
}

/// The line of the public key `name`.
fn key(sandbox: &Sandbox, name: &str) -> String {
    let text = fs::read_to_string(sandbox.path(name)).unwrap();
    text.lines().nth(1).unwrap().to_owned()
}

fn run(sandbox: &Sandbox, arguments: &[&str], more: &[&str]) -> Ran {
    sandbox.run(&[arguments, more].concat())
}

#[track_caller]
fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
    assert!(words.iter().all(|words| ran.stderr.contains(words)), "{}", ran.stderr);
}

/// Changes one byte of `text` in the file `name`.
fn tamper(sandbox: &Sandbox, name: &str, text: &[u8]) {
    let mut bytes = fs::read(sandbox.path(name)).unwrap();
    let place = bytes.windows(text.len()).position(|window| window == text).unwrap();
    bytes[place] ^= 1;
    sandbox.write(name, &bytes);
}

#[test]
fn s25_a_pack_is_built_and_signed_here_and_verified_and_run_on_another_machine() {
    let here = signed();
    let folder = top().join("rules/cpt-93970");
    let again = ["rules", "pack", "build", folder.to_str().unwrap(), "--output", "again.cbpack"];
    assert_eq!(here.run(&again).code, Some(0));
    let bytes = |name: &str| fs::read(here.path(name)).unwrap();
    assert!(bytes("acme.cbpack") == bytes("again.cbpack"), "two builds differ");

    let there = Sandbox::with_claims(&[clean_claim("A"), conflicting_claim("B")]);
    for name in ["acme.cbpack", "acme.cbpack.minisig", "acme.pub"] {
        there.write(name, &bytes(name));
    }
    let key = key(&here, "acme.pub");
    for named in ["acme.pub", key.as_str()] {
        let ran = there.run(&["rules", "pack", "verify", "acme.cbpack", "--public-key", named]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
        assert!(ran.stdout.starts_with("ok: cpt-93970 1.0.0: "), "{ran:?}");
        assert!(ran.stdout.ends_with(&format!("signed: {key}\n")), "{ran:?}");
    }
    let ran = run(&there, &VALIDATE, &["--public-key", "acme.pub"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:?}");
    assert_eq!(ran.stdout, there.run(&VALIDATE).stdout);
}

#[test]
fn s25_one_changed_byte_of_archive_signature_or_signed_comment_is_refused() {
    for (name, text) in [
        ("acme.cbpack", &b"two units on one line"[..]),
        ("acme.cbpack.minisig", b"\nRU"),
        ("acme.cbpack.minisig", b"version=1.0.0"),
        ("acme.cbpack.minisig", b"sha256="),
    ] {
        let sandbox = signed();
        let key = key(&sandbox, "acme.pub");
        tamper(&sandbox, name, text);
        let expected = format!("expected the signature of {key}");
        for arguments in [&["rules", "pack", "verify", "acme.cbpack"][..], &VALIDATE] {
            let ran = run(&sandbox, arguments, &["--public-key", "acme.pub"]);
            refused(&ran, &["`acme.cbpack` is refused: ", &expected]);
        }
    }
}

#[test]
fn a_signature_of_another_pack_or_by_another_key_does_not_do() {
    let sandbox = signed();
    let ours = key(&sandbox, "acme.pub");
    let verify = ["rules", "pack", "verify", "acme.cbpack", "--public-key", "acme.pub"];

    // The signature tool itself signs other comments; then it is not known for which pack.
    let secret = fs::read_to_string(sandbox.path("acme.key")).unwrap();
    let secret = minisign::SecretKeyBox::from_string(&secret).unwrap();
    let secret = secret.into_unencrypted_secret_key().unwrap();
    let sign = |comment: &str| {
        let bytes = fs::read(sandbox.path("acme.cbpack")).unwrap();
        let made = minisign::sign(None, &secret, bytes.as_slice(), Some(comment), None).unwrap();
        sandbox.write("acme.cbpack.minisig", made.into_string().as_bytes());
    };
    let text = fs::read_to_string(sandbox.path("acme.cbpack.minisig")).unwrap();
    let comment = text.lines().nth(2).unwrap().strip_prefix("trusted comment: ").unwrap();
    sign(&comment.replace("version=1.0.0", "version=1.0.1"));
    refused(&sandbox.run(&verify), &["the signature is for `pack=cpt-93970 version=1.0.1 ", &ours]);
    sign(comment);
    assert_eq!(sandbox.run(&verify).code, Some(0));

    let other = ["rules", "pack", "keygen", "--output", "other.key", "--no-password"];
    assert_eq!(sandbox.run(&other).code, Some(0));
    let sign = ["rules", "pack", "sign", "acme.cbpack", "--key", "other.key"];
    assert_eq!(sandbox.run(&sign).code, Some(0));
    refused(&sandbox.run(&verify), &["it is signed with another key", &ours]);
    let both = run(&sandbox, &verify, &["--public-key", "other.pub"]);
    assert!(
        both.stdout.ends_with(&format!("signed: {}\n", key(&sandbox, "other.pub"))),
        "{both:?}"
    );

    fs::remove_file(sandbox.path("acme.cbpack.minisig")).unwrap();
    refused(&sandbox.run(&verify), &["there is no `acme.cbpack.minisig`", &ours]);
}

#[test]
fn a_lock_pins_the_signer() {
    let sandbox = signed();
    let ours = key(&sandbox, "acme.pub");
    let lock = ["rules", "pack", "lock", "acme.cbpack", "--public-key", "acme.pub"];
    assert_eq!(sandbox.run(&lock).code, Some(0));
    let text = fs::read_to_string(sandbox.path("packs.lock")).unwrap();
    assert!(text.ends_with(&format!(" signer={ours}\n")), "{text}");
    assert_eq!(run(&sandbox, &VALIDATE, &["--locked"]).code, Some(1));
    assert_eq!(run(&sandbox, &VALIDATE, &["--locked", "--require-signature"]).code, Some(1));

    // The same files, not as the signed archive.
    let folder = top().join("rules/cpt-93970");
    let unsigned = ["validate", "claims.ndjson", "--locked", "--packs", folder.to_str().unwrap()];
    refused(&sandbox.run(&unsigned), &["only an archive can be signed", &ours]);
    let embedded = sandbox.run(&["validate", "claims.ndjson", "--locked"]);
    refused(&embedded, &["only an archive can be signed", &ours]);

    let signature = fs::read(sandbox.path("acme.cbpack.minisig")).unwrap();
    tamper(&sandbox, "acme.cbpack.minisig", b"pack=");
    refused(&run(&sandbox, &VALIDATE, &["--locked"]), &["was changed after it was signed", &ours]);
    sandbox.write("acme.cbpack.minisig", &signature);
    tamper(&sandbox, "acme.cbpack", b"two units on one line");
    refused(&run(&sandbox, &VALIDATE, &["--locked"]), &["`rules/4-units.yaml` was changed"]);
    fs::remove_file(sandbox.path("acme.cbpack.minisig")).unwrap();
    refused(
        &run(&sandbox, &VALIDATE, &["--locked", "--public-key", "acme.pub"]),
        &["it is not signed", &ours],
    );
}

#[test]
fn a_required_signature_needs_someone_who_could_have_signed() {
    let sandbox = signed();
    let required = ["--require-signature"];
    refused(&run(&sandbox, &VALIDATE, &required), &["nobody is named whose signature would do"]);
    assert_eq!(sandbox.run(&["rules", "pack", "lock", "acme.cbpack"]).code, Some(0));
    let locked = run(&sandbox, &VALIDATE, &["--require-signature", "--locked"]);
    refused(&locked, &["`packs.lock` names no signer of the pack `cpt-93970`"]);
    refused(
        &run(&sandbox, &VALIDATE, &["--public-key", "RW"]),
        &["`RW` cannot be used as a public key"],
    );

    // What is in the binary needs no signature, a folder cannot have one.
    let own = ["validate", "claims.ndjson", "--public-key", "acme.pub"];
    assert_eq!(sandbox.run(&own).code, Some(1));
    fs::create_dir(sandbox.path("pack")).unwrap();
    let pack = "\
schema: cleanbill/pack/v1
name: house
version: 1.0.0
title: House rules
rules:
  - id: points
    title: A visit points to a diagnosis
    require: { codes: [\"99213\"], must_have: pointed_diagnosis }
    message: \"{code} points to no diagnosis\"
    fix: Point to one.
    source: [{ authority: Example, document: Invented, kind: internal }]
";
    sandbox.write("pack/pack.yaml", pack.as_bytes());
    let ran = run(&sandbox, &own, &["--packs", "pack"]);
    refused(&ran, &["`house 1.0.0` is refused: only an archive can be signed"]);
}

#[test]
fn a_verification_without_a_key_says_that_no_signature_was_looked_at() {
    let sandbox = signed();
    let ran = sandbox.run(&["rules", "pack", "verify", "acme.cbpack"]);
    assert!(ran.stdout.contains("note: its signature was not looked at"), "{ran:?}");
}

#[test]
fn a_key_with_a_password_asks_for_it_and_never_on_a_command_line() {
    let sandbox = signed();
    let keygen = ["rules", "pack", "keygen", "--output", "safe.key"];
    refused(&sandbox.run(&keygen), &["no terminal", "CLEANBILL_KEY_PASSWORD_FILE"]);
    assert!(!sandbox.path("safe.key").exists() && !sandbox.path("safe.pub").exists());

    sandbox.write("password", b"correct horse\n");
    only_for_its_owner(&sandbox.path("password"), 0o600);
    let with_password = |arguments: &[&str]| {
        let mut command = sandbox.command(arguments);
        Ran::new(command.env("CLEANBILL_KEY_PASSWORD_FILE", "password").output().unwrap())
    };
    assert_eq!(with_password(&keygen).code, Some(0));
    refused(&with_password(&keygen), &["`safe.key` is there already"]);
    let sign = ["rules", "pack", "sign", "acme.cbpack", "--key", "safe.key"];
    refused(&sandbox.run(&sign), &["the key has a password", "no terminal"]);
    assert_eq!(with_password(&sign).code, Some(0));
    let verify = ["rules", "pack", "verify", "acme.cbpack", "--public-key", "safe.pub"];
    assert_eq!(sandbox.run(&verify).code, Some(0));
    sandbox.write("password", b"wrong\n");
    refused(&with_password(&sign), &["the password is not that of the key"]);
}

#[test]
#[cfg(unix)]
fn a_key_or_password_that_others_may_read_is_refused() {
    let sandbox = signed();
    let sign = ["rules", "pack", "sign", "acme.cbpack", "--key", "acme.key"];
    only_for_its_owner(&sandbox.path("acme.key"), 0o640);
    refused(&sandbox.run(&sign), &["`acme.key` may be read by others (mode 640)", "chmod 600"]);
    sandbox.write("acme.cbpack", b"no archive");
    refused(&sandbox.run(&sign), &["`acme.cbpack` is refused: this is not a pack archive"]);
}

fn only_for_its_owner(path: &Path, mode: u32) {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    #[cfg(not(unix))]
    let _ = (path, mode);
}
