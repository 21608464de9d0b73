//! Whatever is wrong with a plugin file, none of its code runs: a constructor that leaves a file behind
//! proves it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use cleanbill_plugin_host::{
    Candidate, Digest, LoadOptions, LockEntry, NeededEntry, PluginLock, Refusal, Signer, Step,
    TARGET, TrustedLibrary, WorkerOptions, load,
};
use cleanbill_signature::SignerKey;
use minisign::KeyPair;
use tempfile::TempDir;

use crate::support::{
    approval, claim, compiled, folder, here, linked, lock_for_anywhere, lock_of, registered_in,
    verdict, worker,
};

/// A folder with the canary, and where it leaves its file.
struct Cage {
    folder: TempDir,
    library: PathBuf,
    left: PathBuf,
}

impl Cage {
    fn new(defines: &[&str], more: &[&str]) -> Self {
        let folder = folder();
        let left = folder.path().join("it-ran");
        let leaves = format!("LEAVES=\"{}\"", left.display());
        let defines = [defines, &[leaves.as_str()]].concat();
        let library = linked(&folder, "canary.c", &defines, more);
        Self { folder, library, left }
    }

    /// The lock that holds these bytes, whatever is wrong with them.
    fn forced_lock(&self) -> PluginLock {
        let good = lock_of(&Self::new(&[], &[]).library).expect("the canary is good");
        let digest = Digest::of(&fs::read(&self.library).expect("it reads"));
        let mut entry = good.entry("canary").expect("it is locked").clone();
        entry.sha256.insert(TARGET.to_owned(), digest);
        lock(&entry)
    }

    /// Checks and loads; the refusal, if it is one.
    fn run(&self, library: &Path, lock: &PluginLock) -> Result<(), Refusal> {
        let trusted = TrustedLibrary::check(library, lock)?;
        load(&trusted, &open()).expect("what is trusted loads");
        Ok(())
    }

    /// Asserts that `library` is refused at `step`, in these words, and that nothing of it ran.
    fn refuses(&self, library: &Path, lock: &PluginLock, step: Step, words: &str) {
        let refusal = self.run(library, lock).expect_err(words);
        assert_eq!(refusal.step(), step, "{refusal}");
        assert!(refusal.to_string().contains(words), "{refusal}");
        assert!(!refusal.remedy().is_empty());
        assert!(!self.left.exists(), "code of the plugin ran: {refusal}");
    }

    /// The same of the canary itself.
    fn refuses_own(&self, lock: &PluginLock, step: Step, words: &str) {
        self.refuses(&self.library, lock, step, words);
    }
}

fn lock(entry: &LockEntry) -> PluginLock {
    PluginLock::default().with(entry).expect("the lock reads back")
}

/// Where the canary can be heard: in its own process it could leave nothing behind.
fn open() -> LoadOptions {
    LoadOptions { worker: WorkerOptions { sandbox: false, ..worker() }, ..here() }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("the mode is set");
}

#[test]
fn the_canary_sings_when_it_is_loaded() {
    let cage = Cage::new(&[], &[]);
    let lock = lock_for_anywhere(&cage.library).unwrap();
    assert!(!cage.left.exists(), "looking at a plugin runs nothing");
    cage.run(&cage.library, &lock).unwrap();
    assert!(cage.left.exists());
    // In one process the same bytes are loaded once, wherever they lie.
    fs::remove_file(&cage.left).unwrap();
    let copy = cage.folder.path().join("copy.so");
    fs::copy(&cage.library, &copy).unwrap();
    cage.run(&copy, &lock).unwrap();
    assert!(!cage.left.exists());
}

#[test]
fn in_a_process_of_its_own_the_canary_is_heard_by_nobody() {
    for sandbox in [true, false] {
        let cage = Cage::new(&[], &[]);
        let mut options = LoadOptions { allow_in_process: false, ..open() };
        options.worker.sandbox = sandbox;
        let (_, faults) =
            verdict(&registered_in(&cage.library, &options), &claim("ANY", &["99213"]));
        assert!(faults.is_empty(), "{faults:?}");
        // Without a sandbox it sings there too.
        assert_eq!(cage.left.exists(), !sandbox);
    }
}

#[test]
fn bytes_that_are_not_the_locked_ones_are_refused() {
    let cage = Cage::new(&[], &[]);
    let lock = lock_of(&cage.library).unwrap();
    let good = fs::read(&cage.library).unwrap();

    // 1: one byte, at every place that a walk over the file comes by.
    for place in (0..good.len()).step_by(good.len() / 40) {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        fs::write(&cage.library, &bytes).unwrap();
        cage.refuses_own(&lock, Step::Lock, "");
    }
    fs::write(&cage.library, [&good[..], b"\0"].concat()).unwrap();
    cage.refuses_own(&lock, Step::Lock, "it is not the locked `canary` 1.2.0: locked ");
    // 2: another library of the same name and version.
    let other = Cage::new(&[], &["-O2"]);
    fs::copy(&other.library, &cage.library).unwrap();
    cage.refuses_own(&lock, Step::Lock, "it is not the locked `canary` 1.2.0");
    fs::write(&cage.library, &good).unwrap();
    // 3 and 4: no entry, and none for this machine.
    cage.refuses_own(&PluginLock::default(), Step::Lock, "the lock has no entry of `canary`");
    let mut entry = lock.entry("canary").unwrap().clone();
    let digest = entry.sha256.remove(TARGET).unwrap();
    entry.sha256.insert("riscv64gc-unknown-none-elf".to_owned(), digest);
    cage.refuses_own(&self::lock(&entry), Step::Lock, "for other machines than");
    // 5 and 6: another version is locked, a newer one and an older one.
    for (locked, words) in
        [("1.10.0", "it is an older version"), ("1.1.0", "it is another version")]
    {
        let mut entry = lock.entry("canary").unwrap().clone();
        locked.clone_into(&mut entry.version);
        // The digest alone opens nothing: the manifest must be the locked one too.
        let words_of_version = "its version is not the locked one";
        cage.refuses_own(&self::lock(&entry), Step::Lock, words_of_version);
        entry.sha256.clear();
        cage.refuses_own(&self::lock(&entry), Step::Lock, words);
    }
    // 7: revoked.
    let denied = lock.denying(&[Digest::of(&good)]).unwrap();
    cage.refuses_own(&denied, Step::Lock, "it was revoked");
    // 8: the lock wants it in this process, and forbids that.
    let text = lock.to_string().replace("\"worker\"", "\"in-process\"");
    let in_process = PluginLock::parse(&text).unwrap();
    cage.refuses_own(&in_process, Step::Lock, "which the lock's policy forbids");
    // 9: it reads more than it may.
    let text = lock.to_string().replace("\"line.code\"", "\"line.units\"");
    let words = "it reads `line.code`, which the lock does not grant";
    cage.refuses_own(&PluginLock::parse(&text).unwrap(), Step::Grants, words);
    let words = "its manifest is not the locked one";
    let mut entry = lock.entry("canary").unwrap().clone();
    entry.manifest_sha256 = Digest::of(b"{}");
    cage.refuses_own(&self::lock(&entry), Step::Lock, words);
}

#[test]
fn a_file_that_others_could_change_is_refused() {
    let cage = Cage::new(&[], &[]);
    let lock = lock_of(&cage.library).unwrap();
    // 10 and 11: writable by all, and by the group.
    for bits in [0o757, 0o775] {
        mode(&cage.library, bits);
        cage.refuses_own(&lock, Step::Permissions, "it can be written by others");
    }
    // 12: set-user-id.
    mode(&cage.library, 0o4755);
    cage.refuses_own(&lock, Step::Permissions, "the set-user-id");
    mode(&cage.library, 0o755);
    // 13: a folder above it; the sticky bit is no excuse.
    let (above, within) =
        (cage.folder.path().join("above"), cage.folder.path().join("above/within"));
    fs::create_dir_all(&within).unwrap();
    let inner = within.join("canary.so");
    fs::copy(&cage.library, &inner).unwrap();
    for (folder, bits) in [(&within, 0o777), (&above, 0o1777), (&above, 0o775)] {
        mode(folder, bits);
        let words = format!("the folder `{}` can be written by others", folder.display());
        cage.refuses(&inner, &lock, Step::Permissions, &words);
        mode(folder, 0o755);
    }
    // 14: a link to another folder.
    let link = cage.folder.path().join("link.so");
    symlink(&inner, &link).unwrap();
    cage.refuses(&link, &lock, Step::Path, "it is a link to");
    let beside = cage.folder.path().join("beside.so");
    symlink(&cage.library, &beside).unwrap();
    assert!(Candidate::look(&beside, &[]).is_ok());
    // 15: of another user; only root can give files away.
    if fs::metadata(&cage.library).unwrap().uid() != 0 {
        eprintln!("skipped: the file of another owner, which only root can make");
        return;
    }
    std::os::unix::fs::chown(&cage.library, Some(65_534), None).unwrap();
    cage.refuses_own(&lock, Step::Permissions, "it belongs to user 65534");
    std::os::unix::fs::chown(&cage.library, Some(0), None).unwrap();
    std::os::unix::fs::chown(&above, Some(65_534), None).unwrap();
    cage.refuses(&inner, &lock, Step::Permissions, "above` belongs to user 65534");
    std::os::unix::fs::chown(&above, Some(0), None).unwrap();
    cage.run(&inner, &lock).unwrap();
    assert!(cage.left.exists(), "put right, it loads");
}

#[test]
fn a_library_that_the_loader_would_do_more_with_is_refused_though_it_is_locked() {
    let stranger = folder();
    let stranger = (compiled(&stranger, "stranger.c", &["CB_EXPORTED"]), stranger);
    let stranger = stranger.0.to_str().unwrap();
    let cases: &[(&[&str], &[&str], &str)] = &[
        (&[], &["-Wl,-rpath,/tmp/evil"], "to search `/tmp/evil` for libraries"),
        (&[], &["-Wl,--disable-new-dtags,-rpath,$ORIGIN"], "to search `$ORIGIN` for libraries"),
        (&[], &["-Wl,--no-as-needed", stranger], "it needs the library `"),
        (&[], &["-Wl,--audit,/tmp/evil.so"], "it asks the loader for an audit library"),
        (&[], &["-Wl,--filter,/tmp/evil.so"], "it asks the loader for a filter library"),
        (&["WRITES_CODE"], &["-Wl,-z,notext"], "code that is rewritten"),
        (&[], &["-Wl,-z,execstack"], "a stack that can be executed"),
        (&["TWICE"], &[], "more than one manifest"),
        (&["MORE=1000"], &[], "longer than its section"),
        (&["MORE=-4"], &[], "more than one manifest"),
        (&["MAJOR=2"], &[], "built for plugin ABI 2.0, and this program has 1.0"),
        (&["NO_ENTRY"], &[], "it does not export `cleanbill_plugin_entry_v1`"),
        (&["TAKES_MALLOC"], &["-fno-builtin"], "it exports `malloc`"),
    ];
    for (defines, more, words) in cases {
        let cage = Cage::new(defines, more);
        cage.refuses_own(&cage.forced_lock(), Step::Library, words);
    }
    let cage = Cage::new(&[], &[]);
    assert_eq!(cage.run(&cage.library, &cage.forced_lock()), Ok(()));
}

#[test]
fn a_plugin_that_must_be_signed_is_signed_by_the_right_key_for_this_version() {
    let cage = Cage::new(&[], &[]);
    let [ours, theirs] = [(); 2].map(|()| KeyPair::generate_unencrypted_keypair().unwrap());
    let bytes = fs::read(&cage.library).unwrap();
    let signed = |pair: &KeyPair, bytes: &[u8], comment: &str| {
        let made = minisign::sign(None, &pair.sk, bytes, Some(comment), None).unwrap();
        fs::write(cage.library.with_extension("so.minisig"), made.into_string()).unwrap();
    };
    let key = SignerKey::parse(&ours.pk.to_base64()).unwrap();
    let mut entry = lock_of(&cage.library).unwrap().entry("canary").unwrap().clone();
    let unsigned = lock(&entry);
    entry.signer = Some(Signer::from(key.clone()));
    let lock = lock(&entry);

    cage.refuses_own(&lock, Step::Signature, "it is not signed: there is no `");
    let comment = "id=canary version=1.2.0";
    signed(&theirs, &bytes, comment);
    cage.refuses_own(&lock, Step::Signature, "it is signed with another key");
    signed(&ours, b"other bytes", comment);
    cage.refuses_own(&lock, Step::Signature, "was changed after it was signed");
    for other in ["id=canary version=1.1.0", "id=other version=1.2.0", "version=1.2.0", ""] {
        signed(&ours, &bytes, other);
        cage.refuses_own(&lock, Step::Signature, "must name `id=canary version=1.2.0`");
    }
    // A signed comment that is swapped for another one is no longer signed.
    let path = cage.library.with_extension("so.minisig");
    signed(&ours, &bytes, "id=canary version=1.1.0");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("version=1.1.0", "version=1.2.0")).unwrap();
    cage.refuses_own(&lock, Step::Signature, "was changed after it was signed");

    // A policy asks the same of entries that name nobody, and allows only some to sign.
    let policy = |rest: &str, text: &PluginLock| {
        PluginLock::parse(
            &text.to_string().replace("schema = 1\n", &format!("schema = 1\n[policy]\n{rest}\n")),
        )
        .unwrap()
    };
    signed(&ours, &bytes, comment);
    let nobody = policy("require_signature = true", &unsigned);
    cage.refuses_own(&nobody, Step::Signature, "allows nobody to make it");
    let strangers = format!("allowed_signers = [\"{}\"]", theirs.pk.to_base64());
    cage.refuses_own(&policy(&strangers, &lock), Step::Signature, "allows nobody to make it");
    let own = format!("require_signature = true\nallowed_signers = [\"{}\"]", key.as_str());
    let trusted = TrustedLibrary::check(&cage.library, &policy(&own, &unsigned)).unwrap();
    assert_eq!(trusted.signer(), Some(&key));
    cage.run(&cage.library, &lock).unwrap();
    assert!(cage.left.exists());
}

#[test]
fn what_is_loaded_is_what_was_checked_whatever_becomes_of_the_file() {
    let cage = Cage::new(&[], &[]);
    let other = Cage::new(&[], &["-O3"]);
    let trusted = TrustedLibrary::check(&cage.library, &lock_of(&cage.library).unwrap()).unwrap();
    fs::copy(&other.library, &cage.library).unwrap();
    load(&trusted, &open()).unwrap();
    assert!(cage.left.exists() && !other.left.exists());
    assert_eq!(trusted.image_kind(), "sealed memory");
}

#[test]
fn a_library_that_a_plugin_needs_is_held_to_the_lock_as_well() {
    let beside = folder();
    let soname = "-Wl,-soname,libadd-of-a-test.so.1";
    let add = linked(&beside, "stranger.c", &["CB_EXPORTED"], &[soname]);
    let cage = Cage::new(&["USES"], &["-Wl,--no-as-needed", add.to_str().unwrap()]);
    let name = "libadd-of-a-test.so.1";
    let refusal = Candidate::look(&cage.library, &[]).unwrap_err();
    assert!(refusal.remedy().contains(&format!("--needed {name}=PATH")), "{}", refusal.remedy());

    let candidate = Candidate::look(&cage.library, &[name]).unwrap();
    assert_eq!(candidate.needed(), [name]);
    let needed = NeededEntry::look(name, add.clone()).unwrap();
    let lock = lock(&candidate.entry(approval(&candidate, &[needed]), None));
    let good = fs::read(&add).unwrap();
    fs::write(&add, [&good[..], b"\0"].concat()).unwrap();
    cage.refuses_own(
        &lock,
        Step::Lock,
        "the library `libadd-of-a-test.so.1` that it needs is not the locked",
    );
    fs::write(&add, &good).unwrap();
    cage.run(&cage.library, &lock).unwrap();
    assert!(cage.left.exists());
}

#[test]
fn a_damaged_library_is_refused_or_looked_at_and_never_more() {
    let cage = Cage::new(&[], &[]);
    let good = fs::read(&cage.library).unwrap();
    let mut refused = 0_usize;
    // Headers and tables at both ends of the file, and steps through the rest.
    let ends = (0..1_200).chain((good.len() - 2_500..good.len()).step_by(3));
    for place in ends.chain((1_200..good.len() - 2_500).step_by(61)) {
        let mut bytes = good.clone();
        bytes[place] ^= 0xff;
        fs::write(&cage.library, &bytes).unwrap();
        refused += usize::from(Candidate::look(&cage.library, &[]).is_err());
    }
    assert!(refused > 100, "{refused}");
    assert!(!cage.left.exists());
}
