//! The transcript in the README is what the program prints today.

use std::fs;

use crate::command::{at_top, top};

const START: &str =
    "<!-- transcript: kept in step by crates/cleanbill-cli/tests/cli/readme.rs -->\n";
const END: &str = "<!-- end of transcript -->\n";

/// The command in the README prints this.
fn transcript() -> String {
    let ran = at_top(&["validate", "examples/clinic-day.837"]);
    let mut blocks = ran.stdout.split("\n\n");
    let (first, second) = (blocks.next().unwrap(), blocks.next().unwrap());
    let summary = ran.stdout.split("\n\n").last().unwrap();
    format!(
        "{START}```console\n$ cargo run --release -- validate examples/clinic-day.837\n{first}\n\n{second}\n\n[...]\n\n{}\n$ echo $?\n{}\n```\n{END}",
        summary.trim_end(),
        ran.code.unwrap()
    )
}

#[test]
fn the_transcript_in_the_readme_is_what_the_program_prints() {
    let path = top().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(START).expect("README.md has the start mark");
    let (_, after) = rest.split_once(END).expect("README.md has the end mark");
    let wanted = format!("{before}{}{after}", transcript());
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(&path, wanted).unwrap();
    } else {
        assert_eq!(
            readme, wanted,
            "run the tests once with UPDATE_README=1 and look at the change"
        );
    }
}
