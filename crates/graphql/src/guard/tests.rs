//! Accepted documents, refused documents, and the steps that a refusal takes.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

/// Leaves room for the text around the repeated part of a case.
const LARGE: usize = MAX_BYTES - 64;

fn rule_of(document: &str) -> Option<Rule> {
    check(document).err().map(|refused| refused.rule)
}

/// A chain of `levels` fragments, each of which spreads the next one `width` times.
fn fragment_bomb(width: usize, levels: usize) -> String {
    let mut document = "{...F0}".to_owned();
    for level in 0..levels {
        let spreads = format!("...F{} ", level + 1).repeat(width);
        let _ = write!(document, "fragment F{level} on Query{{{spreads}}}");
    }
    let _ = write!(document, "fragment F{levels} on Query{{__typename}}");
    document
}

fn nested(depth: usize) -> String {
    format!("{}a{}", "{a".repeat(depth - 1) + "{", "}".repeat(depth))
}

#[test]
fn ordinary_document_passes() {
    let document = r#"
        # Quan hệ của Đồng Nai
        query Relations($first: Int = 20, $filter: RelationFilter = {search: "Đà Nẵng \" \\ "}) {
            relations(first: $first, filter: $filter) @include(if: true) {
                nodes { id ...Name ... on Relation { tier } ... { code } }
            }
            f: figures(a: -1.5e+3, b: [1, 2], c: """block \""" " text""", d: nullable) { totalCount { value } }
        }
        fragment Name on Relation { partnerLocality { name(locale: VI) } }
        mutation Other { __typename }
    "#;
    assert_eq!(rule_of(document), None);
    assert_eq!(rule_of("{ nullable trueNorth false }"), None);
}

#[test]
fn graphiql_introspection_passes() {
    assert_eq!(rule_of(include_str!("introspection.graphql")), None);
}

/// Returns whether the document is refused, and the steps of the check.
fn steps_of(document: &str) -> (bool, StepCounts) {
    let mut steps = StepCounts::default();
    let is_refused = check_counted(document, &mut steps).is_err();
    (is_refused, steps)
}

#[test]
fn fragment_bombs_are_weighed_in_linear_time() {
    for (width, levels) in [(9, 8), (2, 28), (10, 30), (1, 31), (60, 60)] {
        let (is_refused, steps) = steps_of(&fragment_bomb(width, levels));
        assert!(is_refused || width == 1, "{width} {levels}");
        // Each selection is visited to find its spreads, to weigh it, and when its fragment is
        // weighed.
        let selections = 2 + width * levels;
        assert!(steps.weighed <= 3 * selections, "{width} {levels}: {steps:?}");
    }
}

#[test]
fn unused_fragments_are_weighed_too() {
    let bomb = fragment_bomb(9, 8).replacen("{...F0}", "{a}", 1);
    assert_eq!(rule_of(&bomb), Some(Rule::Selections));
    let mut many = format!("{{a}} fragment F on Q{{{}}}", "a ".repeat(1_500));
    for number in 0..200 {
        let _ = write!(many, "fragment G{number} on Q{{...F}}");
    }
    assert_eq!(rule_of(&many), Some(Rule::Selections));
}

#[test]
fn long_fragment_chain_is_refused_without_recursion() {
    assert_eq!(rule_of(&fragment_bomb(1, 400)), Some(Rule::Nesting));
}

#[test]
fn cycles_are_refused() {
    let own = "{...A} fragment A on Query{...A}";
    let through_another = "{a} fragment A on Q{...B} fragment B on Q{b{...A}} fragment C on Q{c}";
    assert_eq!(rule_of(own), Some(Rule::Cycle));
    assert_eq!(rule_of(through_another), Some(Rule::Cycle));
}

/// Makes a document with a count of one element; the limit of that count; the rule.
type LimitCase<'a> = (&'a dyn Fn(usize) -> String, usize, Rule);

#[test]
fn each_limit_holds_exactly() {
    let aliases = |count: usize| {
        let fields: Vec<_> = (0..count).map(|number| format!("a{number}:b")).collect();
        format!("{{{}}}", fields.join(" "))
    };
    let name = |bytes: usize| format!("{{{}}}", "a".repeat(bytes));
    let selections = |count: usize| format!("{{{}}}", "a ".repeat(count));
    let directives = |count: usize| format!("{{a{}}}", " @b".repeat(count));
    let tokens = |count: usize| format!("{{a(b:[{}])}}", "1 ".repeat(count - 9));
    let brackets = |count: usize| format!("{{a(b:{}{})}}", "[".repeat(count - 2), "]".repeat(count - 2));
    let ignored = |count: usize| format!("{{{}a}}", ",".repeat(count));

    let cases: [LimitCase<'_>; 8] = [
        (&aliases, MAX_ALIASES, Rule::Aliases),
        (&name, MAX_NAME_BYTES, Rule::Name),
        (&selections, MAX_SELECTIONS, Rule::Selections),
        (&directives, MAX_DIRECTIVES, Rule::Directives),
        (&tokens, MAX_TOKENS, Rule::Tokens),
        (&brackets, MAX_BRACKETS, Rule::Brackets),
        (&nested, MAX_DEPTH, Rule::Depth),
        (&ignored, MAX_IGNORED_BYTES, Rule::Ignored),
    ];
    for (document, limit, rule) in cases {
        assert_eq!(rule_of(&document(limit)), None, "{rule:?}");
        assert_eq!(rule_of(&document(limit + 1)), Some(rule), "{rule:?}");
    }
}

#[test]
fn aliases_count_at_each_fragment_spread() {
    let document = format!("{{{}}} fragment F on Q{{a:b c:d}}", "x{...F} ".repeat(MAX_ALIASES / 2 + 1));
    assert_eq!(rule_of(&document), Some(Rule::Aliases));
}

#[test]
fn names_and_numbers_are_read_whole() {
    let names = |count: usize| format!("{{a(b:[{}])}}", "truetruenull ".repeat(count));
    assert_eq!(rule_of(&names(MAX_TOKENS - 9)), None);
    assert_eq!(rule_of(&names(MAX_TOKENS)), Some(Rule::Tokens));
    assert_eq!(rule_of("{a(b:[0000])}"), Some(Rule::Syntax));
    assert_eq!(rule_of("{a(b:1a)}"), Some(Rule::Syntax));
    let signs = format!("{{a(b:[{}])}}", "-1".repeat(MAX_TOKENS));
    assert_eq!(rule_of(&signs), Some(Rule::Tokens));
}

#[test]
fn equal_names_and_type_definitions_are_refused() {
    for (document, rule, column) in [
        ("{a} {b}", Rule::AnonymousOperation, 5),
        ("query A {a} {b}", Rule::AnonymousOperation, 13),
        ("{a} query A {b}", Rule::AnonymousOperation, 5),
        ("query A {a} query A {b}", Rule::OperationNames, 19),
        ("{...F} fragment F on Q {a} fragment F on Q {a}", Rule::FragmentNames, 37),
        ("{a(b: {c: 1, c: 1})}", Rule::InputFieldNames, 14),
        ("{a} type A { b: C }", Rule::TypeDefinition, 5),
        ("{a} extend schema @b", Rule::TypeDefinition, 5),
        ("{a(b: {c: 1, c: 1})} {", Rule::Syntax, 22),
    ] {
        let refused = check(document).unwrap_err();
        let location = Some(SourceLocation { line: 1, column });
        assert_eq!((refused.rule, refused.location), (rule, location), "{document}");
    }
}

#[test]
fn syntax_error_has_a_location_and_no_source_text() {
    let refused = check("{\n  a(b: \"secret\"\n  ]\n}").unwrap_err();
    assert_eq!(refused.rule, Rule::Syntax);
    assert_eq!(refused.location.map(|location| location.line), Some(3));
    assert!(!refused.message().contains("secret"));
    let early = check("{\r\n  ;").unwrap_err();
    assert_eq!(early.location, Some(SourceLocation { line: 2, column: 3 }));
}

#[test]
fn control_bytes_are_refused_everywhere() {
    for document in ["{a\0}", "{a(b:\"\0\")}", "{a #\0\n}", "{a(b:\"\"\"\0\"\"\")}", "\0"] {
        assert_eq!(rule_of(document), Some(Rule::Syntax), "{document:?}");
    }
}

#[test]
fn hostile_documents_are_refused_in_linear_time() {
    let fill = |part: &str| part.repeat(LARGE / part.len());
    let hostile = [
        fill("{"),
        format!("{}{}", "[".repeat(LARGE / 2), "]".repeat(LARGE / 2)),
        fill("{a"),
        fill("("),
        format!("{{a(b:{}", fill("[")),
        format!("{{a(b:{}", fill("{c:")),
        fill("\""),
        format!("{{a(b:\"{}", fill("\\\"")),
        format!("{{a(b:\"\"\"{}", fill("\\\"\"\"")),
        fill("#"),
        fill("#\n"),
        fill(" "),
        format!("{{a{}b}}", fill(",\n")),
        format!("{{a{}b}}", fill("#x\r")),
        fill("\u{feff}"),
        fill("a"),
        fill("a:"),
        fill("...on"),
        fill("@a"),
        fill("-"),
        fill("1"),
        fill("0"),
        fill("true"),
        fill("é"),
        format!("query({})", fill("$a:[B!]!=1@c ")),
        format!("{{a(b:\"{}\") ]", fill("é")),
        format!("{{a(b:\"{}\")}}]", fill("\\u00e9")),
        format!("{{a(b:\"\"\"{}\"\"\") ?", fill("\n")),
        "a".repeat(1_024 * 1_024),
    ];
    for document in &hostile {
        let (is_refused, steps) = steps_of(document);
        assert!(is_refused, "{document:.20}");
        // Read once, again for control bytes or literals, and once for the location of the error.
        assert!(steps.scanned <= 3 * MAX_BYTES, "{document:.20}: {steps:?}");
        // Only a document of few tokens, such as one long string, reaches the parser, which reads
        // it once.
        assert!(steps.parsed <= document.len(), "{document:.20}: {steps:?}");
        assert_eq!(steps.weighed, 0, "{document:.20}: {steps:?}");
    }
}

fn fragments_of_documents() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "...",
        "...F",
        "fragment F on Q",
        "query",
        "mutation Q",
        "on",
        "a",
        "a:b",
        "$v",
        ":",
        "=",
        "!",
        "@d",
        "|",
        "&",
        "\"",
        "\"\"\"",
        "\"s\"",
        "\\",
        "1",
        "-",
        "0",
        "1.5e3",
        "true",
        "nullx",
        "#c\n",
        "\n",
        " ",
        ",",
        "\u{feff}",
        "\0",
        "é",
    ]);
    prop::collection::vec(parts, 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_is_checked_without_panic(document in "\\PC*") {
        let _ = check(&document);
    }

    #[test]
    fn any_mix_of_tokens_is_checked_without_panic(document in fragments_of_documents()) {
        let _ = check(&document);
    }
}
