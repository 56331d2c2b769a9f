//! The answer of a server.

use serde_json::Value;

/// The answer to one case.
pub(crate) struct Answer {
    /// `400`, `close 4400`, `GOAWAY 11`, `message`, `closed`.
    pub(crate) outcome: String,
    /// The head of the response; empty without one.
    pub(crate) head: String,
    pub(crate) body: String,
    /// All bytes received.
    pub(crate) bytes: usize,
}

impl Answer {
    /// Reads a response of HTTP/1.1; interim responses (100) are skipped.
    pub(crate) fn from_http(mut received: &[u8]) -> Self {
        let bytes = received.len();
        loop {
            let end = received.windows(4).position(|window| window == b"\r\n\r\n");
            let Some(end) = end else {
                return Self {
                    outcome: "closed".to_owned(),
                    head: String::new(),
                    body: String::new(),
                    bytes,
                };
            };
            let (head, body) = (&received[..end], &received[end + 4..]);
            let head = String::from_utf8_lossy(head).to_lowercase();
            let status = head.split(' ').nth(1).unwrap_or_default().to_owned();
            if status == "100" {
                received = body;
                continue;
            }
            let body =
                if head.contains("transfer-encoding: chunked") { join_chunks(body) } else { body.to_vec() };
            let body = String::from_utf8_lossy(&body).into_owned();
            return Self { outcome: status, head, body, bytes };
        }
    }

    /// Returns the JSON of the body; null if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Returns the errors of a response, of a message of a socket, or of the payloads of mutations.
    pub(crate) fn errors(&self) -> Vec<Value> {
        let json = self.json();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let top = list(&json["errors"]);
        let message =
            if json["type"] == "error" { list(&json["payload"]) } else { list(&json["payload"]["errors"]) };
        let payloads = json["data"].as_object().into_iter().flat_map(|data| data.values());
        let data: Vec<Value> = payloads.flat_map(|payload| list(&payload["errors"])).collect();
        [top, message, data].concat()
    }

    /// Returns the code of the first error.
    pub(crate) fn code(&self) -> Option<String> {
        let error = self.errors().into_iter().next()?;
        let code = error["extensions"]["code"].as_str().or(error["code"].as_str());
        Some(code.unwrap_or("none").to_owned())
    }

    /// Returns the headers that reveal or permit too much.
    pub(crate) fn revealing_headers(&self) -> Vec<String> {
        let mut found = Vec::new();
        for line in self.head.lines() {
            let banned = ["server:", "x-powered-by:", "access-control-allow-credentials:"];
            if banned.iter().any(|name| line.starts_with(name)) || line.contains("evil") {
                found.push(format!("the header {line:?}"));
            }
        }
        let is_framed = self.head.contains("\nx-request-id:");
        if is_framed && !self.head.contains("x-content-type-options: nosniff") {
            found.push("no nosniff".to_owned());
        }
        found
    }

    /// Returns whether the body contains characters that a reader does not see: controls, marks of
    /// direction, tags, private ones.
    pub(crate) fn has_hidden_characters(&self) -> bool {
        let is_hidden = |sign: char| {
            (sign.is_control() && !"\t\r\n".contains(sign))
                || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
                || matches!(sign, '\u{feff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e007f}')
        };
        self.body.contains(is_hidden) || self.body.contains("\\u00")
    }
}

/// Returns the content of chunks; the rest as it is where they break off.
fn join_chunks(mut rest: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size =
            std::str::from_utf8(&rest[..end]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size.filter(|size| *size > 0) else { break };
        let content = &rest[end + 2..];
        joined.extend_from_slice(&content[..size.min(content.len())]);
        rest = content.get(size + 2..).unwrap_or_default();
    }
    joined
}
