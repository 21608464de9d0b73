//! Small tables of codes that stand beside the code that reads them, as data.

/// Rows of a table by their key. Comments start with `#`, the first other line names the columns.
#[derive(Debug)]
pub(super) struct Table<const N: usize>(Vec<(&'static str, [&'static str; N])>);

impl<const N: usize> Table<N> {
    /// Reads a table of a key and `N` columns behind it; missing cells are empty.
    pub(super) fn new(text: &'static str) -> Self {
        let rows = text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| {
            let mut cells = line.split(',');
            let key = cells.next().unwrap_or_default();
            (key, std::array::from_fn(|_| cells.next().unwrap_or_default()))
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable();
        Self(rows)
    }

    /// The row with this key.
    pub(super) fn get(&self, key: &str) -> Option<&[&'static str; N]> {
        let found = self.0.binary_search_by_key(&key, |row| row.0).ok()?;
        self.0.get(found).map(|row| &row.1)
    }

    #[cfg(test)]
    pub(super) fn rows(&self) -> &[(&'static str, [&'static str; N])] {
        &self.0
    }
}
