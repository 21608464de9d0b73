//! The flag that has verbs judge final claims alone.

use std::sync::atomic::AtomicUsize;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cleanbill_intake::InputOptions;
use cleanbill_run::{FinalPreset, Input, judge_final_claims};

use crate::failure::Failure;

/// The flag.
#[derive(Clone, Copy, Debug, Args)]
pub struct FinalizeFlag {
    /// Judge final claims alone: of the versions of a claim in all inputs the last word, by 837 frequency
    /// codes, or by the natural keys of CCLF or T-MSIS; `cleanbill finalize` tells what is left out and why
    #[arg(long, value_name = "PRESET", value_parser = preset())]
    finalize: Option<FinalPreset>,
}

impl FinalizeFlag {
    /// What tells final claims.
    pub const fn preset(self) -> Option<FinalPreset> {
        self.finalize
    }

    /// Finds the final claims of `inputs`, which are read for it, and has everything behind see these alone.
    ///
    /// # Errors
    /// An input cannot be read, or nothing on any claim tells its versions.
    pub fn apply(
        self,
        inputs: &mut [Input],
        options: &InputOptions,
        stop: Option<&AtomicUsize>,
    ) -> Result<(), Failure> {
        match self.finalize {
            Some(preset) => Ok(judge_final_claims(preset, inputs, options, stop)?),
            None => Ok(()),
        }
    }
}

/// A preset by its name.
pub fn preset() -> impl TypedValueParser<Value = FinalPreset> {
    PossibleValuesParser::new(FinalPreset::ALL.map(FinalPreset::as_str))
        .try_map(|name| FinalPreset::from_name(&name).ok_or("not a preset"))
}
