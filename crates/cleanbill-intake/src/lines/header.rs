//! The header of a table: where the columns of a mapping stand in this file.

use super::field::Field;
use super::mapping::ColumnMapping;
use super::other_payer;
use super::table::{Holds, TableColumn};
use crate::codes;
use crate::problem::Problem;

/// Where the fields of a claim stand in the rows of one file. Of each row only the columns that some field
/// needs are kept, in the order of the file.
#[derive(Debug)]
pub(super) struct Columns {
    /// Number of columns of the file.
    pub(super) width: usize,
    /// Places in the file of those that are kept.
    pub(super) kept: Vec<usize>,
    /// By [`Field::place`], the places of the field's columns among those that are kept.
    fields: Vec<Vec<usize>>,
    /// What the columns that are kept are called.
    names: Vec<String>,
    /// Whether the cells of a kept column are days of their own, whatever the mapping says of days.
    days: Vec<bool>,
    /// Whether there is a column of an other payer.
    other_payers: bool,
}

impl Columns {
    /// Looks the columns of `mapping` up in `header`. A column that is not there is as good as empty, unless
    /// no claim can be read without it.
    pub(super) fn find(header: &[String], mapping: &ColumnMapping) -> Result<Self, Problem> {
        Self::find_among(header, mapping, "header")
    }

    /// The same for a table whose columns have types: of those that are needed, all must be readable.
    pub(super) fn of_table(
        table: &[TableColumn],
        mapping: &ColumnMapping,
    ) -> Result<Self, Problem> {
        let header: Vec<String> = table.iter().map(|column| column.name.clone()).collect();
        let mut columns = Self::find_among(&header, mapping, "table")?;
        let kept = || columns.kept.iter().filter_map(|place| table.get(*place));
        for column in kept() {
            if let Holds::Unread(what) = &column.holds {
                let name = &column.name;
                let message =
                    format!("the column `{name}` holds {what}, of which no cell can be made");
                let fix =
                    "write text, whole numbers, DECIMAL or DATE into it, or map another column";
                return Err(Problem::new(codes::LINES_HEADER, name, message, fix));
            }
        }
        columns.days = kept().map(|column| column.holds == Holds::Days).collect();
        Ok(columns)
    }

    fn find_among(
        header: &[String],
        mapping: &ColumnMapping,
        whose: &str,
    ) -> Result<Self, Problem> {
        let place = |name: &String| {
            header.iter().position(|own| own.trim().eq_ignore_ascii_case(name.trim()))
        };
        let in_file: Vec<(Field, Vec<usize>)> = mapping
            .columns
            .iter()
            .map(|(field, names)| (*field, names.iter().filter_map(place).collect()))
            .filter(|(_, places): &(Field, Vec<usize>)| !places.is_empty())
            .collect();
        let has = |field: Field| in_file.iter().any(|(own, _)| *own == field);
        for needed in
            [&[Field::ClaimId][..], &[Field::From], &[Field::Procedure, Field::RevenueCode]]
        {
            if !needed.iter().any(|field| has(*field)) {
                return Err(missing(needed, header, mapping, whose));
            }
        }
        if let Some(twice) = repeated(header, &in_file) {
            let message = format!("the column `{twice}` stands twice in the {whose}");
            let fix = "give each column a name of its own";
            return Err(Problem::new(codes::LINES_HEADER, twice, message, fix));
        }
        let mut kept: Vec<usize> = in_file.iter().flat_map(|(_, places)| places.clone()).collect();
        kept.sort_unstable();
        kept.dedup();
        let among = |place: &usize| kept.binary_search(place).unwrap_or_default();
        let mut fields = vec![Vec::new(); Field::ALL.len()];
        for (field, places) in &in_file {
            if let Some(slot) = fields.get_mut(field.place()) {
                *slot = places.iter().map(among).collect();
            }
        }
        let names = kept.iter().filter_map(|place| header.get(*place).cloned()).collect();
        let other_payers = other_payer::any_of(has);
        Ok(Self { width: header.len(), kept, fields, names, days: Vec::new(), other_payers })
    }

    /// Whether there is a column of an other payer.
    pub(super) const fn names_other_payers(&self) -> bool {
        self.other_payers
    }

    /// Places of the columns of `field` among those that are kept.
    pub(super) fn of(&self, field: Field) -> &[usize] {
        self.fields.get(field.place()).map_or(&[], Vec::as_slice)
    }

    /// Whether the cells of the column at that place are days whatever the mapping says of them.
    pub(super) fn holds_days(&self, place: usize) -> bool {
        self.days.get(place).is_some_and(|days| *days)
    }

    /// What the column at that place is called.
    pub(super) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }
}

fn missing(needed: &[Field], header: &[String], mapping: &ColumnMapping, whose: &str) -> Problem {
    let names: Vec<String> = needed
        .iter()
        .flat_map(|field| mapping.of(*field).unwrap_or_default())
        .map(|name| format!("`{name}`"))
        .collect();
    let fields: Vec<&str> = needed.iter().map(|field| field.as_str()).collect();
    let message = match names.as_slice() {
        [] => format!("the mapping names no column for {}", fields.join(" or ")),
        _ => format!("the {whose} has no column {}", names.join(" or ")),
    };
    let fix = format!(
        "name the column that holds {} in a mapping (`--columns FILE`); the {whose} has {} columns",
        fields.join(" or "),
        header.len()
    );
    Problem::new(codes::LINES_HEADER, "", message, fix)
}

fn repeated(header: &[String], in_file: &[(Field, Vec<usize>)]) -> Option<String> {
    let mut used = in_file.iter().flat_map(|(_, places)| places).filter_map(|at| header.get(*at));
    used.find(|name| {
        header.iter().filter(|own| own.trim().eq_ignore_ascii_case(name.trim())).count() > 1
    })
    .cloned()
}
