//! Limits of the process of a plugin, set before the library is loaded.

use std::io;

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getppid, setrlimit};

use super::channel::Channel;
use crate::wire::Hello;

/// Here the system has no limits that a process can set itself. It ends when its pipe does.
#[cfg(not(unix))]
pub(super) fn confine(_: &Hello, _: &Channel) -> io::Result<()> {
    Ok(())
}

/// Here nothing is passed on by number.
#[cfg(not(unix))]
pub(super) fn close(_: i32) {}

/// Most seconds of processor time. A worker that is at an end is replaced like one that crashed.
#[cfg(unix)]
const PROCESSOR_SECONDS: u64 = 3_600;
/// Most open files.
#[cfg(unix)]
const FILES: u64 = 16;

/// Ends with its host, leaves no core, holds nothing open but what it needs, and takes no more than it may.
#[cfg(unix)]
pub(super) fn confine(hello: &Hello, channel: &Channel) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, Signal, set_dumpable_behavior};
        rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        rustix::thread::set_no_new_privs(true)?;
    }
    let parent = getppid().map(|id| id.as_raw_nonzero().get());
    if parent.and_then(|id| u32::try_from(id).ok()) != Some(hello.parent) {
        return Err(io::Error::other("the host is gone"));
    }
    rustix::process::chdir("/")?;
    let [requests, answers] = channel.numbers();
    close_all_but(&[0, 1, 2, requests, answers], &hello.keep)?;
    limit(Resource::Core, 0)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Cpu, PROCESSOR_SECONDS)?;
    // macOS has these two in name only.
    #[cfg(target_os = "linux")]
    {
        limit(Resource::As, hello.memory)?;
        limit(Resource::Nproc, 0)?;
    }
    limit(Resource::Nofile, FILES)
}

#[cfg(unix)]
fn limit(resource: Resource, most: u64) -> io::Result<()> {
    let current = rustix::process::getrlimit(resource);
    let most = current.maximum.map_or(most, |allowed| allowed.min(most));
    Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
}

#[cfg(unix)]
fn close_all_but(needed: &[i32], keep: &[i32]) -> io::Result<()> {
    let open: Vec<i32> = std::fs::read_dir("/dev/fd")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    for number in open {
        if !needed.contains(&number) && !keep.contains(&number) {
            close(number);
        }
    }
    Ok(())
}

/// Closes a file that the process was started with.
#[cfg(unix)]
#[expect(unsafe_code, reason = "an inherited file is known by its number alone")]
pub(super) fn close(number: i32) {
    use std::os::fd::{BorrowedFd, FromRawFd as _};
    // SAFETY: only asked about, and at once. The folder that was listed had a number and has it no more.
    let is_open = rustix::io::fcntl_getfd(unsafe { BorrowedFd::borrow_raw(number) }).is_ok();
    if is_open {
        // SAFETY: nothing in this process owns the number: what does is left out by the caller.
        drop(unsafe { std::fs::File::from_raw_fd(number) });
    }
}
