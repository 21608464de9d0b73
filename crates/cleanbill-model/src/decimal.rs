//! Exact decimals out of claim text: shared by money and units.

use core::fmt;

/// Why a text is not the decimal it should be. Never carries the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalError {
    /// No characters at all.
    Empty,
    /// Anything but ASCII digits with at most one point and one leading minus sign.
    NotANumber,
    /// More digits behind the point than the value can hold.
    TooPrecise {
        /// Digits allowed behind the point.
        allowed: usize,
    },
    /// More digits before the point than X12 allows for the element.
    TooLarge,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::NotANumber => f.write_str(
                "is not a plain decimal number (digits, one point; no exponent, comma or sign of \
                 currency)",
            ),
            Self::TooPrecise { allowed } => {
                write!(f, "has more than {allowed} digits behind the point")
            }
            Self::TooLarge => f.write_str("is larger than the element allows"),
        }
    }
}

impl core::error::Error for DecimalError {}

/// Reads `text` as a whole number of `10^-scale`.
///
/// `whole` is the largest number of digits before the point, leading zeros not counted.
pub(crate) fn parse(text: &[u8], scale: usize, whole: usize) -> Result<i64, DecimalError> {
    let (negative, digits) = match text {
        [] => return Err(DecimalError::Empty),
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let mut value: i64 = 0;
    let mut before = 0_usize;
    let mut behind: Option<usize> = None;
    for byte in digits {
        match (byte, behind) {
            (b'.', None) => behind = Some(0),
            (b'0'..=b'9', _) => {
                if let Some(count) = &mut behind {
                    *count += 1;
                    if *count > scale {
                        if *byte == b'0' {
                            continue;
                        }
                        return Err(DecimalError::TooPrecise { allowed: scale });
                    }
                } else {
                    if value > 0 || *byte != b'0' {
                        before += 1;
                    }
                    if before > whole {
                        return Err(DecimalError::TooLarge);
                    }
                }
                value = value
                    .checked_mul(10)
                    .and_then(|v| v.checked_add(i64::from(byte - b'0')))
                    .ok_or(DecimalError::TooLarge)?;
            }
            _ => return Err(DecimalError::NotANumber),
        }
    }
    if digits.is_empty() || behind == Some(0) {
        return Err(DecimalError::NotANumber);
    }
    for _ in behind.unwrap_or(0).min(scale)..scale {
        value = value.checked_mul(10).ok_or(DecimalError::TooLarge)?;
    }
    Ok(if negative { -value } else { value })
}

/// Writes `value` as a decimal with `scale` digits behind the point.
pub(crate) fn write(f: &mut fmt::Formatter<'_>, value: i64, scale: u32) -> fmt::Result {
    let unit = 10_u64.pow(scale);
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let (whole, part) = (size / unit, size % unit);
    match scale {
        2 => write!(f, "{sign}{whole}.{part:02}"),
        _ => write!(f, "{sign}{whole}.{part:03}"),
    }
}
