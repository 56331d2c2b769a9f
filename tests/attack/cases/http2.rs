//! Frames of HTTP/2: floods, and frames that break the rules of the protocol.

use super::super::case::{Case, Exchange};
use super::super::http2::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, PRIORITY, PUSH_PROMISE, RST_STREAM, SETTINGS,
    WINDOW_UPDATE, field, frame, get, request,
};

/// The codes of errors (RFC 9113, section 7).
const PROTOCOL_ERROR: &str = "GOAWAY 1";
const FLOW_CONTROL_ERROR: &str = "GOAWAY 3";
const FRAME_SIZE_ERROR: &str = "GOAWAY 6";
const ENHANCE_YOUR_CALM: &str = "GOAWAY 11";

fn frames(name: &str, frames: &[Vec<u8>], outcomes: &'static [&'static str]) -> Case {
    Case::new("12", format!("HTTP/2: {name}"), Exchange::Http2(frames.concat()), outcomes).bytes(20_000)
}

/// Returns the identifiers of streams of a client.
fn streams(count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(|number| 2 * number + 1)
}

pub(super) fn all() -> Vec<Case> {
    [floods(), broken()].into_iter().flatten().collect()
}

fn floods() -> Vec<Case> {
    let reset: Vec<Vec<u8>> = streams(2_000)
        .flat_map(|stream| [request(stream), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])])
        .collect();
    let begin = frame(HEADERS, END_STREAM, 1, &get("/livez"));
    let endless = [vec![begin], vec![frame(CONTINUATION, 0, 1, &field("x-a", "b")); 5_000]].concat();
    let empty =
        [vec![frame(HEADERS, END_STREAM, 1, &get("/livez"))], vec![frame(CONTINUATION, 0, 1, &[]); 5_000]]
            .concat();
    let large = frame(
        HEADERS,
        END_STREAM | END_HEADERS,
        1,
        &[get("/livez"), field("x-a", &"a".repeat(15_000))].concat(),
    );
    let data =
        [vec![frame(HEADERS, END_HEADERS, 1, &get("/livez"))], vec![frame(DATA, 0, 1, &[]); 5_000]].concat();
    let then_request = |flood: Vec<u8>| vec![flood.repeat(1_000), request(1)];
    vec![
        frames("2,000 streams opened and reset", &reset, &[ENHANCE_YOUR_CALM, "200"]),
        frames(
            "5,000 continuations of a head",
            &endless,
            &[ENHANCE_YOUR_CALM, PROTOCOL_ERROR, "RST_STREAM 1", "another status"],
        ),
        frames("5,000 empty continuations", &empty, &[ENHANCE_YOUR_CALM, PROTOCOL_ERROR]),
        frames("5,000 empty frames of data", &data, &["200", ENHANCE_YOUR_CALM, "another status"]),
        frames("header of 15,000 bytes", &[large], &["another status", "200"]),
        frames("1,000 settings", &then_request(frame(SETTINGS, 0, 0, &[])), &["200", ENHANCE_YOUR_CALM]),
        frames("1,000 pings", &then_request(frame(PING, 0, 0, &[0; 8])), &["200", ENHANCE_YOUR_CALM]),
        frames(
            "1,000 priorities",
            &then_request(frame(PRIORITY, 0, 3, &[0, 0, 0, 0, 1])),
            &["200", ENHANCE_YOUR_CALM],
        ),
    ]
}

fn broken() -> Vec<Case> {
    let without_method =
        [field(":scheme", "http"), field(":path", "/livez"), field(":authority", "x")].concat();
    let headers = |fields: &[u8]| vec![frame(HEADERS, END_STREAM | END_HEADERS, 1, fields)];
    let with = |name: &str, value: &str| headers(&[get("/livez"), field(name, value)].concat());
    vec![
        frames(
            "frame of 16 MB is announced",
            &[vec![0xff, 0xff, 0xff, DATA, 0, 0, 0, 0, 1]],
            &[FRAME_SIZE_ERROR],
        ),
        frames("data on no stream", &[frame(DATA, 0, 0, b"a")], &[PROTOCOL_ERROR]),
        frames("data on a stream that is not open", &[frame(DATA, 0, 1, b"a")], &[PROTOCOL_ERROR]),
        frames(
            "stream with an even number",
            &[frame(HEADERS, END_STREAM | END_HEADERS, 2, &get("/livez"))],
            &[PROTOCOL_ERROR],
        ),
        frames("push by a client", &[frame(PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 2])], &[PROTOCOL_ERROR]),
        frames("window of zero bytes more", &[frame(WINDOW_UPDATE, 0, 0, &[0; 4])], &[PROTOCOL_ERROR]),
        frames(
            "window of more than 2^31 bytes",
            &[frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff])],
            &[FLOW_CONTROL_ERROR],
        ),
        frames("settings of five bytes", &[frame(SETTINGS, 0, 0, &[0; 5])], &[PROTOCOL_ERROR]),
        frames("ping of seven bytes", &[frame(PING, 0, 0, &[0; 7])], &[PROTOCOL_ERROR]),
        frames("continuation of nothing", &[frame(CONTINUATION, END_HEADERS, 1, &[])], &[PROTOCOL_ERROR]),
        frames("head that cannot be decompressed", &headers(&[0xff; 20]), &[PROTOCOL_ERROR]),
        frames("index that no table has", &headers(&[0xfe]), &[PROTOCOL_ERROR]),
        frames("head without a method", &headers(&without_method), &["RST_STREAM 1"]),
        frames("name of a header in capitals", &with("X-A", "b"), &["RST_STREAM 1", PROTOCOL_ERROR]),
        frames(
            "header of HTTP/1.1",
            &with("transfer-encoding", "chunked"),
            &["RST_STREAM 1", PROTOCOL_ERROR],
        ),
        frames("line end in a header", &with("x-a", "b\r\nc: d"), &["RST_STREAM 1", PROTOCOL_ERROR]),
        frames(
            "data after the end of a stream",
            &[request(1), frame(DATA, 0, 1, b"a")],
            &["200", PROTOCOL_ERROR],
        ),
    ]
}
