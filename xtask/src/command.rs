//! Another program as a step: how it is written, started and listened to.

use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow};

use crate::workspace;

/// A `cargo` command with what it sets in the environment.
pub struct Cargo {
    words: Vec<String>,
    environment: Vec<(&'static str, &'static str)>,
}

impl Cargo {
    /// The command that a person would type after `cargo`, words separated by blanks.
    #[must_use]
    pub fn new(line: &str) -> Self {
        Self { words: line.split(' ').map(str::to_owned).collect(), environment: Vec::new() }
    }

    /// The same command with one more environment variable.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// Runs it on this terminal; says whether it succeeded.
    pub fn run(&self) -> Result<bool> {
        let status = self.command()?.status().with_context(|| format!("cannot start `{self}`"))?;
        Ok(status.success())
    }

    /// Runs it, shows its output line by line, and hands back the lines that `keep` picks.
    pub fn run_keeping(&self, keep: fn(&str) -> bool) -> Result<(bool, Vec<String>)> {
        let mut child = self
            .command()?
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{self}`"))?;
        let stdout = child.stdout.take().context("no standard output to read")?;
        let stderr = child.stderr.take().context("no standard error to read")?;
        let errors = thread::spawn(move || show(stderr, keep));
        let mut kept = show(stdout, keep)?;
        kept.extend(errors.join().map_err(|_| anyhow!("reading standard error failed"))??);
        Ok((child.wait()?.success(), kept))
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(&self.words)
            .envs(self.environment.iter().copied())
            .env("PATH", workspace::search_path()?)
            .stdin(Stdio::null());
        Ok(command)
    }
}

impl fmt::Display for Cargo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.environment {
            if value.contains(' ') {
                write!(f, "{name}=\"{value}\" ")?;
            } else {
                write!(f, "{name}={value} ")?;
            }
        }
        write!(f, "cargo {}", self.words.join(" "))
    }
}

fn show(stream: impl Read, keep: fn(&str) -> bool) -> Result<Vec<String>> {
    let mut kept = Vec::new();
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        if keep(&text) {
            kept.push(text.trim().to_owned());
        }
        line.clear();
    }
    Ok(kept)
}
