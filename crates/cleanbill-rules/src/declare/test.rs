//! A test inside a rule as declared.

use core::fmt;
use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

use crate::schema::words;

/// One test: exactly one of `claim` and `claim_file`, and what the rule must make of it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestDecl {
    /// What the test shows, in a few words; unique within its rule.
    pub(crate) name: String,
    /// The claim; everything that is left out has a default.
    #[serde(default)]
    pub(crate) claim: Option<ClaimDecl>,
    /// What the rule must make of the claim.
    pub(crate) expect: ExpectDecl,
    /// Row of a decision table that the test stands for.
    #[serde(default)]
    pub(crate) covers: Option<String>,
    /// Path within the pack of a file that holds the claim, instead of `claim`.
    #[serde(default)]
    pub(crate) claim_file: Option<String>,
    /// Earlier claims of the patient, in the order in which they came, written as `claim` is; `absent`
    /// without a feed of them. Left out, a feed that is there and empty.
    #[serde(default)]
    pub(crate) history: Option<HistoryDecl>,
    /// Other claims of the patient in the same run which count as having come before `claim`, in their order.
    #[serde(default)]
    pub(crate) run_before: Vec<ClaimDecl>,
    /// Other claims of the patient in the same run which count as having come behind `claim`, in their order.
    #[serde(default)]
    pub(crate) run_after: Vec<ClaimDecl>,
    /// Day that stands for today, written `YYYY-MM-DD`: on it the waivers of the pack are judged, which are judged on the
    /// date of service when it is left out. It goes with `waived`, and with rules of the kind `service_date`.
    #[serde(default)]
    pub(crate) as_of: Option<String>,
    /// `true` while the rule is not expected to pass the test yet.
    #[serde(default)]
    pub(crate) todo: bool,
}

/// `absent`: no feed of earlier claims; a list: a feed with these.
#[derive(Clone, Debug)]
pub(crate) enum HistoryDecl {
    Word(String),
    Claims(Vec<ClaimDecl>),
}

/// The claim of a test; everything that is left out has a default: one patient, one provider, office, 2026-03-02.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimDecl {
    /// Service lines in shorthand: `CODE[-MOD…] [xUNITS] [@DATE] [dx=1,2|none] [pos=NN] [region=upper|lower] [npi=N]`.
    pub(crate) lines: Vec<String>,
    /// Date of service of lines that give none: `2026-03-02` or `2026-03-02..2026-03-04`.
    #[serde(default)]
    pub(crate) date: Option<String>,
    /// Diagnosis codes; a line without `dx=` points to the first four.
    #[serde(default)]
    pub(crate) dx: Vec<String>,
    /// Place of service of lines that give none, two digits or `none`; left out, `11`.
    #[serde(default)]
    pub(crate) pos: Option<String>,
    /// Professional or institutional claim; left out, `professional`.
    #[serde(default, rename = "type")]
    #[schemars(extend("enum" = words::claim_types()))]
    pub(crate) claim_type: Option<String>,
    /// Identifier of the payer.
    #[serde(default)]
    pub(crate) payer: Option<String>,
    /// Kind of payer (SBR09), such as `MB`.
    #[serde(default)]
    pub(crate) filing_indicator: Option<String>,
    /// Claim frequency: `1` original, `7` replacement, `8` void.
    #[serde(default)]
    pub(crate) frequency: Option<String>,
    /// NPI of the referring provider, or `none`.
    #[serde(default)]
    pub(crate) referring: Option<String>,
    /// Sex of the invented patient: `F`, `M` or `U`.
    #[serde(default)]
    pub(crate) sex: Option<String>,
    /// Birth date of the invented patient, written `YYYY-MM-DD`.
    #[serde(default)]
    pub(crate) birth_date: Option<String>,
    /// Day on which the claim was handed in, written `YYYY-MM-DD`.
    #[serde(default)]
    pub(crate) submitted: Option<String>,
    /// Control number of the claim; left out, `TEST1`, `EARLIER1`, `EARLIER2` and so on in a history, `BEFORE1` and `AFTER1` in the run.
    #[serde(default)]
    pub(crate) id: Option<String>,
    /// Control number of the claim that this one replaces or voids.
    #[serde(default)]
    pub(crate) replaces: Option<String>,
    /// NPI of the billing provider.
    #[serde(default)]
    pub(crate) billing: Option<String>,
    /// Tax number of the billing provider, an invented one; left out, none.
    #[serde(default)]
    pub(crate) tax_id: Option<String>,
    /// Other payers of the claim: of each what it paid, such as `"39.15"`, or `none` where it does not say.
    #[serde(default)]
    pub(crate) other_payers: Vec<String>,
}

/// What must come out: exactly one of `fires`, `silent`, `undetermined` and `waived`, and more about it if wanted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectDecl {
    /// The rule fires: on how many lines, or on which (`[2]`).
    #[serde(default)]
    pub(crate) fires: Option<CountDecl>,
    /// The rule cannot tell: on how many lines, or on which.
    #[serde(default)]
    pub(crate) undetermined: Option<CountDecl>,
    /// The rule says nothing.
    #[serde(default)]
    pub(crate) silent: Option<SilentDecl>,
    /// The disposition of each finding.
    #[serde(default)]
    #[schemars(extend("enum" = words::dispositions()))]
    pub(crate) disposition: Option<String>,
    /// A part of the message of each finding.
    #[serde(default)]
    pub(crate) message: Option<String>,
    /// A waiver of the pack takes the finding: on how many lines, or on which.
    #[serde(default)]
    pub(crate) waived: Option<CountDecl>,
}

/// Silence, and the clause that decided it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilentDecl {
    /// The clause of the rule's kind that was not met, such as `service_date`.
    #[schemars(extend("enum" = crate::kind::every_clause()))]
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

impl JsonSchema for CountDecl {
    fn schema_name() -> Cow<'static, str> {
        "Count".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let number = || schemars::json_schema!({ "type": "integer", "minimum": 0 });
        schemars::json_schema!({ "anyOf": [number(), { "type": "array", "items": number() }] })
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
                let mut claims = Vec::new();
                while let Some(claim) = items.next_element()? {
                    claims.push(claim);
                }
                Ok(HistoryDecl::Claims(claims))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

impl JsonSchema for HistoryDecl {
    fn schema_name() -> Cow<'static, str> {
        "History".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let claim = generator.subschema_for::<ClaimDecl>();
        schemars::json_schema!({ "anyOf": [
            { "type": "string", "enum": ["absent"] },
            { "type": "array", "items": claim },
        ] })
    }
}
