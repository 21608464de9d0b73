//! Sums of money, wider than one amount of a claim.

use core::fmt;

use serde::{Serialize, Serializer};

/// A sum in US cents, written as an exact decimal: `1234.50`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(pub i128);

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_an_exact_decimal() {
        assert_eq!(Cents(0).to_string(), "0.00");
        assert_eq!(Cents(-5).to_string(), "-0.05");
        assert_eq!(Cents(i128::MIN).to_string(), "-1701411834604692317316873037158841057.28");
    }
}
