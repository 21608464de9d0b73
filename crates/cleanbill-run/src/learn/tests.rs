//! What payers answer to claims of invented people, from the texts of both to what was learnt.

use std::sync::Arc;

use cleanbill_intake::{
    ClaimReader, Event, FindingsEvent, FindingsReader, FormatChoice, InputOptions, RemittanceReader,
};
use cleanbill_model::{
    Carc, Claim, Disposition, EditInfo, Element, Finding, GroupCode, Origin, Outcome, Period,
    Remit, RemittedClaim,
};
use cleanbill_report::{Fates, LearnResult, LineSum};

use super::book::Book;
use super::verdict::judge;

/// Three lines of one claim; the second has a number of its own.
const CLAIM: &str = r#"{"schema":1,"claim_id":"C1","charge":"600.00","diagnoses":["N186"],"lines":[
    {"number":1,"procedure":"93985","charge":"300.00","from":"2026-03-02"},
    {"number":2,"procedure":"93970","modifiers":["59"],"charge":"200.00","from":"2026-03-02","control_number":"OWN2"},
    {"number":3,"procedure":"93971","charge":"100.00","from":"2026-03-03"}]}"#;

/// A finding of `rule`, which names the reason 236.
fn finding(rule: &str, line: Option<usize>, outcome: Outcome) -> Finding {
    let remit = Remit { group: GroupCode::Co, carc: Carc::new(b"236").unwrap(), rarc: Vec::new() };
    let disposition = Disposition::LineDenial;
    let edit = Arc::new(EditInfo {
        id: rule.to_owned(),
        title: String::new(),
        kind: "test",
        origin: Origin::Pack { pack: "test@1.0.0".to_owned(), place: String::new() },
        disposition,
        severity: disposition.severity(),
        on_unknown: Disposition::Suspend,
        remit: Some(remit.clone()),
        effective: Period::ALWAYS,
        owner: None,
        sources: Vec::new(),
    });
    Finding {
        outcome,
        disposition,
        severity: disposition.severity(),
        remit: Some(remit),
        line,
        others: Vec::new(),
        element: Element::Procedure,
        message: String::new(),
        why: String::new(),
        fix: String::new(),
        evidence: Vec::new(),
        defect: None,
        also: Vec::new(),
        edit,
    }
}

/// A book of [`CLAIM`] with these findings.
fn book(findings: &[Finding]) -> Book {
    let mut book = Book::new(true);
    let options = InputOptions::from(FormatChoice::Json);
    let mut reader = ClaimReader::open(CLAIM.as_bytes(), &options, 1).unwrap();
    let mut claim = Claim::default();
    assert!(matches!(reader.next(&mut claim).unwrap(), Some(Event::Claim)));
    book.add_claim("claims.json", &claim, findings);
    book
}

/// Reads an 835 with one payment on this day into the book.
fn pay(book: &mut Book, day: &str, claims: &str) {
    let text = format!(
        "ISA*00*          *00*          *ZZ*PLAN           *ZZ*CLINIC         *260410*0600*^*00501*000000077*0*T*:~\
         GS*HP*PLAN*CLINIC*20260410*0600*77*X*005010X221A1~ST*835*1~BPR*I*0*C*CHK************{day}~\
         TRN*1*CHECK*1~LX*1~{}SE*9*1~GE*1*77~IEA*1*000000077~",
        claims.replace('\n', "")
    );
    let mut reader = RemittanceReader::open(text.as_bytes(), 1).unwrap();
    let mut claim = RemittedClaim::default();
    while let Some(event) = reader.next(&mut claim).unwrap() {
        match event {
            Event::Claim => book.answer(&claim),
            Event::Envelope(part) => panic!("{part:?} was not asked for"),
            Event::Error(error) => assert!(!error.quarantines, "{error:?}"),
        }
    }
}

fn learn(book: &Book) -> LearnResult {
    let mut result = LearnResult::default();
    judge(book, 3, &mut result);
    result
}

/// As predicted, otherwise, paid, not matched, open.
fn lines(fates: &Fates) -> [u64; 5] {
    [fates.as_predicted, fates.otherwise, fates.paid, fates.not_matched, fates.open]
        .map(|sum| sum.lines)
}

/// What becomes of a finding on the line at this place when payers answer like this.
fn fate_of(line: usize, payments: &[(&str, &str)]) -> [u64; 5] {
    let mut book = book(&[finding("r", Some(line), Outcome::Fires)]);
    payments.iter().for_each(|(day, claims)| pay(&mut book, day, claims));
    lines(&learn(&book).total)
}

const AS_PREDICTED: [u64; 5] = [1, 0, 0, 0, 0];
const OTHERWISE: [u64; 5] = [0, 1, 0, 0, 0];
const PAID: [u64; 5] = [0, 0, 1, 0, 0];
const NOT_MATCHED: [u64; 5] = [0, 0, 0, 1, 0];
const OPEN: [u64; 5] = [0, 0, 0, 0, 1];

const OTHER_LINES: &str = "SVC*HC:93985*300*200~DTM*472*20260302~CAS*CO*45*100~\
                           SVC*HC:93971*100*80~DTM*472*20260303~CAS*CO*45*20~";

fn second_line(svc: &str) -> String {
    format!("CLP*C1*1*600*280**MB*1~{OTHER_LINES}{svc}")
}

#[test]
fn a_line_is_found_by_its_number_whatever_code_the_payer_writes() {
    let answer = second_line("SVC*HC:99999*200*0~CAS*CO*236*200~REF*6R*OWN2~LQ*HE*N20~");
    assert_eq!(fate_of(1, &[("20260320", &answer)]), AS_PREDICTED);
}

#[test]
fn a_line_is_found_by_what_was_billed_when_its_number_and_modifier_are_missing() {
    let without_modifier = second_line("SVC*HC:93970*200*0~DTM*472*20260302~CAS*CO*97*200~");
    assert_eq!(fate_of(1, &[("20260320", &without_modifier)]), OTHERWISE);
    let other_code =
        second_line("SVC*HC:93985:59*200*0***HC:93970:59~DTM*472*20260302~CAS*CO*236*200~");
    assert_eq!(fate_of(1, &[("20260320", &other_code)]), AS_PREDICTED);
    let no_day = second_line("SVC*HC:93970*200*0~CAS*CO*236*200~");
    assert_eq!(fate_of(1, &[("20260320", &no_day)]), AS_PREDICTED);
}

#[test]
fn the_order_of_lines_tells_only_where_nothing_contradicts_it() {
    let recoded = second_line("SVC*HC:93971*200*0~DTM*472*20260302~CAS*CO*236*200~");
    assert_eq!(fate_of(1, &[("20260320", &recoded)]), AS_PREDICTED);
    let unlike = second_line("SVC*HC:93971*150*0~DTM*472*20260302~CAS*CO*236*150~");
    assert_eq!(fate_of(1, &[("20260320", &unlike)]), NOT_MATCHED);
}

#[test]
fn a_place_that_is_sent_back_in_the_stead_of_a_number_is_understood() {
    let answer = "CLP*C1*1*600*0**MB*1~SVC*HC:93971*100*0~CAS*CO*236*100~REF*6R*3~";
    assert_eq!(fate_of(2, &[("20260320", answer)]), AS_PREDICTED);
}

#[test]
fn prices_and_the_share_of_the_patient_are_no_denials() {
    let deductible =
        second_line("SVC*HC:93970:59*200*0~DTM*472*20260302~CAS*CO*45*50~CAS*PR*1*150~");
    assert_eq!(fate_of(1, &[("20260320", &deductible)]), PAID);
    let both = second_line("SVC*HC:93970:59*200*0~DTM*472*20260302~CAS*CO*45*50**236*150~");
    assert_eq!(fate_of(1, &[("20260320", &both)]), AS_PREDICTED);
    let pended = second_line("SVC*HC:93970:59*200*0~DTM*472*20260302~CAS*OA*133*200~");
    assert_eq!(fate_of(1, &[("20260320", &pended)]), OPEN);
}

#[test]
fn a_line_that_the_payer_split_is_paid_when_a_part_of_it_is() {
    let split = second_line(
        "SVC*HC:93970:59*150*0~CAS*CO*236*150~REF*6R*OWN2~SVC*HC:93970:59*50*40~CAS*CO*45*10~REF*6R*OWN2~",
    );
    assert_eq!(fate_of(1, &[("20260320", &split)]), PAID);
}

#[test]
fn the_last_word_counts() {
    let paid = second_line("SVC*HC:93970:59*200*150~DTM*472*20260302~CAS*CO*45*50~");
    let denied = second_line("SVC*HC:93970:59*200*0~DTM*472*20260302~CAS*CO*236*200~");
    let reversal = "CLP*C1*22*-600*-430**MB*1~SVC*HC:93985*-300*-200~DTM*472*20260302~CAS*CO*45*-100~\
        SVC*HC:93971*-100*-80~DTM*472*20260303~CAS*CO*45*-20~\
        SVC*HC:93970:59*-200*-150~DTM*472*20260302~CAS*CO*45*-50~";
    assert_eq!(fate_of(1, &[("20260320", &paid), ("20260410", reversal)]), OPEN);
    let corrected = format!("{reversal}{denied}");
    assert_eq!(fate_of(1, &[("20260320", &paid), ("20260410", &corrected)]), AS_PREDICTED);
    assert_eq!(fate_of(1, &[("20260410", &denied), ("20260320", &paid)]), AS_PREDICTED);
    assert_eq!(fate_of(1, &[("20260320", &denied), ("20260320", &paid)]), PAID);
}

#[test]
fn a_later_payer_does_not_undo_what_the_first_one_said() {
    let denied = second_line("SVC*HC:93970:59*200*0~DTM*472*20260302~CAS*CO*236*200~");
    let secondary = second_line("SVC*HC:93970:59*200*150~DTM*472*20260302~CAS*OA*23*50~")
        .replace("CLP*C1*1*", "CLP*C1*2*");
    assert_eq!(fate_of(1, &[("20260320", &denied), ("20260410", &secondary)]), AS_PREDICTED);
    assert_eq!(fate_of(1, &[("20260410", &secondary), ("20260420", &denied)]), AS_PREDICTED);
    assert_eq!(fate_of(1, &[("20260410", &secondary)]), PAID);
}

#[test]
fn a_claim_that_is_denied_as_a_whole_is_denied_on_every_line_and_counted_once() {
    let answer = "CLP*C1*4*600*0**MB*1~CAS*CO*236*600~MOA***N20~";
    assert_eq!(fate_of(1, &[("20260320", answer)]), AS_PREDICTED);
    let mut book = book(&[]);
    pay(&mut book, "20260320", answer);
    let result = learn(&book);
    let [row] = result.unseen.rows.as_slice() else { panic!("{:?}", result.unseen) };
    assert_eq!((row.denied.lines, row.denied.charge.to_string()), (1, "600.00".to_owned()));
    assert_eq!((row.samples[0].claim.as_str(), row.samples[0].line), ("C1", None));
}

#[test]
fn what_is_sent_on_or_only_priced_is_no_answer() {
    for status in ["23", "25"] {
        let answer = second_line("").replace("CLP*C1*1*", &format!("CLP*C1*{status}*"));
        assert_eq!(fate_of(0, &[("20260320", &answer)]), OPEN);
    }
}

#[test]
fn a_finding_on_the_claim_is_judged_by_all_of_its_lines() {
    let fate = |answer: &str| {
        let mut book = book(&[finding("r", None, Outcome::Fires)]);
        pay(&mut book, "20260320", answer);
        lines(&learn(&book).total)
    };
    let paid = second_line("SVC*HC:93970:59*200*150~CAS*CO*45*50~REF*6R*OWN2~");
    assert_eq!(fate(&paid), PAID);
    assert_eq!(fate(&paid.replace("200*150~CAS*CO*45*50", "200*0~CAS*CO*236*200")), AS_PREDICTED);
    assert_eq!(fate(&paid.replace("200*150~CAS*CO*45*50", "200*0~CAS*CO*50*200")), PAID);
}

#[test]
fn a_line_counts_once_however_many_rules_fire_on_it() {
    use Outcome::{Fires, Undetermined, Waived};
    let mut book = book(&[
        finding("a", Some(1), Fires),
        finding("b", Some(1), Fires),
        finding("c", Some(1), Waived),
        finding("d", Some(2), Undetermined),
    ]);
    let answer = second_line("SVC*HC:93970*200*0~DTM*472*20260302~CAS*CO*236*200~");
    pay(&mut book, "20260320", &answer);
    let result = learn(&book);
    let names: Vec<_> = result.rules.iter().map(|one| (one.rule.as_str(), one.outcome)).collect();
    assert_eq!(names, [("a", Fires), ("b", Fires), ("d", Undetermined), ("c", Waived)]);
    assert_eq!(lines(&result.total), AS_PREDICTED);
    assert_eq!(result.total.as_predicted.charge.to_string(), "200.00");
    assert_eq!((result.denied.lines, result.foreseen.lines), (1, 1));
    assert_eq!(result.rules[2].fates.paid.lines, 1);
    assert_eq!(result.rules[2].paid_samples[0].line, Some(3));
}

#[test]
fn denials_without_a_finding_are_told_by_reason_dearest_first() {
    let mut book = book(&[finding("r", Some(0), Outcome::Fires)]);
    pay(
        &mut book,
        "20260320",
        "CLP*C1*1*600*0**MB*1~SVC*HC:93985*300*0~CAS*CO*50*300~SVC*HC:93970*200*0~CAS*CO*50*120**18*80~\
         REF*6R*OWN2~LQ*HE*N115~SVC*HC:93971*100*0~CAS*CO*50*100~LQ*HE*N115~\
         CLP*OTHER*1*70*0**MB*2~SVC*HC:93971*70*0~CAS*CO*29*70~",
    );
    let result = learn(&book);
    let rows: Vec<_> = result
        .unseen
        .rows
        .iter()
        .map(|row| (row.carc.as_str().to_owned(), row.denied.lines, row.denied.charge.to_string()))
        .collect();
    assert_eq!(rows, [("50".into(), 2, "220.00".into()), ("18".into(), 1, "80.00".into())]);
    assert_eq!((result.unseen.total.lines, result.denied.lines), (2, 3));
    assert_eq!(
        result.not_checked.total,
        LineSum { lines: 1, charge: result.not_checked.total.charge }
    );
    assert_eq!(result.not_checked.rows[0].carc.as_str(), "29");
    assert_eq!(book.counts.not_checked, 1);
}

#[test]
fn a_denial_of_a_claim_that_was_not_checked_is_taken_back_too() {
    let mut book = book(&[]);
    let denied = "CLP*X*1*70*0**MB*2~SVC*HC:93971*70*0~DTM*472*20260302~CAS*CO*29*70~";
    pay(&mut book, "20260320", denied);
    assert_eq!(learn(&book).not_checked.total.lines, 1);
    let paid = "CLP*X*1*70*50**MB*3~SVC*HC:93971*70*50~DTM*472*20260302~CAS*CO*45*20~";
    pay(&mut book, "20260410", paid);
    assert_eq!(learn(&book).not_checked.total.lines, 0);
}

#[test]
fn a_number_that_comes_again_is_told_and_the_later_claim_stands() {
    let mut book = book(&[finding("r", Some(0), Outcome::Fires)]);
    let mut claim = Claim::default();
    let options = InputOptions::from(FormatChoice::Json);
    let mut reader = ClaimReader::open(CLAIM.as_bytes(), &options, 2).unwrap();
    reader.next(&mut claim).unwrap();
    book.add_claim("claims.json", &claim, &[]);
    assert_eq!((book.counts.repeated, book.claims.len()), (1, 1));
    assert!(learn(&book).rules.is_empty());
}

#[test]
fn findings_alone_know_lines_by_what_their_records_tell() {
    const SERVICE: &str = r#","service":{"procedure":"93970","modifiers":["59"],"from":"2026-03-02","through":"2026-03-02","control_number":null}"#;
    let findings = |service: &str| {
        let record = format!(
            r#"{{"type":"finding","schema":1,"outcome":"fires","rule":"r","pack":"p@1","file":"c","claim":"C1","claim_ordinal":1,"line":3,"disposition":"line_denial","remit":{{"group":"CO","carc":"236","rarc":[]}},"charge":"200.00"{service}}}"#
        );
        let mut book = Book::new(false);
        let mut reader = FindingsReader::new(record.as_bytes());
        match reader.read_on().unwrap() {
            Some(FindingsEvent::Finding(finding)) => book.add_finding(*finding),
            other => panic!("{other:?}"),
        }
        book
    };
    let denied = second_line("SVC*HC:93970:59*200*0~DTM*472*20260302~CAS*CO*236*200~");
    for service in [SERVICE, ""] {
        // Without the service, the number of the line and its charge tell.
        let mut book = findings(service);
        pay(&mut book, "20260320", &denied);
        let result = learn(&book);
        assert_eq!(lines(&result.total), AS_PREDICTED, "{service}");
        assert_eq!(result.unseen.total.lines, 0);
    }
    let mut book = findings(SERVICE);
    let other = "CLP*C1*1*600*0**MB*1~SVC*HC:93985*300*0~CAS*CO*50*300~";
    pay(&mut book, "20260320", other);
    let result = learn(&book);
    assert_eq!((lines(&result.total), result.unseen.total.lines), (NOT_MATCHED, 1));
}
