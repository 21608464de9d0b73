//! Two blanks a level. What stands behind the first word of a line is left alone, and lines that go on
//! with a value of the line above move with it, so that what an author has aligned stays aligned.

use super::lines::{Lines, depth, is_blank, is_comment};
use crate::yaml::{Node, Shape};

/// Blanks that each level adds.
const STEP: usize = 2;

/// `text` with every block at its level and no blanks at the end of a line; none when a block begins
/// in a way that packs have no use for (`? key`, a tab).
pub(super) fn indent(text: &str, tree: &Node) -> Option<String> {
    let lines = Lines::new(text);
    let plans = core::iter::repeat_with(|| Plan::Other).take(lines.count()).collect();
    let mut planner = Planner { lines: &lines, plans, open: vec![false; lines.count()] };
    planner.value(tree, &Place { column: 0, behind: 0, holder: 0 })?;
    Some(planner.write())
}

/// Whether a list is written in brackets. A block list without indentation begins with its first item.
pub(super) fn is_flow_list(lines: &Lines<'_>, node: &Node, items: &[Node]) -> bool {
    lines.behind(node.span.start).starts_with('[')
        && items.first().is_none_or(|first| first.span.start > node.span.start)
}

/// What becomes of a line.
enum Plan {
    /// Blank, a comment, or a marker such as `---`.
    Other,
    /// It begins with dashes or a key or value of a block.
    Begins(Vec<Piece>),
    /// It goes on with a value that began on line `from`; it must not fall below `least`.
    GoesOn { from: usize, least: usize },
    /// Text under `|` or `>`: `old` blanks become `new`.
    Text { old: usize, new: usize },
}

/// Something that begins a block on a line: from column `old` to column `new`.
#[derive(Clone, Copy)]
struct Piece {
    old: usize,
    new: usize,
    dash: bool,
}

/// Where a value stands.
struct Place {
    /// The column of the value if it begins a block.
    column: usize,
    /// The byte behind its key and colon, or behind its dash.
    behind: usize,
    /// The column of that key or dash as it was.
    holder: usize,
}

struct Planner<'a> {
    lines: &'a Lines<'a>,
    plans: Vec<Plan>,
    /// Lines whose last blanks belong to a text that goes on.
    open: Vec<bool>,
}

impl Planner<'_> {
    fn value(&mut self, node: &Node, place: &Place) -> Option<()> {
        let start = node.span.start;
        match &node.shape {
            Shape::Map(entries)
                if entries.first().is_some_and(|entry| entry.key_span.start == start) =>
            {
                for entry in entries {
                    let key = entry.key_span.start;
                    self.begin(key, place.column, false)?;
                    self.value(
                        &entry.value,
                        &Place {
                            column: place.column + STEP,
                            behind: entry.key_span.end,
                            holder: self.lines.column(key),
                        },
                    )?;
                }
            }
            Shape::List(items) if !is_flow_list(self.lines, node, items) => {
                for item in items {
                    let dash = self.dash(item)?;
                    self.begin(dash, place.column, true)?;
                    self.value(
                        item,
                        &Place {
                            column: place.column + STEP,
                            behind: dash + 1,
                            holder: self.lines.column(dash),
                        },
                    )?;
                }
            }
            Shape::Scalar { plain: false, .. } if self.header(place.behind).is_some() => {
                self.block_text(place);
            }
            Shape::Scalar { .. } if node.span.is_empty() => {}
            _ => self.inline(node, place)?,
        }
        Some(())
    }

    /// A block begins at byte `at` and will stand in `column`.
    fn begin(&mut self, at: usize, column: usize, dash: bool) -> Option<()> {
        let line = self.lines.of(at);
        let before = self.lines.before(at);
        let plan = self.plans.get_mut(line)?;
        if let Plan::Other = plan {
            *plan = Plan::Begins(Vec::new());
        }
        let Plan::Begins(pieces) = plan else { return None };
        let dashes = pieces.iter().filter(|piece| piece.dash).count();
        let only_dashes = before.chars().all(|c| matches!(c, ' ' | '-'));
        if !only_dashes || before.matches('-').count() != dashes {
            return None;
        }
        pieces.push(Piece { old: before.len(), new: column, dash });
        Some(())
    }

    /// The dash of a list item: on its line, or alone on a line above.
    fn dash(&self, item: &Node) -> Option<usize> {
        let at = item.span.start;
        let before = self.lines.before(at).trim_end();
        if before.ends_with('-') {
            return Some(self.lines.start(self.lines.of(at)) + before.len() - 1);
        }
        let above = (0..self.lines.of(at)).rev();
        let line = above.into_iter().find(|line| {
            let text = self.lines.get(*line);
            !is_blank(text) && !is_comment(text)
        })?;
        let text = self.lines.get(line);
        let rest = text.trim_start_matches([' ', '-']);
        let run = text.get(..text.len() - rest.len())?;
        let alone = rest.is_empty() || rest.starts_with(['#', '|', '>']);
        alone.then(|| run.rfind('-'))?.map(|dash| self.lines.start(line) + dash)
    }

    /// The `|` or `>` and what follows, when the value behind this byte is such a text.
    fn header(&self, behind: usize) -> Option<&str> {
        let rest = self.lines.behind(behind).trim_start().trim_start_matches(':').trim_start();
        rest.starts_with(['|', '>']).then_some(rest)
    }

    fn block_text(&mut self, place: &Place) {
        let first = self.lines.of(place.behind) + 1;
        let header = self.header(place.behind).unwrap_or_default();
        let counted =
            header.split('#').next().unwrap_or_default().contains(|c: char| c.is_ascii_digit());
        let text = |line: usize| self.lines.get(line);
        let Some(begin) = (first..self.lines.count()).find(|line| !is_blank(text(*line))) else {
            return;
        };
        // A number behind `|` counts from the holder, so the text keeps its distance from it.
        let (old, new) = if counted {
            (place.holder, place.column.saturating_sub(STEP))
        } else {
            (depth(text(begin)), place.column)
        };
        let least = if counted { old + 1 } else { old };
        let end = (first..self.lines.count())
            .find(|line| !is_blank(text(*line)) && depth(text(*line)) < least)
            .unwrap_or_else(|| self.lines.count());
        for line in first..end {
            if let Some(plan) = self.plans.get_mut(line) {
                *plan = Plan::Text { old, new };
            }
        }
    }

    /// A value in brackets or quotes, or a bare one, over one line or several.
    fn inline(&mut self, node: &Node, place: &Place) -> Option<()> {
        let start = node.span.start;
        let first = self.lines.of(start);
        let last = self.lines.of(node.span.end.saturating_sub(1).max(start));
        if self.lines.before(start).chars().all(|c| matches!(c, ' ' | '-')) {
            self.begin(start, place.column, false)?;
        }
        let is_text = matches!(node.shape, Shape::Scalar { .. });
        for line in first + 1..=last {
            let least = place.column.saturating_sub(if is_text { STEP - 1 } else { STEP });
            if let Some(plan) = self.plans.get_mut(line) {
                *plan = Plan::GoesOn { from: first, least };
            }
        }
        self.keep_ends(node);
        Some(())
    }

    /// Blanks at the end of a line within a text may be escaped, so they are not ours to take.
    fn keep_ends(&mut self, node: &Node) {
        match &node.shape {
            Shape::Scalar { .. } => {
                let last = self.lines.of(node.span.end.saturating_sub(1).max(node.span.start));
                for line in self.lines.of(node.span.start)..last {
                    if let Some(open) = self.open.get_mut(line) {
                        *open = true;
                    }
                }
            }
            Shape::List(items) => items.iter().for_each(|item| self.keep_ends(item)),
            Shape::Map(entries) => entries.iter().for_each(|entry| self.keep_ends(&entry.value)),
        }
    }

    fn write(&self) -> String {
        let mut out = String::new();
        for (line, plan) in self.plans.iter().enumerate() {
            let text = self.lines.get(line);
            let new = self.line(line, plan, text);
            let open = self.open.get(line).is_some_and(|open| *open);
            let keeps = open || matches!(plan, Plan::Text { .. });
            out.push_str(if keeps { &new } else { new.trim_end() });
            out.push('\n');
        }
        out
    }

    fn line(&self, line: usize, plan: &Plan, text: &str) -> String {
        let at = |column: usize, rest: &str| format!("{}{rest}", " ".repeat(column));
        match plan {
            Plan::Text { old, new } => match text.get(*old..) {
                Some(rest) if !is_blank(text) || !rest.is_empty() => at(*new, rest),
                _ => String::new(),
            },
            _ if is_blank(text) => String::new(),
            Plan::Begins(pieces) => begun(text, pieces),
            Plan::GoesOn { from, least } => {
                let moved = self.moved(*from, depth(text));
                at(moved.max(*least), text.trim_start())
            }
            Plan::Other if is_comment(text) => {
                at(self.comment_column(line, depth(text)), text.trim_start())
            }
            Plan::Other => text.to_owned(),
        }
    }

    /// A column of a line that moves as line `from` does.
    fn moved(&self, from: usize, column: usize) -> usize {
        match self.plans.get(from) {
            Some(Plan::Begins(pieces)) => {
                pieces.last().map_or(column, |piece| (column + piece.new).saturating_sub(piece.old))
            }
            _ => column,
        }
    }

    /// A comment stands with what follows it; if that is less deep, with what it follows.
    fn comment_column(&self, line: usize, column: usize) -> usize {
        let next = self.plans.iter().skip(line + 1).find_map(Plan::first);
        let next_column = next.map_or(0, |piece| piece.new);
        if next.is_some_and(|piece| piece.old >= column) {
            return next_column;
        }
        let above = self.plans.iter().take(line).rev();
        let mut fitting = above.filter_map(|plan| plan.piece_at(column));
        fitting.next().map_or(next_column, |piece| piece.new.max(next_column))
    }
}

impl Plan {
    fn first(&self) -> Option<&Piece> {
        match self {
            Self::Begins(pieces) => pieces.first(),
            _ => None,
        }
    }

    /// The deepest beginning of the line that is not deeper than `column`.
    fn piece_at(&self, column: usize) -> Option<&Piece> {
        match self {
            Self::Begins(pieces) => pieces.iter().rev().find(|piece| piece.old <= column),
            _ => None,
        }
    }
}

fn begun(text: &str, pieces: &[Piece]) -> String {
    let mut new = String::new();
    for piece in pieces {
        new.push_str(&" ".repeat(piece.new.saturating_sub(new.len())));
        if piece.dash {
            new.push('-');
        }
    }
    let rest = pieces.last().and_then(|last| text.get(last.old + usize::from(last.dash)..));
    new + rest.unwrap_or_default()
}
