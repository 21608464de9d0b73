//! The table of a comparison, and the sentences around it, before any format lays them out.

use super::result::{
    DiffBy, DiffCounts, DiffGroup, DiffResult, DiffRuleChange, DiffSide, DiffTable, LineSum,
};
use crate::dollars::{dollars, grouped, many};

/// A cell where nothing can stand: a rule that is new cannot stop hitting.
const NOTHING: &str = "-";

/// The table: texts in the first columns, numbers behind them.
pub(super) struct Grid {
    /// Columns that hold texts.
    pub(super) texts: usize,
    /// Headings in two parts, which a narrow table sets one above the other.
    pub(super) head: Vec<[&'static str; 2]>,
    /// One row a group.
    pub(super) rows: Vec<Vec<String>>,
    /// All rules together, each line once.
    pub(super) total: Vec<String>,
}

impl Grid {
    /// The headings, each on one line.
    pub(super) fn headings(&self) -> impl Iterator<Item = String> {
        self.head.iter().map(|parts| parts.join(" ").trim_start().to_owned())
    }

    /// The table of `result`.
    pub(super) fn new(result: &DiffResult) -> Self {
        let mut head = vec![["", "rule"]];
        head.extend(result.by.iter().map(|by| match by {
            DiffBy::Payer => ["", "payer"],
            DiffBy::BillingNpi => ["", "billing NPI"],
        }));
        let texts = head.len();
        head.extend([
            ["lines", "now hit"],
            ["no longer", "hit"],
            ["disposition", "changed"],
            ["now", "undetermined"],
            ["no longer", "undetermined"],
            ["billed on", "changed lines"],
        ]);
        let mut total = vec![String::new(); texts];
        if let Some(first) = total.first_mut() {
            "all, each line once".clone_into(first);
        }
        total.extend(numbers(&result.total, None));
        Self {
            texts,
            head,
            rows: result.groups.iter().map(|group| row(result, group)).collect(),
            total,
        }
    }
}

fn row(result: &DiffResult, group: &DiffGroup) -> Vec<String> {
    let mut row = vec![group.rule.clone()];
    for by in &result.by {
        let value = match by {
            DiffBy::Payer => &group.payer,
            DiffBy::BillingNpi => &group.billing_npi,
        };
        row.push(
            value.clone().filter(|value| !value.is_empty()).unwrap_or_else(|| "(none)".to_owned()),
        );
    }
    let change = result.rules.iter().find(|rule| rule.id == group.rule).map(|rule| &rule.change);
    row.extend(numbers(&group.counts, change));
    row
}

fn numbers(counts: &DiffCounts, change: Option<&DiffRuleChange>) -> [String; 6] {
    let (added, removed) =
        (change == Some(&DiffRuleChange::Added), change == Some(&DiffRuleChange::Removed));
    let cell = |sum: LineSum, is_impossible: bool| {
        if is_impossible { NOTHING.to_owned() } else { grouped(&sum.lines.to_string()) }
    };
    [
        cell(counts.now_hit, removed),
        cell(counts.no_longer_hit, added),
        cell(counts.changed, added || removed),
        cell(counts.undetermined_now, removed),
        cell(counts.undetermined_before, added),
        dollars(counts.any.charge),
    ]
}

/// `acme@2026.1.0, ncci-mue-practitioner@2026q3`: the packs of a side, and the editions of imported tables
/// that were chosen for it.
pub(super) fn side(side: &DiffSide) -> String {
    let all: Vec<&str> = side.packs.iter().chain(&side.editions).map(String::as_str).collect();
    all.join(", ")
}

/// What was billed on the lines that differ, by how, each line once; nothing when none does.
pub(super) fn charges(result: &DiffResult) -> Option<String> {
    let total = &result.total;
    let sums = [
        ("now hit", total.now_hit),
        ("no longer hit", total.no_longer_hit),
        ("changed", total.changed),
    ];
    let sums = sums.map(|(how, sum)| format!("{how} {}", dollars(sum.charge)));
    (total.claims > 0)
        .then(|| format!("{}, billed: {}", many(total.claims, "claim"), sums.join(", ")))
}

/// `1 added, 0 removed, 2 changed, 12 unchanged`.
pub(super) fn rule_counts(result: &DiffResult) -> String {
    let count = |wanted: fn(&DiffRuleChange) -> bool| {
        result.rules.iter().filter(|rule| wanted(&rule.change)).count()
    };
    format!(
        "{} added, {} removed, {} changed, {} unchanged",
        count(|change| *change == DiffRuleChange::Added),
        count(|change| *change == DiffRuleChange::Removed),
        count(|change| matches!(change, DiffRuleChange::Changed(_))),
        result.unchanged_rules
    )
}

/// How a rule changed, and which parts of it.
pub(super) fn rule_change(change: &DiffRuleChange) -> (&'static str, String) {
    match change {
        DiffRuleChange::Added => ("added", String::new()),
        DiffRuleChange::Removed => ("removed", String::new()),
        DiffRuleChange::Changed(parts) => ("changed", parts.join(", ")),
    }
}

/// `3 rows added, 0 removed, 41 changed`.
pub(super) fn row_counts(table: &DiffTable) -> String {
    match (table.added, table.removed, table.changed) {
        (0, 0, 0) => "the same rows, read in another way or order".to_owned(),
        (added, removed, changed) => format!(
            "{} added, {} removed, {} changed",
            many(added, "row"),
            grouped(&removed.to_string()),
            grouped(&changed.to_string())
        ),
    }
}

/// Rules that changed without any claim showing it.
pub(super) fn quiet_rules(result: &DiffResult) -> Vec<&str> {
    let speaks = |id: &str| result.groups.iter().any(|group| group.rule == id);
    result.rules.iter().map(|rule| rule.id.as_str()).filter(|id| !speaks(id)).collect()
}

/// What keeps the numbers from being the whole truth, one sentence each.
pub(super) fn doubts(result: &DiffResult) -> Vec<String> {
    let mut doubts = Vec::new();
    if result.input_errors > 0 {
        doubts.push(format!(
            "{} of the input could not be read or trusted; `cleanbill validate` shows more",
            many(result.input_errors, "place")
        ));
    }
    if result.faulted_claims > 0 {
        doubts.push(format!(
            "left out, because an edit could not run: {}",
            many(result.faulted_claims, "claim")
        ));
    }
    doubts
}
