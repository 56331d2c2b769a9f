//! Requests that are valid, and too expensive or too broad.

use super::super::case::Case;
use super::super::request::{document, get, junk, numbered, post_as};

fn costly(name: &str, text: &str) -> Case {
    Case::new("2", name, document(text), &["422"]).code("COST_EXCEEDED")
}

fn refused(requirement: &'static str, name: &str, text: &str) -> Case {
    Case::new(requirement, name, document(text), &["422", "294", "200"]).code("BAD_INPUT")
}

pub(super) fn all() -> Vec<Case> {
    [costs(), pages(), introspection()].into_iter().flatten().collect()
}

fn costs() -> Vec<Case> {
    let lists: String = numbered(50, |n| {
        format!(
            "a{n}: relations(first: 100) {{ nodes {{ code agreements(first: 100) {{ nodes {{ title }} }} }} }} "
        )
    });
    let searches: String =
        numbered(50, |n| format!("s{n}: search(query: \"a{n}\", first: 1) {{ nodes {{ __typename }} }} "));
    vec![
        costly("50 lists with lists", &format!("{{ {lists} }}")),
        costly("50 searches", &format!("{{ {searches} }}")),
        costly(
            "states of the past in 40 aliases",
            &format!(
                "{{ {} }}",
                numbered(40, |n| format!(
                    "a{n}: statistics(asOf: \"2020-01-{:02}\") {{ relations {{ groups(by: [{{key: PROVINCE}}], first: 100) {{ nodes {{ aggregate {{ count }} }} }} }} }} ",
                    n % 28 + 1
                ))
            ),
        ),
    ]
}

fn pages() -> Vec<Case> {
    let relations = |arguments: &str| format!("{{ relations({arguments}) {{ nodes {{ code }} }} }}");
    vec![
        refused("3", "page of 101 rows", &relations("first: 101")),
        refused("3", "page of -1 rows", &relations("first: -1")),
        refused("3", "page of 0 rows", &relations("first: 0")),
        refused("3", "page of 2^31 rows", &relations("first: 2147483648")),
        refused("3", "page of 10^400 rows", &relations(&format!("first: 1{}", "0".repeat(400)))),
        refused("3", "page of 1.5 rows", &relations("first: 1.5")),
        refused("3", "both directions of a page", &relations("first: 1, last: 1")),
        refused("3", "last page without a direction", &relations("first: 1, before: \"x\"")),
        refused(
            "4",
            "251 values in a filter",
            &relations(&format!("filter: {{unit: {{in: [{}]}}}}", "\"HUE\" ".repeat(251))),
        ),
        refused(
            "4",
            "search of 201 characters",
            &format!("{{ search(query: \"{}\") {{ nodes {{ __typename }} }} }}", junk(201)),
        ),
        refused("4", "101 ids", &format!("{{ nodes(ids: [{}]) {{ __typename }} }}", "\"x\" ".repeat(101))),
    ]
}

fn introspection() -> Vec<Case> {
    let circle = "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }";
    let wide: String = numbered(40, |n| {
        format!(
            "a{n}: __schema {{ types {{ name description fields {{ name description args {{ name description }} }} }} }} "
        )
    });
    let name = format!("{{ __type(name: \"{}\") {{ name }} }}", junk(10_000));
    let sdl = post_as("application/json", "", br#"{"query":"{ _service { sdl } }"}"#);
    vec![
        Case::new("2 14", "circle through the types of the schema", document(circle), &["422"])
            .code("COST_EXCEEDED"),
        Case::new(
            "2 14",
            "the whole schema with its descriptions in 40 aliases",
            document(&format!("{{ {wide} }}")),
            &["422"],
        )
        .code("COST_EXCEEDED"),
        Case::new("F12", "type with a name of 10,000 bytes", document(&name), &["200"]),
        Case::new("14", "SDL of a federated service", sdl, &["422"]).code("BAD_INPUT"),
        Case::new("14", "metrics at the public address", get("/metrics"), &["404"]).code("NOT_FOUND"),
        Case::new("14", "debug page", get("/debug/pprof/heap"), &["404"]).code("NOT_FOUND"),
    ]
}
