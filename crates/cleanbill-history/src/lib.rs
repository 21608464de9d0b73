//! Claims seen before: what edits need of them, by patient, in one SQLite file or on a PostgreSQL server.
//!
//! A history holds no names, no member ids and no tax numbers: patients and tax numbers stand in it
//! under a keyed hash, and the key is a file of its own. It says what a patient's claims were and
//! decides nothing: which of them count beside a claim is the engine's to say.

mod answers;
mod backend;
mod batch;
mod error;
mod key;
mod key_file;
mod maintain;
mod place;
mod record;
#[cfg(feature = "postgres")]
mod server;
mod sqlite;
mod store;
mod versions;

pub use answers::{AnswerWord, Answers, LineAnswer, Marked, NumberedClaim};
pub use batch::{Added, Batch};
pub use error::HistoryError;
pub use key::{Keyed, PatientKey};
pub use maintain::{HistoryFlaws, HistorySummary, Shown, Which};
pub use place::{Connecting, HistoryPlace};
pub use record::claim_digest;
pub use store::{Access, HistoryStore, Kept};
pub use versions::{VersionDecision, VersionLine, VersionPlace, VersionRecord, VersionStore};

#[cfg(test)]
mod tests;
