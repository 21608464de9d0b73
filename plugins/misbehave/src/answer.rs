//! Answers that a host must not believe.

use cleanbill_plugin_sdk::{Findings, LineView, NewFinding, Rule};

const TOLD_TO: Rule = Rule::at(0);
const NO_SUCH_RULE: Rule = Rule::at(77);

/// A finding as it should be when `count` is a number.
pub(crate) fn finds(line: Option<LineView<'_>>, out: &mut Findings<'_>, count: &str) {
    on(line, out, TOLD_TO).arg("count", count).emit();
}

pub(crate) fn finds_often(times: u32, line: Option<LineView<'_>>, out: &mut Findings<'_>) {
    (0..times).for_each(|_| finds(line, out, "1"));
}

pub(crate) fn names_no_rule(line: Option<LineView<'_>>, out: &mut Findings<'_>) {
    on(line, out, NO_SUCH_RULE).emit();
}

pub(crate) fn names_no_line(out: &mut Findings<'_>) {
    out.find(TOLD_TO).on_line(1_000).arg("count", 1).emit();
}

pub(crate) fn brings_another_value(line: Option<LineView<'_>>, out: &mut Findings<'_>) {
    on(line, out, TOLD_TO).arg("number", 1).emit();
}

fn on<'f, 'a>(
    line: Option<LineView<'_>>,
    out: &'f mut Findings<'a>,
    rule: Rule,
) -> NewFinding<'f, 'a> {
    let finding = out.find(rule);
    match line {
        Some(line) => finding.on(line),
        None => finding,
    }
}
