//! Texts of a column while its rows come in: each different one is kept once.

use std::collections::HashMap;

/// The texts of one column.
///
/// Texts come from a file of the user's, so the map is the standard one, which nobody can choose keys
/// against.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    ids: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
    last: u32,
}

impl Interner {
    /// The id of a text: how many different ones came before its first.
    pub(crate) fn id(&mut self, text: &str) -> Option<u32> {
        // Most rows repeat a value of the row before.
        let last = usize::try_from(self.last).ok().and_then(|last| self.texts.get(last));
        if last.is_some_and(|last| **last == *text) {
            return Some(self.last);
        }
        self.last = match self.ids.get(text) {
            Some(id) => *id,
            None => {
                let id = u32::try_from(self.texts.len()).ok()?;
                self.ids.insert(text.into(), id);
                self.texts.push(text.into());
                id
            }
        };
        Some(self.last)
    }

    /// The texts by id.
    pub(crate) fn into_texts(self) -> Vec<Box<str>> {
        self.texts
    }
}
