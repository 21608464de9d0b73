//! `cleanbill plugins new`: a plugin to start from, which builds and passes its checks as it stands.

mod vendored;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use cleanbill_rules::ScaffoldFile;
use cleanbill_run::exit_code;

use crate::failure::Failure;
use crate::{new_files, terminal};

const EXAMPLES: &str = "\
Examples:
  cleanbill plugins new acme-edits --lang rust
  cleanbill plugins new acme-edits --lang c --payer 60054 --dir plugins/acme

Nothing is overwritten. Exit codes: 0 made, 2 refused.";

/// The payer of a plugin that was not told another.
const PAYER: &str = "EXAMPLE";

/// Where the SDK is from the folder of a new plugin.
const VENDORED: &str = "vendor";

/// What a plugin is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Rust, with the SDK
    Rust,
    /// C, with the header alone
    C,
}

/// Flags of `plugins new`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct NewFlags {
    /// Name of the plugin: small letters, digits, hyphens
    name: String,
    /// Language to write it in
    #[arg(long, value_enum)]
    lang: Language,
    /// Payer whose claims it judges, by the identifier on the claim
    #[arg(long, value_name = "ID")]
    payer: Option<String>,
    /// Folder to make; a folder of the plugin's name when left out
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Checkout of cleanbill whose SDK to use; the SDK is written into `vendor` when left out (Rust)
    #[arg(long, value_name = "CHECKOUT")]
    sdk: Option<PathBuf>,
}

const RUST: [(&str, &str); 8] = [
    ("Cargo.toml", include_str!("../../../templates/rust-plugin/Cargo.toml.in")),
    ("build.rs", include_str!("../../../templates/rust-plugin/build.rs.in")),
    ("plugin.toml", include_str!("../../../templates/rust-plugin/plugin.toml.in")),
    ("src/lib.rs", include_str!("../../../templates/rust-plugin/lib.rs.in")),
    ("tests/claims/pass.json", include_str!("../../../templates/pass.json.in")),
    ("tests/claims/fail.json", include_str!("../../../templates/fail.json.in")),
    ("README.md", include_str!("../../../templates/rust-plugin/README.md.in")),
    (".github/workflows/ci.yaml", include_str!("../../../templates/rust-plugin/ci.yaml.in")),
];

const C: [(&str, &str); 7] = [
    ("@CRATE@.c", include_str!("../../../templates/c-plugin/plugin.c.in")),
    ("cleanbill_plugin.h", HEADER),
    ("Makefile", include_str!("../../../templates/c-plugin/Makefile.in")),
    ("tests/claims/pass.json", include_str!("../../../templates/pass.json.in")),
    ("tests/claims/fail.json", include_str!("../../../templates/fail.json.in")),
    ("README.md", include_str!("../../../templates/c-plugin/README.md.in")),
    (".github/workflows/ci.yaml", include_str!("../../../templates/c-plugin/ci.yaml.in")),
];

const HEADER: &str = include_str!("../../../../cleanbill-plugin-abi/include/cleanbill_plugin.h");

/// Makes it; gives back the exit code.
pub fn run(flags: &NewFlags) -> Result<u8, Failure> {
    check_name(&flags.name)?;
    let payer = flags.payer.as_deref().unwrap_or(PAYER);
    check_payer(payer)?;
    let sdk = flags.sdk.as_deref().map(crates_of).transpose()?;
    let folder = flags.dir.clone().unwrap_or_else(|| PathBuf::from(&flags.name));
    new_files::refuse_full(&folder, "name another folder with `--dir`")?;
    let crate_name = flags.name.replace('-', "_");
    let filled = |text: &str| {
        text.replace("@NAME@", &flags.name)
            .replace("@CRATE@", &crate_name)
            .replace("@PAYER@", payer)
            .replace("@SDK@", sdk.as_deref().unwrap_or(VENDORED))
    };
    let templates: &[(&str, &str)] = match flags.lang {
        Language::Rust => &RUST,
        Language::C => &C,
    };
    let mut files: Vec<ScaffoldFile> = templates
        .iter()
        .map(|(path, text)| ScaffoldFile { path: filled(path), text: filled(text) })
        .collect();
    let ignored = match flags.lang {
        Language::Rust => "/target\n",
        Language::C => "*.so\n*.dylib\n",
    };
    files.push(ScaffoldFile { path: ".gitignore".to_owned(), text: ignored.to_owned() });
    let shown = files.len();
    if flags.lang == Language::Rust && sdk.is_none() {
        files.extend(vendored::files());
    }
    new_files::create(&folder, &files)?;
    Failure::of_stdout(tell(flags, &folder, files.get(..shown).unwrap_or_default()))?;
    Ok(exit_code::WHOLE)
}

fn tell(flags: &NewFlags, folder: &Path, files: &[ScaffoldFile]) -> std::io::Result<()> {
    let mut out = terminal::stdout();
    for file in files.iter().filter(|file| !file.path.starts_with('.')) {
        writeln!(out, "made {}", folder.join(&file.path).display())?;
    }
    let (build, library) = match flags.lang {
        Language::Rust => ("cargo build --release", "target/release/"),
        Language::C => ("make", ""),
    };
    if flags.lang == Language::Rust && flags.sdk.is_none() {
        writeln!(out, "made {}, the SDK", folder.join(VENDORED).display())?;
    }
    let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library = format!("{library}{prefix}{}{suffix}", flags.name.replace('-', "_"));
    writeln!(out, "\nnext:")?;
    writeln!(out, "  cd {}", folder.display())?;
    writeln!(out, "  {build}")?;
    writeln!(out, "  cleanbill plugins check {library}")?;
    writeln!(out, "  cleanbill plugins trust {library}")?;
    out.flush()
}

/// The name becomes that of a crate, of a library, of a C file and of rules.
fn check_name(name: &str) -> Result<(), Failure> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let sound = name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.len() <= 60
        && name.chars().all(good);
    if sound {
        return Ok(());
    }
    Err(Failure::refused(
        format!("`{name}` cannot name a plugin"),
        "write up to 60 small letters, digits and hyphens, a letter first, such as `acme-edits`",
    ))
}

/// The identifier goes into files of several languages as it is.
fn check_payer(payer: &str) -> Result<(), Failure> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    if !payer.trim().is_empty() && payer.len() <= 80 && payer.chars().all(good) {
        return Ok(());
    }
    Err(Failure::refused(
        format!("`{payer}` cannot be a payer's identifier"),
        "write the letters and digits that stand on its claims, such as `60054`",
    ))
}

/// The folder of crates of a checkout, absolute and with `/`, as a `Cargo.toml` takes it.
fn crates_of(checkout: &Path) -> Result<String, Failure> {
    let crates = checkout.join("crates").canonicalize().ok();
    let crates = crates.filter(|crates| crates.join("cleanbill-plugin-sdk/Cargo.toml").is_file());
    let shown = crates.as_ref().and_then(|crates| crates.to_str());
    match shown.filter(|path| !path.contains(['"', '\n'])) {
        Some(path) => Ok(path.replace('\\', "/")),
        None => Err(Failure::refused(
            format!("`{}` is no checkout of cleanbill", checkout.display()),
            "name the folder that holds `crates/cleanbill-plugin-sdk`, or leave `--sdk` out",
        )),
    }
}
