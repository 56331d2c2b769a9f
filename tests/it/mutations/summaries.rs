//! Words for readers: summaries, composed titles, states of events.

use serde_json::{Value, json};

use super::{agreement, create_inputs, event, read_entry, transition, write};
use crate::harness::on_both_engines;

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

#[tokio::test]
async fn summary_is_stored_in_both_languages_and_found() {
    on_both_engines(|server| async move {
        for (create, mut input) in create_inputs("Có tóm tắt") {
            input["summary"] = json!({"vi": "Hợp tác nuôi tôm hùm", "en": "Lobster farming"});
            let draft = write(&server, CLERK, create, input).await.expect_entry();
            let fields =
                "vi: summary(locale: VI) en: summary(locale: EN) history { nodes { changedFields } }";
            let shown = read_entry(&server, CLERK, &draft, fields).await;
            assert_eq!(
                (&shown["vi"], &shown["en"]),
                (&json!("Hợp tác nuôi tôm hùm"), &json!("Lobster farming"))
            );
            assert!(shown["history"].to_string().contains("\"summary\""), "{shown}");
            let change = json!({"id": draft["id"], "expectedVersion": 1, "summary": {"en": null}});
            let update = create.replace("create", "update");
            write(&server, CLERK, &update, change).await.expect_entry();
            let shown = read_entry(&server, CLERK, &draft, "summary(locale: EN)").await;
            assert_eq!(shown["summary"], "Hợp tác nuôi tôm hùm", "{create}");
        }
        let document =
            "{ events(filter: {search: \"tom hum\"}) { nodes { displayTitle(locale: VI) { text } } } }";
        let found = server.execute_as(CLERK, document, Value::Null).await;
        assert_eq!(found["data"]["events"]["nodes"].as_array().map(Vec::len), Some(1), "{found}");
        let mut long = event("Quá dài");
        long["summary"] = json!({"vi": "a".repeat(2_001)});
        let refused = write(&server, CLERK, "createEvent", long).await.refused();
        assert_eq!(refused, [("TOO_LONG".to_owned(), "summary.vi".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn title_is_composed_where_an_entry_has_none() {
    on_both_engines(|server| async move {
        let fields = "vi: displayTitle(locale: VI) { text isComposed } en: displayTitle(locale: EN) { text isComposed }";
        let mut input = agreement("x");
        input["title"] = json!({"en": "Memorandum of 2024"});
        let draft = write(&server, CLERK, "createAgreement", input).await.expect_entry();
        let shown = read_entry(&server, CLERK, &draft, fields).await;
        assert_eq!(shown["en"], json!({"text": "Memorandum of 2024", "isComposed": false}));
        let vi = shown["vi"]["text"].as_str().unwrap_or_default();
        assert!(vi.starts_with("Bản ghi nhớ giữa Đồng Nai và ") && vi.ends_with(" (2024)"), "{shown}");
        assert_eq!(shown["vi"]["isComposed"], true);
        let mut input = agreement("x");
        input["title"] = json!({"en": "Memorandum of two provinces"});
        input["vietnameseParties"] =
            json!([{"province": "HUE"}, {"province": "DONG_NAI"}, {"organization": "Sở Công Thương"}]);
        let draft = write(&server, CLERK, "createAgreement", input).await.expect_entry();
        let shown = read_entry(&server, CLERK, &draft, fields).await;
        let vi = shown["vi"]["text"].as_str().unwrap_or_default();
        assert!(vi.contains(" giữa Thừa Thiên Huế, Đồng Nai, Sở Công Thương và "), "{shown}");
        let shipped = "{ agreement(by: {code: \"AGR-0001\"}) { displayTitle(locale: VI) { text isComposed } } }";
        let answer = server.execute(shipped, Value::Null).await;
        let title = &answer["data"]["agreement"]["displayTitle"];
        assert_eq!(title["isComposed"], true, "{answer}");
        assert!(title["text"].as_str().is_some_and(|text| text.starts_with("Bản ghi nhớ giữa An Giang và ")), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn state_of_an_event_follows_its_date_or_is_stated() {
    on_both_engines(|server| async move {
        let numbers = "{ statistics(asOf: \"2026-10-31\") { events { count } } events(asOf: \"2026-10-31\") { totalCount { value } } }";
        let count = || async {
            let answer = server.execute(numbers, Value::Null).await;
            let data = &answer["data"];
            assert_eq!(data["statistics"]["events"]["count"], data["events"]["totalCount"]["value"], "{answer}");
            data["events"]["totalCount"]["value"].as_i64().expect("a number")
        };
        let before = count().await;
        let draft = write(&server, CLERK, "createEvent", event("Có hoãn không")).await.expect_entry();
        let fields = "before: state(asOf: \"2026-10-04\") day: state(asOf: \"2026-10-05\")";
        let shown = read_entry(&server, CLERK, &draft, fields).await;
        assert_eq!(shown, json!({"before": "PLANNED", "day": "HELD"}));
        let mut entry = transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
        assert_eq!(count().await, before + 1);
        for (state, counted) in [("POSTPONED", 0), ("HELD", 1), ("CANCELLED", 0)] {
            let change = json!({"id": draft["id"], "expectedVersion": entry["version"], "state": state});
            entry = write(&server, CLERK, "updateEvent", change).await.expect_entry();
            entry = transition(&server, PUBLISHER, "publishEntry", &entry).await.expect_entry();
            assert_eq!(count().await, before + counted, "{state}");
            let shown = read_entry(&server, "public", &draft, fields).await;
            assert_eq!(shown, json!({"before": state, "day": state}));
            let document = "query($f: EventFilter) { events(filter: $f) { totalCount { value } nodes { code } } }";
            let filter = json!({"state": {"in": [state]}, "search": "Có hoãn không"});
            let found = server.execute(document, json!({"f": filter})).await;
            assert_eq!(found["data"]["events"]["nodes"], json!([{"code": draft["code"]}]), "{state}: {found}");
            assert_eq!(found["data"]["events"]["totalCount"]["value"], 1, "{state}");
        }
    })
    .await;
}
