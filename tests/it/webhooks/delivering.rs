//! What arrives: every change once or more, in order, signed, in the shape that was asked for.

use serde_json::{Value, json};
use standardwebhooks::Webhook as Verifier;

use super::{Partner, deliveries, open};
use crate::harness::desk::Desk;
use crate::harness::receiver::{Call, Receiver};
use crate::harness::{Server, on_both_databases};

const TITLES: &str = "subscription($filter: ChangeFilter) { told: changes(filter: $filter) {
    __typename ... on Change { movement entry { code ... on Event { title(locale: EN) } } }
} }";

fn titles(calls: &[Call]) -> Vec<String> {
    let title = |call: &Call| call.json()["data"]["entry"]["title"].as_str().unwrap_or_default().to_owned();
    calls.iter().map(title).collect()
}

#[tokio::test]
async fn changes_arrive_in_order_signed_and_shaped_by_filter_and_document() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let (usual, own) = (Receiver::start().await, Receiver::start().await);
        let partner = Partner::of(&server, "busan");
        let (webhook, secret) = partner.hook(&usual.url()).await;
        let filter = json!({"province": {"in": ["NGHE_AN"]}});
        let input = json!({"url": own.url(), "document": TITLES, "filter": filter});
        assert_eq!(partner.create(input).await["errors"], json!([]));

        let desk = Desk::of("NGHE_AN", server.register());
        desk.draft("Not for strangers").await;
        let entry = desk.publish("One").await;
        Desk::of("DA_NANG", server.register()).publish("Elsewhere").await;
        desk.publish("Two").await;
        assert_eq!(titles(&own.taken(2).await), ["One", "Two"]);
        let shaped = own.calls()[0].0.json();
        assert_eq!(shaped["type"], "caunoi.change");
        let data = json!({"__typename": "Change", "movement": "ENTERED", "entry": {"code": entry.stamp.code, "title": "One"}});
        assert_eq!(shaped["data"], data);

        let calls = usual.taken(3).await;
        let verifier = Verifier::new(&secret).expect("a secret");
        for call in &calls {
            verifier.verify(&call.body, &call.headers).expect("a good signature");
            let body = call.json();
            assert!(body["timestamp"].is_string() && body["data"]["changedFields"].is_array(), "{body}");
            assert_eq!(call.header("content-type"), "application/json");
        }
        let codes: Vec<Value> = calls.iter().map(|call| call.json()["data"]["entry"]["code"].clone()).collect();
        assert_eq!(codes[0], json!(entry.stamp.code));
        assert!(Verifier::new(&secret).expect("a secret").verify(b"{}", &calls[0].headers).is_err());

        // Both secrets sign for a while.
        let rotated = partner.by_id("rotateWebhookSecret", &webhook["id"], "secret").await;
        desk.publish("Three").await;
        let call = usual.taken(4).await.remove(3);
        assert_eq!(call.header("webhook-signature").split(' ').count(), 2);
        for secret in [secret.as_str(), rotated["secret"].as_str().expect("a secret")] {
            Verifier::new(secret).expect("a secret").verify(&call.body, &call.headers).expect("a good signature");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_webhook_begins_after_a_cursor_and_goes_on_after_a_pause() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let receiver = Receiver::start().await;
        let partner = Partner::of(&server, "busan");
        let answer = server.ask("{ statistics { cursor } }", Value::Null).await;
        let desk = Desk::of("NGHE_AN", server.register());
        desk.publish("Before").await;
        let input = json!({"url": receiver.url(), "document": TITLES, "after": answer["data"]["statistics"]["cursor"]});
        let webhook = partner.create(input).await["webhook"].take();
        assert_eq!(titles(&receiver.taken(1).await), ["Before"]);
        partner.until(|webhook| deliveries(webhook).len() == 1).await;
        partner.update(json!({"id": webhook["id"], "isPaused": true})).await;
        desk.publish("Meanwhile").await;
        partner.update(json!({"id": webhook["id"], "isPaused": false})).await;
        desk.publish("After").await;
        assert_eq!(titles(&receiver.taken(3).await), ["Before", "Meanwhile", "After"]);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_message_is_sent_once_more_under_its_name() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let receiver = Receiver::start().await;
        let partner = Partner::of(&server, "busan");
        let input = json!({"url": receiver.url(), "document": TITLES});
        let webhook = partner.create(input).await["webhook"].take();
        // The log with the lower number moves afterwards, so it comes first when the feed is read again.
        let (later, earlier) = ("NGHE_AN", "DA_NANG");
        let log =
            |slug| server.register().replica().directory.province_by_slug(slug).expect("a province").log;
        let (first, second) = if log(later) > log(earlier) { (later, earlier) } else { (earlier, later) };
        Desk::of(first, server.register()).publish("One").await;
        receiver.taken(1).await;
        Desk::of(second, server.register()).publish("Two").await;
        let calls = receiver.taken(2).await;
        assert_eq!(titles(&calls), ["One", "Two"]);
        let seen = partner.until(|webhook| deliveries(webhook).len() == 2).await;
        for (delivery, call) in deliveries(&seen).iter().rev().zip(&calls) {
            assert_eq!(delivery["messageId"], json!(call.id()));
            let asked =
                partner.by_id("redeliverWebhook", &delivery["id"], "delivery { kind messageId }").await;
            let expected = json!({"kind": "REDELIVERY", "messageId": call.id()});
            assert_eq!(asked["delivery"], expected, "{asked}");
        }
        let again = receiver.taken(4).await;
        assert_eq!(titles(&again[2..]), ["One", "Two"]);
        assert_eq!((again[2].id(), again[3].id()), (calls[0].id(), calls[1].id()));
        let unknown = partner.by_id("redeliverWebhook", &json!("wh_none.1"), "delivery { id }").await;
        assert_eq!(super::refused(&unknown), [("NOT_FOUND", "delivery".to_owned())]);
        // What its filter does not let through any more is not found.
        let narrow = json!({"id": webhook["id"], "filter": {"entryType": ["Relation"]}});
        assert_eq!(partner.update(narrow).await["errors"], json!([]));
        partner.by_id("redeliverWebhook", &deliveries(&seen)[0]["id"], "delivery { id }").await;
        let told = |webhook: &Value| deliveries(webhook)[0]["error"] == "NO_MESSAGE";
        partner.until(told).await;
        assert_eq!(receiver.calls().len(), 4);
        server.stop().await;
    })
    .await;
}
