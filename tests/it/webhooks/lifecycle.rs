//! What partners do with their webhooks, and what is refused.

use serde_json::{Value, json};

use super::{Partner, deliveries, open, refused};
use crate::harness::receiver::Receiver;
use crate::harness::{Server, on_both_databases};

#[tokio::test]
async fn a_webhook_is_made_seen_changed_and_forgotten() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let receiver = Receiver::start().await;
        let partner = Partner::of(&server, "busan");
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
        let open = partner.update(json!({"id": id, "isPaused": false, "filter": null})).await;
        assert_eq!((&open["webhook"]["state"], &open["webhook"]["filter"]), (&json!("ACTIVE"), &Value::Null));

        let rotated = partner.by_id("rotateWebhookSecret", id, "secret webhook { id }").await;
        assert!(rotated["secret"] != created["secret"] && rotated["webhook"]["id"] == *id, "{rotated}");
        assert_eq!(partner.by_id("deleteWebhook", id, "id").await["id"], *id);
        assert!(partner.list().await.is_empty());
        let gone = partner.by_id("deleteWebhook", id, "id").await;
        assert_eq!(refused(&gone), [("NOT_FOUND", "id".to_owned())]);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_webhook_keeps_what_a_variable_that_was_not_sent_would_set() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let receiver = Receiver::start().await;
        let partner = Partner::of(&server, "busan");
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
async fn a_partner_has_twenty_webhooks_and_ten_deliveries_that_wait() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        // Nobody listens there, and while nothing changes nobody has to.
        let (partner, url) = (Partner::of(&server, "busan"), "http://127.0.0.1:9/");
        let both = || async {
            tokio::join!(partner.create(json!({"url": url})), partner.create(json!({"url": url})))
        };
        for _ in 0..9 {
            let (one, other) = both().await;
            assert!(one["webhook"]["id"].is_string() && other["webhook"]["id"].is_string(), "{one} {other}");
        }
        partner.hook(url).await;
        let (one, other) = both().await;
        let many = [("INVALID", String::new())];
        assert_eq!(
            [refused(&one), refused(&other)].iter().filter(|told| **told == many).count(),
            1,
            "{one} {other}"
        );
        assert_eq!(partner.list().await.len(), 20);
        assert!(Partner::of(&server, "gwangju").create(json!({"url": url})).await["secret"].is_string());
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_document_is_one_subscription_of_the_feed_that_the_schema_knows() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let partner = Partner::of(&server, "busan");
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
            let told = partner.create(input(bad)).await;
            assert_eq!(refused(&told), [("INVALID", "document".to_owned())], "{bad}: {told}");
            let message = &told["errors"][0];
            assert!(message["vi"] != message["en"] && message["vi"].as_str().is_some_and(|vi| vi.contains("GraphQL") || vi.contains("hợp lệ")), "{message}");
        }
        let mut unread = input("subscription { changes { __typename } }");
        unread["filter"] = json!({"province": {"in": ["HUE"]}});
        unread["description"] = json!("x".repeat(201));
        let told = partner.create(unread.clone()).await;
        assert_eq!(refused(&told), [("TOO_LONG", "description".to_owned())]);
        unread["description"] = json!("");
        assert_eq!(refused(&partner.create(unread).await), [("INVALID", "filter".to_owned())]);
        let forged = json!({"url": "http://127.0.0.1:9/", "after": "AAAA"});
        assert_eq!(refused(&partner.create(forged).await), [("INVALID", "after".to_owned())]);
        assert!(partner.list().await.is_empty());

        let (webhook, _) = partner.hook("http://127.0.0.1:9/").await;
        let told = partner.update(json!({"id": webhook["id"], "document": "{ viewer { id } }"})).await;
        assert_eq!(refused(&told), [("INVALID", "document".to_owned())]);
        assert_eq!(partner.list().await[0]["document"], Value::Null);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_ping_arrives_in_whatever_state_and_says_how_it_went() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let receiver = Receiver::with(|_, before| (if before == 0 { 200 } else { 503 }, String::new())).await;
        let partner = Partner::of(&server, "busan");
        let (webhook, secret) = partner.hook(&receiver.url()).await;
        partner.update(json!({"id": webhook["id"], "isPaused": true})).await;
        let asked = partner
            .by_id("pingWebhook", &webhook["id"], "delivery { id kind attemptedAt isDelivered }")
            .await;
        assert_eq!(asked["delivery"]["kind"], "PING");
        assert_eq!(
            (&asked["delivery"]["attemptedAt"], &asked["delivery"]["isDelivered"]),
            (&Value::Null, &json!(false))
        );
        let call = receiver.taken(1).await.remove(0);
        assert_eq!(call.json()["type"], "caunoi.ping");
        let verifier = standardwebhooks::Webhook::new(&secret).expect("a secret");
        verifier.verify(&call.body, &call.headers).expect("a good signature");
        let seen = partner.until(|webhook| deliveries(webhook)[0]["attemptedAt"].is_string()).await;
        let ping = &deliveries(&seen)[0];
        assert_eq!((&ping["id"], &ping["messageId"]), (&asked["delivery"]["id"], &json!(call.id())));
        assert_eq!(
            (&ping["isDelivered"], &ping["status"], &ping["response"]),
            (&json!(true), &json!(200), &Value::Null)
        );

        partner.by_id("pingWebhook", &webhook["id"], "delivery { id }").await;
        let seen = partner.until(|webhook| deliveries(webhook)[0]["status"] == 503).await;
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
