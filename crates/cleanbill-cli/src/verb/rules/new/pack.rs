//! `cleanbill rules new pack`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use cleanbill_rules::{PackAnswers, scaffold_pack};

use crate::failure::Failure;
use crate::{new_files, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill rules new pack acme                    makes the folder acme
  cleanbill rules new pack acme --dir packs/acme --title 'House rules of Acme' --owner biller

Nothing is overwritten. Exit codes: 0 made, 2 refused.";

/// Flags of `rules new pack`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct PackFlags {
    /// Name of the pack: small letters, digits, hyphens
    name: String,
    /// Folder to make; a folder of the pack's name when left out
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// One line that says what the pack is, in your own words
    #[arg(long)]
    title: Option<String>,
    /// Who mends the claims that it finds: coder, biller, front_desk
    #[arg(long)]
    owner: Option<String>,
}

/// Makes the pack.
pub fn run(flags: &PackFlags) -> Result<u8, Failure> {
    let answers = PackAnswers {
        name: flags.name.clone(),
        title: flags.title.clone(),
        owner: flags.owner.clone(),
    };
    let files = scaffold_pack(&answers).map_err(super::refused)?;
    let folder = flags.dir.clone().unwrap_or_else(|| PathBuf::from(&flags.name));
    let help = "name another folder with `--dir`; `cleanbill rules new rule --pack DIR` adds a rule to a pack";
    new_files::refuse_full(&folder, help)?;
    new_files::create(&folder, &files)?;
    let shown = folder.display();
    let mut out = terminal::stdout();
    let mut tell = || {
        for file in files.iter().filter(|file| !file.path.starts_with('.')) {
            writeln!(out, "made {}", folder.join(&file.path).display())?;
        }
        let schemas = folder.join(".cleanbill/schema");
        writeln!(out, "made {}, from which editors complete keys", schemas.display())?;
        writeln!(out, "\nnext:")?;
        writeln!(out, "  cleanbill rules new rule --pack {shown}   add a rule")?;
        writeln!(out, "  cleanbill rules check {shown}             what is wrong with the pack")?;
        writeln!(out, "  cleanbill rules test {shown}              the tests inside its rules")?;
        out.flush()
    };
    Failure::of_stdout(tell())
}
