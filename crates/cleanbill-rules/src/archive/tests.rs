//! Archives that are whole, and archives that someone touched.

use super::*;

fn pack() -> MemorySource {
    MemorySource::new("acme")
        .with("tables/mue.csv", "code,max\n93970,1\n")
        .with("pack.yaml", "schema: cleanbill/pack/v1\n")
        .with("rules/a.yaml", "rules: []\n")
}

/// A tar with these entries, written by hand so that it can be wrong.
fn tar_of(entries: &[(&str, EntryType, &str)]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, kind, text) in entries {
        let mut header = Header::new_ustar();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_size(u64::try_from(text.len()).unwrap());
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_entry_type(*kind);
        header.set_cksum();
        builder.append(&header, text.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

fn manifest_of(files: &[(&str, &str)]) -> String {
    let mut text = FORMAT.to_owned();
    for (path, content) in files {
        writeln!(text, "{}  {path}", hex(content.as_bytes())).unwrap();
    }
    text
}

#[test]
fn an_archive_gives_back_the_files_and_the_same_files_give_the_same_archive() {
    let bytes = build_archive(&pack()).unwrap();
    let opened = open_archive("acme.cbpack", &bytes).unwrap();
    assert!(opened.files().eq(pack().files()));
    assert_eq!(pack_digest(&opened), pack_digest(&pack()));
    assert_eq!(build_archive(&opened).unwrap(), bytes);
    let other = pack().with("pack.yaml", "schema: cleanbill/pack/v1 \n");
    assert_ne!(pack_digest(&other), pack_digest(&pack()));
}

#[test]
fn every_changed_byte_is_refused_and_a_changed_file_is_named() {
    let bytes = build_archive(&pack()).unwrap();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(open_archive("x", &changed).is_err(), "byte {place}");
    }
    let text = b"93970,1";
    let place = bytes.windows(text.len()).position(|window| window == text).unwrap();
    let mut changed = bytes;
    changed[place + 6] = b'9';
    assert_eq!(
        open_archive("x", &changed).unwrap_err().to_string(),
        "`tables/mue.csv` was changed after the pack was built"
    );
}

#[test]
fn an_archive_that_was_cut_or_lengthened_is_refused() {
    let bytes = build_archive(&pack()).unwrap();
    for length in (0..bytes.len()).step_by(64) {
        assert!(open_archive("x", &bytes[..length]).is_err(), "{length} bytes");
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(open_archive("x", &longer).is_err());
    assert!(open_archive("x", b"schema: cleanbill/pack/v1\n").is_err());
}

#[test]
fn names_that_reach_out_of_the_pack_and_links_are_refused() {
    for name in ["../pack.yaml", "/etc/pack.yaml", "rules/../../x", "C:x", "a\\b", "rules//a", "."]
    {
        let manifest = manifest_of(&[(name, "x")]);
        let bytes =
            tar_of(&[(MANIFEST, EntryType::Regular, &manifest), (name, EntryType::Regular, "x")]);
        let refused = ArchiveError::BadName { file: name.to_owned() };
        assert_eq!(open_archive("x", &bytes).unwrap_err(), refused);
    }
    for kind in [EntryType::Symlink, EntryType::Link, EntryType::Directory, EntryType::GNULongName]
    {
        let manifest = manifest_of(&[("pack.yaml", "")]);
        let bytes = tar_of(&[(MANIFEST, EntryType::Regular, &manifest), ("pack.yaml", kind, "")]);
        let refused = ArchiveError::NotAFile { file: "pack.yaml".to_owned() };
        assert_eq!(open_archive("x", &bytes).unwrap_err(), refused);
    }
}

#[test]
fn a_file_too_many_and_a_file_too_few_are_named() {
    let manifest = manifest_of(&[("pack.yaml", "x"), ("rules/a.yaml", "y")]);
    let with = |name| {
        tar_of(&[
            (MANIFEST, EntryType::Regular, &manifest),
            ("pack.yaml", EntryType::Regular, "x"),
            (name, EntryType::Regular, "y"),
        ])
    };
    assert_eq!(
        open_archive("x", &with("rules/b.yaml")).unwrap_err(),
        ArchiveError::Unlisted { file: "rules/b.yaml".to_owned() }
    );
    let short = tar_of(&[
        (MANIFEST, EntryType::Regular, &manifest),
        ("pack.yaml", EntryType::Regular, "x"),
    ]);
    assert_eq!(
        open_archive("x", &short).unwrap_err(),
        ArchiveError::Missing { file: "rules/a.yaml".to_owned() }
    );
}

#[test]
fn a_name_that_the_archive_cannot_hold_is_refused_when_it_is_built() {
    for name in ["MANIFEST", &"x".repeat(101), "rules/ä.yaml"] {
        let refused = build_archive(&pack().with(name, "x")).unwrap_err();
        assert_eq!(refused, ArchiveError::BadName { file: name.to_owned() });
    }
}
