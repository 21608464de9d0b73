//! What is done about a finding, how loud it is, and how an edit ended.

/// What should happen to the line or claim. The words are those of the CMS outpatient code editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// Told, nothing more.
    Informational,
    /// Set aside for a person to decide.
    Suspend,
    /// Goes back to the provider to be corrected and submitted again.
    ReturnToProvider,
    /// The line is rejected: can be corrected, not appealed.
    LineRejection,
    /// The line is denied: can be appealed.
    LineDenial,
    /// The claim is rejected.
    ClaimRejection,
    /// The claim is denied.
    ClaimDenial,
}

impl Disposition {
    /// All of them, from the mildest.
    pub const ALL: [Self; 7] = [
        Self::Informational,
        Self::Suspend,
        Self::ReturnToProvider,
        Self::LineRejection,
        Self::LineDenial,
        Self::ClaimRejection,
        Self::ClaimDenial,
    ];

    /// The name in packs and records: `line_denial`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Informational => "informational",
            Self::Suspend => "suspend",
            Self::ReturnToProvider => "return_to_provider",
            Self::LineRejection => "line_rejection",
            Self::LineDenial => "line_denial",
            Self::ClaimRejection => "claim_rejection",
            Self::ClaimDenial => "claim_denial",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|disposition| disposition.as_str() == name)
    }

    /// The severity that follows from it when the rule does not set one.
    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Informational => Severity::Info,
            Self::Suspend => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// How loud a finding is; it drives exit codes and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A note.
    Info,
    /// Someone should look.
    Warning,
    /// The claim is wrong.
    Error,
}

impl Severity {
    /// All of them, from the quietest.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// The name in packs and records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == name)
    }
}

/// How an edit ended on a line. An edit that stays silent makes no finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The claim is wrong, or worth a note.
    Fires,
    /// A fact was missing: neither a denial nor a pass.
    Undetermined,
    /// It would fire, but someone has waived it.
    Waived,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fires, Self::Undetermined, Self::Waived];

    /// Reads the name in records.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }

    /// The name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fires => "fires",
            Self::Undetermined => "undetermined",
            Self::Waived => "waived",
        }
    }
}
