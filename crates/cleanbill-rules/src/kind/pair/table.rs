//! The pairs of a rule: found by their two codes, chosen by setting and date.

use core::fmt;
use core::iter;
use std::sync::OnceLock;

use cleanbill_engine::{EditFault, Trigger};
use cleanbill_model::{ClaimType, Period, ProcedureCode, ServiceDate};
use rustc_hash::FxHashMap;

use super::days::PairedDays;
use super::rows::{PairRow, PairRows};
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

/// One dated row of a pair, as far as it is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window<'a> {
    pub(super) period: Period,
    pub(super) setting: Setting,
    pub(super) indicator: Indicator,
    /// None for a pair that stands in the rule itself.
    row: Option<PairRow<'a>>,
}

impl<'a> Window<'a> {
    /// A pair that stands in the rule itself.
    pub(super) const fn listed(period: Period, indicator: Indicator) -> Self {
        Self { period, setting: Setting::Both, indicator, row: None }
    }

    pub(super) const fn of_row(
        period: Period,
        setting: Setting,
        indicator: Indicator,
        row: PairRow<'a>,
    ) -> Self {
        Self { period, setting, indicator, row: Some(row) }
    }

    /// Why the two are a pair; empty when nothing says it.
    pub(super) fn rationale(&self) -> &'a str {
        self.row.map_or("", PairRow::rationale)
    }

    /// Where the row stands, for explanations.
    pub(super) const fn place(&self) -> impl fmt::Display + use<'a> {
        PlaceOf(self.row)
    }
}

struct PlaceOf<'a>(Option<PairRow<'a>>);

impl fmt::Display for PlaceOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str("listed in the rule"),
            Some(row) => f.write_str(&row.place()),
        }
    }
}

/// Column one, column two.
type Key = (ProcedureCode, ProcedureCode);

/// All pairs of a rule.
#[derive(Debug, Default)]
pub(super) struct PairTable {
    rows: Option<PairRows>,
    listed: FxHashMap<Key, Vec<Window<'static>>>,
    codes: Vec<ProcedureCode>,
    every: Option<EveryPair>,
    /// Made when it is first asked for: only a search of earlier claims that nobody gave asks.
    days: OnceLock<PairedDays>,
}

/// Every code of one set with every code of another: never written out, since sets may hold ranges.
#[derive(Debug)]
struct EveryPair {
    one: CodeSet,
    two: CodeSet,
    window: Window<'static>,
    /// Codes of either set.
    both: CodeSet,
}

impl PairTable {
    /// The pairs of a table.
    pub(super) fn of_rows(rows: PairRows) -> Self {
        Self { codes: rows.codes(), rows: Some(rows), ..Self::default() }
    }

    pub(super) fn add(&mut self, one: ProcedureCode, two: ProcedureCode, window: Window<'static>) {
        self.listed.entry((one, two)).or_default().push(window);
        for code in [one, two] {
            if let Err(place) = self.codes.binary_search(&code) {
                self.codes.insert(place, code);
            }
        }
    }

    /// Every code of `one` as column one of every code of `two`.
    pub(super) fn add_all(&mut self, one: CodeSet, two: CodeSet, window: Window<'static>) {
        let both = CodeSet::new([one.ranges(), two.ranges()].concat());
        if !one.ranges().is_empty() && !two.ranges().is_empty() {
            self.every = Some(EveryPair { one, two, window, both });
        }
    }

    /// That rows may have been missed.
    pub(super) fn damage(&self) -> Option<EditFault> {
        self.rows.as_ref().and_then(PairRows::damage)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.codes.is_empty() && self.every.is_none()
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
            || self.days.get_or_init(|| self.paired_days()).contain(code, claim, day)
    }

    fn paired_days(&self) -> PairedDays {
        let mut days = self.rows.as_ref().map(PairRows::days).unwrap_or_default();
        for ((one, two), windows) in &self.listed {
            let in_force = |window: &&Window<'_>| window.indicator != Indicator::NotApplicable;
            for window in windows.iter().filter(in_force) {
                for code in [*one, *two] {
                    days.add(code, window.setting, window.period);
                }
            }
        }
        days
    }

    /// All rows of the pair in this order, for one setting.
    pub(super) fn rows(
        &self,
        one: ProcedureCode,
        two: ProcedureCode,
        claim: ClaimType,
    ) -> impl Iterator<Item = Window<'_>> {
        let rows = self.rows.iter().flat_map(move |rows| rows.of(one, two));
        let listed = match self.listed.is_empty() {
            true => None,
            false => self.listed.get(&(one, two)),
        };
        let every = self.every.as_ref();
        let every = every.filter(|every| every.one.contains(one) && every.two.contains(two));
        rows.chain(listed.into_iter().flatten().copied())
            .chain(iter::once(every).flatten().map(|every| every.window))
            .filter(move |window| window.setting.is_for(claim))
    }

    /// The row in force on `day`. A tombstone never is.
    pub(super) fn in_force(
        &self,
        one: ProcedureCode,
        two: ProcedureCode,
        claim: ClaimType,
        day: ServiceDate,
    ) -> Option<Window<'_>> {
        self.rows(one, two, claim).find(|window| {
            window.indicator != Indicator::NotApplicable && window.period.contains(day)
        })
    }
}
