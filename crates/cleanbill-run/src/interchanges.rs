//! Interchanges that stand in more than one input of a run.

use std::collections::HashMap;

use cleanbill_intake::InterchangeKey;
use cleanbill_report::RepeatedInterchanges;

/// Interchanges of a run that are remembered; keeps memory flat.
const REMEMBERED: usize = 100_000;

/// The interchanges of the inputs so far: of each where it was met first.
#[derive(Default)]
pub(crate) struct Interchanges {
    /// Place of the input in `files`, and where the interchange starts in it.
    seen: HashMap<InterchangeKey, (usize, u64)>,
    files: Vec<String>,
}

impl Interchanges {
    /// Takes those of the next input, and gives what earlier ones hold too: one entry for each earlier input, in
    /// the order in which they are met. Interchanges that one input holds twice are its own matter.
    pub(crate) fn meet(
        &mut self,
        file: &str,
        met: &[(InterchangeKey, u64)],
    ) -> Vec<RepeatedInterchanges> {
        let here = self.files.len();
        self.files.push(file.to_owned());
        let mut repeats: Vec<(usize, RepeatedInterchanges)> = Vec::new();
        for (key, offset) in met {
            match self.seen.get(key) {
                None if self.seen.len() < REMEMBERED => {
                    self.seen.insert(*key, (here, *offset));
                }
                Some((earlier, earlier_offset)) if *earlier != here => {
                    if let Some((_, known)) = repeats.iter_mut().find(|(of, _)| of == earlier) {
                        known.count += 1;
                        continue;
                    }
                    let earlier_file = self.files.get(*earlier).cloned().unwrap_or_default();
                    let (offset, earlier_offset) = (*offset, *earlier_offset);
                    let first =
                        RepeatedInterchanges { count: 1, offset, earlier_file, earlier_offset };
                    repeats.push((*earlier, first));
                }
                None | Some(_) => {}
            }
        }
        repeats.into_iter().map(|(_, repeats)| repeats).collect()
    }
}
