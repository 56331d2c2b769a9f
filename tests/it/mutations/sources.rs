//! Sources: who may name and change them, what they say, and the entries found by them.

use serde_json::{Value, json};

use super::{MutationResult, agreement, create_inputs, read_entry, transition, write};
use crate::bad_input::assert_nothing_leaks;
use crate::harness::{Server, database_location, on_both_engines};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

const SHOWN: &str = "id code revision title url kind publisher published { edtf } accessedOn language licence
    province { slug }";

/// Executes a mutation on a source as a role.
async fn write_source(
    server: &Server,
    caller: &str,
    mutation: &str,
    key: &str,
    input: Value,
) -> MutationResult {
    let (first, rest) = mutation.split_at(1);
    let directive = if key.is_empty() { String::new() } else { format!("@idempotent(key: \"{key}\")") };
    let document = format!(
        "mutation($input: {}{rest}Input!) {{ {mutation}(input: $input) {directive} {{
            source {{ {SHOWN} }} errors {{ code path message }} cursor
        }} }}",
        first.to_uppercase()
    );
    let variables = json!({ "input": input });
    let answer = match caller {
        "public" => server.execute(&document, variables).await,
        caller => server.execute_as(caller, &document, variables).await,
    };
    let payload = &answer["data"][mutation];
    let (entry, errors) = (payload["source"].clone(), payload["errors"].clone());
    MutationResult { answer, entry, errors }
}

fn article(path: &str) -> Value {
    json!({
        "province": "DONG_NAI", "title": {"vi": "Đồng Nai ký bản ghi nhớ", "en": "Dong Nai signs"}, "kind": "NEWS",
        "url": format!("https://example.org/{path}"), "publisher": "Báo Đồng Nai", "published": "2025-11",
        "accessedOn": "2025-11-05", "language": "vi", "licence": "CC BY 4.0",
    })
}

/// Returns the codes of the sources that a search finds.
async fn found(server: &Server, search: &str) -> Vec<String> {
    let document = "query($text: String) { sources(search: $text) { nodes { code } totalCount { value } } }";
    let answer = server.execute(document, json!({ "text": search })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    let nodes = answer["data"]["sources"]["nodes"].as_array().expect("sources");
    nodes.iter().filter_map(|node| node["code"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn clerk_names_a_source_and_every_province_refers_to_it() {
    on_both_engines(|server| async move {
        assert_eq!(found(&server, "ky ban ghi nho").await, [""; 0]);
        let source = write_source(&server, CLERK, "createSource", "", article("a")).await.expect_entry();
        let code = source["code"].as_str().expect("a code").to_owned();
        assert!(code.starts_with("SRC-DONG_NAI-"), "{code}");
        let mut shown = source.clone();
        for assigned in ["id", "code", "revision"] {
            shown[assigned].take();
        }
        assert_eq!(
            shown,
            json!({
                "id": null, "code": null, "revision": null, "title": "Đồng Nai ký bản ghi nhớ",
                "url": "https://example.org/a", "kind": "NEWS", "publisher": "Báo Đồng Nai",
                "published": {"edtf": "2025-11"}, "accessedOn": "2025-11-05", "language": "vi",
                "licence": "CC BY 4.0", "province": {"slug": "DONG_NAI"},
            })
        );
        for search in ["ky ban ghi nho", "SIGNS dong", "bao dong nai", "example.org/a", code.as_str()] {
            assert!(found(&server, search).await.contains(&code), "{search}");
        }
        let mut input = agreement("Nguồn");
        input["province"] = json!("HUE");
        input["sources"] = json!([code, "seed-000"]);
        let draft = write(&server, "clerk:HUE", "createAgreement", input).await.expect_entry();
        let sources = read_entry(&server, "clerk:HUE", &draft, "sources { code title(locale: EN) }").await;
        assert_eq!(sources["sources"][0], json!({"code": code, "title": "Dong Nai signs"}));

        // One page is one source for all provinces.
        let mut again = article("a");
        again["province"] = json!("HUE");
        let again = write_source(&server, "clerk:HUE", "createSource", "", again).await;
        assert_eq!(again.refused(), [("INVALID".to_owned(), "url".to_owned())]);
        assert!(
            again.errors[0]["message"].as_str().is_some_and(|text| text.contains(&code)),
            "{}",
            again.errors
        );
    })
    .await;
}

#[tokio::test]
async fn source_is_changed_in_its_log_only() {
    on_both_engines(|server| async move {
        let source = write_source(&server, CLERK, "createSource", "", article("b")).await.expect_entry();
        let id = &source["id"];
        let by_code = "query($code: String!) { source(code: $code) { title publisher } }";
        let read = async || {
            let answer = server.execute(by_code, json!({ "code": source["code"] })).await;
            answer["data"]["source"].clone()
        };
        assert_eq!(read().await["title"], "Đồng Nai ký bản ghi nhớ");
        let change = json!({
            "id": id, "expectedRevision": source["revision"], "title": {"vi": "Tên khác", "en": null}, "publisher": null,
        });
        for caller in ["clerk:HUE", "publisher:HUE", "steward", "analyst", "partner"] {
            let refused = write_source(&server, caller, "updateSource", "", change.clone()).await;
            assert_eq!(refused.error_code(), Some("FORBIDDEN"), "{caller}: {}", refused.answer);
        }
        let before = server.register().read_model().heads.clone();
        let updated = write_source(&server, PUBLISHER, "updateSource", "", change.clone()).await.expect_entry();
        assert_eq!((&updated["id"], &updated["code"]), (id, &source["code"]));
        assert_eq!(read().await, json!({"title": "Tên khác", "publisher": null}));
        let late = write_source(&server, CLERK, "updateSource", "", change).await.refused();
        assert_eq!(late, [("VERSION_CONFLICT".to_owned(), "expectedRevision".to_owned())]);
        server.register().catch_up().await.expect("the database answers");
        let after = server.register().read_model().heads.clone();
        let moved: Vec<i16> = after.iter().filter(|(log, end)| before.get(log) != Some(end)).map(|(log, _)| log.number()).collect();
        assert_eq!(moved.len(), 1, "one log moves: {moved:?}");
        assert_ne!(moved[0], 0, "and not the ministry's");

        let seed = server.execute("{ source(code: \"seed-000\") { id revision } }", Value::Null).await;
        let seed = &seed["data"]["source"];
        let change = json!({"id": seed["id"], "expectedRevision": seed["revision"], "language": "en"});
        let refused = write_source(&server, CLERK, "updateSource", "", change.clone()).await;
        assert_eq!(refused.error_code(), Some("FORBIDDEN"), "{}", refused.answer);
        let updated = write_source(&server, "steward", "updateSource", "", change).await.expect_entry();
        assert_eq!((&updated["code"], &updated["language"]), (&json!("seed-000"), &json!("en")));
        let report = caunoi_register::verify(&database_location(server.settings())).await;
        report.expect("the database answers").expect("it holds");
    })
    .await;
}

#[tokio::test]
async fn source_of_another_province_invalidates_cached_responses() {
    on_both_engines(|server| async move {
        let source = write_source(&server, CLERK, "createSource", "", article("c")).await.expect_entry();
        let mut input = agreement("Đệm");
        input["province"] = json!("HUE");
        input["sources"] = json!([source["code"]]);
        let draft = write(&server, "clerk:HUE", "createAgreement", input).await.expect_entry();
        transition(&server, "publisher:HUE", "publishEntry", &draft).await.expect_entry();
        let titles = async || {
            read_entry(
                &server,
                "public",
                &json!({"__typename": "Agreement", "id": draft["id"]}),
                "sources { title }",
            )
            .await
        };
        assert_eq!(titles().await, json!({"sources": [{"title": "Đồng Nai ký bản ghi nhớ"}]}));
        let change =
            json!({"id": source["id"], "expectedRevision": source["revision"], "title": {"vi": "Đã sửa"}});
        write_source(&server, CLERK, "updateSource", "", change).await.expect_entry();
        assert_eq!(titles().await, json!({"sources": [{"title": "Đã sửa"}]}));
    })
    .await;
}

#[tokio::test]
async fn entries_of_every_kind_are_found_by_source() {
    on_both_engines(|server| async move {
        let source = write_source(&server, CLERK, "createSource", "", article("d")).await.expect_entry();
        let code = &source["code"];
        for (create, mut input) in create_inputs("Theo nguồn") {
            input["sources"] = json!([code, code]);
            input["allowDuplicate"] = json!(true);
            let draft = write(&server, CLERK, create, input).await.expect_entry();
            transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
        }
        let document = "query($in: [String!]) {
            relations(filter: {source: {in: $in}}) { ...R } agreements(filter: {source: {in: $in}}) { ...A }
            events(filter: {source: {in: $in}}) { ...E } organizations(filter: {source: {in: $in}}) { ...O }
            programmes(filter: {source: {in: $in}}) { totalCount { value } nodes { sources { code } } }
            figures(filter: {source: {in: $in}}) { totalCount { value } }
        }
        fragment R on RelationConnection { totalCount { value } nodes { sources { code } } }
        fragment A on AgreementConnection { totalCount { value } nodes { sources { code } } }
        fragment E on EventConnection { totalCount { value } nodes { sources { code } } }
        fragment O on OrganizationConnection { totalCount { value } nodes { sources { code } } }";
        for caller in ["public", CLERK, "analyst"] {
            let variables = json!({ "in": [code] });
            let answer = match caller {
                "public" => server.execute(document, variables).await,
                caller => server.execute_as(caller, document, variables).await,
            };
            for list in ["relations", "agreements", "events", "organizations", "programmes"] {
                let list = &answer["data"][list];
                assert_eq!(list["totalCount"]["value"], 1, "{caller}: {answer}");
                assert_eq!(list["nodes"][0]["sources"][0]["code"], *code, "{caller}: {answer}");
            }
            assert_eq!(answer["data"]["figures"]["totalCount"]["value"], 0, "{caller}");
        }
        let figures = "{ figures(filter: {source: {in: [\"seed-000\"]}}, first: 100) { totalCount { value } nodes { source { code } } } }";
        let answer = server.execute(figures, Value::Null).await;
        let nodes = answer["data"]["figures"]["nodes"].as_array().expect("figures");
        assert!(!nodes.is_empty() && nodes.iter().all(|node| node["source"]["code"] == "seed-000"), "{answer}");
        assert_eq!(answer["data"]["figures"]["totalCount"]["value"], nodes.len());
    })
    .await;
}

#[tokio::test]
async fn invalid_sources_are_named_and_repetitions_write_once() {
    on_both_engines(|server| async move {
        for (caller, error_code) in
            [("public", "UNAUTHENTICATED"), ("partner", "FORBIDDEN"), ("clerk:HUE", "FORBIDDEN"), ("analyst", "FORBIDDEN")]
        {
            let refused = write_source(&server, caller, "createSource", "", article("e")).await;
            assert_eq!(refused.error_code(), Some(error_code), "{caller}: {}", refused.answer);
        }
        for (field, bad, code) in [
            ("url", json!("javascript:alert(1)"), "INVALID"),
            ("kind", json!("SEED"), "INVALID"),
            ("title", json!({}), "REQUIRED"),
            ("published", json!("2999"), "INVALID"),
            ("accessedOn", json!("soon"), "INVALID"),
            ("language", json!("Vietnamese"), "INVALID"),
            ("province", json!("NOWHERE"), "NOT_FOUND"),
        ] {
            let mut input = article("e");
            input[field] = bad;
            let written = write_source(&server, CLERK, "createSource", "", input).await;
            assert_nothing_leaks(&written.answer);
            assert_eq!(written.refused(), [(code.to_owned(), field.to_owned())]);
        }
        let first = write_source(&server, CLERK, "createSource", "once", article("e")).await;
        let again = write_source(&server, CLERK, "createSource", "once", article("e")).await;
        assert_eq!(first.answer, again.answer);
        first.expect_entry();
        assert_eq!(found(&server, "example.org/e").await.len(), 1);
        let steward = json!({"province": "MINISTRY", "title": {"en": "Decision"}, "kind": "DOCUMENT", "publisher": "MOFA"});
        let own = write_source(&server, "steward", "createSource", "", steward).await.expect_entry();
        assert!(own["code"].as_str().is_some_and(|code| code.starts_with("SRC-MINISTRY-")), "{own}");
        assert_eq!((&own["url"], &own["province"]), (&Value::Null, &Value::Null));
    })
    .await;
}
