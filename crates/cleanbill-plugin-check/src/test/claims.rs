//! Claims at the edges of what the ABI carries. A plugin may have nothing to say about them; it may not
//! fail.

use cleanbill_plugin_abi::field::{ALL, FieldSet};

use crate::bench::{Bench, show};
use crate::claim::{KitClaim, KitLine};
use crate::outcome::{Verdict, expect};
use crate::show::Layout;

/// K1: a claim with nothing in it, and claims without lines.
pub(crate) fn nothing(bench: &Bench<'_>) -> Verdict {
    let without_lines =
        bench.claims(5).into_iter().map(|claim| KitClaim { lines: Vec::new(), ..claim });
    survives(bench, [KitClaim::default()].into_iter().chain(without_lines))
}

/// K2: 999 lines.
pub(crate) fn many_lines(bench: &Bench<'_>) -> Verdict {
    let claims = bench.claims(300);
    let lines = claims.iter().flat_map(|claim| &claim.lines).cycle().take(999).cloned().collect();
    let first = claims.into_iter().next().unwrap_or_default();
    survives(bench, [KitClaim { lines, ..first }])
}

/// K3: no field that may be absent.
pub(crate) fn absent_fields(bench: &Bench<'_>) -> Verdict {
    let codes = bench.claims(20).into_iter().flat_map(|claim| claim.lines).map(|line| line.code);
    let bare = codes.map(|code| KitLine { code, ..KitLine::default() });
    let claims =
        bare.map(|line| KitClaim { lines: vec![KitLine::default(), line], ..KitClaim::default() });
    survives(bench, claims)
}

/// K4: texts that are not ASCII, hold a zero byte or are very long, in one field after the other.
pub(crate) fn strange_texts(bench: &Bench<'_>) -> Verdict {
    let long = "9".repeat(1 << 16);
    let texts = ["é漢𝄞", "99\x00213", "\u{202e}\u{feff}", "%s%n%x", &long];
    let base = bench.claims(1).into_iter().next().unwrap_or_default();
    texts.into_iter().try_for_each(|text| {
        let claims = CLAIM_TEXTS.iter().map(|put| {
            let mut claim = base.clone();
            put(&mut claim, text.to_owned());
            claim
        });
        let lines = LINE_TEXTS.iter().map(|put| {
            let mut claim = base.clone();
            claim.lines.iter_mut().for_each(|line| put(line, text.to_owned()));
            claim
        });
        survives(bench, claims.chain(lines))
    })
}

type PutIntoClaim = fn(&mut KitClaim, String);
type PutIntoLine = fn(&mut KitLine, String);

const CLAIM_TEXTS: &[PutIntoClaim] = &[
    |claim, text| claim.payer_id = text,
    |claim, text| claim.filing_indicator = text,
    |claim, text| claim.frequency = text,
    |claim, text| claim.bill_type = text,
    |claim, text| claim.place_of_service = text,
    |claim, text| claim.billing_npi = text,
    |claim, text| claim.billing_taxonomy = text,
    |claim, text| claim.rendering_npi = text,
    |claim, text| claim.rendering_taxonomy = text,
    |claim, text| claim.diagnoses = vec![text],
    |claim, text| claim.sex = text,
    |claim, text| claim.authorization = text,
];

const LINE_TEXTS: &[PutIntoLine] = &[
    |line, text| line.code = text,
    |line, text| line.modifiers = vec![text],
    |line, text| line.place_of_service = text,
    |line, text| line.revenue_code = text,
    |line, text| line.rendering_npi = text,
    |line, text| line.rendering_taxonomy = text,
    |line, text| line.body_region = text,
    |line, text| line.ndc = text,
    |line, text| line.drug_unit = text,
    |line, text| line.authorization = text,
];

/// K5: dates and amounts that no calendar and no bill has.
pub(crate) fn extreme_numbers(bench: &Bench<'_>) -> Verdict {
    let dates = [i32::MIN, -1, 0, 1, 2026_0230, 2026_1301, 9999_1231, i32::MAX];
    let amounts = [i64::MIN, -1, 0, 1, i64::MAX];
    let claims = bench.claims(8);
    let with = |claim: &KitClaim, from: i32, through: i32, amount: i64| {
        let mut claim = KitClaim {
            from,
            through,
            submitted: from,
            birth_date: through,
            total_charge: amount,
            ..claim.clone()
        };
        for line in &mut claim.lines {
            (line.from, line.through) = (from, through);
            (line.charge, line.units_milli, line.drug_quantity_milli) = (amount, amount, amount);
        }
        claim
    };
    for claim in &claims {
        for from in dates {
            let all = dates.iter().zip(amounts.iter().cycle());
            survives(bench, all.map(|(through, amount)| with(claim, from, *through, *amount)))?;
        }
    }
    Ok(())
}

/// K6: diagnosis pointers that lead nowhere.
pub(crate) fn pointers_out_of_range(bench: &Bench<'_>) -> Verdict {
    let claims = bench.claims(20).into_iter().map(|mut claim| {
        claim.lines.iter_mut().for_each(|line| line.dx_pointers = vec![0, 255, 13, 1]);
        claim
    });
    survives(bench, claims.clone())?;
    survives(bench, claims.map(|claim| KitClaim { diagnoses: Vec::new(), ..claim }))
}

/// K7: a newer host, whose claims and lines have fields behind those of this version.
pub(crate) fn a_newer_host(bench: &Bench<'_>) -> Verdict {
    let tails = [8, 32, 264];
    tails.into_iter().try_for_each(|tail| same_as_plain(bench, Layout { tail, ..Layout::PLAIN }))
}

/// K8: everything ends where it says: what is read beyond a text, or beyond the fields of this version,
/// ends the process.
pub(crate) fn ends_where_it_says(bench: &Bench<'_>) -> Verdict {
    same_as_plain(bench, Layout { apart: true, ..Layout::PLAIN })
}

/// K9: fields that are not granted.
pub(crate) fn fields_not_granted(bench: &Bench<'_>) -> Verdict {
    let mut instance = bench.instance(bench.functions()?)?;
    let only = ALL.iter().map(|(_, field)| FieldSet::NONE.with(*field));
    for granted in only.chain([FieldSet::NONE]) {
        for claim in bench.claims(5) {
            let shown = show(&claim, Layout { granted, ..Layout::PLAIN })?;
            bench.ask(&mut instance, &shown).of_an_ordinary_claim()?;
        }
    }
    Ok(())
}

/// K10: as many modifiers, diagnoses and pointers as can be.
pub(crate) fn full_lists(bench: &Bench<'_>) -> Verdict {
    let claims = bench.claims(10).into_iter().map(|mut claim| {
        claim.diagnoses = claim.diagnoses.iter().cycle().take(255).cloned().collect();
        for line in &mut claim.lines {
            line.modifiers =
                ["25", "59", "XS"].iter().cycle().take(255).map(|one| (*one).into()).collect();
            line.dx_pointers = (1..=255).collect();
        }
        claim
    });
    survives(bench, claims)
}

/// The plugin judges each of `claims`, or says that it cannot.
fn survives(bench: &Bench<'_>, claims: impl IntoIterator<Item = KitClaim>) -> Verdict {
    let mut instance = bench.instance(bench.functions()?)?;
    for claim in claims {
        let shown = show(&claim, Layout::PLAIN)?;
        bench.ask(&mut instance, &shown).of_a_strange_claim()?;
    }
    Ok(())
}

/// The plugin says the same of a claim in `layout` as of one laid out plainly.
fn same_as_plain(bench: &Bench<'_>, layout: Layout) -> Verdict {
    let mut instance = bench.instance(bench.functions()?)?;
    for claim in bench.claims(100) {
        let plain = bench.judge(&mut instance, &claim)?;
        let shown = show(&claim, layout)?;
        let other = bench.ask(&mut instance, &shown).of_an_ordinary_claim()?;
        expect(plain == other, || {
            format!(
                "it gives {} findings on a claim laid out as this host does it, and others ({}) where \
                 structs are longer; walk lines with `line_stride`",
                plain.len(),
                other.len()
            )
        })?;
    }
    Ok(())
}
