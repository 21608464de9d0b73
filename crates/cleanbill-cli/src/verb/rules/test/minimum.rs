//! `--min rules=100,clauses=80`: shares that the tests must reach.

use std::str::FromStr;

use cleanbill_rules::{Coverage, Share};

const NAMES: [&str; 4] = ["rules", "fired", "near-miss", "clauses"];

/// A share and the percentage that it must reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minimum {
    name: &'static str,
    percent: usize,
}

impl FromStr for Minimum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, percent) = text.split_once('=').unwrap_or((text, ""));
        let name = NAMES.into_iter().find(|known| *known == name);
        let name = name.ok_or_else(|| format!("a share is one of {}", NAMES.join(", ")))?;
        let percent = percent.parse().ok().filter(|percent| *percent <= 100);
        let percent = percent.ok_or("write a percentage behind it, such as rules=100")?;
        Ok(Self { name, percent })
    }
}

impl Minimum {
    /// What is said when the share is not reached.
    pub fn missed(&self, coverage: &Coverage) -> Option<String> {
        let share = self.share(coverage);
        (!share.reaches(self.percent)).then(|| {
            let Share { part, whole } = share;
            format!("{}: {part} of {whole} is less than {}%", self.name, self.percent)
        })
    }

    fn share(&self, coverage: &Coverage) -> Share {
        match self.name {
            "fired" => coverage.fired(),
            "near-miss" => coverage.near_misses(),
            "clauses" => coverage.clauses(),
            _ => coverage.proven(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_known_name_and_a_percentage() {
        assert_eq!("clauses=80".parse(), Ok(Minimum { name: "clauses", percent: 80 }));
        for wrong in ["clauses", "clauses=101", "clauses=-1", "lines=80", "=80"] {
            assert!(wrong.parse::<Minimum>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_of_nothing_reaches_no_share() {
        let min: Minimum = "rules=0".parse().unwrap();
        assert!(min.missed(&Coverage::default()).is_some());
    }
}
