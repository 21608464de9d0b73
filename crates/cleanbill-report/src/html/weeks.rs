//! The chart of weeks: a column for each of the latest ones, and a table with the same numbers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cleanbill_model::ServiceDate;

use crate::amount::Cents;
use crate::dollars::{dollars, grouped};

/// Weeks of the chart, up to the latest with a charge at risk: a quarter.
const WEEKS: usize = 13;

const WIDTH: i128 = 560;
const HEIGHT: i128 = 240;
/// Room for the amounts beside the axis.
const LEFT: i128 = 62;
const TOP: i128 = 26;
/// Room for the days below the axis.
const BOTTOM: i128 = 26;
const PLOT: i128 = HEIGHT - TOP - BOTTOM;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Columns of the chart, oldest first.
struct Columns {
    weeks: Vec<(ServiceDate, i128)>,
    /// Cents of all weeks before them.
    earlier: i128,
}

impl Columns {
    fn new(sums: &BTreeMap<ServiceDate, i128>) -> Self {
        let (mut weeks, mut next) = (Vec::new(), sums.keys().next_back().copied());
        let first = sums.keys().next().copied();
        // A week without a charge has its column, too: distances in time stay what they are.
        while let Some(monday) = next.filter(|day| weeks.len() < WEEKS && Some(*day) >= first) {
            weeks.push((monday, sums.get(&monday).copied().unwrap_or_default()));
            next = monday.before().map(ServiceDate::monday);
        }
        weeks.reverse();
        let shown: i128 = weeks.iter().map(|(_, cents)| cents).sum();
        Self { earlier: sums.values().sum::<i128>() - shown, weeks }
    }
}

/// Writes the chart.
pub(super) fn write(out: &mut dyn Write, sums: &BTreeMap<ServiceDate, i128>) -> io::Result<()> {
    let columns = Columns::new(sums);
    writeln!(out, "<figure class=\"chart\">")?;
    writeln!(out, "<figcaption>Charge at risk by week of service</figcaption>")?;
    match columns.weeks.iter().max_by_key(|(_, cents)| *cents) {
        Some((monday, most)) => {
            drawing(out, &columns, *monday, *most)?;
            if columns.earlier != 0 {
                let sum = dollars(Cents(columns.earlier));
                writeln!(out, "<p class=\"quiet\">Before these weeks: {sum}.</p>")?;
            }
            table(out, &columns)?;
        }
        None => writeln!(out, "<p>Nothing is at risk.</p>")?,
    }
    writeln!(out, "</figure>")
}

fn drawing(
    out: &mut dyn Write,
    columns: &Columns,
    monday: ServiceDate,
    most: i128,
) -> io::Result<()> {
    let (step, top) = scale(most);
    let count = i128::try_from(columns.weeks.len()).unwrap_or(1).max(1);
    let weeks = if count == 1 { "One week".to_owned() } else { format!("{count} weeks") };
    writeln!(
        out,
        "<svg class=\"weeks\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{weeks} as \
         columns. Most at risk in the week of {monday}: {}. All numbers are in the table below.\">",
        dollars(Cents(most))
    )?;
    let y = |cents: i128| TOP + PLOT - (cents.max(0).saturating_mul(PLOT) / top).min(PLOT);
    let mut tick = 0;
    while tick <= top {
        let at = y(tick);
        let class = if tick == 0 { "axis" } else { "grid" };
        writeln!(
            out,
            "<path class=\"{class}\" d=\"M{LEFT} {at}H{WIDTH}\"/><text class=\"amount\" x=\"{}\" \
             y=\"{}\">{}</text>",
            LEFT - 8,
            at + 4,
            short(tick)
        )?;
        tick = tick.saturating_add(step);
    }
    let room = (WIDTH - LEFT) / count.max(6);
    let every = if count > 7 { 2 } else { 1 };
    for (place, (monday, cents)) in (0_i128..).zip(&columns.weeks) {
        let (middle, at) = (LEFT + room * place + room / 2, y(*cents));
        let width = room * 62 / 100;
        writeln!(
            out,
            "<rect class=\"bar\" x=\"{}\" y=\"{at}\" width=\"{width}\" height=\"{}\"><title>week of \
             {monday}: {}</title></rect>",
            middle - width / 2,
            TOP + PLOT - at,
            dollars(Cents(*cents))
        )?;
        // The latest week always has its day.
        if (count - 1 - place) % every == 0 {
            let below = HEIGHT - BOTTOM + 18;
            writeln!(
                out,
                "<text class=\"day\" x=\"{middle}\" y=\"{below}\">{}</text>",
                day(*monday)
            )?;
        }
    }
    writeln!(out, "</svg>")
}

fn table(out: &mut dyn Write, columns: &Columns) -> io::Result<()> {
    writeln!(
        out,
        "<details><summary>Weeks as a table</summary>\n<table class=\"list\">\n<caption>Charge at risk by week of \
         service</caption>\n<thead><tr><th scope=\"col\">Week of</th><th scope=\"col\" \
         class=\"number\">Charge</th></tr></thead>\n<tbody>"
    )?;
    let row = |out: &mut dyn Write, name: &str, cents: i128| {
        let amount = dollars(Cents(cents));
        writeln!(out, "<tr><th scope=\"row\">{name}</th><td class=\"number\">{amount}</td></tr>")
    };
    if columns.earlier != 0 {
        row(out, "earlier", columns.earlier)?;
    }
    for (monday, cents) in &columns.weeks {
        row(out, &monday.to_string(), *cents)?;
    }
    writeln!(out, "</tbody>\n</table>\n</details>")
}

/// Distance of the lines of the grid and the highest of them, in cents: three to six lines at round amounts.
fn scale(most: i128) -> (i128, i128) {
    let mut step = 100;
    for factor in [2_i128, 5, 10].iter().cycle().take(90) {
        if most <= step * 5 {
            break;
        }
        // 1, 2, 5, 10, 20, 50 … dollars.
        step = match factor {
            2 => step * 2,
            5 => step / 2 * 5,
            _ => step * 2,
        };
    }
    let lines = (most.max(1) + step - 1) / step;
    (step, lines * step)
}

/// `$500`, `$20K`, `$1.5M`.
fn short(cents: i128) -> String {
    let whole = cents / 100;
    let (unit, size) = match whole {
        1_000_000_000.. => ("B", 1_000_000_000),
        1_000_000.. => ("M", 1_000_000),
        10_000.. => ("K", 1_000),
        _ => return format!("${}", grouped(&whole.to_string())),
    };
    match whole % size * 10 / size {
        0 => format!("${}{unit}", whole / size),
        tenth => format!("${}.{tenth}{unit}", whole / size),
    }
}

/// `Mar 2`.
fn day(date: ServiceDate) -> String {
    let digits = date.yyyymmdd();
    let month = usize::try_from(digits / 100 % 100 - 1).ok().and_then(|month| MONTHS.get(month));
    format!("{} {}", month.copied().unwrap_or_default(), digits % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monday(month: i8, day: i8) -> ServiceDate {
        ServiceDate::new(2026, month, day).unwrap()
    }

    #[test]
    fn a_week_without_a_charge_has_its_column_and_nothing_earlier_is_lost() {
        let sums = BTreeMap::from([
            (monday(1, 5), 700),
            (monday(1, 12), 30),
            (monday(4, 6), 200),
            (monday(4, 20), 100),
        ]);
        let columns = Columns::new(&sums);
        assert_eq!(columns.weeks.len(), WEEKS);
        assert_eq!(columns.weeks[0].0, monday(1, 26));
        let cents: Vec<i128> = columns.weeks.iter().map(|(_, cents)| *cents).collect();
        assert_eq!(cents[10..], [200, 0, 100]);
        assert_eq!(columns.earlier, 730);
        assert_eq!(Columns::new(&BTreeMap::from([(monday(1, 5), 700)])).weeks.len(), 1);
    }

    #[test]
    fn lines_of_the_grid_stand_at_round_amounts() {
        for (most, step, top) in [
            (0, 100, 100),
            (57_650, 20_000, 60_000),
            (100_001, 50_000, 150_000),
            (123_456_789, 50_000_000, 150_000_000),
        ] {
            assert_eq!(scale(most), (step, top), "{most}");
        }
        assert!(scale(i128::from(i64::MAX)).1 >= i128::from(i64::MAX));
        for (cents, text) in
            [(0, "$0"), (950_000, "$9,500"), (2_000_000, "$20K"), (150_000_000, "$1.5M")]
        {
            assert_eq!(short(cents), text);
        }
        assert_eq!(day(monday(3, 2)), "Mar 2");
    }
}
