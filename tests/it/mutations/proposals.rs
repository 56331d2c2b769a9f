//! Proposals of localities: a province proposes, the ministry decides once.

use serde_json::{Value, json};

use super::MutationResult;
use crate::bad_input::assert_nothing_leaks;
use crate::harness::{Server, database_location, on_both_engines};

const CLERK: &str = "clerk:DONG_NAI";
const STEWARD: &str = "steward";

/// Executes a mutation on proposals with this input as a role.
async fn execute(server: &Server, caller: &str, mutation: &str, key: &str, input: Value) -> MutationResult {
    let (first, rest) = mutation.split_at(1);
    let directive = if key.is_empty() { String::new() } else { format!("@idempotent(key: \"{key}\")") };
    let document = format!(
        "mutation($input: {}{rest}Input!) {{ {mutation}(input: $input) {directive} {{
            proposal {{ id state name(locale: VI) alike {{ slug }} locality {{ slug }} reason(locale: EN) author }}
            errors {{ code path message }} cursor
        }} }}",
        first.to_uppercase()
    );
    let variables = json!({ "input": input });
    let answer = match caller {
        "public" => server.execute(&document, variables).await,
        caller => server.execute_as(caller, &document, variables).await,
    };
    let payload = &answer["data"][mutation];
    let (entry, errors) = (payload["proposal"].clone(), payload["errors"].clone());
    MutationResult { answer, entry, errors }
}

async fn propose(server: &Server, caller: &str, input: Value) -> MutationResult {
    execute(server, caller, "proposeLocality", "", input).await
}

async fn settle(server: &Server, caller: &str, input: Value) -> MutationResult {
    execute(server, caller, "settleLocalityProposal", "", input).await
}

fn everest(province: &str) -> Value {
    json!({
        "province": province, "country": "KR", "name": {"vi": "  Ê-vơ-rét ", "en": "Everest"},
        "nativeName": "에베레스트", "level": "CITY", "wikidataId": "Q1", "note": "Made up.",
    })
}

/// Returns the names of the proposals in a state that a role sees.
async fn list_proposals(server: &Server, caller: &str, state: &str) -> Vec<String> {
    let document =
        "query($state: ProposalState!) { localityProposals(state: $state) { nodes { name(locale: EN) } } }";
    let variables = json!({ "state": state });
    let answer = match caller {
        "public" => server.execute(document, variables).await,
        caller => server.execute_as(caller, document, variables).await,
    };
    let nodes = answer["data"]["localityProposals"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
    nodes.iter().map(|node| node["name"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn proposal_is_visible_to_its_province_and_ministry_only() {
    on_both_engines(|server| async move {
        let proposal = propose(&server, CLERK, everest("DONG_NAI")).await.expect_entry();
        assert_eq!(
            (&proposal["name"], &proposal["state"], &proposal["alike"]),
            (&json!("Ê-vơ-rét"), &json!("OPEN"), &json!([]))
        );
        assert!(proposal["author"].as_str().is_some_and(|author| author.starts_with("CLERK:")), "{proposal}");
        // A former unit that became part of the province counts as the province.
        propose(&server, "publisher:DONG_NAI", everest("BINH_PHUOC")).await.expect_entry();
        for caller in [CLERK, "publisher:DONG_NAI", STEWARD, "analyst"] {
            assert_eq!(list_proposals(&server, caller, "OPEN").await, ["Everest", "Everest"], "{caller}");
            assert!(list_proposals(&server, caller, "ACCEPTED").await.is_empty(), "{caller}");
        }
        for caller in ["clerk:NGHE_AN", "partner", "public"] {
            assert!(list_proposals(&server, caller, "OPEN").await.is_empty(), "{caller}");
        }
        let feed = server.execute_as(
            STEWARD,
            "{ changes(first: 100, filter: {province: {in: [\"DONG_NAI\"]}}) { nodes { author } } }",
            Value::Null,
        );
        let feed = feed.await.to_string();
        assert!(feed.contains("nodes") && !feed.contains("CLERK:"), "{feed}");
    })
    .await;
}

#[tokio::test]
async fn proposal_lists_localities_of_the_same_name() {
    on_both_engines(|server| async move {
        let mut input = everest("DONG_NAI");
        input["name"] = json!({"en": "gyeongsangnam-do"});
        let proposal = propose(&server, CLERK, input).await.expect_entry();
        assert_eq!(proposal["alike"], json!([{"slug": "kr-gyeongsangnam"}]), "{proposal}");
    })
    .await;
}

#[tokio::test]
async fn ministry_settles_a_proposal_once() {
    on_both_engines(|server| async move {
        let one = propose(&server, CLERK, everest("DONG_NAI")).await.expect_entry();
        let other = propose(&server, CLERK, everest("DONG_NAI")).await.expect_entry();
        let locality = server
            .execute_as(
                STEWARD,
                "mutation { createLocality(input: {slug: \"kr-everest\", country: \"KR\", name: {en: \"Everest\"}}) { locality { id } } }",
                Value::Null,
            )
            .await;
        let locality = &locality["data"]["createLocality"]["locality"]["id"];
        let accept = json!({"id": one["id"], "locality": locality});
        let accepted = execute(&server, STEWARD, "settleLocalityProposal", "k", accept.clone()).await.expect_entry();
        assert_eq!((&accepted["state"], &accepted["locality"]["slug"]), (&json!("ACCEPTED"), &json!("kr-everest")));
        // The same request returns the same result; another one fails because the proposal is
        // settled.
        let again = execute(&server, STEWARD, "settleLocalityProposal", "k", accept.clone()).await.expect_entry();
        assert_eq!(again, accepted);
        let late = settle(&server, STEWARD, accept).await.refused();
        assert_eq!(late, [("INVALID".to_owned(), "id".to_owned())]);
        let decline = json!({"id": other["id"], "reason": {"en": "known already"}});
        let declined = settle(&server, STEWARD, decline).await.expect_entry();
        assert_eq!((&declined["state"], &declined["reason"]), (&json!("DECLINED"), &json!("known already")));
        assert!(list_proposals(&server, CLERK, "OPEN").await.is_empty());
        assert_eq!(list_proposals(&server, CLERK, "ACCEPTED").await, ["Everest"]);
        assert_eq!(list_proposals(&server, CLERK, "DECLINED").await, ["Everest"]);
        let verdict = caunoi_register::verify(&database_location(server.settings())).await.expect("the database answers");
        verdict.expect("what was written holds");
    })
    .await;
}

#[tokio::test]
async fn proposal_pages_continue_and_cursors_belong_to_one_list() {
    on_both_engines(|server| async move {
        for number in 0..5 {
            let mut input = everest("DONG_NAI");
            input["name"] = json!({"en": format!("Everest {number}")});
            propose(&server, CLERK, input).await.expect_entry();
        }
        let document = "query($state: ProposalState, $after: String) {
            localityProposals(state: $state, first: 2, after: $after) {
                nodes { name(locale: EN) } pageInfo { hasNextPage endCursor }
            } }";
        let (mut names, mut after) = (Vec::new(), Value::Null);
        loop {
            let answer = server.execute_as(CLERK, document, json!({"state": "OPEN", "after": after})).await;
            let page = &answer["data"]["localityProposals"];
            names.extend(page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).clone());
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let expected: Vec<Value> =
            (0..5).map(|number| json!({"name": format!("Everest {number}")})).collect();
        assert_eq!(names, expected);
        for (caller, state, cursor) in
            [(CLERK, "DECLINED", after.clone()), (STEWARD, "OPEN", after), (CLERK, "OPEN", json!("AAAA"))]
        {
            let answer = server.execute_as(caller, document, json!({"state": state, "after": cursor})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{caller} {state}: {answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn proposal_mutations_respect_role_and_province() {
    on_both_engines(|server| async move {
        for (caller, code) in [
            ("public", "UNAUTHENTICATED"),
            ("partner", "FORBIDDEN"),
            ("analyst", "FORBIDDEN"),
            (STEWARD, "FORBIDDEN"),
            ("clerk:NGHE_AN", "FORBIDDEN"),
        ] {
            let refused = propose(&server, caller, everest("DONG_NAI")).await;
            assert_eq!(refused.error_code(), Some(code), "{caller}: {}", refused.answer);
        }
        let proposal = propose(&server, CLERK, everest("DONG_NAI")).await.expect_entry();
        let decline = json!({"id": proposal["id"], "reason": {"en": "no"}});
        for (caller, code) in [
            ("public", "UNAUTHENTICATED"),
            (CLERK, "FORBIDDEN"),
            ("publisher:DONG_NAI", "FORBIDDEN"),
            ("analyst", "FORBIDDEN"),
        ] {
            let refused = settle(&server, caller, decline.clone()).await;
            assert_eq!(refused.error_code(), Some(code), "{caller}: {}", refused.answer);
        }
        let not_found = [("NOT_FOUND".to_owned(), "id".to_owned())];
        for caller in ["clerk:NGHE_AN", "partner"] {
            assert_eq!(settle(&server, caller, decline.clone()).await.refused(), not_found, "{caller}");
        }
        for id in
            ["", "💥", "TG9jYWxpdHk6MQ", "TG9jYWxpdHlQcm9wb3NhbDo0OjEyMw", "TG9jYWxpdHlQcm9wb3NhbDowOjE"]
        {
            let refused = settle(&server, STEWARD, json!({"id": id, "reason": {"en": "no"}})).await;
            assert_eq!(refused.refused(), not_found, "{id}");
        }
        assert_eq!(list_proposals(&server, CLERK, "OPEN").await, ["Everest"]);
    })
    .await;
}

#[tokio::test]
async fn invalid_proposal_has_error_paths_and_writes_nothing() {
    on_both_engines(|server| async move {
        let proposal = propose(&server, CLERK, everest("DONG_NAI")).await.expect_entry();
        server.register().catch_up().await.expect("the database answers");
        let heads = server.register().read_model().heads.clone();
        let long = "x".repeat(3_000);
        for (field, value, code) in [
            ("province", json!("NOWHERE"), "NOT_FOUND"),
            ("province", json!("MINISTRY"), "NOT_FOUND"),
            ("country", json!("XX"), "NOT_FOUND"),
            ("name", json!({}), "REQUIRED"),
            ("name", json!({"vi": " \t"}), "REQUIRED"),
            ("nativeName", json!(long), "TOO_LONG"),
            ("level", json!("SMALL"), "NOT_FOUND"),
            ("isoCode", json!("JP-48"), "INVALID"),
            ("wikidataId", json!("1"), "INVALID"),
            ("note", json!("a\u{7}b"), "INVALID"),
            ("note", json!(long), "TOO_LONG"),
        ] {
            let mut input = everest("DONG_NAI");
            input[field] = value;
            let refused = propose(&server, CLERK, input).await;
            assert_eq!(refused.refused(), [(code.to_owned(), field.to_owned())], "{}", refused.answer);
            assert_nothing_leaks(&refused.answer);
        }
        for (input, path) in [
            (json!({}), "locality"),
            (json!({"reason": {"vi": ""}}), "locality"),
            (json!({"locality": "TG9jYWxpdHk6OTk5OTk5"}), "locality"),
            (json!({"reason": {"vi": long}}), "reason.vi"),
        ] {
            let mut whole = json!({"id": proposal["id"]});
            for (name, value) in input.as_object().expect("fields") {
                whole[name] = value.clone();
            }
            let refused = settle(&server, STEWARD, whole).await;
            assert!(refused.refused().iter().any(|(_, at)| at == path), "{}", refused.answer);
            assert_nothing_leaks(&refused.answer);
        }
        for missing in ["province", "country", "name"] {
            let mut input = everest("DONG_NAI");
            input.as_object_mut().expect("fields").remove(missing);
            let refused = propose(&server, CLERK, input).await;
            assert_eq!(refused.error_code(), Some("BAD_INPUT"), "{}", refused.answer);
            assert!(refused.answer.to_string().contains(missing), "{}", refused.answer);
        }
        server.register().catch_up().await.expect("the database answers");
        assert_eq!(server.register().read_model().heads, heads);
    })
    .await;
}
