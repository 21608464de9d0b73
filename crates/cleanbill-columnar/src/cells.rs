//! The cells of a batch of rows as the text that a CSV file would hold.

use std::io::Write as _;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};
use cleanbill_intake::{CellFault, Holds, TableRow};
use cleanbill_model::ServiceDate;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// The first whole number that is not told apart from the next in a 64-bit floating-point number: 2^53.
const INEXACT: f64 = 9_007_199_254_740_992.0;

/// What the cells of a column of that type hold.
pub(crate) fn holds(kind: &DataType) -> Holds {
    let unread = |what: &str| Holds::Unread(what.to_owned());
    match kind {
        DataType::Null
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => Holds::Text,
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Holds::Days,
        DataType::Dictionary(_, values) => match values.as_ref() {
            DataType::Dictionary(..) => unread("a dictionary of dictionaries"),
            values => holds(values),
        },
        DataType::Float16 | DataType::Float32 => {
            unread("floating-point numbers of less than 64 bits, which do not hold every cent")
        }
        DataType::Boolean => unread("yes or no"),
        DataType::FixedSizeBinary(_) => unread("bytes that are no text"),
        DataType::Time32(_)
        | DataType::Time64(_)
        | DataType::Duration(_)
        | DataType::Interval(_) => unread("times or spans of time"),
        DataType::Struct(_) | DataType::Map(..) | DataType::Union(..) => unread("nested columns"),
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(..)
        | DataType::ListView(_)
        | DataType::LargeListView(_) => unread("a list"),
        DataType::RunEndEncoded(..) => unread("runs of values"),
    }
}

/// Appends the cell of a row.
type Writer = Box<dyn Fn(usize, &mut Vec<u8>) -> Result<(), CellFault> + Send>;

/// The rows of a batch, given one after another.
pub(crate) struct Rows {
    columns: Vec<Writer>,
    count: usize,
    next: usize,
}

impl Rows {
    /// The rows of `columns`, each of which has `count` cells. `moments` says of which columns days are moments
    /// whose time zone is not known.
    pub(crate) fn new(columns: &[ArrayRef], count: usize, moments: &[bool]) -> Option<Self> {
        let columns: Option<Vec<Writer>> = columns
            .iter()
            .enumerate()
            .map(|(place, array)| writer(array, moments.get(place).is_some_and(|moment| *moment)))
            .collect();
        Some(Self { columns: columns?, count, next: 0 })
    }

    /// Puts the cells of the next row into `row`; `false` when there is none.
    pub(crate) fn read(&mut self, row: &mut TableRow) -> bool {
        if self.next >= self.count {
            return false;
        }
        for column in &self.columns {
            row.push(|out| column(self.next, out));
        }
        self.next += 1;
        true
    }
}

/// What writes the cells of `array`; `None` for a type of which [`holds`] says that it is not read.
fn writer(array: &ArrayRef, moment: bool) -> Option<Writer> {
    macro_rules! text {
        ($array:expr) => {{
            let array = $array.clone();
            Box::new(move |row, out: &mut Vec<u8>| {
                if array.is_valid(row) {
                    let cell: &[u8] = array.value(row).as_ref();
                    out.extend_from_slice(cell);
                }
                Ok(())
            })
        }};
    }
    Some(match array.data_type() {
        DataType::Null => Box::new(|_, _| Ok(())),
        DataType::Utf8 => text!(array.as_string::<i32>()),
        DataType::LargeUtf8 => text!(array.as_string::<i64>()),
        DataType::Utf8View => text!(array.as_string_view()),
        DataType::Binary => text!(array.as_binary::<i32>()),
        DataType::LargeBinary => text!(array.as_binary::<i64>()),
        DataType::BinaryView => text!(array.as_binary_view()),
        DataType::Int8 => written::<Int8Type>(array, whole),
        DataType::Int16 => written::<Int16Type>(array, whole),
        DataType::Int32 => written::<Int32Type>(array, whole),
        DataType::Int64 => written::<Int64Type>(array, whole),
        DataType::UInt8 => written::<UInt8Type>(array, whole),
        DataType::UInt16 => written::<UInt16Type>(array, whole),
        DataType::UInt32 => written::<UInt32Type>(array, whole),
        DataType::UInt64 => written::<UInt64Type>(array, whole),
        DataType::Float64 => written::<Float64Type>(array, float),
        DataType::Decimal32(_, scale) => decimals::<Decimal32Type>(array, *scale),
        DataType::Decimal64(_, scale) => decimals::<Decimal64Type>(array, *scale),
        DataType::Decimal128(_, scale) => decimals::<Decimal128Type>(array, *scale),
        DataType::Decimal256(_, scale) => decimals::<Decimal256Type>(array, *scale),
        DataType::Date32 => written::<Date32Type>(array, |days, out| day(days.into(), out)),
        DataType::Date64 => {
            written::<Date64Type>(array, |time, out| day(time.div_euclid(DAY * 1000), out))
        }
        DataType::Timestamp(unit, zone) => {
            let moment = moment || zone.is_some();
            let (second, milli) = (TimeUnit::Second, TimeUnit::Millisecond);
            if *unit == second {
                moments::<TimestampSecondType>(array, DAY, moment)
            } else if *unit == milli {
                moments::<TimestampMillisecondType>(array, DAY * 1_000, moment)
            } else if *unit == TimeUnit::Microsecond {
                moments::<TimestampMicrosecondType>(array, DAY * 1_000_000, moment)
            } else {
                moments::<TimestampNanosecondType>(array, DAY * 1_000_000_000, moment)
            }
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let keys = match dictionary.values().len() {
                0 => Vec::new(),
                _ => dictionary.normalized_keys(),
            };
            let (values, rows) = (writer(dictionary.values(), moment)?, array.clone());
            Box::new(move |row, out| match keys.get(row) {
                Some(key) if rows.is_valid(row) => values(*key, out),
                _ => Ok(()),
            })
        }
        _ => return None,
    })
}

fn written<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    write: impl Fn(T::Native, &mut Vec<u8>) -> Result<(), CellFault> + Send + 'static,
) -> Writer {
    let array = array.as_primitive::<T>().clone();
    Box::new(
        move |row, out| if array.is_valid(row) { write(array.value(row), out) } else { Ok(()) },
    )
}

fn whole(number: impl std::fmt::Display, out: &mut Vec<u8>) -> Result<(), CellFault> {
    write!(out, "{number}").map_err(|_| CellFault::TooLong)
}

/// The shortest text that names this number and no other: of an amount that was cents, these cents. A sum that
/// was made in floating point and is off by the last bit shows more digits, which no amount may have.
fn float(number: f64, out: &mut Vec<u8>) -> Result<(), CellFault> {
    if number.abs() < INEXACT { whole(number, out) } else { Err(CellFault::Inexact) }
}

fn day(days: i64, out: &mut Vec<u8>) -> Result<(), CellFault> {
    let day = i32::try_from(days).ok().and_then(|days| ServiceDate::from_unix_days(days).ok());
    whole(day.ok_or(CellFault::Day)?, out)
}

/// Days of points in time. One on the clock of a zone is a day only at its midnight, since the zone of the place
/// of service is not known.
fn moments<T: ArrowPrimitiveType<Native = i64>>(
    array: &ArrayRef,
    ticks: i64,
    moment: bool,
) -> Writer {
    written::<T>(array, move |time, out| {
        if moment && time.rem_euclid(ticks) != 0 {
            return Err(CellFault::Moment);
        }
        day(time.div_euclid(ticks), out)
    })
}

/// Decimals to their last digit that is not zero behind the point.
fn decimals<T: DecimalType>(array: &ArrayRef, scale: i8) -> Writer
where
    T::Native: std::fmt::Display,
{
    written::<T>(array, move |number, out| {
        let start = out.len();
        whole(number, out)?;
        let behind = usize::from(scale.unsigned_abs());
        if scale < 0 {
            out.resize(out.len() + behind, b'0');
            return Ok(());
        }
        let digits = start + usize::from(out.get(start) == Some(&b'-'));
        let missing = (behind + 1).saturating_sub(out.len() - digits);
        out.splice(digits..digits, std::iter::repeat_n(b'0', missing));
        let point = out.len() - behind;
        let kept = out.iter().skip(point).rposition(|digit| *digit != b'0').map_or(0, |at| at + 1);
        out.truncate(point + kept);
        if kept > 0 {
            out.insert(point, b'.');
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
