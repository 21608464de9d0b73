//! Claims of the inputs of a run, window by window.

use std::sync::Arc;

use cleanbill_intake::{FormatChoice, InputOptions};

use crate::error::RunError;
use crate::input::{Input, InputReader, Met};
use crate::stop::Stop;
use crate::window::{Ended, Then, Window};

/// Most bytes of claims of a window, but for the last one.
const WINDOW_BYTES: u64 = 512 << 10;

/// Most things to tell between the claims of a window, but for those of its last piece.
const ASIDES: usize = 1024;

/// Reads inputs, one after the other.
pub(crate) struct Reading<'a> {
    inputs: std::vec::IntoIter<Input>,
    options: InputOptions,
    stop: Stop<'a>,
    /// Most claims of a window.
    window: usize,
    /// Whether claims are cut off, where they can be, for whoever takes the window to read.
    cuts: bool,
    number: u64,
    next_ordinal: u64,
    file: Arc<str>,
    open: Option<InputReader<'a>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(
        inputs: Vec<Input>,
        options: InputOptions,
        stop: Stop<'a>,
        window: usize,
    ) -> Self {
        Self {
            inputs: inputs.into_iter(),
            options,
            stop,
            window,
            cuts: false,
            number: 0,
            next_ordinal: 1,
            file: Arc::from(""),
            open: None,
        }
    }

    /// The same, but claims are left unread where they can be: [`Window::read_piece`] reads them.
    pub(crate) const fn cutting(mut self) -> Self {
        self.cuts = true;
        self
    }

    /// Puts the next claims into `window`, and what is met behind them.
    pub(crate) fn fill<O: Default>(&mut self, window: &mut Window<O>) {
        if self.open.is_none()
            && let Err(then) = self.open_next()
        {
            window.begin(self.number, &self.file);
            window.then = then;
            return;
        }
        window.begin(self.number, &self.file);
        self.number += 1;
        let Some(reader) = &mut self.open else { return };
        let mut bytes = 0;
        while window.count() < self.window && bytes < WINDOW_BYTES && window.count_asides() < ASIDES
        {
            if self.cuts && reader.cut_off(self.window, window.piece_mut()) {
                window.set_aside(reader.quarantined_ranges());
                return;
            }
            let Some(claim) = window.next() else { return };
            let met = reader.meet(claim);
            let aside = reader.quarantined_ranges();
            match met {
                Ok(Some(met)) => {
                    let is_error = matches!(met, Met::Error(_));
                    if matches!(met, Met::Claim(_)) {
                        bytes += claim.bytes.end - claim.bytes.start;
                    }
                    window.meet(met);
                    window.set_aside(aside);
                    if is_error {
                        return;
                    }
                }
                Ok(None) => {
                    window.set_aside(aside);
                    self.next_ordinal = reader.next_ordinal();
                    let reader = &reader.reader;
                    let (format, accounting) = (reader.format(), *reader.accounting());
                    let interchanges = reader.interchanges().to_vec();
                    self.open = None;
                    window.then = Then::End(Box::new(Ended { format, accounting, interchanges }));
                    return;
                }
                Err(source) => {
                    let input = self.file.to_string();
                    window.then = Then::Failed(Box::new(RunError::Read { input, source }));
                    return;
                }
            }
        }
    }

    fn open_next(&mut self) -> Result<(), Then> {
        let failed = |error| Then::Failed(Box::new(error));
        let input = self.inputs.next().ok_or(Then::Over)?;
        self.file = Arc::from(input.name());
        let reader = input.reader(&self.options, self.next_ordinal, self.stop.clone());
        let reader = reader.map_err(failed)?;
        check_answerable(&self.options, &self.file, reader.reader.format()).map_err(failed)?;
        self.open = Some(reader);
        Ok(())
    }
}

/// Refuses an input that the answers which a run is to write cannot answer. One in no known format gets
/// none: its input error says so.
pub(crate) fn check_answerable(
    options: &InputOptions,
    input: &str,
    format: Option<FormatChoice>,
) -> Result<(), RunError> {
    match format.filter(|format| options.acknowledge && *format != FormatChoice::X12) {
        Some(format) => {
            let (input, format) = (input.to_owned(), format.as_str());
            Err(RunError::NothingToAnswer { input, format })
        }
        None => Ok(()),
    }
}
