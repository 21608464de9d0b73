//! What stands around claims: text outside of interchanges, parts that are refused, lost trailers.

use cleanbill_intake::{FormatChoice, codes};

use crate::fixture::{Reading, file, read, read_as, size, with};

const EVERY: &[&str] = &["PCN1", "PCN2", "PCN3"];

fn found(reading: &Reading) -> (Vec<&str>, Vec<&str>) {
    (reading.ids(), reading.codes())
}

#[test]
fn text_around_interchanges_is_set_aside_and_the_rest_is_read() {
    for text in [
        format!("From: a@example.test\r\n\r\n{}", file()),
        format!("{}Kind regards", file()),
        format!("{}\n-- \nISA is not one\n{}", file(), file()),
        format!("{}ISA*00*broken*{}", file(), file()),
    ] {
        let reading = read(&text);
        assert_eq!(reading.claims.len(), 3 * text.matches("IEA*1").count(), "{text:.80}");
        assert_eq!(reading.errors.len(), 1, "{:?}", reading.errors);
        assert!([codes::OUTSIDE, codes::ISA_LAYOUT].contains(&reading.errors[0].code));
        assert!(reading.accounting.bytes.quarantined > 0);
    }
}

#[test]
fn a_refused_interchange_or_transaction_does_not_take_the_next_with_it() {
    let good = file();
    let old = with("*^*00501*", "*U*00401*");
    let reading = read(format!("{old}{good}"));
    assert_eq!(reading.claims.len(), 3);
    assert_eq!((reading.set_aside(), reading.codes()[0]), (EVERY.to_vec(), codes::ISA_VERSION));
    assert_eq!(reading.accounting.bytes.quarantined, size(old.len()));
    assert_eq!(reading.claims[0].ordinal, 4);

    let remit = "GS*HP*S*R*20260302*1200*8*X*005010X221A1~ST*835*0009*005010X221A1~BPR*I*5~SE*3*0009~GE*1*8~";
    let reading =
        read(good.replacen("GS*HC", &format!("{remit}GS*HC"), 1).replacen("IEA*1", "IEA*2", 1));
    assert_eq!(found(&reading), (EVERY.to_vec(), vec![codes::NOT_READ]));
    assert!(reading.errors[0].message.contains("835"));
}

#[test]
fn a_missing_trailer_costs_no_claim_that_is_whole() {
    let good = file();
    for lost in ["SE*78*0001~", "GE*1*7~", "IEA*1*000000042~"] {
        let reading = read(format!("{}{good}", good.replacen(lost, "", 1)));
        assert_eq!(reading.claims.len(), 6, "{lost}");
        assert_eq!(reading.codes(), [codes::TRAILER_MISSING], "{lost}");
    }
}

#[test]
fn a_forced_format_is_taken_at_its_word() {
    let reading = read_as("{\"claim_id\":\"1\"}", Some(FormatChoice::X12));
    assert_eq!(reading.codes(), [codes::OTHER_FORMAT, codes::OUTSIDE]);
    let reading = read_as(file(), Some(FormatChoice::Json));
    assert_eq!(reading.codes(), [codes::OTHER_FORMAT, codes::NO_CLAIM_LIST]);
}
