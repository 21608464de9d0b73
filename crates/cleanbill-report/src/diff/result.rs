//! What a comparison adds up to.

use crate::amount::Cents;
use crate::summary::FileSummary;

/// What two editions of packs make of the same claims.
#[derive(Clone, Debug, Default)]
pub struct DiffResult {
    /// The old edition.
    pub old: DiffSide,
    /// The new edition.
    pub new: DiffSide,
    /// What lines are grouped by, behind the rule.
    pub by: Vec<DiffBy>,
    /// Rules that were added, removed or changed, by id.
    pub rules: Vec<DiffRule>,
    /// Rules that are the same in both editions and gave the same on every claim.
    pub unchanged_rules: u64,
    /// Tables that changed, by name.
    pub tables: Vec<DiffTable>,
    /// Claims that both editions judged.
    pub claims: u64,
    /// Their service lines.
    pub lines: u64,
    /// Input by input, by name.
    pub files: Vec<FileSummary>,
    /// Places that could not be read or trusted.
    pub input_errors: u64,
    /// Claims left out because an edit could not run on them.
    pub faulted_claims: u64,
    /// All rules together; a line counts once however many rules differ on it.
    pub total: DiffCounts,
    /// Groups in which something differs: by rule, then by what was asked for.
    pub groups: Vec<DiffGroup>,
    /// Thresholds that were crossed, in the order given.
    pub failed: Vec<FailedThreshold>,
    /// How the comparison ends.
    pub exit_code: u8,
}

/// One of the two editions.
#[derive(Clone, Debug, Default)]
pub struct DiffSide {
    /// Name and version of each pack.
    pub packs: Vec<String>,
    /// The packs as they were named, for `--packs`.
    pub named: Vec<String>,
    /// Editions of imported tables that were chosen, `ncci-ptp-practitioner@2026q2`, for `--edition`.
    pub editions: Vec<String>,
    /// The folder of imported tables as it was named, for `--tables`.
    pub tables: Option<String>,
}

/// What lines are grouped by, behind the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiffBy {
    /// The payer's identifier.
    Payer,
    /// The billing provider's NPI.
    BillingNpi,
}

impl DiffBy {
    /// The name on the command line and in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::BillingNpi => "billing_npi",
        }
    }
}

/// A rule that is not the same in both editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffRule {
    /// Its id.
    pub id: String,
    /// How it changed.
    pub change: DiffRuleChange,
}

/// How a rule changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffRuleChange {
    /// Only the new edition has it.
    Added,
    /// Only the old edition has it.
    Removed,
    /// These parts of it changed: its keys, and the sets, tables and facts that it names.
    Changed(Vec<String>),
}

/// A table that changed, with counts of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffTable {
    /// Its name.
    pub name: String,
    /// Rows that only the new edition has.
    pub added: u64,
    /// Rows that only the old edition has.
    pub removed: u64,
    /// Rows that both have with other values.
    pub changed: u64,
}

/// Lines of one rule, and of one payer and provider where that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffGroup {
    /// The rule.
    pub rule: String,
    /// The payer's identifier, empty where the claim has none; `None` when not asked for.
    pub payer: Option<String>,
    /// The billing provider's NPI, empty where the claim has none; `None` when not asked for.
    pub billing_npi: Option<String>,
    /// What differs.
    pub counts: DiffCounts,
    /// A few of the claims, the first ones by name of file and place in it.
    pub samples: Vec<DiffSample>,
}

/// Lines that differ, by how. A finding on a whole claim counts as one line with the claim's charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiffCounts {
    /// The new edition fires; the old one did not.
    pub now_hit: LineSum,
    /// The old edition fired; the new one does not.
    pub no_longer_hit: LineSum,
    /// Both speak in the same way, with another disposition.
    pub changed: LineSum,
    /// The new edition cannot tell; the old one could.
    pub undetermined_now: LineSum,
    /// The old edition could not tell; the new one can.
    pub undetermined_before: LineSum,
    /// Any of these, each line once.
    pub any: LineSum,
    /// The claims with such lines.
    pub claims: u64,
}

/// A number of lines and their charges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineSum {
    /// Lines, each once.
    pub lines: u64,
    /// Their charges.
    pub charge: Cents,
}

/// A line on which the editions differ. It holds nothing that identifies a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffSample {
    /// Its input, as [`crate::input_name`] shows it.
    pub file: String,
    /// The claim's control number.
    pub claim: String,
    /// The line's number; `None` for the claim as a whole.
    pub line: Option<u32>,
    /// What the old edition says: `silent`, `fires (line_denial)`, `undetermined (suspend)`.
    pub was: String,
    /// What the new edition says.
    pub is: String,
}

/// A threshold that was crossed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedThreshold {
    /// As it was written: `now_hit > 500`.
    pub threshold: String,
    /// What was found, a count or an amount.
    pub found: String,
}
