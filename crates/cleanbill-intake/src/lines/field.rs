//! What a column of a table of service lines can hold.

macro_rules! fields {
    ($($variant:ident $name:literal $meaning:literal)*) => {
        /// What a column holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = $meaning] $variant,)*
        }

        impl Field {
            /// All of them, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in mapping files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Its place in [`Field::ALL`].
            #[expect(clippy::as_conversions, reason = "the place of a variant; there are few")]
            pub(crate) const fn place(self) -> usize {
                self as usize
            }

            /// What it holds, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)*
                }
            }
        }
    };
}

fields! {
    ClaimId "claim_id" "Number of the claim; rows with the same number are one claim."
    Type "type" "Professional or institutional; professional where it is left out."
    Frequency "frequency" "Claim frequency: 1, 7, 8; the last digit of a type of bill will do."
    Payer "payer" "Identifier of the payer."
    FilingIndicator "filing_indicator" "Kind of payer, `MB`."
    Patient "patient" "Number of the patient or member."
    BirthDate "birth_date" "Date of birth."
    Sex "sex" "`F`, `M`, `U`; also `female`, `male`, 1 (male), 2 (female)."
    BillingNpi "billing_npi" "NPI of the billing provider."
    BillingTaxonomy "billing_taxonomy" "Taxonomy of the billing provider."
    TaxId "tax_id" "Tax number of the billing provider."
    ReferringNpi "referring_npi" "NPI of the referring provider."
    TypeOfBill "type_of_bill" "Type of bill; a leading zero may be missing."
    DiagnosisSystem "diagnosis_system" "ICD revision: anything with a 9 in it is ICD-9-CM, or 0 and `icd-10-cm`."
    Diagnoses "diagnoses" "Diagnoses of the claim in their order: several columns."
    ClaimCharge "claim_charge" "Total charge of the claim; the sum of its lines where it is left out."
    Submitted "submitted" "Day on which the claim was handed in."
    OriginalReference "original_reference" "Payer's number of the claim that this one replaces."
    Authorization "authorization" "Prior authorization of the claim or the line."
    Number "number" "Line number; its place among the rows of the claim where it is left out."
    Procedure "procedure" "CPT or HCPCS code."
    Modifiers "modifiers" "Modifiers in their order: several columns."
    Units "units" "Quantity; 1 where it is left out."
    Charge "charge" "Charge of the line."
    From "from" "First day of service."
    Through "through" "Last day of service; the first where it is left out."
    PlaceOfService "place_of_service" "Place of service; a leading zero may be missing."
    RevenueCode "revenue_code" "Revenue code; a leading zero may be missing."
    RenderingNpi "rendering_npi" "NPI of the rendering provider."
    RenderingTaxonomy "rendering_taxonomy" "Taxonomy of the rendering provider."
    LineDiagnoses "line_diagnoses" "Diagnoses of the line, up to four columns: they join those of the claim and are pointed to."
    Ndc "ndc" "National drug code."
    ControlNumber "control_number" "The line's own number."
    OrderingNpi "ordering_npi" "NPI of the ordering provider of the line."
    SupervisingNpi "supervising_npi" "NPI of the supervising provider of the line."
    OtherPayer1Id "other_payer_1_id" "Identifier of the first other payer of the claim."
    OtherPayer1FilingIndicator "other_payer_1_filing_indicator" "Kind of the first other payer, `CI`."
    OtherPayer1Paid "other_payer_1_paid" "What the first other payer paid on the claim."
    LineOtherPayer1Paid "line_other_payer_1_paid" "What the first other payer paid on the line."
    OtherPayer2Id "other_payer_2_id" "Identifier of the second other payer of the claim."
    OtherPayer2FilingIndicator "other_payer_2_filing_indicator" "Kind of the second other payer, `CI`."
    OtherPayer2Paid "other_payer_2_paid" "What the second other payer paid on the claim."
    LineOtherPayer2Paid "line_other_payer_2_paid" "What the second other payer paid on the line."
    OtherPayer3Id "other_payer_3_id" "Identifier of the third other payer of the claim."
    OtherPayer3FilingIndicator "other_payer_3_filing_indicator" "Kind of the third other payer, `CI`."
    OtherPayer3Paid "other_payer_3_paid" "What the third other payer paid on the claim."
    LineOtherPayer3Paid "line_other_payer_3_paid" "What the third other payer paid on the line."
    PayerClaim "payer_claim" "Payer's number that all versions of the claim share: `CLM_CNTL_NUM`, `ICN-ORIG`."
    PayerVersion "payer_version" "Payer's number of this version of the claim: `ICN-ADJ`."
    Adjustment "adjustment" "What the line does to an earlier version: `CLM_ADJSMT_TYPE_CD`, `LINE-ADJUSTMENT-IND`."
    Effective "effective" "Day from which this version counts: `CLM_EFCTV_DT`, `ADJUDICATION-DATE`."
    Facility "facility" "Medicare number of the facility: `PRVDR_OSCAR_NUM`."
    ClaimFrom "claim_from" "First day of the claim as a whole: `CLM_FROM_DT`."
    ClaimThrough "claim_through" "Last day of the claim as a whole: `CLM_THRU_DT`."
}

impl Field {
    /// Reads the name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn a_field_has_its_place_in_the_list() {
        for (place, field) in Field::ALL.iter().enumerate() {
            assert_eq!((field.place(), Field::from_name(field.as_str())), (place, Some(*field)));
        }
    }
}
