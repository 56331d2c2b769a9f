//! A database that lacks changes which a running server has read, because a standby without them
//! was promoted or an older state was restored.

use caunoi_domain::cursor::Epoch;
use caunoi_register::Register;
use caunoi_server::Settings;
use reqwest::{Client, Method, StatusCode};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::events::EventStream;
use crate::harness::backup::DatabaseBackup;
use crate::harness::publisher::Publisher;
use crate::harness::{Server, connect, on_both_databases, open};
use crate::socket::{Socket, receive_message, send_message};

const CHANGES: &str = "subscription { changes { __typename
    ... on Change { cursor entry { ... on Event { title(locale: EN) } } }
    ... on ChangeGap { cursor reason } ... on ChangeHeartbeat { cursor } } }";

const SINCE: &str = "query($after: Cursor) { changes(after: $after) {
    messages { __typename } nodes { entry { ... on Event { title(locale: EN) } } } cursor
} }";

const FAIRS: &str = r#"{
    events(filter: {search: "lost"}) { totalCount { value } nodes { code } pageInfo { endCursor } }
    kept: events(filter: {search: "kept"}, first: 1) { totalCount { value } nodes { code } pageInfo { endCursor } }
}"#;

/// Disables Redis, so that no wake-ups of other tests interfere.
fn without_redis(settings: Settings) -> Settings {
    Settings { redis_url: None, ..settings }
}

async fn listen(server: &Server) -> (Socket, EventStream) {
    let address = server.url("").trim_start_matches("http://").parse().expect("an address");
    let mut socket = crate::socket::open(address).await.expect("a socket");
    send_message(&mut socket, &json!({"type": "connection_init"})).await;
    assert_eq!(receive_message(&mut socket).await["type"], "connection_ack");
    send_message(&mut socket, &json!({"id": "1", "type": "subscribe", "payload": {"query": CHANGES}})).await;
    assert_eq!(from_socket(&mut socket).await["__typename"], "ChangeHeartbeat");
    let request = EventStream::request(&Client::new(), &server.url("/graphql"), CHANGES, &Value::Null);
    let mut events = EventStream::from_response(request.send().await.expect("the server answers"));
    assert_eq!(from_events(&mut events).await["__typename"], "ChangeHeartbeat");
    (socket, events)
}

async fn from_socket(socket: &mut Socket) -> Value {
    receive_message(socket).await["payload"]["data"]["changes"].take()
}

async fn from_events(events: &mut EventStream) -> Value {
    events.next().await.expect("an event").answer()["data"]["changes"].take()
}

/// Returns the next message of both streams, which must be equal.
async fn both((socket, events): &mut (Socket, EventStream)) -> Value {
    let message = from_socket(socket).await;
    assert_eq!(message, from_events(events).await);
    message
}

/// Returns the numbers of the epochs in the database, and the number of logs at the beginning of
/// each.
async fn epochs(settings: &Settings) -> Vec<(i32, i64)> {
    let database = connect(settings).await;
    let sql =
        "SELECT number, (SELECT count(*) FROM epoch_log WHERE epoch = number) FROM epoch ORDER BY number";
    let rows = database.query_all_raw(Statement::from_string(database.get_database_backend(), sql)).await;
    let rows = rows.expect("the epochs are listed");
    database.close().await.expect("it closes");
    let read = |row: &sea_orm::QueryResult| {
        (row.try_get_by_index(0).expect("a number"), row.try_get_by_index(1).expect("a count"))
    };
    rows.iter().map(read).collect()
}

/// Returns status and code of the response to a query with `Caunoi-After`.
async fn execute_after(server: &Server, cursor: &Value) -> (StatusCode, Value) {
    let request =
        server.http(Method::POST, "/graphql").json(&json!({"query": "{ statistics { events { count } } }"}));
    let request = request.header("caunoi-after", cursor.as_str().expect("a cursor"));
    let response = request.send().await.expect("the server answers");
    let status = response.status();
    let answer: Value = response.json().await.expect("JSON");
    (status, answer["errors"][0]["extensions"]["code"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_changes_send_a_gap_and_drop_cached_responses() {
    on_both_databases(|settings| async move {
        let settings = without_redis(settings);
        let server = Server::start(settings.clone()).await;
        let before = server.register().epoch();
        let publisher = Publisher::of("NGHE_AN", server.register());
        publisher.publish("Kept one").await;
        publisher.publish("Kept two").await;
        let mut streams = listen(&server).await;
        let backup = DatabaseBackup::take(&settings).await;
        publisher.publish("Lost one").await;
        publisher.publish("Lost two").await;
        both(&mut streams).await;
        let lost = both(&mut streams).await;
        assert_eq!(lost["entry"]["title"], "Lost two");
        let answer = server.execute(FAIRS, Value::Null).await;
        assert_eq!(answer["data"]["events"]["totalCount"]["value"], 2);
        let page = answer["data"]["kept"]["pageInfo"]["endCursor"].clone();

        backup.restore().await;
        let gap = both(&mut streams).await;
        assert_eq!(gap["__typename"], "ChangeGap", "{gap}");
        assert_ne!(server.register().epoch(), before);
        let answer = server.execute(FAIRS, Value::Null).await;
        assert_eq!(answer["data"]["events"]["totalCount"]["value"], 0, "{answer}");
        assert_eq!(answer["data"]["events"]["nodes"], json!([]));
        assert_eq!(answer["data"]["kept"]["totalCount"]["value"], 2);

        // Streams continue, and the cursor of the lost changes stays a gap after new changes take
        // their positions.
        for title in ["New one", "New two", "New three"] {
            publisher.publish(title).await;
            assert_eq!(both(&mut streams).await["entry"]["title"], title);
        }
        let since = async |cursor: &Value| {
            server.execute(SINCE, json!({"after": cursor})).await["data"]["changes"].take()
        };
        let received = since(&lost["cursor"]).await;
        assert_eq!((&received["messages"][0]["__typename"], &received["nodes"]), (&json!("ChangeGap"), &json!([])));
        assert_eq!(since(&gap["cursor"]).await["nodes"].as_array().expect("a list").len(), 3);
        for feed in ["/changes.jsonl", "/changes.atom"] {
            let query = [("after", lost["cursor"].as_str().expect("a cursor"))];
            let response = server.http(Method::GET, feed).query(&query).send().await.expect("the server answers");
            let body = response.text().await.expect("a whole answer");
            assert!(body.contains("epoch") && !body.contains("New one"), "{feed}: {body}");
        }
        assert_eq!(execute_after(&server, &lost["cursor"]).await, (StatusCode::BAD_REQUEST, json!("BAD_INPUT")));
        assert_eq!(execute_after(&server, &gap["cursor"]).await.0, StatusCode::OK);
        let further = r#"query($after: String) { events(filter: {search: "kept"}, first: 1, after: $after) { nodes { code } } }"#;
        let refused = server.execute(further, json!({"after": page})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_INPUT", "{refused}");
        drop(streams);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn nodes_agree_on_the_new_epoch_after_a_loss() {
    on_both_databases(|settings| async move {
        let settings = without_redis(settings);
        let nodes = [open(&settings).await, open(&settings).await];
        let begun = epochs(&settings).await;
        let backup = DatabaseBackup::take(&settings).await;
        Publisher::of("NGHE_AN", &nodes[0]).publish("Lost").await;
        nodes[1].catch_up().await.expect("the database answers");
        let before: Vec<Epoch> = nodes.iter().map(Register::epoch).collect();
        backup.restore().await;
        // The position is taken by another change; only the hash link differs.
        let third = open(&settings).await;
        assert_eq!(third.epoch(), before[0]);
        Publisher::of("NGHE_AN", &third).publish("In its place").await;
        let (one, other) = tokio::join!(nodes[0].catch_up(), nodes[1].catch_up());
        one.and(other).expect("the database answers");
        third.catch_up().await.expect("the database answers");
        let after: Vec<Epoch> = nodes.iter().chain([&third]).map(Register::epoch).collect();
        assert!(after.iter().all(|epoch| *epoch == after[0] && *epoch != before[0]), "{after:?}");
        let now = epochs(&settings).await;
        assert_eq!(now.len(), begun.len() + 1, "{now:?}");
        assert!(now.last().is_some_and(|(_, logs)| *logs > 0), "{now:?}");
        let heads: Vec<_> =
            nodes.iter().chain([&third]).map(|node| node.read_model().public_heads.clone()).collect();
        assert!(heads.iter().all(|positions| *positions == heads[0]));
        for node in nodes.iter().chain([&third]) {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn lost_epoch_is_replaced_by_a_new_one() {
    on_both_databases(|settings| async move {
        let settings = without_redis(settings);
        let nodes = [open(&settings).await, open(&settings).await];
        let backup = DatabaseBackup::take(&settings).await;
        let earlier_backup = DatabaseBackup::take(&settings).await;
        Publisher::of("NGHE_AN", &nodes[0]).publish("Lost").await;
        nodes[1].catch_up().await.expect("the database answers");
        let first = nodes[0].epoch();
        backup.restore().await;
        for node in &nodes {
            node.catch_up().await.expect("the database answers");
        }
        let second = nodes[0].epoch();
        // The second epoch is lost too, so the database is in the first one.
        earlier_backup.restore().await;
        for node in &nodes {
            node.catch_up().await.expect("the database answers");
        }
        let third = nodes[0].epoch();
        assert!(third != first && third != second);
        assert_eq!(nodes[1].epoch(), third);
        for node in &nodes {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn restored_database_has_a_new_epoch() {
    on_both_databases(|settings| async move {
        let settings = without_redis(settings);
        let server = Server::start(settings.clone()).await;
        let cursor = "{ statistics { cursor } }";
        let backup = DatabaseBackup::take(&settings).await;
        Publisher::of("NGHE_AN", server.register()).publish("Lost").await;
        let old = server.execute(cursor, Value::Null).await["data"]["statistics"]["cursor"].take();
        server.stop().await;
        backup.restore().await;
        let database = connect(&settings).await;
        let restore = "DELETE FROM installation WHERE name = 'epoch'";
        database.execute_unprepared(restore).await.expect("the row is there");
        database.close().await.expect("it closes");
        let before = epochs(&settings).await;

        let server = Server::start(settings.clone()).await;
        assert_eq!(epochs(&settings).await.len(), before.len() + 1);
        for title in ["One", "Two"] {
            Publisher::of("NGHE_AN", server.register()).publish(title).await;
        }
        let received = server.execute(SINCE, json!({"after": old})).await;
        assert_eq!(received["data"]["changes"]["messages"][0]["__typename"], "ChangeGap", "{received}");
        let now = server.execute(cursor, Value::Null).await["data"]["statistics"]["cursor"].take();
        let received = server.execute(SINCE, json!({"after": now})).await;
        assert_eq!(received["data"]["changes"]["messages"], json!([]), "{received}");
        server.stop().await;
    })
    .await;
}
