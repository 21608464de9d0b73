//! Changes to a lock. Each is made in its text, so that comments and the order of entries stay.

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, Value, value};

use super::{LockEntry, PluginLock, PluginLockError};
use crate::digest::Digest;

impl PluginLock {
    /// The lock with `entry` in it, in place of an earlier one of its id.
    ///
    /// # Errors
    /// [`PluginLockError`] when the result would not read back.
    pub fn with(&self, entry: &LockEntry) -> Result<Self, PluginLockError> {
        let mut document = self.document.clone();
        let tables = document
            .entry("plugin")
            .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()))
            .as_array_of_tables_mut()
            .ok_or_else(|| PluginLockError::Invalid("`plugin` is no list of tables".to_owned()))?;
        let is_old = |table: &Table| table.get("id").and_then(Item::as_str) == Some(&entry.id);
        let place = tables.iter().position(is_old);
        match place.and_then(|place| tables.get_mut(place)) {
            Some(table) => write(entry, table),
            None => {
                let mut table = Table::new();
                write(entry, &mut table);
                tables.push(table);
            }
        }
        Self::parse(&document.to_string())
    }

    /// The lock without the plugin `id`, and with the digests of all its files denied.
    ///
    /// # Errors
    /// As [`PluginLock::with`].
    pub fn without(&self, id: &str) -> Result<Self, PluginLockError> {
        let digests: Vec<Digest> =
            self.entry(id).into_iter().flat_map(|entry| entry.sha256.values().cloned()).collect();
        let mut document = self.document.clone();
        if let Some(tables) = document.get_mut("plugin").and_then(Item::as_array_of_tables_mut) {
            tables.retain(|table| table.get("id").and_then(Item::as_str) != Some(id));
        }
        Self::parse(&document.to_string())?.denying(&digests)
    }

    /// The lock with these digests denied.
    ///
    /// # Errors
    /// As [`PluginLock::with`].
    pub fn denying(&self, digests: &[Digest]) -> Result<Self, PluginLockError> {
        let mut document = self.document.clone();
        let denied = document
            .entry("deny_sha256")
            .or_insert_with(|| value(Array::new()))
            .as_array_mut()
            .ok_or_else(|| PluginLockError::Invalid("`deny_sha256` is no list".to_owned()))?;
        for digest in digests.iter().filter(|digest| !self.is_denied(digest)) {
            denied.push(digest.as_str());
        }
        Self::parse(&document.to_string())
    }
}

fn write(entry: &LockEntry, table: &mut Table) {
    let mut set = |key: &str, new: Option<Value>| match new {
        // A value that stays keeps the comment behind it.
        Some(new) => match table.get_mut(key).and_then(Item::as_value_mut) {
            Some(old) => {
                let decor = old.decor().clone();
                *old = new;
                *old.decor_mut() = decor;
            }
            None => drop(table.insert(key, Item::Value(new))),
        },
        None => drop(table.remove(key)),
    };
    set("id", Some(entry.id.as_str().into()));
    set("version", Some(entry.version.as_str().into()));
    set("abi", Some(entry.abi.as_str().into()));
    set("isolation", Some(entry.isolation.as_str().into()));
    let digests = entry.sha256.iter().map(|(target, digest)| (target.as_str(), digest.as_str()));
    set("sha256", Some(Value::InlineTable(inline(digests))));
    set("manifest_sha256", Some(entry.manifest_sha256.as_str().into()));
    set("signer", entry.signer.as_ref().map(|signer| signer.key().as_str().into()));
    set("grants", Some(Value::Array(entry.grants.iter().map(String::as_str).collect())));
    set("approved_by", Some(entry.approved_by.as_str().into()));
    set("approved_at", Some(entry.approved_at.into()));
    let needed = entry.needed.iter().map(|needed| {
        let path = needed.path.to_string_lossy();
        Value::InlineTable(inline([
            ("name", needed.name.as_str()),
            ("target", needed.target.as_str()),
            ("path", &path),
            ("sha256", needed.sha256.as_str()),
        ]))
    });
    let needed = (!entry.needed.is_empty()).then(|| Value::Array(needed.collect()));
    set("needed", needed);
    set("conformance", entry.conformance.as_deref().map(Value::from));
}

fn inline<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> InlineTable {
    members.into_iter().map(|(key, text)| (key, Value::from(text))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::lock::{Isolation, NeededEntry};

    fn entry(id: &str, version: &str) -> LockEntry {
        LockEntry {
            id: id.to_owned(),
            version: version.to_owned(),
            abi: "1.0".to_owned(),
            isolation: Isolation::Worker,
            sha256: BTreeMap::from([("aarch64-apple-darwin".to_owned(), Digest::of(b"file"))]),
            manifest_sha256: Digest::of(b"{}"),
            signer: None,
            grants: vec!["line.code".to_owned(), "line.units".to_owned()],
            approved_by: "jane".to_owned(),
            approved_at: "2026-03-02".parse().unwrap(),
            needed: Vec::new(),
            conformance: None,
        }
    }

    #[test]
    fn an_entry_reads_back_as_it_was_written() {
        let mut full = entry("acme", "1.2.0");
        full.signer = Some(
            "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
                .to_owned()
                .try_into()
                .unwrap(),
        );
        full.conformance = Some("kit-1.0 pass".to_owned());
        full.isolation = Isolation::InProcess;
        full.needed.push(NeededEntry {
            name: "libz.so.1".to_owned(),
            target: "x".to_owned(),
            path: "/usr/lib/libz.so.1".into(),
            sha256: Digest::of(b"z"),
        });
        let lock = PluginLock::default().with(&entry("b", "1")).unwrap().with(&full).unwrap();
        assert_eq!(lock.entry("acme"), Some(&full));
        assert_eq!(PluginLock::parse(&lock.to_string()).unwrap().entries(), lock.entries());
    }

    #[test]
    fn comments_of_people_survive_a_new_version() {
        let text = PluginLock::default().with(&entry("acme", "1.2.0")).unwrap().to_string();
        let text = text
            .replace("id = \"acme\"", "# asked for by Ann\nid = \"acme\"")
            .replace("version = \"1.2.0\"", "version = \"1.2.0\" # as tested");
        let lock = PluginLock::parse(&text).unwrap().with(&entry("acme", "1.3.0")).unwrap();
        let expected = text.replace("1.2.0", "1.3.0");
        assert_eq!(lock.to_string(), expected);
    }

    #[test]
    fn a_plugin_that_is_taken_out_is_denied_by_its_digests() {
        let lock = PluginLock::default().with(&entry("a", "1")).unwrap();
        let lock = lock.with(&entry("b", "1")).unwrap().without("a").unwrap();
        assert!(lock.entry("a").is_none() && lock.entry("b").is_some());
        assert!(lock.is_denied(&Digest::of(b"file")));
        let twice = lock.denying(&[Digest::of(b"file")]).unwrap();
        assert_eq!(twice.to_string(), lock.to_string());
    }
}
