//! Numbers as people read them: thousands apart, amounts in dollars.

use crate::amount::Cents;

/// An amount with its sign and thousands apart: `$201,114.10`.
pub(crate) fn dollars(amount: Cents) -> String {
    let text = amount.to_string();
    match text.strip_prefix('-') {
        Some(size) => format!("-${}", grouped(size)),
        None => format!("${}", grouped(&text)),
    }
}

/// Digits before the point in groups of three.
pub(crate) fn grouped(number: &str) -> String {
    let (whole, rest) = match number.find('.') {
        Some(point) => number.split_at(point),
        None => (number, ""),
    };
    let mut text = String::with_capacity(number.len() + whole.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

/// `1 place`, `2,000 places`.
pub(crate) fn many(count: u64, word: &str) -> String {
    format!("{} {word}{}", grouped(&count.to_string()), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_in_threes_on_the_left_of_the_point() {
        for (number, shown) in
            [("0", "0"), ("999", "999"), ("1000", "1,000"), ("1234567.89", "1,234,567.89")]
        {
            assert_eq!(grouped(number), shown);
        }
        assert_eq!(dollars(Cents(-123_456)), "-$1,234.56");
        assert_eq!(dollars(Cents(20_111_410)), "$201,114.10");
    }
}
