//! `WebSockets`: the handshake, the frames, and the protocol `graphql-transport-ws`.

use serde_json::{Value, json};

use super::super::case::{Case, Exchange};
use super::super::fixture::Fixture;
use super::super::request::junk;
use super::super::websocket::{
    BINARY, CONTINUATION, PING, TEXT, TEXT_BEGIN, claiming, frame, handshake, message, unmasked,
};

const PROTOCOL: &str = "sec-websocket-protocol: graphql-transport-ws\r\n";

fn socket(name: &str, frames: Vec<Vec<u8>>, outcomes: &'static [&'static str]) -> Case {
    let exchange = Exchange::WebSocket { handshake: handshake(PROTOCOL), frames, ends: ends(outcomes) };
    Case::new("25 F9", format!("socket: {name}"), exchange, outcomes)
}

/// Returns whether the server is expected to close the socket.
fn ends(outcomes: &[&str]) -> bool {
    outcomes.iter().all(|outcome| outcome.starts_with("close"))
}

fn init() -> Vec<u8> {
    message(&json!({"type": "connection_init"}))
}

fn subscribe(id: &str, text: &str) -> Vec<u8> {
    message(&json!({"id": id, "type": "subscribe", "payload": {"query": text}}))
}

pub(super) fn all(fixture: &Fixture) -> Vec<Case> {
    [handshakes(fixture), framing(), messages(), operations(fixture)].into_iter().flatten().collect()
}

fn handshakes(fixture: &Fixture) -> Vec<Case> {
    let refused = |name: &str, headers: &str, outcomes, code| {
        let headers = format!("connection: close\r\n{headers}");
        let text = String::from_utf8(handshake(&headers)).unwrap_or_default();
        let case =
            Case::new("25 F9", format!("handshake: {name}"), Exchange::Http(text.into_bytes()), outcomes);
        case.code(code)
    };
    let foreign = format!("{PROTOCOL}origin: https://evil.example\r\n");
    let null = format!("{PROTOCOL}origin: null\r\n");
    let query = format!("{PROTOCOL}cookie: token={}\r\norigin: https://evil.example\r\n", fixture.clerk);
    vec![
        refused("no protocol", "", &["400"], "BAD_INPUT"),
        refused("the old protocol", "sec-websocket-protocol: graphql-ws\r\n", &["400"], "BAD_INPUT"),
        refused("foreign origin", &foreign, &["403"], "FORBIDDEN"),
        refused("origin null", &null, &["403"], "FORBIDDEN"),
        refused("cookie of a foreign page", &query, &["403"], "FORBIDDEN"),
    ]
}

fn framing() -> Vec<Case> {
    let ping = frame(PING, &[b'a'; 126]);
    vec![
        socket("frame without a mask", vec![unmasked(TEXT, b"{}")], &["close 4400"]),
        socket("reserved bit", vec![frame(TEXT | 0x40, b"{}")], &["close 4400"]),
        socket("unknown type of frame", vec![frame(0x83, b"{}")], &["close 4400"]),
        socket("ping of 126 bytes", vec![ping], &["close 4400"]),
        socket("ping in parts", vec![frame(PING & 0x7f, b"a")], &["close 4400"]),
        socket("continuation of nothing", vec![frame(CONTINUATION, b"{}")], &["close 4400"]),
        socket(
            "text within a text in parts",
            vec![frame(TEXT_BEGIN, b"{"), frame(TEXT, b"{}")],
            &["close 4400"],
        ),
        socket("text that is not UTF-8", vec![frame(TEXT, b"\xff\xfe")], &["close 4400"]),
        socket("binary message", vec![frame(BINARY, b"{}")], &["close 4400"]),
        socket("message of 100 KiB", vec![frame(TEXT, &vec![b' '; 100 * 1_024])], &["close 1009"]),
        socket("message of 2^62 bytes is announced", vec![claiming(TEXT, 1 << 62)], &["close 4400"]),
        socket("message of 2^64 bytes is announced", vec![claiming(TEXT, u64::MAX)], &["close 4400"]),
        socket(
            "message of 300 parts of 1 KiB",
            [vec![frame(TEXT_BEGIN, &[b' '; 1_024])], vec![frame(0, &[b' '; 1_024]); 299]].concat(),
            &["close 4400"],
        ),
        socket(
            "connection_init in three parts",
            vec![
                frame(TEXT_BEGIN, b"{\"type\":"),
                frame(0, b"\"connection_"),
                frame(CONTINUATION, b"init\"}"),
                subscribe("1", "{ __typename }"),
            ],
            &["message"],
        )
        .bytes(2_000),
        socket(
            "10,000 pings",
            [vec![init()], vec![frame(PING, b"a"); 10_000], vec![subscribe("1", "{ __typename }")]].concat(),
            &["message"],
        )
        .bytes(40_000),
    ]
}

fn messages() -> Vec<Case> {
    let sent = |name: &str, value: &Value| socket(name, vec![message(value)], &["close 4400"]);
    vec![
        socket("message that is not JSON", vec![frame(TEXT, b"hello")], &["close 4400"]),
        socket("empty message", vec![frame(TEXT, b"")], &["close 4400"]),
        socket("JSON nested 20,000 deep", vec![frame(TEXT, "[".repeat(20_000).as_bytes())], &["close 4400"]),
        sent("message without a type", &json!({})),
        sent("message of an unknown type", &json!({"type": "start"})),
        sent("type is a number", &json!({"type": 1})),
        sent("message is a list", &json!([{"type": "connection_init"}])),
        sent("payload of connection_init is a list", &json!({"type": "connection_init", "payload": []})),
        socket("subscribe before connection_init", vec![subscribe("1", "{ __typename }")], &["close 4401"]),
        Case::new(
            "25 F9",
            "socket: forged token in the handshake",
            Exchange::WebSocket {
                handshake: handshake(&format!("{PROTOCOL}authorization: Bearer x\r\n")),
                frames: vec![init()],
                ends: true,
            },
            &["close 4403"],
        ),
        socket("two connection_init", vec![init(), init()], &["close 4429"]),
        socket(
            "forged token in connection_init",
            vec![message(&json!({"type": "connection_init", "payload": {"authorization": "Bearer x"}}))],
            &["close 4403"],
        ),
        socket(
            "token of 9,000 bytes in connection_init",
            vec![message(
                &json!({"type": "connection_init", "payload": {"authorization": format!("Bearer {}", junk(9_000))}}),
            )],
            &["close 4403"],
        ),
    ]
}

fn operations(fixture: &Fixture) -> Vec<Case> {
    const FEED: &str = "subscription { changes { __typename } }";
    let after_init =
        |name: &str, frames: Vec<Vec<u8>>, outcomes| socket(name, [vec![init()], frames].concat(), outcomes);
    let bad = |name: &str, payload: Value| {
        after_init(
            name,
            vec![message(&json!({"id": "1", "type": "subscribe", "payload": payload}))],
            &["close 4400"],
        )
    };
    let fifty_one: Vec<Vec<u8>> = (0..51).map(|n| subscribe(&n.to_string(), FEED)).collect();
    let bomb = "{ ...a } fragment a on Query { ...b ...b ...b } fragment b on Query { ...c ...c ...c } fragment c on Query { ...a }";
    let mutation = "mutation { submitEntry(input: {id: \"x\", expectedVersion: 1}) { errors { code } } }";
    let draft = format!("{{ node(id: \"{}\") {{ id }} }}", fixture.draft);
    vec![
        after_init(
            "one id for two operations",
            vec![subscribe("1", FEED), subscribe("1", FEED)],
            &["close 4409"],
        ),
        after_init("51 operations", fifty_one, &["close 4429"]),
        after_init("id of 91 bytes", vec![subscribe(&"i".repeat(91), FEED)], &["close 4400"]),
        after_init("empty id", vec![subscribe("", FEED)], &["close 4400"]),
        bad("payload is a text", json!("{ __typename }")),
        bad("query is missing", json!({})),
        bad("variables are a list", json!({"query": FEED, "variables": []})),
        after_init("cycle of fragments", vec![subscribe("1", bomb)], &["message"]).code("BAD_INPUT"),
        after_init("document that is not valid", vec![subscribe("1", "{ qJx }")], &["message"])
            .code("BAD_INPUT"),
        after_init("mutation of a stranger", vec![subscribe("1", mutation)], &["message"])
            .code("UNAUTHENTICATED"),
        after_init("draft of a province", vec![subscribe("1", &draft)], &["message"]),
        after_init(
            "completion of an unknown operation",
            vec![message(&json!({"id": "x", "type": "complete"})), subscribe("1", "{ __typename }")],
            &["message"],
        ),
        after_init(
            "forged cursor of a subscription",
            vec![subscribe("1", "subscription { changes(after: \"qJx\") { __typename } }")],
            &["message"],
        )
        .code("BAD_INPUT"),
    ]
}
