//! Documents that are cheap to write and expensive to check.

use std::fmt::Write as _;

use super::super::case::Case;
use super::super::request::{document, junk, numbered};

const REFUSED: &[&str] = &["422"];
const UNREADABLE: &[&str] = &["400"];

/// Returns a document whose fragments spread the next one several times.
fn bomb(width: usize, depth: usize) -> String {
    let mut text = "{ ...f0 }".to_owned();
    for level in 0..depth {
        let spreads = format!(" ...f{}", level + 1).repeat(width);
        let _ = write!(text, " fragment f{level} on Query {{{spreads} }}");
    }
    text + &format!(" fragment f{depth} on Query {{ __typename }}")
}

/// Returns fields nested in each other.
fn nested(levels: usize) -> String {
    let opened = "relations { nodes { province { ".repeat(levels / 3);
    format!("{{ {opened} name {} }}", "} ".repeat(levels / 3 * 3))
}

fn refused(requirement: &'static str, name: &str, text: &str) -> Case {
    Case::new(requirement, name, document(text), REFUSED).code("BAD_INPUT")
}

/// Returns a document that is larger or deeper than the guard permits.
fn excessive(requirement: &'static str, name: &str, text: &str) -> Case {
    Case::new(requirement, name, document(text), REFUSED).code("COST_EXCEEDED")
}

/// Returns a document with a value that its field refuses.
fn value(requirement: &'static str, name: &str, text: &str) -> Case {
    Case::new(requirement, name, document(text), &["294"]).code("BAD_INPUT")
}

fn unreadable(requirement: &'static str, name: &str, text: &str) -> Case {
    Case::new(requirement, name, document(text), UNREADABLE).code("BAD_INPUT")
}

pub(super) fn all() -> Vec<Case> {
    [fragments(), shapes(), tokens(), syntax(), rules()].into_iter().flatten().collect()
}

fn fragments() -> Vec<Case> {
    let chain: String = numbered(400, |n| format!("fragment f{n} on Query {{ ...f{} }} ", n + 1));
    let unused: String = numbered(200, |n| format!("fragment u{n} on Query {{ __typename }} "));
    vec![
        excessive("F1 F2 1", "fragment bomb, 9 wide, 8 deep", &bomb(9, 8)),
        excessive("F1 F2 1", "fragment bomb, 2 wide, 28 deep", &bomb(2, 28)),
        excessive("F1 F2 1", "fragment bomb, 60 wide, 10 deep", &bomb(60, 10)),
        excessive(
            "1",
            "fragment bomb in an unused fragment",
            &bomb(9, 8).replacen("{ ...f0 }", "{ __typename }", 1),
        ),
        refused("1", "fragment that contains itself", "{ ...a } fragment a on Query { ...a }"),
        refused(
            "1",
            "two fragments that contain each other",
            "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
        ),
        refused(
            "1",
            "chain of 400 fragments",
            &format!("{{ ...f0 }} {chain} fragment f400 on Query {{ __typename }}"),
        ),
        refused("1 F12", "200 unused fragments", &format!("{{ __typename }} {unused}")),
        refused("1 F12", "3,000 spreads of unknown fragments", &format!("{{ {} }}", "...x ".repeat(1_900))),
    ]
}

fn shapes() -> Vec<Case> {
    let inline = format!("{{ {} __typename {} }}", "... { ".repeat(60), "} ".repeat(60));
    let aliases = |count: usize| -> String {
        let fields: String = numbered(count, |n| format!("a{n}: __typename "));
        format!("{{ {fields} }}")
    };
    let same = format!("{{ {} }}", "provinces { name } ".repeat(900));
    vec![
        excessive("1", "fields nested 18 deep", &nested(18)),
        excessive("1", "fields nested 60 deep", &nested(60)),
        refused("1", "60 inline fragments in each other", &inline),
        excessive("1", "51 aliases", &aliases(51)),
        excessive("1", "1,300 aliases", &aliases(1_300)),
        excessive("1", "2,001 selections", &format!("{{ {} }}", "__typename ".repeat(2_001))),
        excessive("1 2", "one field 900 times", &same),
        refused("1", "21 directives on a field", &format!("{{ __typename {} }}", "@include(if: true) ".repeat(21))),
        refused("1 F14", "700 unknown directives on a field", &format!("{{ __typename {} }}", "@x ".repeat(700))),
        refused("1", "fields that conflict in 1,000 pairs", &format!("{{ {} }}", "search(query: \"a\", first: 1) { nodes { __typename } } search(query: \"b\") { nodes { __typename } } ".repeat(90))),
    ]
}

fn tokens() -> Vec<Case> {
    vec![
        unreadable("1", "65 open brackets", &"{".repeat(65)),
        unreadable("1", "100,000 open brackets", &"{".repeat(100_000)),
        unreadable(
            "1",
            "100,000 open lists in an argument",
            &format!("{{ nodes(ids: {} }}", "[".repeat(100_000)),
        ),
        unreadable("1", "4,001 tokens", &"a ".repeat(4_001)),
        unreadable("1", "120,000 tokens", &"a ".repeat(120_000)),
        unreadable("1", "name of 201 bytes", &format!("{{ {} }}", junk(201))),
        unreadable("1 F12", "name of 200,000 bytes", &format!("{{ {} }}", junk(200_000))),
        unreadable("1", "65 KiB of spaces", &format!("{{ __typename {} }}", " ".repeat(65 * 1_024))),
        unreadable("1", "200 KiB of comments", &format!("# {}\n{{ __typename }}", junk(200_000))),
        unreadable("1", "200,000 commas", &format!("{{ __typename {} }}", ",".repeat(200_000))),
        value(
            "1 F12",
            "text of 200 KiB in a document",
            &format!("{{ search(query: \"{}\") {{ nodes {{ __typename }} }} }}", junk(200_000)),
        ),
        value(
            "1 F12",
            "block text of 200 KiB",
            &format!("{{ search(query: \"\"\"{}\"\"\") {{ nodes {{ __typename }} }} }}", junk(200_000)),
        ),
    ]
}

fn syntax() -> Vec<Case> {
    vec![
        unreadable("1", "empty document", ""),
        unreadable("1", "document of one comment", "# nothing"),
        unreadable("1 F12", "unclosed text", "{ search(query: \"qJx"),
        unreadable("1 F12", "unclosed block text", "{ search(query: \"\"\"qJx"),
        unreadable("1", "NUL in a document", "{ __type\0name }"),
        unreadable("1", "escape code of a terminal in a document", "{ \u{1b}[31m }"),
        unreadable(
            "1",
            "lone surrogate in a text",
            "{ search(query: \"\\uD800\") { totalCount { value } } }",
        ),
        unreadable(
            "1",
            "code point beyond Unicode",
            "{ search(query: \"\\u{110000}\") { totalCount { value } } }",
        ),
        unreadable("1", "direction mark in a name", "{ __type\u{202e}name }"),
        unreadable("1", "letter of Cyrillic in a name", "{ provinсes { name } }"),
        Case::new("1", "byte order mark in a document", document("\u{feff}{ __typename }"), &["200"]),
        unreadable("1 F12", "SQL instead of a document", "SELECT * FROM change; DROP TABLE change; --"),
        unreadable("1 F12", "markup instead of a document", "<script>alert(1)</script>"),
    ]
}

fn rules() -> Vec<Case> {
    let unknown: String = numbered(900, |n| format!("qJx{n} "));
    let arguments: String = numbered(900, |n| format!("qJx{n}: 1 "));
    vec![
        refused("15 F12", "900 unknown fields", &format!("{{ {unknown} }}")),
        refused(
            "15 F12",
            "900 unknown arguments",
            &format!("{{ relations({arguments}) {{ nodes {{ code }} }} }}"),
        ),
        refused("14", "misspelled field gets no suggestion", "{ provincez { name } }"),
        refused("1", "type definition", "type Query { a: Int } { __typename }"),
        refused("1", "anonymous operation with another one", "{ __typename } query A { __typename }"),
        refused("1", "two operations of one name", "query A { __typename } query A { __typename }"),
        refused(
            "1",
            "one field twice in an input",
            "{ relations(filter: {tier: {eq: SISTER}, tier: {eq: SISTER}}) { nodes { code } } }",
        ),
        refused("1", "leaf with a selection", "{ __typename { a } }"),
        refused("1", "object without a selection", "{ provinces }"),
        refused("5", "subscription as a response", "subscription { changes { __typename } }"),
    ]
}
