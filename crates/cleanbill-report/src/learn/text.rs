//! What was learnt, for people on a terminal.

use std::io::{self, Write};

use super::result::{DenialRow, Denials, Fates, LearnResult};
use super::words::{doubts, percent, reason, samples};
use crate::amount::Cents;
use crate::diff::LineSum;
use crate::dollars::{dollars, grouped, many};
use crate::escape::escape;
use crate::styles::Styles;
use crate::table::write_table;

/// Input errors that are shown; JSON and CSV have more.
const SHOWN: usize = 20;

/// Writes it.
pub(super) fn write(out: &mut dyn Write, result: &LearnResult, styles: &Styles) -> io::Result<()> {
    let label = styles.label;
    let (books, claims) = (&result.remits, &result.remits.claims);
    writeln!(
        out,
        "{label}remitted{label:#}  {} and {} in {} of {}; charges {}, paid {}, adjusted {}",
        many(claims.claims_in, "claim"),
        many(books.lines, "line"),
        many(books.payments, "payment"),
        dollars(Cents(books.payment_total)),
        dollars(Cents(claims.charges_in)),
        dollars(Cents(books.paid)),
        dollars(Cents(books.adjusted)),
    )?;
    writeln!(out, "{label}checked{label:#}   {}", many(result.claims, "claim"))?;
    for doubt in doubts(result) {
        writeln!(out, "{0}{doubt}{0:#}", styles.warning)?;
    }
    rules(out, result, styles)?;
    let (denied, foreseen) = (result.denied, result.foreseen);
    writeln!(
        out,
        "\n{label}denied{label:#}    {}, {}; a rule had fired on {} of them, {} ({})",
        many(denied.lines, "line"),
        dollars(denied.charge),
        count(foreseen.lines),
        dollars(foreseen.charge),
        percent(foreseen.lines, denied.lines),
    )?;
    denials(out, "denied, and no rule had said anything", &result.unseen, styles)?;
    denials(out, "denied on claims that were not checked", &result.not_checked, styles)?;
    problems(out, result, styles)
}

fn rules(out: &mut dyn Write, result: &LearnResult, styles: &Styles) -> io::Result<()> {
    if result.rules.is_empty() {
        return writeln!(out, "\nno rule said anything of the claims");
    }
    // A column that is empty as a rule gets its place only when it has something to say.
    let shows_not_matched = result.rules.iter().any(|rule| rule.fates.not_matched.lines > 0);
    let row = |rule: &str, outcome: &str, fates: &Fates| -> Vec<[String; 3]> {
        let lines = |above: &str, below: &str, sum: LineSum| {
            [above.to_owned(), below.to_owned(), count(sum.lines)]
        };
        let mut cells = vec![
            [String::new(), "rule".to_owned(), rule.to_owned()],
            [String::new(), "outcome".to_owned(), outcome.to_owned()],
            lines("", "findings", fates.all()),
            lines("denied as", "predicted", fates.as_predicted),
            lines("denied", "otherwise", fates.otherwise),
            lines("paid", "anyway", fates.paid),
            lines("no answer", "yet", fates.open),
        ];
        if shows_not_matched {
            cells.push(lines("not", "matched", fates.not_matched));
        }
        let precision = percent(fates.as_predicted.lines, fates.answered().lines);
        cells.push([String::new(), "precision".to_owned(), precision]);
        cells.push(["charges".to_owned(), "denied".to_owned(), dollars(fates.denied().charge)]);
        cells
    };
    let rules = result.rules.iter();
    let mut table: Vec<Vec<[String; 3]>> =
        rules.map(|rule| row(&rule.rule, rule.outcome.as_str(), &rule.fates)).collect();
    table.push(row("fired, each line once", "", &result.total));
    let part = |row: &[[String; 3]], part: usize| -> Vec<String> {
        row.iter().filter_map(|cell| cell.get(part).cloned()).collect()
    };
    let heads: Vec<Vec<String>> =
        table.first().map(|row| vec![part(row, 0), part(row, 1)]).unwrap_or_default();
    let head: Vec<Vec<&str>> =
        heads.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<Vec<String>> = table.iter().map(|row| part(row, 2)).collect();
    let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
    writeln!(out)?;
    write_table(out, &head, &rows, 2, styles.label)?;
    for rule in result.rules.iter().filter(|rule| !rule.paid_samples.is_empty()) {
        let (style, lines) = (styles.label, samples(&rule.paid_samples));
        writeln!(out, "{style}paid anyway{style:#}  {}: {}", escape(&rule.rule), escape(&lines))?;
    }
    Ok(())
}

fn denials(out: &mut dyn Write, title: &str, denials: &Denials, styles: &Styles) -> io::Result<()> {
    if denials.total.lines == 0 {
        return Ok(());
    }
    let label = styles.label;
    let (lines, charge) = (many(denials.total.lines, "line"), dollars(denials.total.charge));
    writeln!(out, "\n{label}{title}{label:#}: {lines}, {charge}")?;
    let row = |row: &DenialRow| {
        vec![
            reason(row),
            samples(&row.samples),
            count(row.denied.lines),
            dollars(row.denied.charge),
        ]
    };
    let rows: Vec<Vec<String>> = denials.rows.iter().map(row).collect();
    let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
    write_table(out, &[vec!["reason", "for example", "lines", "amount"]], &rows, 2, label)
}

fn problems(out: &mut dyn Write, result: &LearnResult, styles: &Styles) -> io::Result<()> {
    if !result.problems.is_empty() {
        writeln!(out)?;
    }
    for problem in result.problems.iter().take(SHOWN) {
        let (style, error) = (styles.error, &problem.error);
        let claim = error.claim.as_deref().map_or(String::new(), |id| format!(" claim {id}"));
        writeln!(
            out,
            "{style}{}{style:#} {}:{}{}: {}",
            error.code,
            escape(&problem.file),
            error.location.line,
            escape(&claim),
            escape(&error.message)
        )?;
        writeln!(out, "  help: {}", escape(&error.fix))?;
    }
    let shown = u64::try_from(result.problems.len().min(SHOWN)).unwrap_or(0);
    let more = result.input_errors.saturating_sub(shown);
    if more > 0 {
        writeln!(out, "and {} more; the formats json and csv show a thousand", count(more))?;
    }
    Ok(())
}

fn count(number: u64) -> String {
    grouped(&number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::sample;

    #[test]
    fn rules_and_denials_line_up() {
        let text = sample::render(|out, result| write(out, result, &Styles::plain()));
        crate::sample::snapshot("learn_text", &text);
    }

    #[test]
    fn nothing_learnt_says_so() {
        let mut out = Vec::new();
        write(&mut out, &LearnResult::default(), &Styles::plain()).unwrap();
        assert!(String::from_utf8(out).unwrap().contains("no rule said anything"));
    }
}
