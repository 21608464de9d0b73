//! Findings as the adjustments of a remittance advice that a payer would send for them: one a claim, line,
//! group code and reason, as CSV and as JSON.

mod adjustment;
mod csv;
mod json;

pub use self::csv::RemitCsvReport;
pub use json::RemitJsonReport;
