//! Claims that a test writes down, and the view of them.

use cleanbill_plugin_abi::{CbClaim, CbLine, CbStr, form};

/// A service line of a test.
#[derive(Clone, Debug)]
pub struct TestLine {
    code: String,
    modifiers: Vec<String>,
    pointers: Vec<u8>,
    place_of_service: String,
    revenue_code: String,
    body_region: String,
    from: i32,
    through: i32,
    units_milli: i64,
    charge: i64,
}

impl TestLine {
    /// A line in shorthand, `CODE[-MOD…]`: `93970-59-LT`. One unit of 100.00 on 2026-03-02 at place of
    /// service 11, until told otherwise.
    #[must_use]
    pub fn new(shorthand: &str) -> Self {
        let mut parts = shorthand.split('-').map(str::to_owned);
        Self {
            code: parts.next().unwrap_or_default(),
            modifiers: parts.collect(),
            pointers: Vec::new(),
            place_of_service: "11".to_owned(),
            revenue_code: String::new(),
            body_region: String::new(),
            from: 20_260_302,
            through: 20_260_302,
            units_milli: 1000,
            charge: 10_000,
        }
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

    /// Sets the place of service.
    #[must_use]
    pub fn place_of_service(mut self, place: &str) -> Self {
        place.clone_into(&mut self.place_of_service);
        self
    }

    /// Sets the revenue code.
    #[must_use]
    pub fn revenue_code(mut self, code: &str) -> Self {
        code.clone_into(&mut self.revenue_code);
        self
    }

    /// Sets the extremity, `upper` or `lower`.
    #[must_use]
    pub fn body_region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.body_region);
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
    form: u32,
    payer: String,
    frequency: String,
    diagnoses: Vec<String>,
    lines: Vec<TestLine>,
}

impl TestClaim {
    /// An original professional claim to `payer` without lines.
    #[must_use]
    pub fn new(payer: &str) -> Self {
        Self {
            form: form::PROFESSIONAL,
            payer: payer.to_owned(),
            frequency: "1".to_owned(),
            diagnoses: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Makes it institutional.
    #[must_use]
    pub fn institutional(mut self) -> Self {
        self.form = form::INSTITUTIONAL;
        self
    }

    /// Sets the claim frequency.
    #[must_use]
    pub fn frequency(mut self, frequency: &str) -> Self {
        frequency.clone_into(&mut self.frequency);
        self
    }

    /// Adds a diagnosis, without decimal point.
    #[must_use]
    pub fn diagnosis(mut self, code: &str) -> Self {
        self.diagnoses.push(code.to_owned());
        self
    }

    /// Adds a line.
    #[must_use]
    pub fn line(mut self, line: TestLine) -> Self {
        self.lines.push(line);
        self
    }

    /// Hands the view of this claim, as a host would build it, to `use_it`.
    pub(crate) fn with_view<R>(&self, use_it: impl FnOnce(&CbClaim) -> R) -> R {
        let strs = |texts: &[String]| texts.iter().map(|text| CbStr::new(text)).collect::<Vec<_>>();
        let diagnoses = strs(&self.diagnoses);
        let modifiers: Vec<Vec<CbStr>> =
            self.lines.iter().map(|line| strs(&line.modifiers)).collect();
        let lines: Vec<CbLine> = self
            .lines
            .iter()
            .zip(&modifiers)
            .zip(1..)
            .map(|((line, modifiers), line_no)| CbLine {
                line_no,
                code: CbStr::new(&line.code),
                modifiers: modifiers.as_ptr(),
                n_modifiers: modifiers.len(),
                dx_pointers: line.pointers.as_ptr(),
                n_dx_pointers: line.pointers.len(),
                place_of_service: CbStr::new(&line.place_of_service),
                revenue_code: CbStr::new(&line.revenue_code),
                body_region: CbStr::new(&line.body_region),
                from: line.from,
                through: line.through,
                units_milli: line.units_milli,
                charge: line.charge,
                ..CbLine::default()
            })
            .collect();
        use_it(&CbClaim {
            form: self.form,
            claim_ref: CbStr::new("1"),
            payer_id: CbStr::new(&self.payer),
            frequency: CbStr::new(&self.frequency),
            from: self.lines.iter().map(|line| line.from).min().unwrap_or_default(),
            through: self.lines.iter().map(|line| line.through).max().unwrap_or_default(),
            total_charge: self.lines.iter().map(|line| line.charge).sum(),
            diagnoses: diagnoses.as_ptr(),
            n_diagnoses: diagnoses.len(),
            lines: lines.as_ptr(),
            n_lines: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            ..CbClaim::default()
        })
    }
}
