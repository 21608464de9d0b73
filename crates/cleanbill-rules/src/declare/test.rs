//! A test inside a rule as declared.

use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

/// One test: a claim, and what the rule must make of it. Exactly one of `claim` and `claim_file`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestDecl {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) claim: Option<ClaimDecl>,
    pub(crate) expect: ExpectDecl,
    /// Row of the decision table that it stands for, for traceability.
    #[serde(default)]
    pub(crate) covers: Option<String>,
    /// A file of the pack that holds the claim.
    #[serde(default)]
    pub(crate) claim_file: Option<String>,
    /// Claims seen before. Left out: a feed that is there and empty.
    #[serde(default)]
    pub(crate) history: Option<HistoryDecl>,
    /// The rule is not expected to pass it yet.
    #[serde(default)]
    pub(crate) todo: bool,
}

/// `absent`: no feed of earlier claims; a list: a feed with so many of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HistoryDecl {
    Word(String),
    Claims(usize),
}

/// The claim of a test; everything left out has a default.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimDecl {
    pub(crate) lines: Vec<String>,
    #[serde(default)]
    pub(crate) date: Option<String>,
    #[serde(default)]
    pub(crate) dx: Vec<String>,
    #[serde(default)]
    pub(crate) pos: Option<String>,
    #[serde(default, rename = "type")]
    pub(crate) claim_type: Option<String>,
    #[serde(default)]
    pub(crate) payer: Option<String>,
    #[serde(default)]
    pub(crate) filing_indicator: Option<String>,
    #[serde(default)]
    pub(crate) frequency: Option<String>,
    /// NPI of the referring provider, or `none`.
    #[serde(default)]
    pub(crate) referring: Option<String>,
    /// Sex of the invented patient: `F`, `M` or `U`.
    #[serde(default)]
    pub(crate) sex: Option<String>,
    /// Birth date of the invented patient.
    #[serde(default)]
    pub(crate) birth_date: Option<String>,
}

/// What must come out. Exactly one of `fires`, `silent` and `undetermined`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectDecl {
    #[serde(default)]
    pub(crate) fires: Option<CountDecl>,
    #[serde(default)]
    pub(crate) undetermined: Option<CountDecl>,
    #[serde(default)]
    pub(crate) silent: Option<SilentDecl>,
    #[serde(default)]
    pub(crate) disposition: Option<String>,
    #[serde(default)]
    pub(crate) message: Option<String>,
    /// Kept for waivers, which tests cannot name yet.
    #[serde(default)]
    pub(crate) waived: Option<CountDecl>,
}

/// Silence, and the clause that decided it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilentDecl {
    pub(crate) because: String,
}

/// `2`: on so many lines; `[1, 3]`: on just these lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CountDecl {
    Lines(usize),
    These(Vec<u32>),
}

impl<'de> Deserialize<'de> for CountDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = CountDecl;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a count such as 1, or a list of line numbers such as [1, 2]")
            }

            fn visit_u64<E: serde::de::Error>(self, count: u64) -> Result<CountDecl, E> {
                usize::try_from(count).map(CountDecl::Lines).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<CountDecl, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element::<u32>()? {
                    list.push(item);
                }
                Ok(CountDecl::These(list))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for HistoryDecl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = HistoryDecl;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`absent`, or a list such as []")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<HistoryDecl, E> {
                Ok(HistoryDecl::Word(word.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<HistoryDecl, A::Error> {
                let mut claims = 0;
                while items.next_element::<IgnoredAny>()?.is_some() {
                    claims += 1;
                }
                Ok(HistoryDecl::Claims(claims))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}
