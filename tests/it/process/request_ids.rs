//! The request ID of an error is in every log line that the request writes at `warn` or `error`.

use futures_util::SinkExt as _;
use reqwest::Client;
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::program::{Program, RunningProgram};
use crate::events::EventStream;
use crate::harness::{connect, on_both_databases};
use crate::socket::{open, receive_message};

/// Reads an entry whose row is damaged.
const BROKEN: &str = "{ agreement(by: {code: \"AGR-0001\"}) { title } }";
const CREATE: &str = "mutation { createEvent(input: {province: \"DONG_NAI\", title: {en: \"Locked out\"},
    kind: \"FESTIVAL\", pillar: PEOPLE, heldOn: \"2026-12\"}) { event { id } errors { code } } }";

/// Returns the request ID of an error with this code.
fn id_of(answer: &Value, code: &str) -> String {
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(extensions["code"], code, "{answer}");
    extensions["requestId"].as_str().expect("an id").to_owned()
}

/// The log messages of a failed request: the cause and the failure.
const MESSAGES: [&str; 3] = ["the register is broken", "the database did not answer", "request failed"];

/// Returns the log lines of failed requests.
fn failures(log: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| MESSAGES.iter().any(|message| line["message"] == **message)).collect()
}

async fn by_post(address: &str, token: &str, document: &str) -> Value {
    let request = Client::new().post(format!("http://{address}/graphql")).bearer_auth(token);
    let response = request.json(&json!({ "query": document })).send().await.expect("it answers");
    let id = response.headers()["x-request-id"].to_str().expect("a text").to_owned();
    let answer: Value = response.json().await.expect("JSON");
    assert_eq!(answer["errors"][0]["extensions"]["requestId"], id.as_str(), "{answer}");
    answer
}

async fn by_socket(address: &str, document: &str) -> Value {
    let mut socket = open(address.parse().expect("an address")).await.expect("a socket");
    for message in [
        json!({"type": "connection_init"}),
        json!({"id": "1", "type": "subscribe", "payload": {"query": document}}),
    ] {
        socket.send(Message::text(message.to_string())).await.expect("the socket is open");
    }
    assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
    receive_message(&mut socket).await["payload"].clone()
}

async fn by_events(address: &str, document: &str) -> Value {
    let request =
        EventStream::request(&Client::new(), &format!("http://{address}/graphql"), document, &Value::Null);
    let mut events = EventStream::from_response(request.send().await.expect("an answer"));
    events.next().await.expect("an event").answer()
}

#[tokio::test]
async fn log_lines_of_an_error_have_its_request_id() {
    on_both_databases(|settings| async move {
        let wish = ["token", "--role", "clerk", "--province", "DONG_NAI"];
        let ended = Program::new(wish).on(&settings).run();
        let token = ended.out.lines().last().expect("a token").to_owned();
        let mut server = RunningProgram::start(Program::new(["serve"]).on(&settings));
        let address = server.address();

        let database = connect(&settings).await;
        let damage = "UPDATE agreement SET content = '{' WHERE code = 'AGR-0001'";
        database.execute_unprepared(damage).await.expect("the row is there");
        let aliased = |name: &str| BROKEN.replace("agreement(", &format!("{name}: agreement("));
        let mut internal = vec![
            id_of(&by_post(&address, &token, &aliased("a")).await, "INTERNAL"),
            id_of(&by_events(&address, &aliased("b")).await, "INTERNAL"),
        ];
        let received = by_socket(&address, &aliased("c")).await;
        // An operation that fails before execution has only errors.
        let received = if received.is_array() { json!({ "errors": received }) } else { received };
        internal.push(id_of(&received, "INTERNAL"));

        // Writers wait for the lock until the statement times out.
        let tx = database.begin().await.expect("a transaction begins");
        let lock = match settings.database_url {
            Some(_) => "LOCK TABLE province_head IN EXCLUSIVE MODE",
            None => "UPDATE province_head SET position = position",
        };
        tx.execute_unprepared(lock).await.expect("the lock is free");
        let unavailable = id_of(&by_post(&address, &token, CREATE).await, "UNAVAILABLE");
        tx.rollback().await.expect("the lock is given back");
        database.close().await.expect("the database closes");

        server.signal("TERM");
        let ended = server.wait();
        let failures = failures(&ended.err);
        let of = |id: &str| -> Vec<&str> {
            let lines = failures.iter().filter(|line| line["request_id"] == id);
            lines.filter_map(|line| line["message"].as_str()).collect()
        };
        for id in &internal {
            assert!(of(id).contains(&"the register is broken"), "{id}: {ended}");
            assert!(of(id).contains(&"request failed"), "{id}: {ended}");
        }
        assert!(of(&unavailable).contains(&"the database did not answer"), "{unavailable}: {ended}");
        assert!(of(&unavailable).contains(&"request failed"), "{unavailable}: {ended}");
        for line in &failures {
            let id = line["request_id"].as_str().unwrap_or_default();
            assert!(id == unavailable || internal.iter().any(|known| known == id), "{line}");
        }
    })
    .await;
}
