//! Diagnoses that a local coverage determination (LCD) or its article covers.
//!
//! Policies are per contractor and dated; a file holds one or more of them. Read are a CSV with captions,
//! such as the lists of the Medicare Coverage Database (unverified layout: described, not seen), and JSON:
//! a list of objects with the same names, or an object for each procedure code with `covered`,
//! `notCovered` and `lcdIds`.

use serde_json::Value;

use super::cell::{Cell, caption, text};
use super::layout::{Captioned, Given};
use super::report::{Rows, Wrong};

const DX: Wrong = Wrong {
    what: "is not an ICD-10-CM code",
    remedy: "compare with the policy: codes have 3 to 7 characters, with or without the point",
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    dx: usize,
    code: Option<usize>,
    covered: Option<usize>,
    group: Option<usize>,
    policy: Option<usize>,
    contractor: Option<usize>,
    /// The list is of diagnoses that are not covered.
    is_noncovered: bool,
}

/// Whether the row has the captions of a list of diagnoses.
pub(crate) fn has_captions(cells: &[Cell<'_>]) -> bool {
    Columns::find(cells).is_some()
}

impl Columns {
    fn find(cells: &[Cell<'_>]) -> Option<Self> {
        let captions: Vec<String> = cells.iter().map(|cell| caption(cell.text)).collect();
        let find = |names: &[&str]| captions.iter().position(|text| names.contains(&text.as_str()));
        let noncovered = find(&["icd10noncoveredgroup", "noncoveredgroup"]);
        let columns = Self {
            dx: find(&["icd10codeid", "icd10code", "icd10", "dx", "dxprefix", "diagnosiscode"])?,
            code: find(&["code", "hcpccodeid", "hcpccode", "hcpcscode", "cpt", "procedurecode"]),
            covered: find(&["covered"]),
            group: find(&["icd10coveredgroup", "group", "coveredgroup"]).or(noncovered),
            policy: find(&["policy", "lcdid", "articleid", "lcddisplayid", "articledisplayid"]),
            contractor: find(&["contractor", "contractorid", "contractornumber", "contractorname"]),
            is_noncovered: noncovered.is_some(),
        };
        let names_a_list = [columns.code, columns.group, columns.policy, columns.contractor];
        names_a_list.iter().any(Option::is_some).then_some(columns)
    }
}

pub(crate) struct Coverage {
    policy: String,
}

impl Coverage {
    pub(crate) fn new(given: &Given) -> Self {
        Self { policy: given.policy.clone().unwrap_or_default() }
    }
}

impl Captioned for Coverage {
    type Columns = Columns;

    fn columns(cells: &[Cell<'_>]) -> Option<Columns> {
        Columns::find(cells)
    }

    fn row(&self, columns: &Columns, line: u64, cells: &[Cell<'_>], rows: &mut Rows<'_>) {
        let Some(dx) = diagnosis(text(cells, columns.dx)) else {
            return rows.damaged(line, "diagnosis", text(cells, columns.dx), DX);
        };
        let at = |column: Option<usize>| column.map_or("", |column| text(cells, column));
        let code = columns.code.and_then(|column| cells.get(column)).copied().unwrap_or_default();
        let named = code.code();
        if named.is_none() && !code.text.is_empty() {
            return rows.damaged(line, "procedure code", code.text, Wrong::CODE);
        }
        let covered = match at(columns.covered) {
            "" if columns.is_noncovered => "no",
            "" | "yes" | "Y" | "true" => "yes",
            "no" | "N" | "false" => "no",
            other => return rows.damaged(line, "covered", other, Wrong::INDICATOR),
        };
        let policy = match at(columns.policy) {
            "" => &self.policy,
            policy => policy,
        };
        let code = named.as_ref().map_or("", |code| code.as_str());
        rows.keep(line, &[&dx, code, covered, at(columns.group), policy, at(columns.contractor)]);
    }
}

/// The code with its point.
fn diagnosis(text: &str) -> Option<String> {
    let (category, rest) = text.split_at_checked(3)?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let of = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let fits = category.starts_with(|first: char| first.is_ascii_uppercase())
        && of(category)
        && of(rest)
        && rest.len() <= 4;
    fits.then(|| if rest.is_empty() { category.to_owned() } else { format!("{category}.{rest}") })
}

/// The rows of a JSON file as cells, captions first; `None` where it has another shape.
pub(crate) fn json_rows(json: &Value) -> Option<Vec<Vec<String>>> {
    let list = json.as_array().or_else(|| json.get("data")?.as_array());
    let rows = match list {
        Some(list) => of_objects(list),
        None => of_codes(json)?,
    };
    (rows.len() > 1).then_some(rows)
}

fn of_objects(list: &[Value]) -> Vec<Vec<String>> {
    let Some(first) = list.first().and_then(Value::as_object) else { return Vec::new() };
    let captions: Vec<String> = first.keys().cloned().collect();
    let cell = |object: &Value, name: &str| match object.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) if text == "N/A" => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let rows = list
        .iter()
        .map(|object| captions.iter().map(|name| cell(object, name)).collect::<Vec<_>>())
        .collect::<Vec<_>>();
    core::iter::once(captions.clone()).chain(rows).collect()
}

fn of_codes(json: &Value) -> Option<Vec<Vec<String>>> {
    let mut rows = vec![["dx", "code", "covered", "policy"].map(str::to_owned).to_vec()];
    for (code, lists) in json.as_object()? {
        lists.get("covered")?.as_array()?;
        let ids: Vec<&str> =
            lists.get("lcdIds")?.as_array()?.iter().filter_map(Value::as_str).collect();
        for (name, covered) in [("covered", "yes"), ("notCovered", "no")] {
            for dx in lists.get(name).and_then(Value::as_array).into_iter().flatten() {
                let dx = dx.as_str().map_or_else(|| dx.to_string(), str::to_owned);
                rows.push(vec![dx, code.clone(), covered.to_owned(), ids.join(" ")]);
            }
        }
    }
    Some(rows)
}
