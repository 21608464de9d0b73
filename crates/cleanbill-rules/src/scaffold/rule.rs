//! A new rule in a pack that is there: a file of its own, and a table where its kind needs one.

use std::collections::BTreeSet;

use cleanbill_model::{Disposition, Modifier, PlaceOfService, ProcedureCode};

use super::editor::{modeline, schema_file, schema_path};
use super::overlay::Overlay;
use super::sketch::{Body, Case, Parts, body, sketch};
use super::{ScaffoldError, ScaffoldFile, is_name, quoted, refused};
use crate::check::{files, load};
use crate::declare::PackDecl;
use crate::diagnostic::suggest;
use crate::schema::SchemaKind;
use crate::source::Source;
use crate::testing::{TestResult, run_test};
use crate::yaml::{self, Node, Shape};

/// What is asked about a new rule.
#[derive(Clone, Debug, Default)]
pub struct RuleAnswers {
    /// Its id; made of kind and code when left out.
    pub id: Option<String>,
    /// Its kind, one of [`super::kind_sketches`].
    pub kind: String,
    /// Procedure codes that it is about.
    pub codes: Vec<String>,
    /// What they are held against, as [`super::KindSketch::with`] says.
    pub with: Vec<String>,
    /// What happens when it fires.
    pub disposition: String,
    /// Its file within the pack; `rules/ID.yaml` when left out.
    pub file: Option<String>,
}

/// A rule that passes its tests in the pack.
#[derive(Clone, Debug)]
pub struct NewRule {
    /// Its id.
    pub id: String,
    /// New files: the rule's, for some kinds its table's, and a schema for editors if there is none.
    pub created: Vec<ScaffoldFile>,
    /// `pack.yaml` with the new table, for kinds that have one.
    pub changed: Option<ScaffoldFile>,
    /// How many tests it has.
    pub tests: usize,
}

/// A new rule for the pack that `source` hands out. It has been loaded with the pack and its tests pass.
///
/// # Errors
/// [`ScaffoldError`]: the pack has mistakes, an answer does not fit, or a file is there already.
pub fn scaffold_rule(source: &dyn Source, answers: &RuleAnswers) -> Result<NewRule, ScaffoldError> {
    let pack = load(source).map_err(ScaffoldError::Mistakes)?;
    let taken: BTreeSet<&str> =
        pack.edits.iter().flat_map(|edit| edit.infos()).map(|info| info.id.as_str()).collect();
    let manifest = Manifest::read(source)?;
    let mut parts = checked(answers, &taken)?;
    parts.table = manifest.free_table(source, &parts.id.replace('-', "_"));
    let body = body(&parts)?;
    let path = answers.file.clone().unwrap_or_else(|| format!("rules/{}.yaml", parts.id));
    if source.read(&path).is_ok() {
        return refused(
            format!("`{path}` is there already and is not overwritten"),
            "give the rule another `--id` or `--file`",
        );
    }
    let head = modeline(SchemaKind::RuleFile, &path) + &head(&parts)?;
    let text = rule_file(&parts, &body, &manifest.scope, &head);
    let mut created = vec![ScaffoldFile { path: path.clone(), text }];
    if source.read(&schema_path(SchemaKind::RuleFile)).is_err() {
        created.push(schema_file(SchemaKind::RuleFile));
    }
    let mut changed = None;
    if let Some(table) = &body.table {
        let file = format!("tables/{}.csv", parts.table);
        let declared = format!("{}: {{ file: {file}, {} }}", parts.table, table.keys);
        changed = Some(ScaffoldFile {
            path: "pack.yaml".to_owned(),
            text: manifest.with_table(&declared)?,
        });
        created.push(ScaffoldFile { path: file, text: table.csv.clone() });
    }
    let tests = tried(source, &parts.id, &path, &created, changed.as_ref())?;
    Ok(NewRule { id: parts.id, created, changed, tests })
}

/// Loads the pack with the new files and runs the new tests; gives back how many there are.
fn tried(
    source: &dyn Source,
    id: &str,
    path: &str,
    created: &[ScaffoldFile],
    changed: Option<&ScaffoldFile>,
) -> Result<usize, ScaffoldError> {
    let all: Vec<ScaffoldFile> = created.iter().chain(changed).cloned().collect();
    let overlay = Overlay::new(source, &all);
    if !files(&overlay).map_err(ScaffoldError::Mistakes)?.iter().any(|file| file == path) {
        return refused(
            format!("pack.yaml does not include `{path}`"),
            format!("add `{path}` or `rules/*.yaml` under `include` of pack.yaml first"),
        );
    }
    let pack = load(&overlay).map_err(ScaffoldError::Mistakes)?;
    let tests: Vec<_> = pack.tests.iter().filter(|test| test.rule == id).collect();
    for test in &tests {
        if let TestResult::Failed(reason) = run_test(&pack, test) {
            return refused(
                format!(
                    "in this pack the test \"{}\" of the new rule does not pass: {reason}",
                    test.name
                ),
                "the pack holds for other claims or days than the tests: write this rule by hand",
            );
        }
    }
    Ok(tests.len())
}

fn checked(answers: &RuleAnswers, taken: &BTreeSet<&str>) -> Result<Parts, ScaffoldError> {
    let sketch = sketch(&answers.kind)?;
    let kind = sketch.kind;
    let dispositions = Disposition::ALL.map(Disposition::as_str);
    let Some(disposition) = dispositions.into_iter().find(|d| *d == answers.disposition) else {
        let message = format!("`{}` is not a disposition", answers.disposition);
        return refused(message, suggest(&answers.disposition, dispositions));
    };
    for code in &answers.codes {
        if let Err(error) = ProcedureCode::new(code.as_bytes()) {
            return refused(
                format!("`{code}` is not a CPT/HCPCS code: it {error}"),
                "a code is five characters, such as 93970, 0191T or G0365",
            );
        }
    }
    if !answers.with.is_empty() && sketch.with.is_none() {
        return refused(format!("a rule of the kind `{kind}` takes no `--with`"), "leave it out");
    }
    for text in &answers.with {
        let wrong = match kind {
            "mutually_exclusive" | "requires_primary" => {
                ProcedureCode::new(text.as_bytes()).err().map(|e| e.to_string())
            }
            "modifier_validity" => Modifier::new(text.as_bytes()).err().map(|e| e.to_string()),
            "place_of_service" => PlaceOfService::new(text.as_bytes()).err().map(|e| e.to_string()),
            _ => None,
        };
        if let Some(reason) = wrong {
            return refused(
                format!("`{text}` under `--with` {reason}"),
                "it is what the codes are held against: see `cleanbill rules new rule --help`",
            );
        }
    }
    let id = match &answers.id {
        Some(id) if !is_name(id) => {
            return refused(
                format!("`{id}` is not an id"),
                "use small letters, digits and hyphens, and say what is wrong: `units-over-mue`",
            );
        }
        Some(id) if taken.contains(id.as_str()) => {
            return refused(
                format!("the pack has a rule `{id}` already"),
                "give the new rule another `--id`",
            );
        }
        Some(id) => id.clone(),
        None => free_id(kind, answers.codes.first().map_or("", String::as_str), taken),
    };
    Ok(Parts {
        id,
        kind,
        codes: answers.codes.clone(),
        with: answers.with.clone(),
        disposition,
        table: String::new(),
    })
}

fn free_id(kind: &str, code: &str, taken: &BTreeSet<&str>) -> String {
    let plain = format!("{}-{}", kind.replace('_', "-"), code.to_ascii_lowercase());
    let numbered = (2_u32..).map(|number| format!("{plain}-{number}"));
    let mut names = core::iter::once(plain.clone()).chain(numbered);
    names.find(|name| !taken.contains(name.as_str())).unwrap_or(plain)
}

fn head(parts: &Parts) -> Result<String, ScaffoldError> {
    let about = sketch(parts.kind)?.about;
    Ok(format!(
        "# {}: {about}.\n# Change what does not fit, then run in the pack's folder: cleanbill rules test . --rule {}\n",
        parts.kind, parts.id
    ))
}

/// What the claims of tests need so that the pack is for them.
#[derive(Default)]
pub(super) struct Scope {
    claim: String,
}

/// The text of a rule file.
pub(super) fn rule_file(parts: &Parts, body: &Body, scope: &Scope, head: &str) -> String {
    let mut tests = String::new();
    for Case { name, claim, expect } in &body.tests {
        tests.push_str(&format!(
            "      - name: {name}\n        claim: {{ {}{claim} }}\n        expect: {{ {expect} }}\n",
            scope.claim
        ));
    }
    format!(
        "{head}\
rules:
  - id: {id}   # unique; better say what is wrong, such as units-over-limit
    title: {title}
    {kind}:
{block}    disposition: {disposition}
    # What the payer's remittance will say, if you know it.
    # remit: {{ group: CO, carc: \"16\", rarc: [M76] }}
    message: {message}
    fix: {fix}
    # Who says so. Set verified to true once a coder has looked it up.
    source:
      - {{ authority: House rule, document: \"Name the policy or manual here\", kind: internal, verified: false }}
    # At least one claim on which the rule must speak, and one near to it on which it must not.
    tests:
{tests}",
        id = parts.id,
        title = quoted(&body.title),
        kind = parts.kind,
        block = body.block,
        disposition = parts.disposition,
        message = quoted(body.message),
        fix = quoted(body.fix),
    )
}

/// `pack.yaml` with what a new rule must know of it.
struct Manifest {
    text: String,
    tree: Node,
    decl: PackDecl,
    scope: Scope,
}

impl Manifest {
    fn read(source: &dyn Source) -> Result<Self, ScaffoldError> {
        let again = || ScaffoldError::Refused {
            message: "`pack.yaml` changed while it was read".to_owned(),
            help: "try again".to_owned(),
        };
        let text = source.read("pack.yaml").map_err(|_| again())?;
        let tree = yaml::parse("pack.yaml", &text).map_err(|_| again())?;
        let decl: PackDecl = yaml::decode("pack.yaml", &tree).map_err(|_| again())?;
        let mut claim = String::new();
        if let Some(applies) = &decl.applies_to {
            if applies.claim_types.first().is_some_and(|first| first == "institutional") {
                claim.push_str("type: institutional, ");
            }
            if let Some(payer) = applies.payers.first() {
                claim.push_str(&format!("payer: {}, ", quoted(payer)));
            } else if let Some(indicator) = applies.filing_indicators.first() {
                claim.push_str(&format!("filing_indicator: {}, ", quoted(indicator)));
            }
        }
        Ok(Self { text, tree, decl, scope: Scope { claim } })
    }

    /// A name that no table and no file has.
    fn free_table(&self, source: &dyn Source, plain: &str) -> String {
        let is_free = |name: &String| {
            !self.decl.tables.contains_key(name)
                && source.read(&format!("tables/{name}.csv")).is_err()
        };
        let numbered = (2_u32..).map(|number| format!("{plain}_{number}"));
        core::iter::once(plain.to_owned())
            .chain(numbered)
            .find(is_free)
            .unwrap_or_else(|| plain.to_owned())
    }

    /// The text with one more table: under `tables` if that is there, else at the end.
    fn with_table(&self, declared: &str) -> Result<String, ScaffoldError> {
        let Some(tables) = self.tree.entry("tables") else {
            return Ok(format!("{}\n\ntables:\n  {declared}\n", self.text.trim_end()));
        };
        let first = match &tables.value.shape {
            Shape::Map(entries) => entries.first().map(|entry| entry.key_span.start),
            _ => None,
        };
        let Some(first) = first.filter(|first| *first == tables.value.span.start) else {
            return refused(
                "`tables` of pack.yaml is written in one line, so none is added to it",
                format!(
                    "write each table on a line of its own, or add `{declared}` yourself and write the rule by hand"
                ),
            );
        };
        // Right behind `tables:`, since a comment there is about the table below it.
        let above = self.text.get(..first).unwrap_or_default();
        let column = first - above.rfind('\n').map_or(0, |end| end + 1);
        let key = tables.key_span.end;
        let behind = self
            .text
            .get(key..)
            .and_then(|rest| rest.find('\n'))
            .map_or(first, |end| key + end + 1);
        let (before, after) = (self.text.get(..behind), self.text.get(behind..));
        let indent = " ".repeat(column);
        Ok(format!(
            "{}{indent}{declared}\n{}",
            before.unwrap_or_default(),
            after.unwrap_or_default()
        ))
    }
}
