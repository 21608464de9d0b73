//! Every command and file of `docs/writing-plugins.md`, in order: what the page shows is what comes out.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Sandbox, top};
use crate::tutorial::{Stage, shows_what_happens};

/// A shell in a folder, which has the built command and cargo on its path.
struct Shell {
    sandbox: Sandbox,
    folder: PathBuf,
}

impl Shell {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        Self { folder: sandbox.path(""), sandbox }
    }

    fn path() -> OsString {
        let own = Path::new(env!("CARGO_BIN_EXE_cleanbill")).parent().unwrap().to_owned();
        let cargo = Path::new(env!("CARGO")).parent().unwrap().to_owned();
        let inherited = env::var_os("PATH").unwrap();
        let folders = [own, cargo].into_iter().chain(env::split_paths(&inherited));
        env::join_paths(folders).unwrap()
    }

    /// The command with nothing of the caller's environment that could change what it prints. Cargo takes the
    /// versions of this workspace, which are at hand, and keeps what it builds.
    fn command(&self, line: &str) -> Command {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-plugins");
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(&self.folder).env_clear().env("PATH", Self::path());
        for name in ["HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "CLEANBILL_CHECKOUT"]
        {
            command.envs(env::var_os(name).map(|value| (name, value)));
        }
        command.env("CARGO_NET_OFFLINE", "true").env("CARGO_BUILD_BUILD_DIR", kept);
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("LC_ALL", "C");
        command.env("XDG_DATA_HOME", self.sandbox.path("data"));
        command
    }

    /// Without digests and names of folders, which are this machine's.
    fn plain(&self, text: &str) -> String {
        let home = self.sandbox.path("");
        let text = text.replace(home.to_str().unwrap(), "~/");
        let words = text.split_inclusive([' ', '\n']).map(|word| {
            let digest = word.trim_end();
            let is_digest = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            if is_digest { word.replace(digest, "…") } else { word.to_owned() }
        });
        words.collect()
    }
}

/// Of what cargo says: a mistake of `plugin.toml`, tests that failed, and why.
fn of_cargo(text: &str) -> String {
    let mut told: Vec<String> = text
        .lines()
        .filter(|line| is_mistake(line) || line.ends_with("... FAILED"))
        .map(|line| format!("{line}\n"))
        .collect();
    told.sort();
    told.concat()
}

fn is_mistake(line: &str) -> bool {
    line.starts_with("error: ") && line.contains("plugin.toml:")
}

impl Stage for Shell {
    fn run(&mut self, command: &str) -> String {
        let line = command.strip_prefix("$ ").unwrap();
        if let Some(folder) = line.strip_prefix("cd ") {
            self.folder = self.folder.join(folder).canonicalize().unwrap();
            return String::new();
        }
        if line.starts_with("cargo ") {
            fs::copy(top().join("Cargo.lock"), self.folder.join("Cargo.lock")).unwrap();
        }
        let output = self.command(line).output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8(told).unwrap();
        if line.starts_with("cargo ") {
            let shown = of_cargo(&told);

            assert!(output.status.success() || !shown.is_empty(), "{line}: {told}");
            return shown;
        }
        if line == "make" {
            assert!(output.status.success() && !told.contains("warning"), "{told}");
            return String::new();
        }
        self.plain(&told)
    }

    fn write(&mut self, path: &str, text: &str) {
        fs::write(self.folder.join(path), text).unwrap();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_page_for_authors_of_plugins_shows_what_happens() {
    shows_what_happens("docs/writing-plugins.md", &mut Shell::new());
}
