//! A claim as the kit makes it up: any values that the ABI can carry, also those that no input has.

use cleanbill_plugin_abi::form;
use serde::{Deserialize, Serialize};

/// A claim. What is empty or 0 is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct KitClaim {
    pub(crate) form: u32,
    pub(crate) payer_id: String,
    pub(crate) filing_indicator: String,
    pub(crate) frequency: String,
    pub(crate) bill_type: String,
    pub(crate) place_of_service: String,
    pub(crate) billing_npi: String,
    pub(crate) billing_taxonomy: String,
    pub(crate) rendering_npi: String,
    pub(crate) rendering_taxonomy: String,
    pub(crate) from: i32,
    pub(crate) through: i32,
    pub(crate) total_charge: i64,
    pub(crate) diagnoses: Vec<String>,
    pub(crate) submitted: i32,
    pub(crate) birth_date: i32,
    pub(crate) sex: String,
    pub(crate) authorization: String,
    pub(crate) has_original_reference: bool,
    pub(crate) lines: Vec<KitLine>,
}

/// A line of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct KitLine {
    pub(crate) code: String,
    pub(crate) modifiers: Vec<String>,
    pub(crate) dx_pointers: Vec<u8>,
    pub(crate) place_of_service: String,
    pub(crate) revenue_code: String,
    pub(crate) rendering_npi: String,
    pub(crate) rendering_taxonomy: String,
    pub(crate) body_region: String,
    pub(crate) from: i32,
    pub(crate) through: i32,
    pub(crate) units_milli: i64,
    pub(crate) charge: i64,
    pub(crate) in_minutes: bool,
    pub(crate) ndc: String,
    pub(crate) drug_quantity_milli: i64,
    pub(crate) drug_unit: String,
    pub(crate) authorization: String,
}

impl Default for KitClaim {
    fn default() -> Self {
        Self {
            form: form::PROFESSIONAL,
            payer_id: String::new(),
            filing_indicator: String::new(),
            frequency: String::new(),
            bill_type: String::new(),
            place_of_service: String::new(),
            billing_npi: String::new(),
            billing_taxonomy: String::new(),
            rendering_npi: String::new(),
            rendering_taxonomy: String::new(),
            from: 0,
            through: 0,
            total_charge: 0,
            diagnoses: Vec::new(),
            submitted: 0,
            birth_date: 0,
            sex: String::new(),
            authorization: String::new(),
            has_original_reference: false,
            lines: Vec::new(),
        }
    }
}
