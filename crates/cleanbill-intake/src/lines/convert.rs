//! The rows of one claim checked and turned into the claim.

use std::fmt::Display;

use cleanbill_model::{
    AdjustmentType, Claim, ClaimType, ClaimVersion, DateRange, DiagnosisCode, DiagnosisSystem,
    Drug, FilingIndicator, Frequency, InputFormat, Modifier, Money, Ndc, Npi, Phi, PlaceOfService,
    ProcedureCode, Provider, RevenueCode, ServiceDate, ServiceLine, Sex, Taxonomy, TextRef,
    TypeOfBill, Units,
};

use super::field::Field;
use super::header::Columns;
use super::mapping::Dates;
use super::row::{Broken, Row};
use crate::codes;
use crate::problem::{CLAIM_ID_LIMIT, Problem};

/// What every claim of a file is read with.
pub(super) struct Reading<'a> {
    pub(super) columns: &'a Columns,
    pub(super) dates: Dates,
}

/// Fields that are the same on every row of a claim.
const OF_CLAIM: [Field; 6] = [
    Field::Type,
    Field::Frequency,
    Field::Payer,
    Field::Patient,
    Field::BillingNpi,
    Field::TypeOfBill,
];

impl Reading<'_> {
    /// The first cell of `field` that is not empty, and the place of its column.
    fn place<'r>(&self, row: &'r Row, field: Field) -> Option<(usize, &'r [u8])> {
        let places = self.columns.of(field).iter();
        places.map(|place| (*place, row.cell(*place))).find(|(_, cell)| !is_absent(cell))
    }

    /// The first cell of `field` that is not empty, and the name of its column.
    fn cell<'r>(&self, row: &'r Row, field: Field) -> Option<(&str, &'r [u8])> {
        self.place(row, field).map(|(place, cell)| (self.columns.name(place), cell))
    }

    /// Reads a cell that may be empty.
    pub(super) fn read<T, E: Display>(
        &self,
        row: &Row,
        field: Field,
        read: impl Fn(&[u8]) -> Result<T, E>,
    ) -> Result<Option<T>, Problem> {
        let Some((name, cell)) = self.cell(row, field) else { return Ok(None) };
        read(cell).map(Some).map_err(|error| unreadable(name, error))
    }

    pub(super) fn text(
        &self,
        row: &Row,
        field: Field,
        claim: &mut Claim,
    ) -> Result<TextRef, Problem> {
        let Some((name, cell)) = self.cell(row, field) else { return Ok(TextRef::default()) };
        let text = core::str::from_utf8(cell)
            .map_err(|_| unreadable(name, "is not UTF-8 text"))
            .and_then(|text| match text.chars().any(char::is_control) {
                true => Err(unreadable(name, "holds a control character")),
                false => Ok(text),
            })?;
        Ok(claim.texts.add(text))
    }

    fn npi(&self, row: &Row, field: Field) -> Result<Option<Npi>, Problem> {
        self.read(row, field, Npi::new)
    }

    fn day(&self, row: &Row, field: Field) -> Result<Option<ServiceDate>, Problem> {
        let Some((place, cell)) = self.place(row, field) else { return Ok(None) };
        let dates = if self.columns.holds_days(place) { Dates::Iso } else { self.dates };
        dates.read(cell).map(Some).map_err(|error| unreadable(self.columns.name(place), error))
    }

    /// The claim of `rows`, of which there is at least one.
    pub(super) fn fill(&self, rows: &[Row], claim: &mut Claim) -> Result<(), Problem> {
        claim.format = InputFormat::Lines;
        let Some(first) = rows.first() else { return Ok(()) };
        self.identify(first, claim)?;
        self.agree(rows)?;
        self.header(first, claim)?;
        self.diagnoses(first, claim)?;
        let payers = self.other_payers(first, claim)?;
        if !payers.is_empty() {
            self.agree_on(rows, payers.fields())?;
        }
        for (index, row) in rows.iter().enumerate() {
            let line = self.line(row, index, claim)?;
            self.paid_on_line(row, &payers, claim)?;
            claim.lines.push(line);
        }
        let sum =
            claim.lines.iter().try_fold(Money::ZERO, |sum, line| sum.checked_add(line.charge));
        let total = self.read(first, Field::ClaimCharge, Money::parse)?;
        claim.charge = total.or(sum).unwrap_or_default();
        claim.resolve_line_defaults();
        Ok(())
    }

    /// Reads no more of a claim than its number.
    pub(super) fn name(&self, rows: &[Row], claim: &mut Claim) -> Result<(), Problem> {
        claim.format = InputFormat::Lines;
        rows.first().map_or(Ok(()), |first| self.identify(first, claim))
    }

    fn identify(&self, row: &Row, claim: &mut Claim) -> Result<(), Problem> {
        claim.claim_id = self.text(row, Field::ClaimId, claim)?;
        let id = claim.id();
        let name = self.columns.of(Field::ClaimId).first().map_or("", |at| self.columns.name(*at));
        if id.is_empty() {
            let message = format!("the column `{name}` is empty: no claim is named");
            let fix = "write the number of its claim on every row";
            return Err(Problem::new(codes::LINES_VALUE, name, message, fix));
        }
        if id.chars().count() > CLAIM_ID_LIMIT {
            return Err(unreadable(name, "is longer than 128 characters"));
        }
        self.whole(row)
    }

    /// A row of which not every cell is known is none.
    fn whole(&self, row: &Row) -> Result<(), Problem> {
        let Some(broken) = row.broken else { return Ok(()) };
        let (message, fix) = match broken {
            Broken::TooLong => (
                "the row is longer than 1 MiB; a quote may be missing",
                "write the row within 1 MiB, a quote at both ends of a cell that has one",
            ),
            Broken::Width => (
                "the row has more or fewer cells than the header",
                "write a cell for each column of the header, in double quotes where a cell holds the separator",
            ),
            Broken::Cell(place, fault) => {
                let name = self.columns.name(usize::try_from(place).unwrap_or(usize::MAX));
                let message = format!("the column `{name}` {}", fault.message());
                let fix = "write days as DATE and amounts as DECIMAL(10, 2), or map another column";
                return Err(Problem::new(codes::LINES_VALUE, name, message, fix));
            }
        };
        Err(Problem::new(codes::LINES_ROW, "", message, fix))
    }

    /// Rows that disagree on what belongs to the claim are not one claim.
    fn agree(&self, rows: &[Row]) -> Result<(), Problem> {
        rows.iter().skip(1).try_for_each(|row| self.whole(row))?;
        self.agree_on(rows, OF_CLAIM)
    }

    fn agree_on(
        &self,
        rows: &[Row],
        fields: impl IntoIterator<Item = Field> + Clone,
    ) -> Result<(), Problem> {
        let Some((first, rest)) = rows.split_first() else { return Ok(()) };
        for row in rest {
            for field in fields.clone() {
                let (Some((name, one)), Some((_, two))) =
                    (self.cell(first, field), self.cell(row, field))
                else {
                    continue;
                };
                if one != two {
                    let message = format!("rows of one claim disagree on the column `{name}`");
                    let fix = "give claims that differ numbers that differ";
                    return Err(Problem::new(codes::LINES_DISAGREE, name, message, fix));
                }
            }
        }
        Ok(())
    }

    fn header(&self, row: &Row, claim: &mut Claim) -> Result<(), Problem> {
        claim.type_of_bill = self
            .read(row, Field::TypeOfBill, |text| TypeOfBill::new(padded::<4>(text).as_slice()))?;
        claim.claim_type = match self.read(row, Field::Type, claim_type)? {
            Some(kind) => kind,
            None if claim.type_of_bill.is_some() || self.cell(row, Field::Facility).is_some() => {
                ClaimType::Institutional
            }
            None => ClaimType::Professional,
        };
        claim.frequency = self.read(row, Field::Frequency, |text| {
            let last = text.last().map(std::slice::from_ref).unwrap_or_default();
            Frequency::new(last).ok_or("is no claim frequency")
        })?;
        claim.payer_id = self.text(row, Field::Payer, claim)?;
        claim.filing_indicator = self.read(row, Field::FilingIndicator, FilingIndicator::new)?;
        claim.patient.id = Phi::new(self.text(row, Field::Patient, claim)?);
        claim.patient.birth_date = Phi::new(self.day(row, Field::BirthDate)?);
        claim.patient.sex = Phi::new(self.read(row, Field::Sex, sex)?);
        claim.billing = Provider {
            npi: self.npi(row, Field::BillingNpi)?,
            taxonomy: self.read(row, Field::BillingTaxonomy, Taxonomy::new)?,
        };
        claim.tax_id = Phi::new(self.text(row, Field::TaxId, claim)?);
        claim.referring = Provider { npi: self.npi(row, Field::ReferringNpi)?, taxonomy: None };
        claim.submitted = self.day(row, Field::Submitted)?;
        claim.original_reference = self.text(row, Field::OriginalReference, claim)?;
        claim.version = self.version(row, claim)?;
        Ok(())
    }

    fn version(&self, row: &Row, claim: &mut Claim) -> Result<ClaimVersion, Problem> {
        let (from, through) =
            (self.day(row, Field::ClaimFrom)?, self.day(row, Field::ClaimThrough)?);
        let dates = match (from, through.or(from)) {
            (Some(from), Some(through)) => {
                let name = self.cell(row, Field::ClaimThrough).map_or("", |(name, _)| name);
                Some(DateRange::new(from, through).map_err(|error| unreadable(name, error))?)
            }
            _ => None,
        };
        Ok(ClaimVersion {
            number: self.text(row, Field::PayerClaim, claim)?,
            own_number: self.text(row, Field::PayerVersion, claim)?,
            effective: self.day(row, Field::Effective)?,
            facility: self.text(row, Field::Facility, claim)?,
            dates,
        })
    }

    fn diagnoses(&self, row: &Row, claim: &mut Claim) -> Result<(), Problem> {
        let system = self.cell(row, Field::DiagnosisSystem).map(|(_, text)| {
            if text.contains(&b'9') { DiagnosisSystem::Icd9Cm } else { DiagnosisSystem::Icd10Cm }
        });
        for place in self.columns.of(Field::Diagnoses) {
            let cell = row.cell(*place);
            if is_absent(cell) {
                continue;
            }
            let code = DiagnosisCode::new(cell)
                .map_err(|error| unreadable(self.columns.name(*place), error))?;
            claim.diagnoses.push(code);
        }
        let some = !claim.diagnoses.is_empty() || !self.columns.of(Field::LineDiagnoses).is_empty();
        claim.diagnosis_system = system.or(some.then_some(DiagnosisSystem::Icd10Cm));
        Ok(())
    }

    fn line(&self, row: &Row, index: usize, claim: &mut Claim) -> Result<ServiceLine, Problem> {
        let Some(from) = self.day(row, Field::From)? else {
            let name = self.columns.of(Field::From).first().map_or("", |at| self.columns.name(*at));
            let message = format!("the column `{name}` is empty: no day of service is given");
            let fix = "write the first day of service on every row";
            return Err(Problem::new(codes::LINES_VALUE, name, message, fix));
        };
        let through = self.day(row, Field::Through)?.unwrap_or(from);
        let dates = DateRange::new(from, through).map_err(|error| {
            let name = self.cell(row, Field::Through).map_or("", |(name, _)| name);
            unreadable(name, error)
        })?;
        let place = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let number = self.read(row, Field::Number, |text| {
            let text = core::str::from_utf8(text).ok();
            text.and_then(|text| text.parse().ok()).ok_or("is no line number")
        })?;
        let mut line = ServiceLine::new(number.unwrap_or(place), dates);
        line.location = row.place.location;
        line.procedure = self.read(row, Field::Procedure, ProcedureCode::new)?;
        line.revenue_code = self
            .read(row, Field::RevenueCode, |text| RevenueCode::new(padded::<4>(text).as_slice()))?;
        for place in self.columns.of(Field::Modifiers) {
            let (name, cell) = (self.columns.name(*place), row.cell(*place));
            if !is_absent(cell) {
                let modifier = Modifier::new(cell).map_err(|error| unreadable(name, error))?;
                line.modifiers.push(modifier).map_err(|error| unreadable(name, error))?;
            }
        }
        line.units = self.read(row, Field::Units, Units::parse)?.unwrap_or(Units::ONE);
        line.charge = self.read(row, Field::Charge, Money::parse)?.unwrap_or_default();
        line.place_of_service = self.read(row, Field::PlaceOfService, |text| {
            PlaceOfService::new(padded::<2>(text).as_slice())
        })?;
        line.provider = Provider {
            npi: self.npi(row, Field::RenderingNpi)?,
            taxonomy: self.read(row, Field::RenderingTaxonomy, Taxonomy::new)?,
        };
        line.ordering.npi = self.npi(row, Field::OrderingNpi)?;
        if let Some(npi) = self.npi(row, Field::SupervisingNpi)? {
            claim.fill_particulars(Some(index)).supervising.npi = Some(npi);
        }
        line.drug = self.read(row, Field::Ndc, Ndc::new)?.map(|ndc| Drug {
            ndc,
            quantity: None,
            unit: None,
        });
        line.authorization = Phi::new(self.text(row, Field::Authorization, claim)?);
        line.control_number = self.text(row, Field::ControlNumber, claim)?;
        line.adjustment = self.read(row, Field::Adjustment, |text| {
            AdjustmentType::new(text).ok_or("is no type of adjustment: one digit or letter")
        })?;
        self.point(row, &mut line, claim)?;
        Ok(line)
    }

    /// The diagnoses of the line join those of its claim.
    fn point(&self, row: &Row, line: &mut ServiceLine, claim: &mut Claim) -> Result<(), Problem> {
        for place in self.columns.of(Field::LineDiagnoses) {
            let (name, cell) = (self.columns.name(*place), row.cell(*place));
            if is_absent(cell) {
                continue;
            }
            let code = DiagnosisCode::new(cell).map_err(|error| unreadable(name, error))?;
            let known = claim.diagnoses.iter().position(|own| *own == code);
            let place = known.unwrap_or_else(|| {
                claim.diagnoses.push(code);
                claim.diagnoses.len() - 1
            });
            // Pointers reach twelve places, and a line has four of them.
            if !u8::try_from(place + 1).is_ok_and(|place| line.pointers.push(place)) {
                return Err(unreadable(name, "is one diagnosis too many for its line or claim"));
            }
        }
        Ok(())
    }
}

#[cold]
fn unreadable(name: &str, error: impl Display) -> Problem {
    let message = format!("the column `{name}` {error}");
    let fix = "correct the cell, or map another column";
    Problem::new(codes::LINES_VALUE, name, message, fix)
}

/// Whether a cell says nothing: empty, or as databases and research files write what is absent.
fn is_absent(cell: &[u8]) -> bool {
    matches!(cell, b"" | b"NULL" | b"null" | b"\\N" | b"NA" | b"~")
}

fn claim_type(text: &[u8]) -> Result<ClaimType, &'static str> {
    let is = |name: &str| text.eq_ignore_ascii_case(name.as_bytes());
    if is("professional") || is("p") || is("1500") {
        Ok(ClaimType::Professional)
    } else if is("institutional") || is("i") || is("ub") {
        Ok(ClaimType::Institutional)
    } else {
        Err("is neither `professional` nor `institutional`")
    }
}

fn sex(text: &[u8]) -> Result<Sex, &'static str> {
    match text.to_ascii_uppercase().as_slice() {
        b"F" | b"FEMALE" | b"2" => Ok(Sex::Female),
        b"M" | b"MALE" | b"1" => Ok(Sex::Male),
        b"U" | b"UNKNOWN" | b"0" | b"O" | b"OTHER" => Ok(Sex::Unknown),
        _ => Err("is not F, M or U"),
    }
}

/// A code whose leading zeros a spreadsheet may have taken.
fn padded<const N: usize>(text: &[u8]) -> Vec<u8> {
    let missing = N.saturating_sub(text.len());
    let zeros = if text.iter().all(u8::is_ascii_alphanumeric) { missing } else { 0 };
    [vec![b'0'; zeros].as_slice(), text].concat()
}
