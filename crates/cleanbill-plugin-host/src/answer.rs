//! What a plugin emits on one claim: copied at once, then checked against manifest and claim. One finding
//! that is not valid spoils the whole answer.

use core::fmt;
use std::borrow::Cow;
use std::ffi::c_void;
use std::time::{Duration, Instant};

use cleanbill_model::{Element, Severity};
use cleanbill_plugin_abi::{
    CbCall, CbFinding, CbKv, CbStatus, CbStr, array, severity, sized, status,
};

use crate::check::Rule;
use crate::no_answer::NoAnswer;
use crate::wire::ReplyWriter;

/// Most findings on one claim.
const FINDINGS_LIMIT: usize = 64;
/// Most values of one finding.
const ARGS_LIMIT: usize = 16;
/// Longest name or value, in bytes.
pub(crate) const TEXT_LIMIT: usize = 1_024;
/// Most bytes of all names and values of one finding.
const ARGS_BYTES_LIMIT: usize = 4_096;

/// How long a check may take before it is told to stop when it asks: 50 ms.
pub(crate) const SOFT_DEADLINE: Duration = Duration::from_millis(50);

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
    clock: Clock,
    tape: Option<&'a mut ReplyWriter>,
}

/// How a call of `check` ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// What it gave back.
    pub(crate) status: CbStatus,
    /// Whether it had been told that its time is up.
    pub(crate) told_to_stop: bool,
}

impl Ended {
    /// As it should.
    pub(crate) const CLEAN: Self = Self { status: status::OK, told_to_stop: false };
}

/// The time that a check takes, from the first time it asks.
struct Clock {
    soft_deadline: Duration,
    asked_first: Option<Instant>,
    told_to_stop: bool,
}

impl<'a> Answer<'a> {
    /// An empty answer on a claim of so many lines.
    pub(crate) fn new(rules: &'a [Rule], lines: usize, soft_deadline: Duration) -> Self {
        let clock = Clock { soft_deadline, asked_first: None, told_to_stop: false };
        Self { rules, lines, accepted: Vec::new(), violation: None, clock, tape: None }
    }

    /// Has everything written down as it is heard, for a host elsewhere to judge by.
    pub(crate) fn taped(self, tape: &'a mut ReplyWriter) -> Self {
        Self { tape: Some(tape), ..self }
    }

    /// Lines of the claim.
    pub(crate) const fn lines(&self) -> usize {
        self.lines
    }

    /// How the check ended that gave back `status`.
    pub(crate) const fn ended(&self, status: CbStatus) -> Ended {
        Ended { status, told_to_stop: self.clock.told_to_stop }
    }

    /// What is to be thought of a check that ended so.
    pub(crate) fn judged(self, ended: Ended) -> Result<Vec<Accepted>, NoAnswer> {
        if ended.status == status::E_PANIC {
            return Err(NoAnswer::Panic);
        }
        // An answer that is not valid is told rather than the status that follows from it.
        if let Some(wrong) = self.violation {
            return Err(NoAnswer::Error(format!("its answer is not valid: {wrong}")));
        }
        if ended.told_to_stop {
            return Err(NoAnswer::TimedOut);
        }
        match ended.status {
            status::OK => Ok(self.accepted),
            other => Err(NoAnswer::Error(format!("it gave back status {other}"))),
        }
    }

    /// The call that fills this answer; it holds a pointer to it.
    pub(crate) fn call(&mut self) -> CbCall {
        CbCall::new((&raw mut *self).cast(), emit, go_on)
    }

    /// Takes a finding as it arrived; gives back what the plugin is told.
    pub(crate) fn take(&mut self, finding: Result<Raw<'_>, Unreadable>) -> CbStatus {
        if self.violation.is_some() {
            return status::STOP;
        }
        if let Some(tape) = &mut self.tape {
            tape.hear(&finding);
        }
        let number = self.accepted.len() + 1;
        let checked = if number > FINDINGS_LIMIT {
            Err(format!("there are more than {FINDINGS_LIMIT}"))
        } else {
            finding.map_err(|unreadable| unreadable.to_string()).and_then(|raw| self.check(&raw))
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

    /// Whether the plugin has time left.
    fn go_on(&mut self) -> CbStatus {
        let clock = &mut self.clock;
        let since = clock.asked_first.get_or_insert_with(Instant::now);
        if since.elapsed() < clock.soft_deadline {
            return status::OK;
        }
        clock.told_to_stop = true;
        status::STOP
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
#[derive(Debug)]
pub(crate) struct Raw<'f> {
    pub(crate) rule: u32,
    pub(crate) line: u32,
    pub(crate) severity: i32,
    pub(crate) related: Cow<'f, [u32]>,
    pub(crate) field: &'f str,
    pub(crate) args: Vec<(&'f str, &'f str)>,
}

/// Why a finding cannot even be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// The finding itself.
    Finding,
    /// Its partner lines.
    Related,
    /// Its values.
    Args,
    /// One of its texts.
    Text,
    /// All of its values together.
    ArgsBytes,
}

impl Unreadable {
    const ALL: [Self; 5] = [Self::Finding, Self::Related, Self::Args, Self::Text, Self::ArgsBytes];

    /// Its number, which is not 0.
    pub(crate) const fn byte(self) -> u8 {
        match self {
            Self::Finding => 1,
            Self::Related => 2,
            Self::Args => 3,
            Self::Text => 4,
            Self::ArgsBytes => 5,
        }
    }

    /// The one of that number.
    pub(crate) fn of(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.byte() == byte)
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finding => f.write_str("it is null or too small for its ABI version"),
            Self::Related => f.write_str("its partner lines are null or more than the claim has"),
            Self::Args => write!(f, "its values are null or more than {ARGS_LIMIT}"),
            Self::Text => write!(f, "a text is not UTF-8 of at most {TEXT_LIMIT} bytes"),
            Self::ArgsBytes => {
                write!(f, "its values together are longer than {ARGS_BYTES_LIMIT} bytes")
            }
        }
    }
}

/// # Safety
/// `ctx` must be null or the answer that [`Answer::call`] was made from, used by nothing else until this
/// returns.
#[expect(unsafe_code, reason = "the plugin calls in with the pointer that it was given")]
unsafe extern "C" fn go_on(ctx: *mut c_void) -> CbStatus {
    if ctx.is_null() {
        return status::E_INVALID;
    }
    // SAFETY: promised by the caller; the answer outlives the call of `check` in which this runs.
    let answer = unsafe { &mut *ctx.cast::<Answer<'_>>() };
    answer.go_on()
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
unsafe fn read<'f>(finding: *const CbFinding, lines: usize) -> Result<Raw<'f>, Unreadable> {
    // SAFETY: promised by the caller.
    let raw = unsafe { sized(finding) }.ok_or(Unreadable::Finding)?;
    // SAFETY: promised by the caller. A claim has no more partner lines than lines.
    let related = unsafe { array(raw.related, raw.n_related, lines) }.ok_or(Unreadable::Related)?;
    // SAFETY: promised by the caller.
    let args: &[CbKv] =
        unsafe { array(raw.args, raw.n_args, ARGS_LIMIT) }.ok_or(Unreadable::Args)?;
    let text = |text: CbStr| {
        // SAFETY: promised by the caller.
        let bytes = unsafe { text.bytes(TEXT_LIMIT) };
        bytes.and_then(|bytes| str::from_utf8(bytes).ok()).ok_or(Unreadable::Text)
    };
    let field = text(raw.field)?;
    let args: Vec<(&str, &str)> = args
        .iter()
        .map(|arg| Ok((text(arg.key)?, text(arg.value)?)))
        .collect::<Result<_, Unreadable>>()?;
    if args.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>() > ARGS_BYTES_LIMIT {
        return Err(Unreadable::ArgsBytes);
    }
    Ok(Raw {
        rule: raw.rule,
        line: raw.line_no,
        severity: raw.severity,
        related: Cow::Borrowed(related),
        field,
        args,
    })
}
