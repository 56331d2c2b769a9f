//! One case: its bytes, and the permitted answers.

use super::answer::Answer;

/// The most bytes of an answer, unless the case states others: head, and a few short errors.
const USUAL_BYTES: usize = 3_000;
/// The most bytes of the message of an error.
const MESSAGE_BYTES: usize = 300;
/// The most errors of an answer.
const ERRORS: usize = 10;

/// An attack or an invalid request.
pub(crate) struct Case {
    /// A unique name, in words that describe the request.
    pub(crate) name: String,
    /// The numbered requirements that it tests.
    pub(crate) requirement: &'static str,
    pub(crate) exchange: Exchange,
    expected: Expected,
}

/// The bytes to send.
pub(crate) enum Exchange {
    /// Bytes on a connection with HTTP/1.1, which the server closes.
    Http(Vec<u8>),
    /// A handshake, then frames. The answer is a close frame if `ends`, otherwise the first message
    /// about an operation.
    WebSocket { handshake: Vec<u8>, frames: Vec<Vec<u8>>, ends: bool },
    /// Frames of HTTP/2 after the preface and empty settings.
    Http2(Vec<u8>),
}

impl Exchange {
    /// Returns the number of bytes to send.
    pub(crate) fn sent_bytes(&self) -> usize {
        match self {
            Self::Http(bytes) | Self::Http2(bytes) => bytes.len(),
            Self::WebSocket { handshake, frames, .. } => {
                handshake.len() + frames.iter().map(Vec::len).sum::<usize>()
            }
        }
    }
}

/// The permitted answers.
struct Expected {
    /// `400`, `close 4400`, `GOAWAY 11`; more than one where the order of events decides.
    outcomes: &'static [&'static str],
    /// The code of the first error; none for an answer without errors.
    code: Option<&'static str>,
    bytes: usize,
}

impl Case {
    /// Returns a case with one of these outcomes, without an error code.
    pub(crate) fn new(
        requirement: &'static str,
        name: impl Into<String>,
        exchange: Exchange,
        outcomes: &'static [&'static str],
    ) -> Self {
        let expected = Expected { outcomes, code: None, bytes: USUAL_BYTES };
        Self { name: name.into(), requirement, exchange, expected }
    }

    /// Expects this code of the first error.
    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.expected.code = Some(code);
        self
    }

    /// Permits a longer answer.
    pub(crate) fn bytes(mut self, bytes: usize) -> Self {
        self.expected.bytes = bytes;
        self
    }

    /// Returns the differences between the answer and the permitted ones.
    pub(crate) fn violations(&self, answer: &Answer) -> Vec<String> {
        let mut found = Vec::new();
        let Expected { outcomes, code, bytes } = &self.expected;
        if !outcomes.contains(&answer.outcome.as_str()) {
            found.push(format!("{} instead of {outcomes:?}", answer.outcome));
        }
        if answer.code().as_deref() != *code {
            found.push(format!("code {:?} instead of {code:?}", answer.code()));
        }
        if answer.bytes > *bytes {
            found.push(format!("{} bytes, not at most {bytes}", answer.bytes));
        }
        let errors = answer.errors();
        if errors.len() > ERRORS {
            found.push(format!("{} errors", errors.len()));
        }
        let longest = errors.iter().filter_map(|error| error["message"].as_str()).map(str::len).max();
        if longest > Some(MESSAGE_BYTES) {
            found.push(format!("a message of {longest:?} bytes"));
        }
        found.extend(answer.revealing_headers());
        if answer.has_hidden_characters() {
            found.push("hidden characters".to_owned());
        }
        found
    }
}
