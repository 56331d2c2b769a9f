//! Localities that a province misses: it proposes, the ministry says what becomes of it, once.

use serde_json::{Value, json};

use super::Written;
use crate::bad_input::assert_nothing_leaks;
use crate::harness::{Server, on_both_engines, place};

const CLERK: &str = "clerk:DONG_NAI";
const STEWARD: &str = "steward";

/// Proposes or settles with this input, as somebody.
async fn ask(server: &Server, who: &str, mutation: &str, key: &str, input: Value) -> Written {
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
    let answer = match who {
        "public" => server.ask(&document, variables).await,
        who => server.ask_as(who, &document, variables).await,
    };
    let payload = &answer["data"][mutation];
    let (entry, errors) = (payload["proposal"].clone(), payload["errors"].clone());
    Written { answer, entry, errors }
}

async fn propose(server: &Server, who: &str, input: Value) -> Written {
    ask(server, who, "proposeLocality", "", input).await
}

async fn settle(server: &Server, who: &str, input: Value) -> Written {
    ask(server, who, "settleLocalityProposal", "", input).await
}

fn everest(province: &str) -> Value {
    json!({
        "province": province, "country": "KR", "name": {"vi": "  Ê-vơ-rét ", "en": "Everest"},
        "nativeName": "에베레스트", "level": "CITY", "wikidataId": "Q1", "note": "Made up.",
    })
}

/// The names of the proposals in a state, in somebody's sight.
async fn listed(server: &Server, who: &str, state: &str) -> Vec<String> {
    let document =
        "query($state: ProposalState!) { localityProposals(state: $state) { nodes { name(locale: EN) } } }";
    let variables = json!({ "state": state });
    let answer = match who {
        "public" => server.ask(document, variables).await,
        who => server.ask_as(who, document, variables).await,
    };
    let nodes = answer["data"]["localityProposals"]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
    nodes.iter().map(|node| node["name"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_proposal_is_seen_by_its_province_and_the_ministry_alone() {
    on_both_engines(|server| async move {
        let proposal = propose(&server, CLERK, everest("DONG_NAI")).await.done();
        assert_eq!(
            (&proposal["name"], &proposal["state"], &proposal["alike"]),
            (&json!("Ê-vơ-rét"), &json!("OPEN"), &json!([]))
        );
        assert!(proposal["author"].as_str().is_some_and(|author| author.starts_with("CLERK:")), "{proposal}");
        // A unit that became part of the province proposes as the province.
        propose(&server, "publisher:DONG_NAI", everest("BINH_PHUOC")).await.done();
        for who in [CLERK, "publisher:DONG_NAI", STEWARD, "analyst"] {
            assert_eq!(listed(&server, who, "OPEN").await, ["Everest", "Everest"], "{who}");
            assert!(listed(&server, who, "ACCEPTED").await.is_empty(), "{who}");
        }
        for who in ["clerk:NGHE_AN", "partner", "public"] {
            assert!(listed(&server, who, "OPEN").await.is_empty(), "{who}");
        }
        let feed = server.ask_as(
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
async fn a_locality_of_that_name_is_told() {
    on_both_engines(|server| async move {
        let mut input = everest("DONG_NAI");
        input["name"] = json!({"en": "gyeongsangnam-do"});
        let proposal = propose(&server, CLERK, input).await.done();
        assert_eq!(proposal["alike"], json!([{"slug": "kr-gyeongsangnam"}]), "{proposal}");
    })
    .await;
}

#[tokio::test]
async fn the_ministry_accepts_with_a_locality_or_declines_with_a_reason_once() {
    on_both_engines(|server| async move {
        let one = propose(&server, CLERK, everest("DONG_NAI")).await.done();
        let other = propose(&server, CLERK, everest("DONG_NAI")).await.done();
        let locality = server
            .ask_as(
                STEWARD,
                "mutation { createLocality(input: {slug: \"kr-everest\", country: \"KR\", name: {en: \"Everest\"}}) { locality { id } } }",
                Value::Null,
            )
            .await;
        let locality = &locality["data"]["createLocality"]["locality"]["id"];
        let accept = json!({"id": one["id"], "locality": locality});
        let accepted = ask(&server, STEWARD, "settleLocalityProposal", "k", accept.clone()).await.done();
        assert_eq!((&accepted["state"], &accepted["locality"]["slug"]), (&json!("ACCEPTED"), &json!("kr-everest")));
        // The same request once more gets the same answer, another one is told that it comes late.
        let again = ask(&server, STEWARD, "settleLocalityProposal", "k", accept.clone()).await.done();
        assert_eq!(again, accepted);
        let late = settle(&server, STEWARD, accept).await.refused();
        assert_eq!(late, [("INVALID".to_owned(), "id".to_owned())]);
        let decline = json!({"id": other["id"], "reason": {"en": "known already"}});
        let declined = settle(&server, STEWARD, decline).await.done();
        assert_eq!((&declined["state"], &declined["reason"]), (&json!("DECLINED"), &json!("known already")));
        assert!(listed(&server, CLERK, "OPEN").await.is_empty());
        assert_eq!(listed(&server, CLERK, "ACCEPTED").await, ["Everest"]);
        assert_eq!(listed(&server, CLERK, "DECLINED").await, ["Everest"]);
        let verdict = caunoi_register::verify(&place(server.settings())).await.expect("the database answers");
        verdict.expect("what was written holds");
    })
    .await;
}

#[tokio::test]
async fn pages_follow_one_another_and_cursors_belong_to_one_list() {
    on_both_engines(|server| async move {
        for number in 0..5 {
            let mut input = everest("DONG_NAI");
            input["name"] = json!({"en": format!("Everest {number}")});
            propose(&server, CLERK, input).await.done();
        }
        let document = "query($state: ProposalState, $after: String) {
            localityProposals(state: $state, first: 2, after: $after) {
                nodes { name(locale: EN) } pageInfo { hasNextPage endCursor }
            } }";
        let (mut names, mut after) = (Vec::new(), Value::Null);
        loop {
            let answer = server.ask_as(CLERK, document, json!({"state": "OPEN", "after": after})).await;
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
        for (who, state, cursor) in
            [(CLERK, "DECLINED", after.clone()), (STEWARD, "OPEN", after), (CLERK, "OPEN", json!("AAAA"))]
        {
            let answer = server.ask_as(who, document, json!({"state": state, "after": cursor})).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{who} {state}: {answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_may_not_is_told_so_and_an_id_of_another_province_names_nothing() {
    on_both_engines(|server| async move {
        for (who, code) in [
            ("public", "UNAUTHENTICATED"),
            ("partner", "FORBIDDEN"),
            ("analyst", "FORBIDDEN"),
            (STEWARD, "FORBIDDEN"),
            ("clerk:NGHE_AN", "FORBIDDEN"),
        ] {
            let refused = propose(&server, who, everest("DONG_NAI")).await;
            assert_eq!(refused.fault(), Some(code), "{who}: {}", refused.answer);
        }
        let proposal = propose(&server, CLERK, everest("DONG_NAI")).await.done();
        let decline = json!({"id": proposal["id"], "reason": {"en": "no"}});
        for (who, code) in [
            ("public", "UNAUTHENTICATED"),
            (CLERK, "FORBIDDEN"),
            ("publisher:DONG_NAI", "FORBIDDEN"),
            ("analyst", "FORBIDDEN"),
        ] {
            let refused = settle(&server, who, decline.clone()).await;
            assert_eq!(refused.fault(), Some(code), "{who}: {}", refused.answer);
        }
        let not_found = [("NOT_FOUND".to_owned(), "id".to_owned())];
        for who in ["clerk:NGHE_AN", "partner"] {
            assert_eq!(settle(&server, who, decline.clone()).await.refused(), not_found, "{who}");
        }
        for id in
            ["", "💥", "TG9jYWxpdHk6MQ", "TG9jYWxpdHlQcm9wb3NhbDo0OjEyMw", "TG9jYWxpdHlQcm9wb3NhbDowOjE"]
        {
            let refused = settle(&server, STEWARD, json!({"id": id, "reason": {"en": "no"}})).await;
            assert_eq!(refused.refused(), not_found, "{id}");
        }
        assert_eq!(listed(&server, CLERK, "OPEN").await, ["Everest"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_path_and_nothing_is_written() {
    on_both_engines(|server| async move {
        let proposal = propose(&server, CLERK, everest("DONG_NAI")).await.done();
        server.register().follow().await.expect("the database answers");
        let heads = server.register().replica().heads.clone();
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
            assert_eq!(refused.fault(), Some("BAD_INPUT"), "{}", refused.answer);
            assert!(refused.answer.to_string().contains(missing), "{}", refused.answer);
        }
        server.register().follow().await.expect("the database answers");
        assert_eq!(server.register().replica().heads, heads);
    })
    .await;
}
