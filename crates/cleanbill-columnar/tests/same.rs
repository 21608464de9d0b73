//! The same table gives the same claims in every form.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    BinaryArray, DictionaryArray, Float64Array, LargeStringArray, StringViewArray,
    TimestampMicrosecondArray,
};
use arrow_ipc::CompressionType;
use cleanbill_intake::{ColumnMapping, DeclaredMapping, FormatChoice, InputOptions};
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::fixture::{ROWS, Table, claims, compressions, read, read_with};

fn wanted() -> Vec<String> {
    let reading = read(Table::new().csv().as_bytes());
    assert_eq!(reading.told(), [""; 0]);
    assert_eq!(reading.claims.len(), claims());
    reading.plain()
}

#[test]
fn every_form_of_a_table_has_the_claims_of_its_csv() {
    let (table, wanted) = (Table::new(), wanted());
    let mut files: Vec<Vec<u8>> = compressions().map(|packed| table.parquet(packed)).into();
    let packed = [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)];
    files.extend(packed.map(|packed| table.arrow_file(packed)));
    files.push(table.arrow_stream());
    let plain = WriterProperties::builder().set_dictionary_enabled(false);
    files.push(table.parquet_with(plain.set_data_page_row_count_limit(3).build()));
    for (at, file) in files.iter().enumerate() {
        let reading = read(file);
        assert_eq!(reading.told(), [""; 0], "{at}");
        assert_eq!(reading.plain(), wanted, "{at}");
    }
}

#[test]
fn columns_of_other_types_hold_the_same() {
    let wanted = wanted();
    let code = |row: usize| Some(if row.is_multiple_of(2) { "93970" } else { "93971" });
    let modifier = |row: usize| row.is_multiple_of(3).then_some("LT");
    let cents = |row: usize| f64::from(u32::try_from(row * 1_001 + 40).unwrap()) / 100.0;
    let micros = |row: usize| (20_500 + i64::try_from(row).unwrap()) * 86_400_000_000;
    let rows = || 0..ROWS;
    let tables = [
        Table::new().with("hcpcs_code", LargeStringArray::from_iter(rows().map(code))),
        Table::new().with("hcpcs_code", StringViewArray::from_iter(rows().map(code))),
        Table::new().with(
            "hcpcs_modifier_1",
            DictionaryArray::<Int32Type>::from_iter(rows().map(modifier)),
        ),
        Table::new().with("hcpcs_modifier_1", BinaryArray::from_iter(rows().map(modifier))),
        Table::new().with("charge_amount", Float64Array::from_iter_values(rows().map(cents))),
        Table::new().with(
            "claim_line_start_date",
            TimestampMicrosecondArray::from_iter_values(rows().map(micros)),
        ),
        Table::new().with(
            "claim_line_start_date",
            TimestampMicrosecondArray::from_iter_values(rows().map(micros)).with_timezone("UTC"),
        ),
    ];
    for (at, table) in tables.iter().enumerate() {
        for file in
            [table.parquet(Compression::SNAPPY), table.arrow_file(None), table.arrow_stream()]
        {
            let reading = read(&file);
            assert_eq!(reading.told(), [""; 0], "{at}");
            assert_eq!(reading.plain(), wanted, "{at}");
        }
    }
}

#[test]
fn a_mapping_holds_for_columnar_files_and_days_need_no_layout() {
    let declared: DeclaredMapping = serde_json::from_str(
        r#"{"schema":1,"dates":"mm-dd-yyyy","columns":{"claim_id":"CLAIM_ID","procedure":"hcpcs_code",
            "from":"claim_line_start_date","charge":"charge_amount"}}"#,
    )
    .unwrap();
    let columns = Some(Arc::new(ColumnMapping::new(declared).unwrap()));
    let options = InputOptions { columns, ..InputOptions::default() };
    for file in [Table::new().parquet(Compression::SNAPPY), Table::new().arrow_stream()] {
        let reading = read_with(&file, &options);
        assert_eq!(reading.told(), [""; 0]);
        assert_eq!(reading.claims.len(), claims());
        assert_eq!(reading.claims[3].lines[0].dates.from().to_string(), "2026-02-19");
    }
}

#[test]
fn a_place_is_a_row_group_and_a_row() {
    let reading = read(&Table::new().parquet(Compression::SNAPPY));
    let places: Vec<(u64, u32)> = reading.claims[3]
        .lines
        .iter()
        .map(|line| (line.location.line, line.location.segment))
        .collect();
    assert_eq!(places, [(4, 1), (33, 3)]);
    let bytes = reading.accounting.bytes;
    assert!(bytes.claim > 0 && bytes.envelope > 4 && bytes.quarantined == 0, "{bytes:?}");
}

#[test]
fn the_format_is_told_by_the_first_bytes_and_may_be_forced() {
    let file = Table::new().parquet(Compression::SNAPPY);
    let forced = |format: FormatChoice| read_with(&file, &format.into());
    assert_eq!(forced(FormatChoice::Parquet).claims.len(), claims());
    for other in [FormatChoice::Arrow, FormatChoice::X12, FormatChoice::Csv] {
        let reading = forced(other);
        assert!(reading.claims.is_empty() && !reading.errors.is_empty(), "{other:?}");
    }
    let text = read_with(Table::new().csv().as_bytes(), &FormatChoice::Parquet.into());
    assert_eq!(
        text.told(),
        ["I1002 the file does not start as `parquet` does; nothing of it was read"]
    );
}
