//! The summary block: nothing lost, what is at risk, which rules spoke.

use std::io::{self, Write};

use cleanbill_model::{Accounting, NotFinal, Severity};

use super::wrap::{columns, spaces};
use crate::amount::Cents;
use crate::escape::escape;
use crate::styles::Styles;
use crate::summary::{FinalSummary, RuleCounts, Summary};

/// Writes the block.
pub(super) fn write(out: &mut dyn Write, styles: &Styles, summary: &Summary) -> io::Result<()> {
    let (name, total) = (styles.name, &summary.total);
    writeln!(out, "{name}summary{name:#}")?;
    entry(out, styles, "claims", &claims(summary))?;
    entry(out, styles, "charges", &charges(total))?;
    if let Some(words) = not_final(summary) {
        entry(out, styles, "not final", &words)?;
    }
    entry(out, styles, "bytes", &bytes(total))?;
    if !total.holds() || summary.files.iter().any(|file| !file.accounting.holds()) {
        let error = styles.error;
        let warning = "the sums do not add up: part of the input is not accounted for";
        entry(out, styles, "", &format!("{error}{warning}{error:#}"))?;
    }
    if summary.input_errors > 0 {
        entry(out, styles, "input errors", &summary.input_errors.to_string())?;
    }
    let repeats = summary.files.iter().flat_map(|file| &file.repeats);
    let repeated: u64 = repeats.map(|repeats| repeats.count).sum();
    if repeated > 0 {
        entry(out, styles, "interchanges", &format!("{repeated} stand in an earlier file too"))?;
    }
    if summary.faults > 0 {
        entry(out, styles, "faults", &summary.faults.to_string())?;
    }
    entry(out, styles, "charge at risk", &summary.charge_at_risk.to_string())?;
    entry(out, styles, "findings", &findings(styles, summary))?;
    rules(out, styles, &summary.rules)?;
    if !summary.unused_waivers.is_empty() {
        entry(out, styles, "unused waivers", &summary.unused_waivers.len().to_string())?;
    }
    entry(out, styles, "edits", &edits(summary))?;
    if !summary.not_run.is_empty() {
        let mut tables: Vec<&str> = summary.not_run.iter().map(|one| one.table.as_str()).collect();
        tables.sort_unstable();
        tables.dedup();
        let words = format!("{}, not imported: {}", summary.not_run.len(), tables.join(", "));
        entry(out, styles, "switched off", &escape(&words))?;
    }
    entry(out, styles, "exit code", &exit_code(summary.exit_code))
}

fn entry(out: &mut dyn Write, styles: &Styles, label: &str, text: &str) -> io::Result<()> {
    let style = styles.label;
    write!(out, "  {style}{label}{style:#}")?;
    spaces(out, 16_usize.saturating_sub(columns(label)))?;
    writeln!(out, "{text}")
}

fn claims(summary: &Summary) -> String {
    let total = &summary.total;
    format!(
        "{} in = {} passed + {} rejected + {} quarantined{}",
        total.claims_in,
        total.passed,
        total.rejected,
        total.quarantined,
        summary.not_final_words()
    )
}

/// What became of claims that were not judged since they are not final.
fn not_final(summary: &Summary) -> Option<String> {
    let FinalSummary { preset, orphans, no_key } = summary.finalize?;
    let NotFinal { superseded, voided, voids, repeated, lines, .. } = summary.total.not_final;
    let mut text = format!(
        "{superseded} superseded + {voided} voided + {voids} voids + {repeated} repeated, by {preset}"
    );
    for (count, words) in [
        (lines, "lines taken off claims that are judged"),
        (orphans, "judged that replace a claim which is not here"),
        (no_key, "judged of which nothing tells the versions"),
    ] {
        if count > 0 {
            text.push_str(&format!("; {count} {words}"));
        }
    }
    Some(text)
}

fn charges(total: &Accounting) -> String {
    let mut text = format!(
        "{} in = {} passed + {} rejected + {} quarantined",
        Cents(total.charges_in),
        Cents(total.charges_passed),
        Cents(total.charges_rejected),
        Cents(total.charges_quarantined)
    );
    if total.not_final.charges != 0 {
        text.push_str(&format!(" + {} not final", Cents(total.not_final.charges)));
    }
    if total.charges_unreadable > 0 {
        text.push_str(&format!("; {} unreadable", total.charges_unreadable));
    }
    text
}

fn bytes(total: &Accounting) -> String {
    format!(
        "{} in, {} accounted for, {} of them quarantined",
        total.bytes_in,
        total.bytes.total(),
        total.bytes.quarantined
    )
}

fn findings(styles: &Styles, summary: &Summary) -> String {
    let severities =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")];
    let parts: Vec<String> = severities
        .into_iter()
        .map(|(severity, word)| {
            let count = summary.severities.of(severity);
            let plural = if count == 1 { "" } else { "s" };
            match styles.severity(severity) {
                style if count > 0 => format!("{style}{count} {word}{plural}{style:#}"),
                _ => format!("{count} {word}{plural}"),
            }
        })
        .collect();
    parts.join(", ")
}

fn edits(summary: &Summary) -> String {
    let registry = &summary.registry;
    let origins: Vec<&str> =
        registry.packs.iter().chain(&registry.plugins).map(String::as_str).collect();
    match origins.as_slice() {
        [] => registry.edits.to_string(),
        origins => format!("{} from {}", registry.edits, escape(&origins.join(", "))),
    }
}

/// A whole run ends with 0, 1 or 3; any other end has no summary.
fn exit_code(code: u8) -> String {
    let meaning = match code {
        0 => "nothing that fails the run",
        1 => "findings that fail the run",
        3 => "part of the input could not be trusted",
        _ => return code.to_string(),
    };
    format!("{code}, {meaning}")
}

fn rules(out: &mut dyn Write, styles: &Styles, rules: &[RuleCounts]) -> io::Result<()> {
    let names: Vec<_> = rules.iter().map(|counts| escape(&counts.rule)).collect();
    let width = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    for (counts, name) in rules.iter().zip(&names) {
        let outcomes = [
            (counts.fires, "fired"),
            (counts.undetermined, "undetermined"),
            (counts.waived, "waived"),
        ];
        let words: Vec<String> = outcomes
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let padding = " ".repeat(width.saturating_sub(columns(name)));
        entry(out, styles, "", &format!("{name}{padding}  {}", words.join(", ")))?;
    }
    Ok(())
}
