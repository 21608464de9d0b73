//! All edits of a run, in a fixed order and indexed by procedure code.

use std::collections::HashMap;
use std::sync::Arc;

use cleanbill_model::{Claim, EditInfo, ServiceDate};

use crate::code_index::CodeIndex;
use crate::code_range::RangeIndex;
use crate::edit::{Edit, Trigger};
use crate::scope::Scope;

/// Why a set of edits cannot be run together.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two edits have one id, so that findings could not be told apart.
    #[error("the edit `{id}` is defined twice: in {first} and in {second}; rename one of them")]
    Duplicate {
        /// The id.
        id: String,
        /// Pack or plugin that came first.
        first: String,
        /// Pack or plugin that came second.
        second: String,
    },
}

/// All edits of a run. Order of evaluation and of findings follows from the edits' ids alone, never
/// from the order in which they were registered.
pub struct Registry {
    edits: Vec<Box<dyn Edit>>,
    by_code: CodeIndex,
    by_range: RangeIndex,
    every_claim: Vec<u32>,
    as_of: Option<ServiceDate>,
}

impl Registry {
    /// Orders and indexes `edits`.
    ///
    /// # Errors
    /// [`RegistryError::Duplicate`] when two of them share an id.
    pub fn new(mut edits: Vec<Box<dyn Edit>>) -> Result<Self, RegistryError> {
        let mut seen: HashMap<&str, &EditInfo> = HashMap::new();
        for info in edits.iter().flat_map(|edit| edit.infos()) {
            if let Some(first) = seen.insert(&info.id, info) {
                return Err(RegistryError::Duplicate {
                    id: info.id.clone(),
                    first: first.origin.name().to_owned(),
                    second: info.origin.name().to_owned(),
                });
            }
        }
        edits.sort_by(|a, b| first_id(a.as_ref()).cmp(first_id(b.as_ref())));
        let mut by_code = CodeIndex::default();
        let mut ranges = Vec::new();
        let mut every_claim = Vec::new();
        for (edit, index) in edits.iter().zip(0_u32..) {
            match edit.trigger() {
                Trigger::EveryClaim => every_claim.push(index),
                Trigger::Codes(codes) => {
                    codes.iter().for_each(|code| by_code.add(*code, index));
                }
                Trigger::Ranges(list) => {
                    for range in list {
                        if range.first() == range.last() {
                            by_code.add(range.first(), index);
                        } else {
                            ranges.push((*range, index));
                        }
                    }
                }
            }
        }
        let by_range = RangeIndex::new(ranges);
        Ok(Self { edits, by_code, by_range, every_claim, as_of: None })
    }

    /// The same edits, for which `day` stands for today; without one they know no today.
    #[must_use]
    pub fn as_of(self, day: Option<ServiceDate>) -> Self {
        Self { as_of: day, ..self }
    }

    /// The day that stands for today.
    #[must_use]
    pub const fn today(&self) -> Option<ServiceDate> {
        self.as_of
    }

    /// The same edits, each in what `wrap` makes of it; that must say the same of itself as the edit does.
    #[must_use]
    pub fn map_edits(self, wrap: impl FnMut(Box<dyn Edit>) -> Box<dyn Edit>) -> Self {
        Self { edits: self.edits.into_iter().map(wrap).collect(), ..self }
    }

    /// Everything known of the edits, in order.
    pub fn infos(&self) -> impl Iterator<Item = &Arc<EditInfo>> {
        self.edits.iter().flat_map(|edit| edit.infos())
    }

    /// How far the edit looks that looks farthest.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.edits.iter().map(|edit| edit.scope()).max().unwrap_or(Scope::Line)
    }

    /// Number of edits as users count them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.infos().count()
    }

    /// Whether there is no edit at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The edit that brings the rule `id`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<(&dyn Edit, &Arc<EditInfo>)> {
        self.edits.iter().find_map(|edit| {
            let info = edit.infos().iter().find(|info| info.id == id)?;
            Some((edit.as_ref(), info))
        })
    }

    /// Waivers that have met no finding so far, each in words that lead to it, sorted.
    #[must_use]
    pub fn unused_waivers(&self) -> Vec<String> {
        let mut unused: Vec<String> =
            self.edits.iter().flat_map(|edit| edit.unused_waivers()).collect();
        unused.sort_unstable();
        unused
    }

    pub(crate) fn edit(&self, index: u32) -> Option<&dyn Edit> {
        self.edits.get(usize::try_from(index).ok()?).map(Box::as_ref)
    }

    /// Whether an edit is there that wants to be shown claims before they are judged.
    #[must_use]
    pub fn looks_ahead(&self) -> bool {
        self.edits.iter().any(|edit| edit.looks_ahead())
    }

    /// Shows claims that this thread judges next, in this order, to the edits that will be asked about them.
    /// No verdict depends on it.
    pub fn look_ahead(&self, claims: &[&Claim]) {
        let mut ahead: Vec<(u32, &dyn Edit, Vec<&Claim>)> = (0..)
            .zip(&self.edits)
            .filter(|(_, edit)| edit.looks_ahead())
            .map(|(index, edit)| (index, edit.as_ref(), Vec::new()))
            .collect();
        if ahead.is_empty() {
            return;
        }
        let mut hits = Vec::new();
        for claim in claims {
            self.select(claim, &mut hits);
            for (index, _, own) in &mut ahead {
                if hits.binary_search(index).is_ok() {
                    own.push(claim);
                }
            }
        }
        for (_, edit, own) in ahead.iter().filter(|(_, _, own)| !own.is_empty()) {
            edit.look_ahead(own);
        }
    }

    /// Settles what this thread has shown ahead. Calls come in the order of the claims, one at a time, whatever
    /// the number of threads.
    pub fn settle(&self) {
        self.edits.iter().filter(|edit| edit.looks_ahead()).for_each(|edit| edit.settle());
    }

    /// Puts into `hits` the edits that `claim` meets, each once and in order.
    pub(crate) fn select(&self, claim: &Claim, hits: &mut Vec<u32>) {
        hits.clear();
        hits.extend_from_slice(&self.every_claim);
        for code in claim.lines.iter().filter_map(|line| line.procedure) {
            self.by_code.collect(code, hits);
            self.by_range.collect(code, hits);
        }
        if hits.len() > 1 {
            hits.sort_unstable();
            hits.dedup();
        }
    }
}

fn first_id(edit: &dyn Edit) -> &str {
    edit.infos().first().map(|info| info.id.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
