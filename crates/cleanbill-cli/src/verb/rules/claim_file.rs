//! The one claim of a claim file that a test of a pack names.

use cleanbill_intake::{ClaimReader, Event, InputOptions};
use cleanbill_model::Claim;

/// Reads a file of exactly one claim, in whatever format its first bytes show.
///
/// # Errors
/// A sentence that quotes nothing of the claim.
pub fn read(text: &str) -> Result<Claim, String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut reader =
        ClaimReader::open(text.as_bytes(), &InputOptions::default(), 1).map_err(failed)?;
    let mut claim = Claim::default();
    let mut found = None;
    while let Some(event) = reader.next(&mut claim).map_err(failed)? {
        match event {
            Event::Claim if found.is_some() => {
                return Err("it holds more than one claim".to_owned());
            }
            Event::Claim => found = Some(core::mem::take(&mut claim)),
            Event::Envelope(_) => {}
            Event::Error(error) => return Err(format!("{}: {}", error.code, error.message)),
        }
    }
    found.ok_or_else(|| "it holds no claim".to_owned())
}
