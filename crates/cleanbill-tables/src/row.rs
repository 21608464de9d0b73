//! How rows travel from whatever reads them to whatever keeps them.

/// Takes the rows of one table, one after the other.
pub trait RowSink {
    /// One row of the table that begins on line `line` (from 1) of the file it was read from. `cells` are
    /// in the order of the table's columns, one for each, without blanks around them; an empty cell is
    /// an empty text.
    fn row(&mut self, line: u64, cells: &[&str]);
}
