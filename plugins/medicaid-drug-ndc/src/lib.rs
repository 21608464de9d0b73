//! Example plugin: drugs that are billed by the unit to a Medicaid plan. Plan, drugs and providers are
//! invented.
//!
//! A drug needs its national drug code (NDC) with a quantity and its unit. Where the plan's crosswalk has the
//! NDC, quantity and units of service must fit. A provider under 340B marks what it bought at that price.

#![forbid(unsafe_code)]

use cleanbill_plugin_sdk::{
    ClaimView, ConfigError, Drug, Field, Findings, LineView, Plugin, export_plugin,
    include_manifest, rule,
};

include_manifest!();

/// A line of the crosswalk.
struct Ratio {
    code: String,
    ndc: String,
    unit: String,
    /// Quantity of the NDC in one unit of the procedure, in thousandths.
    per_unit: i64,
}

/// The rules of the plan.
pub struct DrugNdc {
    config: Config,
    crosswalk: Vec<Ratio>,
}

impl Plugin for DrugNdc {
    type Config = Config;

    fn create(config: Config) -> Result<Self, ConfigError> {
        if config.drug_codes.is_empty() || config.marks_340b.is_empty() {
            return Err(ConfigError::new("`drug_codes` and `marks_340b` must not be empty"));
        }
        let crosswalk = config.crosswalk.iter().map(|line| {
            ratio(line).ok_or_else(|| {
                ConfigError::new(format!(
                    "`crosswalk` has `{line}`; write procedure, NDC, unit and quantity, as \
                     `J9999 99999000101 ML 0.5`"
                ))
            })
        });
        let crosswalk = crosswalk.collect::<Result<_, _>>()?;
        Ok(Self { config, crosswalk })
    }

    fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        let is_340b = self.config.providers_340b.iter().any(|npi| npi == claim.billing_npi());
        for line in claim.lines().filter(|line| self.is_drug(line.code())) {
            match line.drug() {
                None => out.find(rule!(NDC_MISSING)).on(line).field(Field::Procedure).emit(),
                Some(drug) if drug.quantity_thousandths <= 0 || drug.unit.is_empty() => {
                    out.find(rule!(QUANTITY_MISSING)).on(line).emit();
                }
                Some(drug) => self.check_ratio(line, drug, out),
            }
            let marks = &self.config.marks_340b;
            if is_340b && !marks.iter().any(|mark| line.has_modifier(mark)) {
                out.find(rule!(MODIFIER_340B))
                    .on(line)
                    .field(Field::Modifiers)
                    .arg("marks", marks.join(" or "))
                    .emit();
            }
        }
    }
}

impl DrugNdc {
    fn is_drug(&self, code: &str) -> bool {
        self.config.drug_codes.iter().any(|beginning| code.starts_with(beginning.as_str()))
            && !self.config.without_ndc.iter().any(|other| other == code)
    }

    fn check_ratio(&self, line: LineView<'_>, drug: Drug<'_>, out: &mut Findings<'_>) {
        let known = |ratio: &&Ratio| ratio.code == line.code() && ratio.ndc == drug.ndc;
        let Some(ratio) = self.crosswalk.iter().find(known) else { return };
        // Both factors are in thousandths; a product that does not fit cannot be right either.
        let exact = line.units_thousandths().checked_mul(ratio.per_unit);
        let expected = exact.map(|product| product / 1000);
        let fits = ratio.unit == drug.unit
            && exact.is_some()
            && exact == drug.quantity_thousandths.checked_mul(1000);
        if !fits {
            let expected = expected.unwrap_or(i64::MAX);
            out.find(rule!(UNITS_RATIO))
                .on(line)
                .field(Field::Units)
                .arg("expected", amount(expected, &ratio.unit))
                .arg("billed", amount(drug.quantity_thousandths, drug.unit))
                .emit();
        }
    }
}

/// `J9999 99999000101 ML 0.5`.
fn ratio(line: &str) -> Option<Ratio> {
    let [code, ndc, unit, quantity] =
        line.split_whitespace().collect::<Vec<_>>().try_into().ok()?;
    let is_ndc = ndc.len() == 11 && ndc.bytes().all(|byte| byte.is_ascii_digit());
    let is_unit = ["F2", "GR", "ME", "ML", "UN"].contains(&unit);
    let per_unit = thousandths(quantity).filter(|quantity| *quantity > 0)?;
    (is_ndc && is_unit).then(|| Ratio {
        code: code.to_owned(),
        ndc: ndc.to_owned(),
        unit: unit.to_owned(),
        per_unit,
    })
}

/// `0.5` as 500.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let zeros = "0".repeat(3_usize.checked_sub(part.len())?);
    format!("{whole}{part}{zeros}").parse().ok()
}

/// A quantity as people write it: `5 ML`, `0.5 ML`.
fn amount(thousandths: i64, unit: &str) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let size = thousandths.unsigned_abs();
    let mut words = format!("{sign}{}.{:03}", size / 1000, size % 1000);
    words.truncate(words.trim_end_matches('0').trim_end_matches('.').len());
    format!("{words} {unit}")
}

export_plugin!(DrugNdc);

#[cfg(test)]
mod tests {
    use cleanbill_plugin_sdk::testing::{Failure, Found, PluginTest, TestClaim, TestLine};
    use cleanbill_plugin_sdk::{Rule, rule};

    use super::DrugNdc;

    const NDC: &str = "99999000101";

    fn found(claim: TestClaim) -> Vec<Found> {
        PluginTest::<DrugNdc>::new().check(&claim).unwrap()
    }

    fn only(found: &[Found], rule: Rule) -> bool {
        found.len() == 1 && found.iter().all(|found| found.is_of(rule) && found.line == Some(1))
    }

    fn claim(line: TestLine) -> TestClaim {
        TestClaim::new("STATE-MEDICAID").billing_npi("1234567890").line(line)
    }

    #[test]
    fn the_examples_hold() {
        PluginTest::<DrugNdc>::new().examples().unwrap();
    }

    #[test]
    fn a_drug_needs_an_ndc_and_a_visit_does_not() {
        assert!(only(&found(claim(TestLine::new("J3490"))), rule!(NDC_MISSING)));
        assert_eq!(found(claim(TestLine::new("99213"))), []);
        let test = PluginTest::<DrugNdc>::new().configured(r#"{"without_ndc":["J3490"]}"#);
        assert_eq!(test.check(&claim(TestLine::new("J3490"))), Ok(Vec::new()));
    }

    #[test]
    fn an_ndc_needs_quantity_and_unit() {
        for (quantity, unit) in [(0, "ML"), (1000, ""), (-1, "ML")] {
            let line = TestLine::new("J3490").drug(NDC, quantity, unit);
            assert!(only(&found(claim(line)), rule!(QUANTITY_MISSING)), "{quantity} {unit}");
        }
        assert_eq!(found(claim(TestLine::new("J3490").drug(NDC, 1000, "ML"))), []);
    }

    #[test]
    fn quantity_and_units_fit_the_crosswalk() {
        let billed = |units, quantity, unit| {
            found(claim(TestLine::new("J9999").units_thousandths(units).drug(NDC, quantity, unit)))
        };
        assert_eq!(billed(10_000, 5000, "ML"), []);
        assert_eq!(billed(1500, 750, "ML"), []);
        for (units, quantity, unit) in
            [(10_000, 5001, "ML"), (10_000, 5000, "UN"), (i64::MAX, i64::MAX, "ML"), (1, 1, "ML")]
        {
            assert!(only(&billed(units, quantity, unit), rule!(UNITS_RATIO)), "{units}");
        }
        let words = billed(1000, 250, "ML");
        let args = [("expected", "0.5 ML"), ("billed", "0.25 ML")];
        assert_eq!(words[0].args, args.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_340b_provider_marks_its_drugs() {
        let of_340b = |line: &str| {
            let line = TestLine::new(line).drug("99999000909", 1000, "UN");
            found(TestClaim::new("STATE-MEDICAID").billing_npi("1999999999").line(line))
        };
        assert!(only(&of_340b("J3490"), rule!(MODIFIER_340B)));
        assert_eq!(of_340b("J3490-UD"), []);
    }

    #[test]
    fn a_crosswalk_that_cannot_be_read_is_refused() {
        for line in
            ["J9999 99999000101 ML", "J9999 1 ML 1", "J9999 99999000101 CC 1", "A 99999000101 ML 0"]
        {
            let json = format!(r#"{{"crosswalk":["{line}"]}}"#);
            let refused = PluginTest::<DrugNdc>::new().configured(&json);
            let failure = refused.check(&claim(TestLine::new("99213")));
            let Err(Failure::Config(words)) = failure else { panic!("{failure:?}") };
            assert!(words.starts_with(&format!("`crosswalk` has `{line}`; write")), "{words}");
        }
    }
}
