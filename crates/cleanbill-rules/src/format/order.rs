//! The keys of a rule or waiver in one order, each moved as a whole block of lines with the comments above it.

use core::ops::Range;

use super::indent::is_flow_list;
use super::lines::{Lines, depth, is_blank, is_comment};
use super::meaning::items;
use crate::kind;
use crate::yaml::{Entry, Node, Shape};

/// The order of a rule's keys: what it is, what happens, in which words, for whom and when, who says
/// so, and its tests. `kind` stands for the one key that is the rule's kind.
const ORDER: [&str; 14] = [
    "id",
    "title",
    KIND,
    "disposition",
    "severity",
    "on_unknown",
    "remit",
    "message",
    "fix",
    "owner",
    "applies_to",
    "effective",
    "source",
    "tests",
];
const KIND: &str = "kind";

/// The order of a waiver's keys: of what, why, by whom, until when.
const WAIVER: [&str; 7] = ["rule", "match", "reason", "approved_by", "ticket", "starts", "expires"];

/// `text` with the keys of every rule and waiver in order.
pub(super) fn order(text: &str, tree: &Node) -> Option<String> {
    let rules = items(tree, "rules").iter().map(|rule| (rule, ORDER.as_slice()));
    let waivers = items(tree, "waivers").iter().map(|waiver| (waiver, WAIVER.as_slice()));
    let mut ordered: Vec<_> = rules.chain(waivers).collect();
    ordered.sort_by_key(|(node, _)| node.span.start);
    in_order(text, &ordered)
}

fn in_order(text: &str, all: &[(&Node, &[&str])]) -> Option<String> {
    let lines = Lines::new(text);
    let mut ordered = String::with_capacity(text.len());
    let mut done = 0;
    for (node, order) in all {
        let Some(blocks) = blocks(&lines, node, order) else { continue };
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { continue };
        let range = first.lines.start..last.lines.end;
        push_lines(&mut ordered, &lines, done..range.start);
        write(&mut ordered, &lines, &blocks);
        done = range.end;
    }
    push_lines(&mut ordered, &lines, done..lines.count());
    Some(ordered)
}

/// One key of a rule or waiver with all that belongs to it.
struct Block {
    rank: usize,
    lines: Range<usize>,
    key_line: usize,
    key_column: usize,
}

/// The blocks of a rule or waiver as they stand; none when it is written in one line or in another odd
/// way.
fn blocks(lines: &Lines<'_>, node: &Node, order: &[&str]) -> Option<Vec<Block>> {
    let Shape::Map(entries) = &node.shape else { return None };
    let column = lines.column(entries.first()?.key_span.start);
    let mut blocks: Vec<Block> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let start = entry.key_span.start;
        let before = lines.before(start);
        let clear = if index == 0 { before.trim_matches([' ', '-']) } else { before.trim() };
        if !clear.is_empty() || lines.column(start) != column {
            return None;
        }
        let key_line = lines.of(start);
        let from = blocks.last().map_or(key_line, |block| block.lines.end);
        let until = entries
            .get(index + 1)
            .map_or_else(|| lines.count(), |next| lines.of(next.key_span.start));
        let rank = rank(entry, order).or_else(|| Some(blocks.last()?.rank)).unwrap_or(0);
        let end = end_of(lines, entry, column, until);
        blocks.push(Block { rank, lines: from..end, key_line, key_column: column });
    }
    Some(blocks)
}

/// A key that this version does not order stays behind the one that it follows.
fn rank(entry: &Entry, order: &[&str]) -> Option<usize> {
    let name = if kind::is_kind(&entry.key) { KIND } else { entry.key.as_str() };
    order.iter().position(|known| *known == name)
}

/// The line behind an entry: behind its value, and behind comments that stand deeper than its key.
fn end_of(lines: &Lines<'_>, entry: &Entry, column: usize, until: usize) -> usize {
    let behind = lines.of(end(lines, &entry.value).max(entry.key_span.end).saturating_sub(1)) + 1;
    let is_deep = |text: &str| is_comment(text) && depth(text) > column;
    (behind..until)
        .map(|line| (line, lines.get(line)))
        .take_while(|(_, text)| is_blank(text) || is_deep(text))
        .filter(|(_, text)| is_deep(text))
        .last()
        .map_or(behind, |(line, _)| line + 1)
}

/// The end of a value without the comments behind it, which the span of a block may hold.
fn end(lines: &Lines<'_>, node: &Node) -> usize {
    match &node.shape {
        Shape::Map(entries)
            if entries.first().is_some_and(|e| e.key_span.start == node.span.start) =>
        {
            entries
                .last()
                .map_or(node.span.end, |entry| end(lines, &entry.value).max(entry.key_span.end))
        }
        Shape::List(items) if !is_flow_list(lines, node, items) => {
            items.last().map_or(node.span.end, |item| end(lines, item))
        }
        _ => node.span.end,
    }
}

fn write(out: &mut String, lines: &Lines<'_>, blocks: &[Block]) {
    let mut sorted: Vec<&Block> = blocks.iter().collect();
    sorted.sort_by_key(|block| block.rank);
    let dash = blocks
        .first()
        .map_or("", |first| lines.get(first.key_line).get(..first.key_column).unwrap_or_default());
    for (index, block) in sorted.iter().enumerate() {
        for line in block.lines.clone() {
            let text = lines.get(line);
            match text.get(block.key_column..).filter(|_| line == block.key_line) {
                Some(rest) if index == 0 => out.push_str(&format!("{dash}{rest}")),
                Some(rest) => out.push_str(&format!("{}{rest}", " ".repeat(block.key_column))),
                None => out.push_str(text),
            }
            out.push('\n');
        }
    }
}

fn push_lines(out: &mut String, lines: &Lines<'_>, range: Range<usize>) {
    for line in range {
        out.push_str(lines.get(line));
        out.push('\n');
    }
}
