//! Every command and file of `docs/writing-rules.md`, in order, in a folder of its own: what the page
//! shows is what comes out.

use std::fs;

use crate::command::{Sandbox, top};

const PAGE: &str = "docs/writing-rules.md";

/// What the page shows, with each output as it is today.
fn played(page: &str) -> String {
    let sandbox = Sandbox::new();
    let mut played = String::new();
    let mut before = "";
    let mut code = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        played.push_str(line);
        played.push('\n');
        let Some(language) = line.strip_prefix("```") else {
            before = if line.is_empty() { before } else { line };
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if language == "console" {
            for command in block.iter().filter(|line| line.starts_with("$ ")) {
                played.push_str(&format!("{command}\n{}", run(&sandbox, command, &mut code)));
            }
        } else {
            let text = block.join("\n") + "\n";
            let path = before.strip_prefix('`').and_then(|path| path.strip_suffix("`:"));
            assert!(path.is_some(), "a file block stands below its path, not below `{before}`");
            sandbox.write(path.unwrap(), text.as_bytes());
            played.push_str(&text);
        }
        played.push_str("```\n");
    }
    played
}

/// What a command prints: standard output, then standard error.
fn run(sandbox: &Sandbox, command: &str, code: &mut Option<i32>) -> String {
    let mut words = command.split(' ').skip(1);
    let arguments = |words: std::iter::Skip<std::str::Split<'_, char>>| -> Vec<String> {
        words.map(str::to_owned).collect()
    };
    match words.next().unwrap() {
        "cleanbill" => {
            let arguments = arguments(words);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let ran = sandbox.run(&arguments);
            *code = ran.code;
            ran.stdout + &ran.stderr
        }
        "echo" => format!("{}\n", code.unwrap()),
        "rm" => {
            fs::remove_file(sandbox.path(words.next().unwrap())).unwrap();
            String::new()
        }
        other => {
            assert_eq!(other, "cleanbill", "this test does not know the command");
            String::new()
        }
    }
}

#[test]
fn the_page_for_beginners_shows_what_happens() {
    let path = top().join(PAGE);
    let page = fs::read_to_string(&path).unwrap();
    let played = played(&page);
    if std::env::var_os("UPDATE_TUTORIAL").is_some() {
        fs::write(&path, played).unwrap();
    } else {
        assert_eq!(
            page, played,
            "run the tests once with UPDATE_TUTORIAL=1 and look at the change"
        );
    }
}
