//! `plugins trust`, `list`, `show`, `verify`, `revoke` and `doctor`: a plugin runs when someone agreed to it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::command::{Ran, Sandbox, top};
use crate::plugins::{claim, library};

/// A sandbox with a claim and the plugin of the example payer as `plugin.so`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_claims(&[claim("A", "93970")]);
    fs::copy(library("northwind-health"), sandbox.path("plugin.so")).unwrap();
    sandbox
}

const VALIDATE: [&str; 6] =
    ["validate", "claims.ndjson", "--plugins", "plugin.so", "--format", "ndjson"];
const TRUST: [&str; 6] = ["plugins", "trust", "plugin.so", "--yes", "--approved-by", "jane"];

fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, Some(2), "{ran:?}");
    for words in words {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
}

/// The canary of the host's tests, whose constructor leaves the file `it-ran` in the sandbox.
fn canary(sandbox: &Sandbox, version: &str) {
    let crates = top().join("crates");
    let source = fs::read_to_string(crates.join("cleanbill-plugin-host/tests/c/canary.c")).unwrap();
    sandbox.write("canary.c", source.replace("1.2.0", version).as_bytes());
    let output = Command::new("cc")
        .args(["-shared", "-fPIC", "-std=c11", "-fvisibility=hidden", "-I"])
        .arg(crates.join("cleanbill-plugin-abi/include"))
        .arg(format!("-DLEAVES=\"{}\"", sandbox.path("it-ran").display()))
        .arg(sandbox.path("canary.c"))
        .arg("-o")
        .arg(sandbox.path("plugin.so"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn nothing_loads_until_someone_agrees_and_then_it_does() {
    let sandbox = sandbox();
    let ran = sandbox.run(&VALIDATE);
    refused(&ran, &["there is no `plugins.lock`, so no plugin may run", "plugins trust FILE"]);
    sandbox.write("plugins.lock", b"schema = 1\n");
    refused(&sandbox.run(&VALIDATE), &["(lock): the lock has no entry of `northwind-health`"]);
    fs::remove_file(sandbox.path("plugins.lock")).unwrap();

    // Nobody is there to be asked.
    let asked = sandbox.run(&["plugins", "trust", "plugin.so", "--approved-by", "jane"]);
    refused(&asked, &["northwind-health 0.1.0", "reads   ", "nobody is there to agree"]);
    assert!(!sandbox.path("plugins.lock").exists());

    let agreed = sandbox.run(&TRUST);
    assert_eq!((agreed.code, agreed.stderr.as_str()), (Some(0), ""), "{agreed:?}");
    assert!(agreed.stdout.ends_with("trusted: northwind-health 0.1.0 in plugins.lock\n"));
    let ran = sandbox.run(&VALIDATE);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{ran:?}");

    // The same again changes nothing but the day.
    let again = sandbox.run(&TRUST);
    assert!(again.stdout.contains("  same    the lock has it as it is\n"), "{}", again.stdout);
}

#[test]
fn no_code_of_a_plugin_runs_until_claims_meet_it() {
    let sandbox = Sandbox::with_claims(&[claim("A", "93970")]);
    canary(&sandbox, "1.2.0");
    assert_eq!(sandbox.run(&TRUST).code, Some(0));
    let plugin = ["--plugins", "plugin.so"];
    for arguments in [
        &["plugins", "list", "plugin.so"][..],
        &["plugins", "list", "plugin.so", "--json"],
        &["plugins", "show", "plugin.so"],
        &["plugins", "show", "canary"],
        &["plugins", "verify", "plugin.so"],
        &["plugins", "doctor", "plugin.so"],
        &["rules", "list", plugin[0], plugin[1]],
        &["rules", "show", "canary/rule", plugin[0], plugin[1]],
        &["explain", "canary/rule", plugin[0], plugin[1]],
    ] {
        let ran = sandbox.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {ran:?}");
        assert!(ran.stdout.contains("canary"), "{arguments:?}: {ran:?}");
        assert!(!sandbox.path("it-ran").exists(), "{arguments:?} ran code of the plugin");
    }
    // Its constructor runs in a process that can make no file, where the system knows how.
    assert_eq!(sandbox.run(&VALIDATE).code, Some(0));
    assert_eq!(sandbox.path("it-ran").exists(), cfg!(not(target_os = "linux")));
    let lock = fs::read_to_string(sandbox.path("plugins.lock")).unwrap();
    let lock = lock.replace(r#"isolation = "worker""#, r#"isolation = "in-process""#);
    let lock = format!("{lock}\n[policy]\nallow_in_process = true\n");
    sandbox.write("plugins.lock", lock.as_bytes());
    let here = sandbox.run(&[&VALIDATE[..], &["--allow-in-process"]].concat());
    assert_eq!(here.code, Some(0), "{here:?}");
    assert!(sandbox.path("it-ran").exists());
}

#[test]
fn a_rule_of_a_plugin_is_explained_out_of_its_manifest() {
    let sandbox = sandbox();
    sandbox.run(&TRUST);
    let rule = ["northwind/xs-not-59", "--plugins", "plugin.so"];
    let shown = sandbox.run(&[&["rules", "show"][..], &rule].concat());
    for words in [
        "  from         plugin northwind-health@0.1.0\n",
        "  source       Northwind Health, payment policy VL-12 (invented example), internal\n",
        "  says         {code} on line {line} carries modifier 59 without {accepted}",
        "  isolation    worker\n",
        "  signer       none asked for\n",
    ] {
        assert!(shown.stdout.contains(words), "{}", shown.stdout);
    }
    let explained = sandbox.run(&[&["explain"][..], &rule].concat());
    assert_eq!(explained.stdout, shown.stdout);
    let json = sandbox.run(&[&["explain", "--format", "json"][..], &rule].concat());
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["plugin"]["isolation"], "worker");
    assert_eq!(json["plugin"]["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn a_changed_file_is_refused_and_a_new_version_is_shown_with_what_it_changes() {
    let sandbox = Sandbox::with_claims(&[claim("A", "93970")]);
    canary(&sandbox, "1.10.0");
    assert_eq!(sandbox.run(&TRUST).code, Some(0));
    let lock = fs::read_to_string(sandbox.path("plugins.lock")).unwrap();
    sandbox.write("plugins.lock", format!("{lock}# kept\n").as_bytes());

    canary(&sandbox, "1.9.0");
    let words = "(lock): it is an older version: locked `canary` 1.10.0, found 1.9.0";
    refused(&sandbox.run(&VALIDATE), &[words, "help: look at what changed"]);
    refused(&sandbox.run(&TRUST), &["is older than the locked 1.10.0", "`--allow-downgrade`"]);
    canary(&sandbox, "1.11.0");
    let changed = sandbox.run(&TRUST);
    assert!(changed.stdout.contains("change  version: 1.10.0 -> 1.11.0\n"), "{changed:?}");
    assert!(changed.stdout.contains("change  sha256: "), "{changed:?}");
    assert_eq!(sandbox.run(&VALIDATE).code, Some(0));
    canary(&sandbox, "1.9.0");
    let down = sandbox.run(&[&TRUST[..], &["--allow-downgrade"]].concat());
    assert_eq!(down.code, Some(0), "{down:?}");
    let lock = fs::read_to_string(sandbox.path("plugins.lock")).unwrap();
    assert!(lock.ends_with("# kept\n") && lock.matches("[[plugin]]").count() == 1, "{lock}");
}

#[test]
fn grants_must_cover_what_the_plugin_reads() {
    let sandbox = Sandbox::new();
    canary(&sandbox, "1.2.0");
    let short = sandbox.run(&[&TRUST[..], &["--grant", "line.units"]].concat());
    refused(&short, &["(grants): it reads `line.code`, which the lock does not grant"]);
    let unknown = sandbox.run(&[&TRUST[..], &["--grant", "patient.name"]].concat());
    refused(&unknown, &["`grants` names `patient.name`, which is no field"]);
    assert!(!sandbox.path("plugins.lock").exists());
    let more = ["--grant", "line.code", "--grant", "line.units"];
    assert_eq!(sandbox.run(&[&TRUST[..], &more].concat()).code, Some(0));
    let shown = sandbox.run(&["plugins", "show", "canary"]);
    assert!(shown.stdout.contains("  grants  line.code, line.units\n"), "{shown:?}");
}

#[test]
fn in_process_and_unsigned_plugins_are_for_the_policy_to_allow() {
    let sandbox = Sandbox::new();
    canary(&sandbox, "1.2.0");
    let in_process = [&TRUST[..], &["--isolation", "in-process"]].concat();
    refused(&sandbox.run(&in_process), &["which the lock's policy forbids", "allow_in_process"]);
    sandbox.write("plugins.lock", b"schema = 1\n[policy]\nallow_in_process = true\n");
    assert_eq!(sandbox.run(&in_process).code, Some(0));

    let keys = ["rules", "pack", "keygen", "--output", "acme.key", "--no-password"];
    assert_eq!(sandbox.run(&keys).code, Some(0));
    let key = fs::read_to_string(sandbox.path("acme.pub")).unwrap();
    let key = key.lines().last().unwrap();
    let policy =
        format!("schema = 1\n[policy]\nrequire_signature = true\nallowed_signers = [\"{key}\"]\n");
    sandbox.write("plugins.lock", policy.as_bytes());
    refused(&sandbox.run(&TRUST), &["(signature): it is not signed: there is no `"]);
    sign(&sandbox, "id=canary version=1.1.0");
    refused(&sandbox.run(&TRUST), &["must name `id=canary version=1.2.0`"]);
    sign(&sandbox, "id=canary version=1.2.0");
    assert_eq!(sandbox.run(&TRUST).code, Some(0));
    let shown = sandbox.run(&["plugins", "show", "canary"]);
    assert!(shown.stdout.contains(&format!("  signer  {key}\n")), "{shown:?}");
}

fn sign(sandbox: &Sandbox, comment: &str) {
    let secret = fs::read_to_string(sandbox.path("acme.key")).unwrap();
    let secret = minisign::SecretKeyBox::from_string(&secret).unwrap();
    let secret = secret.into_unencrypted_secret_key().unwrap();
    let bytes = fs::read(sandbox.path("plugin.so")).unwrap();
    let made = minisign::sign(None, &secret, bytes.as_slice(), Some(comment), None).unwrap();
    sandbox.write("plugin.so.minisig", made.into_string().as_bytes());
}

#[test]
fn what_is_revoked_stays_out_whatever_is_locked_later() {
    let sandbox = Sandbox::with_claims(&[claim("A", "93970")]);
    canary(&sandbox, "1.2.0");
    assert_eq!(sandbox.run(&TRUST).code, Some(0));
    let revoked = sandbox.run(&["plugins", "revoke", "canary"]);
    assert_eq!(revoked.stdout, "revoked: canary 1.2.0, 1 file\n");
    refused(&sandbox.run(&VALIDATE), &["(lock): it was revoked: sha256 "]);
    refused(&sandbox.run(&TRUST), &["it was revoked"]);
    refused(&sandbox.run(&["plugins", "revoke", "canary"]), &["has no plugin `canary`"]);
    let digest = "ab".repeat(32);
    let one = sandbox.run(&["plugins", "revoke", &digest]);
    assert_eq!(one.stdout, format!("revoked: sha256 {digest}\n"));
    assert!(!sandbox.path("it-ran").exists());
}

#[test]
fn verify_tells_of_files_and_of_entries_without_one() {
    let sandbox = sandbox();
    assert_eq!(sandbox.run(&TRUST).code, Some(0));
    let verified = sandbox.run(&["plugins", "verify", "plugin.so"]);
    assert_eq!(verified.stdout, "ok: northwind-health 0.1.0: plugin.so\n", "{verified:?}");
    canary(&sandbox, "1.2.0");
    let ran = sandbox.run(&["plugins", "verify", "plugin.so"]);
    refused(&ran, &["files and lock differ in 2 plugins"]);
    for words in ["the lock has no entry of `canary`", "missing: northwind-health 0.1.0"] {
        assert!(ran.stdout.contains(words), "{}", ran.stdout);
    }
}

#[test]
fn a_listing_tells_scripts_who_may_run_and_who_not() {
    let sandbox = sandbox();
    let list = ["plugins", "list", "plugin.so", "--json"];
    let ran = sandbox.run(&list);
    assert_eq!(ran.code, Some(2));
    let listed: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let plugin = &listed["plugins"][0];
    assert_eq!((&plugin["state"], &plugin["id"]), (&"refused".into(), &"northwind-health".into()));
    assert_eq!(plugin["refused"]["step"], "lock");
    assert_eq!(plugin["rules"][0]["id"], "northwind/xs-not-59");
    sandbox.run(&TRUST);
    let listed: serde_json::Value = serde_json::from_str(&sandbox.run(&list).stdout).unwrap();
    let plugin = &listed["plugins"][0];
    assert_eq!(
        (&plugin["state"], &plugin["locked"]["isolation"]),
        (&"trusted".into(), &"worker".into())
    );
    let none = sandbox.run(&["plugins", "list"]);
    assert!(none.stdout.starts_with("northwind-health 0.1.0\n  locked  "), "{none:?}");
    refused(&sandbox.run(&["plugins", "show", "nobody"]), &["`nobody` is no file"]);
}

#[test]
fn the_doctor_tells_of_a_lock_and_a_file_that_others_can_write() {
    let sandbox = sandbox();
    assert_eq!(sandbox.run(&TRUST).code, Some(0));
    let well = sandbox.run(&["plugins", "doctor", "plugin.so"]);
    assert_eq!(well.code, Some(0), "{well:?}");
    for line in ["target      ", "memfd       ", "seccomp     ", "landlock    ", "pidfd       "] {
        assert!(well.stdout.contains(line), "{}", well.stdout);
    }
    for name in ["plugins.lock", "plugin.so"] {
        open_to_all(&sandbox.path(name));
    }
    let ill = sandbox.run(&["plugins", "doctor", "plugin.so"]);
    refused(&ill, &["2 things wrong"]);
    assert_eq!(ill.stdout.matches("can be written by others (mode 666)").count(), 2, "{ill:?}");
}

fn open_to_all(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
}
