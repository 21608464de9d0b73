//! A small pack around one rule file, for tests of what an author sees.

use cleanbill_rules::MemorySource;

pub const PACK: &str = "\
schema: cleanbill/pack/v1
name: sample
version: 1.0.0
title: A sample
value_sets:
  mapping: [\"93985\", \"93986\"]
tables:
  mue: { file: mue.csv, key: [code], effective: [from, through] }
include: [rules/*.yaml]
";

pub const MUE: &str = "code,max_units,mai,from,through\n93970,1,3,2026-01-01,\n";

/// The pack with these rules.
pub fn pack(rules: &str) -> MemorySource {
    MemorySource::new("sample")
        .with("pack.yaml", PACK)
        .with("mue.csv", MUE)
        .with("rules/a.yaml", rules)
}
