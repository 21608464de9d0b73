//! A new pack: `pack.yaml`, one rule, since a pack without a rule would check nothing, and the schemas
//! that an editor completes from.

use super::editor::{modeline, schema_file};
use super::rule::{Scope, rule_file};
use super::{ScaffoldError, ScaffoldFile, is_name, quoted, refused};
use crate::schema::SchemaKind;

const PACK: &str = "pack.yaml";
const FIRST_RULE: &str = "rules/first-rule.yaml";

/// What is asked about a new pack.
#[derive(Clone, Debug, Default)]
pub struct PackAnswers {
    /// Its name: small letters, digits, hyphens.
    pub name: String,
    /// One line in its author's words.
    pub title: Option<String>,
    /// Who mends the claims that it finds.
    pub owner: Option<String>,
}

/// The files of a new pack, which passes its checks and tests as it stands.
///
/// # Errors
/// [`ScaffoldError`]: the name does not fit.
pub fn scaffold_pack(answers: &PackAnswers) -> Result<Vec<ScaffoldFile>, ScaffoldError> {
    let name = &answers.name;
    if !is_name(name) {
        return refused(
            format!("`{name}` is not a name for a pack"),
            "use small letters, digits and hyphens, such as `acme-house-rules`",
        );
    }
    let title = answers.title.clone().unwrap_or_else(|| format!("House rules of {name}"));
    let owner = answers.owner.as_deref().unwrap_or("coder");
    let pack = format!(
        "\
{modeline}# A pack of rules. `cleanbill rules check` tells what is wrong with it, `cleanbill rules test` runs its tests.
schema: cleanbill/pack/v1
name: {name}
version: 0.1.0                           # raise it when a verdict changes
title: {title}
owner: {owner}                             # who mends the claims: coder, biller, front_desk

# Dates of service for which the rules hold; take the # away to set a first or last day.
# effective: {{ from: 2026-01-01 }}

defaults:
  disposition: line_denial               # of rules that give none
  on_unknown: suspend                    # when a claim leaves open what a rule needs

# Lists that several rules use, as `$separate_service` in place of a list; take the # away to use it.
# value_sets:
#   separate_service: [\"59\", \"XE\", \"XS\", \"XP\", \"XU\"]

# Every file of this folder holds rules; `cleanbill rules new rule` adds one.
include: [rules/*.yaml]
",
        modeline = modeline(SchemaKind::Pack, PACK),
        title = quoted(&title),
        owner = if is_name(owner) { owner.to_owned() } else { quoted(owner) },
    );
    let example = super::sketch::Parts {
        id: format!("{name}-first-rule"),
        kind: "modifier_validity",
        codes: vec!["99213".to_owned()],
        with: vec!["50".to_owned()],
        disposition: "informational",
        table: String::new(),
    };
    let body = super::sketch::body(&example)?;
    let about = "# The first rule, to look at and to change. Delete this file once you have rules of your own.\n";
    let head = modeline(SchemaKind::RuleFile, FIRST_RULE) + about;
    let rule = rule_file(&example, &body, &Scope::default(), &head);
    let mut files = vec![
        ScaffoldFile { path: PACK.to_owned(), text: pack },
        ScaffoldFile { path: FIRST_RULE.to_owned(), text: rule },
    ];
    files.extend(SchemaKind::ALL.map(schema_file));
    Ok(files)
}
