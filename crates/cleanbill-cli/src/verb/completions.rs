//! `cleanbill completions`: completion scripts, made from the same definition as the command line.

use std::io::{self, Write as _};

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use crate::failure::Failure;
use crate::flags::Flags;

const EXAMPLES: &str = "\
Examples:
  cleanbill completions bash > ~/.local/share/bash-completion/completions/cleanbill
  cleanbill completions fish > ~/.config/fish/completions/cleanbill.fish
  cleanbill completions zsh > ~/.zfunc/_cleanbill";

/// Flags of `completions`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CompletionsFlags {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub fn run(flags: &CompletionsFlags) -> Result<u8, Failure> {
    let mut script = Vec::new();
    generate(flags.shell, &mut Flags::command(), "cleanbill", &mut script);
    let mut out = io::stdout().lock();
    Failure::of_stdout(out.write_all(&script).and_then(|()| out.flush()))
}
