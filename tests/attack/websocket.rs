//! Frames of the WebSocket protocol (RFC 6455), also invalid ones.

use serde_json::Value;

use super::answer::Answer;

/// Frame types.
pub(crate) const TEXT: u8 = 0x81;
pub(crate) const TEXT_BEGIN: u8 = 0x01;
pub(crate) const CONTINUATION: u8 = 0x80;
pub(crate) const BINARY: u8 = 0x82;
pub(crate) const PING: u8 = 0x89;

/// Returns a handshake with further header lines.
pub(crate) fn handshake(headers: &str) -> Vec<u8> {
    format!(
        "GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{headers}\r\n"
    )
    .into_bytes()
}

/// Returns a masked frame; the mask is zero.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    [&[first][..], &length(payload.len(), 0x80), &[0; 4], payload].concat()
}

/// Returns a frame without mask, which clients may not send.
pub(crate) fn unmasked(first: u8, payload: &[u8]) -> Vec<u8> {
    [&[first][..], &length(payload.len(), 0), payload].concat()
}

/// Returns a frame that states a length and has no payload.
pub(crate) fn claiming(first: u8, bytes: u64) -> Vec<u8> {
    [&[first, 0x80 | 127][..], &bytes.to_be_bytes(), &[0; 4]].concat()
}

fn length(bytes: usize, mask: u8) -> Vec<u8> {
    match (u8::try_from(bytes), u16::try_from(bytes)) {
        (Ok(short), _) if short < 126 => vec![mask | short],
        (_, Ok(medium)) => [&[mask | 0x7e][..], &medium.to_be_bytes()].concat(),
        _ => [&[mask | 0x7f][..], &(bytes as u64).to_be_bytes()].concat(),
    }
}

/// Returns a message in one frame.
pub(crate) fn message(value: &Value) -> Vec<u8> {
    frame(TEXT, value.to_string().as_bytes())
}

/// Returns the answer once the bytes contain a close frame, or a message about an operation unless
/// the socket ends.
pub(crate) fn answer_in(received: &[u8], ends: bool) -> Option<Answer> {
    let head_end = received.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&received[..head_end]).to_lowercase();
    if !head.starts_with("http/1.1 101") {
        return None;
    }
    let answer = |outcome: String, body: &[u8]| {
        let body = String::from_utf8_lossy(body).into_owned();
        Some(Answer { outcome, head: head.clone(), body, bytes: received.len() })
    };
    let mut rest = &received[head_end + 4..];
    while let Some((kind, payload, after)) = split_frame(rest) {
        match kind {
            8 => {
                let code = payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code));
                return answer(format!("close {code}"), payload.get(2..).unwrap_or_default());
            }
            1 if !ends => {
                let message: Value = serde_json::from_slice(payload).unwrap_or_default();
                let is_last = !matches!(message["type"].as_str(), Some("connection_ack" | "ping" | "pong"));
                if is_last {
                    return answer("message".to_owned(), payload);
                }
            }
            _ => {}
        }
        rest = after;
    }
    None
}

/// Returns type, payload and rest of an unmasked frame.
fn split_frame(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[first, second], rest) = bytes.split_first_chunk()?;
    let (size, rest) = match second {
        126 => rest.split_first_chunk().map(|(size, rest)| (usize::from(u16::from_be_bytes(*size)), rest))?,
        127 => {
            let (size, rest) = rest.split_first_chunk()?;
            (usize::try_from(u64::from_be_bytes(*size)).ok()?, rest)
        }
        size => (usize::from(size), rest),
    };
    let (payload, rest) = rest.split_at_checked(size)?;
    Some((first & 0x0f, payload, rest))
}
