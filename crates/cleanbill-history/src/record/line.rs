//! A service line as the history keeps it.

use cleanbill_model::{
    Claim, DateRange, Drug, DrugUnit, Modifier, Money, Ndc, PlaceOfService, ProcedureCode, Region,
    RevenueCode, ServiceDate, ServiceLine, UnitBasis, Units,
};
use serde::{Deserialize, Serialize};

use super::{ProviderRecord, Unreadable, optional};

/// A line of a claim in a history.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LineRecord<'a> {
    number: u32,
    procedure: &'a str,
    modifiers: [&'a str; 4],
    units: i64,
    minutes: bool,
    charge: i64,
    from: i32,
    through: i32,
    pointers: [u8; 4],
    place_of_service: &'a str,
    #[serde(borrow)]
    provider: ProviderRecord<'a>,
    revenue_code: &'a str,
    region: &'a str,
    ndc: &'a str,
    drug_quantity: Option<i64>,
    drug_unit: &'a str,
    control_number: &'a str,
}

impl<'a> LineRecord<'a> {
    pub(super) fn of(claim: &'a Claim, line: &'a ServiceLine) -> Self {
        let mut modifiers = [""; 4];
        for (slot, modifier) in modifiers.iter_mut().zip(line.modifiers.slots()) {
            *slot = modifier.as_ref().map_or("", Modifier::as_str);
        }
        let mut pointers = [0; 4];
        for (slot, pointer) in pointers.iter_mut().zip(line.pointers.iter()) {
            *slot = pointer;
        }
        let drug = line.drug.as_ref();
        Self {
            number: line.number,
            procedure: line.procedure.as_ref().map_or("", ProcedureCode::as_str),
            modifiers,
            units: line.units.thousandths(),
            minutes: line.unit_basis == UnitBasis::Minutes,
            charge: line.charge.cents(),
            from: line.dates.from().yyyymmdd(),
            through: line.dates.through().yyyymmdd(),
            pointers,
            place_of_service: line.place_of_service.as_ref().map_or("", PlaceOfService::as_str),
            provider: ProviderRecord::of(&line.provider),
            revenue_code: line.revenue_code.as_ref().map_or("", RevenueCode::as_str),
            region: line.body_region.map_or("", Region::as_str),
            ndc: drug.map_or("", |drug| drug.ndc.as_str()),
            drug_quantity: drug.and_then(|drug| drug.quantity).map(Units::thousandths),
            drug_unit: drug.and_then(|drug| drug.unit).map_or("", DrugUnit::as_str),
            control_number: claim.text(line.control_number),
        }
    }

    pub(super) const fn number(&self) -> u32 {
        self.number
    }

    /// The line again, as one of `claim`.
    pub(super) fn line(&self, claim: &mut Claim) -> Result<ServiceLine, Unreadable> {
        let from = ServiceDate::from_yyyymmdd(self.from).ok_or(Unreadable)?;
        let through = ServiceDate::from_yyyymmdd(self.through).ok_or(Unreadable)?;
        let dates = DateRange::new(from, through).map_err(|_| Unreadable)?;
        let mut line = ServiceLine::new(self.number, dates);
        line.procedure = optional(self.procedure, ProcedureCode::new)?;
        for modifier in self.modifiers {
            if let Some(modifier) = optional(modifier, Modifier::new)? {
                line.modifiers.push(modifier).map_err(|_| Unreadable)?;
            }
        }
        line.units = Units::from_thousandths(self.units);
        line.unit_basis = if self.minutes { UnitBasis::Minutes } else { UnitBasis::Units };
        line.charge = Money::from_cents(self.charge);
        for pointer in self.pointers {
            if pointer != 0 && !line.pointers.push(pointer) {
                return Err(Unreadable);
            }
        }
        line.place_of_service = optional(self.place_of_service, PlaceOfService::new)?;
        line.provider = self.provider.provider()?;
        line.revenue_code = optional(self.revenue_code, RevenueCode::new)?;
        line.body_region = optional(self.region, |_| Region::from_name(self.region).ok_or(()))?;
        if let Some(ndc) = optional(self.ndc, Ndc::new)? {
            let quantity = self.drug_quantity.map(Units::from_thousandths);
            let unit = optional(self.drug_unit, |text| DrugUnit::new(text).ok_or(()))?;
            line.drug = Some(Drug { ndc, quantity, unit });
        }
        line.control_number = claim.texts.add(self.control_number);
        Ok(line)
    }
}
