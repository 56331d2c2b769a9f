//! Tests of the table.

use super::*;

const SHAPE: CsvSchema = CsvSchema { file: "things.csv", columns: "id,name,tags", key: &["id"] };

fn read(text: &[u8]) -> (CsvTable, Vec<String>) {
    let mut flaws = Flaws::default();
    let table = CsvTable::read(SHAPE, text, &mut flaws);
    (table, flaws.as_slice().iter().map(ToString::to_string).collect())
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
        assert_eq!(read(text.as_bytes()).1, ["things.csv:5 id: \"2\" is taken already"], "{text:?}");
    }
}

#[test]
fn wrong_header_is_reported_by_column_and_has_no_rows() {
    let (table, flaws) = read(b"id,nmae,id\n1,a,b\n");
    assert_eq!(
        flaws,
        [
            "things.csv:1 nmae: the column is unknown",
            "things.csv:1 id: the column is duplicated",
            "things.csv:1 name: the column is missing",
            "things.csv:1 tags: the column is missing",
        ]
    );
    assert!(!table.is_whole());
    assert_eq!(table.rows().count(), 0);
    assert_eq!(read(b"").1, ["things.csv:1: the file is empty"]);
}

#[test]
fn wrong_number_of_fields_and_invalid_utf8_are_flaws() {
    let (table, flaws) = read(b"id,name,tags\n1,a\n2,\xff\xfe,x\n,c,\n3,d,,\n");
    assert_eq!(
        flaws,
        [
            "things.csv:2: expected 3 fields, found 2",
            "things.csv:3 name: is not UTF-8",
            "things.csv:5: expected 3 fields, found 4",
            "things.csv:4 id: is required",
        ]
    );
    assert_eq!(table.rows().count(), 2);
}

#[test]
fn rules_parse_words_and_blank_fields() {
    let (table, _) = read(b"id,name,tags\n1,,x\n");
    let row = table.find("id", "1").unwrap();
    assert_eq!(row.read("id", word::<i32>("a number")), Ok(1));
    assert_eq!(row.read_optional("name", word::<i32>("a number")), Ok(None));
    let text = |flaw: Flaw| flaw.to_string();
    assert_eq!(text(row.read("name", one_of(&["A"])).unwrap_err()), "things.csv:2 name: is required");
    assert_eq!(
        text(row.read("tags", one_of(&["A", "B"])).unwrap_err()),
        "things.csv:2 tags: \"x\" is not one of A, B"
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
            reason: "is required".into(),
        });
    }
    let text = flaws.to_string();
    assert!(text.starts_with("23 flaws\nthings.csv:0 id: is required\n"));
    assert!(text.ends_with("things.csv:19 id: is required\nand 3 more"));
    let duplicate = flaws.as_slice()[3].clone();
    flaws.push(duplicate);
    assert_eq!(flaws.into_result(()).unwrap_err().len(), 23);
}
