//! One more waiver at the end of a file of waivers, which otherwise stays as it is.

use cleanbill_model::{Npi, ProcedureCode, ServiceDate};

use super::LONGEST;
use crate::yaml::{self, quoted};

/// A waiver to be written.
#[derive(Clone, Debug, Default)]
pub struct NewWaiver {
    /// Rule whose findings are waived.
    pub rule: String,
    /// Payer's identifier.
    pub payer: Option<String>,
    /// Billing provider.
    pub billing_npi: Option<String>,
    /// Rendering provider.
    pub rendering_npi: Option<String>,
    /// Claim's control number (CLM01).
    pub claim_id: Option<String>,
    /// Procedure code of the line.
    pub procedure: Option<String>,
    /// Why.
    pub reason: String,
    /// Who decided so.
    pub approved_by: String,
    /// Where it is tracked.
    pub ticket: Option<String>,
    /// First day, `YYYY-MM-DD`.
    pub starts: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub expires: String,
}

/// What is to be written behind `text`, a file of waivers or nothing, so that it holds `waivers` too.
///
/// # Errors
/// A sentence: what is wrong with a waiver, or why nothing can be added to the file.
pub fn append_waivers(text: &str, waivers: &[NewWaiver]) -> Result<String, String> {
    waivers.iter().try_for_each(check)?;
    let before = count(text)?;
    let mut added = String::new();
    if !text.is_empty() && !text.ends_with('\n') {
        added.push('\n');
    }
    if before.is_none() {
        added.push_str("waivers:\n");
    }
    let indent = indent_of(text);
    waivers.iter().for_each(|waiver| write(&mut added, &indent, waiver));
    match count(&format!("{text}{added}")) {
        Ok(Some(after)) if after == before.unwrap_or_default() + waivers.len() => Ok(added),
        _ => Err("nothing can be added at its end: `waivers:` must be the last key of the file, \
                  and a list with one waiver a `-`"
            .to_owned()),
    }
}

/// Number of waivers; `None` when the file has no such key yet.
fn count(text: &str) -> Result<Option<usize>, String> {
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(None);
    }
    let tree = yaml::parse("", text).map_err(|mistake| mistake.message)?;
    Ok(tree.entry("waivers").map(|entry| entry.value.items().len()))
}

/// The blanks before the `-` of the last item in the file.
fn indent_of(text: &str) -> String {
    let body = text.lines().skip_while(|line| !line.starts_with("waivers:"));
    let item = body.skip(1).find(|line| line.trim_start().starts_with("- "));
    let blanks = item.map_or(2, |line| line.len() - line.trim_start().len());
    " ".repeat(blanks)
}

fn check(waiver: &NewWaiver) -> Result<(), String> {
    if waiver.reason.trim().is_empty() || waiver.approved_by.trim().is_empty() {
        return Err("a waiver says who decided so, and why".to_owned());
    }
    let day = |text: &str| {
        ServiceDate::parse_iso(text.as_bytes())
            .map_err(|error| format!("`{text}` {error}; write it as YYYY-MM-DD"))
    };
    let expires = day(&waiver.expires)?;
    if let Some(starts) = &waiver.starts {
        let length = day(starts)?.days_until(expires);
        if !(0..=LONGEST).contains(&length) {
            return Err(format!(
                "the waiver would hold for {length} days, and {LONGEST} is the most"
            ));
        }
    }
    for npi in [&waiver.billing_npi, &waiver.rendering_npi].into_iter().flatten() {
        Npi::new(npi.as_bytes()).map_err(|error| format!("`{npi}` is not an NPI: it {error}"))?;
    }
    if let Some(code) = &waiver.procedure {
        ProcedureCode::new(code.as_bytes())
            .map_err(|error| format!("`{code}` is not a procedure code: it {error}"))?;
    }
    if matched(waiver).next().is_none() {
        return Err("a waiver names a claim, payer, provider or procedure".to_owned());
    }
    Ok(())
}

fn matched(waiver: &NewWaiver) -> impl Iterator<Item = (&'static str, &String)> {
    let all = [
        ("payer", &waiver.payer),
        ("billing_npi", &waiver.billing_npi),
        ("rendering_npi", &waiver.rendering_npi),
        ("claim_id", &waiver.claim_id),
        ("procedure", &waiver.procedure),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?)))
}

fn write(out: &mut String, indent: &str, waiver: &NewWaiver) {
    let only: Vec<String> =
        matched(waiver).map(|(key, value)| format!("{key}: {}", quoted(value))).collect();
    let mut lines = vec![
        format!("- rule: {}", quoted(&waiver.rule)),
        format!("  match: {{ {} }}", only.join(", ")),
        format!("  reason: {}", quoted(&waiver.reason)),
        format!("  approved_by: {}", quoted(&waiver.approved_by)),
    ];
    for (key, value) in [("ticket", &waiver.ticket), ("starts", &waiver.starts)] {
        lines.extend(value.as_ref().map(|value| format!("  {key}: {}", quoted(value))));
    }
    lines.push(format!("  expires: {}", waiver.expires));
    for line in lines {
        out.push_str(indent);
        out.push_str(&line);
        out.push('\n');
    }
}
