//! Plugins that are not made with the SDK of today: built from the header of the first version, in C++, and the
//! example in C.

#![expect(
    unsafe_code,
    reason = "the table of a plugin is taken out of its library, as a host does"
)]
#![expect(clippy::unwrap_used, reason = "a test that fails should stop there")]

use std::path::Path;
use std::process::Command;

use cleanbill_model::{UnitBasis, Units};
use cleanbill_plugin_abi::{
    CbManifestHeader, ENTRY_SYMBOL, EntryFn, MANIFEST_LIMIT, MANIFEST_SYMBOL, array,
};
use cleanbill_plugin_sdk::testing::{PluginTest, TestClaim, TestLine};
use libloading::Library;

use crate::support::{claim, folder, registered, verdict};

/// Compiles `source` with the header in `include`, both below the crates, into `library`.
fn compile(compiler: &str, language: &[&str], include: &str, source: &str, library: &Path) {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let output = Command::new(compiler)
        .args(language)
        .args(["-shared", "-fPIC", "-fvisibility=hidden", "-Wl,--as-needed"])
        .args(["-Wall", "-Wextra", "-pedantic", "-Werror", "-I"])
        .arg(crates.join(include))
        .arg(crates.join(source))
        .arg("-o")
        .arg(library)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_library_built_from_the_header_of_1_0_runs_in_this_host() {
    let folder = folder();
    let library = folder.path().join("old.so");
    let (frozen, source) =
        ("cleanbill-plugin-abi/fixtures/v1.0", "cleanbill-plugin-host/tests/c/honest.c");
    compile("cc", &["-std=c11"], frozen, source, &library);
    let mut claim = claim("ANY", &["93990", "93970"]);
    claim.lines[0].units = Units::whole(2);
    let (found, faults) = verdict(&registered(&library), &claim);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "93990 on line 10 has more than 1 unit");
}

#[test]
fn a_plugin_in_cpp_runs() {
    let folder = folder();
    let library = folder.path().join("cpp.so");
    let (include, source) =
        ("cleanbill-plugin-abi/include", "cleanbill-plugin-host/tests/cpp/minutes.cpp");
    compile("c++", &["-std=c++17", "-fno-exceptions", "-fno-rtti"], include, source, &library);
    let mut claim = claim("ANY", &["00100", "00100"]);
    for line in &mut claim.lines {
        line.unit_basis = UnitBasis::Minutes;
    }
    claim.lines[1].units = Units::parse(b"15.25").unwrap();
    let (found, faults) = verdict(&registered(&library), &claim);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "00100 on line 20 has 250/1000 of a minute too many");
}

/// The example in C, behind the harness of the SDK.
fn timely_filing() -> PluginTest<()> {
    let folder = folder();
    let library = folder.path().join("timely_filing.so");
    let output = Command::new("make")
        .arg(format!("LIBRARY={}", library.display()))
        .arg("CFLAGS=-O2 -Wall -Wextra -pedantic -Werror")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/timely-filing"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    harness(&library)
}

/// Loads the library for good and takes its table and manifest.
fn harness(library: &Path) -> PluginTest<()> {
    // SAFETY: the library is the one of this repository, has both symbols and stays loaded.
    unsafe {
        let library: &Library = Box::leak(Box::new(Library::new(library).unwrap()));
        let entry = library.get::<EntryFn>(ENTRY_SYMBOL.as_bytes()).unwrap();
        let header = library.get::<*const CbManifestHeader>(MANIFEST_SYMBOL.as_bytes()).unwrap();
        let length = usize::try_from(u32::from_le(header.read().json_len)).unwrap();
        let json = array(header.add(1).cast::<u8>(), length, MANIFEST_LIMIT).unwrap();
        PluginTest::of_table(*entry(1, 0), str::from_utf8(json).unwrap())
    }
}

/// A claim on 2026-03-02, handed in on `submitted`.
fn filed(payer: &str, frequency: &str, submitted: i32) -> TestClaim {
    TestClaim::new(payer).frequency(frequency).submitted(submitted).line(TestLine::new("99213"))
}

#[test]
fn the_example_in_c_knows_the_limits_of_its_payers() {
    let test = timely_filing();
    test.examples().unwrap();
    let found = |claim: &TestClaim| -> Vec<(u32, Option<u32>)> {
        let found = test.check(claim).unwrap();
        found.iter().map(|found| (found.rule, found.line)).collect()
    };
    let (late, corrected_late, no_reference) = ((0, None), (1, None), (2, None));
    // 90 days after 2026-03-02 are 2026-05-31, 365 days 2027-03-02, 180 days 2026-08-29.
    assert_eq!(found(&filed("NORTHWIND", "1", 20_260_531)), []);
    assert_eq!(found(&filed("NORTHWIND", "1", 20_260_601)), [late]);
    assert_eq!(found(&filed("LAKESIDE", "1", 20_260_829)), []);
    assert_eq!(found(&filed("LAKESIDE", "1", 20_260_830)), [late]);
    assert_eq!(found(&filed("OTHER", "1", 20_300_101)), []);
    assert_eq!(found(&filed("NORTHWIND", "7", 20_270_302)), [no_reference]);
    let corrected = filed("NORTHWIND", "8", 20_270_303).with_original_reference();
    assert_eq!(found(&corrected), [corrected_late]);
    let args = test.check(&corrected).unwrap().remove(0).args;
    let expected = [("days", "366"), ("limit", "365"), ("last_day", "2026-03-02")];
    assert_eq!(args, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    // Neither without the day of submission, nor with days that no calendar has.
    for day in [0, i32::MIN, i32::MAX, 20_261_301, 20_260_532] {
        assert_eq!(found(&filed("NORTHWIND", "1", day)), [], "{day}");
    }
}
