//! The key under which a history names patients.
//!
//! A member id has few digits: hashed without a key it is guessed in minutes. With HMAC-SHA-256 (FIPS
//! 198-1, 180-4) whoever has the file of the history and not the file of its key can tell that two
//! claims are of one patient, and not whose they are.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A value under a key: the first 128 bits of its HMAC.
pub type Keyed = [u8; 16];

/// The key of a history: 256 random bits.
#[derive(Clone)]
pub struct PatientKey([u8; 32]);

impl PatientKey {
    /// Bytes of a key.
    pub const LEN: usize = 32;

    /// A new key from the system's random source.
    ///
    /// # Errors
    /// That of the system.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut key = [0; Self::LEN];
        getrandom::fill(&mut key)?;
        Ok(Self(key))
    }

    /// The key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// Reads what [`Self::to_hex`] wrote; white space around it does not count.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.trim().as_bytes();
        let mut key = [0; Self::LEN];
        let (pairs, rest) = text.as_chunks::<2>();
        if pairs.len() != Self::LEN || !rest.is_empty() {
            return None;
        }
        for (byte, pair) in key.iter_mut().zip(pairs) {
            let pair = core::str::from_utf8(pair).ok()?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(key))
    }

    /// The key in hexadecimal digits: a secret.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// The patient with this member id.
    #[must_use]
    pub fn patient(&self, id: &str) -> Keyed {
        self.keyed(b"patient", id)
    }

    /// The provider with this tax number.
    #[must_use]
    pub fn tax(&self, number: &str) -> Keyed {
        self.keyed(b"tax", number)
    }

    /// What tells whether a history was written with this key.
    pub(crate) fn mark(&self) -> Keyed {
        self.keyed(b"history", "")
    }

    fn keyed(&self, what: &[u8], value: &str) -> Keyed {
        // HMAC takes a key of any length, so this never falls back.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return Keyed::default() };
        mac.update(what);
        mac.update(&[0]);
        mac.update(value.as_bytes());
        first_half(&mac.finalize().into_bytes())
    }
}

/// A key is a secret.
impl fmt::Debug for PatientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<key>")
    }
}

/// What tells one claim from another: the first 128 bits of the SHA-256 of its record.
pub(crate) fn digest(record: &[u8]) -> Keyed {
    first_half(&Sha256::digest(record))
}

fn first_half(bytes: &[u8]) -> Keyed {
    let mut half = Keyed::default();
    for (to, from) in half.iter_mut().zip(bytes) {
        *to = *from;
    }
    half
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_under_the_key_is_its_hmac() {
        // Computed with Python's hmac module.
        let key = PatientKey::new([7; 32]);
        assert_eq!(hex(&key.patient("ZZPHIZZ")), "8f89d27139c34086132ee84f647912ab");
        assert_ne!(key.patient("ZZPHIZZ"), key.tax("ZZPHIZZ"));
        assert_ne!(key.patient("ZZPHIZZ"), PatientKey::new([8; 32]).patient("ZZPHIZZ"));
        assert_eq!(format!("{key:?}"), "<key>");
    }

    #[test]
    fn a_key_is_read_back_as_it_was_written_and_nothing_else_is_one() {
        let key = PatientKey::random().unwrap();
        let text = format!("{}\n", key.to_hex());
        assert_eq!(PatientKey::from_hex(&text).unwrap().to_hex(), key.to_hex());
        for bad in ["", "00", &"0".repeat(65), &"g".repeat(64), &"é".repeat(32)] {
            assert!(PatientKey::from_hex(bad).is_none(), "{bad}");
        }
    }
}
