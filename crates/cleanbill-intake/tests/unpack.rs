//! Inputs that are compressed, whole and broken.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::fixture::{Reading, file, read_packed};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// A frame of zstd that holds no data.
const SKIPPED: [u8; 11] = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, b'a', b'b', b'c'];

fn same(packed: &[u8]) -> Reading {
    let reading = read_packed(packed, file().len());
    assert_eq!((reading.ids(), reading.errors.len()), (vec!["PCN1", "PCN2", "PCN3"], 0));
    reading
}

#[test]
fn a_packed_file_is_read_like_the_file() {
    let text = file();
    let (front, back) = text.as_bytes().split_at(700);
    same(&gzip(text.as_bytes()));
    same(&zstd(text.as_bytes()));
    same(&[gzip(front), gzip(back)].concat());
    same(&[zstd(front), SKIPPED.to_vec(), zstd(back)].concat());
}

#[test]
fn a_broken_archive_is_told_and_what_stood_before_is_read() {
    let text = file();
    let (front, back) = text.as_bytes().split_at(text.find("CLM*PCN2").unwrap());
    for (whole, mut rest) in [(gzip(front), gzip(back)), (zstd(front), zstd(back))] {
        rest.truncate(rest.len() / 2);
        let reading = read_packed([whole.clone(), rest].concat(), text.len());
        assert_eq!(reading.ids()[0], "PCN1");
        assert_eq!(reading.errors.iter().filter(|error| error.code == "I1007").count(), 1);
        let damaged: Vec<u8> = [whole, b"\x1f\x8b\x08garbage that is no archive".to_vec()].concat();
        assert!(read_packed(damaged, text.len()).errors.iter().any(|error| error.code == "I1007"));
    }
    assert!(
        read_packed([0x28, 0xb5, 0x2f, 0xfd], 0).errors.iter().any(|error| error.code == "I1007")
    );
}
