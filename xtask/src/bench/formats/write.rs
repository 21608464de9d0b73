//! The same claims as 837P, 837I, claim JSON, FHIR and CSV.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::workload::{Job, Workload, count};

/// A file that was written.
pub struct Written {
    pub format: &'static str,
    pub path: PathBuf,
    pub claims: u64,
    pub lines: u64,
}

/// Writes every text format; the 837P first.
pub fn all(workload: &Workload, folder: &Path) -> io::Result<Vec<Written>> {
    let mut all = Vec::new();
    let mut add = |format, name: &str, write: &dyn Fn(&mut dyn Write) -> io::Result<u64>| {
        let path = folder.join(name);
        let mut out = BufWriter::new(File::create(&path)?);
        let claims = write(&mut out)?;
        out.flush()?;
        let written = workload.jobs().iter().take(usize::try_from(claims).unwrap_or(usize::MAX));
        let lines = written.map(|job| count(job.lines.len())).sum();
        all.push(Written { format, path, claims, lines });
        io::Result::Ok(())
    };
    add("837P", "claims.837p", &|out| x12(workload, out, &PROFESSIONAL))?;
    add("837I", "claims.837i", &|out| x12(workload, out, &INSTITUTIONAL))?;
    add("claim JSON", "claims.json", &|out| list(workload, out, "[", ",\n", "]"))?;
    add("NDJSON", "claims.ndjson", &|out| list(workload, out, "", "\n", "\n"))?;
    add("FHIR NDJSON", "claims.fhir.ndjson", &|out| fhir_lines(workload, out))?;
    add("FHIR Bundle", "bundle.json", &|out| bundle(workload, out))?;
    add("CSV", "lines.csv", &|out| csv(workload, out))?;
    Ok(all)
}

struct Guide {
    version: &'static str,
    claim: fn(&Job) -> String,
    line: fn(&Job, usize) -> String,
}

const PROFESSIONAL: Guide = Guide {
    version: "005010X222A1",
    claim: |job| {
        let (id, place, rendering) = (&job.id, job.place, &job.rendering);
        let charge = amount(job.cents());
        let (codes, _) = diagnoses(job);
        format!("CLM*{id}*{charge}***{place}:B:1*Y*A*Y*Y~{codes}NM1*82*1*REN*B****XX*{rendering}~")
    },
    line: |job, at| {
        job.lines.get(at).map_or_else(String::new, |line| {
            let modifier = line.modifier.map_or_else(String::new, |code| format!(":{code}"));
            let (code, charge, units) = (line.procedure, amount(line.cents), line.units);
            format!("SV1*HC:{code}{modifier}*{charge}*UN*{units}***1~DTP*472*D8*{}~", line.date)
        })
    },
};

const INSTITUTIONAL: Guide = Guide {
    version: "005010X223A2",
    claim: |job| {
        let (id, charge, rendering) = (&job.id, amount(job.cents()), &job.rendering);
        let date = job.lines.first().map_or(0, |line| line.date);
        let (_, codes) = diagnoses(job);
        format!(
            "CLM*{id}*{charge}***13:A:1**A*Y*Y~DTP*434*RD8*{date}-{date}~CL1*1*1*01~{codes}\
             NM1*71*1*ATT*B****XX*{rendering}~"
        )
    },
    line: |job, at| {
        job.lines.get(at).map_or_else(String::new, |line| {
            let modifier = line.modifier.map_or_else(String::new, |code| format!(":{code}"));
            let (code, charge, units) = (line.procedure, amount(line.cents), line.units);
            format!("SV2*0920*HC:{code}{modifier}*{charge}*UN*{units}~DTP*472*D8*{}~", line.date)
        })
    },
};

/// Diagnoses as an 837P and as an 837I has them.
fn diagnoses(job: &Job) -> (String, String) {
    let (mut one, mut apart) = (String::from("HI"), String::new());
    for (at, code) in job.diagnoses.iter().enumerate() {
        let list = if at == 0 { "ABK" } else { "ABF" };
        one.push_str(&format!("*{list}:{code}"));
        apart.push_str(&match at {
            0 => format!("HI*ABK:{code}"),
            1 => format!("~HI*ABF:{code}"),
            _ => format!("*ABF:{code}"),
        });
    }
    (one + "~", apart + "~")
}

fn x12(workload: &Workload, out: &mut dyn Write, guide: &Guide) -> io::Result<u64> {
    let version = guide.version;
    write!(
        out,
        "ISA*00*          *00*          *ZZ*SUBMITTER01    *ZZ*RECEIVER01     *260301*1200*^*00501*000000001*0*T*:~\
         GS*HC*SUBMITTER01*RECEIVER01*20260301*1200*1*X*{version}~"
    )?;
    let mut sets = 0_u64;
    for jobs in workload.jobs().chunks(100) {
        sets += 1;
        let mut text = format!(
            "ST*837*{sets:06}*{version}~BHT*0019*00*B{sets:08}*20260301*1200*CH~\
             NM1*41*2*SYNTHETIC BILLING SERVICE*****46*SUB00001~PER*IC*EDI DESK*TE*5555550100~\
             NM1*40*2*SYNTHETIC CLEARINGHOUSE*****46*REC00001~"
        );
        let mut level = 0;
        for job in jobs {
            let Job { billing, payer, filing, member, birth, sex, .. } = job;
            let (biller, subscriber) = (level + 1, level + 2);
            level += 2;
            text.push_str(&format!(
                "HL*{biller}**20*1~NM1*85*2*INVENTED MEDICAL GROUP*****XX*{billing}~N3*1 SAMPLE ST~\
                 N4*AUSTIN*TX*787010001~REF*EI*741234567~HL*{subscriber}*{biller}*22*0~\
                 SBR*P*18*******{filing}~NM1*IL*1*LARKSPINE*IVO****MI*{member}~N3*2 SAMPLE ST~\
                 N4*AUSTIN*TX*787010001~DMG*D8*{birth}*{sex}~NM1*PR*2*INVENTED PAYER*****PI*{payer}~"
            ));
            text.push_str(&(guide.claim)(job));
            for at in 0..job.lines.len() {
                text.push_str(&format!("LX*{}~{}", at + 1, (guide.line)(job, at)));
            }
        }
        let segments = text.matches('~').count() + 1;
        write!(out, "{text}SE*{segments}*{sets:06}~")?;
    }
    write!(out, "GE*{sets}*1~IEA*1*000000001~")?;
    Ok(workload.claims())
}

fn list(
    workload: &Workload,
    out: &mut dyn Write,
    start: &str,
    between: &str,
    end: &str,
) -> io::Result<u64> {
    out.write_all(start.as_bytes())?;
    for (at, job) in workload.jobs().iter().enumerate() {
        if at > 0 {
            out.write_all(between.as_bytes())?;
        }
        serde_json::to_writer(&mut *out, &claim(job))?;
    }
    out.write_all(end.as_bytes())?;
    Ok(workload.claims())
}

fn claim(job: &Job) -> Value {
    let line = |line: &super::workload::Line| {
        json!({
            "procedure": line.procedure, "modifiers": line.modifier.iter().collect::<Vec<_>>(),
            "units": line.units, "charge": amount(line.cents), "from": day(line.date),
            "diagnosis_pointers": [1],
        })
    };
    json!({
        "schema": 1, "claim_id": job.id, "payer": job.payer, "filing_indicator": job.filing,
        "patient": {"id": job.member, "birth_date": day(job.birth), "sex": job.sex},
        "billing_provider": {"npi": job.billing}, "rendering_provider": {"npi": job.rendering},
        "place_of_service": job.place, "diagnoses": job.diagnoses, "charge": amount(job.cents()),
        "lines": job.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

fn fhir_lines(workload: &Workload, out: &mut dyn Write) -> io::Result<u64> {
    for job in workload.jobs() {
        serde_json::to_writer(&mut *out, &fhir(job))?;
        out.write_all(b"\n")?;
    }
    Ok(workload.claims())
}

fn bundle(workload: &Workload, out: &mut dyn Write) -> io::Result<u64> {
    out.write_all(br#"{"resourceType":"Bundle","type":"collection","entry":["#)?;
    for (at, job) in workload.jobs().iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut *out, &json!({"resource": fhir(job)}))?;
    }
    out.write_all(b"]}")?;
    Ok(workload.claims())
}

fn fhir(job: &Job) -> Value {
    const NPI: &str = "http://hl7.org/fhir/sid/us-npi";
    let npi = |value: &str| json!({"identifier": {"system": NPI, "value": value}});
    let money = |cents: u64| json!({"value": serde_json::from_str::<Value>(&amount(cents)).ok(), "currency": "USD"});
    let diagnosis = |(at, code): (usize, &&str)| {
        let coding = json!({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code});
        json!({"sequence": at + 1, "diagnosisCodeableConcept": {"coding": [coding]}})
    };
    let item = |(at, line): (usize, &super::workload::Line)| {
        let code = |code: &str| json!({"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": code}]});
        json!({
            "sequence": at + 1, "productOrService": code(line.procedure),
            "modifier": line.modifier.iter().map(|modifier| code(modifier)).collect::<Vec<_>>(),
            "servicedDate": day(line.date), "quantity": {"value": line.units}, "net": money(line.cents),
            "locationCodeableConcept": {"coding": [{"code": job.place}]}, "diagnosisSequence": [1],
        })
    };
    json!({
        "resourceType": "Claim", "status": "active", "use": "claim", "identifier": [{"value": job.id}],
        "type": {"coding": [{"code": "professional"}]}, "created": "2026-03-01",
        "patient": {"reference": "#p"},
        "contained": [
            {"resourceType": "Patient", "id": "p", "birthDate": day(job.birth),
             "gender": if job.sex == "F" { "female" } else { "male" }},
            {"resourceType": "Coverage", "id": "c", "subscriberId": job.member}],
        "insurer": {"identifier": {"value": job.payer}},
        "insurance": [{"focal": true, "coverage": {"reference": "#c"}}], "provider": npi(&job.billing),
        "careTeam": [{"sequence": 1, "provider": npi(&job.rendering), "role": {"coding": [{"code": "primary"}]}}],
        "diagnosis": job.diagnoses.iter().enumerate().map(diagnosis).collect::<Vec<_>>(),
        "item": job.lines.iter().enumerate().map(item).collect::<Vec<_>>(), "total": money(job.cents()),
    })
}

fn csv(workload: &Workload, out: &mut dyn Write) -> io::Result<u64> {
    out.write_all(
        b"claim_id,claim_line_number,claim_type,person_id,claim_start_date,claim_line_start_date,\
          claim_line_end_date,place_of_service_code,service_unit_quantity,hcpcs_code,hcpcs_modifier_1,\
          rendering_npi,billing_npi,paid_amount,charge_amount,diagnosis_code_type,diagnosis_code_1,\
          diagnosis_code_2,diagnosis_code_3,diagnosis_code_4,data_source\n",
    )?;
    for job in workload.jobs() {
        let dx = |at: usize| job.diagnoses.get(at).copied().unwrap_or_default();
        for (line, number) in job.lines.iter().zip(1..) {
            let (date, charge) = (day(line.date), amount(line.cents));
            writeln!(
                out,
                "{},{number},professional,{},{date},{date},{date},{},{},{},{},{},{},{charge},{charge},icd-10-cm,{},{},{},{},{}",
                job.id,
                job.member,
                job.place,
                line.units,
                line.procedure,
                line.modifier.unwrap_or_default(),
                job.rendering,
                job.billing,
                dx(0),
                dx(1),
                dx(2),
                dx(3),
                job.payer,
            )?;
        }
    }
    Ok(workload.claims())
}

fn amount(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn day(date: u64) -> String {
    format!("{:04}-{:02}-{:02}", date / 10_000, date / 100 % 100, date % 100)
}
