//! What stands around claims: text outside of interchanges, parts that are refused, lost trailers.

use cleanbill_intake::{FormatChoice, codes};
use cleanbill_model::{Claim, Location};

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

/// `text` with a line break behind every `width` characters.
fn wrapped(text: &str, width: usize, ending: &str) -> String {
    let lines: Vec<_> = text.as_bytes().chunks(width).map(String::from_utf8_lossy).collect();
    lines.join(ending)
}

#[test]
fn a_file_that_was_wrapped_at_a_column_is_read() {
    let plain = format!("{}{}", file(), file().replace('~', "!").replace('*', "|"));
    let claims = |reading: &Reading| -> Vec<String> {
        let said = |claim: &Claim| {
            let mut claim = claim.clone();
            (claim.location, claim.bytes) = (Location::default(), 0..0);
            claim.lines.iter_mut().for_each(|line| line.location = Location::default());
            format!("{claim:?}")
        };
        reading.claims.iter().map(said).collect()
    };
    let expected = read(&plain);
    assert_eq!((expected.claims.len(), expected.errors.len()), (6, 0));
    for (width, ending) in
        [(7, "\r\n"), (64, "\n"), (72, "\r"), (80, "\n"), (80, "\r\n"), (132, "\n"), (254, "\r\n")]
    {
        let text = wrapped(&plain, width, ending);
        let reading = read(&text);
        assert_eq!(reading.errors, [], "{width}");
        assert_eq!(claims(&reading), claims(&expected), "{width}");
        let last = reading.claims[5].location;
        let before = &text[..usize::try_from(last.offset).unwrap()];
        assert_eq!(last.line, size(before.matches('\n').count()) + 1, "{width}");
        let end = text.trim_end_matches(['\r', '\n']).len();
        assert_eq!(read(&text[..end - 20]).claims.len(), 6, "only trailers are cut");
    }
}

#[test]
fn a_line_break_at_another_column_of_a_wrapped_file_is_not_left_out() {
    let text = wrapped(&file(), 80, "\n");
    let place = text.find("CLM*PCN2").unwrap() + 12;
    let (before, behind) = text.split_at(place);
    let reading = read(format!("{before}\n{behind}"));
    assert_eq!(reading.ids(), ["PCN1"], "the columns behind it are others");
    assert_eq!(reading.set_aside(), ["PCN2", "PCN3"]);
    assert!(reading.codes().contains(&codes::BAD_CHARACTER));
}
