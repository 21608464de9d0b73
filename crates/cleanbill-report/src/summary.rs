//! What a whole run adds up to.

use cleanbill_model::{Accounting, Severity};

use crate::amount::Cents;

/// What a whole run adds up to: the last thing that every report writes.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Input by input, in the order given.
    pub files: Vec<FileSummary>,
    /// All inputs together.
    pub total: Accounting,
    /// Findings by severity; waived ones are not counted here.
    pub severities: SeverityCounts,
    /// Findings by rule, sorted by rule; rules without a finding are left out.
    pub rules: Vec<RuleCounts>,
    /// Edits that could not run, claim by claim.
    pub faults: u64,
    /// Places that could not be read or trusted.
    pub input_errors: u64,
    /// Charges of the lines that a finding puts at risk; a line counts once however many rules hit it.
    pub charge_at_risk: Cents,
    /// The edits that ran.
    pub registry: RegistrySummary,
    /// How the run ends.
    pub exit_code: u8,
    /// Waivers that met no finding, in words that lead to them, sorted.
    pub unused_waivers: Vec<String>,
    /// Rules of the packs that were left out of the run.
    pub not_run: Vec<NotRunSummary>,
    /// What told final claims from others, where they alone were judged.
    pub finalize: Option<FinalSummary>,
}

/// Claims of a run that judges final claims alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FinalSummary {
    /// The preset.
    pub preset: &'static str,
    /// Claims that are judged though they replace a claim that is not here.
    pub orphans: u64,
    /// Claims that are judged since nothing on them tells their versions.
    pub no_key: u64,
}

impl Summary {
    /// ` + 3 not final`, where claims were not judged since they are not.
    pub(crate) fn not_final_words(&self) -> String {
        match self.total.not_final.claims() {
            0 => String::new(),
            count => format!(" + {count} not final"),
        }
    }
}

/// A rule that was left out of a run, since a table that it reads is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRunSummary {
    /// The rule.
    pub rule: String,
    /// The table.
    pub table: String,
    /// What to do, in words.
    pub remedy: String,
}

/// One input.
#[derive(Clone, Debug)]
pub struct FileSummary {
    /// Its name, as [`crate::input_name`] shows it.
    pub file: String,
    /// Its format, where it could be told.
    pub format: Option<&'static str>,
    /// Claims, charges and bytes.
    pub accounting: Accounting,
    /// Places that could not be read or trusted.
    pub input_errors: u64,
    /// Interchanges that earlier inputs of the run hold too, input by input.
    pub repeats: Vec<RepeatedInterchanges>,
}

/// Interchanges of an input with the sender and control number of interchanges of one earlier input: the
/// file may have been handed in twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepeatedInterchanges {
    /// How many.
    pub count: u64,
    /// Where the first of them starts.
    pub offset: u64,
    /// The earlier input, as [`crate::input_name`] shows it.
    pub earlier_file: String,
    /// Where the same interchange starts there.
    pub earlier_offset: u64,
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeverityCounts {
    /// Errors.
    pub error: u64,
    /// Warnings.
    pub warning: u64,
    /// Notes.
    pub info: u64,
}

impl SeverityCounts {
    /// Counts one finding.
    pub const fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.error += 1,
            Severity::Warning => self.warning += 1,
            Severity::Info => self.info += 1,
        }
    }

    /// Findings of this severity.
    #[must_use]
    pub const fn of(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }

    /// All findings.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.error + self.warning + self.info
    }
}

/// Findings of one rule by outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCounts {
    /// The rule.
    pub rule: String,
    /// Pack or plugin that brought it.
    pub pack: String,
    /// It fired.
    pub fires: u64,
    /// A fact was missing.
    pub undetermined: u64,
    /// It would have fired, but was waived.
    pub waived: u64,
}

/// The edits of a run and who brought them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistrySummary {
    /// Number of edits.
    pub edits: u64,
    /// Packs with their versions, sorted.
    pub packs: Vec<String>,
    /// Plugins with their versions, sorted.
    pub plugins: Vec<String>,
}
