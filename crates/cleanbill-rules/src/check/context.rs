//! What a check needs at hand: the file, the pack's sets and tables, and a place for errors.

use core::cell::RefCell;
use core::fmt::Display;
use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleanbill_model::{CodeError, Modifier, Period, PlaceOfService, ProcedureCode, ServiceDate};

use crate::declare::{CodeList, PeriodDecl};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, suggest};
use crate::facts::ExtremityFacts;
use crate::table::Table;
use crate::template::Template;
use crate::yaml::Node;

/// A value set with the place of its definition.
pub(crate) struct ValueSet {
    pub(crate) items: Vec<String>,
    pub(crate) node: Node,
}

/// What a check needs at hand. Errors are collected, never thrown: a file shows all of its mistakes.
pub(crate) struct Cx<'a> {
    /// File that is being checked, as people see it.
    pub(crate) file: &'a str,
    /// File that defines the value sets.
    pub(crate) pack_file: &'a str,
    pub(crate) sets: &'a BTreeMap<String, ValueSet>,
    pub(crate) tables: &'a BTreeMap<String, Table>,
    pub(crate) extremity: Option<&'a Arc<ExtremityFacts>>,
    /// What the pack names but could not be made: `tables.mue`, or all of `value_sets`, `tables`, `facts`.
    pub(crate) spoiled: &'a BTreeSet<String>,
    pub(crate) diagnostics: &'a RefCell<Diagnostics>,
}

impl Cx<'_> {
    pub(crate) fn error(&self, code: Code, span: &Range<usize>, message: String, help: String) {
        self.push(code, self.file, span.clone(), message, help);
    }

    pub(crate) fn cell_error(&self, file: &str, span: Range<usize>, message: String, help: &str) {
        self.push(Code::BadCell, file, span, message, help.to_owned());
    }

    fn push(&self, code: Code, file: &str, span: Range<usize>, message: String, help: String) {
        let file = file.to_owned();
        let diagnostic = Diagnostic { code, message, file, span, label: String::new(), help };
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// The texts of a list or of the set that it names, each with its file and span.
    fn items<'b>(
        &'b self,
        at: &'b Node,
        list: &'b CodeList,
    ) -> Vec<(&'b str, &'b str, &'b Range<usize>)> {
        match list {
            CodeList::Listed(items) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (item.as_str(), self.file, &at.item(index).span))
                .collect(),
            CodeList::Named(name) => match self.sets.get(name) {
                Some(set) => set
                    .items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| {
                        (item.as_str(), self.pack_file, &set.node.item(index).span)
                    })
                    .collect(),
                None if self.spoiled.contains("value_sets") => Vec::new(),
                None => {
                    let known: Vec<String> =
                        self.sets.keys().map(|name| format!("${name}")).collect();
                    self.error(
                        Code::UnknownValueSet,
                        &at.span,
                        format!("value set `${name}` is not defined in this pack"),
                        suggest(&format!("${name}"), known.iter().map(String::as_str)),
                    );
                    Vec::new()
                }
            },
        }
    }

    fn typed<T, E: Display>(
        &self,
        at: &Node,
        list: &CodeList,
        what: &str,
        parse: impl Fn(&[u8]) -> Result<T, E>,
        help: impl Fn(&str) -> String,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for (text, file, span) in self.items(at, list) {
            match parse(text.as_bytes()) {
                Ok(value) => values.push(value),
                Err(error) => {
                    self.push(
                        Code::BadCode,
                        file,
                        span.clone(),
                        format!("`{text}` is not {what}: it {error}"),
                        help(text),
                    );
                }
            }
        }
        if matches!(list, CodeList::Listed(items) if items.is_empty()) {
            self.error(
                Code::BadCode,
                &at.span,
                "the list is empty".to_owned(),
                "an empty list would match nothing: add a value or remove the key".to_owned(),
            );
        }
        values
    }

    /// Procedure codes.
    pub(crate) fn codes(&self, at: &Node, list: &CodeList) -> Vec<ProcedureCode> {
        self.typed(at, list, "a CPT/HCPCS code", ProcedureCode::new, damaged_code)
    }

    /// Modifiers.
    pub(crate) fn modifiers(&self, at: &Node, list: &CodeList) -> Vec<Modifier> {
        self.typed(at, list, "a modifier", Modifier::new, |_| {
            "a modifier is two capital letters or digits".to_owned()
        })
    }

    /// Places of service.
    pub(crate) fn places(&self, at: &Node, list: &CodeList) -> Vec<PlaceOfService> {
        self.typed(at, list, "a place of service", PlaceOfService::new, |_| {
            "a place of service is two digits".to_owned()
        })
    }

    /// A table by name.
    pub(crate) fn table(&self, at: &Node, name: &str) -> Option<&Table> {
        let table = self.tables.get(name);
        let spoiled =
            self.spoiled.contains("tables") || self.spoiled.contains(&format!("tables.{name}"));
        if table.is_none() && !spoiled {
            self.error(
                Code::UnknownTable,
                &at.span,
                format!("table `{name}` is not defined in this pack"),
                suggest(name, self.tables.keys().map(String::as_str)),
            );
        }
        table
    }

    /// One of a fixed list of words.
    pub(crate) fn word<T: Copy>(
        &self,
        span: &Range<usize>,
        text: &str,
        what: &str,
        known: &[(&'static str, T)],
    ) -> Option<T> {
        let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            self.error(
                Code::UnknownWord,
                span,
                format!("`{text}` is not {what}"),
                suggest(text, known.iter().map(|(name, _)| *name)),
            );
        }
        found
    }

    /// A date.
    pub(crate) fn date(&self, at: &Node, text: &str) -> Option<ServiceDate> {
        match ServiceDate::parse_iso(text.as_bytes()) {
            Ok(date) => Some(date),
            Err(error) => {
                self.error(
                    Code::BadDate,
                    &at.span,
                    format!("`{text}` {error}"),
                    "write it as YYYY-MM-DD".to_owned(),
                );
                None
            }
        }
    }

    /// A period; a missing block is always in force.
    pub(crate) fn period(&self, at: &Node, decl: Option<&PeriodDecl>) -> Period {
        let Some(decl) = decl else { return Period::ALWAYS };
        let day = |key, text: &Option<String>| {
            text.as_ref().and_then(|text| self.date(at.get(key), text))
        };
        let period =
            Period { from: day("from", &decl.from), through: day("through", &decl.through) };
        if period.from.zip(period.through).is_some_and(|(from, through)| through < from) {
            self.error(
                Code::BadDate,
                &at.span,
                "the period ends before it starts".to_owned(),
                "swap the two dates".to_owned(),
            );
        }
        period
    }

    /// A text whose placeholders are all in `allowed`.
    pub(crate) fn template(
        &self,
        at: &Node,
        text: &str,
        allowed: &[&'static str],
    ) -> Option<Template> {
        match Template::new(text, allowed) {
            Ok(template) => Some(template),
            Err(unknown) => {
                self.error(
                    Code::UnknownPlaceholder,
                    &at.span,
                    format!("`{{{}}}` cannot be filled by this kind of rule", unknown.name),
                    suggest(&unknown.name, allowed.iter().copied()),
                );
                None
            }
        }
    }
}

/// Whether `text` looks like a number that a spreadsheet wrote its own way: `1.00E+02`.
pub(crate) fn is_scientific(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    text.split_once(['E', 'e']).is_some_and(|(head, tail)| {
        digits(&head.replace('.', "")) && digits(tail.trim_start_matches(['+', '-']))
    })
}

/// What to write instead of a code that is none.
pub(crate) fn damaged_code(text: &str) -> String {
    if is_scientific(text) {
        return "a spreadsheet may have made a number of it: type the five characters and quote them".to_owned();
    }
    if text.len() < 5 && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("a spreadsheet may have dropped a leading zero: \"{text:0>5}\"");
    }
    if ProcedureCode::new(text.to_ascii_uppercase().as_bytes()).is_ok() {
        return format!("write it in capitals: \"{}\"", text.to_ascii_uppercase());
    }
    match ProcedureCode::new(text.trim().as_bytes()) {
        Ok(code) => format!("remove the blanks: \"{code}\""),
        Err(CodeError::Empty) => "give a code".to_owned(),
        Err(_) => "a code is five characters, such as 93970, 0191T or G0365".to_owned(),
    }
}
