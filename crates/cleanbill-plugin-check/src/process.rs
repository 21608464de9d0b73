//! Starts a process for one test, waits for it no longer than it may take, and tells how it ended.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{io, thread};

use crate::job::{Job, Reply};

/// The variable without which the hidden command does nothing. It holds the path of the job.
pub const COOKIE: &str = "CLEANBILL_PLUGIN_PROBE";

/// Where the checkout of a debug build is; see the trust of cleanbill-plugin-host.
const CHECKOUT: &str = "CLEANBILL_CHECKOUT";

/// How the process of a test ended.
#[derive(Debug)]
pub(crate) struct ProbeEnd {
    /// Its answer; without one, `death` says why.
    pub(crate) reply: Option<Reply>,
    /// How it ended, for people.
    pub(crate) death: String,
    /// Bytes on standard output and standard error.
    pub(crate) written: u64,
    /// Whether it took too long.
    pub(crate) killed: bool,
    /// The number of the claim in hand, where the test tells.
    pub(crate) cursor: Option<u64>,
}

/// The command that runs one job: a program, and the word before the path of the job.
#[derive(Clone, Debug)]
pub struct ProbeCommand {
    /// The program.
    pub program: PathBuf,
    /// Its hidden subcommand.
    pub word: &'static str,
}

impl ProbeCommand {
    /// Runs `job` and waits for its end, at most `limit`.
    pub(crate) fn run(&self, job: &Job, limit: Duration) -> io::Result<ProbeEnd> {
        let room = job.room();
        fs::create_dir_all(&room)?;
        let (reply, cursor) = (job.reply(), job.cursor());
        for old in [&reply, &cursor] {
            if let Err(error) = fs::remove_file(old)
                && error.kind() != io::ErrorKind::NotFound
            {
                return Err(error);
            }
        }
        let path = job.folder.join("job.json");
        fs::write(&path, serde_json::to_vec(job)?)?;
        let (out, err) = (job.folder.join("stdout"), job.folder.join("stderr"));
        let mut child = Command::new(&self.program)
            .arg(self.word)
            .arg(&path)
            .env_clear()
            .env(COOKIE, &path)
            .env("HOME", &room)
            .env("TMPDIR", &room)
            // A debug build takes the folders above its checkout as they are; a release asks for none.
            .envs(std::env::var_os(CHECKOUT).map(|checkout| (CHECKOUT, checkout)))
            .current_dir(&room)
            .stdin(Stdio::null())
            .stdout(File::create(&out)?)
            .stderr(File::create(&err)?)
            .spawn()?;
        let ended = wait(&mut child, limit)?;
        let reply = ended
            .filter(ExitStatus::success)
            .and_then(|_| serde_json::from_slice(&fs::read(&reply).ok()?).ok());
        Ok(ProbeEnd {
            reply,
            death: death(ended, limit),
            killed: ended.is_none(),
            written: size(&out) + size(&err),
            cursor: fs::read(&cursor)
                .ok()
                .and_then(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?))),
        })
    }
}

/// Waits for `child`, and kills it when it takes longer than `limit`: then there is no status.
fn wait(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map(|found| found.len()).unwrap_or_default()
}

fn death(ended: Option<ExitStatus>, limit: Duration) -> String {
    let Some(status) = ended else {
        return format!("it was not back after {} s and was killed", limit.as_secs());
    };
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("it ended the process by signal {}", signal_name(signal));
    }
    match status.code() {
        Some(code) => format!("it ended the process with status {code}"),
        None => "it ended the process".to_owned(),
    }
}

#[cfg(unix)]
fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGSEGV => "SIGSEGV: it used memory that is not its own",
        libc::SIGBUS => "SIGBUS: it used memory that is not its own",
        libc::SIGABRT => "SIGABRT: it aborted, ran out of memory or overflowed its stack",
        libc::SIGILL => "SIGILL: an instruction that does not exist",
        libc::SIGFPE => "SIGFPE: a division by zero",
        libc::SIGKILL => "SIGKILL: the system ended it, for lack of memory or time",
        libc::SIGXCPU => "SIGXCPU: it took too much time",
        libc::SIGSYS => "SIGSYS: a system call that plugins may not make",
        _ => return signal.to_string(),
    };
    format!("{signal} ({name})")
}
