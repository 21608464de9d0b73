//! An explanation as text: each line of the claim, each clause in the order in which it was decided.

use std::io::{self, Write};

use cleanbill_engine::{Explanation, LineExplanation, LineOutcome, Step, Truth};
use cleanbill_model::{Claim, EditInfo, Finding, LineRef, Outcome};
use cleanbill_report::{Styles, escape};

use crate::terminal;

/// The rule that is explained.
pub fn rule(out: &mut dyn Write, info: &EditInfo) -> io::Result<()> {
    let name = terminal::styles().name;
    writeln!(out, "{name}{}{name:#}  {}  ({})", info.id, info.title, info.origin.name())
}

/// One claim; `numbers` are the lines wanted, none meaning all.
pub fn claim(
    out: &mut dyn Write,
    file: &str,
    claim: &Claim,
    seen: &Explanation,
    numbers: &[u32],
    why_not: bool,
) -> io::Result<()> {
    let styles = terminal::styles();
    let name = styles.name;
    writeln!(
        out,
        "\nclaim {name}{}{name:#}  {}:{}",
        escape(claim.id()),
        escape(file),
        claim.location.line
    )?;
    for line in &seen.lines {
        let number = claim.lines.get(line.line).map_or(0, |line| line.number);
        if numbers.is_empty() || numbers.contains(&number) {
            self::line(out, &styles, claim, line, why_not)?;
        }
    }
    for finding in &seen.claim {
        found(out, &styles, finding)?;
    }
    Ok(())
}

fn line(
    out: &mut dyn Write,
    styles: &Styles,
    claim: &Claim,
    seen: &LineExplanation,
    why_not: bool,
) -> io::Result<()> {
    write!(out, "{}  ", title(claim, seen.line))?;
    match &seen.outcome {
        LineOutcome::Silent { because } => {
            let label = styles.label;
            let why = seen
                .steps
                .iter()
                .rev()
                .find(|step| step.clause == *because && step.truth == Truth::No);
            let detail =
                why.map_or("the rule has nothing to do with it", |step| step.detail.as_str());
            writeln!(out, "{label}SILENT{label:#} because {because}: {}", escape(detail))?;
            if why_not {
                steps(out, styles, claim, &seen.steps)?;
            }
            Ok(())
        }
        LineOutcome::Found(findings) => {
            let words: Vec<String> = findings.iter().map(|f| verdict(styles, f)).collect();
            writeln!(out, "{}", words.join(", "))?;
            steps(out, styles, claim, &seen.steps)?;
            findings.iter().try_for_each(|finding| found(out, styles, finding))?;
            let label = styles.label;
            seen.to_decide.iter().try_for_each(|fact| {
                writeln!(out, "    {label}to decide:{label:#} {}", escape(fact))
            })
        }
    }
}

/// `line 2  93970-59 region=lower`.
fn title(claim: &Claim, index: usize) -> String {
    let Some(line) = claim.lines.get(index) else { return String::new() };
    let mut text = format!("line {}  ", line.number);
    match line.procedure {
        Some(code) => text.push_str(code.as_str()),
        None => text.push_str("(no procedure code)"),
    }
    for modifier in line.modifiers.iter() {
        text.push('-');
        text.push_str(modifier.as_str());
    }
    text
}

fn verdict(styles: &Styles, finding: &Finding) -> String {
    let style = match finding.outcome {
        Outcome::Fires if finding.edit.disposition == finding.disposition => styles.error,
        Outcome::Fires | Outcome::Waived => styles.info,
        _ => styles.warning,
    };
    let word = finding.outcome.as_str().to_uppercase();
    format!("{style}{word}{style:#} -> {}", finding.disposition.as_str())
}

/// `go`: the clause keeps the rule going towards a finding; `stop`: it silences it; `?`: not known.
fn steps(out: &mut dyn Write, styles: &Styles, claim: &Claim, steps: &[Step]) -> io::Result<()> {
    let width = steps.iter().map(|step| step.clause.len()).max().unwrap_or(0);
    let mut partner = &None;
    for step in steps {
        if step.partner != *partner {
            partner = &step.partner;
            match partner {
                Some(LineRef::Own(other)) => writeln!(out, "    with {}", title(claim, *other))?,
                Some(LineRef::Earlier(line)) => {
                    let (number, claim, dates) = (line.number, escape(&line.claim), line.dates);
                    writeln!(out, "    with line {number} of claim {claim}, served {dates}")?;
                    writeln!(out, "      {}", line.words())?;
                }
                None => {}
            }
        }
        let (style, mark) = match step.truth {
            Truth::Yes => (styles.good, "go  "),
            Truth::No => (styles.error, "stop"),
            Truth::Unknown => (styles.warning, "?   "),
        };
        let pad = " ".repeat(width - step.clause.len());
        writeln!(
            out,
            "    {style}{mark}{style:#}  {}{pad}  {}",
            step.clause,
            escape(&step.detail)
        )?;
    }
    Ok(())
}

fn found(out: &mut dyn Write, styles: &Styles, finding: &Finding) -> io::Result<()> {
    let label = styles.label;
    writeln!(out, "    {}", escape(&finding.message))?;
    writeln!(out, "    {label}fix:{label:#} {}", escape(&finding.fix))?;
    finding.also.iter().try_for_each(|also| {
        writeln!(
            out,
            "    {label}also:{label:#} {} of {} ({}); a run says it once",
            escape(&also.edit.id),
            escape(also.edit.origin.name()),
            also.disposition.as_str()
        )
    })
}
