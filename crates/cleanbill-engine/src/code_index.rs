//! The edits that single procedure codes call for: many tables name the same many codes, so that a code
//! has no list of its own but a chain through one.

use cleanbill_model::ProcedureCode;
use rustc_hash::FxHashMap;

/// The edits of each code.
#[derive(Debug, Default)]
pub(crate) struct CodeIndex {
    /// The link that was added last.
    last: FxHashMap<ProcedureCode, u32>,
    links: Vec<Link>,
}

#[derive(Debug)]
struct Link {
    edit: u32,
    /// The link that was added before for the same code.
    before: Option<u32>,
}

impl CodeIndex {
    /// The code calls for the edit.
    pub(crate) fn add(&mut self, code: ProcedureCode, edit: u32) {
        // As many links as a `u32` can count would need more memory than edits have.
        let Ok(next) = u32::try_from(self.links.len()) else { return };
        let before = self.last.insert(code, next);
        self.links.push(Link { edit, before });
    }

    /// Puts the edits of a code behind `hits`, the latest first, each as often as it was added.
    pub(crate) fn collect(&self, code: ProcedureCode, hits: &mut Vec<u32>) {
        let mut at = self.last.get(&code).copied();
        while let Some(link) = at.and_then(|at| self.links.get(usize::try_from(at).ok()?)) {
            hits.push(link.edit);
            at = link.before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_calls_for_each_of_its_edits_and_for_no_other() {
        let code = |text: &str| ProcedureCode::new(text.as_bytes()).unwrap();
        let mut index = CodeIndex::default();
        for (text, edit) in [("93970", 0), ("93971", 0), ("93970", 2), ("93971", 3), ("93970", 7)] {
            index.add(code(text), edit);
        }
        let of = |text: &str| {
            let mut hits = vec![9];
            index.collect(code(text), &mut hits);
            hits
        };
        assert_eq!(of("93970"), [9, 7, 2, 0]);
        assert_eq!(of("93971"), [9, 3, 0]);
        assert_eq!(of("93972"), [9]);
    }
}
