//! Pairs in the layout of CMS: rows in order of both codes, over several files for Medicare.
//!
//! Codes are numbers in order, rationales are invented. As in a release, one pair in eight has several
//! windows, which do not meet; some rows are tombstones, also beside a row that begins on the same day;
//! and some pairs stand in both orders.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::bench::vocabulary::Sequence;

/// Rows of each column-one code.
const ROWS_OF_A_CODE: u64 = 500;

const RATIONALES: [&str; 4] = [
    "Invented reason one, about as long as real ones",
    "Invented reason two",
    "Invented reason three, for pairs of two services",
    "Invented reason four of the manual that nobody wrote",
];

const HEAD: &str = "Notice of the one who has the rights.  All rights reserved.\t\t\t\t\t\t\r\n\
    Column1/Column2 Edits\t\t\t\t\t\t\r\n\
    Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n\
    \t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\
    \t\t\t\t*=no data\t1=allowed\t\r\n\
    \t\t\t\t\t9=not applicable\t\r\n";

/// A set of pairs to make.
pub struct Pairs {
    /// Column-one codes.
    pub codes: u64,
    /// Files, of which each has as many codes; their names with `{part}` for the number.
    pub parts: u64,
    pub name: &'static str,
    /// Six columns, without the mark of pairs older than 1996.
    pub is_medicaid: bool,
}

impl Pairs {
    /// Rows of all files.
    pub const fn rows(&self) -> u64 {
        self.codes * ROWS_OF_A_CODE
    }

    /// Writes the files.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::create_dir_all(folder)?;
        let mut files = Vec::new();
        for part in 1..=self.parts {
            let path = folder.join(self.name.replace("{part}", &part.to_string()));
            self.write_part(BufWriter::new(File::create(&path)?), part)?;
            files.push(path);
        }
        Ok(files)
    }

    fn write_part(&self, mut out: impl Write, part: u64) -> io::Result<()> {
        let mut random = Sequence::new();
        out.write_all(HEAD.as_bytes())?;
        let of_part = self.codes / self.parts;
        for one in (part - 1) * of_part..part * of_part {
            let mut code =
                CodeRows { out: &mut out, one: super::code(one * 2), left: ROWS_OF_A_CODE };
            let mut two = random.below(2_000);
            while code.left > 0 {
                two += 1 + random.below(15);
                // No code is paired with itself.
                two += u64::from(two == one * 2);
                code.pair(&mut random, &super::code(two), self.is_medicaid)?;
            }
        }
        out.flush()
    }
}

/// The rows of one column-one code.
struct CodeRows<W> {
    out: W,
    one: String,
    left: u64,
}

impl<W: Write> CodeRows<W> {
    /// The windows of one pair, the older first.
    fn pair(&mut self, random: &mut Sequence, two: &str, is_medicaid: bool) -> io::Result<()> {
        let windows = if random.once_in(8) { 2 + random.below(2) } else { 1 };
        for window in 0..windows {
            let first_year = 1996 + window * 10;
            let from = first_day(random, first_year);
            let through = match random.below(20) {
                _ if window + 1 < windows => last_day(random, first_year + 8),
                0 => from.clone(),
                1..=6 => last_day(random, first_year + 8),
                _ => "*".to_owned(),
            };
            let indicator = random.pick(&["0", "1", "1"]);
            // Gone on the day on which it came; the row that holds may begin on that day too.
            if random.once_in(25) {
                let day = match random.once_in(2) {
                    true => from.clone(),
                    false => first_day(random, first_year),
                };
                self.row(random, two, is_medicaid, [&day, &day, "9"])?;
            }
            self.row(random, two, is_medicaid, [&from, &through, indicator])?;
        }
        Ok(())
    }

    fn row(
        &mut self,
        random: &mut Sequence,
        two: &str,
        is_medicaid: bool,
        [from, through, indicator]: [&str; 3],
    ) -> io::Result<()> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(()) };
        self.left = left;
        let one = &self.one;
        let age = match (is_medicaid, random.once_in(50)) {
            (true, _) => "",
            (false, true) => "*\t",
            (false, false) => "\t",
        };
        let reason = random.pick(&RATIONALES);
        write!(self.out, "{one}\t{two}\t{age}{from}\t{through}\t{indicator}\t{reason}\r\n")
    }
}

/// The first day of a quarter within seven years, as CMS has most of them; some are of another day.
fn first_day(random: &mut Sequence, first_year: u64) -> String {
    if random.once_in(200) {
        return random.date(first_year, 7).to_string();
    }
    let day = random.pick(&["0101", "0101", "0401", "0701", "1001"]);
    format!("{}{day}", first_year + random.below(7))
}

/// The last day of a quarter within two years.
fn last_day(random: &mut Sequence, first_year: u64) -> String {
    let day = random.pick(&["1231", "1231", "0331", "0630", "0930"]);
    format!("{}{day}", first_year + random.below(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_its_rows_in_order_and_no_two_windows_of_a_pair_meet() {
        let pairs = Pairs { codes: 8, parts: 2, name: "f{part}", is_medicaid: false };
        let mut out = Vec::new();
        pairs.write_part(&mut out, 2).unwrap();
        let text = String::from_utf8(out).unwrap();
        let rows: Vec<Vec<&str>> =
            text.lines().skip(6).map(|line| line.split('\t').collect()).collect();
        assert_eq!(rows.len(), 2_000);
        assert!(rows.iter().all(|row| row.len() == 7));
        assert!(rows.is_sorted_by_key(|row| (row[0], row[1])));
        let live: Vec<_> = rows.iter().filter(|row| row[5] != "9").collect();
        assert!(live.len() < rows.len());
        let mut windows = 0;
        for pair in live.windows(2) {
            if pair[0][..2] == pair[1][..2] {
                windows += 1;
                assert!(pair[0][4] < pair[1][3], "{pair:?}");
            }
        }
        assert!(windows > 100, "{windows}");
    }
}
