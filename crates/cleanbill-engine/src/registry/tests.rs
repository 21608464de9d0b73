//! Which edits a claim meets.

use cleanbill_model::{
    DateRange, Disposition, Origin, Period, ProcedureCode, ServiceDate, ServiceLine, Severity,
};

use super::*;
use crate::code_range::CodeRange;
use crate::edit::{EditFault, Sink, Subject};

enum Wants {
    Codes(Vec<ProcedureCode>),
    Ranges(Vec<CodeRange>),
    Everything,
}

struct Named {
    info: [Arc<EditInfo>; 1],
    wants: Wants,
}

impl Edit for Named {
    fn infos(&self) -> &[Arc<EditInfo>] {
        &self.info
    }

    fn trigger(&self) -> Trigger<'_> {
        match &self.wants {
            Wants::Codes(codes) => Trigger::Codes(codes),
            Wants::Ranges(ranges) => Trigger::Ranges(ranges),
            Wants::Everything => Trigger::EveryClaim,
        }
    }

    fn evaluate(&self, _: Subject<'_>, _: &mut dyn Sink) -> Result<(), EditFault> {
        Ok(())
    }
}

fn edit(id: &str, wants: Wants) -> Box<dyn Edit> {
    let info = EditInfo {
        id: id.to_owned(),
        title: String::new(),
        kind: "require",
        origin: Origin::Plugin { plugin: "sample@1.0.0".to_owned() },
        disposition: Disposition::Suspend,
        severity: Severity::Warning,
        on_unknown: Disposition::Suspend,
        remit: None,
        effective: Period::ALWAYS,
        owner: None,
        sources: Vec::new(),
    };
    Box::new(Named { info: [Arc::new(info)], wants })
}

fn code(text: &str) -> ProcedureCode {
    ProcedureCode::new(text.as_bytes()).unwrap()
}

fn range(first: &str, last: &str) -> CodeRange {
    CodeRange::new(code(first), code(last)).unwrap()
}

fn claim(codes: &[&str]) -> Claim {
    let day = DateRange::day(ServiceDate::new(2026, 3, 2).unwrap());
    let mut claim = Claim::default();
    for (text, number) in codes.iter().zip(1..) {
        let mut line = ServiceLine::new(number, day);
        line.procedure = Some(code(text));
        claim.lines.push(line);
    }
    claim
}

fn met<'a>(registry: &'a Registry, codes: &[&str]) -> Vec<&'a str> {
    let mut hits = Vec::new();
    registry.select(&claim(codes), &mut hits);
    hits.iter().map(|index| registry.edit(*index).unwrap().infos()[0].id.as_str()).collect()
}

#[test]
fn an_edit_is_met_once_and_in_order_however_it_names_its_codes() {
    let registry = Registry::new(vec![
        edit("e", Wants::Everything),
        edit("c", Wants::Codes(vec![code("93970"), code("93985"), code("93970")])),
        edit("b", Wants::Ranges(vec![range("93970", "93979"), range("93960", "93990")])),
        edit("a", Wants::Ranges(vec![CodeRange::single(code("93985")), range("0001T", "0099T")])),
    ])
    .unwrap();
    assert_eq!(met(&registry, &["93970"]), ["b", "c", "e"]);
    assert_eq!(met(&registry, &["93985", "93971", "93970"]), ["a", "b", "c", "e"]);
    assert_eq!(met(&registry, &["93970", "93971", "93985"]), ["a", "b", "c", "e"]);
    assert_eq!(met(&registry, &["0050T"]), ["a", "e"]);
    assert_eq!(met(&registry, &["93991", "0050U", "0100T"]), ["e"]);
    assert_eq!(met(&registry, &[]), ["e"]);
}

#[test]
fn both_ends_of_a_range_belong_to_it() {
    let registry =
        Registry::new(vec![edit("r", Wants::Ranges(vec![range("93970", "93979")]))]).unwrap();
    assert_eq!(met(&registry, &["93970"]), ["r"]);
    assert_eq!(met(&registry, &["93979"]), ["r"]);
    assert!(met(&registry, &["93969", "93980", "9397T"]).is_empty());
}
