//! Frames of HTTP/2 (RFC 9113), also invalid ones.

use super::answer::Answer;

/// The beginning of every connection, with empty settings.
pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Types of frames.
pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const PRIORITY: u8 = 2;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PUSH_PROMISE: u8 = 5;
pub(crate) const PING: u8 = 6;
const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

/// Flags of a frame of headers.
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// Returns a frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [_, size @ ..] = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&size[..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Returns a field that no table keeps (RFC 7541, section 6.2.2).
pub(crate) fn field(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0];
    for text in [name, value] {
        match u8::try_from(text.len()) {
            Ok(short) if short < 127 => bytes.push(short),
            _ => {
                bytes.push(127);
                let mut rest = text.len() - 127;
                while rest >= 128 {
                    bytes.push(u8::try_from(rest % 128 + 128).unwrap_or(u8::MAX));
                    rest /= 128;
                }
                bytes.push(u8::try_from(rest).unwrap_or(u8::MAX));
            }
        }
        bytes.extend_from_slice(text.as_bytes());
    }
    bytes
}

/// Returns the fields of a request without body.
pub(crate) fn get(path: &str) -> Vec<u8> {
    let fields = [(":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", path)];
    fields.map(|(name, value)| field(name, value)).concat()
}

/// Returns a whole request on a stream.
pub(crate) fn request(stream: u32) -> Vec<u8> {
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &get("/livez"))
}

/// Returns the answer once the bytes contain an end of the connection, or a head for a stream.
pub(crate) fn answer_in(received: &[u8]) -> Option<Answer> {
    let answer = |outcome: String| {
        Some(Answer { outcome, head: String::new(), body: String::new(), bytes: received.len() })
    };
    let mut rest = received;
    while let Some((&[high, middle, low, kind, _, _, _, _, _], after)) = rest.split_first_chunk() {
        let size = u32::from_be_bytes([0, high, middle, low]);
        let (payload, after) = after.split_at_checked(usize::try_from(size).ok()?)?;
        let error = |at: usize| payload.get(at..at + 4).and_then(<[u8]>::last).copied().unwrap_or(u8::MAX);
        match kind {
            GOAWAY => return answer(format!("GOAWAY {}", error(4))),
            RST_STREAM => return answer(format!("RST_STREAM {}", error(0))),
            HEADERS => return answer(status(payload).to_owned()),
            _ => {}
        }
        rest = after;
    }
    None
}

/// Returns the status that the static table has (RFC 7541, appendix A).
fn status(fields: &[u8]) -> &'static str {
    match fields.first() {
        Some(0x88) => "200",
        Some(0x8c) => "400",
        Some(0x8d) => "404",
        Some(0x8e) => "500",
        _ => "another status",
    }
}
