//! A claim of a history as claim JSON.

use std::io::{self, Write};

use cleanbill_history::Shown;
use cleanbill_model::{Claim, ClaimType, DiagnosisSystem, Provider, ServiceLine};
use serde_json::{Map, Value, json};

/// Writes it on a line of its own, without the lines that were denied; nothing of a claim that was
/// denied whole.
pub fn write(out: &mut dyn Write, shown: &Shown) -> io::Result<()> {
    let Some(denied) = &shown.denied else { return Ok(()) };
    let claim = &shown.claim;
    let lines: Vec<Value> = claim
        .lines
        .iter()
        .filter(|line| !denied.contains(&line.number))
        .map(|line| self::line(claim, line))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    let mut all = Members::default();
    all.0.insert("schema".into(), json!(1));
    all.text("claim_id", claim.id());
    all.text("type", claim.claim_type.as_str());
    all.some("frequency", claim.frequency.map(|known| known.as_char().to_string()));
    all.text("payer", claim.payer());
    all.some("filing_indicator", claim.filing_indicator);
    all.0.insert("patient".into(), json!({ "id": shown.patient }));
    all.provider("billing_provider", claim.billing);
    all.provider("rendering_provider", claim.rendering);
    match claim.claim_type {
        ClaimType::Institutional => all.some("type_of_bill", claim.type_of_bill),
        _ => all.some("place_of_service", claim.place_of_service),
    }
    if claim.diagnosis_system == Some(DiagnosisSystem::Icd9Cm) {
        all.text("diagnosis_system", "icd-9-cm");
    }
    let diagnoses: Vec<String> = claim.diagnoses.iter().map(ToString::to_string).collect();
    all.0.insert("diagnoses".into(), json!(diagnoses));
    all.some("charge", Some(claim.charge));
    all.some("submitted", claim.submitted);
    all.text("original_reference", claim.text(claim.original_reference));
    all.0.insert("lines".into(), Value::Array(lines));
    serde_json::to_writer(&mut *out, &Value::Object(all.0))?;
    out.write_all(b"\n")
}

fn line(claim: &Claim, line: &ServiceLine) -> Value {
    let mut all = Members::default();
    all.0.insert("number".into(), json!(line.number));
    all.some("procedure", line.procedure);
    if !line.modifiers.is_empty() {
        let modifiers: Vec<String> =
            line.modifiers.iter().map(|modifier| modifier.to_string()).collect();
        all.0.insert("modifiers".into(), json!(modifiers));
    }
    all.some("units", Some(line.units));
    all.some("charge", Some(line.charge));
    all.some("from", Some(line.dates.from()));
    all.some("through", Some(line.dates.through()));
    let pointers: Vec<u8> = line.pointers.iter().collect();
    if !pointers.is_empty() {
        all.0.insert("diagnosis_pointers".into(), json!(pointers));
    }
    all.some("place_of_service", line.place_of_service);
    all.some("revenue_code", line.revenue_code);
    all.some("body_region", line.body_region.map(cleanbill_model::Region::as_str));
    all.provider("rendering_provider", line.provider);
    if let Some(drug) = line.drug {
        let mut members = Members::default();
        members.some("ndc", Some(drug.ndc));
        members.some("quantity", drug.quantity);
        members.some("unit", drug.unit.map(cleanbill_model::DrugUnit::as_str));
        all.0.insert("drug".into(), Value::Object(members.0));
    }
    all.text("control_number", claim.text(line.control_number));
    Value::Object(all.0)
}

/// The members of an object; those without a value are left out.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.0.insert(name.to_owned(), json!(text));
        }
    }

    fn some(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.text(name, &value.to_string());
        }
    }

    fn provider(&mut self, name: &str, provider: Provider) {
        let mut members = Self::default();
        members.some("npi", provider.npi);
        members.some("taxonomy", provider.taxonomy);
        if !members.0.is_empty() {
            self.0.insert(name.to_owned(), Value::Object(members.0));
        }
    }
}
