//! Conventions for Rust files: length, the opening words, names, what `lib.rs` may hold.

use super::{File, Violation};

/// About 400 lines, with room for one to grow by a few.
const MOST_LINES: usize = 420;

/// Names that say nothing of what a module is for.
const EMPTY_NAMES: [&str; 6] = ["common", "helper", "helpers", "misc", "util", "utils"];

/// In two parts, so that this line is not a find.
const ALLOW: [&str; 2] = [concat!("#[", "allow("), concat!("#![", "allow(")];

pub fn check(file: &File, violations: &mut Vec<Violation>) {
    if file.extension() != "rs" || file.is_fixture() {
        return;
    }
    let is_test = file.is_below("tests") || file.is_below("benches") || file.name() == "tests.rs";
    let count = file.text.lines().count();
    if count > MOST_LINES && !is_test {
        let what = format!("{count} lines, more than {MOST_LINES}");
        violations.push(file.violation(MOST_LINES, what, "split it by concept"));
    }
    if !file.text.starts_with("//!") {
        violations.push(file.violation(
            1,
            "the file does not say what it is for",
            "open it with `//!` and one sentence",
        ));
    }
    for part in file.path.trim_end_matches(".rs").split('/') {
        if EMPTY_NAMES.contains(&part) {
            violations.push(file.violation(
                1,
                format!("the name `{part}` says nothing"),
                "name the concept that the file holds",
            ));
        }
    }
    for (number, line) in file.lines() {
        if ALLOW.iter().any(|allow| line.trim_start().starts_with(allow)) {
            violations.push(file.violation(
                number,
                "a lint is switched off for good",
                "write `#[expect(…, reason = \"…\")]`",
            ));
        }
    }
    // An example plugin is one file, as its author would begin.
    if file.name() == "lib.rs" && !file.path.starts_with("plugins/") {
        check_lib(file, violations);
    }
}

fn check_lib(file: &File, violations: &mut Vec<Violation>) {
    let mut in_macro = false;
    for (number, line) in file.lines() {
        if line.starts_with("macro_rules!") {
            in_macro = true;
        } else if line.starts_with('}') {
            in_macro = false;
        }
        if !in_macro && is_logic(line.trim_start()) {
            violations.push(file.violation(
                number,
                "logic in `lib.rs`",
                "move it to a module named for what it does",
            ));
        }
    }
}

/// Whether a line begins a function or an `impl`, whatever stands before the word.
fn is_logic(line: &str) -> bool {
    let mut words = line.split_whitespace().skip_while(|word| {
        word.starts_with("pub")
            || matches!(*word, "const" | "async" | "unsafe" | "extern" | "\"C\"")
    });
    words.next().is_some_and(|word| word == "fn" || word == "impl" || word.starts_with("impl<"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(path: &str, text: &str) -> Vec<String> {
        let mut violations = Vec::new();
        check(&File::new(path, text), &mut violations);
        violations.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_long_file_is_found_unless_it_holds_tests() {
        let text = format!("//! Long.\n{}", "// line\n".repeat(MOST_LINES));
        assert_eq!(
            check_one("crates/a/src/b.rs", &text),
            ["crates/a/src/b.rs:420: 421 lines, more than 420: split it by concept"]
        );
        assert_eq!(check_one("crates/a/src/b/tests.rs", &text), [""; 0]);
        assert_eq!(check_one("crates/a/tests/b.rs", &text), [""; 0]);
    }

    #[test]
    fn a_file_opens_with_what_it_is_for() {
        assert_eq!(check_one("a/src/b.rs", "use std::fmt;\n").len(), 1);
        assert_eq!(check_one("a/src/b.rs", "//! Money.\n"), [""; 0]);
    }

    #[test]
    fn a_name_that_says_nothing_is_found_in_file_and_folder() {
        assert_eq!(check_one("a/src/utils.rs", "//! x\n").len(), 1);
        assert_eq!(check_one("a/tests/common/mod.rs", "//! x\n").len(), 1);
        assert_eq!(check_one("a/src/commonplace.rs", "//! x\n"), [""; 0]);
    }

    #[test]
    fn an_allow_is_found_and_an_expect_is_not() {
        let text = format!("//! x\n{}dead_code)]\n", ALLOW[0]);
        assert_eq!(check_one("a/src/b.rs", &text).len(), 1);
        assert_eq!(check_one("a/src/b.rs", "//! x\n#[expect(dead_code)]\n"), [""; 0]);
    }

    #[test]
    fn lib_holds_modules_and_names_but_no_logic() {
        let good = "//! x\nmod a;\npub use a::A;\npub const N: u8 = 1;\n";
        assert_eq!(check_one("a/src/lib.rs", good), [""; 0]);
        for bad in ["pub const fn a() {}", "impl A {}", "impl<T> A<T> {}", "pub(crate) fn a() {}"] {
            assert_eq!(check_one("a/src/lib.rs", &format!("//! x\n{bad}\n")).len(), 1, "{bad}");
        }
    }

    #[test]
    fn a_macro_in_lib_may_write_functions() {
        let text = "//! x\nmacro_rules! a {\n    () => {\n        fn b() {}\n    };\n}\n";
        assert_eq!(check_one("a/src/lib.rs", text), [""; 0]);
        assert_eq!(check_one("a/src/lib.rs", &format!("{text}fn b() {{}}\n")).len(), 1);
    }
}
