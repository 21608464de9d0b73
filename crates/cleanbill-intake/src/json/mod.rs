//! Claim JSON and NDJSON, `schema: 1`.

mod convert;
mod declaration;
mod diagnose;
mod facility;
mod few;
mod object_end;
mod place;
mod reader;
mod shape;

pub(crate) use reader::JsonReader;
