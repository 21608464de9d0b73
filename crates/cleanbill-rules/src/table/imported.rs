//! Where the rows of tables that a pack calls `imported` come from.

use cleanbill_tables::Table;

/// Hands out imported tables by name.
pub trait ImportedTables {
    /// The edition in use of the table `name`; none when it is not imported.
    ///
    /// # Errors
    /// A sentence for people when it is there and cannot be used.
    fn table(&self, name: &str) -> Result<Option<Table>, String>;
}

/// Where the rows of imported tables come from.
#[derive(Clone, Copy, Default)]
pub enum TablesFrom<'a> {
    /// From the sample in the pack, so that tests are the same on every machine.
    #[default]
    Samples,
    /// From what was imported.
    Imported(&'a dyn ImportedTables),
}
