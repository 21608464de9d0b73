//! Which claim status codes a 277CA gives for a finding, a fault or an input error.

use cleanbill_model::{Finding, InputError};

use super::table::Table;

const TABLE: &str = include_str!("claim_status.csv");

/// What an STC says: category, status and entity; the entity may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) category: &'static str,
    pub(super) code: &'static str,
    pub(super) entity: &'static str,
}

/// The table of statuses.
#[derive(Debug)]
pub(super) struct ClaimStatuses(Table<4>);

impl ClaimStatuses {
    pub(super) fn new() -> Self {
        Self(Table::new(TABLE))
    }

    /// The claim was taken.
    pub(super) fn accepted(&self) -> Status {
        self.first(&["accepted"])
    }

    /// The file arrived.
    pub(super) fn received(&self) -> Status {
        self.first(&["received"])
    }

    /// An edit could not run on the claim.
    pub(super) fn fault(&self) -> Status {
        self.first(&["fault"])
    }

    pub(super) fn finding(&self, finding: &Finding) -> Status {
        let mut keys = vec![format!("rule:{}", finding.edit.id)];
        if let Some(remit) = &finding.remit {
            keys.extend(remit.rarc.iter().map(|rarc| format!("rarc:{rarc}")));
            keys.push(format!("carc:{}", remit.carc));
        }
        keys.push(format!("element:{}", finding.element.as_str()));
        keys.push(format!("disposition:{}", finding.disposition.as_str()));
        keys.push("finding".to_owned());
        self.first(&keys)
    }

    /// `claim` is where the claim starts that was set aside for the error.
    pub(super) fn error(&self, error: &InputError, claim: u64) -> Status {
        let code = error.code;
        let mut keys = vec![format!("error:{code}/{}", error.element)];
        if error.location.offset < claim {
            keys.push(format!("error:{code}@above"));
        }
        keys.extend([format!("error:{code}"), "error".to_owned()]);
        self.first(&keys)
    }

    fn first<K: AsRef<str>>(&self, keys: &[K]) -> Status {
        let row = keys.iter().find_map(|key| self.0.get(key.as_ref()));
        let [category, code, entity, _] = row.copied().unwrap_or(["A3", "0", "", ""]);
        Status { category, code, entity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_table_has_categories_of_acknowledgements_alone() {
        let table: Table<4> = Table::new(TABLE);
        assert!(table.rows().windows(2).all(|pair| pair[0].0 < pair[1].0), "a key stands twice");
        for (key, [category, status, entity, verified]) in table.rows() {
            let takes = ["accepted", "received"].contains(key);
            let allowed: &[&str] = if takes { &["A1", "A2"] } else { &["A3", "A6", "A7", "A8"] };
            assert!(allowed.contains(category), "{key}");
            assert!(status.parse::<u16>().is_ok() && entity.len() <= 3, "{key}");
            let needs_entity = ["19", "145", "252", "562"].contains(status);
            assert!(!needs_entity || !entity.is_empty(), "{key}");
            let needs_another =
                ["21", "402", "508", "510", "511", "512", "697", "732", "745", "748"];
            assert!(!needs_another.contains(status), "{key}");
            assert!(["yes", "no"].contains(verified), "{key}");
        }
    }

    #[test]
    fn a_remark_says_more_than_a_reason_and_a_reason_more_than_an_element() {
        let statuses = ClaimStatuses::new();
        let mut finding = sample::conflict();
        assert_eq!(statuses.finding(&finding).code, "735");
        finding.remit = None;
        assert_eq!(statuses.finding(&finding).code, "454");
    }
}
