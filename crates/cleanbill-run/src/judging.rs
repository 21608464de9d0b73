//! Claims from their inputs to whoever tells of them, by one thread or by several: what is told, and in which
//! order, is the same.

mod threads;
mod turns;

use std::num::NonZeroUsize;

use cleanbill_intake::InputOptions;
use cleanbill_model::Claim;

use crate::error::RunError;
use crate::input::Input;
use crate::reading::Reading;
use crate::telling::{Teller, Telling, Told};
use crate::window::Window;

/// Most claims of a window where edits are shown them ahead.
const WINDOW_AHEAD: usize = 256;
/// Most where one thread does everything: code of reading, judging and telling stays in the nearest cache.
const WINDOW_ALONE: usize = 16;
/// Most where they only go from one thread to another: claims of all windows stay in a near cache.
const WINDOW: usize = 64;

/// Judges one claim after the other; each thread has its own.
pub(crate) trait Judge: Send {
    /// What is said of a claim. One is used for many claims.
    type Opinion: Default + Send + 'static;

    /// Judges a claim; `opinion` holds what was said of another one.
    ///
    /// # Errors
    /// [`RunError`] for which the run ends.
    fn judge(&mut self, claim: &Claim, opinion: &mut Self::Opinion) -> Result<(), RunError>;

    /// Whether claims are to be shown before they are judged.
    fn looks_ahead(&self) -> bool {
        false
    }

    /// Shows the claims that are judged next, in this order.
    fn look_ahead(&self, claims: &[&Claim]) {
        let _ = claims;
    }

    /// Comes after [`Judge::look_ahead`], in the order of the claims of the run and never twice at a time.
    fn settle(&self) {}
}

/// The claims to judge, and how.
pub(crate) struct Docket {
    pub(crate) inputs: Vec<Input>,
    pub(crate) options: InputOptions,
    /// Threads that judge.
    pub(crate) jobs: NonZeroUsize,
}

impl Docket {
    /// Reads every claim, has it judged by what `judge` makes, and tells of it; `false` when nobody listens any
    /// more.
    pub(crate) fn work_off<J: Judge, T: Teller<J::Opinion>>(
        self,
        judge: impl Fn() -> J + Sync,
        telling: &mut Telling<'_, T>,
    ) -> Result<bool, RunError> {
        if self.jobs.get() > 1 {
            return threads::work_off(self, &judge, telling);
        }
        self.alone(judge(), telling)
    }

    /// By this thread alone.
    fn alone<J: Judge, T: Teller<J::Opinion>>(
        self,
        mut judge: J,
        telling: &mut Telling<'_, T>,
    ) -> Result<bool, RunError> {
        let most = if judge.looks_ahead() { WINDOW_AHEAD } else { WINDOW_ALONE };
        let mut reading = Reading::new(self.inputs, self.options, telling.stop.clone(), most);
        let mut window = Window::default();
        loop {
            reading.fill(&mut window);
            show_ahead(&judge, &window, || true);
            judge_all(&mut judge, &mut window);
            match telling.tell(&mut window)? {
                Told::More => {}
                Told::All => return Ok(true),
                Told::Unheard => return Ok(false),
            }
        }
    }
}

/// Shows the claims of a window that is judged next and settles that when it is its `turn`; `false` when that
/// does not come.
fn show_ahead<J: Judge>(
    judge: &J,
    window: &Window<J::Opinion>,
    turn: impl FnOnce() -> bool,
) -> bool {
    if !judge.looks_ahead() {
        return true;
    }
    if window.count() > 0 {
        judge.look_ahead(&window.claims().collect::<Vec<_>>());
    }
    let comes = turn();
    if comes {
        judge.settle();
    }
    comes
}

fn judge_all<J: Judge>(judge: &mut J, window: &mut Window<J::Opinion>) {
    let judged = window.unjudged().enumerate().try_for_each(|(place, (claim, opinion))| {
        judge.judge(claim, opinion).map_err(|error| (place, error))
    });
    if let Err((place, error)) = judged {
        window.fail(place, error);
    }
}
