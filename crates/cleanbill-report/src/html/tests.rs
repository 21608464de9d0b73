//! The page as a browser gets it. What it looks like was looked at by eye.

use serde_json::Value;

use super::*;
use crate::sample;

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
    sample::snapshot("html", &own_text(&sample::render(HtmlReport::new)));
}

#[test]
fn the_page_loads_nothing_and_its_policy_allows_only_its_own_style_and_script() {
    let page = sample::render(HtmlReport::new);
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
    let page = sample::render_hostile(HtmlReport::new);
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
    assert!(!sample::render(HtmlReport::new).contains(sample::CANARY));
}

#[test]
fn ten_thousand_findings_fit_into_two_megabytes_and_the_others_are_counted() {
    let out = sample::SharedOut::default();
    let mut report = HtmlReport::new(out.clone());
    let mut claim = sample::claim();
    for number in 0..12_000_u32 {
        claim.texts.clear();
        claim.claim_id = claim.texts.add(&format!("RV-2026-{number:07}"));
        claim.payer_id = claim.texts.add(&format!("{:05}", number % 40));
        let cents = i64::from(number % 9_973) * 7 + 5_000;
        claim.lines[1].charge = cleanbill_model::Money::from_cents(cents);
        let mut finding = sample::conflict();
        // The day and the line change from finding to finding, as they do in earnest.
        finding.why = finding.why.replace("2026-03-02", &format!("2026-03-{:02}", number % 28 + 1));
        let findings = [finding];
        let judged = JudgedClaim { file: "a.837", claim: &claim, findings: &findings, faults: &[] };
        report.claim(&judged).unwrap();
    }
    report.end(&sample::summary()).unwrap();
    let page = out.text();
    assert!(page.len() < 2_000_000, "{}", page.len());
    assert_eq!(data(&page)["findings"].as_array().unwrap().len(), 10_000);
    let sentence =
        "the 10,000 findings with the highest charge at risk of 12,000. The other 2,000 are";
    assert!(page.contains(sentence));
}
