//! The severity from which findings fail a run.

use cleanbill_model::Severity;
use cleanbill_report::SeverityCounts;

/// The severity from which findings make a run exit with [`crate::exit_code::FINDINGS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Warnings and errors.
    Warning,
    /// Any finding.
    Info,
    /// Nothing.
    Never,
}

impl FailOn {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Never];

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Never => "never",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }

    /// The severity from which a finding fails a run; `None` when none does.
    #[must_use]
    pub const fn least(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }

    /// Whether these findings fail a run.
    #[must_use]
    pub fn fails(self, found: &SeverityCounts) -> bool {
        let Some(least) = self.least() else { return false };
        Severity::ALL.into_iter().any(|severity| severity >= least && found.of(severity) > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_fails_on_itself_and_on_everything_louder() {
        let warning = SeverityCounts { warning: 1, ..SeverityCounts::default() };
        assert!(!FailOn::Error.fails(&warning) && !FailOn::Never.fails(&warning));
        assert!(FailOn::Warning.fails(&warning) && FailOn::Info.fails(&warning));
        let error = SeverityCounts { error: 1, ..SeverityCounts::default() };
        assert!([FailOn::Error, FailOn::Warning, FailOn::Info].iter().all(|on| on.fails(&error)));
        assert!(!FailOn::Info.fails(&SeverityCounts::default()));
    }
}
