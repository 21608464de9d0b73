//! What a check needs at hand: the file, the pack's sets and tables, and a place for errors.

use core::cell::RefCell;
use core::fmt::Display;
use core::ops::Range;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleanbill_model::{CodeError, Modifier, Period, PlaceOfService, ProcedureCode, ServiceDate};

use super::sets;
use crate::code_set::{self, CodeSet};
use crate::declare::{CodeList, PeriodDecl};
use crate::diagnosis_set::DiagnosisPattern;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, suggest};
use crate::facts::ExtremityFacts;
use crate::place::Place;
use crate::plugin::{PluginSide, PluginUse};
use crate::predicate::{Predicate, PredicateSize};
use crate::table::Table;
use crate::template::Template;
use crate::yaml::Node;

/// What a check needs at hand. Errors are collected, never thrown: a file shows all of its mistakes.
pub(crate) struct Cx<'a> {
    /// File that is being checked, as people see it.
    pub(crate) file: &'a str,
    /// Value sets: lists of texts, each marked with the file that it stands in.
    pub(crate) sets: &'a BTreeMap<String, Node>,
    /// Parameters: single values, marked likewise.
    pub(crate) params: &'a BTreeMap<String, Node>,
    pub(crate) tables: &'a BTreeMap<String, Table>,
    pub(crate) extremity: Option<&'a Arc<ExtremityFacts>>,
    pub(crate) plugins: PluginSide<'a>,
    /// What the pack names but could not be made: `tables.mue`, or all of `value_sets`, `params`,
    /// `tables`, `facts`.
    pub(crate) spoiled: &'a BTreeSet<String>,
    /// Tables whose rows are not at hand, by name: what is to be imported.
    pub(crate) missing: &'a BTreeMap<String, String>,
    /// Tables that were asked for.
    pub(crate) asked: &'a RefCell<BTreeSet<String>>,
    /// Tables that the facts look into.
    pub(crate) asked_by_facts: &'a BTreeSet<String>,
    pub(crate) diagnostics: &'a RefCell<Diagnostics>,
    /// Sizes of the conditions of all rules so far.
    pub(crate) sizes: &'a RefCell<Vec<PredicateSize>>,
    /// Checks of plugins that rules use so far.
    pub(crate) plugin_uses: &'a RefCell<Vec<PluginUse>>,
}

impl Cx<'_> {
    pub(crate) fn error(&self, code: Code, span: &Range<usize>, message: String, help: String) {
        let (file, span) = self.diagnostics.borrow().place(self.file, span);
        self.push(code, &file, span, message, help);
    }

    /// A mistake on a line of a table, from 1; 0 for the table as a whole.
    pub(crate) fn cell_error(&self, file: &str, line: u64, message: String, help: &str) {
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        self.push(Code::BadCell, file, line..line, message, help.to_owned());
    }

    /// Remembers how large a condition of `rule` is.
    pub(crate) fn note_size(&self, rule: &str, clause: &'static str, condition: &Predicate) {
        let (depth, clauses) = (condition.depth(), condition.clauses());
        let size = PredicateSize { rule: rule.to_owned(), clause, depth, clauses };
        self.sizes.borrow_mut().push(size);
    }

    /// Where a span of this file stands.
    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        self.diagnostics.borrow().shown_place(self.file, span)
    }

    /// Adds to the help of an error where the value comes from, when a parameter stands at its place.
    pub(crate) fn note_param(&self, file: &str, span: &Range<usize>, help: &mut String) {
        let diagnostics = self.diagnostics.borrow();
        let text = diagnostics.file(file).and_then(|file| file.text.get(span.clone()));
        let name = text.and_then(|text| text.trim_matches(['"', '\'']).strip_prefix('$'));
        if let Some((name, value)) = name.and_then(|name| self.params.get_key_value(name)) {
            let separator = if help.is_empty() { "" } else { "; " };
            let place = diagnostics.file_line(self.file, &value.span);
            help.push_str(&format!(
                "{separator}`${name}` stands for `{}`, in {place}",
                value.inline()
            ));
        }
    }

    fn push(&self, code: Code, file: &str, span: Range<usize>, message: String, mut help: String) {
        if code != Code::UnknownParam {
            self.note_param(file, &span, &mut help);
        }
        let file = file.to_owned();
        let diagnostic = Diagnostic { code, message, file, span, label: String::new(), help };
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// The texts of a list, each with its span; sets within are taken out, each once.
    fn items<'b>(&'b self, at: &'b Node, list: &'b CodeList) -> Vec<Item<'b>> {
        let mut items = Items { cx: self, seen: BTreeSet::new(), found: Vec::new() };
        match list {
            CodeList::Listed(list) => {
                for (index, text) in list.iter().enumerate() {
                    items.add(text, &at.item(index).span, 0);
                }
            }
            CodeList::Named(name) => items.add_set(name, &at.span, 0),
        }
        items.found
    }

    /// Help for the name of a set that is not there.
    pub(super) fn nearest_set(&self, name: &str) -> String {
        let known: Vec<String> = self.sets.keys().map(|name| format!("${name}")).collect();
        suggest(&format!("${name}"), known.iter().map(String::as_str))
    }

    /// These texts with the values of sets in place of their names. Mistakes are shown elsewhere.
    pub(crate) fn written_out(&self, texts: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = texts.iter().rev().map(String::as_str).collect();
        while let Some(text) = open.pop() {
            match text.strip_prefix('$') {
                None => found.push(text.to_owned()),
                Some(name) if seen.insert(name) => {
                    let set = self.sets.get(name).map(Node::items).unwrap_or_default();
                    open.extend(set.iter().rev().filter_map(Node::scalar));
                }
                Some(_) => {}
            }
        }
        found
    }

    /// The values of a list, each read by `parse`; `what` they should be and `help` word the error.
    pub(crate) fn typed<T, E: Display>(
        &self,
        at: &Node,
        list: &CodeList,
        what: &str,
        parse: impl Fn(&[u8]) -> Result<T, E>,
        help: impl Fn(&str) -> String,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for (text, span) in self.items(at, list) {
            match parse(text.as_bytes()) {
                Ok(value) => values.push(value),
                Err(error) => {
                    self.error(
                        Code::BadCode,
                        span,
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

    /// Procedure codes, beginnings and ranges of them.
    pub(crate) fn codes(&self, at: &Node, list: &CodeList) -> CodeSet {
        let ranges = self.typed(at, list, "a CPT/HCPCS code", code_set::pattern, damaged_pattern);
        CodeSet::new(ranges.into_iter().flatten().collect())
    }

    /// One procedure code.
    pub(crate) fn code(&self, at: &Node, text: &str) -> Option<ProcedureCode> {
        // The text is a single value here, so its own place stands for the list's.
        let list = CodeList::Listed(vec![text.to_owned()]);
        let codes = self.typed(at, &list, "a CPT/HCPCS code", ProcedureCode::new, damaged_code);
        codes.first().copied()
    }

    /// Diagnosis codes and beginnings of them.
    pub(crate) fn diagnoses(&self, at: &Node, list: &CodeList) -> Vec<DiagnosisPattern> {
        self.typed(at, list, "a diagnosis code", DiagnosisPattern::new, |_| {
            "write a code with or without its point, or a beginning and a star: I82.401, I82.4*"
                .to_owned()
        })
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
        self.asked.borrow_mut().insert(name.to_owned());
        let table = self.tables.get(name);
        let spoiled = self.missing.contains_key(name)
            || self.spoiled.contains("tables")
            || self.spoiled.contains(&format!("tables.{name}"));
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

    /// Whether facts could not be made of what the pack says; the tables that they need are asked for.
    pub(crate) fn facts_are_spoiled(&self) -> bool {
        self.asked.borrow_mut().extend(self.asked_by_facts.iter().cloned());
        self.spoiled.contains("facts")
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

    /// The value of the parameter `name`.
    fn param(&self, at: &Node, name: &str) -> Option<&Node> {
        let param = self.params.get(name);
        if param.is_none() {
            self.unknown_param(at, name);
        }
        param
    }

    /// A date, or the name of a parameter that is one.
    pub(crate) fn date(&self, at: &Node, text: &str) -> Option<ServiceDate> {
        if let Some(name) = text.strip_prefix('$') {
            let value = self.param(at, name)?;
            let date = value.scalar().and_then(|t| ServiceDate::parse_iso(t.as_bytes()).ok());
            if date.is_none() {
                let place = self.diagnostics.borrow().file_line(self.file, &value.span);
                self.error(
                    Code::UnknownParam,
                    &at.span,
                    format!("parameter `${name}` is `{}`, which is no date", value.inline()),
                    format!(
                        "a date is needed here, written YYYY-MM-DD; its value stands in {place}"
                    ),
                );
            }
            return date;
        }
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

    /// A text whose placeholders are all in `allowed`; `{$name}` is the value of a parameter.
    pub(crate) fn template(&self, at: &Node, text: &str, allowed: &[&str]) -> Option<Template> {
        let mut text = text.to_owned();
        while let Some((before, behind)) = text.split_once("{$") {
            let Some((name, after)) = behind.split_once('}') else { break };
            // Braces in a value would be read as placeholders.
            let value = self.param(at, name)?.inline().replace(['{', '}'], "");
            text = format!("{before}{value}{after}");
        }
        match Template::new(&text, allowed) {
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

/// A text of a list with the bytes in which it stands.
type Item<'a> = (&'a str, &'a Range<usize>);

/// Takes the texts out of a list and the sets in it.
struct Items<'a> {
    cx: &'a Cx<'a>,
    seen: BTreeSet<&'a str>,
    found: Vec<Item<'a>>,
}

impl<'a> Items<'a> {
    fn add(&mut self, text: &'a str, span: &'a Range<usize>, depth: usize) {
        match text.strip_prefix('$') {
            Some(name) => self.add_set(name, span, depth),
            None => self.found.push((text, span)),
        }
    }

    fn add_set(&mut self, name: &str, span: &'a Range<usize>, depth: usize) {
        match self.cx.sets.get_key_value(name) {
            // Circles and depth are mistakes of the sets themselves, shown where they are defined.
            Some((name, set)) if depth < sets::MAX_DEPTH && self.seen.insert(name) => {
                for item in set.items() {
                    self.add(item.scalar().unwrap_or_default(), &item.span, depth + 1);
                }
            }
            None if depth == 0 && !self.cx.spoiled.contains("value_sets") => self.cx.error(
                Code::UnknownValueSet,
                span,
                format!("value set `${name}` is not defined in this pack"),
                self.cx.nearest_set(name),
            ),
            _ => {}
        }
    }
}

/// What to write instead of an item of a list that is no code, beginning or range.
fn damaged_pattern(text: &str) -> String {
    match text.contains(['*', '-']) {
        true => "a beginning is written 9397*, a range 93970-93979".to_owned(),
        false => damaged_code(text),
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
