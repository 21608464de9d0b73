//! Mappings that need no file: layouts that data teams have, told by their header.
//!
//! Columns of Tuva's `medical_claim` are those of its published sample. Those of the research identifiable
//! carrier file and of CCLF5 are known from descriptions of the files, not from a file (unverified).

use super::field::Field;
use super::mapping::{ColumnMapping, Dates};

/// A layout that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    /// Tuva `medical_claim`.
    Tuva,
    /// Carrier claims of the CMS research identifiable files.
    Carrier,
    /// Part B physician lines of the CMS claim and claim line feed, as CSV with a header.
    Cclf5,
}

type Columns = &'static [(Field, &'static [&'static str])];

const TUVA: Columns = &[
    (Field::ClaimId, &["claim_id"]),
    (Field::Type, &["claim_type"]),
    (Field::Payer, &["payer", "plan", "data_source"]),
    (Field::Patient, &["person_id", "patient_id", "member_id"]),
    (Field::BillingNpi, &["billing_npi", "billing_id", "facility_npi", "facility_id"]),
    (Field::TypeOfBill, &["bill_type_code"]),
    (Field::DiagnosisSystem, &["diagnosis_code_type"]),
    (Field::Number, &["claim_line_number"]),
    (Field::Procedure, &["hcpcs_code"]),
    (Field::Units, &["service_unit_quantity"]),
    (Field::Charge, &["charge_amount"]),
    (Field::From, &["claim_line_start_date", "claim_start_date"]),
    (Field::Through, &["claim_line_end_date", "claim_end_date"]),
    (Field::PlaceOfService, &["place_of_service_code"]),
    (Field::RevenueCode, &["revenue_center_code"]),
    (Field::RenderingNpi, &["rendering_npi", "rendering_id"]),
];

const CARRIER: Columns = &[
    (Field::ClaimId, &["CLM_ID"]),
    (Field::Patient, &["BENE_ID", "DESY_SORT_KEY"]),
    (Field::BillingNpi, &["ORG_NPI_NUM", "CARR_CLM_BLG_NPI_NUM"]),
    (Field::TaxId, &["TAX_NUM"]),
    (Field::ReferringNpi, &["RFR_PHYSN_NPI"]),
    (Field::ClaimCharge, &["NCH_CARR_CLM_SBMTD_CHRG_AMT"]),
    (Field::Number, &["LINE_NUM"]),
    (Field::Procedure, &["HCPCS_CD"]),
    (Field::Modifiers, &["HCPCS_1ST_MDFR_CD", "HCPCS_2ND_MDFR_CD"]),
    (Field::Units, &["LINE_SRVC_CNT"]),
    (Field::Charge, &["LINE_SBMTD_CHRG_AMT"]),
    (Field::From, &["LINE_1ST_EXPNS_DT", "CLM_FROM_DT"]),
    (Field::Through, &["LINE_LAST_EXPNS_DT", "CLM_THRU_DT"]),
    (Field::PlaceOfService, &["LINE_PLACE_OF_SRVC_CD"]),
    (Field::RenderingNpi, &["PRF_PHYSN_NPI"]),
    (Field::LineDiagnoses, &["LINE_ICD_DGNS_CD"]),
    (Field::Ndc, &["LINE_NDC_CD"]),
];

const CCLF5: Columns = &[
    (Field::ClaimId, &["CUR_CLM_UNIQ_ID"]),
    (Field::Patient, &["BENE_MBI_ID", "BENE_HIC_NUM"]),
    (Field::TaxId, &["CLM_RNDRG_PRVDR_TAX_NUM"]),
    (Field::DiagnosisSystem, &["DGNS_PRCDR_ICD_IND"]),
    (Field::Number, &["CLM_LINE_NUM"]),
    (Field::Procedure, &["CLM_LINE_HCPCS_CD"]),
    (
        Field::Modifiers,
        &["HCPCS_1_MDFR_CD", "HCPCS_2_MDFR_CD", "HCPCS_3_MDFR_CD", "HCPCS_4_MDFR_CD"],
    ),
    (Field::Units, &["CLM_LINE_SRVC_UNIT_QTY"]),
    (Field::Charge, &["CLM_LINE_ALOWD_CHRG_AMT"]),
    (Field::From, &["CLM_LINE_FROM_DT", "CLM_FROM_DT"]),
    (Field::Through, &["CLM_LINE_THRU_DT", "CLM_THRU_DT"]),
    (Field::PlaceOfService, &["CLM_POS_CD"]),
    (Field::RenderingNpi, &["RNDRG_PRVDR_NPI_NUM", "CLM_RNDRG_PRVDR_NPI_NUM"]),
    (Field::LineDiagnoses, &["CLM_LINE_DGNS_CD"]),
    (Field::PayerClaim, &["CLM_CNTL_NUM"]),
    (Field::Adjustment, &["CLM_ADJSMT_TYPE_CD"]),
    (Field::Effective, &["CLM_EFCTV_DT"]),
];

impl Builtin {
    const ALL: [Self; 3] = [Self::Tuva, Self::Carrier, Self::Cclf5];

    /// Columns that only this layout has: where they stand, it is this one.
    const fn signs(self) -> &'static [&'static str] {
        match self {
            Self::Tuva => &["claim_id", "claim_line_number", "hcpcs_code"],
            Self::Carrier => &["CLM_ID", "LINE_NUM", "LINE_1ST_EXPNS_DT"],
            Self::Cclf5 => &["CUR_CLM_UNIQ_ID", "CLM_LINE_HCPCS_CD"],
        }
    }

    /// Its mapping, for a file with that separator.
    pub(crate) fn mapping(self, separator: u8) -> ColumnMapping {
        let (name, columns, dates) = match self {
            Self::Tuva => ("tuva", TUVA, Dates::Iso),
            Self::Carrier => ("carrier", CARRIER, Dates::DdMonYyyy),
            Self::Cclf5 => ("cclf5", CCLF5, Dates::Iso),
        };
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut columns: Vec<(Field, Vec<String>)> =
            columns.iter().map(|(field, names)| (*field, own(names))).collect();
        let numbered = |pattern: &str, last: u32| -> Vec<String> {
            (1..=last).map(|number| pattern.replace('#', &number.to_string())).collect()
        };
        match self {
            Self::Tuva => {
                columns.push((Field::Modifiers, numbered("hcpcs_modifier_#", 5)));
                columns.push((Field::Diagnoses, numbered("diagnosis_code_#", 25)));
            }
            Self::Carrier => columns.push((Field::Diagnoses, numbered("ICD_DGNS_CD#", 12))),
            Self::Cclf5 => columns.push((Field::Diagnoses, numbered("CLM_DGNS_#_CD", 12))),
        }
        ColumnMapping { name, separator, dates, columns }
    }
}

/// The layout that the first line of a file tells, and its separator.
pub(crate) fn told_by(bytes: &[u8]) -> Option<(Builtin, u8)> {
    let header = bytes.split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    let header = core::str::from_utf8(header).ok()?;
    b",|\t;".iter().copied().find_map(|separator| {
        let names: Vec<&str> =
            header.split(char::from(separator)).map(|name| name.trim().trim_matches('"')).collect();
        told_by_names(&names).map(|layout| (layout, separator))
    })
}

/// The layout that has columns of these names.
pub(crate) fn told_by_names(names: &[&str]) -> Option<Builtin> {
    let stands = |sign: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(sign));
    Builtin::ALL.into_iter().find(|layout| layout.signs().iter().all(stands))
}
