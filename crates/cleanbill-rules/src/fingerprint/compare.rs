//! Two editions of packs beside each other: which rules and tables changed.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::Rows;
use super::{PackFingerprint, Parts};

/// What changed between two editions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackChanges {
    /// Every rule of either edition, by id.
    pub rules: BTreeMap<String, RuleChange>,
    /// The tables that changed, by name.
    pub tables: BTreeMap<String, TableChange>,
}

/// How a rule changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleChange {
    /// Only the new edition has it.
    Added,
    /// Only the old edition has it.
    Removed,
    /// What decides it is not the same: its keys, and the value sets, tables and facts that it names.
    Changed(Vec<String>),
    /// It cannot differ on any claim.
    Unchanged,
}

/// Rows of a table that changed. A row is the same when its key, first day and setting are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableChange {
    /// Rows that only the new edition has.
    pub added: u64,
    /// Rows that only the old edition has.
    pub removed: u64,
    /// Rows that both have with other values.
    pub changed: u64,
}

/// What changed from `old` to `new`. Versions, titles, tests and layout of packs do not count.
#[must_use]
pub fn compare_packs(old: &[PackFingerprint], new: &[PackFingerprint]) -> PackChanges {
    let several = old.len() > 1 || new.len() > 1;
    PackChanges {
        rules: rules(&all_rules(old), &all_rules(new)),
        tables: tables(&all_tables(old, several), &all_tables(new, several)),
    }
}

fn all_rules(packs: &[PackFingerprint]) -> BTreeMap<&str, &Parts> {
    packs.iter().flat_map(|pack| &pack.rules).map(|(id, parts)| (id.as_str(), parts)).collect()
}

fn all_tables(packs: &[PackFingerprint], several: bool) -> BTreeMap<String, &Rows> {
    packs
        .iter()
        .flat_map(|pack| pack.tables.iter().map(move |(name, rows)| (pack.name(), name, rows)))
        .map(|(pack, name, rows)| match several {
            true => (format!("{pack}/{name}"), rows),
            false => (name.clone(), rows),
        })
        .collect()
}

fn rules(
    old: &BTreeMap<&str, &Parts>,
    new: &BTreeMap<&str, &Parts>,
) -> BTreeMap<String, RuleChange> {
    let ids: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    ids.into_iter()
        .map(|id| {
            let change = match (old.get(id), new.get(id)) {
                (None, _) => RuleChange::Added,
                (_, None) => RuleChange::Removed,
                (Some(old), Some(new)) => match differing(old, new) {
                    parts if parts.is_empty() => RuleChange::Unchanged,
                    parts => RuleChange::Changed(parts),
                },
            };
            (id.to_owned(), change)
        })
        .collect()
}

fn differing(old: &Parts, new: &Parts) -> Vec<String> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names.into_iter().filter(|name| old.get(*name) != new.get(*name)).cloned().collect()
}

fn tables<'a>(
    old: &BTreeMap<String, &'a Rows>,
    new: &BTreeMap<String, &'a Rows>,
) -> BTreeMap<String, TableChange> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let (old, new) = (old.get(name), new.get(name));
            if old.map(|rows| rows.whole) == new.map(|rows| rows.whole) {
                return None;
            }
            let rows = |side: Option<&&'a Rows>| side.map(|rows| rows.rows.as_slice());
            let (old, new) = (rows(old).unwrap_or_default(), rows(new).unwrap_or_default());
            Some((name.clone(), row_changes(old, new)))
        })
        .collect()
}

/// Rows that neither edition shares with the other, paired by what they are about.
fn row_changes(old: &[(u128, u128)], new: &[(u128, u128)]) -> TableChange {
    let (only_old, only_new) = (without(old, new), without(new, old));
    let mut change = TableChange::default();
    let mut new = only_new.into_iter().peekable();
    for about in only_old {
        while new.next_if(|other| *other < about).is_some() {
            change.added += 1;
        }
        match new.next_if_eq(&about) {
            Some(_) => change.changed += 1,
            None => change.removed += 1,
        }
    }
    new.for_each(|_| change.added += 1);
    change
}

/// What the rows of `all` are about that `other` does not have; both sorted, each row counted as often
/// as it stands there.
fn without(all: &[(u128, u128)], other: &[(u128, u128)]) -> Vec<u128> {
    let mut other = other.iter().peekable();
    all.iter()
        .filter(|row| {
            while other.next_if(|candidate| candidate < row).is_some() {}
            other.next_if_eq(row).is_none()
        })
        .map(|row| row.0)
        .collect()
}
