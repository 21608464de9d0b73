//! Where in an input file something stands.

/// A place in an input file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// Bytes before it, from the start of the file.
    pub offset: u64,
    /// Line of text, from 1.
    pub line: u64,
    /// Ordinal of the segment in its ST, from 1 (the ST itself), as SE01 counts; 0 where the format has
    /// no segments.
    pub segment: u32,
}
