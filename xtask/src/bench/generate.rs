//! A synthetic 837P file of any size: the same size gives the same bytes on every machine.
//!
//! People, identifiers and amounts are invented, codes are given by number only, and about one claim
//! in a hundred holds a venous duplex with a vessel mapping of the same extremity, so that a run has
//! something to find.

use std::fmt::Arguments;
use std::io::{self, Write};

use super::vocabulary::{
    CITIES, DIAGNOSES, FIRST_NAMES, LAST_NAMES, LINE_COUNTS, MODIFIERS, PAYERS, PLACES, PROCEDURES,
    STREETS, Sequence, npi,
};

/// Claims in one transaction set.
const CLAIMS_IN_A_SET: u64 = 100;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    pub bytes: u64,
    pub claims: u64,
    pub sets: u64,
    /// Claims with a line that cannot be paid beside another.
    pub conflicts: u64,
}

/// Writes whole claims until the file has `bytes` bytes or a little more.
pub fn write(out: impl Write, bytes: u64) -> io::Result<Made> {
    let mut file = File { out, random: Sequence::new(), made: Made::default(), segments: 0 };
    file.interchange(bytes)?;
    file.out.flush()?;
    Ok(file.made)
}

struct File<W> {
    out: W,
    random: Sequence,
    made: Made,
    /// Segments of the open transaction set, for its trailer.
    segments: u64,
}

/// A service line before it is written.
struct Line {
    /// Procedure code and modifiers, as SV101 wants them.
    procedure: String,
    cents: u64,
    units: u64,
    date: u64,
}

impl<W: Write> File<W> {
    fn segment(&mut self, segment: Arguments<'_>) -> io::Result<()> {
        let text = segment.to_string();
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"~")?;
        self.made.bytes += u64::try_from(text.len()).unwrap_or(u64::MAX) + 1;
        self.segments += 1;
        Ok(())
    }

    fn interchange(&mut self, bytes: u64) -> io::Result<()> {
        self.segment(format_args!(
            "ISA*00*          *00*          *ZZ*SUBMITTER01    *ZZ*RECEIVER01     \
             *260301*1200*^*00501*000000001*0*T*:"
        ))?;
        self.segment(format_args!("GS*HC*SUBMITTER01*RECEIVER01*20260301*1200*1*X*005010X222A1"))?;
        while self.made.bytes < bytes || self.made.sets == 0 {
            self.transaction_set(bytes)?;
        }
        let sets = self.made.sets;
        self.segment(format_args!("GE*{sets}*1"))?;
        self.segment(format_args!("IEA*1*000000001"))
    }

    fn transaction_set(&mut self, bytes: u64) -> io::Result<()> {
        self.made.sets += 1;
        self.segments = 0;
        let set = self.made.sets;
        let (city, state, zip) = self.random.pick(&CITIES);
        self.segment(format_args!("ST*837*{set:06}*005010X222A1"))?;
        self.segment(format_args!("BHT*0019*00*B{set:08}*20260301*1200*CH"))?;
        self.segment(format_args!("NM1*41*2*SYNTHETIC BILLING SERVICE*****46*SUB00001"))?;
        self.segment(format_args!("PER*IC*EDI DESK*TE*5555550100"))?;
        self.segment(format_args!("NM1*40*2*SYNTHETIC CLEARINGHOUSE*****46*REC00001"))?;
        self.segment(format_args!("HL*1**20*1"))?;
        self.segment(format_args!("PRV*BI*PXC*207R00000X"))?;
        let biller = npi(set % 400);
        self.segment(format_args!(
            "NM1*85*2*INVENTED MEDICAL GROUP {}*****XX*{biller}",
            set % 400
        ))?;
        let street = self.random.pick(&STREETS);
        self.segment(format_args!("N3*{} {street}", 1 + set % 900))?;
        self.segment(format_args!("N4*{city}*{state}*{zip}"))?;
        self.segment(format_args!("REF*EI*{:09}", set % 400))?;
        let mut level = 1;
        for _ in 0..CLAIMS_IN_A_SET {
            self.subscriber(&mut level)?;
            self.claim()?;
            if self.made.bytes >= bytes {
                break;
            }
        }
        self.segment(format_args!("SE*{}*{set:06}", self.segments + 1))
    }

    /// Subscriber, payer, and for one claim in seven a patient who is someone else.
    fn subscriber(&mut self, level: &mut u64) -> io::Result<()> {
        let (payer, payer_id, filing) = self.random.pick(&PAYERS);
        let last = self.random.pick(&LAST_NAMES);
        let is_patient = !self.random.once_in(7);
        let member = self.random.below(1_000_000_000);
        *level += 1;
        let parent = *level;
        let (children, relation) = if is_patient { (0, "18") } else { (1, "") };
        self.segment(format_args!("HL*{parent}*1*22*{children}"))?;
        self.segment(format_args!("SBR*P*{relation}*GRP{:05}******{filing}", member % 90_000))?;
        let first = self.random.pick(&FIRST_NAMES);
        self.segment(format_args!("NM1*IL*1*{last}*{first}****MI*MBR{member:09}"))?;
        self.person(1935)?;
        self.segment(format_args!("NM1*PR*2*{payer}*****PI*{payer_id}"))?;
        if !is_patient {
            *level += 1;
            self.segment(format_args!("HL*{level}*{parent}*23*0"))?;
            self.segment(format_args!("PAT*19"))?;
            let first = self.random.pick(&FIRST_NAMES);
            self.segment(format_args!("NM1*QC*1*{last}*{first}"))?;
            self.person(1990)?;
        }
        Ok(())
    }

    /// Address, birth date and sex of someone born in `first` or up to thirty years later.
    fn person(&mut self, first: u64) -> io::Result<()> {
        let random = &mut self.random;
        let (house, street) = (1 + random.below(9_000), random.pick(&STREETS));
        let (city, state, zip) = random.pick(&CITIES);
        let birth = random.date(first, 30);
        let sex = random.pick(&["F", "M"]);
        self.segment(format_args!("N3*{house} {street}"))?;
        self.segment(format_args!("N4*{city}*{state}*{zip}"))?;
        self.segment(format_args!("DMG*D8*{birth}*{sex}"))
    }

    fn claim(&mut self) -> io::Result<()> {
        self.made.claims += 1;
        let claim = self.made.claims;
        let lines = self.lines();
        let total = lines.iter().map(|line| line.cents).sum();
        let place = self.random.pick(&PLACES);
        self.segment(format_args!("CLM*CLM{claim:09}*{}***{place}:B:1*Y*A*Y*Y", money(total)))?;
        self.segment(format_args!("REF*D9*{claim:012}"))?;
        let diagnoses = self.random.pick(&[1_u64, 2, 3, 4, 5]);
        let first = self.random.pick(&DIAGNOSES);
        let onwards = DIAGNOSES.iter().cycle().skip_while(|code| **code != first);
        let mut codes = String::from("HI");
        for (code, number) in onwards.zip(1..=diagnoses) {
            codes.push_str(if number == 1 { "*ABK:" } else { "*ABF:" });
            codes.push_str(code);
        }
        self.segment(format_args!("{codes}"))?;
        let rendering = npi(400 + self.random.below(3_000));
        let (last, first) = (self.random.pick(&LAST_NAMES), self.random.pick(&FIRST_NAMES));
        self.segment(format_args!("NM1*82*1*{last}*{first}****XX*{rendering}"))?;
        self.segment(format_args!("PRV*PE*PXC*2085R0202X"))?;
        for (line, number) in lines.iter().zip(1_u64..) {
            let pointer = 1 + self.random.below(diagnoses);
            self.segment(format_args!("LX*{number}"))?;
            self.segment(format_args!(
                "SV1*HC:{}*{}*UN*{}***{pointer}",
                line.procedure,
                money(line.cents),
                line.units
            ))?;
            self.segment(format_args!("DTP*472*D8*{}", line.date))?;
            self.segment(format_args!("REF*6R*{claim}.{number}"))?;
        }
        Ok(())
    }

    /// One to eight lines, most claims with few.
    fn lines(&mut self) -> Vec<Line> {
        let date = self.random.date(2025, 1);
        let mut lines = Vec::new();
        if self.random.once_in(100) {
            self.made.conflicts += 1;
            let mapping = self.random.pick(&["93985", "93986"]);
            let (duplex, side) = self.random.pick(&[("", ""), (":RT", ":RT"), ("", ":LT")]);
            lines.push(self.line(format!("93970{duplex}"), date));
            lines.push(self.line(format!("{mapping}{side}"), date));
        }
        let count = self.random.pick(&LINE_COUNTS).max(lines.len());
        while lines.len() < count {
            let mut procedure = self.random.pick(&PROCEDURES).to_owned();
            if self.random.once_in(4) {
                procedure.push(':');
                procedure.push_str(self.random.pick(&MODIFIERS));
            }
            let mut line = self.line(procedure, date);
            if self.random.once_in(5) {
                line.units = 2 + self.random.below(3);
            }
            lines.push(line);
        }
        lines
    }

    fn line(&mut self, procedure: String, date: u64) -> Line {
        Line { procedure, cents: 1_500 + self.random.below(90_000), units: 1, date }
    }
}

/// An amount as X12 writes it: no decimals where there are none.
fn money(cents: u64) -> String {
    match cents % 100 {
        0 => (cents / 100).to_string(),
        rest => format!("{}.{rest:02}", cents / 100),
    }
}

#[cfg(test)]
mod tests;
