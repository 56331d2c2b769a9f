//! Trace spans of the program, exported to a collector.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use reqwest::Client;
use serde_json::{Value, json};

use super::program::{Program, RunningProgram};
use crate::harness::on_both_databases;

/// Starts a collector that stores every batch as bytes: protobuf contains texts and trace IDs
/// verbatim.
fn collector() -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (give, batches) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if let Some(batch) = take(stream)
                && give.send(batch).is_err()
            {
                return;
            }
        }
    });
    (format!("http://{address}"), batches)
}

/// Reads one request and sends the response; the connection is closed.
fn take(mut stream: TcpStream) -> Option<Vec<u8>> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok()?;
    Some(body)
}

fn holds(batches: &[Vec<u8>], bytes: &[u8]) -> bool {
    batches.iter().any(|batch| batch.windows(bytes.len()).any(|window| window == bytes))
}

const ASKED: &str = "query Whisper7f3a { agreements(first: 1) { nodes { title } } }";

#[tokio::test]
async fn spans_join_the_trace_of_the_request() {
    on_both_databases(|settings| async move {
        let (endpoint, batches) = collector();
        let mut running = RunningProgram::start(
            Program::new(["serve"]).on(&settings).with("CAUNOI_OTLP_ENDPOINT", endpoint),
        );
        let url = format!("http://{}/graphql", running.address());
        let asked = Client::new()
            .post(url)
            .header("traceparent", "00-0123456789abcdef0123456789abcdef-1122334455667788-01")
            .json(&json!({ "query": ASKED }));
        let response = asked.send().await.expect("it answers");
        let id = response.headers()["x-request-id"].to_str().expect("a text").to_owned();
        running.signal("TERM");
        let ended = running.wait();
        assert_eq!(ended.code, Some(0), "{ended}");

        // The remaining spans are sent before the program exits.
        let batches: Vec<Vec<u8>> = batches.try_iter().collect();
        assert!(holds(&batches, id.as_bytes()), "no span of the request");
        let trace = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef_u128.to_be_bytes();
        assert!(holds(&batches, &trace), "not in the trace of the caller");
        for text in SPAN_TEXTS {
            assert!(holds(&batches, text.as_bytes()), "no {text}");
        }
        assert!(!holds(&batches, b"graphql.document"), "documents are exported by a setting only");
        assert!(!holds(&batches, b"nodes { title }"));
    })
    .await;
}

/// Names of spans, and attributes of the semantic conventions of OpenTelemetry with their values.
const SPAN_TEXTS: [&str; 13] = [
    "POST /graphql",
    "guard",
    "sql",
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "url.path",
    "graphql.operation.type",
    "query",
    "graphql.operation.name",
    "Whisper7f3a",
    "request_id",
    "caunoi",
];

#[tokio::test]
async fn error_leads_to_its_span_and_documents_are_optional() {
    on_both_databases(|settings| async move {
        let (endpoint, batches) = collector();
        let program = Program::new(["serve"]).on(&settings).with("CAUNOI_OTLP_ENDPOINT", endpoint);
        let mut running = RunningProgram::start(program.with("CAUNOI_OTLP_DOCUMENTS", "true"));
        let url = format!("http://{}/graphql", running.address());
        let client = Client::new();
        let post = |document: &str| client.post(&url).json(&json!({ "query": document })).send();
        let refused: Value = post("{ nonsense }").await.expect("it answers").json().await.expect("JSON");
        let id = refused["errors"][0]["extensions"]["requestId"].as_str().expect("an id").to_owned();
        post(ASKED).await.expect("it answers");
        running.signal("TERM");
        let ended = running.wait();
        assert_eq!(ended.code, Some(0), "{ended}");
        let batches: Vec<Vec<u8>> = batches.try_iter().collect();
        for text in [id.as_str(), "error.type", "BAD_INPUT", "graphql.document", "nodes { title }"] {
            assert!(holds(&batches, text.as_bytes()), "no {text}");
        }
    })
    .await;
}

#[tokio::test]
async fn unavailable_trace_collector_logs_one_line() {
    on_both_databases(|settings| async move {
        // Bound and closed, so that no process listens there.
        let closed =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let program = Program::new(["serve"]).on(&settings);
        let mut running =
            RunningProgram::start(program.with("CAUNOI_OTLP_ENDPOINT", format!("http://{closed}")));
        let url = format!("http://{}/graphql", running.address());
        let response =
            Client::new().post(url).json(&json!({ "query": ASKED })).send().await.expect("it answers");
        assert!(response.status().is_success());
        running.signal("TERM");
        let ended = running.wait();
        assert_eq!(ended.code, Some(0), "{ended}");
        assert_eq!(ended.err.matches("the collector does not accept spans").count(), 1, "{ended}");
    })
    .await;
}
