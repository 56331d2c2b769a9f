//! Bounds of partial dates, and refused forms.

use super::*;
use proptest::prelude::*;

fn date(edtf: &str) -> FuzzyDate {
    FuzzyDate::parse(edtf).unwrap()
}

/// `earliest first_latest latest`, with `-` for none.
fn bounds(edtf: &str) -> String {
    let date = date(edtf);
    [date.earliest(), date.first_latest(), date.latest()]
        .map(|day| day.map_or("-".to_owned(), |day| day.to_string()))
        .join(" ")
}

#[test]
fn single_dates_have_a_first_and_a_last_day() {
    for (edtf, first, last) in [
        ("1996", "1996-01-01", "1996-12-31"),
        ("1996~", "1996-01-01", "1996-12-31"),
        ("1996-02", "1996-02-01", "1996-02-29"),
        ("1996-05-17", "1996-05-17", "1996-05-17"),
        ("1996-05-17?", "1996-05-17", "1996-05-17"),
        ("1996-05-XX", "1996-05-01", "1996-05-31"),
        ("1996-XX", "1996-01-01", "1996-12-31"),
        ("1996-XX-XX", "1996-01-01", "1996-12-31"),
        ("199X", "1990-01-01", "1999-12-31"),
        ("19XX%", "1900-01-01", "1999-12-31"),
        ("000X", "0001-01-01", "0009-12-31"),
        ("2021-21", "2021-03-01", "2021-05-31"),
        ("2023-24", "2023-12-01", "2024-02-29"),
        ("9999-24", "9999-12-01", "9999-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ] {
        assert_eq!(bounds(edtf), format!("{first} {last} {last}"), "{edtf}");
        assert_eq!(date(edtf).edtf(), edtf);
    }
}

#[test]
fn intervals_begin_by_the_last_day_of_their_start() {
    assert_eq!(bounds("2004-06/2006-08"), "2004-06-01 2004-06-30 2006-08-31");
    assert_eq!(bounds("2021/2021-03"), "2021-01-01 2021-03-31 2021-03-31");
    assert_eq!(bounds("2021-07/.."), "2021-07-01 2021-07-31 -");
    assert_eq!(bounds("2021-07/"), "2021-07-01 2021-07-31 -");
    assert_eq!(bounds("../2022~"), "- - 2022-12-31");
    assert_eq!(bounds("/2022"), "- - 2022-12-31");
}

#[test]
fn extent_of_known_days_is_certain() {
    let sides = |edtf: &str| {
        let side = |range: DayRange| format!("{} {}", range.earliest, range.latest);
        [side(date(edtf).start()), side(date(edtf).end())]
    };
    let (first, last) = ("0001-01-01", "9999-12-31");
    for (edtf, start, end) in [
        ("2025-10-30/2025-11-03", "2025-10-30 2025-10-30", "2025-11-03 2025-11-03"),
        ("2025-10", "2025-10-01 2025-10-31", "2025-10-01 2025-10-31"),
        ("2025-10/2025-11-03", "2025-10-01 2025-10-31", "2025-11-03 2025-11-03"),
        ("2025/2025-03-10", "2025-01-01 2025-03-10", "2025-03-10 2025-03-10"),
        ("2025-10-30/2025", "2025-10-30 2025-10-30", "2025-10-30 2025-12-31"),
        ("2025-10/..", "2025-10-01 2025-10-31", &format!("2025-10-01 {last}")),
        ("../2025-10", &format!("{first} 2025-10-31"), "2025-10-01 2025-10-31"),
        ("2025~", &format!("{first} {last}"), &format!("{first} {last}")),
        ("2025-10-30/2025-11~", "2025-10-30 2025-10-30", &format!("2025-10-30 {last}")),
        ("2025-10?/2025-11-03", &format!("{first} 2025-11-03"), "2025-11-03 2025-11-03"),
    ] {
        assert_eq!(sides(edtf), [start, end], "{edtf}");
    }
}

#[test]
fn canonical_texts_are_trimmed_capital_and_without_empty_intervals() {
    assert_eq!(date(" 199x ").edtf(), "199X");
    assert_eq!(date("2006-06-16/2006-06-16").edtf(), "2006-06-16");
    assert_eq!(date("1996/1996").edtf(), "1996/1996");
    assert_eq!(FuzzyDate::from_day(Day::MAX).edtf(), "9999-12-31");
}

#[test]
fn only_an_unqualified_day_is_exact() {
    assert!(date("1996-05-17").is_exact_day());
    assert!(FuzzyDate::from_day(UNDATED_FIRST).is_exact_day());
    for edtf in ["1996-05-17~", "1996-05", "1996-05-17/..", "1996-05-17/1996-05-18"] {
        assert!(!date(edtf).is_exact_day(), "{edtf}");
    }
}

#[test]
fn errors_name_the_invalid_part() {
    let refused = |raw: &str| FuzzyDate::parse(raw).unwrap_err();
    assert_eq!(refused(" "), Reason::Required);
    let given = |text: &str| text.to_owned();
    for (raw, reason) in [
        ("2023-02-29", InvalidReason::NoSuchDay { given: given("2023-02-29") }),
        ("2023-13", InvalidReason::NoSuchMonth { given: given("2023-13") }),
        ("2023-00-XX", InvalidReason::NoSuchMonth { given: given("2023-00") }),
        ("0000", InvalidReason::NoSuchYear { given: 0 }),
        ("2022-05/2022-04-30", InvalidReason::IntervalReversed { given: given("2022-05/2022-04-30") }),
        ("/..", InvalidReason::IntervalUnbounded),
    ] {
        assert_eq!(refused(raw), reason.into(), "{raw}");
    }
    for raw in [
        "96",
        "1996-5",
        "17/5/1996",
        "1996~~",
        "~1996",
        "1996-XX-17",
        "XXXX",
        "-0044",
        "Y12000",
        "1996-05-17T10:00:00Z",
        "a/b/c",
        "..",
        "１９９６",
    ] {
        let reason = refused(raw);
        assert!(
            matches!(reason, Reason::Invalid(InvalidReason::Malformed { format: Format::EdtfDate, .. })),
            "{raw}: {reason}"
        );
    }
}

#[test]
fn json_contains_the_edtf_text() {
    let json = serde_json::to_string(&date("2021-07/..")).unwrap();
    assert_eq!(json, "\"2021-07/..\"");
    assert_eq!(serde_json::from_str::<FuzzyDate>(&json).unwrap(), date("2021-07/.."));
    assert!(serde_json::from_str::<FuzzyDate>("\"soon\"").is_err());
}

const POINT: &str = "[0-9]{4}(-(0[1-9]|1[0-2]|2[1-4]|XX)(-([0-2][0-9]|XX))?)?[~?%]?|[0-9]{2}[0-9X]X";

proptest! {
    #[test]
    fn parsing_never_panics(raw in "\\PC{0,30}|[0-9X~?%./-]{0,24}") {
        let _ = FuzzyDate::parse(&raw);
    }

    #[test]
    fn dates_keep_their_text_and_order(start in POINT, end in POINT, form in 0..5) {
        let edtf = match form {
            0 => start,
            1 => format!("{start}/.."),
            2 => format!("{start}/"),
            3 => format!("../{end}"),
            _ => format!("{start}/{end}"),
        };
        if let Ok(date) = FuzzyDate::parse(&edtf) {
            prop_assert_eq!(FuzzyDate::parse(date.edtf()).unwrap(), date.clone());
            if let (Some(earliest), Some(latest)) = (date.earliest(), date.latest()) {
                prop_assert!(earliest <= latest);
                prop_assert!(UNDATED_FIRST <= earliest && latest <= UNDATED_LAST);
            }
            if let (Some(earliest), Some(begun)) = (date.earliest(), date.first_latest()) {
                prop_assert!(earliest <= begun);
                prop_assert!(date.latest().is_none_or(|latest| begun <= latest));
            }
            let (start, end) = (date.start(), date.end());
            prop_assert!(start.earliest <= start.latest && end.earliest <= end.latest);
            prop_assert!(start.earliest <= end.earliest && start.latest <= end.latest);
            if !date.is_qualified() {
                prop_assert_eq!(start.earliest, date.earliest().unwrap_or(UNDATED_FIRST));
                prop_assert_eq!(end.latest, date.latest().unwrap_or(UNDATED_LAST));
            }
            prop_assert!(!date.text(crate::locale::Locale::Vi).is_empty());
        }
    }
}
