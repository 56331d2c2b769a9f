//! The parameters of GraphQL over HTTP, from a JSON body or from a URI.

use axum::extract::Query;
use axum::http::Uri;
use caunoi_graphql::execution::RequestParams;
use serde_json::{Map, Value};

use super::error_response::ErrorResponse;
use caunoi_texts::HttpText;

/// The parameters of a request, with checked types.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Params {
    /// The document.
    pub(super) query: String,
    /// The operation to execute; None if the document has only one.
    pub(super) operation_name: Option<String>,
    /// An object or null.
    pub(super) variables: Value,
}

impl Params {
    /// Parses a body, which is one JSON object.
    pub(super) fn read_body(body: &[u8]) -> Result<Self, ErrorResponse> {
        if body.trim_ascii_start().starts_with(b"[") {
            return Err(ErrorResponse::parameters(HttpText::NoBatches));
        }
        let members =
            serde_json::from_slice(body).map_err(|_| ErrorResponse::parameters(HttpText::BodyNotObject))?;
        Self::read_members(members)
    }

    /// Parses the query part of a URI; `variables` and `extensions` are JSON.
    pub(super) fn read_uri(uri: &Uri) -> Result<Self, ErrorResponse> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| ErrorResponse::parameters(HttpText::UriInvalid))?;
        let mut members = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "variables" | "extensions" if !text.is_empty() => serde_json::from_str(&text)
                    .map_err(|_| ErrorResponse::parameters(HttpText::ParametersNotJson))?,
                "variables" | "extensions" => Value::Null,
                _ => Value::String(text),
            };
            if members.insert(name, value).is_some() {
                return Err(ErrorResponse::parameters(HttpText::ParameterTwice));
            }
        }
        Self::read_members(members)
    }

    /// Checks the members of a body, a URI or a message.
    pub(super) fn read_members(mut members: Map<String, Value>) -> Result<Self, ErrorResponse> {
        let mut take = |name: &str| members.remove(name).unwrap_or_default();
        let Value::String(query) = take("query") else {
            return Err(ErrorResponse::parameters(HttpText::QueryNotText));
        };
        let operation_name = match take("operationName") {
            Value::Null => None,
            Value::String(name) => Some(name),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return Err(ErrorResponse::parameters(HttpText::OperationNameNotText));
            }
        };
        let is_map = |value: &Value| value.is_object() || value.is_null();
        let (variables, extensions) = (take("variables"), take("extensions"));
        if !is_map(&variables) || !is_map(&extensions) {
            return Err(ErrorResponse::parameters(HttpText::ParametersNotObjects));
        }
        Ok(Self { query, operation_name, variables })
    }
}

impl From<Params> for RequestParams {
    fn from(Params { query, operation_name, variables }: Params) -> Self {
        Self { document: query, operation_name, variables }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn body_and_uri_give_the_same_params() {
        let body = br#"{"query":"{a}","operationName":"A","variables":{"b":1},"extensions":null}"#;
        let uri = "/graphql?query=%7Ba%7D&operationName=A&variables=%7B%22b%22%3A1%7D";
        let params = Params {
            query: "{a}".to_owned(),
            operation_name: Some("A".to_owned()),
            variables: json!({"b": 1}),
        };
        assert_eq!(Params::read_body(body).unwrap(), params);
        assert_eq!(Params::read_uri(&Uri::from_static(uri)).unwrap(), params);
    }

    #[test]
    fn wrong_types_are_refused() {
        let bodies = [
            "",
            "null",
            "{",
            "[]",
            " [{\"query\":\"{a}\"}]",
            "\"{a}\"",
            "{}",
            r#"{"query":1}"#,
            r#"{"query":["{a}"]}"#,
            r#"{"query":"{a}","operationName":{}}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","variables":"{}"}"#,
            r#"{"query":"{a}","extensions":0}"#,
        ];
        for body in bodies {
            assert!(Params::read_body(body.as_bytes()).is_err(), "{body}");
        }
        assert!(Params::read_body(b"{\"query\":\"\xff\"}").is_err());
        let deep = format!("{{\"query\":\"{{a}}\",\"variables\":{}", "{\"a\":".repeat(100_000));
        assert!(Params::read_body(deep.as_bytes()).is_err());
        for uri in ["/graphql", "/?query=a&query=b", "/?query=a&variables=1", "/?query=a&variables={"] {
            assert!(Params::read_uri(&uri.parse().unwrap()).is_err(), "{uri}");
        }
    }
}
