//! Threads that do a part of their work in the order of what they work on.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Turns {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    is_off: bool,
}

impl Turns {
    /// Waits until all before `number` have passed; `false` when that will not be.
    pub(super) fn wait_for(&self, number: u64) -> bool {
        let waiting = |state: &mut State| state.next != number && !state.is_off;
        let state = self.changed.wait_while(self.state(), waiting);
        !state.unwrap_or_else(PoisonError::into_inner).is_off
    }

    /// Lets the one after `number` go on.
    pub(super) fn pass(&self, number: u64) {
        self.state().next = number.saturating_add(1);
        self.changed.notify_all();
    }

    /// Calls everything off: nobody waits from now on.
    pub(super) fn call_off(&self) {
        self.state().is_off = true;
        self.changed.notify_all();
    }

    /// Whether all is called off.
    pub(super) fn is_off(&self) -> bool {
        self.state().is_off
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Calls everything off when its thread panics: others would wait for it.
pub(super) struct Alarm<'a>(pub(super) &'a Turns);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.call_off();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_in_order_whoever_is_first_to_ask() {
        let (turns, order) = (Turns::default(), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for number in (0..8).rev() {
                let (turns, order) = (&turns, &order);
                scope.spawn(move || {
                    assert!(turns.wait_for(number));
                    order.lock().unwrap().push(number);
                    turns.pass(number);
                });
            }
        });
        assert_eq!(order.into_inner().unwrap(), (0..8).collect::<Vec<_>>());
    }

    #[test]
    fn nobody_waits_for_a_thread_that_panicked() {
        let turns = Turns::default();
        let waited = thread::scope(|scope| {
            let waits = scope.spawn(|| turns.wait_for(1));
            let panics = scope.spawn(|| {
                let _alarm = Alarm(&turns);
                panic!("on purpose");
            });
            assert!(panics.join().is_err());
            waits.join().unwrap()
        });
        assert!(!waited && turns.is_off());
    }
}
