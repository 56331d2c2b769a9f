//! Mutations: rights, idempotency keys, and texts that attack their readers.

use serde_json::{Value, json};

use super::super::case::Case;
use super::super::fixture::Fixture;
use super::super::request::{document, junk, numbered, post_with};

const CREATE: &str = "mutation($input: CreateEventInput!) { createEvent(input: $input) { event { title } errors { code path } } }";

fn event() -> Value {
    json!({
        "province": "DONG_NAI", "title": {"vi": "Hội nghị"}, "kind": "CONFERENCE", "pillar": "STATE",
        "heldOn": "2026-10-05", "partnerLocalities": ["kr-gyeongsangnam"], "allowDuplicate": true,
    })
}

/// Returns the creation of an event with another value of one field.
fn create(fixture: &Fixture, field: &str, value: &Value) -> super::super::case::Exchange {
    let mut input = event();
    input[field] = value.clone();
    post_with(&fixture.clerk, &json!({"query": CREATE, "variables": {"input": input}}))
}

pub(super) fn all(fixture: &Fixture) -> Vec<Case> {
    [texts(fixture), lists(fixture), keys(fixture), rights(fixture)].into_iter().flatten().collect()
}

fn texts(fixture: &Fixture) -> Vec<Case> {
    let title = |name: &str, text: &str, code: &'static str| {
        let exchange = create(fixture, "title", &json!({ "vi": text }));
        Case::new("16", format!("title with {name}"), exchange, &["200"]).code(code)
    };
    // Such characters are left out; no answer may contain them.
    let folded = |name: &str, text: &str| {
        let exchange = create(fixture, "title", &json!({ "vi": text }));
        Case::new("16", format!("title with {name}"), exchange, &["200"])
    };
    vec![
        folded("a mark that turns the direction", "Hội nghị \u{202e}fdp.exe"),
        folded("an isolate of direction", "Hội \u{2066}nghị"),
        folded("a space without width", "Hội\u{200b} nghị"),
        folded("tag characters", "Hội nghị\u{e0041}\u{e0042}"),
        folded("a private character", "Hội nghị \u{e000}"),
        folded("a byte order mark", "Hội\u{feff} nghị"),
        folded("a line end", "Hội\r\nnghị"),
        title("an escape code of a terminal", "Hội \u{1b}[31mnghị", "INVALID"),
        title("a NUL", "Hội\0nghị", "INVALID"),
        title("501 letters", &"a".repeat(501), "TOO_LONG"),
        title("spaces only", " \u{a0}\u{2003} ", "REQUIRED"),
    ]
}

fn lists(fixture: &Fixture) -> Vec<Case> {
    let with =
        |name: &str, field: &str, value: Value, outcomes: &'static [&'static str], code: &'static str| {
            Case::new("4 30", name, create(fixture, field, &value), outcomes).code(code)
        };
    vec![
        with(
            "event with 51 partners",
            "partnerLocalities",
            json!(vec!["kr-gyeongsangnam"; 51]),
            &["200"],
            "TOO_LONG",
        ),
        with(
            "event with 2,001 partners",
            "partnerLocalities",
            json!(vec!["a"; 2_001]),
            &["422"],
            "BAD_INPUT",
        ),
        with("event with an unknown partner", "partnerLocalities", json!(["qJx"]), &["200"], "NOT_FOUND"),
        with("event of another province", "province", json!("HUE"), &["200", "294"], "FORBIDDEN"),
        with("event on an impossible day", "heldOn", json!("2026-02-30"), &["200"], "INVALID"),
        with("event of an unknown kind", "kind", json!("__proto__"), &["200"], "NOT_FOUND"),
        with("event with an unknown field", "isAdmin", json!(true), &["422"], "BAD_INPUT"),
        with(
            "event with a summary of 100,000 letters",
            "summary",
            json!({"vi": junk(100_000)}),
            &["200"],
            "TOO_LONG",
        ),
    ]
}

fn keys(fixture: &Fixture) -> Vec<Case> {
    let under = |name: &str, key: &str, title: &str| {
        let text = CREATE
            .replace("(input: $input) {", &format!("(input: $input) @idempotent(key: {}) {{", json!(key)));
        let mut input = event();
        input["title"] = json!({ "vi": title });
        let body = json!({"query": text, "variables": {"input": input}});
        Case::new("29", name, post_with(&fixture.clerk, &body), &["200", "422", "294"])
    };
    vec![
        under("idempotency key of 256 characters", &"k".repeat(256), "a").code("INVALID"),
        under("empty idempotency key", "", "a").code("INVALID"),
        under("idempotency key with a line end", "a\r\nb", "a").code("INVALID"),
        under("idempotency key, first use", "attack", "Lần đầu"),
        under("idempotency key, repetition", "attack", "Lần đầu"),
        under("idempotency key with another input", "attack", "Lần sau").code("IDEMPOTENCY_CONFLICT"),
    ]
}

fn rights(fixture: &Fixture) -> Vec<Case> {
    let transition = |mutation: &str, id: &str| {
        let text = format!(
            "mutation($id: ID!) {{ {mutation}(input: {{id: $id, expectedVersion: 1}}) {{ errors {{ code }} }} }}"
        );
        json!({"query": text, "variables": {"id": id}})
    };
    let many = numbered(51, |n| {
        format!("a{n}: submitEntry(input: {{id: \"x\", expectedVersion: 1}}) {{ errors {{ code }} }} ")
    });
    let create = "mutation { createLocality(input: {country: \"KR\", slug: \"kr-x\", name: {en: \"X\"}}) { errors { code } } }";
    let public = CREATE.replace("$input: CreateEventInput!", "$input: CreateEventInput = {province: \"HUE\", title: {vi: \"a\"}, kind: \"CONFERENCE\", pillar: STATE, heldOn: \"2026-01-01\"}");
    let (clerk, other, partner) = (&fixture.clerk, &fixture.other_clerk, &fixture.partner);
    vec![
        Case::new(
            "19",
            "clerk publishes",
            post_with(clerk, &transition("publishEntry", &fixture.draft)),
            &["200", "294"],
        )
        .code("FORBIDDEN"),
        Case::new(
            "20 21",
            "clerk of another province submits a draft",
            post_with(other, &transition("submitEntry", &fixture.draft)),
            &["200"],
        )
        .code("NOT_FOUND"),
        Case::new(
            "19",
            "partner withdraws",
            post_with(partner, &transition("withdrawEntry", &fixture.relation)),
            &["294"],
        )
        .code("FORBIDDEN"),
        Case::new(
            "19",
            "clerk creates a locality",
            post_with(clerk, &json!({ "query": create })),
            &["200", "294", "422"],
        )
        .code("FORBIDDEN"),
        Case::new("19", "stranger creates an event", document(&public), &["200", "294", "422"])
            .code("UNAUTHENTICATED"),
        Case::new(
            "5 7",
            "51 mutations in one document",
            post_with(clerk, &json!({"query": format!("mutation {{ {many} }}")})),
            &["422"],
        )
        .code("COST_EXCEEDED"),
    ]
}
