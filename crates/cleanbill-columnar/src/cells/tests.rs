//! Cells of every type that is read.

use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    BinaryArray, Date32Array, Date64Array, Decimal128Array, Decimal256Array, DictionaryArray,
    Float64Array, Int64Array, LargeStringArray, NullArray, StringArray, StringViewArray,
    TimestampMicrosecondArray, TimestampNanosecondArray, UInt64Array,
};

use super::*;

/// The cells of `array`, `!` and the fault for one that cannot be given.
fn cells(array: impl Array + 'static, moment: bool) -> Vec<String> {
    let array: ArrayRef = Arc::new(array);
    assert_ne!(
        std::mem::discriminant(&holds(array.data_type())),
        std::mem::discriminant(&Holds::Unread(String::new()))
    );
    let mut rows = Rows::new(std::slice::from_ref(&array), array.len(), &[moment]).unwrap();
    let mut row = TableRow::default();
    let mut all = Vec::new();
    loop {
        row.clear();
        if !rows.read(&mut row) {
            return all;
        }
        all.push(String::from_utf8_lossy(row.cell(0)).into_owned());
    }
}

fn fault(array: impl Array + 'static, moment: bool) -> Result<(), CellFault> {
    let array: ArrayRef = Arc::new(array);
    writer(&array, moment).unwrap()(0, &mut Vec::new())
}

#[test]
fn texts_of_every_kind_are_the_same_cells() {
    let texts = [Some("93970"), None, Some(" I82401 ")];
    let wanted = ["93970", "", "I82401"];
    assert_eq!(cells(StringArray::from_iter(texts), false), wanted);
    assert_eq!(cells(LargeStringArray::from_iter(texts), false), wanted);
    assert_eq!(cells(StringViewArray::from_iter(texts), false), wanted);
    let bytes = texts.map(|text| text.map(str::as_bytes));
    assert_eq!(cells(BinaryArray::from_iter(bytes), false), wanted);
    assert_eq!(cells(DictionaryArray::<Int8Type>::from_iter(texts), false), wanted);
    assert_eq!(cells(NullArray::new(2), false), ["", ""]);
    let none: [Option<&str>; 2] = [None, None];
    assert_eq!(cells(DictionaryArray::<Int8Type>::from_iter(none), false), ["", ""]);
}

#[test]
fn numbers_are_given_to_their_last_digit() {
    assert_eq!(
        cells(Int64Array::from(vec![Some(-5), None, Some(i64::MAX)]), false),
        ["-5", "", "9223372036854775807"]
    );
    assert_eq!(cells(UInt64Array::from(vec![u64::MAX]), false), ["18446744073709551615"]);
    let decimals = |scale, values: Vec<i128>| {
        let array = Decimal128Array::from(values).with_precision_and_scale(38, scale).unwrap();
        cells(array, false)
    };
    assert_eq!(
        decimals(2, vec![41_200, 41_250, 5, -5, 0, 100]),
        ["412", "412.5", "0.05", "-0.05", "0", "1"]
    );
    assert_eq!(decimals(4, vec![4_120_000, 4_120_050]), ["412", "412.005"]);
    assert_eq!(decimals(0, vec![7, 120]), ["7", "120"]);
    assert_eq!(decimals(-2, vec![7]), ["700"]);
    let wide = Decimal256Array::from_iter_values([arrow_buffer::i256::from_i128(-41_205)]);
    let wide = wide.with_precision_and_scale(76, 2).unwrap();
    assert_eq!(cells(wide, false), ["-412.05"]);
}

#[test]
fn a_floating_point_number_is_the_shortest_text_that_names_it() {
    let floats = vec![412.0, 9334.65, 22_640.16, 0.1 + 0.2, -12.5, 99_999_999.99, 1_419_381.0];
    let wanted =
        ["412", "9334.65", "22640.16", "0.30000000000000004", "-12.5", "99999999.99", "1419381"];
    assert_eq!(cells(Float64Array::from(floats), false), wanted);
    for inexact in [INEXACT, -INEXACT, f64::NAN, f64::INFINITY, 1e300] {
        assert_eq!(fault(Float64Array::from(vec![inexact]), false), Err(CellFault::Inexact));
    }
}

#[test]
fn days_are_iso_and_a_moment_is_one_at_midnight_alone() {
    let days = 20_514;
    assert_eq!(
        cells(Date32Array::from(vec![Some(days), None, Some(-1)]), false),
        ["2026-03-02", "", "1969-12-31"]
    );
    let midnight = i64::from(days) * DAY;
    let noon = midnight + DAY / 2;
    assert_eq!(cells(Date64Array::from(vec![midnight * 1000]), false), ["2026-03-02"]);
    let local = TimestampMicrosecondArray::from(vec![noon * 1_000_000, -1]);
    assert_eq!(cells(local, false), ["2026-03-02", "1969-12-31"]);
    let zoned =
        |time: i64| TimestampMicrosecondArray::from(vec![time * 1_000_000]).with_timezone("UTC");
    assert_eq!(cells(zoned(midnight), false), ["2026-03-02"]);
    assert_eq!(fault(zoned(noon), false), Err(CellFault::Moment));
    let unknown = TimestampNanosecondArray::from(vec![noon * 1_000_000_000]);
    assert_eq!(fault(unknown, true), Err(CellFault::Moment));
    for far in [i32::MAX, i32::MIN, 200_000] {
        assert_eq!(fault(Date32Array::from(vec![far]), false), Err(CellFault::Day));
    }
}

#[test]
fn what_no_cell_can_be_made_of_is_named() {
    for (kind, told) in [
        (DataType::Boolean, "yes or no"),
        (DataType::Float32, "every cent"),
        (DataType::Struct(arrow_schema::Fields::empty()), "nested"),
        (DataType::new_list(DataType::Utf8, true), "a list"),
        (DataType::Time64(TimeUnit::Microsecond), "times"),
        (DataType::FixedSizeBinary(16), "no text"),
    ] {
        let Holds::Unread(what) = holds(&kind) else { panic!("{kind} is read") };
        assert!(what.contains(told), "{what}");
    }
}
