//! Claims that a test writes down.

use cleanbill_plugin_abi::form;

/// A service line of a test.
#[derive(Clone, Debug)]
pub struct TestLine {
    pub(super) code: String,
    pub(super) modifiers: Vec<String>,
    pub(super) pointers: Vec<u8>,
    pub(super) place_of_service: String,
    pub(super) revenue_code: String,
    pub(super) rendering_npi: String,
    pub(super) rendering_taxonomy: String,
    pub(super) body_region: String,
    pub(super) from: i32,
    pub(super) through: i32,
    pub(super) units_milli: i64,
    pub(super) minutes: bool,
    pub(super) charge: i64,
    pub(super) ndc: String,
    pub(super) drug_quantity_milli: i64,
    pub(super) drug_unit: String,
    pub(super) authorization: String,
}

/// Functions that set one text each.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(mut self, text: &str) -> Self {
            text.clone_into(&mut self.$name);
            self
        })*
    };
}

impl TestLine {
    /// A line in shorthand, `CODE[-MOD…]`: `93970-59-LT`. One unit of 100.00 on 2026-03-02 at place of
    /// service 11, until told otherwise.
    #[must_use]
    pub fn new(shorthand: &str) -> Self {
        let mut parts = shorthand.split('-').map(str::to_owned);
        let none = String::new;
        Self {
            code: parts.next().unwrap_or_default(),
            modifiers: parts.collect(),
            pointers: Vec::new(),
            place_of_service: "11".to_owned(),
            revenue_code: none(),
            rendering_npi: none(),
            rendering_taxonomy: none(),
            body_region: none(),
            from: 20_260_302,
            through: 20_260_302,
            units_milli: 1000,
            minutes: false,
            charge: 10_000,
            ndc: none(),
            drug_quantity_milli: 0,
            drug_unit: none(),
            authorization: none(),
        }
    }

    texts! {
        /// Sets the place of service.
        place_of_service;
        /// Sets the revenue code.
        revenue_code;
        /// Sets the NPI of the rendering provider. Take one that no provider can have.
        rendering_npi;
        /// Sets the taxonomy of the rendering provider.
        rendering_taxonomy;
        /// Sets the extremity, `upper` or `lower`.
        body_region;
        /// Sets the prior authorization.
        authorization;
    }

    /// Sets both dates of service, `yyyymmdd`.
    #[must_use]
    pub fn on(self, day: i32) -> Self {
        self.from_through(day, day)
    }

    /// Sets the dates of service, `yyyymmdd`.
    #[must_use]
    pub fn from_through(mut self, from: i32, through: i32) -> Self {
        (self.from, self.through) = (from, through);
        self
    }

    /// Sets the quantity; one unit is 1000.
    #[must_use]
    pub fn units_thousandths(mut self, units: i64) -> Self {
        self.units_milli = units;
        self
    }

    /// Sets the charge in cents.
    #[must_use]
    pub fn charge_cents(mut self, charge: i64) -> Self {
        self.charge = charge;
        self
    }

    /// Makes it bill a drug: eleven digits, a quantity (one is 1000) and its unit, `ML`.
    #[must_use]
    pub fn drug(mut self, ndc: &str, quantity_thousandths: i64, unit: &str) -> Self {
        ndc.clone_into(&mut self.ndc);
        self.drug_quantity_milli = quantity_thousandths;
        unit.clone_into(&mut self.drug_unit);
        self
    }

    /// Points to diagnoses of the claim, from 1.
    #[must_use]
    pub fn pointers(mut self, pointers: &[u8]) -> Self {
        pointers.clone_into(&mut self.pointers);
        self
    }
}

/// A claim of a test.
#[derive(Clone, Debug)]
pub struct TestClaim {
    pub(super) form: u32,
    pub(super) payer: String,
    pub(super) filing_indicator: String,
    pub(super) frequency: String,
    pub(super) bill_type: String,
    pub(super) place_of_service: String,
    pub(super) billing_npi: String,
    pub(super) billing_taxonomy: String,
    pub(super) rendering_npi: String,
    pub(super) rendering_taxonomy: String,
    pub(super) charge: Option<i64>,
    pub(super) diagnoses: Vec<String>,
    pub(super) submitted: i32,
    pub(super) birth_date: i32,
    pub(super) sex: String,
    pub(super) authorization: String,
    pub(super) replaces_another: bool,
    pub(super) lines: Vec<TestLine>,
}

impl TestClaim {
    /// An original professional claim to `payer` without lines.
    #[must_use]
    pub fn new(payer: &str) -> Self {
        let none = String::new;
        Self {
            form: form::PROFESSIONAL,
            payer: payer.to_owned(),
            filing_indicator: none(),
            frequency: "1".to_owned(),
            bill_type: none(),
            place_of_service: none(),
            billing_npi: none(),
            billing_taxonomy: none(),
            rendering_npi: none(),
            rendering_taxonomy: none(),
            charge: None,
            diagnoses: Vec::new(),
            submitted: 0,
            birth_date: 0,
            sex: none(),
            authorization: none(),
            replaces_another: false,
            lines: Vec::new(),
        }
    }

    texts! {
        /// Sets the kind of payer (SBR09): `MB`, `CI`.
        filing_indicator;
        /// Sets the claim frequency.
        frequency;
        /// Sets the type of bill.
        bill_type;
        /// Sets the place of service of the claim, which lines without their own have.
        place_of_service;
        /// Sets the NPI of the billing provider. Take one that no provider can have.
        billing_npi;
        /// Sets the taxonomy of the billing provider.
        billing_taxonomy;
        /// Sets the NPI of the rendering provider. Take one that no provider can have.
        rendering_npi;
        /// Sets the taxonomy of the rendering provider.
        rendering_taxonomy;
        /// Sets the patient's sex: `F`, `M` or `U`.
        sex;
        /// Sets the prior authorization of the claim.
        authorization;
    }

    /// Makes it institutional.
    #[must_use]
    pub fn institutional(mut self) -> Self {
        self.form = form::INSTITUTIONAL;
        self
    }

    /// Makes it dental.
    #[must_use]
    pub fn dental(mut self) -> Self {
        self.form = form::DENTAL;
        self
    }

    /// Adds a diagnosis, without decimal point.
    #[must_use]
    pub fn diagnosis(mut self, code: &str) -> Self {
        self.diagnoses.push(code.to_owned());
        self
    }

    /// Sets the day on which the claim was handed in, `yyyymmdd`.
    #[must_use]
    pub fn submitted(mut self, day: i32) -> Self {
        self.submitted = day;
        self
    }

    /// Sets the patient's date of birth, `yyyymmdd`.
    #[must_use]
    pub fn birth_date(mut self, day: i32) -> Self {
        self.birth_date = day;
        self
    }

    /// Makes it name the claim that it replaces or voids.
    #[must_use]
    pub fn with_original_reference(mut self) -> Self {
        self.replaces_another = true;
        self
    }

    /// Adds a line.
    #[must_use]
    pub fn line(mut self, line: TestLine) -> Self {
        self.lines.push(line);
        self
    }
}
