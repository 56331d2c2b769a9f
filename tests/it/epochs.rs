//! A database that lacks changes which a running server has read: a standby without them was promoted, or an older
//! state was restored.

use caunoi_domain::cursor::Epoch;
use caunoi_register::Register;
use caunoi_server::Settings;
use reqwest::{Client, Method, StatusCode};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::events::Events;
use crate::harness::desk::Desk;
use crate::harness::past::Past;
use crate::harness::{Server, connect, on_both_databases, open};
use crate::socket::{Socket, hear, say};

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

/// Without Redis no other test's wake-ups come in between.
fn alone(settings: Settings) -> Settings {
    Settings { redis_url: None, ..settings }
}

async fn listen(server: &Server) -> (Socket, Events) {
    let address = server.url("").trim_start_matches("http://").parse().expect("an address");
    let mut socket = crate::socket::open(address).await.expect("a socket");
    say(&mut socket, &json!({"type": "connection_init"})).await;
    assert_eq!(hear(&mut socket).await["type"], "connection_ack");
    say(&mut socket, &json!({"id": "1", "type": "subscribe", "payload": {"query": CHANGES}})).await;
    assert_eq!(from_socket(&mut socket).await["__typename"], "ChangeHeartbeat");
    let request = Events::ask(&Client::new(), &server.url("/graphql"), CHANGES, &Value::Null);
    let mut events = Events::of(request.send().await.expect("the server answers"));
    assert_eq!(from_events(&mut events).await["__typename"], "ChangeHeartbeat");
    (socket, events)
}

async fn from_socket(socket: &mut Socket) -> Value {
    hear(socket).await["payload"]["data"]["changes"].take()
}

async fn from_events(events: &mut Events) -> Value {
    events.next().await.expect("an event").answer()["data"]["changes"].take()
}

/// What both streams say next.
async fn both((socket, events): &mut (Socket, Events)) -> Value {
    let message = from_socket(socket).await;
    assert_eq!(message, from_events(events).await);
    message
}

/// The numbers of the epochs in the database, and how many logs each began with.
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

/// The status and code of an answer to a question of that state or a later one.
async fn ask_after(server: &Server, cursor: &Value) -> (StatusCode, Value) {
    let request =
        server.http(Method::POST, "/graphql").json(&json!({"query": "{ statistics { events { count } } }"}));
    let request = request.header("caunoi-after", cursor.as_str().expect("a cursor"));
    let response = request.send().await.expect("the server answers");
    let status = response.status();
    let answer: Value = response.json().await.expect("JSON");
    (status, answer["errors"][0]["extensions"]["code"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_get_a_gap_and_answers_are_of_the_database_when_it_lacks_changes() {
    on_both_databases(|settings| async move {
        let settings = alone(settings);
        let server = Server::start(settings.clone()).await;
        let before = server.register().epoch();
        let desk = Desk::of("NGHE_AN", server.register());
        desk.publish("Kept one").await;
        desk.publish("Kept two").await;
        let mut streams = listen(&server).await;
        let past = Past::keep(&settings).await;
        desk.publish("Lost one").await;
        desk.publish("Lost two").await;
        both(&mut streams).await;
        let lost = both(&mut streams).await;
        assert_eq!(lost["entry"]["title"], "Lost two");
        let answer = server.ask(FAIRS, Value::Null).await;
        assert_eq!(answer["data"]["events"]["totalCount"]["value"], 2);
        let page = answer["data"]["kept"]["pageInfo"]["endCursor"].clone();

        past.bring_back().await;
        let gap = both(&mut streams).await;
        assert_eq!(gap["__typename"], "ChangeGap", "{gap}");
        assert_ne!(server.register().epoch(), before);
        let answer = server.ask(FAIRS, Value::Null).await;
        assert_eq!(answer["data"]["events"]["totalCount"]["value"], 0, "{answer}");
        assert_eq!(answer["data"]["events"]["nodes"], json!([]));
        assert_eq!(answer["data"]["kept"]["totalCount"]["value"], 2);

        // Streams go on, and the cursor of the lost changes stays a gap when others have their positions.
        for title in ["New one", "New two", "New three"] {
            desk.publish(title).await;
            assert_eq!(both(&mut streams).await["entry"]["title"], title);
        }
        let since = async |cursor: &Value| {
            server.ask(SINCE, json!({"after": cursor})).await["data"]["changes"].take()
        };
        let told = since(&lost["cursor"]).await;
        assert_eq!((&told["messages"][0]["__typename"], &told["nodes"]), (&json!("ChangeGap"), &json!([])));
        assert_eq!(since(&gap["cursor"]).await["nodes"].as_array().expect("a list").len(), 3);
        for feed in ["/changes.jsonl", "/changes.atom"] {
            let query = [("after", lost["cursor"].as_str().expect("a cursor"))];
            let response = server.http(Method::GET, feed).query(&query).send().await.expect("the server answers");
            let body = response.text().await.expect("a whole answer");
            assert!(body.contains("epoch") && !body.contains("New one"), "{feed}: {body}");
        }
        assert_eq!(ask_after(&server, &lost["cursor"]).await, (StatusCode::BAD_REQUEST, json!("BAD_INPUT")));
        assert_eq!(ask_after(&server, &gap["cursor"]).await.0, StatusCode::OK);
        let further = r#"query($after: String) { events(filter: {search: "kept"}, first: 1, after: $after) { nodes { code } } }"#;
        let refused = server.ask(further, json!({"after": page})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_INPUT", "{refused}");
        drop(streams);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn nodes_that_find_the_same_loss_get_the_same_new_epoch() {
    on_both_databases(|settings| async move {
        let settings = alone(settings);
        let nodes = [open(&settings).await, open(&settings).await];
        let begun = epochs(&settings).await;
        let past = Past::keep(&settings).await;
        Desk::of("NGHE_AN", &nodes[0]).publish("Lost").await;
        nodes[1].follow().await.expect("the database answers");
        let before: Vec<Epoch> = nodes.iter().map(Register::epoch).collect();
        past.bring_back().await;
        // Others have taken the position: only the link tells.
        let third = open(&settings).await;
        assert_eq!(third.epoch(), before[0]);
        Desk::of("NGHE_AN", &third).publish("In its place").await;
        let (one, other) = tokio::join!(nodes[0].follow(), nodes[1].follow());
        one.and(other).expect("the database answers");
        third.follow().await.expect("the database answers");
        let after: Vec<Epoch> = nodes.iter().chain([&third]).map(Register::epoch).collect();
        assert!(after.iter().all(|epoch| *epoch == after[0] && *epoch != before[0]), "{after:?}");
        let now = epochs(&settings).await;
        assert_eq!(now.len(), begun.len() + 1, "{now:?}");
        assert!(now.last().is_some_and(|(_, logs)| *logs > 0), "{now:?}");
        let heads: Vec<_> =
            nodes.iter().chain([&third]).map(|node| node.replica().positions.clone()).collect();
        assert!(heads.iter().all(|positions| *positions == heads[0]));
        for node in nodes.iter().chain([&third]) {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_lost_epoch_is_followed_by_a_new_one() {
    on_both_databases(|settings| async move {
        let settings = alone(settings);
        let nodes = [open(&settings).await, open(&settings).await];
        let past = Past::keep(&settings).await;
        let earlier = Past::keep(&settings).await;
        Desk::of("NGHE_AN", &nodes[0]).publish("Lost").await;
        nodes[1].follow().await.expect("the database answers");
        let first = nodes[0].epoch();
        past.bring_back().await;
        for node in &nodes {
            node.follow().await.expect("the database answers");
        }
        let second = nodes[0].epoch();
        // The second epoch is lost with the rest, so the database says that it is in the first one.
        earlier.bring_back().await;
        for node in &nodes {
            node.follow().await.expect("the database answers");
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
async fn a_restored_database_gives_its_cursors_another_epoch() {
    on_both_databases(|settings| async move {
        let settings = alone(settings);
        let server = Server::start(settings.clone()).await;
        let cursor = "{ statistics { cursor } }";
        let past = Past::keep(&settings).await;
        Desk::of("NGHE_AN", server.register()).publish("Lost").await;
        let old = server.ask(cursor, Value::Null).await["data"]["statistics"]["cursor"].take();
        server.stop().await;
        past.bring_back().await;
        let database = connect(&settings).await;
        let restore = "DELETE FROM installation WHERE name = 'epoch'";
        database.execute_unprepared(restore).await.expect("the row is there");
        database.close().await.expect("it closes");
        let before = epochs(&settings).await;

        let server = Server::start(settings.clone()).await;
        assert_eq!(epochs(&settings).await.len(), before.len() + 1);
        for title in ["One", "Two"] {
            Desk::of("NGHE_AN", server.register()).publish(title).await;
        }
        let told = server.ask(SINCE, json!({"after": old})).await;
        assert_eq!(told["data"]["changes"]["messages"][0]["__typename"], "ChangeGap", "{told}");
        let now = server.ask(cursor, Value::Null).await["data"]["statistics"]["cursor"].take();
        let told = server.ask(SINCE, json!({"after": now})).await;
        assert_eq!(told["data"]["changes"]["messages"], json!([]), "{told}");
        server.stop().await;
    })
    .await;
}
