//! The table of findings as it stands before the script takes over: the first of them, in full.

use std::io::{self, Write};

use super::markup::count;
use super::view::{ClaimView, FindingView, LineView};
use crate::amount::Cents;
use crate::dollars::dollars;
use crate::escape::escape;
use crate::markup::{encoded, safe};

/// Findings that can be read where no script runs.
const WITHOUT_SCRIPT: usize = 50;

/// A claim of more lines shows only those that a finding names.
const LINES: usize = 12;

/// Columns of a line; the texts of a shape stand between number and date.
const LINE_HEADINGS: [&str; 9] = [
    "Line",
    "Procedure",
    "Modifiers",
    "Region",
    "Units",
    "POS",
    "Diagnoses",
    "Date of service",
    "Charge",
];

pub(super) fn write(out: &mut dyn Write, findings: &[FindingView]) -> io::Result<()> {
    out.write_all(CONTROLS.as_bytes())?;
    let shown = findings.len().min(WITHOUT_SCRIPT);
    let all = if shown == findings.len() { "All" } else { "The first" };
    writeln!(
        out,
        "<p id=\"shown\" role=\"status\">{all} {} of {} findings. Sorting, filters and the others need a \
         browser that runs scripts.</p>",
        count(shown),
        count(findings.len())
    )?;
    out.write_all(HEAD.as_bytes())?;
    for finding in findings.iter().take(WITHOUT_SCRIPT) {
        row(out, finding)?;
    }
    out.write_all(END.as_bytes())
}

fn row(out: &mut dyn Write, finding: &FindingView) -> io::Result<()> {
    let mut kind = finding.kind.split('\t');
    let [severity, outcome, disposition, remit] = [(); 4].map(|()| kind.next().unwrap_or_default());
    let at_risk = finding.at_risk.map(|cents| dollars(Cents(cents.into()))).unwrap_or_default();
    let (claim, edit) = (&finding.claim, &finding.edit);
    let line = finding.line.map_or("claim".to_owned(), |line| line.to_string());
    let [message, why, fix, read] = &finding.texts;
    write!(
        out,
        "<tr><td class=\"number\">{at_risk}</td><th scope=\"row\">{}</th><td class=\"number\">{line}\
         </td><td class=\"day\">{}</td><td>{}</td><td class=\"rule\">{}</td><td>\
         <details><summary>{}</summary>\n<dl class=\"facts\">",
        encoded(&claim.id),
        finding.date,
        severity_text(severity, outcome),
        safe(&edit.id),
        encoded(message)
    )?;
    let (sources, title) =
        (finding.sources.replace('\n', "; "), format!("{} ({})", edit.title, edit.origin.name()));
    for (name, text) in [
        ("Why", why.as_ref()),
        ("What to do", fix.as_ref()),
        ("Disposition", disposition),
        ("Remit codes", remit),
        ("Source", &sources),
        ("Rule", &title),
        ("Also found by", &finding.also),
        ("With line", &finding.partner_words),
        ("Values read", read.as_ref()),
        ("Billing NPI", &claim.npi),
        ("Place", &format!("{}, line {}", claim.file, finding.location.line)),
    ] {
        if !text.is_empty() {
            // Texts of the view are escaped already; to escape twice changes nothing.
            write!(out, "<dt>{name}</dt><dd>{}</dd>", encoded(&escape(text)))?;
        }
    }
    writeln!(out, "</dl>")?;
    lines(out, claim, finding)?;
    let owner = safe(edit.owner.as_deref().unwrap_or_default());
    writeln!(
        out,
        "</details></td><td class=\"minor\">{}</td><td class=\"minor\">{owner}</td></tr>",
        encoded(&claim.payer)
    )
}

fn severity_text(severity: &str, outcome: &str) -> String {
    match outcome {
        "waived" => "<span class=\"severity waived\">waived</span>".to_owned(),
        "undetermined" => {
            format!("<span class=\"severity {severity}\">{severity}, undetermined</span>")
        }
        _ => format!("<span class=\"severity {severity}\">{severity}</span>"),
    }
}

fn lines(out: &mut dyn Write, claim: &ClaimView, finding: &FindingView) -> io::Result<()> {
    write!(
        out,
        "<table class=\"lines\">\n<caption>Lines of claim {}</caption>",
        encoded(&claim.id)
    )?;
    write!(out, "<thead><tr><td></td>")?;
    for name in LINE_HEADINGS {
        write!(out, "<th scope=\"col\">{name}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    let all = claim.lines.len() <= LINES;
    let shown: Vec<&LineView> = claim.lines.iter().filter(|line| all || line.is_named).collect();
    for line in &shown {
        let (class, mark) = match () {
            () if Some(line.number) == finding.line => (" class=\"hit\"", "\u{2716} this line"),
            () if finding.partners.contains(&line.number) => {
                (" class=\"partner\"", "\u{2194} with it")
            }
            () => ("", ""),
        };
        write!(out, "<tr{class}><td class=\"mark\">{mark}</td><td>{}</td>", line.number)?;
        for text in line.shape.split('\t') {
            write!(out, "<td>{}</td>", encoded(text))?;
        }
        let charge = dollars(Cents(line.cents.into()));
        writeln!(out, "<td>{}</td><td class=\"number\">{charge}</td></tr>", line.date)?;
    }
    writeln!(out, "</tbody>\n</table>")?;
    let left_out = claim.lines_left_out + claim.lines.len() - shown.len();
    if left_out > 0 {
        let more = count(left_out);
        writeln!(out, "<p class=\"quiet\">{more} more lines without a finding</p>")?;
    }
    Ok(())
}

/// The script shows them once it runs, and fills the lists.
const CONTROLS: &str = r#"<form class="controls" role="search" aria-label="Findings" hidden>
<label>Search <input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="claim, rule, code, payer, words"></label>
<label>Rule <select id="rule"><option value="">all</option></select></label>
<label>Payer <select id="payer"><option value="">all</option></select></label>
<label>Provider <select id="npi"><option value="">all</option></select></label>
<label>Owner <select id="owner"><option value="">all</option></select></label>
<label>Severity <select id="severity"><option value="">all</option></select></label>
<label>Disposition <select id="disposition"><option value="">all</option></select></label>
<label>Outcome <select id="outcome"><option value="">all</option></select></label>
<button type="reset">Clear</button>
</form>
"#;

/// Headings that sort become buttons, so that a keyboard reaches them.
const HEAD: &str = r#"<div class="scroll" role="group" tabindex="0" aria-labelledby="findings-heading"><table id="table" class="list">
<caption>Findings, highest charge at risk first</caption>
<thead><tr>
<th scope="col" class="number" data-sort="charge">At risk</th>
<th scope="col" data-sort="claim">Claim</th>
<th scope="col" class="number" data-sort="line">Line</th>
<th scope="col" data-sort="date">Service date</th>
<th scope="col" data-sort="severity">Severity</th>
<th scope="col" data-sort="rule">Rule</th>
<th scope="col">What is wrong</th>
<th scope="col" class="minor" data-sort="payer">Payer</th>
<th scope="col" class="minor" data-sort="owner">Owner</th>
</tr></thead>
<tbody>
"#;

const END: &str = "</tbody>\n</table></div>\n<p><button type=\"button\" id=\"more\" hidden>Show \
                   more</button></p>\n";
