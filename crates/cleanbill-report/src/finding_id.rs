//! The name of a finding: the same for the same finding, in every run, file and format.

use core::fmt::Write as _;

use cleanbill_model::{Claim, Finding, LineRef};
use sha2::{Digest, Sha256};

/// `f-` and 16 hexadecimal digits over rule, claim, line number, procedure code and partner lines.
///
/// Each part is hashed with its length before it, so that no two lists of parts read alike.
pub(crate) fn finding_id(claim: &Claim, finding: &Finding) -> String {
    let line = finding.line.and_then(|line| claim.lines.get(line));
    let mut hash = Sha256::new();
    part(&mut hash, finding.edit.id.as_bytes());
    part(&mut hash, claim.id().as_bytes());
    match line {
        Some(line) => part(&mut hash, &line.number.to_be_bytes()),
        None => part(&mut hash, b""),
    }
    match line.and_then(|line| line.procedure) {
        Some(code) => part(&mut hash, code.as_str().as_bytes()),
        None => part(&mut hash, b""),
    }
    for other in &finding.others {
        match other {
            LineRef::Own(place) => {
                if let Some(line) = claim.lines.get(*place) {
                    part(&mut hash, &line.number.to_be_bytes());
                }
            }
            LineRef::Earlier(line) => {
                part(&mut hash, line.claim.as_bytes());
                part(&mut hash, &line.number.to_be_bytes());
            }
        }
    }
    named("f-", hash)
}

/// `prefix` and 16 hexadecimal digits over `parts`.
pub(crate) fn id_over(prefix: &str, parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    parts.iter().for_each(|bytes| part(&mut hash, bytes));
    named(prefix, hash)
}

fn named(prefix: &str, hash: Sha256) -> String {
    let mut id = prefix.to_owned();
    for byte in hash.finalize().iter().take(8) {
        // Writing to a `String` cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

fn part(hash: &mut Sha256, bytes: &[u8]) {
    // A `usize` always fits into a `u64` on every platform that Rust runs on.
    hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(bytes);
}

#[cfg(test)]
mod tests {
    use cleanbill_model::{EarlierLine, Standing};

    use super::*;
    use crate::sample;

    #[test]
    fn the_id_follows_from_the_deciding_facts_and_nothing_else() {
        let claim = sample::claim();
        let finding = sample::conflict();
        let id = finding_id(&claim, &finding);
        assert_eq!(id, "f-8851bd401adfacc9");

        let mut reworded = finding.clone();
        reworded.message = "other words".to_owned();
        assert_eq!(finding_id(&claim, &reworded), id);

        let mut elsewhere = finding.clone();
        elsewhere.line = Some(0);
        assert_ne!(finding_id(&claim, &elsewhere), id);
        let mut across = finding.clone();
        let number = claim.lines[0].number;
        across.others = vec![LineRef::Earlier(EarlierLine {
            claim: "PCN7".into(),
            number,
            dates: claim.lines[0].dates,
            standing: Standing::Earlier,
            is_open: false,
        })];
        assert_ne!(finding_id(&claim, &across), id);
        let mut alone = finding;
        alone.others.clear();
        assert_ne!(finding_id(&claim, &alone), id);
    }
}
