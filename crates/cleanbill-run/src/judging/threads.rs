//! A thread that reads, threads that judge, and the thread of the run, which tells in the order of reading.
//!
//! Claims go from hand to hand in windows, of which there are so many and no more: whoever is fast waits for
//! those that are slow, and memory does not grow with the input. The thread that reads may be waiting for
//! input that never comes, so a run that ends before its inputs leaves it behind.

use std::collections::BTreeMap;
use std::io;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Builder, JoinHandle};
use std::time::Duration;

use cleanbill_intake::PieceReader;

use super::turns::{Alarm, Turns};
use super::{Docket, Judge, WINDOW, WINDOW_AHEAD, judge_all, show_ahead};
use crate::error::RunError;
use crate::reading::Reading;
use crate::stop::Stop;
use crate::telling::{Teller, Telling, Told};
use crate::window::{Then, Window};

/// Windows beside those that are judged: one is read, one is told, and one waits on either side.
const SPARE_WINDOWS: usize = 4;
/// How often whoever waits looks whether the run is over.
const LOOK: Duration = Duration::from_millis(50);

/// As [`Docket::work_off`]. Where the system gives fewer threads, fewer do the same.
pub(super) fn work_off<J: Judge, T: Teller<J::Opinion>>(
    docket: Docket,
    judge: &(impl Fn() -> J + Sync),
    telling: &mut Telling<'_, T>,
) -> Result<bool, RunError> {
    let (jobs, looks_ahead) = (docket.jobs.get(), judge().looks_ahead());
    let windows = jobs.saturating_add(SPARE_WINDOWS);
    let (give_free, free) = sync_channel(windows);
    let (give_read, read) = sync_channel(windows);
    let (give_judged, judged) = sync_channel(windows);
    let (read, turns) = (Mutex::new(read), Turns::default());
    let Ok((reader, begin)) = start_reader(free, give_read) else {
        return docket.alone(judge(), telling);
    };
    let told = thread::scope(|scope| {
        let stop = Arc::new(AtomicUsize::new(0));
        let over = Over { turns: &turns, reader: Arc::clone(&stop) };
        let desk = || Desk { read: &read, judged: give_judged.clone(), turns: &turns };
        let start = |_| {
            let desk = desk();
            Builder::new().spawn_scoped(scope, move || desk.judge(judge())).ok()
        };
        let judges: Vec<_> = (0..jobs).map_while(start).collect();
        drop(give_judged);
        if judges.is_empty() {
            return Err(docket);
        }
        let Docket { inputs, options, .. } = docket;
        let most = if looks_ahead { WINDOW_AHEAD } else { WINDOW };
        let _ = begin.send(Reading::new(inputs, options, Stop::Own(stop), most).cutting());
        let told = tell_in_order(telling, windows, &judged, &give_free);
        drop((over, give_free, judged));
        for judge in judges {
            if let Err(panic) = judge.join() {
                resume_unwind(panic);
            }
        }
        Ok(told)
    });
    match told {
        Err(docket) => docket.alone(judge(), telling),
        Ok(told) => match told? {
            Told::All => Ok(true),
            Told::Unheard => Ok(false),
            // Whoever reads ends early by a panic alone.
            Told::More => resume_unwind(reader.join().err().unwrap_or_else(|| Box::new(()))),
        },
    }
}

/// Starts the thread that reads; it begins with what it is sent.
fn start_reader<O: Default + Send + 'static>(
    free: Receiver<Window<O>>,
    read: SyncSender<Window<O>>,
) -> io::Result<(JoinHandle<()>, SyncSender<Reading<'static>>)> {
    let (begin, beginning) = sync_channel::<Reading<'static>>(1);
    let work = move || {
        let Ok(mut reading) = beginning.recv() else { return };
        while let Ok(mut window) = free.recv() {
            reading.fill(&mut window);
            let is_last = matches!(window.then, Then::Over | Then::Failed(_));
            if read.send(window).is_err() || is_last {
                return;
            }
        }
    };
    Ok((Builder::new().name("reader".to_owned()).spawn(work)?, begin))
}

/// Where a thread that judges gets its work from and hands it on to.
struct Desk<'a, O> {
    read: &'a Mutex<Receiver<Window<O>>>,
    judged: SyncSender<Window<O>>,
    turns: &'a Turns,
}

impl<O: Default + Send + 'static> Desk<'_, O> {
    fn judge<J: Judge<Opinion = O>>(&self, mut judge: J) {
        let _alarm = Alarm(self.turns);
        let mut reader = PieceReader::default();
        while !self.turns.is_off() {
            let next = self.read.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(LOOK);
            let mut window = match next {
                Ok(window) => window,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            window.read_piece(&mut reader);
            let number = window.number;
            if !show_ahead(&judge, &window, || self.turns.wait_for(number)) {
                return;
            }
            if judge.looks_ahead() {
                self.turns.pass(number);
            }
            judge_all(&mut judge, &mut window);
            if self.judged.send(window).is_err() {
                return;
            }
        }
    }
}

/// Tells of windows in the order in which they were read, and gives them back to be filled again.
fn tell_in_order<O: Default, T: Teller<O>>(
    telling: &mut Telling<'_, T>,
    windows: usize,
    judged: &Receiver<Window<O>>,
    free: &SyncSender<Window<O>>,
) -> Result<Told, RunError> {
    for _ in 0..windows {
        let _ = free.send(Window::default());
    }
    let mut early = BTreeMap::new();
    let mut next = 0;
    loop {
        let mut window = match early.remove(&next) {
            Some(window) => window,
            None => match judged.recv_timeout(LOOK) {
                Ok(window) if window.number == next => window,
                Ok(window) => {
                    early.insert(window.number, window);
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => {
                    telling.check_stop()?;
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Told::More),
            },
        };
        match telling.tell(&mut window)? {
            Told::More => {}
            told => return Ok(told),
        }
        next += 1;
        let _ = free.send(window);
    }
}

/// Tells all threads that the run is over, however it came to that.
struct Over<'a> {
    turns: &'a Turns,
    reader: Arc<AtomicUsize>,
}

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.reader.store(1, Ordering::Relaxed);
        self.turns.call_off();
    }
}
