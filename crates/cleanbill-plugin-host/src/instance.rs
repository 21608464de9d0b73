//! Instances of a plugin in this process: one for each thread that is checking at the moment, each used by one
//! thread at a time, and thrown away when it fails.

#![expect(unsafe_code, reason = "instances live behind the plugin's function pointers")]

use std::ffi::{CStr, c_char};
use std::ptr::{self, NonNull};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cleanbill_model::Claim;
use cleanbill_plugin_abi::field::FieldSet;
use cleanbill_plugin_abi::{CbCall, CbClaim, CbHost, CbInstance, CbStatus, CbStr, status};

use crate::answer::{Accepted, Answer, Ended};
use crate::check::Rule;
use crate::library::Functions;
use crate::no_answer::NoAnswer;
use crate::view::ViewMemory;

/// The instances of one plugin with one configuration.
#[derive(Debug)]
pub(crate) struct Instances {
    functions: Functions,
    config: String,
    granted: FieldSet,
    soft_deadline: Duration,
    #[expect(
        clippy::vec_box,
        reason = "each claim takes one and puts it back, which is to move a pointer"
    )]
    idle: Mutex<Vec<Box<(Instance, ViewMemory)>>>,
}

// SAFETY: the pointers in the views' memory are written anew before each use.
unsafe impl Send for ViewMemory {}

impl Instances {
    /// Makes the first instance, so that a plugin that cannot start is found out before the run. `config`
    /// is a JSON object. The error says why, for people.
    pub(crate) fn start(
        functions: Functions,
        config: String,
        granted: FieldSet,
        soft_deadline: Duration,
    ) -> Result<Self, String> {
        let first = Instance::create(functions, &config)?;
        let idle = Mutex::new(vec![Box::new((first, ViewMemory::default()))]);
        Ok(Self { functions, config, granted, soft_deadline, idle })
    }

    /// Has `claim` checked. An instance that failed is not used again.
    pub(crate) fn check(&self, claim: &Claim, rules: &[Rule]) -> Result<Vec<Accepted>, NoAnswer> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut idle = match idle {
            Some(idle) => idle,
            None => {
                let new =
                    Instance::create(self.functions, &self.config).map_err(NoAnswer::Error)?;
                Box::new((new, ViewMemory::default()))
            }
        };
        let (instance, memory) = &mut *idle;
        let mut answer = Answer::new(rules, claim.lines.len(), self.soft_deadline);
        let ended = instance.check(&memory.view(claim, self.granted), &mut answer);
        let accepted = answer.judged(ended)?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(idle);
        Ok(accepted)
    }
}

/// One instance.
#[derive(Debug)]
pub(crate) struct Instance {
    raw: NonNull<CbInstance>,
    functions: Functions,
}

// SAFETY: the ABI lets an instance move between threads as long as one thread uses it at a time.
unsafe impl Send for Instance {}

impl Instance {
    /// Makes one; the error says why not, for people.
    pub(crate) fn create(functions: Functions, config: &str) -> Result<Self, String> {
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
        Ok(Self { raw, functions })
    }

    /// Has the claim behind `view` checked; what the plugin finds goes into `answer`.
    pub(crate) fn check(&mut self, view: &CbClaim, answer: &mut Answer<'_>) -> Ended {
        let call = answer.call();
        let status = self.call(view, &call);
        answer.ended(status)
    }

    /// Calls its check; what is behind `call` is used by nothing else meanwhile.
    pub(crate) fn call(&mut self, view: &CbClaim, call: &CbCall) -> CbStatus {
        // SAFETY: the instance comes from this plugin's `create` and `&mut self` makes this the only
        // call on it; the view and what is behind `call` outlive it and are not touched meanwhile.
        unsafe { (self.functions.check)(self.raw.as_ptr(), view, call) }
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
