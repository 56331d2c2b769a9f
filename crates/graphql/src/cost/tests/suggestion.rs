//! The property of a suggestion: a document with all pages of the suggested size fits the limit,
//! and with one more row per page it does not.

use super::*;
use crate::cost::suggest_first;

/// A part of a document whose page sizes can be replaced.
#[derive(Debug, Clone)]
enum DocumentPart {
    Leaf(&'static str),
    Object(&'static str, Vec<DocumentPart>),
    Page(&'static str, u8, Vec<DocumentPart>),
    Groups(&'static str),
}

impl DocumentPart {
    /// Returns the text, with the page sizes as they are or all equal to `page`.
    fn write(&self, page: Option<u64>) -> String {
        let all = |parts: &[Self]| parts.iter().map(|part| part.write(page)).collect::<Vec<_>>().join(" ");
        match self {
            Self::Leaf(text) => (*text).to_owned(),
            Self::Object(name, parts) => format!("{name} {{ __typename {} }}", all(parts)),
            Self::Page(name, own, parts) => {
                // Every third page has no size until one is suggested.
                let first = page.or((own % 3 > 0).then_some(u64::from(*own)));
                let first = first.map_or(String::new(), |first| format!("(first: {first})"));
                format!("{name}{first} {{ nodes {{ __typename {} }} }}", all(parts))
            }
            Self::Groups(by) => {
                let first = page.unwrap_or(100);
                format!("groups(by: [{by}], first: {first}) {{ nodes {{ aggregate {{ count }} }} }}")
            }
        }
    }
}

fn agreement() -> impl Strategy<Value = DocumentPart> {
    prop_oneof![
        Just(DocumentPart::Leaf("title code")),
        Just(DocumentPart::Leaf("a: title b: title c: title d: title e: title f: title")),
        Just(DocumentPart::Leaf("partnerLocality { name }")),
        Just(DocumentPart::Leaf("sources { title address }")),
    ]
}

fn relation() -> impl Strategy<Value = DocumentPart> {
    let agreements = (1_u8..=100, proptest::collection::vec(agreement(), 1..3));
    prop_oneof![
        Just(DocumentPart::Leaf("code tier")),
        agreements.prop_map(|(first, parts)| DocumentPart::Page("agreements", first, parts)),
        (1_u8..=100).prop_map(|first| {
            let relations = DocumentPart::Page("relations", first, vec![DocumentPart::Leaf("code")]);
            DocumentPart::Object("partner", vec![relations])
        }),
    ]
}

fn root() -> impl Strategy<Value = DocumentPart> {
    let relations = (1_u8..=100, proptest::collection::vec(relation(), 1..3));
    let provinces = (1_u8..=100, proptest::collection::vec(relation(), 1..3));
    prop_oneof![
        relations.prop_map(|(first, parts)| DocumentPart::Page("r: relations", first, parts)),
        provinces.prop_map(|(first, parts)| {
            DocumentPart::Object("p: provinces", vec![DocumentPart::Page("relations", first, parts)])
        }),
        Just(DocumentPart::Object(
            "s: statistics",
            vec![DocumentPart::Object("agreements", vec![DocumentPart::Groups("{key: COUNTRY}")])]
        )),
        Just(DocumentPart::Leaf("changes(first: 1, filter: {field: {in: [\"TRADE\"]}}) { cursor }")),
    ]
}

fn suggested(document: &str, limit: u64) -> Option<u64> {
    let parsed = guard::check(document).unwrap();
    let (_, operation) = parsed.operations.iter().next().unwrap();
    let operation_ref =
        OperationRef { document: &parsed, operation: &operation.node, variables: &json!(null) };
    suggest_first(operation_ref, &Sizes::default(), limit)
}

proptest! {
    #[test]
    fn suggested_page_size_fits_the_limit(
        part in root(),
        limit in prop_oneof![Just(2_000_u64), Just(10_000), 20_u64..2_000],
    ) {
        let write = |page: Option<u64>| format!("{{ {} }}", part.write(page));
        let cost_of = |page: u64| cost(&write(Some(page)), &json!(null));
        match suggested(&write(None), limit) {
            Some(first) => {
                prop_assert!(cost_of(first) <= limit);
                prop_assert!(first == 100 || cost_of(first + 1) > limit);
            }
            None => prop_assert!(cost_of(1) > limit),
        }
    }
}

#[test]
fn document_without_pages_has_no_suggestion() {
    assert_eq!(suggested("{ countries { code } }", 200), None);
    assert_eq!(suggested("{ relations { nodes { code } } }", 50), Some(49));
}
