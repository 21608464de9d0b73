//! A run made again from its provenance, in a folder that is taken away afterwards.

use std::env;
use std::process::{Command, Stdio};

use cleanbill_run::{PROVENANCE, Part, SUMMARY};

use super::verify::{Found, Recorded};
use crate::failure::Failure;
use crate::verb::validate::options;

/// Runs it again and compares every output.
pub fn run(run: &Recorded, found: &mut Found) -> Result<(), Failure> {
    let failed =
        |reason: String| Failure::not_whole(format!("the run cannot be made again: {reason}"), "");
    let parts = || run.provenance.inputs.iter();
    if parts().any(|input| input.name == "-") {
        return Err(Failure::refused(
            "a run that read standard input cannot be made again",
            "keep what was piped in a file, and validate that",
        ));
    }
    // Findings lie in it for a while: it is the owner's alone.
    let scratch = tempfile::Builder::new().prefix("cleanbill-replay-").tempdir();
    let scratch = scratch.map_err(|error| failed(error.to_string()))?;
    let folder = scratch.path().join("run");
    let program = env::current_exe().map_err(|error| failed(error.to_string()))?;
    let output = Command::new(program)
        .args(["validate", "--quiet", "--out-dir"])
        .arg(&folder)
        .args(options::arguments(&run.options))
        .arg("--")
        .args(parts().enumerate().map(|(place, part)| run.input(place, part)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .env_remove("CLEANBILL_AUDIT")
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !folder.join(SUMMARY).is_file() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(failed(words.lines().next().unwrap_or_default().to_owned()));
    }
    let own =
        Part::of_file(&run.folder.join(PROVENANCE)).map_err(|error| failed(error.to_string()))?;
    for part in run.provenance.outputs.iter().chain([&own]) {
        let now = Part::of_file(&folder.join(&part.name));
        let now = now.map(|now| Part { name: part.name.clone(), ..now });
        found.compare("output of a second run", part, now.map_err(|error| error.to_string()));
    }
    Ok(())
}
