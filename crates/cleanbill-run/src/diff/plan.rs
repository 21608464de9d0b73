//! Which rules there are in either edition, and which of them may differ.

use std::collections::BTreeMap;

use cleanbill_engine::Registry;
use cleanbill_report::{DiffRule, DiffRuleChange, DiffTable};
use cleanbill_rules::{RuleChange, compare_packs};

use super::comparison::DiffEdition;

/// The rules of both editions by id.
pub(super) struct Plan {
    rules: BTreeMap<String, u32>,
    changes: Vec<(String, RuleChange)>,
    /// Tables that changed, by name.
    pub(super) tables: Vec<DiffTable>,
}

impl Plan {
    /// What the fingerprints of the editions say, and what their registries hold beyond that.
    pub(super) fn new(old: &DiffEdition<'_>, new: &DiffEdition<'_>) -> Self {
        let found = compare_packs(old.fingerprints, new.fingerprints);
        let mut changes = found.rules;
        // A rule that no fingerprint knows can still be told by the side that has it.
        for id in ids(old.registry).chain(ids(new.registry)) {
            if !changes.contains_key(id) {
                let change = match (old.registry.find(id), new.registry.find(id)) {
                    (None, _) => RuleChange::Added,
                    (_, None) => RuleChange::Removed,
                    _ => {
                        RuleChange::Changed(vec!["a definition that cannot be compared".to_owned()])
                    }
                };
                changes.insert(id.to_owned(), change);
            }
        }
        let tables = found.tables.into_iter().map(|(name, rows)| DiffTable {
            name,
            added: rows.added,
            removed: rows.removed,
            changed: rows.changed,
        });
        let tables = tables.collect();
        let changes: Vec<_> = changes.into_iter().collect();
        let rules =
            changes.iter().zip(0_u32..).map(|((id, _), index)| (id.clone(), index)).collect();
        Self { rules, changes, tables }
    }

    /// The place of a rule in the order of ids.
    pub(super) fn index(&self, id: &str) -> Option<u32> {
        self.rules.get(id).copied()
    }

    /// The id of a rule.
    pub(super) fn id(&self, index: u32) -> &str {
        self.get(index).map_or("", |(id, _)| id)
    }

    /// Whether a rule cannot differ.
    pub(super) fn is_unchanged(&self, index: u32) -> bool {
        self.get(index).is_some_and(|(_, change)| *change == RuleChange::Unchanged)
    }

    /// The rules that may differ, and the number of those that cannot.
    pub(super) fn changes(&self) -> (Vec<DiffRule>, u64) {
        let (mut rules, mut unchanged) = (Vec::new(), 0);
        for (id, change) in &self.changes {
            let change = match change {
                RuleChange::Added => DiffRuleChange::Added,
                RuleChange::Removed => DiffRuleChange::Removed,
                RuleChange::Changed(parts) => DiffRuleChange::Changed(parts.clone()),
                RuleChange::Unchanged => {
                    unchanged += 1;
                    continue;
                }
            };
            rules.push(DiffRule { id: id.clone(), change });
        }
        (rules, unchanged)
    }

    fn get(&self, index: u32) -> Option<&(String, RuleChange)> {
        self.changes.get(usize::try_from(index).ok()?)
    }
}

fn ids(registry: &Registry) -> impl Iterator<Item = &str> {
    registry.infos().map(|info| info.id.as_str())
}
