//! The claim of a test as its author writes it, checked.

use cleanbill_model::{
    ClaimType, DiagnosisCode, FilingIndicator, Frequency, Money, Npi, Phi, PlaceOfService,
    Provider, ServiceDate, Sex,
};

use crate::check::Cx;
use crate::declare::ClaimDecl;
use crate::diagnostic::Code;
use crate::shorthand::{ClaimSketch, dates};
use crate::yaml::Node;

/// The claim of a test, checked; mistakes go to `cx`.
pub(super) fn sketch(cx: &Cx<'_>, at: &Node, decl: &ClaimDecl) -> Option<ClaimSketch> {
    let wrong = |key: &str, message: String| {
        cx.error(Code::BadTest, &at.get(key).span, message, String::new());
    };
    let mut sketch = match ClaimSketch::new(&decl.lines) {
        Ok(sketch) => sketch,
        Err(error) => {
            wrong("lines", error.to_string());
            return None;
        }
    };
    if decl.lines.is_empty() {
        wrong("lines", "the claim has no lines".to_owned());
    }
    if let Some(text) = &decl.date {
        match dates(text) {
            Ok(date) => sketch.date = date,
            Err(error) => wrong("date", error.to_string()),
        }
    }
    for (index, text) in decl.dx.iter().enumerate() {
        match DiagnosisCode::new(text.as_bytes()) {
            Ok(code) => sketch.diagnoses.push(code),
            Err(error) => cx.error(
                Code::BadCode,
                &at.get("dx").item(index).span,
                format!("`{text}` is not a diagnosis code: it {error}"),
                String::new(),
            ),
        }
    }
    if let Some(text) = &decl.pos {
        match text.as_str() {
            "none" => sketch.place_of_service = None,
            text => match PlaceOfService::new(text.as_bytes()) {
                Ok(place) => sketch.place_of_service = Some(place),
                Err(error) => {
                    wrong("pos", format!("`{text}` is not a place of service: it {error}"))
                }
            },
        }
    }
    if let Some(text) = &decl.claim_type {
        let known = ClaimType::ALL.map(|t| (t.as_str(), t));
        sketch.claim_type = cx.word(&at.get("type").span, text, "a claim type", &known)?;
    }
    if let Some(text) = &decl.filing_indicator {
        match FilingIndicator::new(text.as_bytes()) {
            Ok(indicator) => sketch.filing_indicator = Some(indicator),
            Err(error) => wrong("filing_indicator", format!("`{text}` {error}")),
        }
    }
    if let Some(text) = &decl.frequency {
        match Frequency::new(text.as_bytes()) {
            Some(frequency) => sketch.frequency = frequency,
            None => wrong(
                "frequency",
                format!("`{text}` is not a claim frequency: one digit or capital"),
            ),
        }
    }
    if let Some(text) = &decl.referring {
        match (text.as_str(), Npi::new(text.as_bytes())) {
            ("none", _) => sketch.referring = Provider::default(),
            (_, Ok(npi)) => sketch.referring = Provider { npi: Some(npi), taxonomy: None },
            (text, Err(error)) => {
                wrong("referring", format!("`{text}` is neither `none` nor an NPI: it {error}"))
            }
        }
    }
    if let Some(text) = &decl.sex {
        match Sex::new(text.as_bytes()) {
            Some(sex) => sketch.sex = Phi::new(Some(sex)),
            None => wrong("sex", "the sex of a patient is `F`, `M` or `U`".to_owned()),
        }
    }
    if let Some(text) = &decl.birth_date {
        match ServiceDate::parse_iso(text.as_bytes()) {
            Ok(day) => sketch.birth_date = Phi::new(Some(day)),
            Err(error) => wrong("birth_date", format!("the birth date {error}")),
        }
    }
    if let Some(text) = &decl.submitted {
        match ServiceDate::parse_iso(text.as_bytes()) {
            Ok(day) => sketch.submitted = Some(day),
            Err(error) => wrong("submitted", format!("`{text}` {error}")),
        }
    }
    if let Some(id) = &decl.id {
        sketch.claim_id.clone_from(id);
    }
    if let Some(id) = &decl.replaces {
        sketch.original_reference.clone_from(id);
    }
    if let Some(text) = &decl.billing {
        match Npi::new(text.as_bytes()) {
            Ok(npi) => sketch.billing = Some(npi),
            Err(error) => wrong("billing", format!("`{text}` is not an NPI: it {error}")),
        }
    }
    if let Some(number) = &decl.tax_id {
        sketch.tax_id = Phi::new(number.clone());
    }
    for text in &decl.other_payers {
        match (text.as_str(), Money::parse(text.as_bytes())) {
            ("none", _) => sketch.other_payers.push(None),
            (_, Ok(paid)) => sketch.other_payers.push(Some(paid)),
            (_, Err(error)) => wrong(
                "other_payers",
                format!("`{text}` is neither `none` nor an amount paid: it {error}"),
            ),
        }
    }
    if let Some(payer) = &decl.payer {
        sketch.payer.clone_from(payer);
    }
    if let Err(error) = sketch.claim(false) {
        wrong("lines", error.to_string());
        return None;
    }
    Some(sketch)
}
