//! Real sample files, where they are beside the workspace: every CLM is counted, every byte has its
//! place. The files are not ours and never enter the repository.

use std::fs;
use std::path::Path;

#[test]
fn every_claim_and_byte_of_the_sample_files_is_accounted_for() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // Beside the workspace, or beside the folder that holds its worktrees.
    let folders = ["../shared", "../../shared"]
        .map(|up| workspace.join(up).join("corpus/x12/linuxforhealth"));
    let Some(folder) = folders.iter().find(|folder| folder.is_dir()) else {
        println!("skipped: no sample files beside the workspace");
        return;
    };
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut kinds_read = 0;
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if !text.starts_with("ISA") {
            continue;
        }
        let reading = crate::fixture::read(&bytes);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let claims = text.lines().filter(|line| line.starts_with("CLM*")).count();
        assert_eq!(reading.accounting.claims_in, crate::fixture::size(claims), "{name}");
        let is_read = text.contains("005010X222") || text.contains("005010X223");
        kinds_read += u32::from(is_read);
        println!("{name}: {} read, errors {:?}", reading.claims.len(), reading.errors);
        for claim in &reading.claims {
            assert!(is_read && !claim.lines.is_empty(), "{name}");
        }
        for error in &reading.errors {
            // Some samples separate components by another character than ISA16 declares, count their
            // segments wrong or have invented identifiers.
            let known = ["I1104", "I1107", "I1309", "I1401", "I1410"].contains(&error.code)
                || error.fix.contains("ISA16");
            assert!(!is_read || known, "{name}: {error:?}");
        }
    }
    assert!(kinds_read > 0);
}
