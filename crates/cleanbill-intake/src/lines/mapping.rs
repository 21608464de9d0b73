//! Which column holds what: written by the user, or known beforehand.

use std::collections::BTreeMap;

use cleanbill_model::{DateError, ServiceDate};
use serde::Deserialize;

use super::field::Field;

/// How days are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Dates {
    /// `2026-03-02`; a time of day may follow.
    #[default]
    Iso,
    /// `20260302`.
    Yyyymmdd,
    /// `02-Mar-2026`, as in research files of CMS.
    DdMonYyyy,
    /// `03/02/2026`.
    MmDdYyyy,
}

/// Which column of a table of service lines holds what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnMapping {
    /// Its name in reports: `tuva`, `columns`.
    pub(crate) name: &'static str,
    pub(crate) separator: u8,
    pub(crate) dates: Dates,
    /// Columns by field; of a field that is no list the first one that is not empty counts.
    pub(crate) columns: Vec<(Field, Vec<String>)>,
}

/// A mapping file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredMapping {
    schema: u32,
    #[serde(default)]
    separator: Option<String>,
    #[serde(default)]
    dates: Dates,
    columns: BTreeMap<String, Names>,
}

/// One column or several. Read by hand, since an untagged enum loses what is wrong.
#[derive(Debug)]
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct NamesVisitor;

        impl<'de> serde::de::Visitor<'de> for NamesVisitor {
            type Value = Names;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a column, or a list of names")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Names, E> {
                Ok(Names(vec![name.to_owned()]))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }

        input.deserialize_any(NamesVisitor)
    }
}

/// What is wrong with a mapping file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Written for another program.
    #[error("`schema` is not 1, the only version that is read")]
    Schema,
    /// Not one character.
    #[error("`separator` is not one ASCII character; write `,`, `|`, `;` or a tab")]
    Separator,
    /// A field that does not exist.
    #[error("`columns.{name}` is no field of a claim{}; write one of {}", nearest(near.as_ref()), names())]
    Field {
        /// As it is written.
        name: String,
        /// The nearest field.
        near: Option<String>,
    },
    /// A field without any column.
    #[error("`columns.{name}` names no column; name one, or take the field out")]
    Empty {
        /// The field.
        name: String,
    },
    /// A field that every table needs.
    #[error("`columns.{name}` is missing; name the column that holds it")]
    Missing {
        /// The field.
        name: &'static str,
    },
}

fn nearest(near: Option<&String>) -> String {
    near.map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
}

fn names() -> String {
    Field::ALL.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ")
}

impl ColumnMapping {
    /// Checks a mapping file.
    ///
    /// # Errors
    /// [`MappingError`] for the first thing that is wrong.
    pub fn new(declared: DeclaredMapping) -> Result<Self, MappingError> {
        if declared.schema != 1 {
            return Err(MappingError::Schema);
        }
        let separator = match declared.separator.as_deref().map(str::as_bytes) {
            None => b',',
            Some([one]) if one.is_ascii() && !matches!(one, b'"' | b'\n' | b'\r') => *one,
            Some(_) => return Err(MappingError::Separator),
        };
        let mut columns = Vec::new();
        for (name, Names(names)) in declared.columns {
            let Some(field) = Field::from_name(&name) else {
                let near = Field::ALL.iter().map(|field| field.as_str());
                let near =
                    near.max_by(|a, b| strsim::jaro(&name, a).total_cmp(&strsim::jaro(&name, b)));
                let near = near.filter(|near| strsim::jaro(&name, near) > 0.75).map(str::to_owned);
                return Err(MappingError::Field { name, near });
            };
            if names.is_empty() {
                return Err(MappingError::Empty { name });
            }
            columns.push((field, names));
        }
        let mapping = Self { name: "columns", separator, dates: declared.dates, columns };
        for needed in [Field::ClaimId, Field::From] {
            if mapping.of(needed).is_none() {
                return Err(MappingError::Missing { name: needed.as_str() });
            }
        }
        Ok(mapping)
    }

    /// The columns of `field`.
    pub(crate) fn of(&self, field: Field) -> Option<&[String]> {
        let (_, names) = self.columns.iter().find(|(own, _)| *own == field)?;
        Some(names)
    }
}

impl Dates {
    /// Reads a day.
    pub(crate) fn read(self, text: &[u8]) -> Result<ServiceDate, DateError> {
        match self {
            Self::Iso => match text.split_at_checked(10) {
                Some((day, [b'T' | b' ', ..])) => ServiceDate::parse_iso(day),
                _ => ServiceDate::parse_iso(text),
            },
            Self::Yyyymmdd => ServiceDate::parse_d8(text),
            Self::DdMonYyyy => match text {
                [d1, d2, b'-', month @ .., b'-', y1, y2, y3, y4] => {
                    let month = month_number(month).ok_or(DateError::Shape)?;
                    ServiceDate::parse_d8(&[*y1, *y2, *y3, *y4, month[0], month[1], *d1, *d2])
                }
                _ => Err(DateError::Shape),
            },
            Self::MmDdYyyy => match text {
                [m1, m2, b'/', d1, d2, b'/', y1, y2, y3, y4] => {
                    ServiceDate::parse_d8(&[*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2])
                }
                _ => Err(DateError::Shape),
            },
        }
    }
}

/// `Mar` as `03`.
fn month_number(name: &[u8]) -> Option<[u8; 2]> {
    const MONTHS: [(&[u8], [u8; 2]); 12] = [
        (b"JAN", *b"01"),
        (b"FEB", *b"02"),
        (b"MAR", *b"03"),
        (b"APR", *b"04"),
        (b"MAY", *b"05"),
        (b"JUN", *b"06"),
        (b"JUL", *b"07"),
        (b"AUG", *b"08"),
        (b"SEP", *b"09"),
        (b"OCT", *b"10"),
        (b"NOV", *b"11"),
        (b"DEC", *b"12"),
    ];
    MONTHS.iter().find(|(month, _)| month.eq_ignore_ascii_case(name)).map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_the_mapping_says() {
        for (dates, text) in [
            (Dates::Iso, "2026-03-02"),
            (Dates::Iso, "2026-03-02 00:00:00"),
            (Dates::Iso, "2026-03-02T00:00:00.000Z"),
            (Dates::Yyyymmdd, "20260302"),
            (Dates::DdMonYyyy, "02-Mar-2026"),
            (Dates::DdMonYyyy, "02-MAR-2026"),
            (Dates::MmDdYyyy, "03/02/2026"),
        ] {
            assert_eq!(dates.read(text.as_bytes()).unwrap().to_string(), "2026-03-02", "{text}");
        }
        for (dates, text) in [
            (Dates::Iso, "2026-03"),
            (Dates::Iso, "2026-03-02x"),
            (Dates::Iso, "20260302"),
            (Dates::DdMonYyyy, "02-Foo-2026"),
            (Dates::MmDdYyyy, "3/2/2026"),
        ] {
            assert!(dates.read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
