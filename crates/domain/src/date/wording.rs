//! The display text of a fuzzy date in either language.

use chrono::Datelike;

use super::Day;
use super::fuzzy::{Certainty, DatePrecision, End, Extent, FuzzyDate, Point};
use crate::locale::Locale;

const SEASONS_VI: [&str; 4] = ["xuân", "hè", "thu", "đông"];
const SEASONS_EN: [&str; 4] = ["spring", "summer", "autumn", "winter"];

impl FuzzyDate {
    /// Returns the display text: "khoảng năm 1996", "16 to 17 June 2006".
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        match &self.extent {
            Extent::Single(point) if locale == Locale::Vi && point.is_exact_day() => numeric(point.first),
            Extent::Single(point) => qualified(point, locale),
            Extent::Interval { start, end } => interval(start, end, locale),
        }
    }
}

fn interval(start: &End, end: &End, locale: Locale) -> String {
    let [from, until, unknown_start, unknown_end] = match locale {
        Locale::Vi => ["từ", "đến", ", chưa rõ bắt đầu khi nào", ", chưa rõ kết thúc khi nào"],
        Locale::En => ["from", "until", ", start unknown", ", end unknown"],
    };
    match (start, end) {
        (End::At(start), End::At(end)) => closed(start, end, locale),
        (End::At(start), End::Open) => format!("{from} {}", qualified(start, locale)),
        (End::At(start), End::Unknown) => {
            format!("{from} {}{unknown_end}", qualified(start, locale))
        }
        (End::Open, End::At(end)) => format!("{until} {}", qualified(end, locale)),
        (End::Unknown, End::At(end)) => {
            format!("{until} {}{unknown_start}", qualified(end, locale))
        }
        // Invariant of parsing: at least one end is a date.
        (End::Open | End::Unknown, End::Open | End::Unknown) => String::new(),
    }
}

/// Returns the text of both ends; the start omits the month and year that it shares with the end.
fn closed(start: &Point, end: &Point, locale: Locale) -> String {
    let short = if start.certainty == Certainty::Stated { shortened(start, end, locale) } else { None };
    let is_plain = start.certainty == Certainty::Stated && end.certainty == Certainty::Stated;
    let start = short.unwrap_or_else(|| qualified(start, locale));
    let end = qualified(end, locale);
    match locale {
        Locale::Vi => format!("từ {start} đến {end}"),
        Locale::En if is_plain => format!("{start} to {end}"),
        Locale::En => format!("from {start} to {end}"),
    }
}

fn shortened(start: &Point, end: &Point, locale: Locale) -> Option<String> {
    let day = start.first;
    let is_same_year = day.year() == end.first.year();
    let is_same_month = is_same_year && day.month() == end.first.month();
    match (start.precision, end.precision, locale) {
        (DatePrecision::Day, DatePrecision::Day, Locale::Vi) if is_same_month => {
            Some(format!("ngày {}", day.day()))
        }
        (DatePrecision::Day, DatePrecision::Day, Locale::En) if is_same_month => Some(day.day().to_string()),
        (DatePrecision::Day, DatePrecision::Day, Locale::Vi) if is_same_year => {
            Some(format!("ngày {}/{}", day.day(), day.month()))
        }
        (DatePrecision::Day, DatePrecision::Day, Locale::En) if is_same_year => {
            Some(day.format("%-d %B").to_string())
        }
        (DatePrecision::Month, DatePrecision::Month, Locale::Vi) if is_same_year && !is_same_month => {
            Some(format!("tháng {}", day.month()))
        }
        (DatePrecision::Month, DatePrecision::Month, Locale::En) if is_same_year && !is_same_month => {
            Some(day.format("%B").to_string())
        }
        _ => None,
    }
}

fn qualified(point: &Point, locale: Locale) -> String {
    let plain = match locale {
        Locale::Vi => vietnamese(point),
        Locale::En => english(point),
    };
    let (about, uncertain) = match locale {
        Locale::Vi => ("khoảng ", " (chưa chắc chắn)"),
        Locale::En => ("about ", " (uncertain)"),
    };
    match point.certainty {
        Certainty::Stated => plain,
        Certainty::About => format!("{about}{plain}"),
        Certainty::Uncertain => format!("{plain}{uncertain}"),
        Certainty::AboutAndUncertain => format!("{about}{plain}{uncertain}"),
    }
}

fn vietnamese(point: &Point) -> String {
    let (year, month) = (point.first.year(), point.first.month());
    match point.precision {
        DatePrecision::Day => format!("ngày {}", numeric(point.first)),
        DatePrecision::DayOfMonth => format!("một ngày trong tháng {month}/{year}"),
        DatePrecision::DayOfYear => format!("một ngày trong năm {year}"),
        DatePrecision::Month => format!("tháng {month}/{year}"),
        DatePrecision::MonthOfYear => format!("một tháng trong năm {year}"),
        DatePrecision::Season => format!("mùa {} năm {year}", season(point, SEASONS_VI)),
        DatePrecision::Year => format!("năm {year}"),
        DatePrecision::Decade => format!("thập niên {}", year - year % 10),
        DatePrecision::Century => format!("những năm {year}–{}", point.last.year()),
    }
}

fn english(point: &Point) -> String {
    let (year, month) = (point.first.year(), point.first.format("%B"));
    match point.precision {
        DatePrecision::Day => format!("{} {month} {year}", point.first.day()),
        DatePrecision::DayOfMonth => format!("a day in {month} {year}"),
        DatePrecision::DayOfYear => format!("a day in {year}"),
        DatePrecision::Month => format!("{month} {year}"),
        DatePrecision::MonthOfYear => format!("a month in {year}"),
        DatePrecision::Season => format!("{} {year}", season(point, SEASONS_EN)),
        DatePrecision::Year => year.to_string(),
        DatePrecision::Decade => format!("the {}s", year - year % 10),
        DatePrecision::Century => format!("the years {year}–{}", point.last.year()),
    }
}

/// Returns the name of the season: they start in March, June, September and December.
fn season(point: &Point, names: [&'static str; 4]) -> &'static str {
    let [spring, summer, autumn, winter] = names;
    match point.first.month() {
        3 => spring,
        6 => summer,
        9 => autumn,
        _ => winter,
    }
}

fn numeric(day: Day) -> String {
    format!("{}/{}/{}", day.day(), day.month(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_well_in_both_languages() {
        for (edtf, vi, en) in [
            ("1996-05-17", "17/5/1996", "17 May 1996"),
            ("1996-05", "tháng 5/1996", "May 1996"),
            ("1996", "năm 1996", "1996"),
            ("1996~", "khoảng năm 1996", "about 1996"),
            ("1996?", "năm 1996 (chưa chắc chắn)", "1996 (uncertain)"),
            ("1996-05%", "khoảng tháng 5/1996 (chưa chắc chắn)", "about May 1996 (uncertain)"),
            ("1996-05-17~", "khoảng ngày 17/5/1996", "about 17 May 1996"),
            ("1996-05-XX", "một ngày trong tháng 5/1996", "a day in May 1996"),
            ("1996-XX", "một tháng trong năm 1996", "a month in 1996"),
            ("1996-XX-XX", "một ngày trong năm 1996", "a day in 1996"),
            ("199X", "thập niên 1990", "the 1990s"),
            ("19XX", "những năm 1900–1999", "the years 1900–1999"),
            ("2021-21", "mùa xuân năm 2021", "spring 2021"),
            ("2021-24~", "khoảng mùa đông năm 2021", "about winter 2021"),
        ] {
            let date = FuzzyDate::parse(edtf).unwrap();
            assert_eq!((date.text(Locale::Vi), date.text(Locale::En)), (vi.into(), en.into()));
        }
    }

    #[test]
    fn intervals_print_shared_months_and_years_once() {
        for (edtf, vi, en) in [
            ("2006-06-16/2006-06-17", "từ ngày 16 đến ngày 17/6/2006", "16 to 17 June 2006"),
            ("2006-05-28/2006-06-03", "từ ngày 28/5 đến ngày 3/6/2006", "28 May to 3 June 2006"),
            (
                "2006-12-30/2007-01-02",
                "từ ngày 30/12/2006 đến ngày 2/1/2007",
                "30 December 2006 to 2 January 2007",
            ),
            ("2006-05/2006-07", "từ tháng 5 đến tháng 7/2006", "May to July 2006"),
            ("2006-05/2007-07", "từ tháng 5/2006 đến tháng 7/2007", "May 2006 to July 2007"),
            ("1996/2000", "từ năm 1996 đến năm 2000", "1996 to 2000"),
            ("1996~/2000", "từ khoảng năm 1996 đến năm 2000", "from about 1996 to 2000"),
            ("2021-07/..", "từ tháng 7/2021", "from July 2021"),
            ("2021/", "từ năm 2021, chưa rõ kết thúc khi nào", "from 2021, end unknown"),
            ("../2022-03-01", "đến ngày 1/3/2022", "until 1 March 2022"),
            ("/2022", "đến năm 2022, chưa rõ bắt đầu khi nào", "until 2022, start unknown"),
        ] {
            let date = FuzzyDate::parse(edtf).unwrap();
            assert_eq!((date.text(Locale::Vi), date.text(Locale::En)), (vi.into(), en.into()));
        }
    }
}
