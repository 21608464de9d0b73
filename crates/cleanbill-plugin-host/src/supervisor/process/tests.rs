//! Both ways to wait for the pipes of a process do the same, with programs that every system of this family has.

use super::polled::Polled;
use super::threaded::Threaded;
use super::*;
use crate::wire::{Kind, begin, finish};

const LONG: Duration = Duration::from_secs(60);

fn frame(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    begin(&mut out, Kind::Batch, 7);
    out.extend_from_slice(payload);
    finish(&mut out).unwrap();
    out
}

fn start<P: Pipes>(script: &str) -> Process<P> {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(script);
    Process::spawn(command, Arc::default()).unwrap()
}

fn frames_come_back<P: Pipes>() {
    let mut echo: Process<P> = start("echo printed >&2; exec cat");
    // More than pipes hold, both ways at once.
    for length in [0, 1, 3_000_000] {
        let payload = vec![b'x'; length];
        echo.send(&mut frame(&payload));
        let heard = echo.receive(LONG, || false).unwrap();
        assert_eq!((heard.kind, heard.batch, heard.payload), (Kind::Batch, 7, &payload[..]));
    }
    echo.end(None);
    assert_eq!(echo.spill.lock().unwrap().bytes(), 8);
}

fn an_end_is_told<P: Pipes>() {
    for (script, how) in [
        ("exit 0", "with status 0"),
        ("exit 7", "with status 7"),
        ("kill -SEGV $$", "with SIGSEGV"),
        ("kill -ABRT $$", "with SIGABRT"),
    ] {
        let mut ends: Process<P> = start(script);
        let Cause::Ended(told) = ends.receive(LONG, || false).unwrap_err() else {
            panic!("{script}")
        };
        assert_eq!(told, how);
    }
    let mut says_nonsense: Process<P> = start("echo this is by no means a frame; exec cat");
    assert!(matches!(says_nonsense.receive(LONG, || false), Err(Cause::Garbled)));
}

fn one_that_hangs_is_ended<P: Pipes>() {
    let mut hangs: Process<P> = start("exec cat");
    assert!(matches!(hangs.receive(Duration::from_millis(60), || false), Err(Cause::Hung(60))));
    assert!(hangs.child.try_wait().unwrap().is_some());
}

#[test]
fn frames_come_back_however_one_waits() {
    frames_come_back::<Polled>();
    frames_come_back::<Threaded>();
}

#[test]
fn an_end_is_told_however_one_waits() {
    an_end_is_told::<Polled>();
    an_end_is_told::<Threaded>();
}

#[test]
fn one_that_hangs_is_ended_however_one_waits() {
    one_that_hangs_is_ended::<Polled>();
    one_that_hangs_is_ended::<Threaded>();
}
