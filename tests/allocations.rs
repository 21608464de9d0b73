//! Once their memory has grown, readers and the evaluator allocate nothing for a claim: twice the claims
//! cost no allocation more. The counter counts those of its own thread.
#![expect(
    clippy::unwrap_used,
    reason = "a test that fails should stop there; the lint knows only functions marked as tests"
)]

use std::fmt::Write as _;

use allocation_counter::measure;
use cleanbill_engine::{Evaluator, Registry};
use cleanbill_intake::{ClaimReader, Event, InputOptions, Piece, PieceReader};
use cleanbill_model::Claim;
use cleanbill_rules::load;

const CLAIMS: usize = 2000;

const START: &str = "\
ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260302*1200*^*00501*000000042*0*T*:~\
GS*HC*SENDER*RECEIVER*20260302*1200*7*X*005010X222A1~ST*837*0001*005010X222A1~\
BHT*0019*00*BATCH1*20260302*1200*CH~NM1*41*2*INVENTED BILLING*****46*SUB1~\
NM1*40*2*INVENTED CLEARINGHOUSE*****46*REC1~HL*1**20*1~PRV*BI*PXC*207Q00000X~\
NM1*85*2*INVENTED VASCULAR GROUP*****XX*1234567893~N3*1 NOWHERE ST~N4*AUSTIN*TX*787010001~\
REF*EI*741234567~";

/// An 837P of so many claims, each of a subscriber and of a dependent in turn, and all of one shape.
fn file(claims: usize) -> String {
    let (mut text, mut hl) = (START.to_owned(), 1);
    let mut segments = 10;
    for number in (100_000..).take(claims) {
        hl += 1;
        let subscriber = hl;
        write!(
            text,
            "HL*{hl}*1*22*1~SBR*P*18*******MB~NM1*IL*1*ZZLAST*ZZFIRST****MI*M{number}~\
             DMG*D8*19500101*F~NM1*PR*2*MEDICARE*****PI*MEDICARE_B~"
        )
        .unwrap();
        segments += 5;
        if number % 2 == 1 {
            hl += 1;
            let patient = "NM1*QC*1*ZZLAST*ZZCHILD~DMG*D8*20120229*M~";
            write!(text, "HL*{hl}*{subscriber}*23*0~PAT*19~{patient}").unwrap();
            segments += 4;
        }
        write!(
            text,
            "CLM*PCN{number}*680***11:B:1*Y*A*Y*Y~REF*D9*CH{number}~REF*G1*AUTH-1~\
             HI*ABK:N186*ABF:Z992~HI*BG:09~NTE*ADD*BOTH ARMS~NM1*82*1*REN*B****XX*1245319599~\
             SBR*S*01*******CI~CAS*PR*1*21.89~AMT*D*39.15~OI***Y***Y~\
             NM1*IL*1*OTHER*SUB****MI*OTHERMEMBER~NM1*PR*2*OTHER PAYER*****PI*OTHERPAYER~\
             LX*1~SV1*HC:93970:59:RT:::DUPLEX SCAN*412*UN*1*22**1:2~DTP*472*D8*20260302~\
             REF*6R*LINE-1~NTE*ADD*UPPER EXTREMITY~LX*2~SV1*HC:J1550*268*UN*0.5***1~\
             DTP*472*D8*20260304~LIN**N4*00026063512~CTP****10*ML~\
             SVD*OTHERPAYER*40*HC:J1550**1~CAS*CO*42*3~DTP*573*D8*20260315~"
        )
        .unwrap();
        segments += 26;
    }
    text + &format!("SE*{}*0001~GE*1*7~IEA*1*000000042~", segments + 1)
}

/// Allocations of `work`, which reads so many claims and nothing else.
fn allocations_for(claims: usize, work: impl Fn(&[u8]) -> usize) -> u64 {
    let bytes = file(claims);
    let mut read = 0;
    let counted = measure(|| read = work(bytes.as_bytes()));
    assert_eq!(read, claims);
    assert!(counted.count_total > 0, "the counter counts");
    counted.count_total
}

fn whole(bytes: &[u8]) -> usize {
    let mut reader = ClaimReader::open(bytes, &InputOptions::default(), 1).unwrap();
    let (mut claim, mut claims) = (Claim::default(), 0);
    while let Some(event) = reader.next(&mut claim).unwrap() {
        assert!(matches!(event, Event::Claim), "{event:?}");
        claims += 1;
    }
    claims
}

fn by_pieces(bytes: &[u8]) -> usize {
    let mut reader = ClaimReader::open(bytes, &InputOptions::default(), 1).unwrap();
    let (mut piece, mut other) = (Piece::default(), PieceReader::default());
    let (mut claim, mut claims, mut inside) = (Claim::default(), 0, 0);
    loop {
        if reader.cut_off(64, &mut piece) {
            assert!(other.begin(&mut piece));
            while let Some(event) = other.next(&mut claim).unwrap() {
                assert!(matches!(event, Event::Claim), "{event:?}");
                inside += 1;
            }
        } else if let Some(event) = reader.next(&mut claim).unwrap() {
            assert!(matches!(event, Event::Claim), "{event:?}");
            claims += 1;
        } else {
            break;
        }
    }
    assert!(inside > claims * 10, "most claims are cut off: {inside} and {claims}");
    claims + inside
}

#[test]
fn a_reader_allocates_nothing_for_a_claim() {
    assert_eq!(allocations_for(2 * CLAIMS, whole), allocations_for(CLAIMS, whole));
}

#[test]
fn a_reader_of_pieces_allocates_nothing_for_a_claim() {
    assert_eq!(allocations_for(2 * CLAIMS, by_pieces), allocations_for(CLAIMS, by_pieces));
}

#[test]
fn the_evaluator_allocates_nothing_for_a_claim_with_which_nothing_is_wrong() {
    // The pack that runs without imported tables.
    let sources = cleanbill_default_packs::embedded_packs();
    let packs = sources.iter().map(|source| load(source).unwrap_or_else(|why| panic!("{why}")));
    let pack = packs.into_iter().find(|pack| pack.name == "cpt-93970").unwrap();
    let claims: Vec<Claim> = pack.tests.iter().map(|test| test.claim().unwrap()).collect();
    let registry = Registry::new(pack.edits).unwrap();
    let mut evaluator = Evaluator::default();
    // This makes its memory grow as well.
    let mut is_silent = |claim: &&Claim| {
        let verdict = evaluator.evaluate(&registry, *claim);
        verdict.findings.is_empty() && verdict.faults.is_empty()
    };
    let silent: Vec<&Claim> = claims.iter().filter(&mut is_silent).collect();
    assert!(silent.len() > 20, "{} claims of the pack have nothing wrong", silent.len());
    let counted = measure(|| assert!(silent.iter().all(&mut is_silent)));
    assert_eq!(counted.count_total, 0);
}
