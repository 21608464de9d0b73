//! What the loop over segments asks of the machine behind it.

use cleanbill_model::Location;

use super::frame::{Frame, Span, cut_claim};
use super::id::Id;
use super::segment::Segment;
use crate::problem::Problem;
use crate::reader::Event;

/// What a reader does with segments, and with the claims that they make up.
pub(crate) trait Machine {
    /// What the claims are read into.
    type Claim;

    /// The segment that starts a claim, and its name.
    const START: (Id, &'static str);

    /// The envelope and the books.
    fn frame(&self) -> &Frame;

    /// The same to change.
    fn frame_mut(&mut self) -> &mut Frame;

    /// Whether a segment with this id ends the claim before it.
    fn ends_claim(id: Id) -> bool;

    /// Whether a claim is being read.
    fn in_claim(&self) -> bool;

    /// The bytes of the claim that is being read.
    fn span_mut(&mut self) -> Option<&mut Span>;

    /// Takes one segment of `whole` bytes. No claim may be open when it ends one.
    fn take(&mut self, segment: &Segment<'_>, place: Location, whole: u64, claim: &mut Self::Claim);

    /// Takes a segment that is too long to be read; `start` is how it begins.
    fn take_too_long(&mut self, start: &[u8], place: Location, whole: u64, claim: &mut Self::Claim);

    /// Keeps the reason for which the claim that is being read is set aside.
    fn fail(&mut self, problem: Problem, place: Location);

    /// Tells of a claim of which only its first segment is looked at.
    fn refuse_claim(&mut self, segment: &Segment<'_>, problem: Problem, place: Location);

    /// Takes what stands behind the last terminator of an input that ends there.
    fn take_cut(
        &mut self,
        segment: &Segment<'_>,
        place: Location,
        whole: u64,
        claim: &mut Self::Claim,
    ) {
        if !self.in_claim() && self.frame_mut().is_unterminated_end(segment, place) {
            self.take(segment, place, whole, claim);
            return;
        }
        let place = self.frame_mut().count(place);
        let cut = cut_claim(Self::START.1);
        if let Some(span) = self.span_mut() {
            span.add(place, whole);
            self.fail(cut, place);
            return;
        }
        self.frame_mut().set_aside(place, whole);
        if segment.id() == Self::START.0 && segment.elements() > 0 {
            self.refuse_claim(segment, cut, place);
        }
    }

    /// The input has ended at `place`. Gives the claim that was being read.
    fn end(&mut self, place: Location, claim: &mut Self::Claim) -> Option<Event> {
        if self.in_claim() {
            self.fail(cut_claim(Self::START.1), place);
            return self.end_claim(place.offset, claim);
        }
        self.frame_mut().end(place);
        None
    }

    /// Ends the claim that is being read: `here` is where the next segment starts.
    fn end_claim(&mut self, here: u64, claim: &mut Self::Claim) -> Option<Event>;
}

/// What a look at the next piece of the input came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It was taken.
    Taken,
    /// The claim that is being read ends in front of it.
    ClaimEnds,
    /// There is none: the input has ended.
    InputEnds,
}
