//! Unknown words in the filter of a webhook.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{PartnerClient, allow_loopback, refused};
use crate::harness::publisher::Publisher;
use crate::harness::receiver::WebhookReceiver;
use crate::harness::{Server, connect, on_both_databases};

/// Returns filters with an unknown word in each field, and the paths of these words.
fn unknown() -> [(Value, &'static str); 4] {
    [
        (json!({"country": {"in": ["JP", "ZZ"]}}), "filter.country.in.1"),
        (json!({"field": {"in": ["NOPE"]}}), "filter.field.in.0"),
        (json!({"locality": {"in": ["xx-nowhere"]}}), "filter.locality.in.0"),
        (json!({"province": {"in": ["NOWHERE"]}}), "filter.province.in.0"),
    ]
}

#[tokio::test]
async fn unknown_filter_words_are_refused_with_their_paths() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let partner = PartnerClient::of(&server, "busan");
        let (webhook, _) = partner.create_webhook("http://127.0.0.1:9/").await;
        let mut all = json!({});
        for (filter, path) in unknown() {
            let payload = partner.create(json!({"url": "http://127.0.0.1:9/", "filter": filter})).await;
            assert_eq!(refused(&payload), [("NOT_FOUND", path.to_owned())], "{filter}");
            let payload = partner.update(json!({"id": webhook["id"], "filter": filter})).await;
            assert_eq!(refused(&payload), [("NOT_FOUND", path.to_owned())], "{filter}");
            for (field, value) in filter.as_object().expect("fields") {
                all[field] = value.clone();
            }
        }
        let payload = partner.create(json!({"url": "http://127.0.0.1:9/", "filter": all})).await;
        let expected: Vec<_> = unknown().iter().map(|(_, path)| ("NOT_FOUND", (*path).to_owned())).collect();
        assert_eq!(refused(&payload), expected, "all at once");
        let many = json!({"locality": {"in": vec!["xx-nowhere"; 250]}});
        let payload = partner.create(json!({"url": "http://127.0.0.1:9/", "filter": many})).await;
        assert_eq!(refused(&payload).len(), 10);
        // An entry type is an enum, so an unknown one is an error of the variable.
        let create =
            "mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { cursor: __typename } }";
        let input = json!({"url": "http://127.0.0.1:9/", "filter": {"entryType": ["agreement"]}});
        let error = partner.execute(create, json!({ "input": input })).await["errors"][0].take();
        let extensions = &error["extensions"];
        assert_eq!(extensions["code"], "BAD_INPUT", "{error}");
        assert_eq!(extensions["path"], json!(["$input", "filter", "entryType", "0"]), "{error}");
        assert_eq!(
            (&extensions["word"], &extensions["candidates"]),
            (&json!("agreement"), &json!(["AGREEMENT"]))
        );
        // A document that itself contains such words cannot be executed.
        let document = r#"subscription { changes(filter: {country: {in: ["ZZ"]}}) { __typename } }"#;
        let payload = partner.create(json!({"url": "http://127.0.0.1:9/", "document": document})).await;
        assert_eq!(refused(&payload), [("INVALID", "document".to_owned())]);
        let document = "subscription { changes(filter: {entryType: [Agreement]}) { __typename } }";
        let payload = partner.create(json!({"url": "http://127.0.0.1:9/", "document": document})).await;
        assert_eq!(refused(&payload), [("INVALID", "document".to_owned())]);
        let list = partner.list().await;
        assert_eq!((list.len(), &list[0]["filter"]), (1, &Value::Null));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn stored_filter_with_unknown_words_stays_in_use() {
    on_both_databases(|settings| async move {
        let settings = allow_loopback(settings);
        let server = Server::start(settings.clone()).await;
        let receiver = WebhookReceiver::start().await;
        let partner = PartnerClient::of(&server, "busan");
        let input = json!({"url": receiver.url(), "filter": {"entryType": ["EVENT"]}});
        assert_eq!(partner.create(input).await["errors"], json!([]));
        server.stop().await;
        // Stored as by earlier releases, which did not check words.
        let database = connect(&settings).await;
        let stored = r#"UPDATE webhook SET filter = '{"entryType":["agreement","Event"]}'"#;
        database.execute_unprepared(stored).await.expect("the filter is stored");
        database.close().await.expect("it closes");

        let server = Server::start(settings).await;
        let partner = PartnerClient::of(&server, "busan");
        Publisher::of("NGHE_AN", server.register()).publish("One").await;
        let call = receiver.wait_for_accepted(1).await.remove(0);
        assert_eq!(call.json()["data"]["entry"]["__typename"], "Event");
        let webhook = partner.list().await.remove(0);
        assert_eq!((&webhook["state"], &webhook["failures"]), (&json!("ACTIVE"), &json!(0)));
        assert_eq!(webhook["filter"], r#"{"entryType":["EVENT"]}"#);
        // An update of other fields succeeds; one of the document names the word.
        let renamed =
            partner.update(json!({"id": webhook["id"], "description": "Events", "isPaused": true})).await;
        assert_eq!(renamed["errors"], json!([]));
        let payload = partner.update(json!({"id": webhook["id"], "document": null})).await;
        assert_eq!(refused(&payload), [("NOT_FOUND", "filter.entryType.0".to_owned())]);
        let message = &payload["errors"][0];
        assert_eq!(message["en"], "No entry type is known as \"agreement\". Did you mean AGREEMENT?");
        assert_eq!(message["vi"], "Không tìm thấy loại bản ghi \"agreement\". Mã gần giống: AGREEMENT.");
        let mended = partner
            .update(json!({"id": webhook["id"], "filter": {"entryType": ["AGREEMENT", "EVENT"]}}))
            .await;
        assert_eq!(mended["errors"], json!([]));
        server.stop().await;
    })
    .await;
}
