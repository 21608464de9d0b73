//! The words and numbers a synthetic file is made of, and the sequence that picks them.

/// Invented family names.
pub const LAST_NAMES: [&str; 16] = [
    "ABERNALT",
    "BRISKWELL",
    "CORDOVANE",
    "DRUMHOLT",
    "ELDERMOSS",
    "FENWORTHY",
    "GALLENBY",
    "HOLLOWAYNE",
    "INGERSLEY",
    "JASPERTON",
    "KESTREL",
    "LARKSPINE",
    "MARROWBY",
    "NETTLEHAM",
    "OAKENFELL",
    "PELLERIN",
];

/// Invented given names.
pub const FIRST_NAMES: [&str; 12] = [
    "ADALENE", "BRANTLEY", "CELINDA", "DORIAN", "EVANDER", "FENNA", "GARETT", "HESTIA", "IVO",
    "JORUNN", "KELDA", "LORCAN",
];

/// Street names.
pub const STREETS: [&str; 6] =
    ["SAMPLE ST", "EXAMPLE AVE", "FIXTURE BLVD", "PLACEHOLDER LN", "TEMPLATE DR", "MODEL CT"];

/// City, state and ZIP code.
pub const CITIES: [(&str, &str, &str); 5] = [
    ("AUSTIN", "TX", "787010001"),
    ("DENVER", "CO", "802020001"),
    ("CHICAGO", "IL", "606010001"),
    ("MIAMI", "FL", "331010001"),
    ("BOSTON", "MA", "021080001"),
];

/// Payer name, payer id and claim filing indicator.
pub const PAYERS: [(&str, &str, &str); 4] = [
    ("SYNTHETIC PART B", "90001", "MB"),
    ("SYNTHETIC HEALTH PLAN", "90002", "CI"),
    ("SYNTHETIC MEDICAID", "90003", "MC"),
    ("SYNTHETIC MUTUAL", "90004", "BL"),
];

/// Place of service; an office is the most frequent.
pub const PLACES: [&str; 6] = ["11", "11", "11", "22", "21", "23"];

/// How many lines a claim has, as often as it stands here.
pub const LINE_COUNTS: [usize; 20] = [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8];

/// ICD-10-CM codes without their point, as an 837 carries them.
pub const DIAGNOSES: [&str; 18] = [
    "E119", "I10", "N186", "Z992", "M5450", "J069", "R079", "E785", "Z0000", "I872", "I8390",
    "M1711", "J45909", "K219", "N184", "I829", "G4733", "D649",
];

/// Procedure codes by number; none of them concerns the vessels of an extremity.
pub const PROCEDURES: [&str; 34] = [
    "99202", "99203", "99204", "99205", "99211", "99212", "99213", "99214", "99215", "99221",
    "99222", "99223", "99231", "99232", "99233", "99283", "99284", "99285", "36415", "80053",
    "85025", "93000", "71046", "97110", "97140", "97530", "90471", "90686", "G0008", "J1100",
    "J3301", "20610", "11042", "81002",
];

/// Modifiers of ordinary lines, some of them two together.
pub const MODIFIERS: [&str; 12] =
    ["25", "26", "TC", "LT", "RT", "50", "76", "GP", "KX", "59", "XU", "RT:59"];

/// A linear congruential sequence (Knuth's MMIX constants), the same on every machine.
pub struct Sequence(u64);

impl Sequence {
    /// The one sequence there is.
    #[must_use]
    pub const fn new() -> Self {
        Self(837)
    }

    /// The next number below `limit`, from the high bits, which are the good ones.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// True for one call in `count`, on the average.
    pub fn once_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    /// One of `items`.
    #[expect(clippy::indexing_slicing, reason = "the remainder of a length is below it")]
    pub fn pick<T: Copy, const N: usize>(&mut self, items: &[T; N]) -> T {
        let drawn = usize::try_from(self.below(1 << 31)).unwrap_or(0);
        items[drawn % N]
    }

    /// A day as `YYYYMMDD`, in `first` or up to `years` years later.
    pub fn date(&mut self, first: u64, years: u64) -> u64 {
        let year = first + self.below(years.max(1));
        (year * 100 + 1 + self.below(12)) * 100 + 1 + self.below(28)
    }
}

/// A National Provider Identifier with a good check digit that is far from those given out: a one and
/// zeros, then `index`.
#[must_use]
pub fn npi(index: u64) -> String {
    let nine = 100_000_000 + index % 100_000;
    // The prefix 80840 adds 24 to the Luhn sum; the check digit's neighbour is the first one doubled.
    let mut sum = 24;
    let mut rest = nine;
    let mut doubled = true;
    while rest > 0 {
        let digit = rest % 10 * if doubled { 2 } else { 1 };
        sum += digit / 10 + digit % 10;
        rest /= 10;
        doubled = !doubled;
    }
    format!("{nine}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Luhn over the prefixed number, written the long way.
    fn check_digit_holds(npi: &str) -> bool {
        let sum: u32 = format!("80840{npi}")
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, byte)| {
                let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
                digit / 10 + digit % 10
            })
            .sum();
        sum.is_multiple_of(10)
    }

    #[test]
    fn every_invented_npi_has_a_good_check_digit() {
        assert!(check_digit_holds("1234567893") && !check_digit_holds("1234567890"));
        for index in 0..3_400 {
            let npi = npi(index);
            assert!(npi.len() == 10 && npi.starts_with("1000") && check_digit_holds(&npi), "{npi}");
        }
    }

    #[test]
    fn a_date_is_one_of_the_calendar() {
        let mut random = Sequence::new();
        for _ in 0..1_000 {
            let date = random.date(2025, 1);
            assert!(date / 10_000 == 2025, "{date}");
            assert!((1..=12).contains(&(date / 100 % 100)) && (1..=28).contains(&(date % 100)));
        }
    }
}
