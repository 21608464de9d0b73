//! Every command and file of `docs/writing-rules.md`, in order, in a folder of its own: what the page
//! shows is what comes out.

use std::fs;

use crate::command::{Sandbox, top};

const PAGE: &str = "docs/writing-rules.md";

/// What can be done in a page.
pub trait Stage {
    /// What a command prints.
    fn run(&mut self, command: &str) -> String;

    /// Makes a file of the page.
    fn write(&mut self, path: &str, text: &str);
}

/// What the page shows, with each output as it is today.
pub fn played(page: &str, stage: &mut dyn Stage) -> String {
    let mut played = String::new();
    let mut before = "";
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
                played.push_str(&format!("{command}\n{}", stage.run(command)));
            }
        } else {
            let text = block.join("\n") + "\n";
            let path = before.strip_prefix('`').and_then(|path| path.strip_suffix("`:"));
            assert!(path.is_some(), "a file block stands below its path, not below `{before}`");
            stage.write(path.unwrap(), &text);
            played.push_str(&text);
        }
        played.push_str("```\n");
    }
    played
}

/// The page as it is, or, with `UPDATE_TUTORIAL`, as it ought to be.
pub fn shows_what_happens(page: &str, stage: &mut dyn Stage) {
    let path = top().join(page);
    let page = fs::read_to_string(&path).unwrap();
    let played = played(&page, stage);
    if std::env::var_os("UPDATE_TUTORIAL").is_some() {
        fs::write(&path, played).unwrap();
    } else {
        assert_eq!(
            page, played,
            "run the tests once with UPDATE_TUTORIAL=1 and look at the change"
        );
    }
}

/// A folder, and how the last command in it ended.
struct Folder {
    sandbox: Sandbox,
    code: Option<i32>,
}

impl Stage for Folder {
    /// Standard output, then standard error.
    fn run(&mut self, command: &str) -> String {
        let mut words = command.split(' ').skip(1);
        match words.next().unwrap() {
            "cleanbill" => {
                let ran = self.sandbox.run(&words.collect::<Vec<_>>());
                self.code = ran.code;
                ran.stdout + &ran.stderr
            }
            "echo" => format!("{}\n", self.code.unwrap()),
            "rm" => {
                fs::remove_file(self.sandbox.path(words.next().unwrap())).unwrap();
                String::new()
            }
            other => {
                assert_eq!(other, "cleanbill", "this test does not know the command");
                String::new()
            }
        }
    }

    fn write(&mut self, path: &str, text: &str) {
        self.sandbox.write(path, text.as_bytes());
    }
}

#[test]
fn the_page_for_beginners_shows_what_happens() {
    shows_what_happens(PAGE, &mut Folder { sandbox: Sandbox::new(), code: None });
}
