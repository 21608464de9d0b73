//! `cleanbill plugins run`: one plugin alone over claims, for whoever writes it.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use cleanbill_engine::{Edit, EditFault, Registry, Sink, Subject, Trigger};
use cleanbill_intake::InputOptions;
use cleanbill_model::EditInfo;
use cleanbill_plugin_check::{Place, try_plugin};
use cleanbill_plugin_host::PackCheck;
use cleanbill_report::{AnswerOptions, Values};
use cleanbill_run::{FailOn, Input, Run, Target};

use crate::failure::Failure;
use crate::format::Format;
use crate::terminal;

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins run target/debug/libacme_rules.so --claim claim.json
  cleanbill plugins run libacme.so --claim claim.json --config '{\"limit\": 90}'
  gdb --args cleanbill plugins run libacme.so --claim claim.json --in-process

Only the plugin judges the claims, and plugins.lock is not asked: run what you built yourself.
The plugin sees all the fields that its manifest asks for. Exit codes are those of validate.";

/// Flags of `plugins run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunFlags {
    /// The plugin file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// File of claims, in any format that validate reads; may be repeated
    #[arg(long, value_name = "CLAIMS", required = true)]
    claim: Vec<PathBuf>,
    /// Configuration of the plugin, as a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    config: String,
    /// Run the plugin in this process, where a debugger sees it; it may end the process
    #[arg(long)]
    in_process: bool,
    /// Output format
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Does it; gives back the exit code.
pub fn run(flags: &RunFlags) -> Result<u8, Failure> {
    let help = "`cleanbill plugins check FILE` tells what is wrong with a plugin";
    let place = if flags.in_process { Place::Here } else { Place::Worker };
    let plugin = try_plugin(&flags.file, place)
        .map_err(|error| Failure::refused(crate::plugins::reasons(&error), help))?;
    let edit: Option<Box<dyn Edit>> = if flags.config == "{}" {
        plugin.into_edit()
    } else {
        let infos = plugin.info().rules().to_vec();
        let checks = infos.iter().map(|rule| plugin.check(&rule.id, &flags.config));
        let checks = checks.collect::<Result<_, _>>().map_err(|reason| {
            Failure::refused(format!("the plugin refuses the configuration: {reason}"), "")
        })?;
        Some(Box::new(Configured { infos, checks }))
    };
    let registry = Registry::new(edit.into_iter().collect())
        .map_err(|error| Failure::refused(error.to_string(), help))?;
    let out =
        Target::Stream { name: "standard output".to_owned(), out: Box::new(terminal::stdout()) };
    let outcome = Run {
        registry: &registry,
        not_run: Vec::new(),
        inputs: flags.claim.iter().cloned().map(Input::file).collect(),
        input_options: InputOptions {
            acknowledge: flags.format.answers(),
            ..InputOptions::default()
        },
        strict: false,
        history: None,
        finalize: None,
        outputs: vec![flags.format.output(
            out,
            FailOn::Error.least(),
            Values::Withheld,
            AnswerOptions::default(),
        )],
        fail_on: FailOn::Error,
        abort_on_plugin_failure: false,
        jobs: NonZeroUsize::MIN,
        folder: None,
        stop: None,
        progress: None,
    };
    Ok(outcome.execute()?.exit_code())
}

/// The rules of a plugin with a configuration.
struct Configured {
    infos: Vec<Arc<EditInfo>>,
    checks: Vec<PackCheck>,
}

impl Edit for Configured {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.infos
    }

    fn trigger(&self) -> Trigger<'_> {
        self.checks.first().map_or(Trigger::EveryClaim, PackCheck::trigger)
    }

    fn evaluate(&self, subject: Subject<'_>, sink: &mut dyn Sink) -> Result<(), EditFault> {
        for check in &self.checks {
            check.judge(subject.claim)?.into_iter().for_each(|said| sink.find(said.finding));
        }
        Ok(())
    }
}
