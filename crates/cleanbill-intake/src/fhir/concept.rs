//! The small types that FHIR is made of.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::system::System;
use crate::json::Text;

/// A code of a system.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Coding<'a> {
    #[serde(borrow)]
    pub(super) system: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) code: Option<Text<'a>>,
}

/// A concept: the same thing in one or several systems.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Concept<'a> {
    #[serde(borrow)]
    pub(super) coding: Vec<Coding<'a>>,
}

impl Concept<'_> {
    /// Codes with their systems.
    pub(super) fn codes(&self) -> impl Iterator<Item = (Option<System>, &str)> {
        self.coding.iter().filter_map(|coding| {
            let system = coding.system.as_ref().and_then(|Text(uri)| System::named(uri));
            coding.code.as_ref().map(|Text(code)| (system, code.as_ref()))
        })
    }

    /// The first code of `system`.
    pub(super) fn code_of(&self, system: System) -> Option<&str> {
        self.codes().find(|(of, _)| *of == Some(system)).map(|(_, code)| code)
    }

    /// Whether one of its codes, of any system, is among `names`.
    pub(super) fn is_any(&self, names: &[&str]) -> bool {
        self.codes().any(|(_, code)| names.contains(&code))
    }
}

/// An identifier.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Identifier<'a> {
    #[serde(borrow)]
    pub(super) system: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) value: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    pub(super) kind: Concept<'a>,
}

impl Identifier<'_> {
    pub(super) fn value(&self) -> &str {
        text(self.value.as_ref())
    }

    pub(super) fn is(&self, system: System) -> bool {
        self.system.as_ref().is_some_and(|Text(uri)| System::named(uri) == Some(system))
    }
}

/// A pointer to another resource, or an identifier of what it stands for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub(super) reference: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) identifier: Option<Identifier<'a>>,
}

impl Reference<'_> {
    /// `Practitioner/12`, `#contained`, `urn:uuid:…`; empty when it names no resource.
    pub(super) fn target(&self) -> &str {
        text(self.reference.as_ref())
    }
}

/// A span of time; only its days count here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Span<'a> {
    #[serde(borrow)]
    pub(super) start: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) end: Option<Text<'a>>,
}

/// An amount of money.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Amount<'a> {
    #[serde(borrow)]
    pub(super) value: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) currency: Option<Text<'a>>,
}

/// A quantity.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quantity<'a> {
    #[serde(borrow)]
    pub(super) value: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) unit: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) code: Option<Text<'a>>,
}

/// The text, or nothing.
pub(super) fn text<'a>(text: Option<&'a Text<'_>>) -> &'a str {
    text.map_or("", |Text(text)| text)
}
