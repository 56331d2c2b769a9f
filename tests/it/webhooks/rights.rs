//! Whose webhooks are seen and changed by whom.

use caunoi_server::identity::Grant;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use serde_json::{Value, json};

use super::{Partner, open, refused};
use crate::harness::{Server, connect, on_a_server_database, on_both_databases};

/// A document of each root that has to do with webhooks, of the webhook `$id`.
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
async fn only_a_partner_with_a_token_that_may_write_has_webhooks() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let (webhook, _) = Partner::of(&server, "busan").hook("http://127.0.0.1:9/").await;
        let reader = server.token_of(&Grant::new("partner", None).expect("a grant").read_only());
        for root in ROOTS {
            for (who, code) in [
                ("clerk:DONG_NAI", "FORBIDDEN"),
                ("publisher:DONG_NAI", "FORBIDDEN"),
                ("analyst", "FORBIDDEN"),
                ("steward", "FORBIDDEN"),
            ] {
                let answer = server.ask_as(who, root, json!({"id": webhook["id"]})).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{who} {root}: {answer}");
            }
            for (token, code) in [(None, "UNAUTHENTICATED"), (Some(reader.as_str()), "FORBIDDEN")] {
                let answer = server.ask_with(token, root, json!({"id": webhook["id"]})).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{root}: {answer}");
            }
        }
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_webhook_of_another_partner_is_not_there() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let (own, other) = (Partner::of(&server, "busan"), Partner::of(&server, "gwangju"));
        let (webhook, _) = own.hook("http://127.0.0.1:9/").await;
        let id = &webhook["id"];
        assert!(other.list().await.is_empty());
        let told = other.update(json!({"id": id, "isPaused": true, "url": "http://127.0.0.1:9/mine"})).await;
        assert_eq!((refused(&told), &told["webhook"]), (vec![("NOT_FOUND", "id".to_owned())], &Value::Null));
        for (mutation, selection) in
            [("deleteWebhook", "id"), ("rotateWebhookSecret", "secret"), ("pingWebhook", "delivery { id }")]
        {
            let told = other.by_id(mutation, id, selection).await;
            assert_eq!(refused(&told), [("NOT_FOUND", "id".to_owned())], "{mutation}");
        }
        let asked = own.by_id("pingWebhook", id, "delivery { id }").await;
        let told = other.by_id("redeliverWebhook", &asked["delivery"]["id"], "delivery { id }").await;
        assert_eq!(refused(&told), [("NOT_FOUND", "delivery".to_owned())]);
        let stands = &own.list().await[0];
        assert_eq!((&stands["state"], &stands["url"]), (&json!("ACTIVE"), &webhook["url"]));
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_key_is_refused_because_a_secret_is_told_once() {
    on_both_databases(|settings| async move {
        let server = Server::start(open(settings)).await;
        let partner = Partner::of(&server, "busan");
        let document = "mutation { createWebhook(input: {url: \"http://127.0.0.1:9/\"}) @idempotent(key: \"1\") { secret errors { code path } } }";
        let answer = partner.ask(document, Value::Null).await;
        let told = json!({"secret": null, "errors": [{"code": "INVALID", "path": ["key"]}]});
        assert_eq!(answer["data"]["createWebhook"], told, "{answer}");
        assert!(partner.list().await.is_empty());
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn row_level_security_keeps_webhooks_apart() {
    on_a_server_database(|settings| async move {
        let server = Server::start(open(settings.clone())).await;
        let (webhook, _) = Partner::of(&server, "busan").hook("http://127.0.0.1:9/").await;
        Partner::of(&server, "gwangju").hook("http://127.0.0.1:9/").await;
        Partner::of(&server, "busan").by_id("pingWebhook", &webhook["id"], "delivery { id }").await;
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
