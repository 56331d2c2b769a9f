//! Documents that requests name by their hash: `documentId`, and automatic persisted queries.

use std::fs;

use caunoi_server::Settings;
use data_encoding::HEXLOWER;
use reqwest::{Method, StatusCode};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::events::EventStream;
use crate::harness::{Server, on_both_databases, on_both_engines};

const PROVINCES: &str = include_str!("../../schema/operations/provinces.graphql");

/// Returns the hash of a document in hexadecimal digits.
fn hash(document: &str) -> String {
    HEXLOWER.encode(digest(&SHA256, document.trim_end().as_bytes()).as_ref())
}

fn automatic(hash: &str) -> Value {
    json!({"persistedQuery": {"version": 1, "sha256Hash": hash}})
}

async fn post(server: &Server, token: Option<&str>, body: &Value) -> (StatusCode, Value) {
    let request = server.http(Method::POST, "/graphql").header("accept", "application/graphql-response+json");
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let response = request.json(body).send().await.expect("the server answers");
    (response.status(), response.json().await.expect("JSON"))
}

#[tokio::test]
async fn shipped_document_is_executed_by_its_hash() {
    on_both_engines(|server| async move {
        let id = format!("sha256:{}", hash(PROVINCES));
        for body in [
            json!({"documentId": id}),
            json!({"documentId": id, "query": PROVINCES.trim_end()}),
            json!({"extensions": automatic(&hash(PROVINCES)), "variables": {"locale": "EN"}}),
        ] {
            let (status, answer) = post(&server, None, &body).await;
            assert_eq!(status, StatusCode::OK, "{answer}");
            assert_eq!(answer["data"]["provinces"].as_array().map(Vec::len), Some(34), "{answer}");
        }
        let get = server.http(Method::GET, "/graphql").query(&[("documentId", &id)]);
        let response = get.send().await.expect("an answer");
        assert!(response.headers().contains_key("etag"));
        let mut events = {
            let request = server.http(Method::POST, "/graphql").header("accept", "text/event-stream");
            let request = request.json(&json!({ "documentId": id }));
            EventStream::from_response(request.send().await.expect("an answer"))
        };
        assert!(events.next().await.expect("an event").answer()["data"]["provinces"].is_array());
    })
    .await;
}

#[tokio::test]
async fn hash_without_its_document_is_refused() {
    on_both_engines(|server| async move {
        let other = hash("{ other }");
        for (body, code, message) in [
            (json!({"documentId": format!("sha256:{other}")}), "NOT_FOUND", "documentId"),
            (json!({"documentId": "provinces"}), "NOT_FOUND", "documentId"),
            (json!({"extensions": automatic(&other)}), "BAD_INPUT", "PersistedQueryNotSupported"),
            (json!({"query": "{ __typename }", "extensions": automatic(&other)}), "BAD_INPUT", "SHA-256"),
            (
                json!({"query": "{ __typename }", "documentId": format!("sha256:{other}")}),
                "BAD_INPUT",
                "SHA-256",
            ),
            (json!({"documentId": 7}), "BAD_INPUT", "documentId"),
            (
                json!({"query": "{ __typename }", "extensions": {"persistedQuery": 7}}),
                "BAD_INPUT",
                "sha256Hash",
            ),
        ] {
            let (status, answer) = post(&server, None, &body).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
            let error = &answer["errors"][0];
            assert_eq!(error["extensions"]["code"], code, "{body} {answer}");
            assert!(error["message"].as_str().expect("a message").contains(message), "{body} {answer}");
        }
        // The text that follows an unknown hash is executed, and not stored.
        let (text, extensions) = ("{ t: __typename }", automatic(&hash("{ t: __typename }")));
        let (status, answer) = post(&server, None, &json!({"query": text, "extensions": extensions})).await;
        assert_eq!((status, &answer["data"]["t"]), (StatusCode::OK, &json!("Query")));
        let (_, answer) = post(&server, None, &json!({ "extensions": extensions })).await;
        assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotSupported");
    })
    .await;
}

#[tokio::test]
async fn public_may_be_limited_to_trusted_documents() {
    on_both_databases(|settings| async move {
        let folder = tempfile::tempdir().expect("a folder");
        let own = "query Busan { locality(slug: \"kr-busan\") { slug } }";
        fs::create_dir(folder.path().join("busan")).expect("a folder of a partner");
        fs::write(folder.path().join("busan/locality.graphql"), format!("{own}\n")).expect("a file");
        let settings = Settings {
            trusted_documents: Some(folder.path().to_owned()),
            trusted_documents_only: true,
            ..settings
        };
        let server = Server::start(settings.clone()).await;
        let id = format!("sha256:{}", hash(own));
        let (status, answer) = post(&server, None, &json!({ "documentId": id })).await;
        assert_eq!((status, &answer["data"]["locality"]["slug"]), (StatusCode::OK, &json!("kr-busan")));
        let (status, _) = post(&server, None, &json!({ "query": own })).await;
        assert_eq!(status, StatusCode::OK, "the text of a trusted document is trusted");

        let text = json!({"query": "{ __typename }"});
        let token = server.token("partner", None);
        let (status, answer) = post(&server, Some(&token), &text).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let (status, answer) = post(&server, None, &text).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        for path in ["/changes.jsonl", "/changes.atom"] {
            let response = server.http(Method::GET, path).send().await.expect("an answer");
            assert_eq!(response.status(), StatusCode::OK, "{path}");
        }
        server.stop().await;

        fs::write(folder.path().join("bad.graphql"), "{").expect("a file");
        let Err(error) = caunoi_server::start(settings).await else { panic!("an invalid document") };
        assert!(error.to_string().contains("bad.graphql"), "{error}");
    })
    .await;
}
