//! `cleanbill rules new rule`: flags answer, a terminal is asked for the rest.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use cleanbill_model::Disposition;
use cleanbill_rules::{
    KindSketch, NewRule, RuleAnswers, disposition_words, kind_sketches, scaffold_rule,
};

use crate::ask::{Asker, Question};
use crate::failure::{Failure, plural};
use crate::folder::Folder;
use crate::whole_file::WholeFile;
use crate::{new_files, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules new rule --pack acme             asks for kind, codes and disposition
  cleanbill rules new rule --pack acme --kind unit_limit --codes 93970,93971 \\
      --disposition line_denial
  cleanbill rules new rule --pack acme --kind mutually_exclusive --codes 93970 --with 93985 \\
      --disposition line_denial --id study-on-mapping-day

What --with is depends on the kind: the codes that are paid instead (mutually_exclusive), modifiers
(modifier_validity), places of service, primary procedures, the fact that must be there (require),
beginnings of covered diagnoses (diagnosis_coverage), modifiers that say the service was repeated
(duplicate_line), services face to face (new_patient_visit) or visits (global_surgery).

Nothing is overwritten; pack.yaml gets a line for a rule that needs a table. Exit codes: 0
made, 2 refused.";

/// Flags of `rules new rule`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RuleFlags {
    /// Folder of the pack
    #[arg(long, value_name = "DIR", default_value = ".")]
    pack: PathBuf,
    /// Id of the rule: what is wrong, in small letters, digits, hyphens; made of kind and code when left out
    #[arg(long)]
    id: Option<String>,
    /// Kind of the rule, such as unit_limit
    #[arg(long)]
    kind: Option<String>,
    /// Procedure codes that it is about
    #[arg(long, value_name = "CODE", value_delimiter = ',', num_args = 1..)]
    codes: Vec<String>,
    /// What the codes are held against; see below
    #[arg(long, value_name = "VALUE", value_delimiter = ',', num_args = 1..)]
    with: Vec<String>,
    /// What happens when it fires, such as line_denial
    #[arg(long)]
    disposition: Option<String>,
    /// File of the rule within the pack; rules/ID.yaml when left out
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
    /// Do not ask before writing
    #[arg(long)]
    yes: bool,
}

/// Makes the rule.
pub fn run(flags: &RuleFlags) -> Result<u8, Failure> {
    let source = Folder::new(&flags.pack);
    let asks = io::stdin().is_terminal() && io::stderr().is_terminal();
    let mut asker = asks.then(|| Asker::new(io::stdin().lock(), anstream::stderr()));
    let answers = answers(flags, asker.as_mut())?;
    let rule = scaffold_rule(&source, &answers).map_err(super::refused)?;
    if let Some(asker) = asker.as_mut().filter(|_| !flags.yes)
        && !asker.agrees(&preview(&flags.pack, &rule))?
    {
        return Err(Failure::refused("nothing was written", ""));
    }
    write(&flags.pack, &rule)?;
    let mut out = terminal::stdout();
    let told = tell(&mut out, &flags.pack, &rule).and_then(|()| out.flush());
    Failure::of_stdout(told)
}

/// What the flags say, and for the rest what the person at the terminal says.
fn answers(
    flags: &RuleFlags,
    mut asker: Option<&mut Asker<impl io::BufRead, impl io::Write>>,
) -> Result<RuleAnswers, Failure> {
    let sketches = kind_sketches();
    let mut settle = |given: Vec<String>, question: &Question<'_>| match asker.as_mut() {
        _ if !given.is_empty() => Ok(given),
        Some(asker) => asker.ask(question),
        None => Err(Failure::refused(
            format!("the flag `{}` is missing, and there is no terminal to ask on", question.flag),
            question.choices_in_words(),
        )),
    };
    let kinds: Vec<(&str, &str)> = sketches.iter().map(|s| (s.kind, s.about)).collect();
    let kind = settle(
        flags.kind.iter().cloned().collect(),
        &Question::one_of("--kind", "What is the rule about?", &kinds),
    )?;
    let kind = kind.into_iter().next().unwrap_or_default();
    let codes = settle(
        flags.codes.clone(),
        &Question::list("--codes", "Which procedure codes?", "93970,93971"),
    )?;
    let sketch: Option<&KindSketch> = sketches.iter().find(|sketch| sketch.kind == kind);
    let with = match sketch.and_then(|sketch| sketch.with.filter(|_| sketch.must_have_with)) {
        Some(what) => settle(
            flags.with.clone(),
            &Question::list("--with", &format!("Which {what}?"), "93985"),
        )?,
        None => flags.with.clone(),
    };
    let dispositions = Disposition::ALL.map(|d| (d.as_str(), disposition_words(d)));
    let disposition = settle(
        flags.disposition.iter().cloned().collect(),
        &Question::one_of("--disposition", "What happens when it fires?", &dispositions),
    )?;
    Ok(RuleAnswers {
        id: flags.id.clone(),
        kind,
        codes,
        with,
        disposition: disposition.into_iter().next().unwrap_or_default(),
        file: flags.file.clone(),
    })
}

fn preview(pack: &Path, rule: &NewRule) -> String {
    let mut text = String::new();
    for file in &rule.created {
        text.push_str(&format!("make {}\n", pack.join(&file.path).display()));
    }
    if let Some(file) = &rule.changed {
        text.push_str(&format!("add a table to {}\n", pack.join(&file.path).display()));
    }
    text
}

/// The new files first: until `pack.yaml` names the table, the pack is as it was.
fn write(pack: &Path, rule: &NewRule) -> Result<(), Failure> {
    // A rule file that is included by its folder is part of the pack at once, so its table comes first.
    let tables_first: Vec<_> = rule.created.iter().rev().cloned().collect();
    if let Some(file) = &rule.changed {
        let path = pack.join(&file.path);
        let ready =
            WholeFile::write(&path, &file.text).map_err(|e| new_files::failed(&path, &e))?;
        new_files::create(pack, &tables_first)?;
        return ready.replace().map_err(|error| new_files::failed(&path, &error));
    }
    new_files::create(pack, &tables_first)
}

fn tell(out: &mut dyn io::Write, pack: &Path, rule: &NewRule) -> io::Result<()> {
    for file in &rule.created {
        writeln!(out, "made {}", pack.join(&file.path).display())?;
    }
    if let Some(file) = &rule.changed {
        writeln!(out, "added a table to {}", pack.join(&file.path).display())?;
    }
    let shown = pack.display();
    writeln!(out, "\nrule {}: {} test{} pass", rule.id, rule.tests, plural(rule.tests))?;
    writeln!(out, "next: change it, then cleanbill rules test {shown} --rule {}", rule.id)
}
