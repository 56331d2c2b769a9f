//! Uploaded files: what is stored, who reads it, and what is refused.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::harness::{Server, on_both_engines};
use crate::mutations::{agreement, read_entry, transition, write};

const CLERK: &str = "clerk:DONG_NAI";
const PDF: &[u8] = b"%PDF-1.7\nA signed agreement.\n%%EOF\n";

fn token(server: &Server, caller: &str) -> String {
    match caller.split_once(':') {
        Some((role, slug)) => server.token(role, Some(slug)),
        None => server.token(caller, None),
    }
}

async fn upload(server: &Server, caller: &str, name: &str, body: Vec<u8>) -> Response {
    let request = server.http(Method::POST, "/files").query(&[("name", name)]).header("caunoi-upload", "1");
    request.bearer_auth(token(server, caller)).body(body).send().await.expect("a response")
}

/// Uploads a file and returns the response.
async fn stored(server: &Server, caller: &str, body: &[u8]) -> Value {
    let response = upload(server, caller, "Bản ký.pdf", body.to_vec()).await;
    assert!(response.status().is_success(), "{response:?}");
    response.json().await.expect("a response")
}

async fn download(server: &Server, caller: &str, url: &str, range: &str) -> Response {
    let mut request = server.http(Method::GET, url);
    if caller != "public" {
        request = request.bearer_auth(token(server, caller));
    }
    if !range.is_empty() {
        request = request.header("range", range);
    }
    request.send().await.expect("a response")
}

/// Returns the files below the folder of uploads.
fn kept(server: &Server) -> Vec<PathBuf> {
    fn below(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
    }
    below(&server.settings().data_dir.join("files"))
}

/// Creates a draft with a file that has this hash.
async fn draft_with(server: &Server, caller: &str, province: &str, sha256: &Value) -> Value {
    let mut input = agreement("Có tệp");
    input["province"] = json!(province);
    input["files"] =
        json!([{"name": "Bản ký.pdf", "mediaType": "text/plain", "sha256": sha256, "sizeBytes": 1}]);
    write(server, caller, "createAgreement", input).await.expect_entry()
}

const FILES: &str = "files { name mediaType sizeBytes sha256 url }";

#[tokio::test]
async fn file_is_read_with_the_rights_of_its_agreement() {
    on_both_engines(|server| async move {
        let file = stored(&server, CLERK, PDF).await;
        let url = file["url"].as_str().expect("a path");
        assert_eq!(file["mediaType"], "application/pdf");
        assert_eq!(file["sizeBytes"], PDF.len());
        let draft = draft_with(&server, CLERK, "DONG_NAI", &file["sha256"]).await;
        let shown = read_entry(&server, CLERK, &draft, FILES).await;
        assert_eq!(
            shown["files"],
            json!([{
                "name": "Bản ký.pdf", "mediaType": "application/pdf", "sizeBytes": PDF.len(),
                "sha256": file["sha256"], "url": url,
            }]),
            "type and size are those of the upload"
        );
        let readers = async |callers: [(&str, StatusCode); 5]| {
            for (caller, status) in callers {
                let response = download(&server, caller, url, "").await;
                assert_eq!(response.status(), status, "{caller}");
                if status == StatusCode::OK {
                    assert_eq!(response.bytes().await.expect("a body"), PDF, "{caller}");
                }
            }
        };
        let (ok, none) = (StatusCode::OK, StatusCode::NOT_FOUND);
        readers([(CLERK, ok), ("clerk:HUE", none), ("analyst", none), ("partner", none), ("public", none)])
            .await;
        let draft = transition(&server, CLERK, "submitEntry", &draft).await.expect_entry();
        readers([(CLERK, ok), ("clerk:HUE", none), ("analyst", ok), ("partner", none), ("public", none)])
            .await;
        transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        readers([(CLERK, ok), ("clerk:HUE", ok), ("analyst", ok), ("partner", ok), ("public", ok)]).await;
    })
    .await;
}

#[tokio::test]
async fn file_of_a_source_is_read_by_everyone() {
    on_both_engines(|server| async move {
        let file = stored(&server, CLERK, PDF).await;
        let url = file["url"].as_str().expect("a path");
        let name = async |caller: &str, province: &str, sha256: &Value| {
            let document = "mutation($input: CreateSourceInput!) { createSource(input: $input) {
                source { id revision file { sha256 url } } errors { code path } } }";
            let input = json!({"province": province, "title": {"vi": "Bản chụp"}, "kind": "DOCUMENT", "file": sha256});
            let mut answer = server.execute_as(caller, document, json!({ "input": input })).await;
            assert!(answer["errors"].is_null(), "{answer}");
            answer["data"]["createSource"].take()
        };
        let unknown = json!([{"code": "NOT_FOUND", "path": ["file"]}]);
        assert_eq!(name("clerk:HUE", "HUE", &file["sha256"]).await["errors"], unknown, "a file of another province");
        assert_eq!(name(CLERK, "DONG_NAI", &json!("0".repeat(64))).await["errors"], unknown);
        assert_eq!(download(&server, "public", url, "").await.status(), StatusCode::NOT_FOUND);
        let source = name(CLERK, "DONG_NAI", &file["sha256"]).await["source"].take();
        assert_eq!(source["file"], json!({"sha256": file["sha256"], "url": url}));
        let open = download(&server, "public", url, "").await;
        assert_eq!(open.bytes().await.expect("a body"), PDF);
        let clear = "mutation($input: UpdateSourceInput!) { updateSource(input: $input) {
            source { file { url } } errors { code path } } }";
        let input = json!({"id": source["id"], "expectedRevision": source["revision"], "publisher": "Sở Ngoại vụ", "file": null});
        let cleared = server.execute_as(CLERK, clear, json!({ "input": input })).await;
        assert_eq!(cleared["data"]["updateSource"], json!({"source": {"file": null}, "errors": []}), "{cleared}");
        assert_eq!(download(&server, "public", url, "").await.status(), StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn another_province_cannot_reach_a_file_by_its_hash() {
    on_both_engines(|server| async move {
        let file = stored(&server, CLERK, PDF).await;
        let draft = draft_with(&server, "clerk:HUE", "HUE", &file["sha256"]).await;
        let shown = read_entry(&server, "clerk:HUE", &draft, FILES).await;
        assert_eq!(shown["files"][0]["url"], Value::Null, "it is described, not stored");
        let url = file["url"].as_str().expect("a path");
        assert_eq!(download(&server, "clerk:HUE", url, "").await.status(), StatusCode::NOT_FOUND);
        transition(&server, "publisher:HUE", "publishEntry", &draft).await.expect_entry();
        for caller in ["clerk:HUE", "public"] {
            assert_eq!(download(&server, caller, url, "").await.status(), StatusCode::NOT_FOUND, "{caller}");
        }
    })
    .await;
}

#[tokio::test]
async fn same_file_twice_is_stored_once() {
    on_both_engines(|server| async move {
        let first = upload(&server, CLERK, "a.pdf", PDF.to_vec()).await;
        assert_eq!(first.status(), StatusCode::CREATED);
        let again = upload(&server, "publisher:DONG_NAI", "b.pdf", PDF.to_vec()).await;
        assert_eq!(again.status(), StatusCode::OK);
        let other = upload(&server, "clerk:HUE", "c.pdf", PDF.to_vec()).await;
        assert_eq!(other.status(), StatusCode::CREATED, "another province has its own row");
        assert_eq!(kept(&server).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn part_of_a_file_is_read() {
    on_both_engines(|server| async move {
        let file = stored(&server, CLERK, PDF).await;
        let url = file["url"].as_str().expect("a path");
        let part = download(&server, CLERK, url, "bytes=0-4").await;
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(part.headers()["content-range"], format!("bytes 0-4/{}", PDF.len()));
        assert_eq!(part.bytes().await.expect("a body"), "%PDF-");
        let beyond = download(&server, CLERK, url, "bytes=1000-").await;
        assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(beyond.headers()["content-range"], format!("bytes */{}", PDF.len()));
        let whole = download(&server, CLERK, url, "").await;
        let headers = whole.headers();
        assert_eq!(headers["content-type"], "application/pdf");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cache-control"], "private, no-cache");
        let disposition = headers["content-disposition"].to_str().expect("a text");
        assert!(
            disposition.starts_with("attachment;") && disposition.contains("B%E1%BA%A3n%20k"),
            "{disposition}"
        );
        let tag = headers["etag"].clone();
        assert_eq!(tag, format!("\"{}\"", file["sha256"].as_str().expect("a hash")));
        let request =
            server.http(Method::GET, url).bearer_auth(token(&server, CLERK)).header("if-none-match", tag);
        let unchanged = request.send().await.expect("a response");
        assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED);
    })
    .await;
}

#[tokio::test]
async fn wrong_uploads_are_refused_and_leave_nothing() {
    on_both_engines(|server| async move {
        let program = upload(&server, CLERK, "a.pdf", b"MZ\x90\0 not a document".to_vec()).await;
        assert_eq!(program.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let empty = upload(&server, CLERK, "a.pdf", Vec::new()).await;
        assert_eq!(empty.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let mut large = PDF.to_vec();
        large.resize(60 * 1_024 * 1_024, b' ');
        assert_eq!(upload(&server, CLERK, "a.pdf", large).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(upload(&server, CLERK, " ", PDF.to_vec()).await.status(), StatusCode::BAD_REQUEST);
        for caller in ["analyst", "partner"] {
            let refused = upload(&server, caller, "a.pdf", PDF.to_vec()).await;
            assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{caller}");
        }
        let anonymous = server.http(Method::POST, "/files?name=a").header("caunoi-upload", "1").body(PDF);
        assert_eq!(anonymous.send().await.expect("a response").status(), StatusCode::UNAUTHORIZED);
        let form = server.http(Method::POST, "/files?name=a").bearer_auth(token(&server, CLERK)).body(PDF);
        assert_eq!(form.send().await.expect("a response").status(), StatusCode::FORBIDDEN);
        for url in ["/files/abc", "/files/..%2Fcaunoi.db", &format!("/files/{}", "0".repeat(64))] {
            assert_eq!(download(&server, CLERK, url, "").await.status(), StatusCode::NOT_FOUND, "{url}");
        }
        assert!(kept(&server).is_empty());
    })
    .await;
}

#[tokio::test]
async fn upload_that_is_cut_off_leaves_nothing() {
    on_both_engines(|server: Arc<Server>| async move {
        let address = server.url("").replace("http://", "");
        let mut stream = TcpStream::connect(&address).await.expect("a connection");
        let head = format!(
            "POST /files?name=a.pdf HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncaunoi-upload: 1\r\ncontent-length: 100000\r\n\r\n",
            token(&server, CLERK)
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        stream.write_all(PDF).await.expect("sent");
        // The upload has begun once its temporary file exists.
        while kept(&server).is_empty() {
            tokio::task::yield_now().await;
        }
        drop(stream);
        while !kept(&server).is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
