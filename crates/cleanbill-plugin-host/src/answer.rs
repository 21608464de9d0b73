//! What a plugin emits on one claim: copied at once, then checked against manifest and claim. One finding
//! that is not valid spoils the whole answer.

use std::ffi::c_void;

use cleanbill_model::{Element, Severity};
use cleanbill_plugin_abi::{
    CbCall, CbFinding, CbKv, CbStatus, CbStr, array, severity, sized, status,
};

use crate::check::Rule;

/// Most findings on one claim.
const FINDINGS_LIMIT: usize = 64;
/// Most values of one finding.
const ARGS_LIMIT: usize = 16;
/// Longest name or value, in bytes.
const TEXT_LIMIT: usize = 1_024;

/// A finding that was checked. Lines are places from 0.
#[derive(Debug)]
pub(crate) struct Accepted {
    pub(crate) rule: usize,
    pub(crate) line: Option<usize>,
    pub(crate) others: Vec<usize>,
    /// The rule's own when `None`.
    pub(crate) severity: Option<Severity>,
    pub(crate) element: Option<Element>,
    /// In the order in which the rule declares them.
    pub(crate) args: Vec<String>,
}

/// The answer to one claim, as it grows.
pub(crate) struct Answer<'a> {
    rules: &'a [Rule],
    lines: usize,
    accepted: Vec<Accepted>,
    violation: Option<String>,
}

impl<'a> Answer<'a> {
    /// An empty answer on a claim of so many lines.
    pub(crate) fn new(rules: &'a [Rule], lines: usize) -> Self {
        Self { rules, lines, accepted: Vec::new(), violation: None }
    }

    /// The call that fills this answer; it holds a pointer to it.
    pub(crate) fn call(&mut self) -> CbCall {
        CbCall::new((&raw mut *self).cast(), emit, go_on)
    }

    /// The findings, or what was wrong with the first one that was not valid.
    pub(crate) fn finish(self) -> Result<Vec<Accepted>, String> {
        self.violation.map_or(Ok(self.accepted), Err)
    }

    fn take(&mut self, finding: Result<Raw<'_>, String>) -> CbStatus {
        if self.violation.is_some() {
            return status::STOP;
        }
        let number = self.accepted.len() + 1;
        let checked = if number > FINDINGS_LIMIT {
            Err(format!("there are more than {FINDINGS_LIMIT}"))
        } else {
            finding.and_then(|raw| self.check(&raw))
        };
        match checked {
            Ok(accepted) => {
                self.accepted.push(accepted);
                status::OK
            }
            Err(wrong) => {
                self.violation = Some(format!("finding {number}: {wrong}"));
                status::E_INVALID
            }
        }
    }

    fn check(&self, raw: &Raw<'_>) -> Result<Accepted, String> {
        let known = self.rules.len();
        let rule = usize::try_from(raw.rule).ok().filter(|index| *index < known);
        let (Some(rule), Some(declared)) = (rule, rule.and_then(|rule| self.rules.get(rule)))
        else {
            return Err(format!("it names rule {}, and the manifest has {known}", raw.rule));
        };
        let severity = match raw.severity {
            severity::OF_RULE => None,
            severity::INFO => Some(Severity::Info),
            severity::WARNING => Some(Severity::Warning),
            severity::ERROR => Some(Severity::Error),
            other => return Err(format!("severity {other} does not exist")),
        };
        let element = match raw.field {
            "" => None,
            name => Some(element(name).ok_or("the part of the line that it names does not exist")?),
        };
        let line = (raw.line != 0).then(|| self.place(raw.line)).transpose()?;
        let others = raw.related.iter().map(|line| self.place(*line)).collect::<Result<_, _>>()?;
        Ok(Accepted { rule, line, others, severity, element, args: values(declared, &raw.args)? })
    }

    /// Place from 0 of a line given from 1.
    fn place(&self, line: u32) -> Result<usize, String> {
        usize::try_from(line)
            .ok()
            .and_then(|line| line.checked_sub(1))
            .filter(|line| *line < self.lines)
            .ok_or_else(|| format!("it names line {line}, and the claim has {}", self.lines))
    }
}

/// The value of each name that `rule` declares. Neither a value nor an unknown name is told on: a plugin
/// may have put anything there.
fn values(rule: &Rule, args: &[(&str, &str)]) -> Result<Vec<String>, String> {
    if args.len() != rule.args.len() {
        return Err(format!(
            "it brings {} values, and its rule has {}",
            args.len(),
            rule.args.len()
        ));
    }
    rule.args
        .iter()
        .map(|(name, kind)| {
            let (_, value) = args
                .iter()
                .find(|(key, _)| key == name)
                .ok_or_else(|| format!("the value `{name}` is missing"))?;
            if kind.admits(value) {
                Ok((*value).to_owned())
            } else {
                Err(format!("the value `{name}` is not of its kind"))
            }
        })
        .collect()
}

fn element(name: &str) -> Option<Element> {
    [
        Element::Procedure,
        Element::Modifiers,
        Element::Units,
        Element::Charge,
        Element::ServiceDate,
        Element::PlaceOfService,
        Element::Provider,
        Element::OrderingProvider,
        Element::Diagnosis,
        Element::BodyRegion,
    ]
    .into_iter()
    .find(|element| element.as_str() == name)
}

/// A finding as it arrived: whole and UTF-8, nothing more.
struct Raw<'f> {
    rule: u32,
    line: u32,
    severity: i32,
    related: &'f [u32],
    field: &'f str,
    args: Vec<(&'f str, &'f str)>,
}

/// In this process a plugin has all the time it takes.
extern "C" fn go_on(_ctx: *mut c_void) -> CbStatus {
    status::OK
}

/// # Safety
/// `ctx` must be null or the answer that [`Answer::call`] was made from, used by nothing else until this
/// returns; `finding` must be as the ABI says.
#[expect(unsafe_code, reason = "the plugin calls in with the pointers that it was given")]
unsafe extern "C" fn emit(ctx: *mut c_void, finding: *const CbFinding) -> CbStatus {
    if ctx.is_null() {
        return status::E_INVALID;
    }
    // SAFETY: promised by the caller; the answer outlives the call of `check` in which this runs.
    let answer = unsafe { &mut *ctx.cast::<Answer<'_>>() };
    // SAFETY: promised by the caller.
    let raw = unsafe { read(finding, answer.lines) };
    answer.take(raw)
}

/// # Safety
/// `finding` must be as the ABI says; null, too small and oversized parts are refused unread.
#[expect(unsafe_code, reason = "a finding arrives as bare pointers")]
unsafe fn read<'f>(finding: *const CbFinding, lines: usize) -> Result<Raw<'f>, String> {
    // SAFETY: promised by the caller.
    let raw = unsafe { sized(finding) }.ok_or("it is null or too small for its ABI version")?;
    // SAFETY: promised by the caller. A claim has no more partner lines than lines.
    let related = unsafe { array(raw.related, raw.n_related, lines) }
        .ok_or("its partner lines are null or more than the claim has")?;
    // SAFETY: promised by the caller.
    let args: &[CbKv] = unsafe { array(raw.args, raw.n_args, ARGS_LIMIT) }
        .ok_or_else(|| format!("its values are null or more than {ARGS_LIMIT}"))?;
    let text = |text: CbStr| {
        // SAFETY: promised by the caller.
        unsafe { text.bytes(TEXT_LIMIT) }
            .and_then(|bytes| str::from_utf8(bytes).ok())
            .ok_or_else(|| format!("a text is not UTF-8 of at most {TEXT_LIMIT} bytes"))
    };
    Ok(Raw {
        rule: raw.rule,
        line: raw.line_no,
        severity: raw.severity,
        related,
        field: text(raw.field)?,
        args: args
            .iter()
            .map(|arg| Ok((text(arg.key)?, text(arg.value)?)))
            .collect::<Result<_, String>>()?,
    })
}
