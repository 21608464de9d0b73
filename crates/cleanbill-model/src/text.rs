//! The free text of a claim, kept in one buffer that is reused from claim to claim.

use core::fmt;

/// Where a text lies in its claim's [`TextArena`]. The default is the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextRef {
    start: u32,
    end: u32,
}

impl TextRef {
    /// Whether there is no text.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// One growing buffer for all texts of a claim: clearing it keeps the memory, so that reading claims
/// allocates nothing in the steady state.
#[derive(Clone, Default)]
pub struct TextArena(String);

impl TextArena {
    /// Copies `text` in. A claim whose texts together pass 4 GiB gets the empty text; intake stops
    /// far below that.
    pub fn add(&mut self, text: &str) -> TextRef {
        let start = u32::try_from(self.0.len());
        let end = u32::try_from(self.0.len().saturating_add(text.len()));
        match (start, end) {
            (Ok(start), Ok(end)) => {
                self.0.push_str(text);
                TextRef { start, end }
            }
            _ => TextRef::default(),
        }
    }

    /// The text behind `text`.
    #[must_use]
    pub fn get(&self, text: TextRef) -> &str {
        let range = usize::try_from(text.start).ok().zip(usize::try_from(text.end).ok());
        range.and_then(|(start, end)| self.0.get(start..end)).unwrap_or_default()
    }

    /// Forgets all texts and keeps the memory.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// Texts may be PHI: only the size is shown.
impl fmt::Debug for TextArena {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0.len())
    }
}
