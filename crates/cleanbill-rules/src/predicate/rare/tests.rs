//! Fields that few claims carry: the line's own value, the claim's, and what is not known.

use cleanbill_model::{
    Ambulance, Certification, DateRange, OtherAdjudication, OtherPayer, Phi, Provider, ServiceDate,
    ZipCode,
};

use super::*;

/// A claim of two lines: an ambulance transport of the claim, and of its second line.
fn claim() -> Claim {
    let day = DateRange::day(ServiceDate::new(2026, 3, 2).unwrap());
    let lines = vec![ServiceLine::new(1, day), ServiceLine::new(2, day)];
    let mut claim = Claim { lines, ..Claim::default() };
    let indicator = |text: &[u8]| ConditionIndicator::new(text).ok();
    let one = |category, applies, conditions: [&[u8]; 2]| Certification {
        category,
        applies,
        conditions: [indicator(conditions[0]), indicator(conditions[1]), None, None, None],
    };
    let stretcher = Phi::new(claim.texts.add("CANNOT SIT"));
    let own = claim.fill_particulars(None);
    own.ambulance = Ambulance {
        reason: TransportReason::new(b"A"),
        distance: Units::parse(b"12.5").ok(),
        pick_up: Phi::new(ZipCode::new(b"80612").ok()),
        stretcher,
        ..Ambulance::default()
    };
    own.certifications = vec![
        one(ConditionCategory::AMBULANCE, true, [b"01", b"06"]),
        one(ConditionCategory::AMBULANCE, false, [b"09", b""]),
        one(ConditionCategory::HOMEBOUND, true, [b"IH", b""]),
    ];
    own.supervising = Provider { npi: Npi::new(b"2999999024").ok(), taxonomy: None };
    let own = claim.fill_particulars(Some(1));
    own.ambulance.reason = TransportReason::new(b"B");
    own.ambulance.patients = Some(2);
    own.certifications = vec![one(ConditionCategory::AMBULANCE, false, [b"01", b""])];
    claim
}

#[test]
fn a_line_has_its_own_values_else_those_of_the_claim() {
    let claim = claim();
    let [first, second] = claim.lines.as_slice() else { panic!("two lines") };
    let word = |field: Field, line| field.word(&claim, line);
    assert_eq!(word(Field::AmbulanceReason, first), Some("A"));
    assert_eq!(word(Field::AmbulanceReason, second), Some("B"));
    assert_eq!(word(Field::SupervisingNpi, second), Some("2999999024"));
    assert_eq!(
        (word(Field::PurchasedServiceNpi, second), word(Field::OrderingNpi, second)),
        (None, None)
    );
    assert_eq!(
        (word(Field::Homebound, first), word(Field::SpinalCondition, first)),
        (Some("Y"), None)
    );
    let number = |field: Field, line| field.number(&claim, line);
    assert_eq!(number(Field::AmbulanceDistance, second), Some(12_500));
    assert_eq!(Field::AmbulanceDistance.shown(&claim, second), "12.5");
    assert_eq!(number(Field::AmbulanceWeight, first), None);
    assert_eq!(
        (number(Field::AmbulancePatients, first), number(Field::AmbulancePatients, second)),
        (None, Some(2))
    );
    assert_eq!(Field::AmbulancePatients.shown(&claim, second), "2");
}

#[test]
fn conditions_that_do_not_hold_are_known_not_to_and_those_never_certified_are_unknown() {
    let claim = claim();
    let [first, second] = claim.lines.as_slice() else { panic!("two lines") };
    let any = |field: Field, line, wanted: &str| field.any_word(&claim, line, |own| own == wanted);
    assert_eq!(any(Field::AmbulanceConditions, first, "06"), Some(true));
    assert_eq!(any(Field::AmbulanceConditions, first, "09"), Some(false), "it is said not to hold");
    assert_eq!(any(Field::AmbulanceConditions, second, "06"), Some(false), "the line has its own");
    assert_eq!(any(Field::EquipmentConditions, first, "38"), None);
    assert_eq!(Field::AmbulanceConditions.shown(&claim, first), "01, 06");
    assert_eq!(Field::AmbulanceConditions.shown(&claim, second), "none that holds");
    assert_eq!(Field::EpsdtConditions.shown(&claim, second), "none");
}

#[test]
fn of_zip_codes_and_purposes_only_their_presence_is_told() {
    let claim = claim();
    let line = &claim.lines[0];
    for (field, given) in [
        (Field::AmbulancePickUpZip, true),
        (Field::AmbulanceDropOffZip, false),
        (Field::AmbulanceRoundTrip, false),
        (Field::AmbulanceStretcher, true),
    ] {
        assert_eq!(field.exists(&claim, line), given, "{field:?}");
        assert_eq!(field.shown(&claim, line), if given { "given" } else { "none" });
    }
}

#[test]
fn kinds_of_other_payers_are_known_when_each_gives_its_own() {
    let mut claim = claim();
    let line = claim.lines[0];
    let any = |claim: &Claim, wanted: &str| {
        Field::OtherPayerFilingIndicators.any_word(claim, &line, |own| own == wanted)
    };
    let exists = |claim: &Claim| Field::OtherPayerFilingIndicators.exists(claim, &line);
    assert_eq!((any(&claim, "MB"), exists(&claim)), (Some(false), false), "there is none");
    let payer = |kind: Option<&[u8]>| OtherPayer {
        filing_indicator: kind.map(|kind| FilingIndicator::new(kind).unwrap()),
        ..OtherPayer::default()
    };
    claim.other_payers.payers = vec![payer(Some(b"CI")), payer(Some(b"MB"))];
    assert_eq!((any(&claim, "MB"), any(&claim, "MC")), (Some(true), Some(false)));
    assert_eq!(Field::OtherPayerFilingIndicators.shown(&claim, &line), "CI, MB");
    claim.other_payers.payers.push(payer(None));
    assert_eq!((any(&claim, "MB"), any(&claim, "MC"), exists(&claim)), (Some(true), None, true));
}

#[test]
fn what_other_payers_paid_on_a_line_is_that_of_the_line() {
    let mut claim = claim();
    let said = |line, cents| OtherAdjudication {
        line,
        paid: Some(Money::from_cents(cents)),
        ..OtherAdjudication::default()
    };
    claim.other_payers.adjudications = vec![said(1, 3_015), said(1, 985)];
    let [first, second] = claim.lines.as_slice() else { panic!("two lines") };
    assert_eq!(Field::LineOtherPayerPaid.number(&claim, first), None);
    assert_eq!(Field::LineOtherPayerPaid.number(&claim, second), Some(4_000));
    assert_eq!(Field::LineOtherPayerPaid.shown(&claim, second), "40.00");
}
