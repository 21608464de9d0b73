//! Examples in a manifest: claims, and what the rule finds on them. They are kept as they are written, and
//! run by the tests of rules.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::words::{Checked, problem, text};
use crate::arg::ArgKind;
use crate::manifest::DeclaredExample;

/// A claim, and what its rule finds on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows, in one line.
    pub title: Option<String>,
    /// The claim, in the project's claim JSON.
    pub claim: Map<String, Value>,
    /// What the instance is configured with.
    pub config: Map<String, Value>,
    /// The findings, all of them.
    pub expect: Vec<ExpectedFinding>,
}

/// A finding of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedFinding {
    /// Number of the line, from 1; none for the whole claim.
    pub line: Option<u32>,
    /// Values that it brings; those that are left out are not compared.
    pub args: BTreeMap<String, String>,
}

/// The examples of a rule with these `args`.
pub(super) fn check_examples(
    declared: &[DeclaredExample],
    args: &[(String, ArgKind)],
) -> Checked<Vec<Example>> {
    let examples = declared.iter().enumerate().map(|(index, example)| {
        check_example(example, args).map_err(|wrong| wrong.within(&format!("examples[{index}]")))
    });
    examples.collect()
}

fn check_example(example: &DeclaredExample, args: &[(String, ArgKind)]) -> Checked<Example> {
    if let Some(title) = &example.title {
        text("title", title)?;
    }
    let expect = example.expect.iter().enumerate().map(|(index, found)| {
        if found.line == Some(0) {
            return problem(&format!("expect[{index}].line"), "lines are numbered from 1");
        }
        for (name, value) in &found.args {
            let place = format!("expect[{index}].args.{name}");
            match args.iter().find(|(known, _)| known == name) {
                None => return problem(&place, "the rule declares no such value under `args`"),
                Some((_, kind)) if !kind.admits(value) => {
                    return problem(&place, "it is not of the kind that `args` declares");
                }
                Some(_) => {}
            }
        }
        Ok(ExpectedFinding { line: found.line, args: found.args.clone() })
    });
    Ok(Example {
        title: example.title.clone(),
        expect: expect.collect::<Checked<_>>()?,
        claim: example.claim.clone(),
        config: example.config.clone(),
    })
}
