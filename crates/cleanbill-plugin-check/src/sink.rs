//! Takes what a plugin emits, copied and as it is, and answers as a test wants it.

#![expect(unsafe_code, reason = "the plugin calls in with bare pointers")]

use std::ffi::c_void;
use std::time::{Duration, Instant};

use cleanbill_plugin_abi::{CbCall, CbFinding, CbKv, CbStatus, CbStr, array, sized, status};

/// A plugin that asks is told after so long that its time is up: far longer than a host waits.
const DEADLINE: Duration = Duration::from_secs(1);
/// More findings than this on one claim are refused, as every host does sooner or later.
const FINDINGS_LIMIT: usize = 10_000;
/// Most values of one finding.
const ARGS_LIMIT: usize = 64;
/// Longest text, in bytes.
const TEXT_LIMIT: usize = 1 << 16;

/// A finding as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    rule: u32,
    line: u32,
    severity: i32,
    related: Vec<u32>,
    field: String,
    args: Vec<(String, String)>,
}

/// What a plugin said on one claim.
#[derive(Debug)]
pub(crate) struct Sink {
    rules: u32,
    lines: u32,
    pub(crate) said: Vec<Said>,
    /// What was wrong with the first finding that cannot be.
    pub(crate) wrong: Option<String>,
    /// Takes no more than so many.
    pub(crate) enough: Option<usize>,
    /// Says that the time is up whenever it is asked.
    pub(crate) time_is_up: bool,
    /// Findings after it said that it takes no more.
    pub(crate) too_many: usize,
    /// When it first said so.
    pub(crate) stopped: Option<Instant>,
    /// When the claim was shown.
    start: Instant,
}

impl Sink {
    /// For a claim of so many lines and a plugin of so many rules.
    pub(crate) fn new(rules: usize, lines: u32) -> Self {
        Self {
            rules: u32::try_from(rules).unwrap_or(u32::MAX),
            lines,
            said: Vec::new(),
            wrong: None,
            enough: None,
            time_is_up: false,
            too_many: 0,
            stopped: None,
            start: Instant::now(),
        }
    }

    /// The call that fills it; it holds a pointer to it.
    pub(crate) fn call(&mut self) -> CbCall {
        CbCall::new((&raw mut *self).cast(), emit, poll)
    }

    fn stop(&mut self) -> CbStatus {
        self.stopped.get_or_insert_with(Instant::now);
        status::STOP
    }

    fn take(&mut self, said: Result<Said, String>) -> CbStatus {
        if self.stopped.is_some() {
            self.too_many += 1;
            return status::STOP;
        }
        match said {
            Ok(said) => self.said.push(said),
            Err(wrong) => {
                self.wrong.get_or_insert(wrong);
                self.stop();
                return status::E_INVALID;
            }
        }
        if self.said.len() >= self.enough.unwrap_or(FINDINGS_LIMIT) {
            self.stop()
        } else {
            status::OK
        }
    }

    /// # Safety
    /// `finding` must be as the ABI says.
    unsafe fn read(&self, finding: *const CbFinding) -> Result<Said, String> {
        // SAFETY: promised by the caller; null and too small are refused unread.
        let raw =
            unsafe { sized(finding) }.ok_or("a finding is null or says that it is too small")?;
        if raw.rule >= self.rules {
            return Err(format!("a finding names rule {}, and there are {}", raw.rule, self.rules));
        }
        if raw.line_no > self.lines {
            return Err(format!(
                "a finding names line {}, and there are {}",
                raw.line_no, self.lines
            ));
        }
        // SAFETY: promised by the caller.
        let related =
            unsafe { array(raw.related, raw.n_related, usize::try_from(self.lines).unwrap_or(0)) }
                .ok_or("a finding's partner lines are null or more than the claim has")?;
        // SAFETY: promised by the caller.
        let args: &[CbKv] = unsafe { array(raw.args, raw.n_args, ARGS_LIMIT) }
            .ok_or("a finding's values are null or too many")?;
        let text = |text: CbStr| {
            // SAFETY: promised by the caller.
            let bytes = unsafe { text.bytes(TEXT_LIMIT) };
            let text = bytes.and_then(|bytes| str::from_utf8(bytes).ok());
            text.map(str::to_owned)
                .ok_or("a finding has a text that is null, too long or not UTF-8")
        };
        let args = args.iter().map(|arg| Ok((text(arg.key)?, text(arg.value)?)));
        Ok(Said {
            rule: raw.rule,
            line: raw.line_no,
            severity: raw.severity,
            related: related.to_vec(),
            field: text(raw.field)?,
            args: args.collect::<Result<_, &str>>()?,
        })
    }
}

/// # Safety
/// `ctx` must be the sink that [`Sink::call`] was made from, used by nothing else until this returns, and
/// `finding` as the ABI says.
unsafe extern "C" fn emit(ctx: *mut c_void, finding: *const CbFinding) -> CbStatus {
    // SAFETY: promised by the caller; the sink outlives the call of `check` in which this runs.
    let sink = unsafe { &mut *ctx.cast::<Sink>() };
    // SAFETY: promised by the caller.
    let said = unsafe { sink.read(finding) };
    sink.take(said)
}

/// # Safety
/// As for [`emit`].
unsafe extern "C" fn poll(ctx: *mut c_void) -> CbStatus {
    // SAFETY: as in `emit`.
    let sink = unsafe { &mut *ctx.cast::<Sink>() };
    if sink.time_is_up || sink.start.elapsed() > DEADLINE { sink.stop() } else { status::OK }
}
