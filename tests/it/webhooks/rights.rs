//! Permissions on webhooks.

use caunoi_server::identity::Grant;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use serde_json::{Value, json};

use super::{PartnerClient, allow_loopback, refused};
use crate::harness::{Server, connect, on_both_databases, on_postgres};

/// A document for each root field on webhooks, with the webhook `$id`.
const ROOTS: [&str; 7] = [
    "{ webhooks { id } }",
    "mutation { createWebhook(input: {url: \"http://127.0.0.1:9/\"}) { errors { code } } }",
    "mutation($id: ID!) { updateWebhook(input: {id: $id, isPaused: true}) { errors { code } } }",
    "mutation($id: ID!) { deleteWebhook(id: $id) { errors { code } } }",
    "mutation($id: ID!) { rotateWebhookSecret(id: $id) { secret errors { code } } }",
    "mutation($id: ID!) { pingWebhook(id: $id) { errors { code } } }",
    "mutation($id: ID!) { redeliverWebhook(delivery: $id) { errors { code } } }",
];

#[tokio::test]
async fn only_partner_with_write_token_has_webhooks() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let (webhook, _) = PartnerClient::of(&server, "busan").create_webhook("http://127.0.0.1:9/").await;
        let reader = server.token_of(&Grant::new("partner", None).expect("a grant").read_only());
        for root in ROOTS {
            for (caller, code) in [
                ("clerk:DONG_NAI", "FORBIDDEN"),
                ("publisher:DONG_NAI", "FORBIDDEN"),
                ("analyst", "FORBIDDEN"),
                ("steward", "FORBIDDEN"),
            ] {
                let answer = server.execute_as(caller, root, json!({"id": webhook["id"]})).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{caller} {root}: {answer}");
            }
            for (token, code) in [(None, "UNAUTHENTICATED"), (Some(reader.as_str()), "FORBIDDEN")] {
                let answer = server.execute_with_token(token, root, json!({"id": webhook["id"]})).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{root}: {answer}");
            }
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn webhook_of_another_partner_is_not_found() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let (own, other) = (PartnerClient::of(&server, "busan"), PartnerClient::of(&server, "gwangju"));
        let (webhook, _) = own.create_webhook("http://127.0.0.1:9/").await;
        let id = &webhook["id"];
        assert!(other.list().await.is_empty());
        let received =
            other.update(json!({"id": id, "isPaused": true, "url": "http://127.0.0.1:9/mine"})).await;
        assert_eq!(
            (refused(&received), &received["webhook"]),
            (vec![("NOT_FOUND", "id".to_owned())], &Value::Null)
        );
        for (mutation, selection) in [
            ("deleteWebhook", "deletedId"),
            ("rotateWebhookSecret", "secret"),
            ("pingWebhook", "delivery { id }"),
        ] {
            let received = other.by_id(mutation, id, selection).await;
            assert_eq!(refused(&received), [("NOT_FOUND", "id".to_owned())], "{mutation}");
        }
        let asked = own.by_id("pingWebhook", id, "delivery { id }").await;
        let received = other.by_id("redeliverWebhook", &asked["delivery"]["id"], "delivery { id }").await;
        assert_eq!(refused(&received), [("NOT_FOUND", "delivery".to_owned())]);
        let stored = &own.list().await[0];
        assert_eq!((&stored["state"], &stored["url"]), (&json!("ACTIVE"), &webhook["url"]));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn idempotency_key_is_refused_for_webhooks() {
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let partner = PartnerClient::of(&server, "busan");
        let document = "mutation { createWebhook(input: {url: \"http://127.0.0.1:9/\"}) @idempotent(key: \"1\") { secret errors { code path } } }";
        let answer = partner.execute(document, Value::Null).await;
        let received = json!({"secret": null, "errors": [{"code": "INVALID", "path": ["key"]}]});
        assert_eq!(answer["data"]["createWebhook"], received, "{answer}");
        assert!(partner.list().await.is_empty());
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn row_level_security_separates_webhooks() {
    on_postgres(|settings| async move {
        let server = Server::start(allow_loopback(settings.clone())).await;
        let (webhook, _) = PartnerClient::of(&server, "busan").create_webhook("http://127.0.0.1:9/").await;
        PartnerClient::of(&server, "gwangju").create_webhook("http://127.0.0.1:9/").await;
        PartnerClient::of(&server, "busan").by_id("pingWebhook", &webhook["id"], "delivery { id }").await;
        let database = connect(&settings).await;
        for (role, set, seen) in [
            ("caunoi_public", "", None),
            ("caunoi_ministry", "", None),
            ("caunoi_replica", "", None),
            ("caunoi_app", "", Some((0, 0))),
            ("caunoi_app", "SET LOCAL app.province = 1", Some((0, 0))),
            ("caunoi_app", "SET LOCAL app.partner = 'nobody'", Some((0, 0))),
            ("caunoi_app", "SET LOCAL app.partner = 'busan'", Some((1, 1))),
            ("caunoi_app", "SET LOCAL app.sender = 'on'", Some((2, 1))),
        ] {
            for (table, rows) in
                [("webhook", seen.map(|seen| seen.0)), ("webhook_delivery", seen.map(|seen| seen.1))]
            {
                let tx = database.begin().await.expect("a transaction begins");
                tx.execute_unprepared(&format!("SET LOCAL ROLE {role}; {set}"))
                    .await
                    .expect("the role is taken on");
                let count =
                    Statement::from_string(DbBackend::Postgres, format!("SELECT count(*) FROM {table}"));
                let counted = tx.query_one_raw(count).await;
                let counted =
                    counted.ok().flatten().map(|row| row.try_get_by_index::<i64>(0).expect("a count"));
                assert_eq!(counted, rows, "{role} {set} {table}");
            }
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn webhook_and_delivery_are_nodes_of_their_owner() {
    const NODE: &str = "query($id: ID!) { node(id: $id) { __typename id } }";
    on_both_databases(|settings| async move {
        let server = Server::start(allow_loopback(settings)).await;
        let (partner, other) = (PartnerClient::of(&server, "busan"), PartnerClient::of(&server, "daegu"));
        let (webhook, _) = partner.create_webhook("http://127.0.0.1:9/").await;
        let delivery =
            partner.by_id("pingWebhook", &webhook["id"], "delivery { id }").await["delivery"].take();
        for (kind, id) in [("Webhook", &webhook["id"]), ("WebhookDelivery", &delivery["id"])] {
            let found = partner.execute(NODE, json!({ "id": id })).await;
            assert_eq!(found["data"]["node"], json!({"__typename": kind, "id": id}), "{found}");
            for answer in [
                other.execute(NODE, json!({ "id": id })).await,
                server.execute(NODE, json!({ "id": id })).await,
            ] {
                assert_eq!(answer["data"], json!({ "node": null }), "{answer}");
            }
        }
        server.stop().await;
    })
    .await;
}
