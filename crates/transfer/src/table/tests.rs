//! Tests of the table.

use super::*;
use caunoi_domain::locale::Locale;

const SHAPE: CsvSchema = CsvSchema { file: "things.csv", columns: "id,name,tags", key: &["id"] };

fn read(text: &[u8]) -> (CsvTable, Vec<String>) {
    let mut flaws = Flaws::default();
    let table = CsvTable::read(SHAPE, text, &mut flaws);
    (table, flaws.as_slice().iter().map(|flaw| flaw.text(Locale::En)).collect())
}

#[test]
fn rows_are_read_by_column_in_any_order() {
    let (table, flaws) = read("name,id,tags\n\"Đà Nẵng, city\", 1 ,a; b;\nHuế,2,\n".as_bytes());
    assert_eq!(flaws, [""; 0]);
    let row = table.find("id", "1").unwrap();
    assert_eq!((row.text("name"), row.list("tags")), ("Đà Nẵng, city", vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(table.rows().count(), 2);
}

#[test]
fn flaws_have_the_line_in_the_file() {
    for text in [
        "id,name,tags\n1,\"two\nlines\",\n2,b,\n2,c,\n",
        "id,name,tags\r\n1,\"two\r\nlines\",\r\n2,b,\r\n2,c,\r\n",
        "\u{feff}id,name,tags\n1,\"two\nlines\",\n2,b,\n2,c,",
        "id,name,tags\n1,a,\n2,b,\n\n2,c,\n",
    ] {
        assert_eq!(read(text.as_bytes()).1, ["things.csv:5 id: \"2\" is taken already."], "{text:?}");
    }
}

#[test]
fn wrong_header_is_reported_by_column_and_has_no_rows() {
    let (table, flaws) = read(b"id,nmae,id\n1,a,b\n");
    assert_eq!(
        flaws,
        [
            "things.csv:1 nmae: The column is unknown.",
            "things.csv:1 id: The column is duplicated.",
            "things.csv:1 name: The column is missing.",
            "things.csv:1 tags: The column is missing.",
        ]
    );
    assert!(!table.is_whole());
    assert_eq!(table.rows().count(), 0);
    assert_eq!(read(b"").1, ["things.csv:1: The file is empty."]);
}

#[test]
fn wrong_number_of_fields_and_invalid_utf8_are_flaws() {
    let (table, flaws) = read(b"id,name,tags\n1,a\n2,\xff\xfe,x\n,c,\n3,d,,\n");
    assert_eq!(
        flaws,
        [
            "things.csv:2: 3 fields are expected, 2 found.",
            "things.csv:3 name: The text is not UTF-8.",
            "things.csv:5: 3 fields are expected, 4 found.",
            "things.csv:4 id: A value is required here.",
        ]
    );
    assert_eq!(table.rows().count(), 2);
}

#[test]
fn rules_parse_words_and_blank_fields() {
    let (table, _) = read(b"id,name,tags\n1,,x\n");
    let row = table.find("id", "1").unwrap();
    assert_eq!(row.read("id", number::<i32>(Format::Decimal)), Ok(1));
    assert_eq!(row.read_optional("name", number::<i32>(Format::Decimal)), Ok(None));
    let text = |flaw: Flaw| flaw.text(Locale::En);
    assert_eq!(
        text(row.read("name", one_of(WordList::SourceKind, &["A"])).unwrap_err()),
        "things.csv:2 name: A value is required here."
    );
    assert_eq!(
        text(row.read("tags", one_of(WordList::SourceKind, &["A", "B"])).unwrap_err()),
        "things.csv:2 tags: \"x\" is not a kind of sources. Permitted are A, B."
    );
}

#[test]
fn long_lists_of_flaws_are_truncated() {
    let mut flaws = Flaws::default();
    for line in 0..23 {
        flaws.push(Flaw {
            file: "things.csv".into(),
            line,
            column: "id".into(),
            reason: Reason::Required.into(),
        });
    }
    let text = flaws.text(Locale::En);
    assert!(text.starts_with("23 flaws\nthings.csv:0 id: A value is required here.\n"));
    assert!(text.ends_with("things.csv:19 id: A value is required here.\nand 3 more"));
    let vi = flaws.text(Locale::Vi);
    assert!(vi.starts_with("23 lỗi\nthings.csv:0 id: Thông tin này là bắt buộc.\n"), "{vi}");
    assert!(vi.ends_with("\nvà 3 lỗi khác"), "{vi}");
    let duplicate = flaws.as_slice()[3].clone();
    flaws.push(duplicate);
    assert_eq!(flaws.into_result(()).unwrap_err().len(), 23);
}
