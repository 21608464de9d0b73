//! Who billed and who rendered.

use crate::ascii::{Ascii, ascii_code};
use crate::code::CodeError;

/// A National Provider Identifier: ten digits.
///
/// An identifier with a wrong check digit is still held, since the claim carries it and edits compare
/// it; [`Npi::check_digit_holds`] tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Npi(Ascii<10>);
ascii_code!(Npi);

impl Npi {
    /// Reads ten digits.
    ///
    /// # Errors
    /// [`CodeError`] for anything else.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        if text.is_empty() {
            Err(CodeError::Empty)
        } else if text.len() != 10 {
            Err(CodeError::Length { found: text.len(), allowed: "10" })
        } else if !text.iter().all(u8::is_ascii_digit) {
            Err(CodeError::Pattern { allowed: "ten digits" })
        } else {
            Ascii::new(text).map(Self).ok_or(CodeError::Empty)
        }
    }

    /// Whether the last digit is the Luhn check digit over `80840` and the first nine (CMS, NPI
    /// check digit calculation).
    #[must_use]
    pub fn check_digit_holds(self) -> bool {
        let digit = |byte: u8| u32::from(byte.saturating_sub(b'0'));
        // Twice the digit, its own digits added: 9 off when it has two.
        let doubled = |byte: u8| digit(byte) * 2 - u32::from(byte > b'4') * 9;
        let [a, b, c, d, e, f, g, h, i, j] = self.0.raw();
        // The prefix 80840 adds a constant 24 to the Luhn sum.
        let sum = 24
            + (doubled(a) + digit(b) + doubled(c) + digit(d) + doubled(e))
            + (digit(f) + doubled(g) + digit(h) + doubled(i) + digit(j));
        sum % 10 == 0
    }
}

/// A health care provider taxonomy code, ten characters: the provider's specialty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Taxonomy(Ascii<10>);
ascii_code!(Taxonomy);

impl Taxonomy {
    /// Reads ten capitals or digits.
    ///
    /// # Errors
    /// [`CodeError`] for anything else.
    pub fn new(text: &[u8]) -> Result<Self, CodeError> {
        if text.is_empty() {
            Err(CodeError::Empty)
        } else if text.len() != 10 {
            Err(CodeError::Length { found: text.len(), allowed: "10" })
        } else if !text.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
            Err(CodeError::Pattern { allowed: "ten capital letters or digits" })
        } else {
            Ascii::new(text).map(Self).ok_or(CodeError::Empty)
        }
    }
}

/// A provider as edits see it: identifier and specialty, either of which a claim may leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Provider {
    /// National Provider Identifier.
    pub npi: Option<Npi>,
    /// Specialty.
    pub taxonomy: Option<Taxonomy>,
}

impl Provider {
    /// Whether the claim says nothing of this provider.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        self.npi.is_none() && self.taxonomy.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_luhn_over_the_prefixed_number() {
        assert!(Npi::new(b"1234567893").unwrap().check_digit_holds());
        assert!(!Npi::new(b"1234567890").unwrap().check_digit_holds());
        assert!(Npi::new(b"123456789").is_err() && Npi::new(b"123456789X").is_err());
    }
}
