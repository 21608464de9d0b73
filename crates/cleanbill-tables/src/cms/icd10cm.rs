//! ICD-10-CM codes of a fiscal year, with the ones too short to bill.
//!
//! Source: `icd10cm_order_2026.txt`: order number in positions 1 to 5, code without its point in 7 to 13,
//! 1 in position 15 where it can be billed, then descriptions, which are not stored.

use super::cell::{Cell, text};
use super::day::Day;
use super::layout::{Given, Layout};
use super::report::{Rows, Wrong};

pub(crate) struct Icd10Cm {
    from: Option<Day>,
    through: Option<Day>,
}

impl Icd10Cm {
    pub(crate) const fn new(given: &Given) -> Self {
        Self { from: given.from, through: given.through }
    }

    /// Code and billable flag of a line that has this layout.
    pub(crate) fn parse(line: &str) -> Option<(&str, &str)> {
        let number = line.get(..5)?;
        let code = line.get(6..13)?.trim_ascii_end();
        let billable = line.get(14..15)?;
        let fits = number.bytes().all(|byte| byte.is_ascii_digit())
            && line.get(5..6)? == " "
            && line.get(13..14)? == " "
            && (3..=7).contains(&code.len())
            && code.starts_with(|first: char| first.is_ascii_uppercase())
            && code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
            && matches!(billable, "0" | "1");
        fits.then_some((code, billable))
    }
}

impl Layout for Icd10Cm {
    fn row(&mut self, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        let record = text(cells, 0);
        if record.is_empty() {
            return;
        }
        let Some((code, billable)) = Self::parse(record) else {
            let start: String = record.chars().take(15).collect();
            return rows.damaged(line, "positions 1 to 15", &start, Wrong::WIDTH);
        };
        let dotted = match code.split_at_checked(3) {
            Some((category, rest)) if !rest.is_empty() => format!("{category}.{rest}"),
            _ => code.to_owned(),
        };
        let billable = if billable == "1" { "yes" } else { "no" };
        let [from, through] =
            [&self.from, &self.through].map(|day| day.as_ref().map_or("", Day::as_str));
        rows.keep(line, &[&dotted, billable, from, through]);
    }
}
