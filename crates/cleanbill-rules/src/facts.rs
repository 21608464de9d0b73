//! Facts derived from a line for several rules: today the extremity.

use cleanbill_engine::{Extremity, Sides};
use cleanbill_model::{Claim, DiagnosisCode, Modifier, ProcedureCode, Region, ServiceLine};
use rustc_hash::FxHashMap;

use crate::check::Cx;
use crate::declare::FactsDecl;
use crate::diagnosis_set;
use crate::diagnostic::Code;
use crate::table::optional;
use crate::yaml::Node;

/// How the extremity of a line is found: two chains of steps; in each the first value wins.
#[derive(Debug, Default)]
pub(crate) struct ExtremityFacts {
    side: Vec<SideStep>,
    region: Vec<RegionStep>,
}

#[derive(Debug)]
enum SideStep {
    /// From the code itself. A bilateral code is decided by it; a one-sided code leaves the side open.
    Code(FxHashMap<ProcedureCode, Sides>),
    /// From LT, RT, 50.
    Modifiers(Vec<(Modifier, Sides)>),
}

#[derive(Debug)]
enum RegionStep {
    /// From the line's own `body_region`.
    Line,
    /// From the diagnoses that the line points to: sorted prefixes.
    Diagnoses(Vec<(String, Region)>),
    /// From the code itself.
    Code(FxHashMap<ProcedureCode, Region>),
}

const SIDES: [(&str, Sides); 3] =
    [("left", Sides::Left), ("right", Sides::Right), ("both", Sides::Both)];
const LATERALITY: [(&str, Sides); 2] =
    [("bilateral", Sides::Both), ("unilateral", Sides::OneUnstated)];
const REGIONS: [(&str, Region); 2] = [("upper", Region::Upper), ("lower", Region::Lower)];

/// The words that `modifiers` of a side takes.
pub(crate) fn sides() -> Vec<&'static str> {
    SIDES.iter().map(|(name, _)| *name).collect()
}

impl ExtremityFacts {
    /// Checks the declaration; `at` is the `facts` block.
    pub(crate) fn check(cx: &Cx<'_>, at: &Node, decl: &FactsDecl) -> Option<Self> {
        let decl = decl.extremity.as_ref()?;
        let at = at.get("extremity");
        let mut facts = Self::default();
        let mut whole = true;
        for (index, step) in decl.side.iter().enumerate() {
            let at = at.get("side").item(index);
            match (&step.table, &step.modifiers, &step.line_field) {
                (Some(name), None, None) => {
                    let table = by_code(cx, at.get("table"), name, &LATERALITY);
                    whole &= table.is_some();
                    facts.side.extend(table.map(SideStep::Code));
                }
                (None, Some(map), None) => {
                    let at = at.get("modifiers");
                    let mut sides = Vec::new();
                    for (text, side) in map {
                        let modifier = Modifier::new(text.as_bytes());
                        let side = cx.word(&at.get(text).span, side, "a side", &SIDES);
                        match (modifier, side) {
                            (Ok(modifier), Some(side)) => sides.push((modifier, side)),
                            (Err(error), _) => cx.error(
                                Code::BadCode,
                                &at.key_span(text),
                                format!("`{text}` is not a modifier: it {error}"),
                                String::new(),
                            ),
                            _ => {}
                        }
                    }
                    facts.side.push(SideStep::Modifiers(sides));
                }
                _ => wrong_step(cx, at, "`table` or `modifiers`"),
            }
        }
        for (index, step) in decl.region.iter().enumerate() {
            let at = at.get("region").item(index);
            match (&step.table, &step.modifiers, &step.line_field) {
                (None, None, Some(field)) => {
                    let span = &at.get("line_field").span;
                    let known = [("body_region", ())];
                    if cx.word(span, field, "a field with a region", &known).is_some() {
                        facts.region.push(RegionStep::Line);
                    }
                }
                (Some(name), None, None) => {
                    let step = region_step(cx, at.get("table"), name);
                    whole &= step.is_some();
                    facts.region.extend(step);
                }
                _ => wrong_step(cx, at, "`line_field` or `table`"),
            }
        }
        whole.then_some(facts)
    }

    /// The extremity of `line`, as far as the claim tells.
    pub(crate) fn of(&self, claim: &Claim, line: &ServiceLine) -> Extremity {
        Extremity {
            sides: self.sides(line),
            region: self.region.iter().find_map(|step| step.find(claim, line)),
        }
    }

    /// How the region came out, for an explanation.
    pub(crate) fn basis(&self, claim: &Claim, line: &ServiceLine) -> String {
        let found = self.region.iter().find(|step| step.find(claim, line).is_some());
        match found {
            Some(RegionStep::Line) => "from body_region".to_owned(),
            Some(RegionStep::Diagnoses(_)) => "from the diagnoses pointed to".to_owned(),
            Some(RegionStep::Code(_)) => "from the code".to_owned(),
            None => {
                let pointed: Vec<String> =
                    claim.pointed_diagnoses(line).map(|code| code.to_string()).collect();
                match pointed.as_slice() {
                    [] => "no body_region, no diagnosis pointed to".to_owned(),
                    _ => format!("no body_region; {} does not tell", pointed.join(", ")),
                }
            }
        }
    }

    fn sides(&self, line: &ServiceLine) -> Sides {
        let mut open = Sides::Unknown;
        for step in &self.side {
            match step {
                SideStep::Code(table) => match line.procedure.and_then(|code| table.get(&code)) {
                    Some(Sides::OneUnstated) => open = Sides::OneUnstated,
                    Some(sides) => return *sides,
                    None => {}
                },
                SideStep::Modifiers(map) => {
                    let mut found = None;
                    for (modifier, side) in map {
                        if line.modifiers.contains(*modifier) {
                            // LT and RT together are both sides.
                            found = Some(if found.is_none_or(|f| f == *side) {
                                *side
                            } else {
                                Sides::Both
                            });
                        }
                    }
                    if let Some(sides) = found {
                        return sides;
                    }
                }
            }
        }
        open
    }
}

impl RegionStep {
    fn find(&self, claim: &Claim, line: &ServiceLine) -> Option<Region> {
        match self {
            Self::Line => line.body_region,
            Self::Code(table) => table.get(&line.procedure?).copied(),
            Self::Diagnoses(prefixes) => {
                // Diagnoses that name both regions prove neither.
                let mut found = None;
                for code in claim.pointed_diagnoses(line) {
                    match (longest_prefix(prefixes, code), found) {
                        (Some(region), None) => found = Some(region),
                        (Some(region), Some(other)) if region != other => return None,
                        _ => {}
                    }
                }
                found
            }
        }
    }
}

fn longest_prefix(prefixes: &[(String, Region)], code: DiagnosisCode) -> Option<Region> {
    prefixes
        .iter()
        .filter(|(prefix, _)| code.as_str().starts_with(prefix.as_str()))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|(_, region)| *region)
}

fn wrong_step(cx: &Cx<'_>, at: &Node, wanted: &str) {
    cx.error(
        Code::KindCount,
        &at.span,
        format!("a step has exactly one key, {wanted}"),
        String::new(),
    );
}

/// `table.column` split and found.
fn column<'a>(cx: &'a Cx<'_>, at: &Node, name: &str) -> Option<(&'a crate::table::Table, usize)> {
    let (table, column) = name.split_once('.').unwrap_or((name, ""));
    let table = cx.table(at, table)?;
    Some((table, table.column(cx, at, column)?))
}

fn by_code<T: Copy + PartialEq>(
    cx: &Cx<'_>,
    at: &Node,
    name: &str,
    known: &[(&'static str, T)],
) -> Option<FxHashMap<ProcedureCode, T>> {
    let (table, column) = column(cx, at, name)?;
    let key = table.column(cx, at, "code")?;
    let codes = table.typed(key, ProcedureCode::new);
    let words = table.typed(
        column,
        optional(|text| {
            let found = known.iter().find(|(word, _)| word.as_bytes() == text);
            found.map(|(_, value)| *value).ok_or("is not a word for this column")
        }),
    );
    let mut map = FxHashMap::default();
    table.each(|row| {
        if words.get(row) == Some(None) {
            return Some(());
        }
        let (code, value) = (codes.of(cx, row), words.of(cx, row));
        map.insert(code?, value??);
        Some(())
    })?;
    Some(map)
}

fn region_step(cx: &Cx<'_>, at: &Node, name: &str) -> Option<RegionStep> {
    let (table, column) = column(cx, at, name)?;
    if table.key.first().is_none_or(|key| key != "dx_prefix") {
        return Some(RegionStep::Code(by_code(cx, at, name, &REGIONS)?));
    }
    let key = table.column(cx, at, "dx_prefix")?;
    let regions = table.typed(column, |text| {
        let name = core::str::from_utf8(text).ok();
        name.and_then(Region::from_name).ok_or("is not `upper` or `lower`")
    });
    let starts = table.typed(key, |text| diagnosis_set::start(text, 3..=7));
    let mut prefixes = Vec::new();
    table.each(|row| {
        let (region, prefix) = (regions.of(cx, row), starts.of(cx, row));
        prefixes.push((prefix?, region?));
        Some(())
    })?;
    Some(RegionStep::Diagnoses(prefixes))
}
