//! What stays of a pack's text once its rules are checked: for warnings and for coverage of clauses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cleanbill_engine::Edit;
use cleanbill_model::{EditInfo, Period, ProcedureCode, ServiceDate};

use super::context::Cx;
use crate::declare::{AllowDecl, PackDecl, RuleDecl};
use crate::diagnostic::{Code, suggest};
use crate::kind;
use crate::lint::Lint;
use crate::place::Place;
use crate::same::RENDERING;
use crate::table::Table;
use crate::yaml::{Node, Shape};

/// Clauses that a rule uses only where their key stands in it.
const OPTIONAL: [&str; 17] = [
    "codes",
    "codes_where",
    "sex",
    "age",
    "when",
    "must",
    "must_have",
    "unless",
    "not_allowed",
    "requires_any",
    "conflicts",
    "not_on_separate_lines",
    "unless_modifiers",
    "except_modifiers",
    "differ",
    "repeated",
    "bypass",
];
/// Clauses that a rule uses only where `same` names them.
const SHARED: [&str; 5] = ["rendering_provider", "extremity", "modifiers", "units", "charge"];

/// What stays of a pack's text.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub(crate) rules: Vec<RuleOutline>,
    /// Value sets and tables by name, where they are defined.
    pub(crate) sets: BTreeMap<String, Place>,
    pub(crate) tables: BTreeMap<String, Place>,
    pub(crate) review_by: Option<(ServiceDate, Place)>,
    pub(crate) allows: Vec<Allow>,
    /// On which days codes exist, from the tables of `code_validity` rules about procedures.
    pub(crate) lives: BTreeMap<ProcedureCode, Vec<Period>>,
    /// Texts outside of definitions, which may name a value set or table.
    names: BTreeSet<String>,
    applies: bool,
    /// Types of claims that the pack is for; none for all.
    pub(crate) claim_types: Option<Vec<String>>,
}

/// What stays of a rule's text.
#[derive(Debug)]
pub(crate) struct RuleOutline {
    pub(crate) id: String,
    pub(crate) slug: Option<String>,
    pub(crate) place: Place,
    pub(crate) title: Place,
    /// Its remittance reason.
    pub(crate) carc: Place,
    pub(crate) info: Arc<EditInfo>,
    /// Keys of the kind's block whose value is a list of texts, or names a value set.
    pub(crate) lists: BTreeMap<String, Vec<String>>,
    /// Where each key of the kind's block stands.
    pub(crate) keys: BTreeMap<String, Place>,
    /// The kind's block without positions, key by key; value sets written out.
    pub(crate) shape: BTreeMap<String, String>,
    /// Where it names its table.
    pub(crate) table: Option<Place>,
    /// `applies_to` without positions; empty when there is none.
    pub(crate) applies: String,
    /// Types of claims that the rule is for; none for all of the pack.
    pub(crate) claim_types: Option<Vec<String>>,
    /// Clauses in use, in the order in which they are decided.
    pub(crate) clauses: Vec<(&'static str, Place)>,
    pub(crate) allows: Vec<Allow>,
    /// Whether a row of its table is in force on a day on which the rule holds, if that is needed.
    pub(crate) has_rows: bool,
}

/// A warning that the author keeps.
#[derive(Clone, Debug)]
pub(crate) struct Allow {
    pub(crate) lint: Lint,
    pub(crate) place: Place,
}

impl Outline {
    /// Of `pack.yaml` without its rules.
    pub(super) fn new(cx: &Cx<'_>, tree: &Node, decl: &PackDecl) -> Self {
        let place = |block: &str, name: &str| cx.place(&tree.get(block).key_span(name));
        let review_by = decl.review_by.as_ref().and_then(|text| {
            let node = tree.get("review_by");
            Some((cx.date(node, text)?, cx.place(&node.span)))
        });
        let mut outline = Self {
            sets: decl
                .value_sets
                .keys()
                .map(|name| (name.clone(), place("value_sets", name)))
                .collect(),
            tables: decl.tables.keys().map(|name| (name.clone(), place("tables", name))).collect(),
            review_by,
            allows: allows(cx, tree.get("allow"), &decl.allow),
            applies: decl.applies_to.is_some(),
            claim_types: list(cx, tree.get("applies_to").get("claim_types")),
            ..Self::default()
        };
        outline.read(tree);
        outline
    }

    /// Takes in the texts of a file.
    pub(super) fn read(&mut self, tree: &Node) {
        let Shape::Map(entries) = &tree.shape else { return };
        for entry in entries {
            match entry.key.as_str() {
                "tables" => {}
                // A set names other sets; its values name nothing.
                "value_sets" => {
                    let mut values = BTreeSet::new();
                    texts(&entry.value, &mut values);
                    self.names.extend(values.into_iter().filter(|text| text.starts_with('$')));
                }
                _ => texts(&entry.value, &mut self.names),
            }
        }
    }

    /// Takes in a rule whose edit could be made.
    pub(super) fn rule(&mut self, cx: &Cx<'_>, node: &Node, rule: &RuleDecl, edit: &dyn Edit) {
        let Some(info) = edit.infos().first() else { return };
        let block = node.get(info.kind);
        let named = ["table", "covered"].iter().find_map(|key| {
            let entry = block.entry(key)?;
            let Shape::Scalar { text, .. } = &entry.value.shape else { return None };
            Some((cx.tables.get(text)?, cx.place(&entry.key_span)))
        });
        let table = named.as_ref().map(|(table, _)| *table);
        let of_procedures = info.kind == kind::CODE_VALIDITY
            && scalar(block, "of").is_none_or(|of| of != kind::OF_DIAGNOSIS);
        if let Some(table) = table.filter(|_| of_procedures) {
            self.lives(table);
        }
        let entries = match &block.shape {
            Shape::Map(entries) => entries.as_slice(),
            _ => &[],
        };
        let clauses = kind::clauses(rule)
            .iter()
            .filter(|clause| self.uses(cx, clause, info, node, table))
            .map(|clause| {
                let from = if block.entry(clause).is_some() { block } else { node };
                let key = if from.entry(clause).is_some() { clause } else { info.kind };
                match &named {
                    Some((_, place)) if *clause == "table" => (*clause, place.clone()),
                    _ => (*clause, cx.place(&from.key_span(key))),
                }
            })
            .collect();
        self.rules.push(RuleOutline {
            id: rule.id.clone(),
            slug: rule.slug.clone(),
            place: cx.place(&node.span),
            title: cx.place(&node.get("title").span),
            carc: cx.place(&node.get("remit").get("carc").span),
            info: Arc::clone(info),
            lists: entries
                .iter()
                .filter_map(|entry| Some((entry.key.clone(), list(cx, &entry.value)?)))
                .collect(),
            keys: entries.iter().map(|e| (e.key.clone(), cx.place(&e.key_span))).collect(),
            shape: entries.iter().map(|e| (e.key.clone(), shape(cx, &e.value))).collect(),
            applies: node.entry("applies_to").map(|e| shape(cx, &e.value)).unwrap_or_default(),
            claim_types: list(cx, node.get("applies_to").get("claim_types")),
            clauses,
            allows: allows(cx, node.get("allow"), &rule.allow),
            table: named.map(|(_, place)| place),
            has_rows: table.filter(|_| info.kind != kind::CODE_VALIDITY).is_none_or(|table| {
                table.periods().any(|row| {
                    let both = row.narrowed(info.effective);
                    both.from.zip(both.through).is_none_or(|(from, through)| from <= through)
                })
            }),
        });
    }

    /// Whether any text of the pack names this value set or table.
    pub(crate) fn names(&self, name: &str) -> bool {
        let column = format!("{name}.");
        self.names.contains(name)
            || self
                .names
                .range(column.clone()..)
                .next()
                .is_some_and(|text| text.starts_with(&column))
    }

    fn lives(&mut self, table: &Table) {
        let Some(column) = table.optional_column("code") else { return };
        let (codes, periods) = (table.typed(column, ProcedureCode::new), table.periods());
        let _ = table.each(|row| {
            let (code, period) = (codes.get(row)?, periods.get(row)?);
            self.lives.entry(code).or_default().push(period);
            Some(())
        });
    }

    /// Whether the rule can be decided by this clause at all.
    fn uses(
        &self,
        cx: &Cx<'_>,
        clause: &str,
        info: &EditInfo,
        node: &Node,
        table: Option<&Table>,
    ) -> bool {
        let block = node.get(info.kind);
        match clause {
            "applies_to" => self.applies || node.entry("applies_to").is_some(),
            "effective" => {
                let apart = [kind::CODE_VALIDITY, kind::DIAGNOSIS_COVERAGE, kind::GLOBAL_SURGERY];
                let by_rows = !apart.contains(&info.kind);
                let dated = by_rows && table.is_some_and(Table::is_dated);
                info.effective != Period::ALWAYS || dated || has(block, "effective")
            }
            // Rows for every code and day always say something.
            "table" if info.kind == kind::DIAGNOSIS_COVERAGE => table
                .is_some_and(|table| table.is_dated() || table.optional_column("code").is_some()),
            "table" => table.is_some(),
            "unit_basis" => scalar(block, "count").is_none_or(|count| count == "units"),
            "history" if kind::LOOKS_BACK.contains(&info.kind) => {
                scalar(block, "history") != Some("claim_only")
            }
            "history" => block.entry("search").is_some_and(|search| {
                let words = ["history", "institutional_history"];
                words.iter().any(|word| has_text(&search.value, word))
            }),
            // Only a row that was never in force is decided by its indicator.
            "indicator" => {
                let listed = block.entry("pairs").is_some_and(|e| has_text(&e.value, "9"));
                let column =
                    table.and_then(|table| Some((table, table.optional_column("indicator")?)));
                listed || column.is_some_and(|(table, column)| table.has(column, "9"))
            }
            clause if OPTIONAL.contains(&clause) => block.entry(clause).is_some(),
            clause if SHARED.contains(&clause) => {
                let by_provider =
                    |key: &str| clause == "rendering_provider" && RENDERING.contains(&key);
                list(cx, block.get("same"))
                    .is_some_and(|same| same.iter().any(|key| key == clause || by_provider(key)))
            }
            _ => true,
        }
    }
}

fn allows(cx: &Cx<'_>, at: &Node, decls: &[AllowDecl]) -> Vec<Allow> {
    let known: Vec<&str> = Lint::ALL.iter().map(|lint| lint.as_str()).collect();
    let allow = |(index, decl): (usize, &AllowDecl)| {
        let at = at.item(index);
        let lint = Lint::from_code(&decl.lint);
        if lint.is_none() {
            cx.error(
                Code::BadAllow,
                &at.get("lint").span,
                format!("`{}` is not a warning of `rules check`", decl.lint),
                suggest(&decl.lint, known.iter().copied()),
            );
        }
        if decl.reason.trim().is_empty() {
            cx.error(
                Code::BadAllow,
                &at.get("reason").span,
                "the warning is kept without a reason".to_owned(),
                "say why it is right as it is".to_owned(),
            );
        }
        Some(Allow { lint: lint?, place: cx.place(&at.span) })
    };
    decls.iter().enumerate().filter_map(allow).collect()
}

/// The text of a key with a single value.
fn scalar<'a>(block: &'a Node, key: &str) -> Option<&'a str> {
    match &block.entry(key)?.value.shape {
        Shape::Scalar { text, .. } => Some(text),
        _ => None,
    }
}

/// A list of texts; the name of a value set stands for its texts.
fn list(cx: &Cx<'_>, node: &Node) -> Option<Vec<String>> {
    match &node.shape {
        Shape::Scalar { text, .. } => cx
            .sets
            .contains_key(text.strip_prefix('$')?)
            .then(|| cx.written_out(core::slice::from_ref(text))),
        Shape::List(items) => {
            let texts = items.iter().map(|item| match &item.shape {
                Shape::Scalar { text, .. } => Some(text.clone()),
                _ => None,
            });
            Some(cx.written_out(&texts.collect::<Option<Vec<_>>>()?))
        }
        Shape::Map(_) => None,
    }
}

/// A value without positions, the order of keys and the way in which it is written.
fn shape(cx: &Cx<'_>, node: &Node) -> String {
    match (&node.shape, list(cx, node)) {
        (_, Some(mut list)) => {
            list.sort_unstable();
            list.dedup();
            format!("{list:?}")
        }
        (Shape::Scalar { text, .. }, _) => format!("{text:?}"),
        (Shape::List(items), _) => {
            let items: Vec<String> = items.iter().map(|item| shape(cx, item)).collect();
            format!("[{}]", items.join(","))
        }
        (Shape::Map(entries), _) => {
            let entries: BTreeMap<&str, String> =
                entries.iter().map(|e| (e.key.as_str(), shape(cx, &e.value))).collect();
            format!("{entries:?}")
        }
    }
}

fn texts(node: &Node, into: &mut BTreeSet<String>) {
    match &node.shape {
        Shape::Scalar { text, .. } => {
            into.insert(text.clone());
        }
        Shape::List(items) => items.iter().for_each(|item| texts(item, into)),
        Shape::Map(entries) => entries.iter().for_each(|entry| texts(&entry.value, into)),
    }
}

fn has(node: &Node, key: &str) -> bool {
    match &node.shape {
        Shape::Map(entries) => entries.iter().any(|e| e.key == key || has(&e.value, key)),
        Shape::List(items) => items.iter().any(|item| has(item, key)),
        Shape::Scalar { .. } => false,
    }
}

fn has_text(node: &Node, wanted: &str) -> bool {
    let mut all = BTreeSet::new();
    texts(node, &mut all);
    all.contains(wanted)
}
