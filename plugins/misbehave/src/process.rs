//! What hurts the process and needs no bare pointer.

#![expect(clippy::panic, reason = "panicking is what it is for")]

use std::fs::{self, File};
use std::hint::{black_box, spin_loop};
use std::io::Write;
use std::mem;
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;

use crate::CANARY;

/// One step of what is leaked or taken, in bytes.
const MEBIBYTE: usize = 1 << 20;

pub(crate) fn panic_with_the_canary() {
    panic!("{CANARY} not found");
}

/// Panics with a payload that panics again when it is dropped.
pub(crate) fn panic_twice() {
    std::panic::panic_any(PanicsOnDrop);
}

struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic_with_the_canary();
    }
}

/// Without asking whether its time is up.
pub(crate) fn loop_for_ever() {
    loop {
        spin_loop();
    }
}

/// For as many milliseconds as the line has thousandths of a unit: a second for a unit.
pub(crate) fn sleep(thousandths: i64) {
    thread::sleep(Duration::from_millis(u64::try_from(thousandths).unwrap_or_default()));
}

pub(crate) fn overflow_the_stack() {
    black_box(deeper(1));
}

fn deeper(level: u64) -> u64 {
    let frame = black_box([level; 512]);
    // Never true, which the compiler does not know.
    if frame.contains(&0) { 0 } else { deeper(level.wrapping_add(1)) ^ black_box(level) }
}

/// Takes memory and uses it until there is none.
pub(crate) fn take_all_memory() {
    let mut taken = Vec::new();
    loop {
        taken.push(black_box(vec![1_u8; 16 * MEBIBYTE]));
    }
}

pub(crate) fn leak() {
    mem::forget(black_box(vec![1_u8; MEBIBYTE]));
}

/// Opens a file and never closes it.
pub(crate) fn leak_a_file() {
    if let Ok(file) = File::open("/dev/null") {
        mem::forget(file);
    }
}

pub(crate) fn leave_a_thread() {
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_secs(1));
        }
    });
}

/// Writes what must turn up nowhere.
pub(crate) fn write_to(out: &mut dyn Write) {
    // The host may have closed it.
    let _ = writeln!(out, "{CANARY}").and_then(|()| out.flush());
}

pub(crate) fn read_a_file() {
    // A sandbox may refuse.
    let _ = black_box(fs::read("/etc/hostname"));
}

/// Leaves a file with what must turn up nowhere in the folder for temporary files.
pub(crate) fn make_a_file() {
    let path = std::env::temp_dir().join("cleanbill-misbehave.txt");
    // A sandbox may refuse.
    let _ = fs::write(path, CANARY);
}

/// Binds a socket on this machine; nothing is sent.
pub(crate) fn open_a_socket() {
    // A sandbox may refuse.
    let _ = black_box(UdpSocket::bind("127.0.0.1:0"));
}
