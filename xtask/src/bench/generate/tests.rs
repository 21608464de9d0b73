//! The generated file is what its envelope says, and the same each time.

use super::*;

fn number(count: usize) -> u64 {
    count.try_into().unwrap_or(u64::MAX)
}

fn made(bytes: u64) -> (String, Made) {
    let mut out = Vec::new();
    let made = write(&mut out, bytes).unwrap();
    (String::from_utf8(out).unwrap(), made)
}

#[test]
fn the_same_size_gives_the_same_bytes() {
    assert_eq!(made(300_000), made(300_000));
}

#[test]
fn the_file_has_the_size_asked_for_and_a_little_more() {
    for bytes in [0, 1_000, 300_000] {
        let (text, made) = made(bytes);
        assert_eq!(made.bytes, number(text.len()));
        assert!(made.bytes >= bytes && made.bytes < bytes + 10_000, "{made:?}");
    }
}

#[test]
fn one_line_starts_with_a_full_envelope_header() {
    let (text, _) = made(1_000);
    assert!(!text.contains(['\n', '\r']));
    assert_eq!(text.find('~'), Some(105));
    assert!(text.ends_with("IEA*1*000000001~"));
}

#[test]
fn trailers_count_what_they_close() {
    let (text, made) = made(300_000);
    let segments: Vec<Vec<&str>> =
        text.split_terminator('~').map(|segment| segment.split('*').collect()).collect();
    let mut opened = 0;
    let mut sets = 0;
    for (index, segment) in segments.iter().enumerate() {
        match segment[0] {
            "ST" => opened = index,
            "SE" => {
                sets += 1;
                assert_eq!(segment[1], (index - opened + 1).to_string());
                assert_eq!(segment[2], segments[opened][2]);
            }
            "GE" => assert_eq!(segment[1], sets.to_string()),
            _ => {}
        }
    }
    let count = |name| number(segments.iter().filter(|segment| segment[0] == name).count());
    assert!(sets > 3);
    assert_eq!((made.sets, made.claims), (sets, count("CLM")));
    assert_eq!((count("ISA"), count("GS"), count("GE"), count("IEA")), (1, 1, 1, 1));
}

#[test]
fn the_charge_of_a_claim_is_the_sum_of_its_lines() {
    let cents = |text: &str| {
        let (whole, rest) = text.split_once('.').unwrap_or((text, "00"));
        whole.parse::<u64>().unwrap() * 100 + rest.parse::<u64>().unwrap()
    };
    let (text, _) = made(100_000);
    let mut open = 0;
    for segment in text.split_terminator('~') {
        let elements: Vec<&str> = segment.split('*').collect();
        match elements[0] {
            "CLM" => {
                assert_eq!(open, 0, "the claim before {}", elements[1]);
                open = cents(elements[2]);
            }
            "SV1" => open -= cents(elements[2]),
            _ => {}
        }
    }
    assert_eq!(open, 0);
}

#[test]
fn a_level_names_a_parent_that_came_before_it() {
    let (text, _) = made(100_000);
    let mut seen = Vec::new();
    for segment in text.split_terminator('~') {
        let elements: Vec<&str> = segment.split('*').collect();
        match elements[0] {
            "ST" => seen.clear(),
            "HL" => {
                assert!(elements[2].is_empty() || seen.contains(&elements[2].to_owned()));
                assert!(elements[1] == (seen.len() + 1).to_string());
                seen.push(elements[1].to_owned());
            }
            _ => {}
        }
    }
}

#[test]
fn about_one_claim_in_a_hundred_holds_the_conflict() {
    let (text, made) = made(3_000_000);
    assert_eq!(number(text.matches("*HC:93970").count()), made.conflicts);
    assert!((60..140).contains(&(made.conflicts * 10_000 / made.claims)), "{made:?}");
}
