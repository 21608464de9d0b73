//! What the name of a file tells: for whom, of which release and part, from which day.

use super::day::{Day, Quarter};
use super::kind::Setting;

/// What names tell. Of several names (a zip and its entry) each fact may stand in any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    pub(crate) setting: Option<Setting>,
    pub(crate) is_medicaid: Option<bool>,
    pub(crate) quarter: Option<Quarter>,
    /// As CMS writes it: `v322r0`.
    pub(crate) release: Option<String>,
    /// From 1.
    pub(crate) part: Option<u8>,
    pub(crate) effective: Option<Day>,
    pub(crate) year: Option<u16>,
    /// A package that replaces the year's first in April.
    pub(crate) is_april: bool,
    /// Number of a coverage policy: `L35751`.
    pub(crate) policy: Option<String>,
}

/// Two facts that do not go together, in words.
pub(crate) type Conflict = (String, String);

/// Reads all names.
pub(crate) fn hints(names: &[&str]) -> Result<Hints, Conflict> {
    let mut hints = Hints::default();
    for name in names {
        let lower = name.to_ascii_lowercase();
        let tokens: Vec<&str> =
            lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|t| !t.is_empty()).collect();
        for at in 0..tokens.len() {
            let mut window = tokens.iter().skip(at).copied();
            let mut next = || window.next().unwrap_or_default();
            let four = [next(), next(), next(), next()];
            hints.take(name, four)?;
        }
    }
    Ok(hints)
}

impl Hints {
    fn take(
        &mut self,
        name: &str,
        [token, second, third, fourth]: [&str; 4],
    ) -> Result<(), Conflict> {
        let setting = if token.starts_with("practitioner") || token == "ccipra" {
            Some(Setting::Practitioner)
        } else if token.contains("hospital") || token.starts_with("outpatient") || token == "ccioph"
        {
            Some(Setting::Hospital)
        } else if token.starts_with("dme") || token == "durable" {
            Some(Setting::Dme)
        } else {
            None
        };
        agree(&mut self.setting, setting, |setting| format!("`{name}` says {setting}"))?;
        let is_medicaid = match token {
            "medicaid" | "mcd" => Some(true),
            "medicare" | "mcr" | "ccipra" | "ccioph" => Some(false),
            _ => None,
        };
        agree(&mut self.is_medicaid, is_medicaid, |is_medicaid| {
            format!("`{name}` says {}", if *is_medicaid { "Medicaid" } else { "Medicare" })
        })?;
        if let Some(quarter) = release(token) {
            agree(&mut self.release, Some(token.to_owned()), |release| {
                format!("`{name}` says release {release}")
            })?;
            agree(&mut self.quarter, Some(quarter), |quarter| of_quarter(name, *quarter))?;
            agree(&mut self.part, part_number(second), |part| {
                format!("`{name}` says part f{part}")
            })?;
        }
        let effective = (token == "eff" || token == "effective")
            .then(|| Day::of(year_number(fourth)?, small(second)?, small(third)?))
            .flatten();
        agree(&mut self.effective, effective, |day| format!("`{name}` says {}", day.as_str()))?;
        let quarter = quarter(token, second).or_else(|| {
            effective.and_then(|_| Quarter::of_month(year_number(fourth)?, small(second)?))
        });
        agree(&mut self.quarter, quarter, |quarter| of_quarter(name, *quarter))?;
        if self.year.is_none() && token.len() == 4 {
            self.year = token.parse().ok().filter(|year| (2015..=2099).contains(year));
        }
        self.is_april |= matches!(token, "april" | "apr");
        let is_policy = token.len() >= 6
            && token.starts_with(['l', 'a'])
            && token.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        if is_policy && self.policy.is_none() {
            self.policy = Some(token.to_ascii_uppercase());
        }
        Ok(())
    }
}

fn of_quarter(name: &str, quarter: Quarter) -> String {
    format!("`{name}` says {}", quarter.edition())
}

fn agree<T: PartialEq>(
    known: &mut Option<T>,
    new: Option<T>,
    words: impl Fn(&T) -> String,
) -> Result<(), Conflict> {
    match (known.as_ref(), new) {
        (Some(known), Some(new)) if *known != new => Err((words(&new), {
            // The words name the file; the other fact may come from another name of the same file.
            let before = words(known);
            format!("the name also says{}", before.split_once(" says").map_or("", |(_, rest)| rest))
        })),
        (None, Some(new)) => {
            *known = Some(new);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// `v322r0`: year 32 since 1994, the third quarter (from 0), revision 0.
fn release(token: &str) -> Option<Quarter> {
    let (version, revision) = token.strip_prefix('v')?.split_once('r')?;
    let (year, quarter) = version.split_at_checked(2)?;
    let fits = version.len() == 3
        && !revision.is_empty()
        && revision.bytes().all(|byte| byte.is_ascii_digit());
    let year = year.parse::<u16>().ok()?.checked_add(1994)?;
    fits.then(|| Quarter::new(year, small(quarter)?.checked_add(1)?)).flatten()
}

fn part_number(token: &str) -> Option<u8> {
    small(token.strip_prefix('f')?).filter(|part| (1..=9).contains(part))
}

/// The quarter that one or two words of a name tell.
fn quarter(token: &str, second: &str) -> Option<Quarter> {
    // `2026q3`, `v2026q2`
    if let Some(quarter) = Quarter::parse(token.strip_prefix('v').unwrap_or(token)) {
        return Some(quarter);
    }
    // `2026-q3`, `q3-2026`
    let number = |text: &str| small(text.strip_prefix('q')?);
    if let (Some(year), Some(quarter)) = (year_number(token), number(second)) {
        return Quarter::new(year, quarter);
    }
    if let (Some(quarter), Some(year)) = (number(token), year_number(second)) {
        return Quarter::new(year, quarter);
    }
    // `pprrvu2026_jul`, `pprrvu25_jan1`, `hcpc2026_jul`
    if let Some(year) = token.strip_prefix("pprrvu").or_else(|| token.strip_prefix("hcpc")) {
        return Quarter::of_month(full_year(year)?, month(second)?);
    }
    // `rvu26c`
    let (year, letter) = token.strip_prefix("rvu")?.split_at_checked(2)?;
    let number = ["a", "b", "c", "d"].iter().zip(1..).find(|(known, _)| **known == letter)?.1;
    Quarter::new(full_year(year)?, number)
}

fn full_year(text: &str) -> Option<u16> {
    match text.len() {
        2 => text.parse::<u16>().ok().map(|year| year + 2000),
        4 => text.parse().ok(),
        _ => None,
    }
}

fn month(token: &str) -> Option<u8> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    MONTHS.iter().zip(1..).find(|(name, _)| token.starts_with(**name)).map(|(_, number)| number)
}

/// A year of four digits.
fn year_number(text: &str) -> Option<u16> {
    (text.len() == 4).then(|| text.parse().ok()).flatten()
}

fn small(text: &str) -> Option<u8> {
    (text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Hints {
        hints(names).unwrap()
    }

    fn quarter_of(name: &str) -> Option<String> {
        of(&[name]).quarter.map(Quarter::edition)
    }

    #[test]
    fn the_names_that_cms_gives_tell_setting_release_part_and_day() {
        let ptp = of(&[
            "medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f2.zip",
            "ccipra-v322r0-f2.TXT",
        ]);
        assert_eq!(ptp.setting, Some(Setting::Practitioner));
        assert_eq!((ptp.release.as_deref(), ptp.part), (Some("v322r0"), Some(2)));
        assert_eq!(ptp.quarter.map(Quarter::edition).as_deref(), Some("2026q3"));
        let mue = of(&["MCR_MUE_OutpatientHospitalServices_Eff_07-01-2026.csv"]);
        assert_eq!(mue.setting, Some(Setting::Hospital));
        assert_eq!(mue.effective.unwrap().as_str(), "2026-07-01");
        let medicaid =
            of(&["medicaid-ncci-q2-2026-ptp-edits-durable-medical-equipment-services.zip"]);
        assert_eq!((medicaid.setting, medicaid.is_medicaid), (Some(Setting::Dme), Some(true)));
        assert_eq!(of(&["lcd_L35751_dx.json"]).policy.as_deref(), Some("L35751"));
        for (name, quarter) in [
            ("medicare-ncci-2026-q3-practitioner-services-mue-table.zip", "2026q3"),
            ("medicaid-ncci-q2-2026-ptp-edits-practitioner-services.zip", "2026q2"),
            ("AOC_V2025Q4_01-MCR.txt", "2025q4"),
            ("PPRRVU2026_Jul_nonQPP.csv", "2026q3"),
            ("PPRRVU25_JAN1.csv", "2025q1"),
            ("rvu26c-updated-06-30-2026.zip", "2026q3"),
            ("HCPC2026_OCT_ANWEB_12292025.txt", "2026q4"),
            ("ccioph-v313r0-f1.txt", "2025q4"),
            ("practitionerservicesmuetable-effective-04-01-2026.zip", "2026q2"),
        ] {
            assert_eq!(quarter_of(name).as_deref(), Some(quarter), "{name}");
        }
        assert_eq!(quarter_of("table.csv"), None);
    }

    #[test]
    fn names_that_contradict_each_other_are_not_guessed_at() {
        let (said, found) =
            hints(&["medicare-ncci-2026q3-practitioner.zip", "ccipra-v321r0-f1.txt"]).unwrap_err();
        assert_eq!(said, "`ccipra-v321r0-f1.txt` says 2026q2");
        assert_eq!(found, "the name also says 2026q3");
        assert!(hints(&["practitioner.zip", "ccioph-v321r0-f1.txt"]).is_err());
    }
}
