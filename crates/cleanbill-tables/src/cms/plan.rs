//! From files to tables: which file is which part of what, checked before anything is read.

use std::collections::BTreeMap;

use super::container::{self, Found, label};
use super::day::{Day, Quarter};
use super::error::ImportError;
use super::input::Input;
use super::keyed;
use super::kind::{Family, Kind};
use super::layout::Given;
use super::name::{self, Hints};
use super::recognize::Form;

/// What the user says where files do not.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What all files are.
    pub kind: Option<Kind>,
    /// Of which edition all files are: `2026q3`, or `fy2026` for ICD-10-CM.
    pub edition: Option<String>,
}

/// The tables that some files make.
pub struct Plan {
    pub(crate) inputs: Vec<Box<dyn Input>>,
    tables: Vec<PlannedTable>,
}

/// A table to be.
#[derive(Debug)]
pub struct PlannedTable {
    /// Its name, such as `ncci-ptp-practitioner`.
    pub name: String,
    /// Its edition, such as `2026q3`.
    pub edition: String,
    /// How CMS names the release, such as `v322r0`.
    pub release: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// The columns that tell one row from another between two editions.
    pub key: Vec<String>,
    pub(crate) parts: Vec<Part>,
    pub(crate) given: Given,
}

#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) input: usize,
    pub(crate) found: Found,
    /// From 1, where CMS splits the table.
    pub(crate) number: Option<u8>,
}

/// One file, with all that is known of it.
struct Known {
    part: Part,
    label: String,
    kind: Kind,
    hints: Hints,
    edition: String,
    from: Option<Day>,
    through: Option<Day>,
}

/// Looks into the files and groups them into tables.
///
/// # Errors
/// The first file that cannot be placed.
pub fn plan(inputs: Vec<Box<dyn Input>>, options: &Options) -> Result<Plan, ImportError> {
    let mut groups: BTreeMap<(Kind, String), Vec<Known>> = BTreeMap::new();
    for (at, input) in inputs.iter().enumerate() {
        for known in known(at, input.as_ref(), options)? {
            groups.entry((known.kind, table_name(&known))).or_default().push(known);
        }
    }
    let tables = groups
        .into_iter()
        .map(|((_, name), parts)| table(name, parts))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Plan { inputs, tables })
}

impl Plan {
    /// The tables, in the order of their kinds.
    #[must_use]
    pub fn tables(&self) -> &[PlannedTable] {
        &self.tables
    }
}

impl PlannedTable {
    /// Bytes to be read.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.parts.iter().map(|part| part.found.size).sum()
    }

    /// Whether `from` and `through` are those of the edition and not of the row.
    #[must_use]
    pub const fn is_dated_by_edition(&self) -> bool {
        self.kind.family().is_dated_by_edition()
    }
}

/// The tables in one file, each of them once.
fn known(at: usize, input: &dyn Input, options: &Options) -> Result<Vec<Known>, ImportError> {
    let asked = options.kind.map(Kind::family);
    let mut all: Vec<Known> = Vec::new();
    for found in container::find(input, asked)? {
        let label = label(input.name(), &found);
        let names: Vec<&str> =
            core::iter::once(input.name()).chain(found.entry.as_deref()).collect();
        let hints = name::hints(&names).map_err(|(said, found)| ImportError::Disagree {
            file: label.clone(),
            said,
            found,
        })?;
        let kind = kind(&label, &found, &hints, options.kind)?;
        let (edition, from, through) = edition(&label, kind, &hints, options.edition.as_deref())?;
        let number = if kind.parts() > 1 { hints.part } else { None };
        let part = Part { input: at, found, number };
        let new = Known { part, label, kind, hints, edition, from, through };
        let twin = all.iter().position(|known| known.kind == kind && known.part.number == number);
        match twin.and_then(|at| all.get_mut(at)) {
            None => all.push(new),
            Some(known) => match better(known, &new) {
                Some(true) => *known = new,
                Some(false) => {}
                None => {
                    return Err(ImportError::Ambiguous {
                        file: input.name().to_owned(),
                        one: known.label.clone(),
                        other: new.label,
                    });
                }
            },
        }
    }
    Ok(all)
}

/// Whether the new one of two entries with the same table is to be read: text before a workbook, and the
/// indicators are the same for both conversion factors; rows under captions before rows by position.
fn better(known: &Known, new: &Known) -> Option<bool> {
    let is_text = |known: &Known| known.part.found.content.form.is_text();
    let is_factor: fn(&Known) -> bool = |known| known.label.to_ascii_lowercase().contains("nonqpp");
    if is_text(known) != is_text(new) {
        return Some(is_text(new));
    }
    if known.kind != Kind::FeeSchedule {
        return None;
    }
    let has_captions: fn(&Known) -> bool = |known| known.part.found.content.form != Form::Lines;
    [is_factor, has_captions]
        .into_iter()
        .find(|is_better| is_better(known) != is_better(new))
        .map(|is_better| is_better(new))
}

/// Content decides; names and the user tell what content cannot.
fn kind(
    label: &str,
    found: &Found,
    hints: &Hints,
    asked: Option<Kind>,
) -> Result<Kind, ImportError> {
    let content = &found.content;
    let disagree = |said: String, found: &str| {
        Err(ImportError::Disagree { file: label.to_owned(), said, found: found.to_owned() })
    };
    if let Some(asked) = asked {
        let said = format!("`--as {}` was said", asked.as_str());
        if asked.family() != content.family {
            return disagree(said, &format!("the rows are those of {}", what(content.family)));
        }
        if content.is_medicaid.is_some_and(|is_medicaid| is_medicaid != asked.is_medicaid()) {
            return disagree(said, program(content.is_medicaid));
        }
        if let Some(setting) = content.setting
            && asked.setting() != Some(setting)
        {
            return disagree(said, &format!("a caption says {setting}"));
        }
        return Ok(asked);
    }
    let of_family = || Kind::ALL.into_iter().filter(|kind| kind.family() == content.family);
    let mut all = of_family();
    if let (Some(only), None) = (all.next(), all.next()) {
        return Ok(only);
    }
    if let (Some(named), Some(is_medicaid)) = (hints.is_medicaid, content.is_medicaid)
        && named != is_medicaid
    {
        let named = if named { "Medicaid" } else { "Medicare" };
        return disagree(format!("the name says {named}"), program(content.is_medicaid));
    }
    if let (Some(named), Some(caption)) = (hints.setting, content.setting)
        && named != caption
    {
        return disagree(format!("the name says {named}"), &format!("a caption says {caption}"));
    }
    let setting = hints.setting.or(content.setting);
    let choices: Vec<Kind> = of_family()
        .filter(|kind| content.is_medicaid.is_none_or(|medicaid| medicaid == kind.is_medicaid()))
        .collect();
    let fits = |kind: &&Kind| setting.is_some() && kind.setting() == setting;
    choices.iter().find(fits).copied().ok_or_else(|| ImportError::Setting {
        file: label.to_owned(),
        what: what(content.family),
        choices,
    })
}

const fn program(is_medicaid: Option<bool>) -> &'static str {
    if matches!(is_medicaid, Some(true)) {
        "the rows have the layout of Medicaid"
    } else {
        "the rows have the layout of Medicare"
    }
}

const fn what(family: Family) -> &'static str {
    match family {
        Family::Ptp => "procedure-to-procedure edits",
        Family::Mue => "medically unlikely edits",
        Family::AddOn => "add-on code edits",
        Family::FeeSchedule => "the physician fee schedule",
        Family::Icd10Cm => "ICD-10-CM codes",
        Family::Hcpcs => "HCPCS codes",
        Family::Coverage => "covered diagnoses",
        Family::Keyed => "a table with columns of its own",
    }
}

type Edition = (String, Option<Day>, Option<Day>);

/// The edition, with its first and last day.
fn edition(
    label: &str,
    kind: Kind,
    hints: &Hints,
    asked: Option<&str>,
) -> Result<Edition, ImportError> {
    let example = if kind == Kind::Icd10Cm { "fy2026" } else { "2026q3" };
    let file = || label.to_owned();
    let missing = || ImportError::Edition { file: file(), example };
    let bad = |edition: &str| ImportError::BadEdition {
        file: file(),
        edition: edition.to_owned(),
        example,
    };
    match kind.family() {
        Family::Icd10Cm => {
            let year = match asked {
                Some(asked) => asked
                    .strip_prefix("fy")
                    .and_then(|year| year.parse().ok())
                    .filter(|year| (2015..=2099).contains(year))
                    .ok_or_else(|| bad(asked))?,
                None => hints.year.ok_or_else(missing)?,
            };
            let last = Day::of(year, 9, 30);
            Ok(if hints.is_april {
                (format!("fy{year}-april"), Day::of(year, 4, 1), last)
            } else {
                (format!("fy{year}"), Day::of(year - 1, 10, 1), last)
            })
        }
        Family::Coverage | Family::Keyed if asked.is_none() => {
            let day = hints.effective.map(|day| day.as_str().to_owned());
            let edition = day.or_else(|| hints.quarter.map(Quarter::edition));
            Ok((edition.unwrap_or_else(|| "undated".to_owned()), None, None))
        }
        Family::Coverage | Family::Keyed => {
            // Whatever the user calls it, it becomes the name of a file.
            let asked = asked.unwrap_or_default();
            let is_name = !asked.is_empty()
                && !asked.starts_with('.')
                && asked
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
            if is_name { Ok((asked.to_owned(), None, None)) } else { Err(bad(asked)) }
        }
        _ => {
            let quarter = match asked {
                Some(asked) => Quarter::parse(asked).ok_or_else(|| bad(asked))?,
                None => hints.quarter.ok_or_else(missing)?,
            };
            let from = hints.effective.filter(|_| asked.is_none()).or_else(|| quarter.first_day());
            Ok((quarter.edition(), from, quarter.last_day()))
        }
    }
}

fn table_name(known: &Known) -> String {
    match known.kind {
        Kind::Coverage => {
            let policy = known.hints.policy.as_deref().unwrap_or("policies");
            format!("lcd-{}", policy.to_ascii_lowercase())
        }
        Kind::Keyed => stem(&known.label),
        kind => kind.table().to_owned(),
    }
}

/// The name of a file without its ending, fit for the name of a table.
fn stem(label: &str) -> String {
    let file = label.rsplit_once('/').map_or(label, |(_, file)| file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let name: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "table".to_owned() } else { name.to_owned() }
}

/// One table of its files, in the order of their parts.
fn table(name: String, mut files: Vec<Known>) -> Result<PlannedTable, ImportError> {
    files.sort_by_key(|known| known.part.number);
    for pair in files.windows(2) {
        let [one, other] = pair else { continue };
        let of = |known: &Known| match &known.hints.release {
            Some(release) => format!("{} ({release})", known.edition),
            None => known.edition.clone(),
        };
        if of(one) != of(other) {
            return Err(ImportError::MixedReleases {
                one: one.label.clone(),
                one_edition: of(one),
                other: other.label.clone(),
                other_edition: of(other),
            });
        }
        if one.part.number == other.part.number || one.part.number.is_none() {
            return Err(ImportError::PartTwice {
                table: name,
                one: one.label.clone(),
                other: other.label.clone(),
            });
        }
    }
    let mut files = files.into_iter();
    // A group has the file for which it was made.
    let Some(first) = files.next() else {
        return Err(ImportError::NoRows { table: name, file: String::new() });
    };
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let family = first.kind.family();
    let own = &first.part.found.content.columns;
    let (columns, key) = if family == Family::Keyed {
        (own.clone(), keyed::key(own))
    } else {
        (owned(family.columns()), owned(family.key()))
    };
    let policy = first.hints.policy.clone();
    let given = Given { kind: first.kind, from: first.from, through: first.through, policy };
    let (kind, edition, release) = (first.kind, first.edition, first.hints.release);
    let parts = core::iter::once(first.part).chain(files.map(|known| known.part)).collect();
    Ok(PlannedTable { name, edition, release, kind, columns, key, parts, given })
}

impl Part {
    pub(crate) const fn is_sheet(&self) -> bool {
        matches!(self.found.content.form, Form::Sheet(_))
    }
}
