//! What tells one interchange from another, to find one that was handed in twice.

/// Sender (ISA05, ISA06) and control number (ISA13) of an interchange: a sender gives no number twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InterchangeKey([u8; Self::LENGTH]);

impl InterchangeKey {
    const LENGTH: usize = 26;

    /// The key of an `ISA` segment; `None` for one that is too short.
    pub(crate) fn of_isa(isa: &[u8]) -> Option<Self> {
        // Every element of the segment has its fixed width.
        let parts = [isa.get(32..34)?, isa.get(35..50)?, isa.get(90..99)?];
        parts.concat().try_into().ok().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISA: &[u8] = b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260302*1200*^*00501*000000042*0*T*:";

    #[test]
    fn sender_and_control_number_make_the_key() {
        let key = |isa: &[u8]| InterchangeKey::of_isa(isa).unwrap();
        let with =
            |old: &str, new: &str| String::from_utf8_lossy(ISA).replace(old, new).into_bytes();
        assert_eq!(key(ISA), key(&with("260302*1200", "260303*0800")));
        assert_eq!(key(ISA), key(&with("RECEIVER", "ANOTHER ")));
        for (old, new) in
            [("SENDER ", "SENDERS"), ("000000042", "000000043"), ("*ZZ*SEN", "*30*SEN")]
        {
            assert_ne!(key(ISA), key(&with(old, new)), "{new}");
        }
        assert_eq!(InterchangeKey::of_isa(b"ISA*00*"), None);
    }
}
