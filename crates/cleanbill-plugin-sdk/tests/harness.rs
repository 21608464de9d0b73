//! The views, findings and guard of the SDK, as a plugin author meets them in a test.

#![expect(clippy::panic, clippy::expect_used, reason = "plugins of a test panic on purpose")]

use std::cell::Cell;

use cleanbill_plugin_sdk::testing::{Failure, PluginTest, TestClaim, TestLine};
use cleanbill_plugin_sdk::{
    ClaimView, ConfigError, Date, Exported, Field, Findings, Form, NoConfig, Plugin, Rule, Severity,
};

/// Five rules without values but the last but one, and all that [`ReadsAll`] looks at.
const MANIFEST: &str = r#"{
    "reads": ["claim.payer_id", "claim.frequency", "claim.diagnoses", "claim.dates", "claim.charge",
        "claim.submitted", "claim.original_reference", "claim.authorization", "patient.sex",
        "patient.birth_date", "line.code", "line.modifiers", "line.diagnoses", "line.units",
        "line.charge", "line.dates", "line.place_of_service", "line.revenue_code", "line.body_region",
        "line.drug", "line.authorization"],
    "rules": [{"id":"a/0"}, {"id":"a/1"}, {"id":"a/2"}, {"id":"a/3", "args":{"limit":"count"}}, {"id":"a/4"},
        {"id":"a/5"}, {"id":"a/6"}, {"id":"a/7"}]
}"#;

/// A plugin without configuration under [`MANIFEST`].
macro_rules! plain {
    ($plugin:ident, $check:expr) => {
        impl Plugin for $plugin {
            type Config = NoConfig;

            fn create(_: NoConfig) -> Result<Self, ConfigError> {
                Ok(Self::default())
            }

            fn check(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
                $check(self, claim, out);
            }
        }

        impl Exported for $plugin {
            const MANIFEST: &'static str = MANIFEST;
        }
    };
}

fn check<P: Exported>(claim: &TestClaim) -> Vec<cleanbill_plugin_sdk::testing::Found> {
    PluginTest::<P>::new().check(claim).expect("the plugin answers")
}

#[derive(Default)]
struct ReadsAll;

impl ReadsAll {
    fn look(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        assert_eq!((claim.form(), claim.payer_id()), (Form::Institutional, "77099"));
        assert_eq!((claim.frequency(), claim.reference()), ("7", "1"));
        assert_eq!(claim.diagnoses().collect::<Vec<_>>(), ["N186", "I82401"]);
        assert_eq!(claim.from(), Some(Date::from_yyyymmdd(20_260_228)));
        assert_eq!(claim.through(), Some(Date::from_yyyymmdd(20_260_302)));
        assert_eq!((claim.line_count(), claim.total_charge_cents()), (2, 10_150));
        let [first, second] = claim.lines().collect::<Vec<_>>().try_into().ok().expect("two lines");
        assert_eq!(first.modifiers().collect::<Vec<_>>(), ["59", "LT"]);
        assert!(first.has_modifier("LT") && !second.has_modifier("LT"));
        assert_eq!(first.diagnoses().collect::<Vec<_>>(), ["I82401"]);
        assert_eq!(second.diagnoses().count(), 0);
        assert_eq!((second.units_thousandths(), second.charge_cents()), (2500, 150));
        assert_eq!((second.from().to_string(), second.through().day()), ("2026-02-28".into(), 1));
        assert_eq!((second.place_of_service(), second.revenue_code()), ("22", "0921"));
        assert_eq!((first.body_region(), second.body_region()), ("upper", ""));
        assert_eq!((claim.submitted(), claim.patient_sex()), (Some(DAY), "F"));
        assert_eq!(claim.patient_birth_date().map(Date::year), Some(1950));
        assert!(claim.has_original_reference() && first.drug().is_none());
        assert_eq!((first.authorization(), second.authorization()), ("A1", "A2"));
        let drug = second.drug().expect("the line bills a drug");
        assert_eq!((drug.ndc, drug.quantity_thousandths, drug.unit), ("00093721410", 1500, "ML"));
        out.find(Rule::at(3)).on(second).related(first).field(Field::Units).arg("limit", 2).emit();
        out.find(Rule::at(4)).severity(Severity::Warning).emit();
    }
}

plain!(ReadsAll, ReadsAll::look);

const DAY: Date = Date::from_yyyymmdd(20_260_305);

#[test]
fn a_plugin_sees_every_field_and_its_findings_arrive_whole() {
    let claim = TestClaim::new("77099")
        .institutional()
        .frequency("7")
        .diagnosis("N186")
        .diagnosis("I82401")
        .submitted(20_260_305)
        .sex("F")
        .birth_date(19_500_101)
        .authorization("A1")
        .with_original_reference()
        .line(TestLine::new("93970-59-LT").pointers(&[2, 9]).body_region("upper"))
        .line(
            TestLine::new("93986")
                .from_through(20_260_228, 20_260_301)
                .units_thousandths(2500)
                .charge_cents(150)
                .place_of_service("22")
                .revenue_code("0921")
                .authorization("A2")
                .drug("00093721410", 1500, "ML"),
        );
    let found = check::<ReadsAll>(&claim);
    let [on_line, on_claim] = found.as_slice() else { panic!("two findings") };
    assert_eq!((on_line.rule, on_line.line, on_line.severity), (3, Some(2), -1));
    assert_eq!((on_line.related.as_slice(), on_line.field.as_str()), (&[1][..], "units"));
    assert_eq!(on_line.args, [("limit".to_owned(), "2".to_owned())]);
    assert_eq!((on_claim.rule, on_claim.line, on_claim.severity), (4, None, 1));
}

/// Dropping it panics: a guard that drops what it caught would let that panic out.
struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic!("a second panic");
    }
}

#[derive(Default)]
struct Panics(Cell<u32>);

impl Panics {
    fn look(&self, claim: ClaimView<'_>, out: &mut Findings<'_>) {
        out.find(Rule::at(0)).emit();
        self.0.set(self.0.get() + 1);
        if claim.lines().next().is_some() {
            std::panic::panic_any(PanicsOnDrop);
        }
    }
}

plain!(Panics, Panics::look);

#[test]
fn a_panic_and_a_panic_in_its_payload_stay_in_the_plugin() {
    let test = PluginTest::<Panics>::new();
    let poison = TestClaim::new("77099").line(TestLine::new("93970"));
    assert_eq!(test.check(&poison), Err(Failure::Panicked));
    assert_eq!(test.check(&TestClaim::new("77099")).map(|found| found.len()), Ok(1));
}

#[derive(Default)]
struct PanicsInDrop;

plain!(PanicsInDrop, |_: &Self, _, _| ());

impl Drop for PanicsInDrop {
    fn drop(&mut self) {
        panic!("while it is destroyed");
    }
}

#[test]
fn a_panic_while_an_instance_is_destroyed_stays_in_the_plugin() {
    assert_eq!(check::<PanicsInDrop>(&TestClaim::new("77099")), []);
}

/// The limit of [`Limited`], in dollars.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Limit {
    limit: u32,
}

struct Limited(Limit);

impl Plugin for Limited {
    type Config = Limit;

    fn create(limit: Limit) -> Result<Self, ConfigError> {
        match limit.limit {
            13 => Err(ConfigError::new("ä".repeat(200))),
            _ => Ok(Self(limit)),
        }
    }

    fn check(&self, _: ClaimView<'_>, out: &mut Findings<'_>) {
        out.find(Rule::at(self.0.limit)).emit();
    }
}

impl Exported for Limited {
    const MANIFEST: &'static str = MANIFEST;
}

#[test]
fn a_plugin_reads_its_configuration_into_a_type_of_its_own() {
    let rule = |json: &str| {
        let test = PluginTest::<Limited>::new().configured(json);
        test.check(&TestClaim::new("77099")).map(|found| found.first().map(|found| found.rule))
    };
    assert_eq!(rule("{}"), Ok(Some(0)));
    assert_eq!(rule(r#"{"limit":7}"#), Ok(Some(7)));
    for (json, told) in [
        (r#"{"limit":"7"}"#, "invalid type: string \"7\", expected u32"),
        (r#"{"limti":7}"#, "unknown field `limti`, expected `limit`"),
    ] {
        assert_eq!(rule(json), Err(Failure::Config(told.to_owned())));
    }
    // What does not fit is cut between two letters.
    assert_eq!(rule(r#"{"limit":13}"#), Err(Failure::Config("ä".repeat(127))));
}

#[test]
fn a_plugin_that_takes_no_configuration_refuses_one() {
    let test = PluginTest::<PanicsInDrop>::new().configured(r#"{ "a": 1 }"#);
    let told = "unknown field `a`, there are no fields".to_owned();
    assert_eq!(test.check(&TestClaim::new("77099")), Err(Failure::Config(told)));
}
