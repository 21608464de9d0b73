//! Segment ids as numbers: a segment is told from all others by a few comparisons of numbers, not of texts.

/// The id of a segment; ids that are not two or three bytes long are all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id(u32);

macro_rules! ids {
    ($($name:ident)*) => {
        impl Id {
            $(pub(super) const $name: Self = Self::new(stringify!($name).as_bytes());)*
        }
    };
}

ids! {
    AMT BHT BPR CAS CL1 CLM CLP CN1 CR1 CR2 CR3 CRC CTP CUR DMG DN1 DN2 DTM DTP FRM GE GS HCP HI HL
    IEA ISA K3 LIN LQ LX MEA MIA MOA N1 N2 N3 N4 NM1 NTE OI PAT PER PLB PRV PS1 PWK QTY RDM REF SBR
    SE ST SV1 SV2 SV3 SV5 SVC SVD TA1 TOO TRN TS2 TS3
}

impl Id {
    /// What is no id.
    pub(super) const NONE: Self = Self(0);

    /// Reads an id.
    #[inline]
    pub(super) const fn new(text: &[u8]) -> Self {
        match *text {
            [a, b] => Self(u32::from_be_bytes([0, 0, a, b])),
            [a, b, c] => Self(u32::from_be_bytes([0, a, b, c])),
            _ => Self::NONE,
        }
    }

    /// Whether a segment with this id ends the claim of an 837 before it.
    #[inline]
    pub(super) const fn ends_claim(self) -> bool {
        self.is_frame() || matches!(self, Self::CLM | Self::HL)
    }

    /// Whether a segment with this id ends the claim of an 835 before it.
    #[inline]
    pub(super) const fn ends_remitted_claim(self) -> bool {
        self.is_frame() || matches!(self, Self::CLP | Self::LX | Self::PLB)
    }

    /// Whether it opens or closes a part of the envelope behind the `ISA`.
    #[inline]
    pub(super) const fn is_frame(self) -> bool {
        matches!(self, Self::SE | Self::ST | Self::GE | Self::GS | Self::IEA)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_and_what_is_none_is_no_segment() {
        assert_eq!((Id::new(b"CLM"), Id::new(b"LX")), (Id::CLM, Id::LX));
        assert_ne!(Id::new(b"N3"), Id::new(b"\0N3"[..2].as_ref()));
        for other in [&b""[..], b"C", b"CLMX", b"clm", b"ISA"] {
            assert!(!Id::new(other).ends_claim() && Id::new(other) != Id::LX, "{other:?}");
        }
        assert!(Id::SE.ends_claim() && !Id::LX.ends_claim() && Id::LX.ends_remitted_claim());
    }
}
