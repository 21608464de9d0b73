//! Files as CMS publishes them, turned into tables.
//!
//! [`plan()`] looks into files, packed or not, and says which tables they make; [`Plan::read`] reads one
//! of them row by row into a [`RowSink`](crate::RowSink). Each layout has a file of its own, which names
//! its source. Descriptions of codes are left behind while reading: CPT's are the AMA's.

mod addon;
mod cell;
mod container;
mod coverage;
mod day;
mod error;
mod fee_schedule;
mod hcpcs;
mod icd10cm;
mod input;
mod keyed;
mod kind;
mod layout;
mod mue;
mod name;
mod plan;
mod ptp;
mod read;
mod recognize;
mod report;
mod sheet;
mod text;

#[cfg(test)]
mod tests;

pub use error::ImportError;
pub use input::{BytesInput, FileInput, Input};
pub use kind::Kind;
pub use plan::{Options, Plan, PlannedTable, plan};
pub use report::{Damage, Dropped, Report, Source};
