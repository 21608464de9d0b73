//! The line shorthand: claims for tests, explanations and documentation, written in a few characters.
//!
//! `CODE[-MOD…] [xUNITS] [@DATE] [dx=1,2|none] [pos=NN] [region=upper|lower] [npi=N] [ndc=N] [rev=NNNN]`

use core::fmt;

use cleanbill_model::{
    Claim, ClaimType, DateRange, DiagnosisCode, DiagnosisPointers, DiagnosisSystem, Drug,
    FilingIndicator, Frequency, InputFormat, Modifier, Modifiers, Money, Ndc, Npi, OtherPayer, Phi,
    PlaceOfService, ProcedureCode, Provider, Region, RevenueCode, ServiceDate, ServiceLine, Sex,
    Taxonomy, Units,
};

/// Why a shorthand cannot be read: a sentence that names the word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShorthandError(String);

impl fmt::Display for ShorthandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl core::error::Error for ShorthandError {}

/// One line in shorthand, read.
#[derive(Clone, Debug)]
pub struct LineSketch {
    procedure: ProcedureCode,
    modifiers: Modifiers,
    units: Units,
    date: Option<DateRange>,
    pointers: Option<DiagnosisPointers>,
    place_of_service: Option<PlaceOfService>,
    region: Option<Region>,
    provider: Provider,
    ndc: Option<Ndc>,
    revenue_code: Option<RevenueCode>,
}

impl LineSketch {
    /// Reads `93986-RT x1 region=upper`.
    ///
    /// # Errors
    /// [`ShorthandError`] naming the word that cannot be read.
    pub fn parse(text: &str) -> Result<Self, ShorthandError> {
        let mut words = text.split_whitespace();
        let mut head = words.next().unwrap_or_default().split('-');
        let code = head.next().unwrap_or_default();
        let mut sketch = Self {
            procedure: typed(code, "a procedure code", ProcedureCode::new)?,
            modifiers: Modifiers::default(),
            units: Units::ONE,
            date: None,
            pointers: None,
            place_of_service: None,
            region: None,
            provider: Provider::default(),
            ndc: None,
            revenue_code: None,
        };
        for modifier in head {
            let modifier = typed(modifier, "a modifier", Modifier::new)?;
            sketch.modifiers.push(modifier).map_err(|error| ShorthandError(error.to_string()))?;
        }
        words.try_for_each(|word| sketch.word(word))?;
        Ok(sketch)
    }

    fn word(&mut self, word: &str) -> Result<(), ShorthandError> {
        if let Some(units) = word.strip_prefix('x') {
            self.units = typed(units, "a number of units", Units::parse)?;
        } else if let Some(date) = word.strip_prefix('@') {
            self.date = Some(dates(date)?);
        } else {
            match word.split_once('=') {
                Some(("dx", "none")) => self.pointers = Some(DiagnosisPointers::default()),
                Some(("dx", list)) => self.pointers = Some(pointers(list)?),
                Some(("pos", place)) => {
                    self.place_of_service =
                        Some(typed(place, "a place of service", PlaceOfService::new)?);
                }
                Some(("region", region)) => {
                    self.region = Some(Region::from_name(region).ok_or_else(|| {
                        ShorthandError(format!("`{region}` is not a region: write upper or lower"))
                    })?);
                }
                Some(("npi", npi)) => self.provider.npi = Some(typed(npi, "an NPI", Npi::new)?),
                Some(("taxonomy", taxonomy)) => {
                    self.provider.taxonomy =
                        Some(typed(taxonomy, "a taxonomy code", Taxonomy::new)?);
                }
                Some(("ndc", ndc)) => {
                    self.ndc = Some(typed(ndc, "a national drug code", Ndc::new)?);
                }
                Some(("rev", code)) => {
                    self.revenue_code = Some(typed(code, "a revenue code", RevenueCode::new)?);
                }
                _ => {
                    return Err(ShorthandError(format!(
                        "`{word}` is not understood; behind the code may stand x2, @2026-03-02, dx=1,2, dx=none, pos=22, region=upper, npi=1234567893, taxonomy=2085R0202X, ndc=00026063512, rev=0402"
                    )));
                }
            }
        }
        Ok(())
    }
}

/// A claim in shorthand. Everything has a default: one patient, one provider, office, one day.
#[derive(Clone, Debug)]
pub struct ClaimSketch {
    /// Professional or institutional.
    pub claim_type: ClaimType,
    /// Date of service of lines that give none.
    pub date: DateRange,
    /// Diagnoses; a line without `dx=` points to the first four.
    pub diagnoses: Vec<DiagnosisCode>,
    /// Place of service of lines that give none.
    pub place_of_service: Option<PlaceOfService>,
    /// Payer's identifier.
    pub payer: String,
    /// Kind of payer.
    pub filing_indicator: Option<FilingIndicator>,
    /// Original, replacement or void.
    pub frequency: Frequency,
    /// Referring provider; present unless taken away.
    pub referring: Provider,
    /// Sex of the patient; none unless given.
    pub sex: Phi<Option<Sex>>,
    /// Birth date of the patient; none unless given.
    pub birth_date: Phi<Option<ServiceDate>>,
    /// Day on which it was handed in; none unless given.
    pub submitted: Option<ServiceDate>,
    /// Control number.
    pub claim_id: String,
    /// Control number of the claim that this one replaces or voids; empty when there is none.
    pub original_reference: String,
    /// Billing provider, where it is not the one of all examples.
    pub billing: Option<Npi>,
    /// Tax number of the billing provider; empty when there is none.
    pub tax_id: Phi<String>,
    /// Other payers, each with what it paid, where it said so.
    pub other_payers: Vec<Option<Money>>,
    /// Lines in their order, numbered from 1.
    pub lines: Vec<LineSketch>,
}

impl ClaimSketch {
    /// A claim of these lines with all defaults.
    ///
    /// # Errors
    /// [`ShorthandError`] naming the word that cannot be read.
    pub fn new(lines: &[String]) -> Result<Self, ShorthandError> {
        let npi = |text: &str| typed(text, "an NPI", Npi::new);
        Ok(Self {
            claim_type: ClaimType::Professional,
            date: dates("2026-03-02")?,
            diagnoses: Vec::new(),
            place_of_service: Some(typed("11", "a place of service", PlaceOfService::new)?),
            payer: "PAYER1".to_owned(),
            filing_indicator: None,
            frequency: Frequency::ORIGINAL,
            referring: Provider { npi: Some(npi("2999999032")?), taxonomy: None },
            sex: Phi::default(),
            birth_date: Phi::default(),
            submitted: None,
            claim_id: "TEST1".to_owned(),
            original_reference: String::new(),
            billing: None,
            tax_id: Phi::default(),
            other_payers: Vec::new(),
            lines: lines.iter().map(|line| LineSketch::parse(line)).collect::<Result<_, _>>()?,
        })
    }

    /// The claim. `reversed` turns the order of the lines and keeps their numbers.
    ///
    /// # Errors
    /// [`ShorthandError`] when a line points to a diagnosis that is not there.
    pub fn claim(&self, reversed: bool) -> Result<Claim, ShorthandError> {
        let mut claim = Claim {
            ordinal: 1,
            claim_type: self.claim_type,
            format: InputFormat::Json,
            frequency: Some(self.frequency),
            filing_indicator: self.filing_indicator,
            place_of_service: self.place_of_service,
            referring: self.referring,
            submitted: self.submitted,
            diagnoses: self.diagnoses.clone(),
            diagnosis_system: (!self.diagnoses.is_empty()).then_some(DiagnosisSystem::Icd10Cm),
            billing: Provider {
                npi: Some(match self.billing {
                    Some(npi) => npi,
                    None => typed("1234567893", "an NPI", Npi::new)?,
                }),
                taxonomy: None,
            },
            ..Claim::default()
        };
        claim.patient.sex = self.sex;
        claim.patient.birth_date = self.birth_date;
        claim.claim_id = claim.texts.add(&self.claim_id);
        claim.original_reference = claim.texts.add(&self.original_reference);
        claim.payer_id = claim.texts.add(&self.payer);
        claim.tax_id = Phi::new(claim.texts.add(self.tax_id.reveal()));
        let others = self.other_payers.iter();
        claim.other_payers.payers =
            others.map(|paid| OtherPayer { paid: *paid, ..OtherPayer::default() }).collect();
        for (sketch, number) in self.lines.iter().zip(1_u32..) {
            let mut line = ServiceLine::new(number, sketch.date.unwrap_or(self.date));
            line.procedure = Some(sketch.procedure);
            line.modifiers = sketch.modifiers;
            line.units = sketch.units;
            line.charge = Money::from_cents(10_000);
            line.place_of_service = sketch.place_of_service;
            line.body_region = sketch.region;
            line.provider = sketch.provider;
            line.drug = sketch.ndc.map(|ndc| Drug { ndc, quantity: None, unit: None });
            line.revenue_code = sketch.revenue_code;
            line.pointers = match sketch.pointers {
                Some(pointers) => pointers,
                None => first_pointers(self.diagnoses.len()),
            };
            if line.pointers.iter().any(|pointer| usize::from(pointer) > self.diagnoses.len()) {
                return Err(ShorthandError(format!(
                    "line {number} points to a diagnosis that the claim does not have"
                )));
            }
            claim.charge = claim.charge.checked_add(line.charge).unwrap_or_default();
            claim.lines.push(line);
        }
        if reversed {
            claim.lines.reverse();
        }
        claim.resolve_line_defaults();
        Ok(claim)
    }
}

/// A line of a claim in shorthand, as [`LineSketch::parse`] reads it, with what differs from its claim.
#[must_use]
pub fn shorthand(claim: &Claim, line: &ServiceLine) -> String {
    let mut text = line.procedure.map_or("(no code)".to_owned(), |code| code.to_string());
    for modifier in line.modifiers.iter() {
        text.push_str(&format!("-{modifier}"));
    }
    text.push_str(&format!(" x{} @{}", line.units, line.dates.from()));
    if line.dates.days() > 1 {
        text.push_str(&format!("..{}", line.dates.through()));
    }
    let pointers: Vec<String> = line.pointers.iter().map(|pointer| pointer.to_string()).collect();
    if !pointers.is_empty() {
        text.push_str(&format!(" dx={}", pointers.join(",")));
    }
    if let Some(place) = line.place_of_service.filter(|own| Some(*own) != claim.place_of_service) {
        text.push_str(&format!(" pos={place}"));
    }
    if let Some(region) = line.body_region {
        text.push_str(&format!(" region={}", region.as_str()));
    }
    if let Some(npi) = line.provider.npi.filter(|own| Some(*own) != claim.billing.npi) {
        text.push_str(&format!(" npi={npi}"));
    }
    if let Some(taxonomy) = line.provider.taxonomy {
        text.push_str(&format!(" taxonomy={taxonomy}"));
    }
    if let Some(drug) = line.drug {
        text.push_str(&format!(" ndc={}", drug.ndc));
    }
    if let Some(code) = line.revenue_code {
        text.push_str(&format!(" rev={code}"));
    }
    text
}

fn first_pointers(diagnoses: usize) -> DiagnosisPointers {
    let mut pointers = DiagnosisPointers::default();
    for pointer in (1..=4).take(diagnoses) {
        let _ = pointers.push(pointer);
    }
    pointers
}

fn typed<T, E: fmt::Display>(
    text: &str,
    what: &str,
    parse: impl Fn(&[u8]) -> Result<T, E>,
) -> Result<T, ShorthandError> {
    parse(text.as_bytes())
        .map_err(|error| ShorthandError(format!("`{text}` is not {what}: it {error}")))
}

/// `2026-03-02` or `2026-03-02..2026-03-04`.
pub(crate) fn dates(text: &str) -> Result<DateRange, ShorthandError> {
    let day = |text: &str| typed(text, "a date", ServiceDate::parse_iso);
    match text.split_once("..") {
        Some((from, through)) => DateRange::new(day(from)?, day(through)?)
            .map_err(|error| ShorthandError(format!("`{text}` {error}"))),
        None => day(text).map(DateRange::day),
    }
}

fn pointers(list: &str) -> Result<DiagnosisPointers, ShorthandError> {
    let mut pointers = DiagnosisPointers::default();
    for pointer in list.split(',') {
        let fits = pointer.parse().is_ok_and(|pointer| pointers.push(pointer));
        if !fits {
            return Err(ShorthandError(format!(
                "`dx={list}` does not point to up to four diagnoses from 1 to 12"
            )));
        }
    }
    Ok(pointers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_word_by_word() {
        let line = LineSketch::parse(
            "93986-RT-59 x2 @2026-01-05 dx=1,3 pos=22 region=upper npi=1234567893",
        )
        .unwrap();
        assert_eq!(line.procedure.as_str(), "93986");
        assert_eq!(line.modifiers.to_string(), "RT-59");
        assert_eq!(line.units, Units::whole(2));
        assert_eq!(line.pointers.unwrap().iter().collect::<Vec<_>>(), [1, 3]);
        assert_eq!(line.region, Some(Region::Upper));
    }

    #[test]
    fn a_line_written_in_shorthand_is_read_back_the_same() {
        let text = "93986-RT-59 x2 @2026-01-05..2026-01-06 pos=22 region=upper npi=2999999032 taxonomy=2085R0202X ndc=00026063512 rev=0402";
        let claim = ClaimSketch::new(&[text.to_owned()]).unwrap().claim(false).unwrap();
        assert_eq!(shorthand(&claim, &claim.lines[0]), text);
    }

    #[test]
    fn a_word_that_is_not_understood_is_named() {
        for (text, word) in [
            ("9397", "9397"),
            ("93970-5", "`5`"),
            ("93970 y2", "y2"),
            ("93970 dx=13", "dx=13"),
            ("93970 region=arm", "arm"),
        ] {
            let error = LineSketch::parse(text).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }
}
