//! What changes a rule, and what does not.

use super::*;

const PACK: &str = "\
schema: cleanbill/pack/v1
name: acme
version: 1.0.0
title: Acme
value_sets:
  studies: [\"93970\"]
  others: [\"93971\"]
tables:
  mue: { file: mue.csv, key: [code], effective: [from, through] }
facts:
  extremity: { side: [{ table: site.laterality }], region: [] }
defaults: { disposition: line_denial }
rules:
  - id: A
    title: Pairs
    mutually_exclusive: { codes: $studies, with: [\"93985\"], same: [extremity] }
  - id: B
    title: Units
    disposition: suspend
    unit_limit: { table: mue, max: max }
";
const MUE: &str = "code,max,from,through\n93970,1,2024-01-01,\n93971,2,2024-01-01,\n";

fn print(pack: &str, mue: &str) -> PackFingerprint {
    PackFingerprint::of_files(&MemorySource::new("").with("pack.yaml", pack).with("mue.csv", mue))
        .unwrap()
}

fn changes(pack: &str, mue: &str) -> PackChanges {
    compare_packs(&[print(PACK, MUE)], &[print(pack, mue)])
}

/// The changed parts of the rules A and B.
fn parts(pack: &str) -> [String; 2] {
    let changes = changes(pack, MUE);
    ["A", "B"].map(|id| match &changes.rules[id] {
        RuleChange::Changed(parts) => parts.join(", "),
        other => format!("{other:?}"),
    })
}

#[test]
fn words_about_the_pack_and_the_way_it_is_written_change_no_rule() {
    let unchanged = ["Unchanged", "Unchanged"].map(str::to_owned);
    for (from, to) in [
        ("version: 1.0.0", "version: 2.0.0"),
        ("title: Acme", "title: Other"),
        ("[\"93970\"]", "[93970] # a remark"),
        ("others: [\"93971\"]", "others: [\"93971\", \"93985\"]"),
        ("table: mue, max: max", "max: \"max\", table: mue"),
        ("    title: Units\n", "    title: Units\n    tests: []\n"),
    ] {
        assert!(PACK.contains(from), "{from}");
        assert_eq!(parts(&PACK.replace(from, to)), unchanged, "{to}");
    }
}

#[test]
fn a_rule_is_changed_by_its_keys_and_by_what_they_name() {
    for (from, to, a, b) in [
        ("title: Pairs", "title: Couples", "title", "Unchanged"),
        ("same: [extremity]", "same: []", "facts.extremity, mutually_exclusive", "Unchanged"),
        ("studies: [\"93970\"]", "studies: [\"93971\"]", "$studies", "Unchanged"),
        ("site.laterality", "site.other", "facts.extremity", "Unchanged"),
        ("disposition: line_denial", "disposition: suspend", "default disposition", "Unchanged"),
        ("key: [code]", "key: [code, max]", "Unchanged", "table mue"),
        (
            "title: Acme\n",
            "title: Acme\napplies_to: {}\n",
            "applies_to of the pack",
            "applies_to of the pack",
        ),
        ("id: A", "id: C", "Removed", "Unchanged"),
    ] {
        if from.starts_with("id") {
            let all = changes(&PACK.replace(from, to), MUE).rules;
            assert_eq!((&all["A"], &all["C"]), (&RuleChange::Removed, &RuleChange::Added));
            continue;
        }
        assert_eq!(parts(&PACK.replace(from, to)), [a, b].map(str::to_owned), "{to}");
    }
}

#[test]
fn a_change_in_a_pack_below_is_blamed_on_every_rule_of_both() {
    let above = PACK.replace("title: Acme\n", "title: Acme\nextends: [{ pack: base }]\n");
    let base = |title: &str| {
        format!("name: base\nversion: 1.0.0\nrules:\n  - id: C\n    title: {title}\n")
    };
    let print = |title: &str| {
        let part = |name: &str, text: &str| RecordedPack {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            files: MemorySource::new(name).with("pack.yaml", text).with("mue.csv", MUE),
        };
        PackFingerprint::of(&[part("base", &base(title)), part("acme", &above)]).unwrap()
    };
    let same = compare_packs(&[print("Old")], &[print("Old")]);
    assert!(same.rules.values().all(|change| *change == RuleChange::Unchanged), "{same:?}");
    assert_eq!(same.rules.len(), 3);
    let other = compare_packs(&[print("Old")], &[print("New")]);
    for (rule, change) in &other.rules {
        assert!(matches!(change, RuleChange::Changed(_)), "{rule}: {change:?}");
    }
}

#[test]
fn rows_are_paired_by_key_and_first_day() {
    let rows = |mue| changes(PACK, mue).tables.get("mue").copied();
    let same = "from,code,through,max\n2024-01-01,93970,,1\n2024-01-01,93971,,2\n";
    assert_eq!(rows(same), None, "columns may move");
    let edition =
        "code,max,from,through\n93971,3,2024-01-01,\n93985,1,2024-01-01,\n93986,1,2024-01-01,\n";
    assert_eq!(rows(edition), Some(TableChange { added: 2, removed: 1, changed: 1 }));
    let twice = format!("{MUE}93970,1,2024-01-01,\n");
    assert_eq!(rows(&twice), Some(TableChange { added: 1, ..TableChange::default() }));
    let moved = "code,max,from,through\n93971,2,2024-01-01,\n93970,1,2024-01-01,\n";
    assert_eq!(rows(moved), Some(TableChange::default()), "the order of rows may matter to a rule");
}

#[test]
fn two_packs_on_a_side_are_compared_as_one() {
    let other = print("name: base\nversion: 1\ntables: {}\nrules: [{ id: Z }]\n", "");
    let again = print("name: base\nversion: 2\ntables: {}\nrules: [{ id: Z }]\n", "");
    let changes = compare_packs(&[print(PACK, MUE), other], &[again, print(PACK, MUE)]);
    assert!(changes.rules.values().all(|change| *change == RuleChange::Unchanged));
    assert_eq!((changes.rules.len(), changes.tables.len()), (3, 0));
}
