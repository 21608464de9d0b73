//! The files of a pack: read through its source, parsed, decoded, with every mistake collected.

use core::cell::RefCell;

use cleanbill_tables::{CsvError, Table};
use serde::de::DeserializeOwned;

use crate::check::Cx;
use crate::declare::RuleDecl;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Quiet};
use crate::lines::LineStarts;
use crate::schema::SchemaKind;
use crate::source::Source;
use crate::yaml::{self, Node, Yaml};

/// Reads the files of one pack.
#[derive(Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) source: &'a dyn Source,
    pub(crate) diagnostics: &'a RefCell<Diagnostics>,
}

/// A YAML file of the pack, and where it stands among the files of the load.
pub(crate) struct File {
    pub(crate) yaml: Yaml,
    pub(crate) lines: LineStarts,
    /// Its number among all files of the load, which marks its nodes elsewhere.
    pub(crate) number: usize,
}

impl File {
    /// Whether the block `key` at the top could not be read: it is wrong, or another key may stand for it.
    pub(crate) fn is_spoiled(&self, key: &str) -> bool {
        match self.yaml.tree.entry(key) {
            Some(entry) => self.yaml.is_spoiled(&entry.value),
            None => self.yaml.strange,
        }
    }
}

impl Files<'_> {
    /// Adds a mistake.
    pub(crate) fn push(&self, mut diagnostic: Diagnostic) {
        let (file, span) = self.diagnostics.borrow().place(&diagnostic.file, &diagnostic.span);
        (diagnostic.file, diagnostic.span) = (file, span);
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// Adds a mistake at `node` of the file shown as `file`.
    pub(crate) fn error(&self, code: Code, file: &str, node: &Node, message: String, help: &str) {
        self.push(Diagnostic {
            code,
            message,
            file: file.to_owned(),
            span: node.span.clone(),
            label: String::new(),
            help: help.to_owned(),
        });
    }

    /// Path as people see it.
    fn shown(&self, path: &str) -> String {
        match self.source.label() {
            "" => path.to_owned(),
            label => format!("{}/{path}", label.trim_end_matches('/')),
        }
    }

    /// Path as people see it, text and number of a file; `named` is where the pack names it.
    pub(crate) fn read(
        &self,
        path: &str,
        named: Option<(&str, &Node)>,
    ) -> Option<(String, String, usize)> {
        let shown = self.shown(path);
        match self.source.read(path) {
            Ok(text) => {
                // Some editors of Windows put a mark before the first character.
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                let number = self.diagnostics.borrow_mut().add_file(&shown, &text);
                Some((shown, text, number))
            }
            Err(reason) => {
                self.unreadable(path, named, &reason);
                None
            }
        }
    }

    /// Path as people see it, and the table in a CSV file. Its text is only kept when there is
    /// something to show in it: see [`Diagnostics::add_unread`].
    pub(crate) fn table(
        &self,
        path: &str,
        key: &[String],
        named: (&str, &Node),
    ) -> Option<(String, Result<Table, CsvError>)> {
        match self.source.table(path, key) {
            Ok(table) => {
                let shown = self.shown(path);
                self.diagnostics.borrow_mut().add_unread(&shown);
                Some((shown, table))
            }
            Err(reason) => {
                self.unreadable(path, Some(named), &reason);
                None
            }
        }
    }

    /// Reads the text of a table in which there are mistakes.
    pub(crate) fn show_cells(&self, path: &str) {
        let shown = self.shown(path);
        if !self.diagnostics.borrow().is_wanted(&shown) {
            return;
        }
        let text = self.source.read(path).unwrap_or_default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        self.diagnostics.borrow_mut().show(&shown, text);
    }

    fn unreadable(&self, path: &str, named: Option<(&str, &Node)>, reason: &str) {
        let (file, span) = match named {
            Some((file, node)) => (file.to_owned(), node.span.clone()),
            None => (self.shown(path), 0..0),
        };
        self.push(Diagnostic {
            code: Code::UnknownFile,
            message: format!("`{path}` cannot be read: {reason}"),
            file,
            span,
            label: String::new(),
            help:
                "a pack is a folder with a `pack.yaml`; paths inside it are relative to that folder"
                    .to_owned(),
        });
    }

    /// A YAML file with its tree and, told at once, everything that is wrong with its keys. A file of
    /// waivers that only holds the key has none and is not given.
    pub(crate) fn yaml(
        &self,
        kind: SchemaKind,
        path: &str,
        named: Option<(&str, &Node)>,
    ) -> Option<File> {
        if let Some(error) = yaml::too_large(&self.shown(path), self.source.size(path)) {
            self.push(error);
            return None;
        }
        let (shown, text, number) = self.read(path, named)?;
        if kind == SchemaKind::Waivers && yaml::is_bare(&text, "waivers") {
            return None;
        }
        let lines = LineStarts::new(&text);
        let yaml = yaml::read(shown, text, kind).map_err(|error| self.push(error)).ok()?;
        for mistake in &yaml.mistakes {
            self.push(mistake.clone());
        }
        self.diagnostics.borrow_mut().hush(yaml.quiet.clone());
        Some(File { yaml, lines, number })
    }

    /// A node of `file` as a declared type.
    pub(crate) fn decode<T: DeserializeOwned>(&self, file: &File, node: &Node) -> Option<T> {
        file.yaml.decode(node).map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// A rule of `file` with parts of other files in it, mended, and as a declared type.
    pub(crate) fn decode_patched(
        &self,
        cx: &Cx<'_>,
        file: &File,
        rule: Node,
    ) -> Option<(Node, RuleDecl)> {
        let shown = &file.yaml.shown;
        let (rule, mistakes, quiet) = yaml::rule(shown, &file.yaml.text, rule);
        for mut mistake in mistakes {
            let (file, span) = self.diagnostics.borrow().place(&mistake.file, &mistake.span);
            cx.note_param(&file, &span, &mut mistake.help);
            self.push(mistake);
        }
        let quiet = quiet.into_iter().map(|place| {
            let (file, span) = self.diagnostics.borrow().place(&place.file, &place.span);
            Quiet { file, span, ..place }
        });
        let quiet: Vec<Quiet> = quiet.collect();
        self.diagnostics.borrow_mut().hush(quiet);
        let decl = yaml::decode(shown, &rule);
        decl.map_err(|diagnostic| self.push(diagnostic)).ok().map(|decl| (rule, decl))
    }

    /// File and line of a node: `my-pack/rules/pairs.yaml:4`.
    pub(crate) fn place(&self, file: &File, node: &Node) -> String {
        self.diagnostics.borrow().file_line(&file.yaml.shown, &node.span)
    }
}
