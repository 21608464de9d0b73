//! Checked packs and warnings for people.

use std::io::{self, Write};

use cleanbill_report::{Styles, escape};
use cleanbill_rules::{Level, Pack, Warning};

use crate::failure::plural;
use crate::terminal;

/// Writes a line for each pack, then the warnings.
pub fn write(out: &mut dyn Write, packs: &[Pack], warnings: &[Warning]) -> io::Result<()> {
    for pack in packs {
        let (rules, tests) = (pack.edits.len(), pack.tests.len());
        writeln!(
            out,
            "ok: {} {}: {rules} rule{}, {tests} test{}, {} table rows",
            pack.name,
            pack.version,
            plural(rules),
            plural(tests),
            pack.table_rows
        )?;
    }
    let styles = terminal::styles();
    warnings.iter().try_for_each(|warning| self::warning(out, &styles, warning))?;
    if warnings.is_empty() {
        return Ok(());
    }
    let of = |level| warnings.iter().filter(|warning| warning.lint.level() == level).count();
    let (loud, notes) = (of(Level::Warning), of(Level::Note));
    writeln!(out, "\n{loud} warning{}, {notes} note{}", plural(loud), plural(notes))
}

fn warning(out: &mut dyn Write, styles: &Styles, warning: &Warning) -> io::Result<()> {
    let level = warning.lint.level();
    let style = match level {
        Level::Warning => styles.warning,
        Level::Note => styles.info,
    };
    let (word, code) = (level.as_str(), warning.lint.as_str());
    let place = &warning.place;
    writeln!(out, "\n{style}{word}[{code}]{style:#}: {}", escape(&warning.message))?;
    writeln!(out, "  --> {}:{}:{}", place.file, place.line, place.column)?;
    for other in &warning.others {
        writeln!(out, "  --> {}:{}:{}", other.file, other.line, other.column)?;
    }
    writeln!(out, "   = help: {}", escape(&warning.help))
}
