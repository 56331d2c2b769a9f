//! Mutations of partners on their webhooks, and their errors.

use serde_json::{Value, json};

use super::{PartnerClient, allow_loopback, deliveries, refused};
use crate::harness::receiver::WebhookReceiver;
use crate::harness::{Server, on_both_databases};

#[tokio::test]
async fn webhook_is_created_read_updated_and_deleted() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let receiver = WebhookReceiver::start().await;
        let partner = PartnerClient::of(&server, "busan");
        let filter = json!({"province": {"in": ["NGHE_AN"]}});
        let input = json!({"url": receiver.url(), "description": "Đồng bộ", "filter": filter});
        let created = partner.create(input).await;
        assert!(created["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")), "{created}");
        let webhook = &created["webhook"];
        assert_eq!(webhook["filter"], json!(filter.to_string()));
        for (field, value) in [
            ("url", json!(receiver.url())),
            ("description", json!("Đồng bộ")),
            ("document", Value::Null),
            ("state", json!("ACTIVE")),
            ("disabledReason", Value::Null),
            ("deliveries", json!([])),
        ] {
            assert_eq!(webhook[field], value, "{field}");
        }
        assert_eq!(partner.list().await[0]["id"], webhook["id"]);

        let id = &webhook["id"];
        let paused = partner.update(json!({"id": id, "isPaused": true, "description": null})).await;
        assert_eq!(
            (&paused["webhook"]["state"], &paused["webhook"]["description"]),
            (&json!("PAUSED"), &json!(""))
        );
        assert_eq!(paused["webhook"]["filter"], webhook["filter"], "what is absent stays");
        let resumed = partner.update(json!({"id": id, "isPaused": false, "filter": null})).await;
        assert_eq!(
            (&resumed["webhook"]["state"], &resumed["webhook"]["filter"]),
            (&json!("ACTIVE"), &Value::Null)
        );

        let rotated = partner.by_id("rotateWebhookSecret", id, "secret webhook { id }").await;
        assert!(rotated["secret"] != created["secret"] && rotated["webhook"]["id"] == *id, "{rotated}");
        assert_eq!(partner.by_id("deleteWebhook", id, "deletedId").await["deletedId"], *id);
        assert!(partner.list().await.is_empty());
        let gone = partner.by_id("deleteWebhook", id, "deletedId").await;
        assert_eq!(refused(&gone), [("NOT_FOUND", "id".to_owned())]);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn webhook_update_keeps_fields_of_absent_variables() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let receiver = WebhookReceiver::start().await;
        let partner = PartnerClient::of(&server, "busan");
        let filter = json!({"province": {"in": ["NGHE_AN"]}});
        let input = json!({"url": receiver.url(), "description": "Đồng bộ", "filter": filter});
        let id = partner.create(input).await["webhook"]["id"].take();
        let update = async |variables: Value| {
            let arguments = "$id: ID!, $p: Boolean, $f: ChangeFilter, $d: String, $u: String";
            let mutation =
                "updateWebhook(input: {id: $id, isPaused: $p, filter: $f, description: $d, url: $u})";
            partner.write(mutation, arguments, variables, "webhook { state filter description url }").await
        };
        let paused = update(json!({"id": id, "p": true})).await;
        let kept = json!({
            "state": "PAUSED", "filter": filter.to_string(), "description": "Đồng bộ", "url": receiver.url(),
        });
        assert_eq!(paused["webhook"], kept, "{paused}");
        let cleared = update(json!({"id": id, "f": null})).await;
        assert_eq!(cleared["webhook"]["filter"], Value::Null, "{cleared}");
        assert_eq!(cleared["webhook"]["description"], "Đồng bộ");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn limits_are_20_webhooks_and_10_scheduled_deliveries() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        // No endpoint is needed here, because nothing changes.
        let (partner, url) = (PartnerClient::of(&server, "busan"), "http://127.0.0.1:9/");
        let both = || async {
            tokio::join!(partner.create(json!({"url": url})), partner.create(json!({"url": url})))
        };
        for _ in 0..9 {
            let (one, other) = both().await;
            assert!(one["webhook"]["id"].is_string() && other["webhook"]["id"].is_string(), "{one} {other}");
        }
        partner.create_webhook(url).await;
        let (one, other) = both().await;
        let many = [("INVALID", String::new())];
        assert_eq!(
            [refused(&one), refused(&other)].iter().filter(|received| **received == many).count(),
            1,
            "{one} {other}"
        );
        assert_eq!(partner.list().await.len(), 20);
        assert!(
            PartnerClient::of(&server, "gwangju").create(json!({"url": url})).await["secret"].is_string()
        );
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn document_must_be_one_valid_feed_subscription() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let partner = PartnerClient::of(&server, "busan");
        let input = |document: &str| json!({"url": "http://127.0.0.1:9/", "document": document});
        for bad in [
            "{ changes { nodes { position } } }",
            "subscription { changes { __typename } more: changes { __typename } }",
            "subscription { changes { ... on Change { colour } } }",
            "subscription { changes(after: \"x\") { __typename } }",
            "subscription($of: String!) { changes { __typename ... on Change { author @include(if: $of) } } }",
            "subscription { changes { ... on Change { entry { history(first: 100) { nodes { entry { history(first: 100) { nodes { position } } } } } } } } }",
            "subscription {",
        ] {
            let received = partner.create(input(bad)).await;
            assert_eq!(refused(&received), [("INVALID", "document".to_owned())], "{bad}: {received}");
            let message = &received["errors"][0];
            assert!(message["vi"] != message["en"] && message["vi"].as_str().is_some_and(|vi| vi.contains("GraphQL") || vi.contains("hợp lệ")), "{message}");
        }
        let mut unread = input("subscription { changes { __typename } }");
        unread["filter"] = json!({"province": {"in": ["HUE"]}});
        unread["description"] = json!("x".repeat(201));
        let received = partner.create(unread.clone()).await;
        assert_eq!(refused(&received), [("TOO_LONG", "description".to_owned())]);
        unread["description"] = json!("");
        assert_eq!(refused(&partner.create(unread).await), [("INVALID", "filter".to_owned())]);
        let forged = json!({"url": "http://127.0.0.1:9/", "after": "AAAA"});
        assert_eq!(refused(&partner.create(forged).await), [("INVALID", "after".to_owned())]);
        assert!(partner.list().await.is_empty());

        let (webhook, _) = partner.create_webhook("http://127.0.0.1:9/").await;
        let received = partner.update(json!({"id": webhook["id"], "document": "{ viewer { id } }"})).await;
        assert_eq!(refused(&received), [("INVALID", "document".to_owned())]);
        assert_eq!(partner.list().await[0]["document"], Value::Null);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn ping_is_delivered_in_every_state_and_logged() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let receiver =
            WebhookReceiver::with(|_, before| (if before == 0 { 200 } else { 503 }, String::new())).await;
        let partner = PartnerClient::of(&server, "busan");
        let (webhook, secret) = partner.create_webhook(&receiver.url()).await;
        partner.update(json!({"id": webhook["id"], "isPaused": true})).await;
        let asked = partner
            .by_id("pingWebhook", &webhook["id"], "delivery { id kind attemptedAt isDelivered }")
            .await;
        assert_eq!(asked["delivery"]["kind"], "PING");
        assert_eq!(
            (&asked["delivery"]["attemptedAt"], &asked["delivery"]["isDelivered"]),
            (&Value::Null, &json!(false))
        );
        let call = receiver.wait_for_accepted(1).await.remove(0);
        assert_eq!(call.json()["type"], "caunoi.ping");
        let verifier = standardwebhooks::Webhook::new(&secret).expect("a secret");
        verifier.verify(&call.body, &call.headers).expect("a good signature");
        let seen =
            partner.wait_for_webhook(|webhook| deliveries(webhook)[0]["attemptedAt"].is_string()).await;
        let ping = &deliveries(&seen)[0];
        assert_eq!((&ping["id"], &ping["messageId"]), (&asked["delivery"]["id"], &json!(call.id())));
        assert_eq!(
            (&ping["isDelivered"], &ping["status"], &ping["response"]),
            (&json!(true), &json!(200), &Value::Null)
        );

        partner.by_id("pingWebhook", &webhook["id"], "delivery { id }").await;
        let seen = partner.wait_for_webhook(|webhook| deliveries(webhook)[0]["status"] == 503).await;
        let failed = &deliveries(&seen)[0];
        assert_eq!((&failed["error"], &failed["response"]), (&json!("STATUS"), &json!("told")));
        assert_eq!(
            (&seen["state"], &seen["failures"], &failed["nextAttemptAt"]),
            (&json!("PAUSED"), &json!(0), &Value::Null)
        );
        server.stop().await;
    })
    .await;
}
