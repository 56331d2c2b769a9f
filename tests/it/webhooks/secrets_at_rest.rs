//! Secrets in the database are encrypted with keys outside of it.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use caunoi_server::Settings;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use serde_json::json;
use standardwebhooks::Webhook as Verifier;

use super::{PartnerClient, allow_loopback};
use crate::harness::publisher::Publisher;
use crate::harness::receiver::WebhookReceiver;
use crate::harness::{Server, connect, on_both_databases};
use crate::process::program::Program;

fn key(byte: u8) -> String {
    STANDARD.encode([byte; 32])
}

fn with_keys(settings: &Settings, keys: &[u8]) -> Settings {
    let keys: Vec<String> = keys.iter().map(|byte| key(*byte)).collect();
    Settings { secret_key: Some(keys.join("\n")), ..allow_loopback(settings.clone()) }
}

async fn run_sql(settings: &Settings, sql: &str) {
    let database = connect(settings).await;
    database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    database.close().await.expect("the connection closes");
}

/// Returns the length and the key of each secret of a webhook, as the database has them.
async fn stored(settings: &Settings) -> Vec<Vec<u8>> {
    let database = connect(settings).await;
    let backend = if settings.database_url.is_some() { DbBackend::Postgres } else { DbBackend::Sqlite };
    let query = "SELECT secret FROM webhook ORDER BY id";
    let rows = database.query_all_raw(Statement::from_string(backend, query)).await.expect("rows");
    let rows = rows.iter().map(|row| row.try_get_by_index(0).expect("bytes")).collect();
    database.close().await.expect("the connection closes");
    rows
}

/// Returns everything that a thief of the database gets: its files, or its dump.
fn everything(settings: &Settings) -> Vec<u8> {
    match &settings.database_url {
        None => ["caunoi.db", "caunoi.db-wal"]
            .iter()
            .flat_map(|name| std::fs::read(settings.data_dir.join(name)).unwrap_or_default())
            .collect(),
        Some(url) => {
            let dump = Command::new("pg_dump").args(["--dbname", url]).output().expect("pg_dump");
            assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
            dump.stdout
        }
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Returns the error of a start that must fail, in English.
async fn start_error(settings: Settings) -> String {
    match caunoi_server::start(settings).await {
        Ok(_) => panic!("the server started"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn database_contains_no_secret_of_a_webhook() {
    on_both_databases(|settings| async move {
        let settings = allow_loopback(settings);
        let server = Server::start(settings.clone()).await;
        let partner = PartnerClient::of(&server, "busan");
        let (webhook, first) = partner.create_webhook("http://127.0.0.1:9/a").await;
        let rotated = partner.by_id("rotateWebhookSecret", &webhook["id"], "secret").await;
        let second = rotated["secret"].as_str().expect("a secret").to_owned();
        server.stop().await;
        let stolen = everything(&settings);
        assert!(contains(&stolen, b"http://127.0.0.1:9/a"), "the search finds what is there");
        for secret in [first, second] {
            let text = secret.strip_prefix("whsec_").expect("a secret");
            let bytes = STANDARD.decode(text).expect("Base64");
            let hex = data_encoding::HEXLOWER.encode(&bytes);
            for form in [text.as_bytes(), &bytes, hex.as_bytes()] {
                assert!(!contains(&stolen, form));
            }
        }
        let key = std::fs::read_to_string(settings.data_dir.join("secret-key")).expect("the key file");
        assert!(!contains(&stolen, key.trim().as_bytes()));
    })
    .await;
}

#[tokio::test]
async fn secrets_in_plain_are_encrypted_at_the_start_and_sign_as_before() {
    on_both_databases(|settings| async move {
        let settings = with_keys(&settings, &[1]);
        let receiver = WebhookReceiver::start().await;
        let server = Server::start(settings.clone()).await;
        PartnerClient::of(&server, "busan").create_webhook(&receiver.url()).await;
        server.stop().await;
        let plain = if settings.database_url.is_some() {
            "UPDATE webhook SET secret = decode(repeat('ab', 32), 'hex')"
        } else {
            "UPDATE webhook SET secret = x'abababababababababababababababababababababababababababababababab'"
        };
        run_sql(&settings, plain).await;
        assert_eq!(stored(&settings).await, [vec![0xab; 32]]);
        let server = Server::start(settings.clone()).await;
        assert_eq!(stored(&settings).await[0].len(), 69);
        Publisher::of("NGHE_AN", server.register()).publish("One").await;
        let call = receiver.wait_for_accepted(1).await.remove(0);
        let verifier = Verifier::new(&STANDARD.encode([0xab; 32])).expect("a secret");
        verifier.verify(&call.body, &call.headers).expect("a good signature");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn start_without_the_key_of_the_database_says_what_to_do() {
    on_both_databases(|settings| async move {
        let first = with_keys(&settings, &[1]);
        let server = Server::start(first.clone()).await;
        let (webhook, _) = PartnerClient::of(&server, "busan").create_webhook("http://127.0.0.1:9/").await;
        server.stop().await;
        let id = data_encoding::HEXLOWER.encode(&stored(&first).await[0][1..9]);
        for wrong in [with_keys(&settings, &[2]), allow_loopback(settings.clone())] {
            let error = start_error(wrong).await;
            assert!(error.contains(&format!("encrypted with the key {id}, which is missing")), "{error}");
            assert!(error.contains("CAUNOI_SECRET_KEY_FILE") && error.contains("secret-key"), "{error}");
        }
        // Also after the last webhook is gone: other nodes have the key.
        let server = Server::start(with_keys(&settings, &[2, 1])).await;
        let partner = PartnerClient::of(&server, "busan");
        assert_eq!(partner.by_id("deleteWebhook", &webhook["id"], "deletedId").await["errors"], json!([]));
        server.stop().await;
        assert!(start_error(with_keys(&settings, &[2])).await.contains(&id));
    })
    .await;
}

#[tokio::test]
async fn rotation_encrypts_all_secrets_with_the_current_key() {
    on_both_databases(|settings| async move {
        let receiver = WebhookReceiver::start().await;
        let old = with_keys(&settings, &[1]);
        let server = Server::start(old.clone()).await;
        let (_, secret) = PartnerClient::of(&server, "busan").create_webhook(&receiver.url()).await;
        PartnerClient::of(&server, "jeju").create_webhook("http://127.0.0.1:9/").await;
        server.stop().await;
        let id = |stored: &[u8]| data_encoding::HEXLOWER.encode(&stored[1..9]);
        let former = id(&stored(&old).await[0]);

        let keys = format!("{},{}", key(2), key(1));
        let secrets = |keys: &str, action| {
            let program = Program::new(["secrets", action]).on(&settings).with("CAUNOI_SECRET_KEY", keys);
            program.with("LANG", "en_US.UTF-8").run()
        };
        let status = secrets(&keys, "status");
        assert_eq!(status.code, Some(0), "{status}");
        assert!(
            status.out.contains(" current 0\n") && status.out.contains(&format!("{former} former 2")),
            "{status}"
        );
        for changed in ["2 webhooks", "0 webhooks"] {
            let rotated = secrets(&keys, "rotate");
            assert_eq!(rotated.code, Some(0), "{rotated}");
            assert!(rotated.out.contains(changed), "{rotated}");
        }
        let status = secrets(&keys, "status");
        assert!(
            status.out.contains(" current 2\n") && status.out.contains(&format!("{former} former 0")),
            "{status}"
        );
        let wrong = secrets(&key(1), "rotate");
        assert_eq!(wrong.code, Some(2), "{wrong}");
        assert!(wrong.err.contains("CAUNOI_SECRET_KEY_FILE"), "{wrong}");
        assert_eq!(secrets("nonsense", "status").code, Some(2));
        assert!(!secrets("nonsense", "status").err.contains("nonsense"));

        let server = Server::start(with_keys(&settings, &[2])).await;
        Publisher::of("NGHE_AN", server.register()).publish("One").await;
        let call = receiver.wait_for_accepted(1).await.remove(0);
        Verifier::new(&secret)
            .expect("a secret")
            .verify(&call.body, &call.headers)
            .expect("a good signature");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn swapped_rows_are_errors_and_other_webhooks_work() {
    on_both_databases(|settings| async move {
        let settings = with_keys(&settings, &[1]);
        let receiver = WebhookReceiver::start().await;
        let server = Server::start(settings.clone()).await;
        for name in ["busan", "jeju", "daegu"] {
            PartnerClient::of(&server, name).create_webhook(&receiver.url()).await;
        }
        server.stop().await;
        // The webhooks of two partners exchange their secrets.
        run_sql(
            &settings,
            "CREATE TABLE before AS SELECT owner, secret FROM webhook WHERE owner IN ('busan', 'jeju');
             UPDATE webhook SET secret = (SELECT before.secret FROM before WHERE before.owner <> webhook.owner)
             WHERE owner IN ('busan', 'jeju');
             DROP TABLE before",
        )
        .await;
        let server = Server::start(settings.clone()).await;
        Publisher::of("NGHE_AN", server.register()).publish("One").await;
        receiver.wait_for_accepted(1).await;
        for name in ["busan", "jeju"] {
            let partner = PartnerClient::of(&server, name);
            let failed = partner.wait_for_webhook(|webhook| webhook["failures"] == 1).await;
            assert_eq!(failed["deliveries"][0]["error"], "SECRET", "{failed}");
            assert!(failed["nextAttemptAt"].is_string(), "{failed}");
            let rotated = partner.by_id("rotateWebhookSecret", &failed["id"], "secret").await;
            assert_eq!(rotated["errors"], json!([]));
        }
        assert_eq!(receiver.calls().len(), 1, "nothing is sent without a signature");
        server.stop().await;
        let status =
            Program::new(["secrets", "status"]).on(&settings).with("CAUNOI_SECRET_KEY", key(1)).run();
        assert_eq!(status.code, Some(1), "the former secrets cannot be decrypted: {status}");
        assert!(status.out.contains("moved from another row"), "{status}");
    })
    .await;
}
