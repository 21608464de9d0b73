//! Signals that stop a run between two claims.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

use crate::failure::Failure;

/// A flag that holds the number of the first signal that asks to stop. The second one ends the process
/// at once; outputs under way are then left under their temporary names.
pub fn stop_flag() -> Result<Arc<AtomicUsize>, Failure> {
    let stop = Arc::new(AtomicUsize::new(0));
    watch(&stop).map_err(|error| {
        Failure::not_whole(format!("signals cannot be watched: {error}"), "run again")
    })?;
    Ok(stop)
}

fn watch(stop: &Arc<AtomicUsize>) -> io::Result<()> {
    let asked_before = Arc::new(AtomicBool::new(false));
    for signal in TERM_SIGNALS.iter().copied() {
        // Handlers run in this order: on the first signal `asked_before` is still false here.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&asked_before))?;
        flag::register(signal, Arc::clone(&asked_before))?;
        flag::register_usize(signal, Arc::clone(stop), usize::try_from(signal).unwrap_or(0))?;
    }
    Ok(())
}
