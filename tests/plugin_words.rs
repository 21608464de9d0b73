//! The words of `plugin.toml` are those of the program: its build crate keeps lists of its own, since it must
//! not bring the model into a payer's build.

use std::path::Path;

use cleanbill_model::{ClaimType, Disposition, GroupCode, Severity, SourceKind};
use cleanbill_plugin_build::compile;

/// A sound `plugin.toml` with `words` in the place of the one that begins like them.
fn refusal(words: &str) -> Option<String> {
    let sound = [
        "forms = [\"professional\"]",
        "disposition = \"line_denial\"",
        "severity = \"error\"",
        "remit = { group = \"CO\", carc = \"4\" }",
        "source = [{ authority = \"a\", document = \"d\", kind = \"internal\" }]",
    ];
    let key = words.split(' ').next().unwrap_or_default();
    let lines = sound.map(|line| if line.starts_with(key) { words } else { line });
    let [forms, rule @ ..] = lines;
    let text = format!(
        "id = \"a\"\ntitle = \"t\"\nreads = []\n{forms}\n[[rules]]\nid = \"a/b\"\ntitle = \"t\"\n{}\n\
         template = \"w\"\nfix = \"f\"\n",
        rule.join("\n")
    );
    compile(&text, "1", Path::new("")).err().map(|mistake| mistake.to_string())
}

#[test]
fn every_word_of_the_model_is_known() {
    let mut words: Vec<String> = Vec::new();
    let forms = ClaimType::ALL.map(ClaimType::as_str);
    words.extend(forms.map(|form| format!("forms = [\"{form}\"]")));
    words.extend(
        Disposition::ALL
            .iter()
            // One without remittance codes is looked at below.
            .filter(|disposition| **disposition != Disposition::Informational)
            .map(|disposition| format!("disposition = \"{}\"", disposition.as_str())),
    );
    words.extend(Severity::ALL.map(|level| format!("severity = \"{}\"", level.as_str())));
    words.extend(
        GroupCode::ALL
            .map(|group| format!("remit = {{ group = \"{}\", carc = \"4\" }}", group.as_str())),
    );
    words.extend(SourceKind::ALL.map(|kind| {
        let kind = kind.as_str();
        format!("source = [{{ authority = \"a\", document = \"d\", kind = \"{kind}\" }}]")
    }));
    for words in words {
        assert_eq!(refusal(&words), None, "{words}");
    }
}

#[test]
fn a_word_that_is_not_the_models_is_refused_with_those_that_are() {
    let told = |words: &str| refusal(words).unwrap_or_default();
    let names = Disposition::ALL.map(Disposition::as_str).join(", ");
    assert!(told("disposition = \"pend\"").ends_with(&format!("write one of {names}")));
    let names = Severity::ALL.map(Severity::as_str);
    let severity = told("severity = \"loud\"");
    assert!(names.iter().all(|name| severity.contains(name)), "{severity}");
    assert!(told("disposition = \"informational\"").contains("no remittance codes"));
}
