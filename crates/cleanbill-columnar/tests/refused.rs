//! What is not given exactly, and files that are no tables of lines.

use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{
    ArrayRef, BooleanArray, Float32Array, Float64Array, Int32Array, ListArray, StringArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow_ipc::CompressionType;
use arrow_schema::{DataType, Field};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::fixture::{ROWS, Table, claims, read};

fn both(table: &Table) -> [Vec<u8>; 2] {
    [table.parquet(Compression::SNAPPY), table.arrow_file(None)]
}

#[test]
fn a_column_of_which_no_cell_can_be_made_is_named_and_nothing_is_read() {
    let lists = (0..ROWS).map(|_| Some([Some(1.0)]));
    let codes: ArrayRef = Arc::new(Int32Array::from(vec![1; ROWS]));
    let code = Arc::new(Field::new("code", DataType::Int32, true));
    let nested = StructArray::from(vec![(code, codes)]);
    for (table, name, what) in [
        (
            Table::new().with("charge_amount", Float32Array::from(vec![1.5; ROWS])),
            "charge_amount",
            "every cent",
        ),
        (
            Table::new().with("hcpcs_code", BooleanArray::from(vec![true; ROWS])),
            "hcpcs_code",
            "yes or no",
        ),
        (
            Table::new()
                .with("charge_amount", ListArray::from_iter_primitive::<Float64Type, _, _>(lists)),
            "charge_amount",
            "a list",
        ),
        (Table::new().with("hcpcs_code", nested), "hcpcs_code", "nested"),
    ] {
        for file in both(&table) {
            let reading = read(&file);
            let [error] = reading.errors.as_slice() else { panic!("{:?}", reading.told()) };
            assert_eq!((error.code, error.element.as_str()), ("I2201", name));
            assert!(error.message.contains(what), "{}", error.message);
            assert!(reading.claims.is_empty());
            assert_eq!(reading.accounting.bytes.quarantined, reading.accounting.bytes_in);
        }
    }
}

#[test]
fn a_table_without_the_columns_of_a_claim_is_told_as_a_csv_file_is() {
    for file in both(&Table::new().without("claim_line_start_date").without("claim_start_date")) {
        let told = read(&file).told();
        assert_eq!(
            told,
            ["I2201 the table has no column `claim_line_start_date` or `claim_start_date`"]
        );
    }
    for file in both(&Table::new().without("hcpcs_code")) {
        assert!(read(&file).told()[0].starts_with("I2201 the header is of no table that is known"));
    }
}

#[test]
fn a_cell_that_is_not_exact_costs_its_claim_alone() {
    let mut amounts: Vec<Option<f64>> = vec![Some(12.5); ROWS];
    amounts[0] = Some(0.1 + 0.2);
    amounts[1] = Some(f64::NAN);
    amounts[2] = Some(1e300);
    amounts[3] = None;
    let table = Table::new().with("charge_amount", Float64Array::from(amounts));
    for file in both(&table) {
        let reading = read(&file);
        let aside: Vec<Option<&str>> =
            reading.errors.iter().map(|error| error.claim.as_deref()).collect();
        assert_eq!(aside, [Some("C0"), Some("C1"), Some("C2")]);
        assert_eq!(reading.claims.len(), claims() - 3);
        assert!(
            reading
                .errors
                .iter()
                .all(|error| error.code == "I2203" && error.element == "charge_amount")
        );
        assert!(reading.accounting.bytes.quarantined > 0);
    }
}

#[test]
fn a_moment_that_is_no_midnight_costs_its_claim_since_its_day_is_not_known() {
    let mut times = vec![20_500 * 86_400_000_000; ROWS];
    times[5] += 3_600_000_000;
    let times = TimestampMicrosecondArray::from(times).with_timezone("UTC");
    for file in both(&Table::new().with("claim_line_start_date", times)) {
        let reading = read(&file);
        assert_eq!(reading.errors.len(), 1, "{:?}", reading.told());
        assert_eq!(reading.errors[0].claim.as_deref(), Some("C5"));
        assert!(reading.errors[0].message.contains("not midnight"));
    }
}

#[test]
fn a_text_that_is_longer_than_a_row_may_be_costs_its_claim_and_is_kept_once() {
    // One text of 2 MiB, in a dictionary, on every row: as texts of their own they would be 120 MiB.
    let long = "9".repeat(2 << 20);
    let codes =
        StringArray::from_iter_values((0..ROWS).map(|row| if row == 7 { "93970" } else { &long }));
    let reading = read(
        &Table::new().with("hcpcs_code", codes).parquet(Compression::ZSTD(Default::default())),
    );
    assert_eq!(reading.claims.len(), 0, "the rows of the claim with one good row are bad too");
    assert!(
        reading.errors.iter().all(|error| error.message.contains("1 MiB")),
        "{:?}",
        reading.told()
    );
}

#[test]
fn an_encrypted_file_is_named_as_such() {
    let mut file = Table::new().parquet(Compression::SNAPPY);
    let end = file.len() - 4;
    file[end..].copy_from_slice(b"PARE");
    assert!(read(&file).told()[0].contains("encrypted"), "{:?}", read(&file).told());
    file[..4].copy_from_slice(b"PARE");
    assert!(read(&file).told()[0].contains("encrypted"));
}

#[test]
fn a_page_that_unpacks_to_more_than_its_limit_is_refused_before_it_is_unpacked() {
    let long = "9".repeat(3 << 20);
    let table = Table::new().with("hcpcs_code", StringArray::from(vec![long.as_str(); ROWS]));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_data_page_size_limit(1 << 30);
    let file = table.parquet_with(properties.build());
    assert!(file.len() < 1 << 20, "{} bytes for 180 MiB", file.len());
    let reading = read(&file);
    assert_eq!(reading.told(), ["I2206 a page takes more than 128 MiB once it is unpacked"]);
    let bytes = reading.accounting.bytes;
    assert_eq!(
        (reading.claims.len(), bytes.quarantined + bytes.envelope),
        (0, reading.accounting.bytes_in)
    );
}

#[test]
fn a_batch_that_says_it_unpacks_to_terabytes_is_refused() {
    let mut file = Table::new().arrow_file(Some(CompressionType::LZ4_FRAME));
    // A packed buffer starts with its size, and its frame with this magic.
    let frame = file.windows(4).position(|bytes| bytes == [0x04, 0x22, 0x4d, 0x18]).unwrap();
    file[frame - 8..frame].copy_from_slice(&(1_i64 << 42).to_le_bytes());
    assert_eq!(read(&file).told(), ["I2206 a batch takes more than 1024 MiB"]);
}

#[test]
fn claims_whose_rows_may_be_lost_are_set_aside_and_not_judged() {
    // Its second batch is cut; the first has rows of all claims.
    let file = Table::new().arrow_stream();
    let file = &file[..file.len() - 100];
    let reading = read(file);
    assert!(reading.claims.is_empty(), "{:?}", reading.told());
    let codes: Vec<&str> = reading.errors.iter().map(|error| error.code).collect();
    assert_eq!(codes[0], "I2206");
    assert_eq!(codes[1..], vec!["I2207"; claims()]);
    assert!(reading.errors[1..].iter().all(|error| error.quarantines));
}
