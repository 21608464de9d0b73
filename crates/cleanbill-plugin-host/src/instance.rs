//! Instances of a plugin: one for each thread that is checking at the moment, each used by one thread at
//! a time, and thrown away when it fails.

#![expect(unsafe_code, reason = "instances live behind the plugin's function pointers")]

use std::ffi::{CStr, c_char};
use std::ptr::{self, NonNull};
use std::sync::{Mutex, PoisonError};

use cleanbill_engine::EditFault;
use cleanbill_model::{Claim, FaultKind};
use cleanbill_plugin_abi::{CbHost, CbInstance, CbStr, status};

use crate::answer::{Accepted, Answer};
use crate::check::Rule;
use crate::library::Functions;
use crate::view::ViewMemory;

/// Why a claim has no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// The plugin panicked.
    Panic,
    /// It gave back an error, or something that is not valid; which.
    Error(String),
}

impl NoAnswer {
    /// The fault that it is, of the plugin `plugin`.
    pub(crate) fn fault(self, plugin: &str) -> EditFault {
        match self {
            Self::Panic => EditFault {
                kind: FaultKind::PluginPanic,
                message: format!(
                    "the plugin `{plugin}` panicked on this claim; the text of the panic is withheld, \
                     since it may hold values of the claim"
                ),
            },
            Self::Error(what) => EditFault {
                kind: FaultKind::PluginError,
                message: format!("the plugin `{plugin}` failed on this claim: {what}"),
            },
        }
    }
}

/// The instances of one plugin with one configuration.
#[derive(Debug)]
pub(crate) struct Instances {
    functions: Functions,
    config: String,
    idle: Mutex<Vec<Instance>>,
}

impl Instances {
    /// Makes the first instance, so that a plugin that cannot start is found out before the run. `config`
    /// is a JSON object. The error says why, for people.
    pub(crate) fn start(functions: Functions, config: String) -> Result<Self, String> {
        let first = Instance::create(functions, &config)?;
        Ok(Self { functions, config, idle: Mutex::new(vec![first]) })
    }

    /// Has `claim` checked. An instance that failed is not used again.
    pub(crate) fn check(&self, claim: &Claim, rules: &[Rule]) -> Result<Vec<Accepted>, NoAnswer> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut instance = match idle {
            Some(instance) => instance,
            None => Instance::create(self.functions, &self.config).map_err(NoAnswer::Error)?,
        };
        let accepted = instance.check(claim, rules)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
        Ok(accepted)
    }
}

#[derive(Debug)]
struct Instance {
    raw: NonNull<CbInstance>,
    functions: Functions,
    memory: ViewMemory,
}

// SAFETY: the ABI lets an instance move between threads as long as one thread uses it at a time. The
// pointers in `memory` are written anew before each use.
unsafe impl Send for Instance {}

impl Instance {
    fn create(functions: Functions, config: &str) -> Result<Self, String> {
        let mut raw: *mut CbInstance = ptr::null_mut();
        let mut message: [c_char; 256] = [0; 256];
        // SAFETY: all pointers lead to locals or statics that outlive the call.
        let answer = unsafe {
            (functions.create)(
                &CbHost::PLAIN,
                CbStr::new(config),
                &raw mut raw,
                message.as_mut_ptr(),
                message.len(),
            )
        };
        if answer == status::E_PANIC {
            return Err("it panicked while it was made ready".to_owned());
        }
        if answer != status::OK {
            return Err(match own_words(&message) {
                Some(words) => format!("{words} (status {answer})"),
                None => format!("status {answer}"),
            });
        }
        let raw = NonNull::new(raw).ok_or("it gave back nothing")?;
        Ok(Self { raw, functions, memory: ViewMemory::default() })
    }

    fn check(&mut self, claim: &Claim, rules: &[Rule]) -> Result<Vec<Accepted>, NoAnswer> {
        let mut answer = Answer::new(rules, claim.lines.len());
        let call = answer.call();
        let view = self.memory.view(claim);
        // SAFETY: the instance comes from this plugin's `create` and `&mut self` makes this the only
        // call on it; the view and the answer behind `call` outlive it and are not touched meanwhile.
        let status =
            unsafe { (self.functions.check)(self.raw.as_ptr(), &raw const view, &raw const call) };
        match status {
            status::E_PANIC => Err(NoAnswer::Panic),
            // An answer that is not valid is told rather than the status that follows from it.
            _ => match answer.finish() {
                Err(wrong) => Err(NoAnswer::Error(format!("its answer is not valid: {wrong}"))),
                Ok(accepted) if status == status::OK => Ok(accepted),
                Ok(_) => Err(NoAnswer::Error(format!("it gave back status {status}"))),
            },
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: it comes from this plugin's `create` and is used no more.
        unsafe { (self.functions.destroy)(self.raw.as_ptr()) }
    }
}

/// What a plugin says of its failure to start: before any claim, so it holds no value of one.
fn own_words(message: &[c_char; 256]) -> Option<String> {
    let bytes = message.map(c_char::to_ne_bytes);
    let text = CStr::from_bytes_until_nul(bytes.as_flattened()).ok()?.to_string_lossy();
    let words: String = text.chars().filter(|letter| !letter.is_control()).collect();
    (!words.is_empty()).then_some(words)
}
