//! The pairs of a rule: found by their two codes, chosen by setting and date.

use std::sync::Arc;

use cleanbill_engine::Trigger;
use cleanbill_model::{ClaimType, Period, ProcedureCode, ServiceDate};
use rustc_hash::FxHashMap;

use crate::code_set::CodeSet;
use crate::table::Setting;

/// CMS modifier indicator of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Indicator {
    /// 0: no modifier lifts the pair.
    NotAllowed,
    /// 1: an NCCI-associated modifier lifts it.
    Allowed,
    /// 9: a tombstone, deleted on the day it began; never in force.
    NotApplicable,
}

impl Indicator {
    pub(super) fn parse(text: &[u8]) -> Result<Self, &'static str> {
        match text {
            b"0" => Ok(Self::NotAllowed),
            b"1" => Ok(Self::Allowed),
            b"9" => Ok(Self::NotApplicable),
            _ => Err("is not a modifier indicator: 0, 1 or 9"),
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::NotAllowed => "0",
            Self::Allowed => "1",
            Self::NotApplicable => "9",
        }
    }
}

/// One dated row of a pair.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) period: Period,
    pub(super) setting: Setting,
    pub(super) indicator: Indicator,
    pub(super) rationale: Arc<str>,
    /// Where the row stands, for explanations.
    pub(super) place: Arc<str>,
}

/// Column one, column two.
type Key = (ProcedureCode, ProcedureCode);

/// All pairs of a rule.
#[derive(Debug, Default)]
pub(super) struct PairTable {
    windows: FxHashMap<Key, Vec<Window>>,
    codes: Vec<ProcedureCode>,
    every: Option<EveryPair>,
}

/// Every code of one set with every code of another: never written out, since sets may hold ranges.
#[derive(Debug)]
struct EveryPair {
    one: CodeSet,
    two: CodeSet,
    window: Window,
    /// Codes of either set.
    both: CodeSet,
}

impl PairTable {
    pub(super) fn add(&mut self, one: ProcedureCode, two: ProcedureCode, window: Window) {
        self.windows.entry((one, two)).or_default().push(window);
    }

    /// Every code of `one` as column one of every code of `two`.
    pub(super) fn add_all(&mut self, one: CodeSet, two: CodeSet, window: Window) {
        let both = CodeSet::new([one.ranges(), two.ranges()].concat());
        if !one.ranges().is_empty() && !two.ranges().is_empty() {
            self.every = Some(EveryPair { one, two, window, both });
        }
    }

    /// Sorts the codes for [`PairTable::names`]; call once after the last `add`.
    pub(super) fn finish(&mut self) {
        self.codes = self.windows.keys().flat_map(|(one, two)| [*one, *two]).collect();
        self.codes.sort_unstable();
        self.codes.dedup();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.windows.is_empty() && self.every.is_none()
    }

    /// Claims with a code of any pair.
    pub(super) fn trigger(&self) -> Trigger<'_> {
        match &self.every {
            Some(every) => every.both.trigger(),
            None => Trigger::Codes(&self.codes),
        }
    }

    /// Whether any pair has the code.
    pub(super) fn names(&self, code: ProcedureCode) -> bool {
        self.codes.binary_search(&code).is_ok()
            || self.every.as_ref().is_some_and(|every| every.both.contains(code))
    }

    /// Whether the code makes a pair in force on `day`, in either order, with any code at all.
    pub(super) fn is_paired_on(
        &self,
        code: ProcedureCode,
        claim: ClaimType,
        day: ServiceDate,
    ) -> bool {
        let every = self.every.as_ref();
        every.is_some_and(|every| every.both.contains(code) && every.window.period.contains(day))
            || self.codes.iter().any(|other| {
                self.in_force(code, *other, claim, day).is_some()
                    || self.in_force(*other, code, claim, day).is_some()
            })
    }

    /// All rows of the pair in this order, for one setting.
    pub(super) fn rows(
        &self,
        one: ProcedureCode,
        two: ProcedureCode,
        claim: ClaimType,
    ) -> impl Iterator<Item = &Window> {
        let windows = self.windows.get(&(one, two)).map(Vec::as_slice).unwrap_or_default();
        let every = self.every.as_ref();
        let every = every.filter(|every| every.one.contains(one) && every.two.contains(two));
        windows
            .iter()
            .chain(every.map(|every| &every.window))
            .filter(move |window| window.setting.is_for(claim))
    }

    /// The row in force on `day`. A tombstone never is.
    pub(super) fn in_force(
        &self,
        one: ProcedureCode,
        two: ProcedureCode,
        claim: ClaimType,
        day: ServiceDate,
    ) -> Option<&Window> {
        self.rows(one, two, claim).find(|window| {
            window.indicator != Indicator::NotApplicable && window.period.contains(day)
        })
    }
}
