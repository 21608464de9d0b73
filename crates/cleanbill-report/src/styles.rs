//! The colours of the text report; whether to use them is the caller's choice.

use anstyle::{AnsiColor, Style};
use cleanbill_model::Severity;

/// The styles of the text report.
#[derive(Clone, Copy, Debug, Default)]
pub struct Styles {
    /// Errors, faults and input errors.
    pub error: Style,
    /// Warnings.
    pub warning: Style,
    /// Notes.
    pub info: Style,
    /// What a claim or rule is called.
    pub name: Style,
    /// Labels and headings of tables.
    pub label: Style,
    /// All is well.
    pub good: Style,
}

impl Styles {
    /// No escape sequences at all.
    #[must_use]
    pub const fn plain() -> Self {
        let none = Style::new();
        Self { error: none, warning: none, info: none, name: none, label: none, good: none }
    }

    /// Sixteen-colour ANSI sequences, which every terminal theme maps to readable colours.
    #[must_use]
    pub const fn colored() -> Self {
        Self {
            error: AnsiColor::Red.on_default().bold(),
            warning: AnsiColor::Yellow.on_default().bold(),
            info: AnsiColor::Cyan.on_default().bold(),
            name: Style::new().bold(),
            label: Style::new().dimmed(),
            good: AnsiColor::Green.on_default().bold(),
        }
    }

    pub(crate) const fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }
}
