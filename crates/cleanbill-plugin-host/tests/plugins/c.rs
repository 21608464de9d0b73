//! Plugins in C against the header, and garbage that only C can make.

use crate::support::{
    claim, compiled, everywhere, folder, loaded, registered_in, registry, verdict,
};
use cleanbill_model::{FaultKind, Severity, Units};

#[test]
fn a_plugin_in_c_finds_what_it_looks_for() {
    let folder = folder();
    let plugin = loaded(&compiled(&folder, "honest.c", &[])).unwrap();
    assert_eq!((plugin.info().id(), plugin.info().version()), ("honest-c", "1.2.3"));
    let registry = registry(plugin);
    let mut claim = claim("ANY", &["93990", "93990", "93970"]);
    for line in &mut claim.lines[1..] {
        line.units = Units::whole(2);
    }
    let (found, faults) = verdict(&registry, &claim);
    assert!(faults.is_empty());
    let [finding] = found.as_slice() else { panic!("one finding") };
    assert_eq!((finding.line, finding.severity), (Some(1), Severity::Error));
    assert_eq!(finding.message, "93990 on line 20 has more than 1 unit");
    assert_eq!(finding.fix, "bill 1 unit, or one line for each day");
    assert_eq!(finding.evidence[1].value, "2");
}

#[test]
fn garbage_in_a_finding_is_a_fault_and_never_read() {
    let folder = folder();
    let library = compiled(&folder, "odd.c", &[]);
    for options in everywhere() {
        let registry = registered_in(&library, &options);
        for (code, told) in [
            ("99210", "it is null or too small"),
            ("99211", "it is null or too small"),
            ("99212", "a text is not UTF-8 of at most 1024 bytes"),
            ("99213", "a text is not UTF-8 of at most 1024 bytes"),
            ("99214", "a text is not UTF-8 of at most 1024 bytes"),
            ("99215", "its partner lines are null or more than the claim has"),
            ("99216", "its values are null or more than 16"),
            ("99217", "severity 9 does not exist"),
            ("99218", "it gave back status -8"),
        ] {
            let (found, faults) = verdict(&registry, &claim("ANY", &[code]));
            assert!(found.is_empty(), "{code}");
            assert_eq!(faults[0].kind, FaultKind::PluginError, "{code}");
            assert!(faults[0].message.contains(told), "{code}: {}", faults[0].message);
        }
        let (found, faults) = verdict(&registry, &claim("ANY", &["99219"]));
        assert_eq!((found.len(), faults.len()), (1, 0));
        assert_eq!((found[0].line, found[0].severity), (None, Severity::Warning));
    }
}
