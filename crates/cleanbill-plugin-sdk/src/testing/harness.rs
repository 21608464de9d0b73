//! The harness: makes an instance, hands it a claim, collects what it emits.

#![expect(unsafe_code, reason = "the harness stands in for the host and calls the plugin's table")]

use core::ffi::{CStr, c_char, c_void};
use core::marker::PhantomData;
use core::ptr;

use cleanbill_plugin_abi::field::FieldSet;
use cleanbill_plugin_abi::{
    CbCall, CbFinding, CbHost, CbInstance, CbPlugin, CbStatus, CbStr, array, sized, status,
};

use super::claim::TestClaim;
use super::manifest::{Example, Expected, Manifest};
use crate::findings::Rule;
use crate::glue;
use crate::plugin::Exported;

/// Why a check gave no findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The plugin panicked.
    Panicked,
    /// It does not run with its configuration; its words.
    Config(String),
    /// A function of the plugin gave back this status.
    Status(i32),
    /// The manifest does not fit: it cannot be read, or a finding is not as it declares; which.
    Manifest(String),
}

/// What a plugin emitted. Its rule and the names of its values are those of the manifest; whether the values
/// are of their kinds is for `cleanbill plugins check` to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Place of the rule in the manifest, from 0.
    pub rule: u32,
    /// Place of the line, from 1; `None` for the claim.
    pub line: Option<u32>,
    /// Severity as it was emitted; -1 is the rule's own.
    pub severity: i32,
    /// Partner lines, places from 1.
    pub related: Vec<u32>,
    /// Part of the line; may be empty.
    pub field: String,
    /// Values for the templates.
    pub args: Vec<(String, String)>,
}

impl Found {
    /// Whether it is a finding of that rule.
    #[must_use]
    pub fn is_of(&self, rule: Rule) -> bool {
        self.rule == rule.index()
    }
}

/// Runs the plugin `P` on claims of a test. As in a run, it sees of a claim only what its manifest asks for
/// under `reads`.
pub struct PluginTest<P> {
    table: CbPlugin,
    manifest: &'static str,
    config: String,
    plugin: PhantomData<fn() -> P>,
}

impl<P: Exported> PluginTest<P> {
    /// A harness for `P`.
    #[must_use]
    pub fn new() -> Self {
        let plugin = PhantomData;
        let config = "{}".to_owned();
        Self { table: glue::table::<P>(), manifest: P::MANIFEST, config, plugin }
    }
}

impl<P> PluginTest<P> {
    /// A harness for a table of functions that need not come from this SDK.
    ///
    /// # Safety
    /// The functions must do what the ABI says; a wrong one is as bad here as in a host.
    #[doc(hidden)]
    #[must_use]
    pub unsafe fn of_table(table: CbPlugin, manifest: &'static str) -> Self {
        Self { table, manifest, config: "{}".to_owned(), plugin: PhantomData }
    }

    /// The harness with the configuration that a pack's rule would give, a JSON object.
    #[must_use]
    pub fn configured(mut self, json: &str) -> Self {
        json.clone_into(&mut self.config);
        self
    }

    /// Checks `claim` on a fresh instance.
    ///
    /// # Errors
    /// [`Failure`] when the plugin panicked, a call failed or a finding is not as the manifest declares.
    pub fn check(&self, claim: &TestClaim) -> Result<Vec<Found>, Failure> {
        let manifest = Manifest::read(self.manifest).map_err(Failure::Manifest)?;
        let granted = manifest.granted().map_err(Failure::Manifest)?;
        let found = self.run(claim, granted)?;
        let lines = claim.lines.len();
        found
            .iter()
            .try_for_each(|finding| manifest.admits(finding, lines))
            .map_err(Failure::Manifest)?;
        Ok(found)
    }

    /// Runs the examples of the manifest: each must give just the findings of its rule that it expects.
    ///
    /// # Errors
    /// Those that do not, one a line.
    pub fn examples(&self) -> Result<(), String> {
        let manifest = Manifest::read(self.manifest)?;
        let mut wrong = Vec::new();
        for (rule, place) in manifest.rules.iter().zip(0..) {
            for (example, number) in rule.examples.iter().zip(1..) {
                if let Err(reason) = self.example(Rule::at(place), example) {
                    let title = &example.title;
                    wrong.push(format!("`{}`, example {number} {title}: {reason}", rule.id));
                }
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }

    fn example(&self, rule: Rule, example: &Example) -> Result<(), String> {
        let claim = TestClaim::from_value(example.claim.clone())?;
        let config = serde_json::Value::Object(example.config.clone()).to_string();
        let (table, manifest, plugin) = (self.table, self.manifest, PhantomData);
        let found = Self { table, manifest, config, plugin }.check(&claim);
        let mut found = found.map_err(|failure| format!("{failure:?}"))?;
        found.retain(|finding| finding.is_of(rule));
        let expected = &example.expect;
        let is_found = |one: &Expected| found.iter().any(|finding| one.is(finding));
        if found.len() == expected.len() && expected.iter().all(is_found) {
            return Ok(());
        }
        Err(format!("found {found:?}, expected {expected:?}"))
    }

    fn run(&self, claim: &TestClaim, granted: FieldSet) -> Result<Vec<Found>, Failure> {
        let (Some(create), Some(destroy), Some(check)) =
            (self.table.create, self.table.destroy, self.table.check)
        else {
            return Err(Failure::Status(status::E_UNSUPPORTED));
        };
        let mut instance: *mut CbInstance = ptr::null_mut();
        let mut found: Vec<Found> = Vec::new();
        let config = CbStr::new(&self.config);
        let mut words: [c_char; 256] = [0; 256];
        // SAFETY: the table is a plugin's; all pointers lead to locals that outlive the calls, and
        // the instance is used by this thread alone and no more after `destroy`.
        let answer = unsafe {
            let (err, cap) = (words.as_mut_ptr(), words.len());
            match create(&CbHost::PLAIN, config, &raw mut instance, err, cap) {
                status::OK => {
                    let call = CbCall::new((&raw mut found).cast(), collect, go_on);
                    let answer =
                        claim.with_view(granted, |view| check(instance, view, &raw const call));
                    destroy(instance);
                    answer
                }
                failed => failed,
            }
        };
        match answer {
            status::OK => Ok(found),
            status::E_PANIC => Err(Failure::Panicked),
            status::E_CONFIG => {
                let bytes = words.map(c_char::to_ne_bytes);
                let words = CStr::from_bytes_until_nul(bytes.as_flattened()).unwrap_or_default();
                Err(Failure::Config(words.to_string_lossy().into_owned()))
            }
            other => Err(Failure::Status(other)),
        }
    }
}

impl<P: Exported> Default for PluginTest<P> {
    fn default() -> Self {
        Self::new()
    }
}

/// # Safety
/// `ctx` must be the harness's list, and `finding` as the ABI says.
unsafe extern "C" fn collect(ctx: *mut c_void, finding: *const CbFinding) -> CbStatus {
    // SAFETY: `check` above hands over its own list, which nothing else uses until the call returns.
    let found = unsafe { &mut *ctx.cast::<Vec<Found>>() };
    // SAFETY: the SDK made the finding, and it is valid until this function returns.
    let copied = unsafe { copy(finding) };
    match copied {
        Some(finding) => {
            found.push(finding);
            status::OK
        }
        None => status::E_INVALID,
    }
}

/// A test has all the time there is.
extern "C" fn go_on(_ctx: *mut c_void) -> CbStatus {
    status::OK
}

/// # Safety
/// `finding` must be as the ABI says.
unsafe fn copy(finding: *const CbFinding) -> Option<Found> {
    // SAFETY: promised by the caller, for the finding and all that it points to.
    unsafe {
        let raw = sized(finding)?;
        let text = |text: CbStr| {
            text.bytes(usize::MAX).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        let args = array(raw.args, raw.n_args, usize::MAX)?;
        Some(Found {
            rule: raw.rule,
            line: (raw.line_no != 0).then_some(raw.line_no),
            severity: raw.severity,
            related: array(raw.related, raw.n_related, usize::MAX)?.to_vec(),
            field: text(raw.field)?,
            args: args
                .iter()
                .map(|arg| Some((text(arg.key)?, text(arg.value)?)))
                .collect::<Option<_>>()?,
        })
    }
}
