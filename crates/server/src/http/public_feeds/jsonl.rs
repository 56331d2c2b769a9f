//! A page of the feed as JSON Lines.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::http::error_response::ErrorResponse;

/// A page of the GraphQL response; messages remain unparsed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JsonlPage<'a> {
    /// The cursor of the next page.
    #[serde(borrow)]
    pub(super) cursor: Cow<'a, str>,
    /// Whether the next page has messages.
    pub(super) has_more: bool,
    #[serde(borrow)]
    messages: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct JsonlResponse<'a> {
    #[serde(borrow)]
    data: JsonlData<'a>,
}

#[derive(Deserialize)]
struct JsonlData<'a> {
    #[serde(borrow)]
    changes: JsonlPage<'a>,
}

#[derive(Deserialize)]
struct MessageCursor<'a> {
    #[serde(borrow)]
    cursor: Cow<'a, str>,
}

impl<'a> JsonlPage<'a> {
    pub(super) fn read(response: &'a [u8]) -> Result<Self, ErrorResponse> {
        let response: JsonlResponse<'_> =
            serde_json::from_slice(response).map_err(|_| ErrorResponse::INTERNAL)?;
        Ok(response.data.changes)
    }

    /// Returns one message per line. The last line always contains the cursor to continue after: if
    /// filtered messages follow the last one, it is a heartbeat.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut lines = String::new();
        for message in &self.messages {
            // The engine writes no line breaks between values, and JSON strings contain none.
            lines.push_str(message.get());
            lines.push('\n');
        }
        let last =
            self.messages.last().and_then(|last| serde_json::from_str::<MessageCursor<'_>>(last.get()).ok());
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
        let response =
            format!(r#"{{"data":{{"changes":{{"cursor":"C","hasMore":true,"messages":[{messages}]}}}}}}"#);
        String::from_utf8(JsonlPage::read(response.as_bytes()).unwrap().write()).unwrap()
    }

    #[test]
    fn last_line_has_the_cursor_to_continue_after() {
        let beat = "{\"__typename\":\"ChangeHeartbeat\",\"cursor\":\"C\"}\n";
        assert_eq!(lines(""), beat);
        assert_eq!(lines(r#"{"b":"","cursor":"B"}"#), format!("{{\"b\":\"\",\"cursor\":\"B\"}}\n{beat}"));
        assert_eq!(
            lines(r#"{"cursor":"B"},{"cursor":"C","a":1}"#),
            "{\"cursor\":\"B\"}\n{\"cursor\":\"C\",\"a\":1}\n"
        );
    }
}
