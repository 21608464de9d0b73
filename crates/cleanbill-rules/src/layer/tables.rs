//! The tables of a stack: a CSV file of the pack, or an imported table with a sample of its rows.

use core::cell::RefCell;

use super::names::Names;
use super::stack::{Layer, Stack};
use crate::check::Cx;
use crate::declare::TableDecl;
use crate::diagnostic::{Code, Diagnostics};
use crate::table::{Table, TableName, TablesFrom};
use crate::yaml::Node;

impl Names {
    /// Adds the tables of a layer.
    pub(super) fn add_tables(
        &mut self,
        stack: &Stack<'_>,
        layer: &Layer<'_>,
        from: TablesFrom<'_>,
        diagnostics: &RefCell<Diagnostics>,
    ) {
        let block = layer.file.yaml.tree.get("tables").far(layer.file.number);
        for (name, decl) in &layer.decl.tables {
            let (shown, at) = (format!("table {name}"), block.get(name));
            let help =
                "rename it, or write `override: true` in it to replace the rows for all rules";
            let named = (name.as_str(), shown.as_str());
            if !self.may_stand(layer, diagnostics, &block, named, decl.overrides, help) {
                continue;
            }
            self.missing.remove(name);
            self.unsampled.remove(name);
            self.tables.remove(name);
            self.imported.remove(name);
            self.imported.extend(decl.imported.clone().map(|table| (name.clone(), table)));
            let cx = self.cx(&layer.file.yaml.shown, diagnostics);
            let made = is_named_once(&cx, at, decl).then(|| {
                let sampled = of_pack(&cx, stack, layer, at, decl);
                match (decl.imported.as_deref(), from) {
                    (Some(imported), TablesFrom::Imported(tables)) => {
                        let found = tables.table(imported);
                        of_import(&cx, at, decl, imported, found).filter(|_| sampled.is_some())
                    }
                    (Some(imported), TablesFrom::Samples) if decl.sample.is_none() => {
                        Some(Made::Missing(imported.to_owned()))
                    }
                    _ => sampled.and_then(Sampled::into_made),
                }
            });
            if decl.imported.is_some() && decl.sample.is_none() {
                let declared = (layer.file.yaml.shown.clone(), at.clone());
                self.unsampled.insert(name.clone(), declared);
            }
            match made.flatten() {
                Some(Made::Table(table)) => {
                    self.tables.insert(name.clone(), *table);
                }
                Some(Made::Missing(imported)) => {
                    self.missing.insert(name.clone(), imported);
                }
                None => {
                    self.spoiled.insert(format!("tables.{name}"));
                    continue;
                }
            }
            let value = decl.file.as_ref().or(decl.imported.as_ref()).cloned().unwrap_or_default();
            self.note(layer, diagnostics, shown, at, value);
        }
    }
}

/// What became of a declared table.
enum Made {
    Table(Box<Table>),
    /// What is to be imported.
    Missing(String),
}

/// What became of the rows that the pack itself has.
enum Sampled {
    Table(Box<Table>),
    /// It has none.
    Nothing,
}

impl Sampled {
    fn into_made(self) -> Option<Made> {
        match self {
            Self::Table(table) => Some(Made::Table(table)),
            Self::Nothing => None,
        }
    }
}

/// Whether a table says where its rows are, and in one way.
fn is_named_once(cx: &Cx<'_>, at: &Node, decl: &TableDecl) -> bool {
    let (code, span, message, help) = match (&decl.file, &decl.imported, &decl.sample) {
        (Some(_), None, None) | (None, Some(_), _) => return true,
        (None, None, _) => (
            Code::MissingKey,
            &at.span,
            "the table says neither `file` nor `imported`",
            "name a CSV file of the pack, or a table that `cleanbill tables import` makes",
        ),
        (Some(_), Some(_), _) => (
            Code::UnknownKey,
            &at.key_span("imported"),
            "a table is either a `file` of the pack or `imported`",
            "remove one of the two; rows for tests of an imported table stand under `sample`",
        ),
        (Some(_), None, Some(_)) => (
            Code::UnknownKey,
            &at.key_span("sample"),
            "tests read the `file` itself, so there is nothing to sample",
            "remove `sample`, or name the table under `imported`",
        ),
    };
    cx.error(code, span, message.to_owned(), help.to_owned());
    false
}

/// The rows in the file of the pack; none when they have mistakes.
fn of_pack(
    cx: &Cx<'_>,
    stack: &Stack<'_>,
    layer: &Layer<'_>,
    at: &Node,
    decl: &TableDecl,
) -> Option<Sampled> {
    let Some(path) = decl.rows() else { return Some(Sampled::Nothing) };
    let key = if decl.file.is_some() { "file" } else { "sample" };
    let files = stack.files(layer);
    let (shown, made) = files.table(path, &decl.key, (&layer.file.yaml.shown, at.get(key)))?;
    let table = Table::check(cx, at, decl, TableName::of_file(shown), made)?;
    Some(Sampled::Table(Box::new(table)))
}

/// What was found of an imported table.
fn of_import(
    cx: &Cx<'_>,
    at: &Node,
    decl: &TableDecl,
    imported: &str,
    found: Result<Option<cleanbill_tables::Table>, String>,
) -> Option<Made> {
    let cannot_be_used = |reason: &str| {
        cx.error(
            Code::UnknownFile,
            &at.get("imported").span,
            format!("the imported table `{imported}` cannot be used: {reason}"),
            "`cleanbill tables verify` tells more; importing it again replaces it".to_owned(),
        );
    };
    match found {
        Ok(None) => Some(Made::Missing(imported.to_owned())),
        Ok(Some(table)) if table.is_empty() => {
            cannot_be_used("it has no rows");
            None
        }
        Ok(Some(table)) => {
            let name = TableName::of_import(imported, &table);
            Some(Made::Table(Box::new(Table::check(cx, at, decl, name, Ok(table))?)))
        }
        Err(reason) => {
            cannot_be_used(&reason);
            None
        }
    }
}
