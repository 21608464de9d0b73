//! The stable code of every input error and what it means.
//!
//! A code is never given a new meaning; a code that is no longer used is not given out again.

/// A stable error code with its meaning in one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// The code, `I1001`.
    pub code: &'static str,
    /// What it means, without the values of any one file.
    pub meaning: &'static str,
}

/// What an input error code means, or `None` for a code that intake does not give out.
#[must_use]
pub fn meaning(code: &str) -> Option<&'static str> {
    ALL.iter().find(|entry| entry.code == code).map(|entry| entry.meaning)
}

macro_rules! codes {
    ($($name:ident $code:literal $meaning:literal)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every code that intake gives out, in order.
        pub const ALL: &[ErrorCode] = &[$(ErrorCode { code: $code, meaning: $meaning }),*];
    };
}

codes! {
    EMPTY "I1001" "The input is empty or holds only white space."
    UNRECOGNISED "I1002" "The input is in no format that is read, so nothing of it was read."
    OUTSIDE "I1003" "Bytes stand outside of any interchange; they were set aside."
    CUT_SHORT "I1004" "The input ends before the envelope is closed: it was cut short."
    NO_CLAIM_LIST "I1005" "Claims stand where the chosen input format allows none."
    OTHER_FORMAT "I1006" "The input looks like another format than the one that was chosen."
    ARCHIVE "I1007" "The compressed input is damaged or was cut short; what stood before was read."

    ISA_LAYOUT "I1101" "The ISA segment does not have its fixed layout of 106 characters."
    ISA_SEPARATORS "I1102" "The separators that the ISA segment declares cannot be used."
    ISA_VERSION "I1103" "The interchange has a version that is not read."
    NOT_READ "I1104" "The transaction is of a kind or version that this program does not read."
    VERSION_DISAGREES "I1105" "ST03 and GS08 name different implementation guides."
    STRAY_SEGMENT "I1106" "A segment stands where the envelope allows none."
    SE_COUNT "I1107" "SE01 is not the number of segments from ST to SE."
    SE_CONTROL "I1108" "SE02 is not the control number of its ST."
    ST_REPEATED "I1109" "An ST control number occurs twice in one functional group."
    GE_COUNT "I1110" "GE01 is not the number of transactions of the group."
    GE_CONTROL "I1111" "GE02 is not the control number of its GS."
    IEA_COUNT "I1112" "IEA01 is not the number of groups of the interchange."
    IEA_CONTROL "I1113" "IEA02 is not the control number of its ISA."
    TRAILER_MISSING "I1114" "A trailer (SE, GE or IEA) is missing."
    GROUP_KIND "I1115" "The functional group is of another kind than what stands in it: HC for claims, HP for remittance advice."

    BAD_CHARACTER "I1201" "A segment holds a control character or bytes that are not UTF-8."
    UNKNOWN_SEGMENT "I1202" "The segment is not one of its kind of claims."
    EXTRA_ELEMENTS "I1203" "The segment has more elements than its layout; a terminator may be missing."
    TOO_LONG "I1204" "An element, a segment or an object is longer than the limit."
    CLAIM_TOO_LONG "I1205" "A claim is larger than the limit."

    HL_ORDER "I1301" "HL01 does not follow the HL segment before it."
    HL_LEVEL "I1302" "The HL segment names no level of the 837 or the wrong parent."
    HEADER_INCOMPLETE "I1303" "The loops above the claim lack something that it needs."
    NPI "I1304" "A National Provider Identifier is not ten digits."
    TAXONOMY "I1305" "A taxonomy code is not ten characters; it was left out."
    PATIENT "I1306" "Birth date or sex of the patient cannot be read; it was left out."
    FILING_INDICATOR "I1307" "The claim filing indicator cannot be read; it was left out."
    SUBMITTED "I1308" "The day of submission (BHT04) cannot be read; it was left out."
    NPI_CHECK "I1309" "The check digit of a National Provider Identifier is wrong."
    REQUIRED "I1310" "A segment that the guide requires is missing."
    OTHER_DATE "I1311" "A date or time that no edit reads is none."

    CLAIM_IN_REFUSED "I1401" "The claim stands in a part of the file that is not read."
    CLAIM_ID "I1402" "The patient control number is missing or too long."
    CLAIM_CHARGE "I1403" "The charge of the claim is not an amount."
    CLAIM_PLACE "I1404" "Place of service or frequency of the claim cannot be read."
    DIAGNOSIS "I1405" "A diagnosis cannot be read."
    CLAIM_CUT "I1406" "The input ends within the claim."
    NO_LINE "I1407" "The claim has no service line."
    TOO_MANY_LINES "I1408" "The claim has more service lines than the guide allows."
    REPEATED "I1409" "Something that may stand only once is repeated, so it is not clear which counts."
    CLAIM_TOTAL "I1410" "The charge of the claim is not the sum of its lines."
    CLAIM_CODE "I1411" "A code of a facility's claim cannot be read; it was left out."
    PARTICULAR "I1412" "Something about an ambulance transport or a certified condition cannot be read; it was left out."

    LINE_NUMBER "I1501" "Line numbers repeat, jump or are no numbers."
    LINE_INCOMPLETE "I1502" "A service line lacks its service segment or its date of service."
    PROCEDURE "I1503" "Procedure code or modifiers of a line cannot be read."
    LINE_CHARGE "I1504" "The charge of a line is not an amount."
    UNITS "I1505" "Units of a line cannot be read."
    LINE_PLACE "I1506" "Place of service of a line is not two digits."
    POINTER "I1507" "A diagnosis pointer of a line is not a place in the list of diagnoses."
    SERVICE_DATE "I1508" "The date of service of a line cannot be read."
    DRUG "I1509" "The drug code of a line, its quantity or its unit cannot be read."
    REVENUE_CODE "I1510" "The revenue code of a line is not four digits."

    PAYMENT "I1601" "The payment of a remittance advice (BPR, TRN) is missing or cannot be read."
    PAYMENT_BALANCE "I1602" "What was paid on all claims of a remittance advice, less adjustments of the provider, is not the amount of its payment."
    PROVIDER_ADJUSTMENT "I1603" "An adjustment of the provider (PLB) is not an amount."
    REMIT_STATUS "I1604" "The status of a remitted claim (CLP02) is none that the guide has."
    AMOUNT_PAID "I1605" "An amount paid, owed or allowed is not an amount."
    ADJUSTMENT "I1606" "The group, reason or amount of an adjustment (CAS) cannot be read."
    REMARK "I1607" "A remark code cannot be read; it was left out."
    CLAIM_BALANCE "I1608" "Charge less adjustments is not what was paid on a remitted claim."
    LINE_BALANCE "I1609" "Charge less adjustments is not what was paid on a remitted line."

    JSON_SYNTAX "I2001" "The text is not JSON."
    JSON_MEMBER "I2002" "The claim has a member that claim JSON does not have."
    JSON_REPEATED "I2003" "A member stands twice in one object."
    JSON_MISSING "I2004" "A member that every claim needs is missing."
    JSON_TYPE "I2005" "A member has a value of the wrong type."
    JSON_SCHEMA "I2006" "The claim is of a schema version that is not read."
    JSON_VALUE "I2007" "A member has a value that cannot be read."

    FHIR_MEANING "I2101" "The resource holds something that changes its meaning and is not known."
    FHIR_NOT_A_CLAIM "I2102" "The resource is a draft, a mistake or a request, not a claim."
    FHIR_NO_CODE "I2103" "No item of the claim has a code of a procedure code system that edits know."
    FHIR_NO_CLAIM "I2104" "The input holds FHIR resources, but no claim among them."

    LINES_HEADER "I2201" "The header of the table lacks a column without which no claim can be read."
    LINES_ROW "I2202" "A row has more or fewer cells than the header, or is too long."
    LINES_VALUE "I2203" "A cell has a value that cannot be read, or is empty and may not be."
    LINES_DISAGREE "I2204" "Rows of one claim disagree on what belongs to the whole claim."
    LINES_APART "I2205" "Rows of one claim stand too far from one another."
    LINES_DAMAGED "I2206" "A columnar file is damaged, cut short, encrypted or beyond a limit."
    LINES_LOST "I2207" "Rows of the claim may stand in a part of the table that cannot be read."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(meaning(EMPTY), Some(ALL[0].meaning));
        assert_eq!(meaning("I9999"), None);
    }
}
