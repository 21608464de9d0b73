//! The dictionary of fields by their names, with what each means to an author.

use super::field::Field;

/// Every field by its name, with what it means to an author.
pub(crate) const FIELDS: [(&str, Field, &str); 43] = [
    (
        "line.procedure",
        Field::Procedure,
        "Procedure code of the line (CPT or HCPCS); a line without one is known to have none.",
    ),
    (
        "line.modifiers",
        Field::Modifiers,
        "Modifiers of the line; a line without any is known to have none.",
    ),
    (
        "line.units",
        Field::Units,
        "Units of service of the line; nothing is known of a line that counts minutes.",
    ),
    ("line.charge", Field::Charge, "Charge of the line in dollars, such as `412.00`."),
    (
        "line.service_date",
        Field::ServiceDate,
        "First date of service of the line, written `YYYY-MM-DD`.",
    ),
    (
        "line.place_of_service",
        Field::PlaceOfService,
        "Place of service of the line, else of its claim: two digits, quoted.",
    ),
    ("line.dx_pointed", Field::DxPointed, "Diagnoses that the line points to."),
    ("line.rendering_npi", Field::RenderingNpi, "NPI of the provider who rendered the line."),
    (
        "line.body_region",
        Field::BodyRegion,
        "Region of the body that the claim gives for the line: `upper` or `lower`.",
    ),
    ("line.ndc", Field::Ndc, "National drug code of the line: eleven digits, quoted."),
    (
        "line.revenue_code",
        Field::RevenueCode,
        "Revenue code of a line of an institutional claim: four digits, quoted.",
    ),
    (
        "line.ordering_npi",
        Field::OrderingNpi,
        "NPI of the ordering provider of the line (loop 2420E).",
    ),
    (
        "line.referring_npi",
        Field::LineReferringNpi,
        "NPI of the referring provider of the line, else of its claim.",
    ),
    (
        "line.supervising_npi",
        Field::SupervisingNpi,
        "NPI of the supervising provider of the line, else of its claim (loops 2420D and 2310D).",
    ),
    (
        "line.purchased_service_npi",
        Field::PurchasedServiceNpi,
        "NPI of the provider from whom the service of the line was purchased (loop 2420B).",
    ),
    (
        "line.ambulance_reason",
        Field::AmbulanceReason,
        "Reason of the ambulance transport of the line, else of its claim (CR104): `A` to `E`.",
    ),
    (
        "line.ambulance_distance",
        Field::AmbulanceDistance,
        "Miles of the ambulance transport of the line, else of its claim (CR106).",
    ),
    (
        "line.ambulance_weight",
        Field::AmbulanceWeight,
        "Pounds that the patient of an ambulance weighs, by the line, else by its claim (CR102).",
    ),
    (
        "line.ambulance_patients",
        Field::AmbulancePatients,
        "Number of patients in the ambulance (`QTY*PT`).",
    ),
    (
        "line.ambulance_pick_up_zip",
        Field::AmbulancePickUpZip,
        "Whether the line, else its claim, gives the ZIP code where an ambulance took the patient up; which one it is cannot be asked.",
    ),
    (
        "line.ambulance_drop_off_zip",
        Field::AmbulanceDropOffZip,
        "Whether the line, else its claim, gives the ZIP code where an ambulance took the patient to; which one it is cannot be asked.",
    ),
    (
        "line.ambulance_round_trip",
        Field::AmbulanceRoundTrip,
        "Whether the line, else its claim, gives the purpose of a round trip of the ambulance (CR109); the text cannot be asked.",
    ),
    (
        "line.ambulance_stretcher",
        Field::AmbulanceStretcher,
        "Whether the line, else its claim, gives the purpose of a stretcher (CR110); the text cannot be asked.",
    ),
    (
        "line.ambulance_conditions",
        Field::AmbulanceConditions,
        "Conditions that are certified to hold for an ambulance transport (`CRC*07*Y`), such as `01`; nothing is known without such a certification.",
    ),
    (
        "line.equipment_conditions",
        Field::EquipmentConditions,
        "Conditions that are certified to hold for durable medical equipment (`CRC*09*Y`), such as `38`.",
    ),
    (
        "line.other_payer_paid",
        Field::LineOtherPayerPaid,
        "What all other payers together paid on the line in dollars (SVD02); unknown where one does not say what it paid, or none says anything of the line.",
    ),
    (
        "claim.type",
        Field::ClaimType,
        "Type of the claim: `professional`, `institutional` or `dental`.",
    ),
    ("claim.payer", Field::Payer, "Identifier of the payer as the claim carries it."),
    ("claim.filing_indicator", Field::FilingIndicator, "Kind of payer (SBR09), such as `MB`."),
    (
        "claim.frequency",
        Field::Frequency,
        "Claim frequency: `1` original, `7` replacement, `8` void.",
    ),
    ("claim.diagnoses", Field::Diagnoses, "All diagnoses of the claim."),
    ("claim.charge", Field::ClaimCharge, "Charge of the whole claim in dollars."),
    ("claim.billing_npi", Field::BillingNpi, "NPI of the billing provider."),
    ("claim.referring_npi", Field::ReferringNpi, "NPI of the referring provider."),
    ("claim.line_count", Field::LineCount, "Number of service lines of the claim."),
    (
        "claim.bill_type",
        Field::BillType,
        "Type of bill of an institutional claim with its leading zero, such as `0131`, quoted.",
    ),
    (
        "claim.submitted",
        Field::Submitted,
        "Day on which the claim was handed in, written `YYYY-MM-DD`.",
    ),
    (
        "claim.other_payer_count",
        Field::OtherPayerCount,
        "Number of other payers that the claim names (loop 2320); 0 where it names none.",
    ),
    (
        "claim.other_payer_paid",
        Field::OtherPayerPaid,
        "What all other payers together paid on the claim in dollars; unknown where none says what it paid.",
    ),
    (
        "claim.other_payer_filing_indicators",
        Field::OtherPayerFilingIndicators,
        "Kinds of the other payers that the claim names (SBR09 of loop 2320), such as `CI`; a claim that names none has none.",
    ),
    (
        "claim.epsdt_conditions",
        Field::EpsdtConditions,
        "Conditions that are certified to hold for a referral by an EPSDT screening (`CRC*ZZ*Y`), such as `AV`.",
    ),
    (
        "claim.homebound",
        Field::Homebound,
        "Whether the patient is certified to be homebound (`CRC*75`): `Y` or `N`.",
    ),
    (
        "claim.spinal_condition",
        Field::SpinalCondition,
        "Condition of a patient whose spine is manipulated (CR208): `A`, `C` to `G` or `M`.",
    ),
];
