//! The values that a finding brings for its rule's templates. A plugin says beforehand what each value
//! is, so that free text cannot reach a report under another name.

use cleanbill_model::{Money, ServiceDate};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArgKind {
    /// A code: up to 16 capitals, digits and hyphens.
    Code,
    /// A date, `2026-03-02`.
    Date,
    /// An amount, `412.00`.
    Money,
    /// A whole number of up to 9 digits.
    Count,
    /// Up to 120 characters on one line.
    Text,
}

impl ArgKind {
    /// The names in manifests.
    pub(crate) const NAMES: &str = "`code`, `date`, `money`, `count` or `text`";

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "code" => Self::Code,
            "date" => Self::Date,
            "money" => Self::Money,
            "count" => Self::Count,
            "text" => Self::Text,
            _ => return None,
        })
    }

    /// Whether `value` is of this kind.
    pub(crate) fn admits(self, value: &str) -> bool {
        let bytes = value.as_bytes();
        match self {
            Self::Code => {
                (1..=16).contains(&bytes.len())
                    && bytes
                        .iter()
                        .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || *b == b'-')
            }
            Self::Date => ServiceDate::parse_iso(bytes).is_ok(),
            Self::Money => Money::parse(bytes).is_ok(),
            Self::Count => (1..=9).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit),
            Self::Text => value.chars().count() <= 120 && !value.contains(char::is_control),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ArgKind;

    #[test]
    fn each_kind_takes_its_own_values_only() {
        for (kind, good, bad) in [
            (ArgKind::Code, "59-LT", "Mrs Doe"),
            (ArgKind::Date, "2026-03-02", "2026-02-30"),
            (ArgKind::Money, "412.00", "412.001"),
            (ArgKind::Count, "12", "W12"),
            (ArgKind::Text, "upper arm", "two\nlines"),
        ] {
            assert!(kind.admits(good) && !kind.admits(bad), "{kind:?}");
        }
        assert!(!ArgKind::Code.admits("") && !ArgKind::Count.admits(""));
        assert!(!ArgKind::Text.admits(&"x".repeat(121)));
    }
}
