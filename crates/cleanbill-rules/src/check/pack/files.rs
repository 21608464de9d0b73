//! The files of a pack: read through its source, parsed, decoded, with every mistake collected.

use core::cell::RefCell;

use serde::de::DeserializeOwned;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lines::LineStarts;
use crate::source::Source;
use crate::yaml::{self, Node};

/// Reads the files of one pack.
#[derive(Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) source: &'a dyn Source,
    pub(crate) diagnostics: &'a RefCell<Diagnostics>,
}

/// A YAML file of the pack: as people see its path, its text, its tree.
pub(crate) struct File {
    pub(crate) shown: String,
    pub(crate) text: String,
    pub(crate) tree: Node,
    pub(crate) lines: LineStarts,
    /// Its number among all files of the load, which marks its nodes elsewhere.
    pub(crate) number: usize,
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

    /// Path as people see it, text and number of a file; `named` is where the pack names it.
    pub(crate) fn read(
        &self,
        path: &str,
        named: Option<(&str, &Node)>,
    ) -> Option<(String, String, usize)> {
        let shown = match self.source.label() {
            "" => path.to_owned(),
            label => format!("{}/{path}", label.trim_end_matches('/')),
        };
        match self.source.read(path) {
            Ok(text) => {
                let number = self.diagnostics.borrow_mut().add_file(&shown, &text);
                Some((shown, text, number))
            }
            Err(reason) => {
                let (file, span) =
                    named.map_or((shown.as_str(), 0..0), |(f, node)| (f, node.span.clone()));
                self.push(Diagnostic {
                    code: Code::UnknownFile,
                    message: format!("`{path}` cannot be read: {reason}"),
                    file: file.to_owned(),
                    span,
                    label: String::new(),
                    help: "a pack is a folder with a `pack.yaml`; paths inside it are relative to that folder".to_owned(),
                });
                None
            }
        }
    }

    /// A YAML file with its tree.
    pub(crate) fn yaml(&self, path: &str, named: Option<(&str, &Node)>) -> Option<File> {
        let (shown, text, number) = self.read(path, named)?;
        match yaml::parse(&shown, &text) {
            Ok(tree) => Some(File { lines: LineStarts::new(&text), shown, text, tree, number }),
            Err(diagnostic) => {
                self.push(diagnostic);
                None
            }
        }
    }

    /// A node of `file` as a declared type.
    pub(crate) fn decode<T: DeserializeOwned>(&self, file: &File, node: &Node) -> Option<T> {
        yaml::decode(&file.shown, &file.text, node).map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// A node put together from several files as a declared type.
    pub(crate) fn decode_patched<T: DeserializeOwned>(
        &self,
        file: &File,
        node: &Node,
    ) -> Option<T> {
        let decoded = yaml::decode_part(&file.shown, &node.yaml(), node);
        decoded.map_err(|diagnostic| self.push(diagnostic)).ok()
    }

    /// File and line of a node: `my-pack/rules/pairs.yaml:4`.
    pub(crate) fn place(&self, file: &File, node: &Node) -> String {
        self.diagnostics.borrow().file_line(&file.shown, &node.span)
    }
}
