//! What is wrong with a library, one finding for each thing that is asked of it: for those who build it. The
//! host itself stops at the first.

use cleanbill_plugin_abi::AbiVersion;

use super::{Facts, Section, check_entry, check_loading, check_version, exports};
use crate::check::Manifest;
use crate::refusal::Problem;

/// What is asked of the bytes of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aspect {
    /// It has one manifest.
    Manifest,
    /// It exports its entry.
    Entry,
    /// It is of this program's ABI.
    Abi,
    /// The system's loader would do nothing with it that plugins have no need of.
    Loading,
    /// It exports names of the ABI alone.
    Exports,
    /// What its manifest says can be.
    Rules,
}

/// What a library tells of itself, whether or not it could be loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// Whether it is a library of this machine at all.
    pub is_library: bool,
    /// What is wrong with it, by what is asked of it, and what to do; empty when it could be loaded.
    pub wrong: Vec<(Aspect, String)>,
    /// The version that it says it is built for, and the JSON of its manifest, not yet believed.
    pub manifest: Option<(AbiVersion, String)>,
}

/// Examines the library in `bytes`. None of its code is run.
#[must_use]
pub fn examine(bytes: &[u8]) -> Examined {
    let (mut wrong, mut manifest) = (Vec::new(), None);
    let mut note = |aspect, result: Result<(), Problem>| {
        wrong.extend(result.err().map(|problem| (aspect, problem.words())));
    };
    let facts = match Facts::read(bytes) {
        Ok(facts) => facts,
        Err(problem) => {
            note(Aspect::Manifest, Err(problem));
            return Examined { is_library: false, wrong, manifest };
        }
    };
    note(Aspect::Loading, check_loading(&facts, &[]));
    note(Aspect::Entry, check_entry(&facts));
    note(Aspect::Exports, exports::check(&facts.exports));
    match Section::of(&facts.sections) {
        Ok(section) => {
            note(Aspect::Abi, check_version(section.abi));
            note(Aspect::Rules, Manifest::read(section.json).map(drop));
            manifest = Some((section.abi, section.json.to_owned()));
        }
        Err(problem) => note(Aspect::Manifest, Err(problem)),
    }
    Examined { is_library: true, wrong, manifest }
}
