//! The page as a browser gets it. What it looks like was looked at by eye.

mod contrast;

use cleanbill_model::{DateRange, LineRef, Location, Money, ServiceDate, ServiceLine, Units};
use serde_json::Value;

use super::*;
use crate::sample;

fn page(out: sample::SharedOut) -> HtmlReport<sample::SharedOut> {
    HtmlReport::new(out, Values::Withheld)
}

fn data(page: &str) -> Value {
    let (_, behind) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    serde_json::from_str(behind.split_once("</script>").unwrap().0).unwrap()
}

/// The page without its style and script, which have files of their own.
fn own_text(page: &str) -> String {
    page.replace(include_str!("page.css"), "[style]").replace(include_str!("page.js"), "[script]")
}

#[test]
fn the_page_holds_sums_charts_findings_and_what_was_not_checked() {
    sample::snapshot("html", &own_text(&sample::render(page)));
}

#[test]
fn the_page_loads_nothing_and_its_policy_allows_only_its_own_style_and_script() {
    let page = sample::render(page);
    let policy = page.split_once("Content-Security-Policy\" content=\"").unwrap().1;
    let policy = policy.split_once('"').unwrap().0;
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"));
    for forbidden in ["http:", "https:", "src=", "url(", "@import", " style=", " onclick", "eval("]
    {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    // The data, and the script behind it.
    assert_eq!(page.matches("<script").count(), 2);
}

#[test]
fn hostile_text_is_neither_markup_nor_the_end_of_the_data() {
    let page = sample::render_hostile(page);
    assert_eq!(page.matches("<script").count(), 2, "one for the data, one for the script");
    assert_eq!(page.matches("</script").count(), 2);
    let own = own_text(&page);
    assert!(!own.contains("<img") && !own.contains("<!--"), "{own}");
    assert!(!own.chars().any(|c| c != '\n' && crate::escape::is_unsafe(c)));
    let data = data(&page);
    assert!(data["patterns"].to_string().contains(sample::HOSTILE_MARK));
    assert!(data["rules"][0]["title"].as_str().unwrap().contains(sample::HOSTILE_MARK));
}

#[test]
fn no_name_member_id_or_birth_date_gets_onto_the_page() {
    assert!(!sample::render(page).contains(sample::CANARY));
}

#[test]
fn values_come_onto_the_page_only_when_they_are_asked_for() {
    let with = |values| {
        let out = sample::SharedOut::default();
        let mut report = HtmlReport::new(out.clone(), values);
        let mut claim = sample::claim();
        claim.diagnoses = vec![cleanbill_model::DiagnosisCode::new(b"N186").unwrap()];
        assert!(claim.lines[1].pointers.push(1));
        let findings = [sample::conflict()];
        let judged = JudgedClaim { file: "a.837", claim: &claim, findings: &findings, faults: &[] };
        report.claim(&judged).unwrap();
        report.end(&sample::summary()).unwrap();
        out.text()
    };
    let (without, with) = (with(Values::Withheld), with(Values::Included));
    assert!(!without.contains("N186") && !without.contains("Values read</dt>"));
    assert!(with.contains("1 N186") && with.contains("This page shows diagnosis codes"));
    assert!(with.contains("<dd>line 2 procedure 93970; line 1 procedure 93985</dd>"));
    assert!(!with.contains(sample::CANARY));
}

#[test]
fn rules_that_did_not_run_are_told_with_their_remedy() {
    let out = sample::SharedOut::default();
    let mut report = page(out.clone());
    let mut summary = sample::summary();
    summary.not_run = vec![crate::summary::NotRunSummary {
        rule: "ncci-ptp".to_owned(),
        table: "ncci-ptp-practitioner".to_owned(),
        remedy: "import the table".to_owned(),
    }];
    report.end(&summary).unwrap();
    let page = out.text();
    assert!(page.contains("1 rule did not run"));
    assert!(page.contains("<th scope=\"row\">ncci-ptp</th>") && page.contains("import the table"));
    assert!(page.contains("waiver of units-over-mue"));
}

#[test]
fn all_lines_of_a_claim_are_shown_and_what_is_left_out_is_counted() {
    let lines = |count: u32| {
        let out = sample::SharedOut::default();
        let mut report = page(out.clone());
        let mut claim = sample::claim();
        let line = claim.lines[2];
        claim.lines.extend((4..=count).map(|number| ServiceLine { number, ..line }));
        let findings = [sample::conflict()];
        let judged = JudgedClaim { file: "a.837", claim: &claim, findings: &findings, faults: &[] };
        report.claim(&judged).unwrap();
        report.end(&sample::summary()).unwrap();
        let data = data(&out.text());
        let claim = &data["claims"][0];
        (claim[7].as_array().unwrap().len() / 2, claim[4].as_u64().unwrap())
    };
    assert_eq!(lines(3), (3, 0));
    assert_eq!(lines(50), (50, 0));
    assert_eq!(lines(51), (2, 49));
}

fn day(number: u32) -> ServiceDate {
    let part = |number: u32| i8::try_from(number).unwrap() + 1;
    ServiceDate::new(2026, part(number % 6), part(number % 28)).unwrap()
}

/// Claims of several payers, days, rules and lines, no two with the same charges.
fn varied(report: &mut HtmlReport<sample::SharedOut>, claims: u32, lines: u32) {
    let mut claim = sample::claim();
    let line = claim.lines[1];
    for number in 0..claims {
        claim.texts.clear();
        claim.claim_id = claim.texts.add(&format!("RV-2026-{number:07}"));
        claim.payer_id = claim.texts.add(&format!("{:05}", number % 40));
        let day = day(number);
        claim.lines.clear();
        claim.lines.extend((1..=lines).map(|place| ServiceLine {
            number: place,
            dates: DateRange::day(day),
            units: [Units::ONE, Units::whole(2), Units::whole(3)]
                [usize::try_from((number + place) % 3).unwrap()],
            charge: Money::from_cents(i64::from(number * 7 % 9_973 + place * 101) * 7 + 5_000),
            location: Location {
                offset: u64::from(number * 2_000 + place),
                line: 1,
                segment: 9 + place,
            },
            ..line
        }));
        let mut finding = if number % 3 == 0 { sample::undetermined() } else { sample::conflict() };
        finding.line = Some(0);
        finding.others = vec![LineRef::Own(1)];
        let edit = std::sync::Arc::make_mut(&mut finding.edit);
        edit.id = format!("{}-{}", edit.id, number % 60);
        // The day and the codes change from finding to finding, as they do in earnest.
        for text in [&mut finding.message, &mut finding.why, &mut finding.fix] {
            *text = text
                .replace("2026-03-02", &day.to_string())
                .replace("93970", &format!("{:05}", 90_000 + number % 900));
        }
        let findings = [finding];
        let judged = JudgedClaim { file: "a.837", claim: &claim, findings: &findings, faults: &[] };
        report.claim(&judged).unwrap();
    }
    report.end(&sample::summary()).unwrap();
}

#[test]
fn ten_thousand_findings_fit_into_two_megabytes_and_the_others_are_counted() {
    for lines in [4, 50] {
        let out = sample::SharedOut::default();
        varied(&mut page(out.clone()), 12_000, lines);
        let page = out.text();
        println!("{lines} lines a claim: {} bytes", page.len());
        assert!(page.len() < 2_000_000, "{}", page.len());
        let data = data(&page);
        assert_eq!(data["findings"].as_array().unwrap().len(), 10_000);
        let sentence =
            "the 10,000 findings with the highest charge at risk of 12,000. The other 2,000 are";
        assert!(page.contains(sentence));
        // Every claim has the lines that its finding names, and the dearest ones have all.
        let claims = data["claims"].as_array().unwrap();
        let shown = |claim: &Value| claim[7].as_array().unwrap().len() / 2;
        assert!(claims.iter().all(|claim| shown(claim) >= 2));
        assert_eq!(shown(&claims[0]), usize::try_from(lines).unwrap());
        let all =
            |claim: &Value| shown(claim) + usize::try_from(claim[4].as_u64().unwrap()).unwrap();
        assert!(claims.iter().all(|claim| all(claim) == shown(&claims[0])));
    }
}
