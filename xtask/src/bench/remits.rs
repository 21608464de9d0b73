//! Remittance advice: an 835 that answers the synthetic claims, held against findings and against claims.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};

use super::{LARGER, generate, measure};

/// One line in so many is denied; the others are paid less than was billed.
const DENIED: u64 = 20;
/// Cents from which on a payment is closed: an amount of the 835 has eight digits before the point.
const PAYMENT: u64 = 5_000_000_000;

/// What one run cost.
struct Cost {
    mb: u64,
    claims: u64,
    against: &'static str,
    run: measure::Run,
}

/// Measures `learn` on files of two sizes and gives the table of it.
pub fn measure(binary: &Path, folder: &Path, mb: u64) -> Result<String> {
    let (claims, remit) = (folder.join("remitted.837"), folder.join("remitted.835"));
    let (findings, learnt) = (folder.join("remitted.ndjson"), folder.join("learnt.json"));
    let mut costs = Vec::new();
    for mb in [mb, mb * LARGER] {
        let made = generate::write(BufWriter::new(File::create(&claims)?), mb * 1_000_000)?;
        answer(&claims, &remit)?;
        measure::validate(binary, &claims, &findings, None)?;
        let bytes = fs::metadata(&remit)?.len();
        for (against, flag, checked) in
            [("findings", "--findings", &findings), ("claims", "--claims", &claims)]
        {
            let arguments = [Path::new("learn"), &remit, Path::new(flag), checked];
            let output = [Path::new("-f"), Path::new("json"), Path::new("-o"), &learnt];
            let run = measure::command(binary, &[arguments, output].concat())?;
            costs.push(Cost { mb: bytes / 1_000_000, claims: made.claims, against, run });
        }
    }
    for file in [&claims, &remit, &findings, &learnt] {
        fs::remove_file(file)?;
    }
    Ok(table(&costs))
}

#[expect(clippy::float_arithmetic, reason = "a figure for people, no verdict")]
fn table(costs: &[Cost]) -> String {
    let mut text = format!(
        "\n{:>8}{:>10}{:>10}{:>10}{:>10}{:>10}{:>10}\n",
        "835", "claims", "against", "seconds", "CPU s", "MB/CPU s", "peak MiB"
    );
    for Cost { mb, claims, against, run } in costs {
        let (wall, cpu) = (run.wall.as_secs_f64(), run.cpu.as_secs_f64());
        let size = f64::from(u32::try_from(*mb).unwrap_or(u32::MAX));
        let peak = run.peak_bytes >> 20;
        let speed = size / cpu;
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{mb:>5} MB{claims:>10}{against:>10}{wall:>10.2}{cpu:>10.2}{speed:>10.0}{peak:>10}"
        );
    }
    text
}

/// Writes the 835 that answers an 837 of the generator: a claim a CLP, one line in twenty denied.
fn answer(claims: &Path, remit: &Path) -> Result<()> {
    let input = BufReader::new(File::open(claims)?);
    let mut answer = Answer {
        out: BufWriter::new(File::create(remit).context("the 835 cannot be written")?),
        claim: None,
        body: String::new(),
        paid: 0,
        total: 0,
        segments: 0,
        sets: 0,
        is_open: false,
        lines: 0,
    };
    for segment in input.split(b'~') {
        let segment = String::from_utf8(segment?)?;
        let elements: Vec<&str> = segment.split('*').collect();
        answer.take(&elements)?;
    }
    answer.finish()
}

/// An 835 that is being written.
struct Answer<W: Write> {
    out: W,
    /// Control number and charge of the claim that is open.
    claim: Option<(String, String)>,
    /// Its lines.
    body: String,
    paid: u64,
    total: u64,
    segments: u64,
    sets: u64,
    /// Whether a payment is open.
    is_open: bool,
    lines: u64,
}

impl<W: Write> Answer<W> {
    fn take(&mut self, elements: &[&str]) -> Result<()> {
        let element = |index: usize| elements.get(index).copied().unwrap_or_default();
        match element(0) {
            "ISA" => write!(
                self.out,
                "ISA*00*          *00*          *ZZ*RECEIVER01     *ZZ*SUBMITTER01    *260401*1200*^*00501*000000001*0*T*:~\
                 GS*HP*RECEIVER01*SUBMITTER01*20260401*1200*1*X*005010X221A1~"
            )?,
            "CLM" => {
                self.close()?;
                self.claim = Some((element(1).to_owned(), element(2).to_owned()));
            }
            "SV1" => {
                self.lines += 1;
                let cents = cents(element(2));
                let is_denied = self.lines.is_multiple_of(DENIED);
                let paid = if is_denied { 0 } else { cents / 2 };
                let reason = if is_denied { "236" } else { "45" };
                self.paid += paid;
                self.segments += 2;
                let (paid, rest) = (money(paid), money(cents - paid));
                // Writing to a string does not fail.
                let _ = write!(
                    self.body,
                    "SVC*{}*{}*{paid}**1~CAS*CO*{reason}*{rest}~",
                    element(1),
                    element(2)
                );
            }
            "DTP" if element(1) == "472" => {
                self.segments += 1;
                let _ = write!(self.body, "DTM*472*{}~", element(3));
            }
            "REF" if element(1) == "6R" => {
                self.segments += 1;
                let _ = write!(self.body, "REF*6R*{}~", element(2));
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes the claim that is open.
    fn close(&mut self) -> Result<()> {
        if let Some((id, charge)) = self.claim.take() {
            if !self.is_open {
                self.is_open = true;
                self.sets += 1;
                write!(self.out, "ST*835*{:04}~LX*1~", self.sets)?;
            }
            let paid = money(self.paid);
            write!(self.out, "CLP*{id}*1*{charge}*{paid}**MB*P{id}*11*1~{}", self.body)?;
            self.total += self.paid;
            self.segments += 1;
        }
        self.paid = 0;
        self.body.clear();
        if self.total >= PAYMENT { self.pay() } else { Ok(()) }
    }

    /// The payment stands behind its claims, which readers take; its amount is known only then.
    fn pay(&mut self) -> Result<()> {
        let (total, segments, set) = (money(self.total), self.segments + 6, self.sets);
        (self.total, self.segments, self.is_open) = (0, 0, false);
        write!(
            self.out,
            "LX*2~BPR*I*{total}*C*ACH************20260401~TRN*1*CHECK{set}*1000000000~\
             SE*{segments}*{set:04}~"
        )?;
        Ok(())
    }

    fn finish(mut self) -> Result<()> {
        self.close()?;
        if self.is_open {
            self.pay()?;
        }
        write!(self.out, "GE*{}*1~IEA*1*000000001~", self.sets)?;
        self.out.flush()?;
        Ok(())
    }
}

fn cents(amount: &str) -> u64 {
    let (whole, part) = amount.split_once('.').unwrap_or((amount, "00"));
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    number(whole) * 100 + number(part)
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_has_every_claim_and_line_and_its_payment_adds_up() {
        let folder = tempfile::tempdir().unwrap();
        let (claims, remit) = (folder.path().join("c.837"), folder.path().join("r.835"));
        let made = generate::write(File::create(&claims).unwrap(), 50_000).unwrap();
        answer(&claims, &remit).unwrap();
        let (sent, text) =
            (fs::read_to_string(&claims).unwrap(), fs::read_to_string(&remit).unwrap());
        assert_eq!(text.matches("~CLP*").count(), usize::try_from(made.claims).unwrap());
        assert_eq!(text.matches("~SVC*").count(), sent.matches("~SV1*").count());
        let sum = |id: &str, index: usize| -> u64 {
            let segments = text.split('~').filter(|one| one.starts_with(id));
            segments.map(|one| cents(one.split('*').nth(index).unwrap())).sum()
        };
        assert_eq!(sum("CLP*", 4), sum("BPR*", 2));
        let count = text.split('~').skip_while(|one| !one.starts_with("ST*")).count() - 3;
        assert!(text.contains(&format!("SE*{count}*")), "{count}");
    }
}
