//! How a finding maps to the remittance (835): group code, CARC, RARC.

use core::fmt;

use crate::ascii::{Ascii, ascii_code};
use crate::code::CodeError;

/// Claim adjustment group code (835 CAS01): who owes the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupCode {
    /// `CO`: contractual obligation.
    Co,
    /// `PR`: patient responsibility.
    Pr,
    /// `OA`: other adjustment.
    Oa,
    /// `PI`: payer initiated reduction.
    Pi,
}

impl GroupCode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Co, Self::Pr, Self::Oa, Self::Pi];

    /// Reads the two letters.
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str().as_bytes() == text)
    }

    /// The two letters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Co => "CO",
            Self::Pr => "PR",
            Self::Oa => "OA",
            Self::Pi => "PI",
        }
    }
}

macro_rules! remark_code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Ascii<5>);
        ascii_code!($name);

        impl $name {
            /// Reads one to five capitals or digits.
            ///
            /// # Errors
            /// [`CodeError`] for anything else.
            pub fn new(text: &[u8]) -> Result<Self, CodeError> {
                if text.is_empty() {
                    return Err(CodeError::Empty);
                }
                if !text.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()) {
                    return Err(CodeError::Pattern { allowed: "capital letters and digits" });
                }
                Ascii::new(text)
                    .map(Self)
                    .ok_or(CodeError::Length { found: text.len(), allowed: "1 to 5" })
            }
        }
    };
}

remark_code! {
    /// Claim adjustment reason code: `236`. Only the value is held, never X12's text.
    Carc
}
remark_code! {
    /// Remittance advice remark code: `N20`. Only the value is held.
    Rarc
}

impl Carc {
    /// Whether this reason must come with at least one remark code (X12 code list, edition 2024-06:
    /// 16, 96, 129, 226, 234, 250, 251, 252, 267, A1).
    #[must_use]
    pub fn needs_remark(self) -> bool {
        ["16", "96", "129", "226", "234", "250", "251", "252", "267", "A1"].contains(&self.as_str())
    }
}

/// The remittance codes of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remit {
    /// Who owes.
    pub group: GroupCode,
    /// Reason.
    pub carc: Carc,
    /// Remarks, possibly none.
    pub rarc: Vec<Rarc>,
}

/// `CO-236 N20`.
impl fmt::Display for Remit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.group.as_str(), self.carc)?;
        for remark in &self.rarc {
            write!(f, " {remark}")?;
        }
        Ok(())
    }
}
