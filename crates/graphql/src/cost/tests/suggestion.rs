//! The property of a suggestion: a document whose pages are all as long as suggested fits, and with
//! one row more it does not.

use super::*;
use crate::cost::suggest_first;

/// A document whose pages are written by their length.
#[derive(Debug, Clone)]
enum Part {
    Leaf(&'static str),
    Object(&'static str, Vec<Part>),
    Page(&'static str, u8, Vec<Part>),
    Groups(&'static str),
}

impl Part {
    /// The text, with the pages as they are or all of one length.
    fn write(&self, page: Option<u64>) -> String {
        let all = |parts: &[Self]| parts.iter().map(|part| part.write(page)).collect::<Vec<_>>().join(" ");
        match self {
            Self::Leaf(text) => (*text).to_owned(),
            Self::Object(name, parts) => format!("{name} {{ __typename {} }}", all(parts)),
            Self::Page(name, own, parts) => {
                // Every third page leaves its length out until one is suggested.
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

fn agreement() -> impl Strategy<Value = Part> {
    prop_oneof![
        Just(Part::Leaf("title code")),
        Just(Part::Leaf("a: title b: title c: title d: title e: title f: title")),
        Just(Part::Leaf("partner { name }")),
        Just(Part::Leaf("sources { title address }")),
    ]
}

fn relation() -> impl Strategy<Value = Part> {
    let agreements = (1_u8..=100, proptest::collection::vec(agreement(), 1..3));
    prop_oneof![
        Just(Part::Leaf("code tier")),
        agreements.prop_map(|(first, parts)| Part::Page("agreements", first, parts)),
        (1_u8..=100).prop_map(|first| {
            let relations = Part::Page("relations", first, vec![Part::Leaf("code")]);
            Part::Object("partner", vec![relations])
        }),
    ]
}

fn root() -> impl Strategy<Value = Part> {
    let relations = (1_u8..=100, proptest::collection::vec(relation(), 1..3));
    let provinces = (1_u8..=100, proptest::collection::vec(relation(), 1..3));
    prop_oneof![
        relations.prop_map(|(first, parts)| Part::Page("r: relations", first, parts)),
        provinces.prop_map(|(first, parts)| {
            Part::Object("p: provinces", vec![Part::Page("relations", first, parts)])
        }),
        Just(Part::Object(
            "s: statistics",
            vec![Part::Object("agreements", vec![Part::Groups("{key: COUNTRY}")])]
        )),
        Just(Part::Leaf("changes(first: 1, filter: {field: {in: [\"TRADE\"]}}) { cursor }")),
    ]
}

fn suggested(document: &str, limit: u64) -> Option<u64> {
    let parsed = guard::check(document).unwrap();
    let (_, operation) = parsed.operations.iter().next().unwrap();
    let asked = Asked { document: &parsed, operation: &operation.node, variables: &json!(null) };
    suggest_first(asked, &Sizes::default(), limit)
}

proptest! {
    #[test]
    fn a_suggestion_fits_when_it_is_applied(
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
fn a_document_without_pages_has_no_suggestion() {
    assert_eq!(suggested("{ countries { code } }", 200), None);
    assert_eq!(suggested("{ relations { nodes { code } } }", 50), Some(49));
}
