//! Which limb a service was on, as far as a claim can tell.
//!
//! A side (left, right) stands in a modifier or follows from the code; whether it was an arm or a leg
//! stands in no standard field. So both parts may be unknown, and "the same extremity?" has three
//! answers. See ADR 0004.

use core::fmt;

use cleanbill_model::Region;

use crate::truth::Truth;

/// The side or sides that a service covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sides {
    /// Left only.
    Left,
    /// Right only.
    Right,
    /// Left and right.
    Both,
    /// One of the two, and the claim does not say which.
    OneUnstated,
    /// Nothing is known.
    Unknown,
}

impl Sides {
    /// Whether the two cover a common side.
    #[must_use]
    pub const fn overlap(self, other: Self) -> Truth {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Truth::Unknown,
            (Self::Both, _)
            | (_, Self::Both)
            | (Self::Left, Self::Left)
            | (Self::Right, Self::Right) => Truth::Yes,
            (Self::Left, Self::Right) | (Self::Right, Self::Left) => Truth::No,
            (Self::OneUnstated, _) | (_, Self::OneUnstated) => Truth::Unknown,
        }
    }
}

impl fmt::Display for Sides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Left => "left side",
            Self::Right => "right side",
            Self::Both => "both sides",
            Self::OneUnstated => "one side (which is not stated)",
            Self::Unknown => "side not known",
        })
    }
}

/// The extremity of one service line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extremity {
    /// Side or sides.
    pub sides: Sides,
    /// Upper or lower; `None` when the claim does not tell.
    pub region: Option<Region>,
}

impl Extremity {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { sides: Sides::Unknown, region: None };

    /// Whether the two regions are the same.
    #[must_use]
    pub fn same_region(self, other: Self) -> Truth {
        match (self.region, other.region) {
            (Some(a), Some(b)) => Truth::from(a == b),
            _ => Truth::Unknown,
        }
    }

    /// Whether the two services were on the same extremity: a common side in the same region.
    #[must_use]
    pub fn same(self, other: Self) -> Truth {
        self.sides.overlap(other.sides).and(self.same_region(other))
    }
}

impl fmt::Display for Extremity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.region {
            Some(region) => write!(f, "{}, {} extremity", self.sides, region.as_str()),
            None => write!(f, "{}, arm or leg not known", self.sides),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Sides; 5] =
        [Sides::Left, Sides::Right, Sides::Both, Sides::OneUnstated, Sides::Unknown];

    #[test]
    fn overlap_does_not_depend_on_the_order() {
        for a in ALL {
            for b in ALL {
                assert_eq!(a.overlap(b), b.overlap(a), "{a} {b}");
            }
        }
    }

    #[test]
    fn a_bilateral_study_contains_any_one_side() {
        for one in [Sides::Left, Sides::Right, Sides::OneUnstated, Sides::Both] {
            assert_eq!(Sides::Both.overlap(one), Truth::Yes);
        }
        assert_eq!(Sides::Left.overlap(Sides::Right), Truth::No);
        assert_eq!(Sides::OneUnstated.overlap(Sides::Left), Truth::Unknown);
    }

    #[test]
    fn an_unknown_region_is_neither_the_same_nor_different() {
        let arms = Extremity { sides: Sides::Both, region: Some(Region::Upper) };
        let legs = Extremity { sides: Sides::Both, region: Some(Region::Lower) };
        let somewhere = Extremity { sides: Sides::Both, region: None };
        assert_eq!(arms.same(arms), Truth::Yes);
        assert_eq!(arms.same(legs), Truth::No);
        assert_eq!(arms.same(somewhere), Truth::Unknown);
        let left = Extremity { sides: Sides::Left, region: None };
        let right = Extremity { sides: Sides::Right, region: None };
        assert_eq!(left.same(right), Truth::No);
    }
}
