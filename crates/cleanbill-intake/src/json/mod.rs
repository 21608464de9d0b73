//! JSON: claim JSON and NDJSON of `schema: 1`, and the loop that FHIR shares with them.

mod convert;
mod declaration;
mod diagnose;
mod facility;
mod few;
mod object;
mod object_end;
mod other_payer;
mod particulars;
mod place;
mod reader;
mod shape;
mod walk;

pub(crate) use declaration::Text;
pub(crate) use object::Refused;
pub(crate) use object_end::ObjectEnd;
pub(crate) use reader::{Dialect, JsonReader};
pub(crate) use walk::LineWalk;
