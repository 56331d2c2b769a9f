//! Dates as people write them, in Vietnamese and English.
//!
//! Numbers alone are read as day, month and year, the Vietnamese order, only where month, day and
//! year is no date or the same one; otherwise the text has two readings and is refused.

use super::fuzzy::FuzzyDate;
use crate::text;
use crate::validation::{Format, InvalidReason, Reason, shorten};

/// The maximum length in bytes of a text that is read as a date.
const LONGEST: usize = 60;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl FuzzyDate {
    /// Parses an EDTF text, or a date as people write it: `20/05/2024`, `5-2024`, `2024/05/20`,
    /// `tháng 5 năm 2024`, `ngày 20 tháng 5 năm 2024`, `20 May 2024`.
    ///
    /// # Errors
    /// `AmbiguousDate` where day and month can be exchanged, as in `05/06/2024`; otherwise as
    /// [`FuzzyDate::parse`].
    pub fn parse_written(raw: &str) -> Result<Self, Reason> {
        match Self::parse(raw) {
            Err(Reason::Invalid(InvalidReason::Malformed { .. })) => {
                read(raw).unwrap_or_else(|| Err(Reason::malformed(Format::EdtfDate, raw)))
            }
            outcome => outcome,
        }
    }
}

/// Returns the refusal that contains the accepted form of a date as people write it; None for any
/// other text.
pub(crate) fn accepted_form(raw: &str) -> Option<Reason> {
    let accepted = |date: FuzzyDate| {
        InvalidReason::DateForm { given: shorten(raw), accepted: date.edtf().to_owned() }.into()
    };
    read(raw).map(|outcome| outcome.map_or_else(|reason| reason, accepted))
}

/// Like [`accepted_form`], for a text that has to be a day.
pub(super) fn accepted_day(raw: &str) -> Option<Reason> {
    match read(raw) {
        Some(Ok(date)) if !date.is_exact_day() => None,
        _ => accepted_form(raw),
    }
}

/// Returns the reading of a date as people write it, or None for a text of another shape.
fn read(raw: &str) -> Option<Result<FuzzyDate, Reason>> {
    let (shape, numbers) = shape(raw)?;
    let edtf = match (shape.as_str(), numbers.as_slice()) {
        ("n/n/Y", [first, second, year]) => return Some(without_order(raw, [*first, *second, *year])),
        (
            "ngay n/n/Y"
            | "ngay n/n nam Y"
            | "n/n nam Y"
            | "ngay n thang n nam Y"
            | "ngay n thang n Y"
            | "ngay n thang n/Y"
            | "n thang n nam Y"
            | "n thang n Y"
            | "n thang n/Y"
            | "n M Y",
            [day, month, year],
        )
        | ("M n Y", [month, day, year])
        | ("Y/n/n", [year, month, day]) => day_text(*year, *month, *day),
        ("n/Y" | "thang n/Y" | "thang n nam Y" | "thang n Y" | "M Y", [month, year])
        | ("Y/n", [year, month]) => {
            if !(1..=12).contains(month) {
                return Some(Err(InvalidReason::NoSuchMonth { given: month_text(*year, *month) }.into()));
            }
            month_text(*year, *month)
        }
        ("nam Y", [year]) => format!("{year:04}"),
        _ => return None,
    };
    Some(FuzzyDate::parse(&edtf))
}

/// Reads two numbers and a year whose order is not stated.
fn without_order(raw: &str, [first, second, year]: [u32; 3]) -> Result<FuzzyDate, Reason> {
    let day_first = FuzzyDate::parse(&day_text(year, second, first));
    let month_first = FuzzyDate::parse(&day_text(year, first, second));
    match (day_first, month_first) {
        (Ok(accepted), Ok(other)) if accepted != other => Err(InvalidReason::AmbiguousDate {
            given: shorten(raw),
            accepted: accepted.edtf().to_owned(),
            other: other.edtf().to_owned(),
        }
        .into()),
        (Err(_), Ok(date)) => Ok(date),
        (outcome, _) => outcome,
    }
}

fn day_text(year: u32, month: u32, day: u32) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

fn month_text(year: u32, month: u32) -> String {
    format!("{year:04}-{month:02}")
}

/// Returns the shape of a text and its numbers: `n` for one or two digits, `Y` for four, `M` for an
/// English month, `/` for any one of the separators `/`, `-` and `.`. None where separators differ,
/// as in `2-5/2024`, which may be a period.
fn shape(raw: &str) -> Option<(String, Vec<u32>)> {
    if raw.len() > LONGEST {
        return None;
    }
    let text = text::fold(raw).replace(',', " ");
    let mut separator = None;
    let mut spaced = String::new();
    for c in text.chars() {
        if matches!(c, '/' | '-' | '.') {
            if separator.is_some_and(|known| known != c) {
                return None;
            }
            separator = Some(c);
            spaced.push_str(" / ");
        } else {
            spaced.push(c);
        }
    }
    let mut numbers = Vec::new();
    let words: Vec<&str> = spaced.split_whitespace().map(|word| mark(word, &mut numbers)).collect();
    Some((words.join(" ").replace(" / ", "/"), numbers))
}

/// Returns the mark of a word in a shape, and adds its number.
fn mark<'a>(word: &'a str, numbers: &mut Vec<u32>) -> &'a str {
    let is_month = |name: &&str| *name == word || (word.len() == 3 && name.starts_with(word));
    if let Some(month) = (1..).zip(MONTHS).find_map(|(month, name)| is_month(&name).then_some(month)) {
        numbers.push(month);
        return "M";
    }
    let mark = match word.len() {
        1 | 2 => "n",
        4 => "Y",
        _ => return word,
    };
    match word.parse() {
        Ok(number) if word.bytes().all(|byte| byte.is_ascii_digit()) => {
            numbers.push(number);
            mark
        }
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;
    use crate::validation::Format;
    use proptest::prelude::*;

    fn edtf(raw: &str) -> Result<String, Reason> {
        FuzzyDate::parse_written(raw).map(|date| date.edtf().to_owned())
    }

    #[test]
    fn dates_with_one_reading_are_read() {
        for (raw, expected) in [
            ("20/05/2024", "2024-05-20"),
            ("20-5-2024", "2024-05-20"),
            (" 20 . 5 . 2024 ", "2024-05-20"),
            ("05/20/2024", "2024-05-20"),
            ("05/05/2024", "2024-05-05"),
            ("2024/05/20", "2024-05-20"),
            ("2024-5-20", "2024-05-20"),
            ("ngày 20 tháng 5 năm 2024", "2024-05-20"),
            ("Ngày 05/06/2024", "2024-06-05"),
            ("20 tháng 5, 2024", "2024-05-20"),
            ("20 May 2024", "2024-05-20"),
            ("May 20, 2024", "2024-05-20"),
            ("5-2024", "2024-05"),
            ("05/2024", "2024-05"),
            ("2024/5", "2024-05"),
            ("tháng 5 năm 2024", "2024-05"),
            ("THÁNG 5/2024", "2024-05"),
            ("May 2024", "2024-05"),
            ("Sep 2024", "2024-09"),
            ("năm 2024", "2024"),
            ("2024-05-20", "2024-05-20"),
            ("2021-07/..", "2021-07/.."),
            ("1996/2000", "1996/2000"),
        ] {
            assert_eq!(edtf(raw).as_deref(), Ok(expected), "{raw}");
        }
    }

    #[test]
    fn date_with_two_readings_is_refused_with_the_vietnamese_one_first() {
        assert_eq!(
            edtf("05/06/2024"),
            Err(InvalidReason::AmbiguousDate {
                given: "05/06/2024".to_owned(),
                accepted: "2024-06-05".to_owned(),
                other: "2024-05-06".to_owned(),
            }
            .into())
        );
    }

    #[test]
    fn days_and_months_that_do_not_exist_are_named() {
        let day = |given: &str| Err(InvalidReason::NoSuchDay { given: given.to_owned() }.into());
        assert_eq!(edtf("31/02/2024"), day("2024-02-31"));
        assert_eq!(edtf("ngày 20/13/2024"), day("2024-13-20"));
        let given = "2024-13".to_owned();
        assert_eq!(edtf("13/2024"), Err(InvalidReason::NoSuchMonth { given }.into()));
    }

    #[test]
    fn other_texts_stay_malformed() {
        for raw in ["20/5/24", "2-5/2024", "5/2024 - 6/2024", "May", "20 2024", "hôm qua", "1/2/3/2024", "96"]
        {
            let reason = edtf(raw).unwrap_err();
            let is_malformed =
                matches!(&reason, Reason::Invalid(InvalidReason::Malformed { format: Format::EdtfDate, .. }));
            assert!(is_malformed, "{raw}: {reason}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(raw in "\\PC{0,70}|[0-9/. -]{0,20}|(ngay |thang |nam |may )?[0-9/ -]{0,14}") {
            let _ = FuzzyDate::parse_written(&raw);
        }

        #[test]
        fn day_in_vietnamese_or_english_is_read_back(days in 0i64..3_652_059) {
            let day = super::super::UNDATED_FIRST + chrono::Duration::days(days);
            let date = FuzzyDate::from_day(day);
            let written = format!("ngày {}", date.text(Locale::Vi));
            let year = date.edtf().split('-').next().unwrap_or_default();
            // Years have four digits in the forms of people.
            if !year.starts_with('0') {
                prop_assert_eq!(FuzzyDate::parse_written(&written).unwrap(), date.clone());
                prop_assert_eq!(FuzzyDate::parse_written(&date.text(Locale::En)).unwrap(), date);
            }
        }
    }
}
