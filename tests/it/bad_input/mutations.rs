//! Inputs of mutations with one invalid value: the error names its path and nothing is written.

use std::sync::Arc;

use serde_json::{Value, json};

use super::assert_nothing_leaks;
use crate::harness::{Server, on_both_engines};
use crate::mutations::{MutationResult, create_inputs, document, event, write, write_under};

const CLERK: &str = "clerk:DONG_NAI";

/// Text fields.
const TEXTS: &[(&str, &str)] = &[
    ("createRelation", "note"),
    ("createRelation", "partnerLocality"),
    ("createRelation", "established"),
    ("createRelation", "province"),
    ("createAgreement", "form"),
    ("createAgreement", "signingPlace"),
    ("createAgreement", "legalBasis"),
    ("createAgreement", "partnerOrganization"),
    ("createAgreement", "expires"),
    ("createAgreement", "country"),
    ("createEvent", "kind"),
    ("createEvent", "place"),
    ("createEvent", "series"),
    ("createEvent", "heldOn"),
    ("createEvent", "startsAt"),
    ("createEvent", "timeZone"),
    ("createOrganization", "province"),
    ("createOrganization", "abbreviation"),
    ("createOrganization", "kind"),
    ("createOrganization", "country"),
    ("createOrganization", "targetCountry"),
    ("createOrganization", "founded"),
    ("createOrganization", "asOf"),
    ("createOrganization", "note"),
    ("createProgramme", "kind"),
    ("createProgramme", "period"),
    ("createProgramme", "partnerName"),
    ("updateOrganization", "note"),
    ("updateProgramme", "partnerName"),
    ("updateRelation", "note"),
    ("updateAgreement", "signingPlace"),
    ("updateEvent", "place"),
    ("updateEvent", "id"),
    ("submitEntry", "id"),
];

/// Returns the position of every log, with unpublished changes.
async fn heads(server: &Server) -> Vec<i64> {
    server.register().catch_up().await.expect("the database answers");
    server.register().read_model().heads.values().copied().collect()
}

/// A mutation and a valid input.
struct MutationCase {
    mutation: &'static str,
    good: Value,
    /// The required fields.
    required: &'static [&'static str],
}

/// One case for each mutation; updates and transitions use drafts created for them.
async fn cases(server: &Server) -> Vec<MutationCase> {
    let mut ids = Vec::new();
    for (mutation, input) in create_inputs("Gốc") {
        ids.push(write(server, CLERK, mutation, input).await.expect_entry()["id"].clone());
    }
    let of = |draft: usize, change: Value| {
        let mut input = json!({"id": ids[draft], "expectedVersion": 1});
        for (name, value) in change.as_object().expect("fields") {
            input[name] = value.clone();
        }
        input
    };
    let sure = create_inputs("Gốc").map(|(_, mut input)| {
        input["allowDuplicate"] = json!(true);
        input
    });
    let [relation, agreement, event, organization, programme] = sure;
    let stored: &[&str] = &["id", "expectedVersion"];
    let case = |mutation, good, required| MutationCase { mutation, good, required };
    let mut cases = vec![
        case("createRelation", relation, &["province", "partnerLocality", "tier", "pillar"]),
        case("createAgreement", agreement, &["province", "title", "form", "pillar", "acts"]),
        case("createEvent", event, &["province", "title", "kind", "pillar", "heldOn"]),
        case("createOrganization", organization, &["province", "name"]),
        case("createProgramme", programme, &["province", "title", "kind"]),
        case("updateOrganization", of(3, json!({"note": "x"})), stored),
        case("updateProgramme", of(4, json!({"partnerName": "x"})), stored),
        case("updateRelation", of(0, json!({"note": "x"})), stored),
        case("updateAgreement", of(1, json!({"signingPlace": "Huế"})), stored),
        case("updateEvent", of(2, json!({"place": "Huế"})), stored),
        case(
            "recordAct",
            of(1, json!({"act": {"kind": "AMEND", "on": "2025-01"}})),
            &["id", "expectedVersion", "act"],
        ),
        case(
            "amendAct",
            of(1, json!({"actId": "1", "on": "2024-05-07", "reason": {"vi": "x"}})),
            &["id", "expectedVersion", "actId", "reason"],
        ),
        case(
            "voidAct",
            of(1, json!({"actId": "1", "reason": {"vi": "x"}})),
            &["id", "expectedVersion", "actId", "reason"],
        ),
    ];
    for mutation in ["submitEntry", "returnEntry", "publishEntry", "withdrawEntry", "discardDraft"] {
        cases.push(case(mutation, of(2, json!({})), stored));
    }
    cases
}

/// Returns whether the response names the field: in the path of an error, or in the message of a
/// rejected request.
fn names(written: &MutationResult, field: &str) -> bool {
    assert_nothing_leaks(&written.answer);
    let texts = written.answer["errors"].as_array().into_iter().flatten().map(|error| &error["message"]);
    let paths = written.errors.as_array().into_iter().flatten().map(|error| &error["path"]);
    texts.chain(paths).any(|received| received.to_string().contains(field))
}

async fn assert_field_is_named(server: &Server, mutation: &str, input: Value, field: &str) {
    let caller = if matches!(mutation, "returnEntry" | "publishEntry" | "withdrawEntry") {
        "publisher:DONG_NAI"
    } else {
        CLERK
    };
    let before = heads(server).await;
    let written = write(server, caller, mutation, input.clone()).await;
    assert!(written.entry.is_null(), "{mutation} took {input}: {}", written.answer);
    assert!(names(&written, field), "{mutation} of {input} does not name {field}: {}", written.answer);
    assert_eq!(heads(server).await, before, "{mutation} of {input} wrote something");
}

fn with(input: &Value, field: &str, value: Value) -> Value {
    let mut input = input.clone();
    input[field] = value;
    input
}

#[tokio::test]
async fn missing_field_or_wrong_type_is_named() {
    on_both_engines(|server| async move {
        for MutationCase { mutation, good, required } in cases(&server).await {
            for field in required {
                let mut missing = good.clone();
                missing.as_object_mut().expect("fields").remove(*field);
                assert_field_is_named(&server, mutation, missing, field).await;
                assert_field_is_named(&server, mutation, with(&good, field, Value::Null), field).await;
            }
            for field in good.as_object().expect("fields").keys() {
                // A value of the wrong type: a number for a text, a text for other types.
                let wrong = if good[field].is_number() { json!("one") } else { json!(1.5) };
                assert_field_is_named(&server, mutation, with(&good, field, wrong), field).await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn too_long_text_or_control_character_is_named() {
    on_both_engines(|server| async move {
        let cases = cases(&server).await;
        for &(mutation, field) in TEXTS {
            let case = cases.iter().find(|case| case.mutation == mutation).expect("a case");
            for bad in ["a\0b", "a\u{1}b", &"dài ".repeat(3_000)] {
                let mut input = with(&case.good, field, json!(bad));
                if field == "partnerOrganization" {
                    input["partnerLocality"] = Value::Null;
                }
                assert_field_is_named(&server, mutation, input, field).await;
            }
        }
        for (mutation, field) in [
            ("createAgreement", "title"),
            ("createEvent", "title"),
            ("createOrganization", "name"),
            ("createProgramme", "title"),
            ("updateEvent", "title"),
            ("updateOrganization", "name"),
            ("updateProgramme", "title"),
            ("publishEntry", "reason"),
        ] {
            let case = cases.iter().find(|case| case.mutation == mutation).expect("a case");
            for bad in ["a\0b", &"dài ".repeat(3_000)] {
                assert_field_is_named(&server, mutation, with(&case.good, field, json!({"vi": bad})), "vi")
                    .await;
            }
        }
    })
    .await;
}

/// Returns fields with values that are unknown or malformed.
fn unknown() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("createRelation", "province", json!("NOWHERE")),
        ("createRelation", "partnerLocality", json!("xx-nowhere")),
        ("createRelation", "foundingAgreement", json!("nope")),
        ("createRelation", "continues", json!("nope")),
        ("createAgreement", "form", json!("NO_SUCH_FORM")),
        ("createAgreement", "country", json!("ZZ")),
        ("createAgreement", "renews", json!("nope")),
        ("createAgreement", "relation", json!("nope")),
        ("createAgreement", "fields", json!(["NO_SUCH_FIELD"])),
        ("createAgreement", "sources", json!(["no-such-source"])),
        ("createAgreement", "languages", json!(["Vietnamese"])),
        ("createAgreement", "parties", json!([{"locality": "xx-nowhere"}])),
        ("createEvent", "partnerLocalities", json!(["xx-nowhere"])),
        ("createEvent", "audienceCountries", json!(["ZZ"])),
        ("createEvent", "occasions", json!(["NO_SUCH_DAY"])),
        ("createEvent", "outcomes", json!(["nope"])),
        ("createEvent", "outcomes", json!(vec!["nope"; 51])),
        ("createEvent", "timeZone", json!("Mars/Olympus")),
        ("createEvent", "delegates", json!({"value": "many", "unit": "person"})),
        ("createEvent", "pillar", json!("ARMY")),
        ("updateEvent", "relation", json!("nope")),
        ("createOrganization", "kind", json!("NO_SUCH_KIND")),
        ("createOrganization", "targetCountry", json!("ZZ")),
        ("createOrganization", "parent", json!("nope")),
        ("createOrganization", "stage", json!("ASLEEP")),
        ("createOrganization", "stages", json!([{"stage": "COMMITTEE", "from": "soon"}])),
        ("createOrganization", "stages", json!(vec![json!({"stage": "COMMITTEE", "from": "2019"}); 51])),
        ("createOrganization", "roles", json!(vec!["x"; 51])),
        ("createOrganization", "memberships", json!([{"unit": "NOWHERE"}])),
        ("createOrganization", "memberships", json!([{"unit": ""}])),
        ("createOrganization", "memberships", json!([{"unit": "HUE", "joined": "soon"}])),
        ("createOrganization", "memberships", json!([{"unit": "HUE", "source": "no-such-source"}])),
        ("createOrganization", "memberships", json!(vec![json!({"unit": "HUE"}); 51])),
        ("createOrganization", "posts", json!([{"person": "A", "post": ""}])),
        ("createOrganization", "posts", json!(vec![json!({"person": "A", "post": "B"}); 51])),
        ("createOrganization", "members", json!({"value": "many", "unit": "person"})),
        ("createProgramme", "kind", json!("NO_SUCH_KIND")),
        ("createProgramme", "direction", json!("UP")),
        ("createProgramme", "partnerLocalities", json!(["xx-nowhere"])),
        ("createProgramme", "countries", json!(["ZZ"])),
        ("createProgramme", "countries", json!(vec!["LA"; 51])),
        ("createProgramme", "amount", json!({"value": "1", "unit": "USD"})),
        ("createProgramme", "seatsPerYear", json!({"unit": "seat", "value": "x"})),
        ("updateOrganization", "parent", json!("nope")),
        ("amendAct", "actId", json!("2")),
        ("amendAct", "actId", json!("first")),
        ("amendAct", "kind", json!("NO_SUCH_ACT")),
        ("amendAct", "on", json!("2025-13")),
        ("amendAct", "source", json!("no-such-source")),
        ("amendAct", "until", json!("2026")),
        ("voidAct", "actId", json!("2")),
        ("voidAct", "reason", json!({"vi": " "})),
        ("recordAct", "act", json!({"kind": "NO_SUCH_ACT", "on": "2025"})),
        ("recordAct", "act", json!({"kind": "AMEND", "on": "2025", "source": "no-such-source"})),
    ]
}

#[tokio::test]
async fn unknown_references_are_errors_with_their_path() {
    on_both_engines(|server| async move {
        let cases = cases(&server).await;
        let good = |mutation: &str| {
            cases.iter().find(|case| case.mutation == mutation).expect("a case").good.clone()
        };
        for (mutation, field, bad) in unknown() {
            let mut input = with(&good(mutation), field, bad);
            if field == "timeZone" {
                input["startsAt"] = json!("2026-10-05T08:00:00+07:00");
            }
            assert_field_is_named(&server, mutation, input, field).await;
        }
    })
    .await;
}

#[tokio::test]
async fn foreign_entries_and_stale_versions_are_errors() {
    on_both_engines(|server| async move {
        let mut foreign = event("Elsewhere");
        foreign["province"] = json!("NGHE_AN");
        let foreign = write(&server, "clerk:NGHE_AN", "createEvent", foreign).await.expect_entry();
        for MutationCase { mutation, good, required } in cases(&server).await {
            if !required.contains(&"id") {
                continue;
            }
            for id in [&foreign["id"], &json!("nope"), &json!(""), &json!("x".repeat(10_000))] {
                assert_field_is_named(&server, mutation, with(&good, "id", id.clone()), "id").await;
            }
            for version in [0, -1, 7, i32::MAX] {
                assert_field_is_named(
                    &server,
                    mutation,
                    with(&good, "expectedVersion", json!(version)),
                    "expectedVersion",
                )
                .await;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn invalid_and_repeated_keys_write_nothing() {
    on_both_engines(|server| async move {
        for MutationCase { mutation, good, .. } in cases(&server).await {
            let huge = json!("k".repeat(20_000)).to_string();
            let before = heads(&server).await;
            for key in ["\"\"", "\"a\\u0000b\"", &huge] {
                let written = write_under(&server, CLERK, mutation, key, good.clone()).await;
                assert!(written.entry.is_null(), "{mutation}: {}", written.answer);
                let is_denied = written.error_code() == Some("FORBIDDEN");
                let is_cut = written.error_code() == Some("BAD_INPUT");
                assert!(is_denied || is_cut || names(&written, "key"), "{mutation}: {}", written.answer);
            }
            assert_eq!(heads(&server).await, before, "{mutation}");
        }
        let first = write_under(&server, CLERK, "createEvent", "\"k\"", event("Keyed")).await.expect_entry();
        let before = heads(&server).await;
        assert_eq!(
            write_under(&server, CLERK, "createEvent", "\"k\"", event("Keyed")).await.expect_entry(),
            first
        );
        let other = write_under(&server, CLERK, "createEvent", "\"k\"", event("Keyed otherwise")).await;
        assert_eq!(other.refused(), [("IDEMPOTENCY_CONFLICT".to_owned(), "key".to_owned())]);
        assert_eq!(heads(&server).await, before);
    })
    .await;
}

#[tokio::test]
async fn decomposed_letters_are_composed() {
    on_both_engines(|server| async move {
        let decomposed = "Hô\u{323}i nghi\u{323} ơ\u{309} Đa\u{300} Nă\u{303}ng";
        let composed = "Hội nghị ở Đà Nẵng";
        let draft = write(&server, CLERK, "createEvent", event(decomposed)).await.expect_entry();
        let shown = crate::mutations::read_entry(&server, CLERK, &draft, "title(locale: EN)").await;
        assert_eq!(shown["title"], composed);
    })
    .await;
}

/// GET requests, requests without a token and invalid documents write nothing.
#[tokio::test]
async fn get_requests_and_invalid_documents_write_nothing() {
    on_both_engines(|server: Arc<Server>| async move {
        let before = heads(&server).await;
        let document = document("createEvent", "");
        let variables = json!({ "input": event("By GET") }).to_string();
        let request = server.http(reqwest::Method::GET, "/graphql");
        let token = server.token("clerk", Some("DONG_NAI"));
        let response = request.query(&[("query", &document), ("variables", &variables)]).bearer_auth(token);
        assert_eq!(response.send().await.expect("an answer").status(), 405);
        assert_eq!(
            write(&server, "public", "createEvent", event("x")).await.error_code(),
            Some("UNAUTHENTICATED")
        );
        let broken = document.replace("cursor", "cursor nothing");
        let answer = server.execute_as(CLERK, &broken, json!({ "input": event("x") })).await;
        assert!(answer.get("data").is_none(), "{answer}");
        assert_eq!(heads(&server).await, before);
    })
    .await;
}
