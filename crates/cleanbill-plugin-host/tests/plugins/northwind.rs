//! The example plugin in the registry: findings, payers, codes, explanation, threads.

use cleanbill_engine::{LineOutcome, Truth, explain};
use cleanbill_model::{Disposition, Element, LineRef, Outcome, Severity};
use cleanbill_plugin_host::{AbiVersion, ConfigKind};

use crate::support::{built, claim, loaded, registered, verdict};

const RULE: &str = "northwind/xs-not-59";

#[test]
fn a_plugin_tells_who_it_is_and_what_it_brings() {
    let plugin = loaded(&built("northwind-health")).unwrap();
    assert_eq!((plugin.info().id(), plugin.info().version()), ("northwind-health", "0.1.0"));
    assert_eq!(plugin.info().title(), "Rules of Northwind Health (an invented payer)");
    assert_eq!(plugin.info().payers(), ["NORTHWIND", "77099"]);
    assert_eq!(plugin.info().abi(), AbiVersion::CURRENT);
    assert!(plugin.path().is_absolute());
    let [rule] = plugin.info().rules() else { panic!("one rule") };
    assert_eq!((rule.id.as_str(), rule.kind), (RULE, "plugin_check"));
    assert_eq!(rule.origin.name(), "northwind-health@0.1.0");
    assert_eq!(rule.disposition, Disposition::ReturnToProvider);
    assert_eq!(rule.remit.as_ref().unwrap().to_string(), "CO-4 N519");
    assert_eq!(rule.sources[0].document, "payment policy VL-12 (invented example)");
}

#[test]
fn a_finding_carries_the_words_of_the_manifest_and_the_values_of_the_claim() {
    let registry = registered(&built("northwind-health"));
    let (found, faults) = verdict(&registry, &claim("77099", &["93986-RT", "93970-59-LT"]));
    assert!(faults.is_empty());
    let [finding] = found.as_slice() else { panic!("one finding") };
    assert_eq!((finding.line, finding.element), (Some(1), Element::Modifiers));
    assert_eq!((finding.outcome, finding.severity), (Outcome::Fires, Severity::Error));
    assert!(finding.message.starts_with("93970 on line 20 carries modifier 59 without XS (59-LT)"));
    assert!(finding.fix.contains("replace modifier 59 on line 20 with XS"), "{}", finding.fix);
    assert!(finding.why.contains("asks for modifier XS when"), "{}", finding.why);
    let read: Vec<_> = finding
        .evidence
        .iter()
        .map(|e| (e.line.as_ref().and_then(LineRef::own), e.value.as_str()))
        .collect();
    assert_eq!(read, [(Some(1), "93970"), (Some(1), "59-LT")]);
}

#[test]
fn claims_to_other_payers_are_left_alone() {
    let registry = registered(&built("northwind-health"));
    for (payer, findings) in [("NORTHWIND", 1), ("77099", 1), ("MEDICARE_B", 0), ("", 0)] {
        let (found, faults) = verdict(&registry, &claim(payer, &["93970-59"]));
        assert_eq!((found.len(), faults.len()), (findings, 0), "{payer}");
    }
}

#[test]
fn an_explanation_names_payer_and_plugin() {
    let registry = registered(&built("northwind-health"));
    let (edit, _) = registry.find(RULE).unwrap();
    let own = explain(edit, RULE, &claim("NORTHWIND", &["93970-59", "93970-XS"])).unwrap();
    assert!(matches!(&own.lines[0].outcome, LineOutcome::Found(found) if found.len() == 1));
    assert_eq!(own.lines[1].outcome, LineOutcome::Silent { because: "plugin" });
    let clauses: Vec<_> = own.lines[0].steps.iter().map(|s| (s.clause, s.truth)).collect();
    let all = [("payer", Truth::Yes), ("plugin", Truth::Yes), ("effective", Truth::Yes)];
    assert_eq!(clauses, all);
    let other = explain(edit, RULE, &claim("MEDICARE_B", &["93970-59"])).unwrap();
    assert_eq!(other.lines[0].outcome, LineOutcome::Silent { because: "payer" });
    assert!(other.lines[0].steps[0].detail.contains("NORTHWIND, 77099"));
}

#[test]
fn a_pack_uses_a_rule_as_a_check_with_its_own_configuration() {
    let plugin = loaded(&built("northwind-health")).unwrap();
    let [offer] = plugin.info().checks().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!((offer.id.as_str(), offer.values.as_slice()), (RULE, &["accepted".to_owned()][..]));
    assert_eq!(offer.config, [("accepted".to_owned(), ConfigKind::Texts)]);
    assert!(offer.message.contains("modifier 59 without {accepted} ({modifiers})"));

    let accepts_xe = plugin.check(RULE, r#"{"accepted":["XE"]}"#).unwrap();
    let as_shipped = plugin.check(RULE, "{}").unwrap();
    // Which payers are meant is for the pack to say.
    let claim = claim("MEDICARE_B", &["93970-59-XE", "93970-59-XS"]);
    let found = |check: &cleanbill_plugin_host::PackCheck| {
        check
            .judge(&claim)
            .unwrap()
            .into_iter()
            .map(|said| (said.finding.line, said.values))
            .collect()
    };
    let of_xe: Vec<_> = found(&accepts_xe);
    assert_eq!(of_xe, [(Some(1), vec!["XE".to_owned()])]);
    let shipped: Vec<_> = found(&as_shipped);
    assert_eq!(shipped, [(Some(0), vec!["XS".to_owned()])]);

    let refused = |id, config| plugin.check(id, config).unwrap_err();
    let told = refused(RULE, r#"{"accepted":[]}"#);
    assert_eq!(told, "`accepted` must name modifiers, such as XS (status -2)");
    assert_eq!(refused("northwind/other", "{}"), "it has no such check");
    // A rule that packs speak for does not speak by itself.
    assert!(plugin.into_edit_of(Vec::new()).is_none());
}

#[test]
fn threads_share_a_plugin_and_get_the_same_answers() {
    let registry = registered(&built("northwind-health"));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..200 {
                    let lines = ["93970-59", "93970-XS"][round % 2];
                    let (found, faults) = verdict(&registry, &claim("77099", &[lines]));
                    assert_eq!((found.len(), faults.len()), (1 - round % 2, 0));
                }
            });
        }
    });
}
