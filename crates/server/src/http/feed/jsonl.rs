//! A part of the feed as lines of JSON.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::http::problem::Problem;

/// A part of the feed as the GraphQL face told it; messages are kept in its very bytes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Part<'a> {
    /// Where to go on.
    #[serde(borrow)]
    pub(super) cursor: Cow<'a, str>,
    /// Whether more waits there already.
    pub(super) has_more: bool,
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    changes: Part<'a>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    cursor: Cow<'a, str>,
}

impl<'a> Part<'a> {
    pub(super) fn read(answer: &'a [u8]) -> Result<Self, Problem> {
        let answer: Answer<'_> = serde_json::from_slice(answer).map_err(|_| Problem::INTERNAL)?;
        Ok(answer.data.changes)
    }

    /// One message a line. Whatever came, the last line has the cursor to go on after: past what
    /// did not match it is a heartbeat, which says nothing else.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut lines = String::new();
        for message in &self.messages {
            // The engine writes no line breaks between values, and none stands inside a string.
            lines.push_str(message.get());
            lines.push('\n');
        }
        let last = self.messages.last().and_then(|last| serde_json::from_str::<Message<'_>>(last.get()).ok());
        if last.is_none_or(|last| last.cursor != self.cursor) {
            let beat = serde_json::json!({ "__typename": "ChangeHeartbeat", "cursor": self.cursor });
            lines.push_str(&beat.to_string());
            lines.push('\n');
        }
        lines.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(messages: &str) -> String {
        let answer =
            format!(r#"{{"data":{{"changes":{{"cursor":"C","hasMore":true,"messages":[{messages}]}}}}}}"#);
        String::from_utf8(Part::read(answer.as_bytes()).unwrap().write()).unwrap()
    }

    #[test]
    fn the_last_line_always_has_the_cursor_to_go_on_after() {
        let beat = "{\"__typename\":\"ChangeHeartbeat\",\"cursor\":\"C\"}\n";
        assert_eq!(lines(""), beat);
        assert_eq!(lines(r#"{"b":"","cursor":"B"}"#), format!("{{\"b\":\"\",\"cursor\":\"B\"}}\n{beat}"));
        assert_eq!(
            lines(r#"{"cursor":"B"},{"cursor":"C","a":1}"#),
            "{\"cursor\":\"B\"}\n{\"cursor\":\"C\",\"a\":1}\n"
        );
    }
}
