//! What is known of an edit without running it.

use crate::date::Period;
use crate::disposition::{Disposition, Severity};
use crate::remit::Remit;

/// Whether the text of a source may be quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Public (CMS).
    Public,
    /// Licensed (AMA): cite it, do not quote it.
    Licensed,
    /// A payer's own.
    Internal,
}

impl SourceKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Public, Self::Licensed, Self::Internal];

    /// The name in packs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Licensed => "licensed",
            Self::Internal => "internal",
        }
    }
}

/// Where an edit's authority comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Who says so: `CMS`, `AMA CPT`.
    pub authority: String,
    /// In which document.
    pub document: String,
    /// Edition or release, where it matters.
    pub edition: Option<String>,
    /// Whether it may be quoted.
    pub kind: SourceKind,
    /// `false` while a coder has yet to confirm it.
    pub verified: bool,
}

/// Who brought an edit into the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A rule of a YAML pack.
    Pack {
        /// Name and version, `cpt-93970@1.0.0`.
        pack: String,
        /// File within the pack and line, `rules/pairs.yaml:4`.
        place: String,
    },
    /// A payer plugin.
    Plugin {
        /// Name and version.
        plugin: String,
    },
}

impl Origin {
    /// Pack or plugin with its version.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Pack { pack, .. } => pack,
            Self::Plugin { plugin } => plugin,
        }
    }
}

/// What is known of an edit without running it: shared by all its findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditInfo {
    /// Unique name, `93970-access-mapping`.
    pub id: String,
    /// One line in our own words.
    pub title: String,
    /// Name of its kind: `mutually_exclusive`, `unit_limit`, `plugin_check`.
    pub kind: &'static str,
    /// Who brought it.
    pub origin: Origin,
    /// What happens when it fires.
    pub disposition: Disposition,
    /// How loud it is when it fires.
    pub severity: Severity,
    /// What happens when a fact is missing.
    pub on_unknown: Disposition,
    /// Remittance codes.
    pub remit: Option<Remit>,
    /// Dates of service for which it holds.
    pub effective: Period,
    /// Who mends such a claim: `coder`, `biller`, `front_desk`.
    pub owner: Option<String>,
    /// Its authority.
    pub sources: Vec<Source>,
}
