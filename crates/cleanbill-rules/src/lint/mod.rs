//! Warnings about packs that are valid and still unlikely to be meant.
//!
//! A warning never stops a run: a verdict depends on rules alone. An author who has looked at one keeps
//! it with `allow:` and a reason.

mod allow;
mod codes;
mod left_out;
mod overlap;
mod proof;
mod reach;
mod retired;
mod review;
mod size;
mod unused;
mod words;

use cleanbill_model::ServiceDate;

pub use codes::{Level, Lint};

use crate::check::Pack;
use crate::place::Place;
use crate::testing::ReadClaim;

/// What a look at packs needs from outside.
#[derive(Clone, Copy)]
pub struct LintOptions<'a> {
    /// The day on which packs are looked at; without one no review date is compared.
    pub as_of: Option<ServiceDate>,
    /// Reads claim files of tests.
    pub read_claim: ReadClaim<'a>,
}

/// One thing that is unlikely to be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which.
    pub lint: Lint,
    /// Rule that it is about; none for the pack.
    pub rule: Option<String>,
    /// Where.
    pub place: Place,
    /// What, one sentence.
    pub message: String,
    /// Places that it also concerns.
    pub others: Vec<Place>,
    /// What to do.
    pub help: String,
}

/// All warnings about `packs`, which are meant to run together, by place. What an `allow` keeps is left
/// out; an `allow` that keeps nothing is a warning itself.
#[must_use]
pub fn lint(packs: &[Pack], options: &LintOptions<'_>) -> Vec<Warning> {
    let mut found = Vec::new();
    for pack in packs {
        reach::check(pack, &mut found);
        proof::check(pack, options.read_claim, &mut found);
        unused::check(pack, &mut found);
        words::check(pack, &mut found);
        size::check(pack, &mut found);
        left_out::check(pack, &mut found);
        retired::check(pack, &mut found);
        review::check(pack, options.as_of, &mut found);
    }
    overlap::check(packs, &mut found);
    let mut kept = allow::apply(packs, found);
    kept.sort_by(|a, b| {
        (&a.place, a.lint.as_str(), &a.message).cmp(&(&b.place, b.lint.as_str(), &b.message))
    });
    kept
}
