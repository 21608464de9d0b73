//! Makes claims up: ordinary ones, and wild ones whose values no input has but the ABI can carry. The same
//! seed makes the same claims.

use cleanbill_plugin_abi::form;
use fastrand::Rng;

use crate::claim::{KitClaim, KitLine};
use crate::manifest::Manifest;

/// Codes of visits, studies, drugs and days in hospital: something for most rules to look at.
const COMMON_CODES: &[&str] =
    &["99213", "99214", "93970", "93985", "93990", "29881", "J1100", "G0299", "A0428", "36415"];
const COMMON_MODIFIERS: &[&str] = &["25", "59", "XS", "XU", "LT", "RT", "50", "76", "JW", "GA"];
const PLACES: &[&str] = &["11", "12", "19", "21", "22", "23", "24", "31", "81"];
const DIAGNOSES: &[&str] = &["N186", "I82401", "E119", "M1711", "Z0000", "R609"];
const DRUGS: &[&str] = &["00409123401", "55555012302"];
const TAXONOMIES: &[&str] = &["2086S0129X", "207Q00000X"];
/// Invalid by design: they fail the check digit.
const NPIS: &[&str] = &["2999999016", "2999999024", "2999999032"];

/// Makes claims up from a seed.
pub(crate) struct Generator {
    rng: Rng,
    codes: Vec<String>,
    modifiers: Vec<String>,
    payers: Vec<String>,
}

impl Generator {
    /// Claims that the plugin of `manifest` may have something to say about; `codes` are further codes that
    /// its library may know.
    pub(crate) fn new(seed: u64, manifest: &Manifest, codes: &[String]) -> Self {
        let or_common = |own: &[String], common: &[&str]| {
            let common = common.iter().map(|one| (*one).to_owned());
            own.iter().cloned().chain(common).collect::<Vec<_>>()
        };
        // Codes of the manifest weigh as much as all others together.
        let others = or_common(codes, COMMON_CODES);
        let mut all = manifest.codes.clone();
        if !all.is_empty() {
            all = all.into_iter().cycle().take(others.len().max(manifest.codes.len())).collect();
        }
        all.extend(others);
        Self {
            rng: Rng::with_seed(seed),
            codes: all,
            modifiers: or_common(&manifest.modifiers, COMMON_MODIFIERS),
            payers: or_common(
                &manifest.payers,
                if manifest.payers.is_empty() { &["ANY"] } else { &[] },
            ),
        }
    }

    /// Any number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.rng.usize(0..end.max(1))
    }

    /// A claim as inputs have them.
    pub(crate) fn ordinary(&mut self) -> KitClaim {
        let payer = self.below(self.payers.len());
        let is_institutional = self.one_in(5);
        let lines: Vec<KitLine> = (0..=self.below(6)).map(|_| self.ordinary_line()).collect();
        let is_replaced = self.one_in(6);
        KitClaim {
            form: if is_institutional { form::INSTITUTIONAL } else { form::PROFESSIONAL },
            payer_id: self.payers.get(payer).cloned().unwrap_or_default(),
            filing_indicator: self.pick(&["MB", "CI", "BL", "MC"]),
            frequency: if is_replaced { self.pick(&["7", "8"]) } else { "1".to_owned() },
            bill_type: if is_institutional { "131".to_owned() } else { String::new() },
            place_of_service: if is_institutional { String::new() } else { self.pick(PLACES) },
            billing_npi: self.pick(NPIS),
            billing_taxonomy: self.pick(TAXONOMIES),
            rendering_npi: self.pick(NPIS),
            rendering_taxonomy: String::new(),
            from: lines.iter().map(|line| line.from).min().unwrap_or_default(),
            through: lines.iter().map(|line| line.through).max().unwrap_or_default(),
            total_charge: lines.iter().map(|line| line.charge).sum(),
            diagnoses: (0..=self.below(4)).map(|_| self.pick(DIAGNOSES)).collect(),
            submitted: if self.one_in(2) { 2026_0001 + self.day(12) * 100 } else { 0 },
            birth_date: 1950_0101,
            sex: self.pick(&["F", "M", "U"]),
            authorization: if self.one_in(4) { "A1234567".to_owned() } else { String::new() },
            has_original_reference: is_replaced && self.one_in(2),
            lines,
        }
    }

    fn ordinary_line(&mut self) -> KitLine {
        let code = self.below(self.codes.len());
        let code = self.codes.get(code).cloned().unwrap_or_default();
        let day = 2026_0000 + self.day(12) * 100 + self.day(28);
        let mut modifiers: Vec<String> = Vec::new();
        for _ in 0..self.below(3) {
            let at = self.below(self.modifiers.len());
            modifiers
                .extend(self.modifiers.get(at).filter(|one| !modifiers.contains(*one)).cloned());
        }
        let has_drug = code.starts_with('J') || self.one_in(8);
        KitLine {
            modifiers,
            dx_pointers: vec![1],
            place_of_service: if self.one_in(3) { self.pick(PLACES) } else { String::new() },
            from: day,
            through: day,
            units_milli: i64::from(self.day(4)) * 1_000,
            charge: i64::from(self.day(900)) * 100,
            ndc: if has_drug { self.pick(DRUGS) } else { String::new() },
            drug_quantity_milli: if has_drug { 2_000 } else { 0 },
            drug_unit: if has_drug { self.pick(&["ML", "UN", "ME"]) } else { String::new() },
            authorization: if self.one_in(6) { "A7654321".to_owned() } else { String::new() },
            code,
            ..KitLine::default()
        }
    }

    /// A claim with values at and beyond the edges of what the ABI says.
    pub(crate) fn wild(&mut self) -> KitClaim {
        let mut claim = self.ordinary();
        if self.one_in(20) {
            claim.lines.clear();
        } else if self.one_in(40) {
            let line = self.ordinary_line();
            claim.lines.resize(999, line);
        }
        for _ in 0..self.below(6) {
            self.twist_claim(&mut claim);
        }
        for _ in 0..self.below(6) {
            let at = self.below(claim.lines.len());
            if let Some(mut line) = claim.lines.get(at).cloned() {
                self.twist_line(&mut line);
                claim.lines.splice(at..=at, [line]).for_each(drop);
            }
        }
        claim
    }

    fn twist_claim(&mut self, claim: &mut KitClaim) {
        match self.below(16) {
            0 => claim.payer_id = self.text(),
            1 => claim.filing_indicator = self.text(),
            2 => claim.frequency = self.text(),
            3 => claim.bill_type = self.text(),
            4 => claim.place_of_service = self.text(),
            5 => claim.billing_npi = self.text(),
            6 => claim.billing_taxonomy = self.text(),
            7 => claim.rendering_npi = self.text(),
            8 => claim.sex = self.text(),
            9 => claim.authorization = self.text(),
            10 => claim.from = self.date(),
            11 => claim.through = self.date(),
            12 => claim.total_charge = self.amount(),
            13 => claim.submitted = self.date(),
            14 => claim.diagnoses = (0..self.count()).map(|_| self.text()).collect(),
            _ => claim.form = u32::try_from(self.below(256)).unwrap_or_default(),
        }
    }

    fn twist_line(&mut self, line: &mut KitLine) {
        match self.below(13) {
            0 => line.code = self.text(),
            1 => line.modifiers = (0..self.count()).map(|_| self.text()).collect(),
            2 => line.dx_pointers = (0..self.count()).map(|_| self.rng.u8(..)).collect(),
            3 => line.place_of_service = self.text(),
            4 => line.revenue_code = self.text(),
            5 => line.rendering_npi = self.text(),
            6 => line.from = self.date(),
            7 => line.through = self.date(),
            8 => line.units_milli = self.amount(),
            9 => line.charge = self.amount(),
            10 => line.ndc = self.text(),
            11 => line.drug_quantity_milli = self.amount(),
            _ => line.authorization = self.text(),
        }
    }

    fn text(&mut self) -> String {
        match self.below(8) {
            0 => String::new(),
            1 => "\0".to_owned(),
            2 => "99\x00213".to_owned(),
            3 => "é漢\u{202e}𝄞".to_owned(),
            4 => "x".repeat(1 << self.below(17)),
            5 => "%s%n{}{0}".to_owned(),
            6 => "-1".to_owned(),
            _ => (0..self.below(12)).map(|_| self.rng.char(..)).collect(),
        }
    }

    fn date(&mut self) -> i32 {
        let edges = [0, -1, i32::MIN, i32::MAX, 2026_0230, 2026_1301, 1_0101, 9999_1231, 2024_0229];
        let at = self.below(edges.len());
        edges.get(at).copied().unwrap_or_default()
    }

    fn amount(&mut self) -> i64 {
        let edges = [0, -1, 1, i64::MIN, i64::MAX, 1 << 53, -100_000, 999];
        let at = self.below(edges.len());
        edges.get(at).copied().unwrap_or_default()
    }

    fn count(&mut self) -> usize {
        if self.one_in(10) { 255 } else { self.below(6) }
    }

    fn pick(&mut self, of: &[&str]) -> String {
        let at = self.below(of.len());
        of.get(at).copied().unwrap_or_default().to_owned()
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    /// From 1 to `last`.
    fn day(&mut self, last: i32) -> i32 {
        self.rng.i32(1..=last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_claims() {
        let make = |seed| {
            let mut one = Generator::new(seed, &Manifest::default(), &[]);
            [one.ordinary(), one.wild(), one.wild()]
        };
        assert_eq!(make(7), make(7));
        assert_ne!(make(7), make(8));
    }

    #[test]
    fn codes_of_the_manifest_are_tried_often() {
        let manifest = Manifest { codes: vec!["G0299".into()], ..Manifest::default() };
        let mut one = Generator::new(1, &manifest, &[]);
        let lines: Vec<KitLine> = (0..200).flat_map(|_| one.ordinary().lines).collect();
        let own = lines.iter().filter(|line| line.code == "G0299").count();
        assert!(own * 3 > lines.len(), "{own} of {}", lines.len());
    }
}
