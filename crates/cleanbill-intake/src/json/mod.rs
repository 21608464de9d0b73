//! Claim JSON and NDJSON, `schema: 1`.

mod reader;

pub(crate) use reader::JsonReader;
