//! Procedure modifiers and the short list of them on a line.

use core::fmt;

use crate::ascii::{Ascii, ascii_code};
use crate::code::CodeError;

/// A procedure modifier: two capitals or digits, `59`, `XS`, `LT`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Modifier(Ascii<2>);
ascii_code!(Modifier);

impl Modifier {
    /// Anatomic modifier for the left side.
    pub const LEFT: Self = Self::fixed(*b"LT");
    /// Anatomic modifier for the right side.
    pub const RIGHT: Self = Self::fixed(*b"RT");
    /// Bilateral procedure.
    pub const BILATERAL: Self = Self::fixed(*b"50");

    const fn fixed(bytes: [u8; 2]) -> Self {
        Self(Ascii::from_array(bytes))
    }

    /// Reads a modifier.
    ///
    /// # Errors
    /// [`CodeError`] when it is not two capitals or digits.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        if text.len() != 2 {
            return Err(CodeError::Length { found: text.len(), allowed: "2" });
        }
        if !text.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
            return Err(CodeError::Pattern { allowed: "two capital letters or digits" });
        }
        Ascii::new(text).map(Self).ok_or(CodeError::Empty)
    }
}

/// A fifth modifier was given; a service line carries four at the most (SV101-3 to SV101-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyModifiers;

impl fmt::Display for TooManyModifiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a service line carries at most 4 modifiers")
    }
}

impl core::error::Error for TooManyModifiers {}

/// The modifiers of one line in the order given, four at the most.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Modifiers([Option<Modifier>; 4]);

impl Modifiers {
    /// Adds a modifier behind the others.
    ///
    /// # Errors
    /// [`TooManyModifiers`] for the fifth.
    pub fn push(&mut self, modifier: Modifier) -> Result<(), TooManyModifiers> {
        let slot = self.0.iter_mut().find(|slot| slot.is_none()).ok_or(TooManyModifiers)?;
        *slot = Some(modifier);
        Ok(())
    }

    /// The four places of a line, the first ones filled.
    #[must_use]
    pub const fn slots(&self) -> &[Option<Modifier>; 4] {
        &self.0
    }

    /// The modifiers in their order on the line.
    pub fn iter(&self) -> impl Iterator<Item = Modifier> + '_ {
        self.0.iter().copied().flatten()
    }

    /// Whether the line carries `modifier`.
    #[must_use]
    pub fn contains(&self, modifier: Modifier) -> bool {
        self.iter().any(|own| own == modifier)
    }

    /// Whether the line carries none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

/// Joined with hyphens, `59-LT`; empty when there are none.
impl fmt::Display for Modifiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, modifier) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("-")?;
            }
            write!(f, "{modifier}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Modifiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_four_modifiers_and_keeps_their_order() {
        let mut list = Modifiers::default();
        for text in ["59", "LT", "XS", "26"] {
            list.push(Modifier::new(text.as_bytes()).unwrap()).unwrap();
        }
        assert_eq!(list.to_string(), "59-LT-XS-26");
        assert!(list.contains(Modifier::LEFT) && !list.contains(Modifier::RIGHT));
        assert_eq!(list.push(Modifier::BILATERAL), Err(TooManyModifiers));
    }
}
