//! The rows of a table as digests: enough to tell which rows two editions have in common.

use sha2::{Digest as _, Sha256};

use super::digest::{Digest, feed_text};
use super::scalar;
use crate::yaml::{Entry, Node, Shape};

/// Keys of a table that name files: what these hold is compared, or decides no verdict.
const FILES: [&str; 2] = ["file", "sample"];

/// The rows of one table; an imported table has none here, since it is no part of the pack.
#[derive(Debug)]
pub(super) struct Rows {
    /// What the rows say and in which order, and how the table is read.
    pub(super) whole: Digest,
    /// Each row as halves of digests: what it is about, and all that it says. Sorted.
    pub(super) rows: Vec<(u128, u128)>,
}

impl Rows {
    /// Reads the table that `decl` declares, as [`crate::table::Table`] does.
    pub(super) fn read(decl: &Node, text: &str) -> Self {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(body.as_bytes());
        let columns: Vec<String> = reader
            .headers()
            .map(|header| header.iter().map(str::to_owned).collect())
            .unwrap_or_default();
        let about = about(decl);
        // By name, so that moving a column changes nothing.
        let mut by_name: Vec<(usize, &String)> = columns.iter().enumerate().collect();
        by_name.sort_by(|a, b| a.1.cmp(b.1));
        let mut whole = Sha256::new();
        for entry in all_entries(decl).iter().filter(|entry| !FILES.contains(&entry.key.as_str())) {
            feed_text(&mut whole, &entry.key);
            Digest::of(&entry.value).feed(&mut whole);
        }
        let mut rows = Vec::new();
        for record in reader.records().filter_map(Result::ok) {
            let digest = |wanted: &dyn Fn(&String) -> bool| {
                let mut hash = Sha256::new();
                for (index, name) in by_name.iter().filter(|(_, name)| wanted(name)) {
                    feed_text(&mut hash, name);
                    feed_text(&mut hash, record.get(*index).unwrap_or_default());
                }
                Digest::end(hash)
            };
            let (key, all) = (digest(&|name| about.contains(&name.as_str())), digest(&|_| true));
            all.feed(&mut whole);
            rows.push((key.half(), all.half()));
        }
        rows.sort_unstable();
        Self { whole: Digest::end(whole), rows }
    }
}

/// The columns that tell what a row is about: its key, its first day and its setting.
fn about(decl: &Node) -> Vec<&str> {
    let listed = |key: &str| match decl.entry(key).map(|entry| &entry.value.shape) {
        Some(Shape::List(items)) => items.as_slice(),
        _ => &[],
    };
    let text = |node| match node {
        &Node { shape: Shape::Scalar { ref text, .. }, .. } => Some(text.as_str()),
        _ => None,
    };
    let key = listed("key").iter().filter_map(text);
    let first_day = listed("effective").iter().take(1).filter_map(text);
    key.chain(first_day).chain([scalar(decl, "setting")]).collect()
}

fn all_entries(decl: &Node) -> &[Entry] {
    match &decl.shape {
        Shape::Map(entries) => entries,
        _ => &[],
    }
}
