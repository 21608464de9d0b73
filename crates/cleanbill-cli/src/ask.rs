//! Questions on a terminal, asked until the answer fits.

use std::io::{BufRead, Write};

use crate::failure::Failure;

/// A question, and the flag that answers it in a script.
pub struct Question<'a> {
    pub flag: &'static str,
    text: &'a str,
    /// Names with a few words each; empty when any list of codes is an answer.
    choices: &'a [(&'a str, &'a str)],
    example: &'a str,
}

impl<'a> Question<'a> {
    pub const fn one_of(
        flag: &'static str,
        text: &'a str,
        choices: &'a [(&'a str, &'a str)],
    ) -> Self {
        Self { flag, text, choices, example: "" }
    }

    pub const fn list(flag: &'static str, text: &'a str, example: &'a str) -> Self {
        Self { flag, text, choices: &[], example }
    }

    /// What may stand behind the flag.
    pub fn choices_in_words(&self) -> String {
        if self.choices.is_empty() {
            return format!("for example `{} {}`", self.flag, self.example);
        }
        let names: Vec<&str> = self.choices.iter().map(|(name, _)| *name).collect();
        format!("use one of `{}`", names.join("`, `"))
    }

    /// The answer that a line gives, or why it gives none.
    fn read(&self, line: &str) -> Result<Vec<String>, String> {
        let line = line.trim();
        if self.choices.is_empty() {
            let parts = line.split([',', ' ']).filter(|part| !part.is_empty());
            let list: Vec<String> = parts.map(str::to_owned).collect();
            return if list.is_empty() { Err(self.choices_in_words()) } else { Ok(list) };
        }
        let numbered = line.parse().ok().and_then(|number: usize| {
            self.choices.get(number.checked_sub(1)?).map(|(name, _)| *name)
        });
        let named = || self.choices.iter().map(|(name, _)| *name).find(|name| *name == line);
        numbered
            .or_else(named)
            .map(|name| vec![name.to_owned()])
            .ok_or_else(|| format!("type a number from 1 to {}, or a name", self.choices.len()))
    }
}

/// Asks on `out` and reads from `input`.
pub struct Asker<R, W> {
    input: R,
    out: W,
}

impl<R: BufRead, W: Write> Asker<R, W> {
    pub const fn new(input: R, out: W) -> Self {
        Self { input, out }
    }

    /// Asks until the answer fits.
    ///
    /// # Errors
    /// The terminal is gone, or its end was typed.
    pub fn ask(&mut self, question: &Question<'_>) -> Result<Vec<String>, Failure> {
        let mut text = format!("{}\n", question.text);
        let width = question.choices.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (number, (name, about)) in (1..).zip(question.choices) {
            let line = format!("  {number:2}  {name:width$}  {about}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        self.show(&text)?;
        loop {
            let line = self.line("> ")?;
            match question.read(&line) {
                Ok(answer) => return Ok(answer),
                Err(reason) => self.show(&format!("{reason}\n"))?,
            }
        }
    }

    /// Whether the person wants what is shown; an empty line is a yes.
    ///
    /// # Errors
    /// The terminal is gone, or its end was typed.
    pub fn agrees(&mut self, shown: &str) -> Result<bool, Failure> {
        self.show(shown)?;
        let line = self.line("write this? [Y/n] ")?;
        Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "" | "y" | "yes"))
    }

    /// Whether the person wants what is shown; anything but a yes is a no.
    ///
    /// # Errors
    /// The terminal is gone, or its end was typed.
    pub fn confirms(&mut self, shown: &str, question: &str) -> Result<bool, Failure> {
        self.show(shown)?;
        let line = self.line(&format!("{question} [y/N] "))?;
        Ok(matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    fn show(&mut self, text: &str) -> Result<(), Failure> {
        let shown = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
        shown.map_err(|_| gone())
    }

    fn line(&mut self, prompt: &str) -> Result<String, Failure> {
        self.show(prompt)?;
        let mut line = String::new();
        match self.input.read_line(&mut line) {
            Ok(1..) => Ok(line),
            _ => Err(gone()),
        }
    }
}

fn gone() -> Failure {
    Failure::refused(
        "the questions were not answered; nothing was written",
        "answer them with flags",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(question: &Question<'_>, typed: &str) -> (Option<Vec<String>>, String) {
        let mut asker = Asker::new(typed.as_bytes(), Vec::new());
        let answer = asker.ask(question).ok();
        (answer, String::from_utf8(asker.out).unwrap())
    }

    #[test]
    fn a_choice_is_taken_by_number_or_name_and_asked_again_until_it_fits() {
        let choices = [("unit_limit", "too many"), ("require", "")];
        let question = Question::one_of("--kind", "What?", &choices);
        let (answer, shown) = asked(&question, "3\nnothing\n2\n");
        assert_eq!(answer.unwrap(), ["require"]);
        assert_eq!(
            shown,
            "What?\n   1  unit_limit  too many\n   2  require\n> type a number from 1 to 2, or a name\n> type a number from 1 to 2, or a name\n> "
        );
        assert_eq!(asked(&question, "unit_limit\n").0.unwrap(), ["unit_limit"]);
        assert_eq!(asked(&question, "").0, None);
    }

    #[test]
    fn a_list_is_taken_apart_at_commas_and_blanks() {
        let question = Question::list("--codes", "Which?", "93970");
        assert_eq!(
            asked(&question, "\n 93970, 93971 G0365\n").0.unwrap(),
            ["93970", "93971", "G0365"]
        );
    }

    #[test]
    fn an_empty_line_agrees_and_a_no_does_not() {
        let agrees = |typed: &str| Asker::new(typed.as_bytes(), Vec::new()).agrees("make a\n").ok();
        assert_eq!(
            [agrees("\n"), agrees("Y\n"), agrees("n\n"), agrees("")],
            [Some(true), Some(true), Some(false), None]
        );
    }
}
