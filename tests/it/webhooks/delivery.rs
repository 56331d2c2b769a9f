//! Deliveries: every change at least once, in order, signed, in the requested shape.

use serde_json::{Value, json};
use standardwebhooks::Webhook as Verifier;

use super::{PartnerClient, allow_loopback, deliveries};
use crate::harness::publisher::Publisher;
use crate::harness::receiver::{WebhookCall, WebhookReceiver};
use crate::harness::{Server, on_both_databases};

const TITLES: &str = "subscription($filter: ChangeFilter) { told: changes(filter: $filter) {
    __typename ... on Change { movement entry { code ... on Event { title(locale: EN) } } }
} }";

fn titles(calls: &[WebhookCall]) -> Vec<String> {
    let title =
        |call: &WebhookCall| call.json()["data"]["entry"]["title"].as_str().unwrap_or_default().to_owned();
    calls.iter().map(title).collect()
}

#[tokio::test]
async fn changes_arrive_in_order_signed_and_filtered() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let (usual, own) = (WebhookReceiver::start().await, WebhookReceiver::start().await);
        let partner = PartnerClient::of(&server, "busan");
        let (webhook, secret) = partner.create_webhook(&usual.url()).await;
        let filter = json!({"province": {"in": ["NGHE_AN"]}});
        let input = json!({"url": own.url(), "document": TITLES, "filter": filter});
        assert_eq!(partner.create(input).await["errors"], json!([]));

        let publisher = Publisher::of("NGHE_AN", server.register());
        publisher.draft("Not for strangers").await;
        let entry = publisher.publish("One").await;
        Publisher::of("DA_NANG", server.register()).publish("Elsewhere").await;
        publisher.publish("Two").await;
        assert_eq!(titles(&own.wait_for_accepted(2).await), ["One", "Two"]);
        let shaped = own.calls()[0].0.json();
        assert_eq!(shaped["type"], "caunoi.change");
        let data = json!({"__typename": "Change", "movement": "ENTERED", "entry": {"code": entry.meta.code, "title": "One"}});
        assert_eq!(shaped["data"], data);

        let calls = usual.wait_for_accepted(3).await;
        let verifier = Verifier::new(&secret).expect("a secret");
        for call in &calls {
            verifier.verify(&call.body, &call.headers).expect("a good signature");
            let body = call.json();
            assert!(body["timestamp"].is_string() && body["data"]["changedFields"].is_array(), "{body}");
            assert_eq!(call.header("content-type"), "application/json");
        }
        let codes: Vec<Value> = calls.iter().map(|call| call.json()["data"]["entry"]["code"].clone()).collect();
        assert_eq!(codes[0], json!(entry.meta.code));
        assert!(Verifier::new(&secret).expect("a secret").verify(b"{}", &calls[0].headers).is_err());

        // Both secrets sign during the overlap.
        let rotated = partner.by_id("rotateWebhookSecret", &webhook["id"], "secret").await;
        publisher.publish("Three").await;
        let call = usual.wait_for_accepted(4).await.remove(3);
        assert_eq!(call.header("webhook-signature").split(' ').count(), 2);
        for secret in [secret.as_str(), rotated["secret"].as_str().expect("a secret")] {
            Verifier::new(secret).expect("a secret").verify(&call.body, &call.headers).expect("a good signature");
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn webhook_starts_after_cursor_and_resumes_after_pause() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let receiver = WebhookReceiver::start().await;
        let partner = PartnerClient::of(&server, "busan");
        let answer = server.execute("{ statistics { cursor } }", Value::Null).await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        publisher.publish("Before").await;
        let input = json!({"url": receiver.url(), "document": TITLES, "after": answer["data"]["statistics"]["cursor"]});
        let webhook = partner.create(input).await["webhook"].take();
        assert_eq!(titles(&receiver.wait_for_accepted(1).await), ["Before"]);
        partner.wait_for_webhook(|webhook| deliveries(webhook).len() == 1).await;
        partner.update(json!({"id": webhook["id"], "isPaused": true})).await;
        publisher.publish("Meanwhile").await;
        partner.update(json!({"id": webhook["id"], "isPaused": false})).await;
        publisher.publish("After").await;
        assert_eq!(titles(&receiver.wait_for_accepted(3).await), ["Before", "Meanwhile", "After"]);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn redelivery_keeps_the_message_id() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let receiver = WebhookReceiver::start().await;
        let partner = PartnerClient::of(&server, "busan");
        let input = json!({"url": receiver.url(), "document": TITLES});
        let webhook = partner.create(input).await["webhook"].take();
        // The log with the lower number is written later, so it comes first when the feed is read
        // again.
        let (later, earlier) = ("NGHE_AN", "DA_NANG");
        let log =
            |slug| server.register().read_model().directory.province_by_slug(slug).expect("a province").log;
        let (first, second) = if log(later) > log(earlier) { (later, earlier) } else { (earlier, later) };
        Publisher::of(first, server.register()).publish("One").await;
        receiver.wait_for_accepted(1).await;
        Publisher::of(second, server.register()).publish("Two").await;
        let calls = receiver.wait_for_accepted(2).await;
        assert_eq!(titles(&calls), ["One", "Two"]);
        let seen = partner.wait_for_webhook(|webhook| deliveries(webhook).len() == 2).await;
        for (delivery, call) in deliveries(&seen).iter().rev().zip(&calls) {
            assert_eq!(delivery["messageId"], json!(call.id()));
            let asked =
                partner.by_id("redeliverWebhook", &delivery["id"], "delivery { kind messageId }").await;
            let expected = json!({"kind": "REDELIVERY", "messageId": call.id()});
            assert_eq!(asked["delivery"], expected, "{asked}");
        }
        let again = receiver.wait_for_accepted(4).await;
        assert_eq!(titles(&again[2..]), ["One", "Two"]);
        assert_eq!((again[2].id(), again[3].id()), (calls[0].id(), calls[1].id()));
        let unknown = partner.by_id("redeliverWebhook", &json!("wh_none.1"), "delivery { id }").await;
        assert_eq!(super::refused(&unknown), [("NOT_FOUND", "delivery".to_owned())]);
        // A message that the filter no longer matches is not found.
        let narrow = json!({"id": webhook["id"], "filter": {"entryType": ["RELATION"]}});
        assert_eq!(partner.update(narrow).await["errors"], json!([]));
        partner.by_id("redeliverWebhook", &deliveries(&seen)[0]["id"], "delivery { id }").await;
        let is_missing = |webhook: &Value| deliveries(webhook)[0]["error"] == "NO_MESSAGE";
        partner.wait_for_webhook(is_missing).await;
        assert_eq!(receiver.calls().len(), 4);
        server.stop().await;
    })
    .await;
}
