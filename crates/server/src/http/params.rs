//! The parameters of GraphQL over HTTP, from a JSON body or from a URI.

use axum::extract::Query;
use axum::http::Uri;
use caunoi_graphql::execution::{CostMode, DocumentId, RequestParams, RequestedDocument};
use serde_json::{Map, Value};

use super::error_response::ErrorResponse;
use caunoi_texts::HttpText;

/// The parameters of a request, with checked types.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Params {
    /// The document: `query`, `documentId` or the hash of an automatic persisted query.
    pub(super) document: RequestedDocument,
    /// The operation to execute; None if the document has only one.
    pub(super) operation_name: Option<String>,
    /// An object or null.
    pub(super) variables: Value,
    /// `cost` in `extensions`; any other value than `report` and `validate` is ignored, as unknown
    /// extensions are.
    pub(super) cost_mode: CostMode,
}

impl Params {
    /// Parses a body, which is one JSON object.
    ///
    /// # Errors
    /// Returns 400 if the body is not JSON, 422 if it is not a request of GraphQL over HTTP.
    pub(super) fn read_body(body: &[u8]) -> Result<Self, ErrorResponse> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Self::read_members(members),
            Ok(Value::Array(_)) => Err(ErrorResponse::not_well_formed(HttpText::NoBatches)),
            Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                Err(ErrorResponse::not_well_formed(HttpText::BodyNotObject))
            }
            Err(_) => Err(ErrorResponse::parameters(HttpText::BodyNotObject)),
        }
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
                return Err(ErrorResponse::not_well_formed(HttpText::ParameterTwice));
            }
        }
        Self::read_members(members)
    }

    /// Checks the members of a body, a URI or a message.
    pub(super) fn read_members(mut members: Map<String, Value>) -> Result<Self, ErrorResponse> {
        let mut take = |name: &str| members.remove(name).unwrap_or_default();
        let operation_name = read_text(take("operationName"), HttpText::OperationNameNotText)?;
        let is_map = |value: &Value| value.is_object() || value.is_null();
        let (variables, extensions) = (take("variables"), take("extensions"));
        if !is_map(&variables) || !is_map(&extensions) {
            return Err(ErrorResponse::not_well_formed(HttpText::ParametersNotObjects));
        }
        let id = match read_text(take("documentId"), HttpText::DocumentIdNotText)? {
            Some(id) => Some(DocumentId::Trusted(id)),
            None => read_automatic(&extensions)?,
        };
        let document = match (read_text(take("query"), HttpText::QueryNotText)?, id) {
            (Some(text), id) => RequestedDocument::Text(text, id),
            (None, Some(id)) => RequestedDocument::Id(id),
            (None, None) => return Err(ErrorResponse::not_well_formed(HttpText::QueryNotText)),
        };
        let cost_mode = extensions["cost"].as_str().and_then(CostMode::find).unwrap_or_default();
        Ok(Self { document, operation_name, variables, cost_mode })
    }
}

/// Returns a string member; none if it is null or absent.
fn read_text(value: Value, other: HttpText) -> Result<Option<String>, ErrorResponse> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(ErrorResponse::not_well_formed(other))
        }
    }
}

/// Returns the hash of an automatic persisted query, as Apollo Client and urql send it.
fn read_automatic(extensions: &Value) -> Result<Option<DocumentId>, ErrorResponse> {
    let Some(stated) = extensions.get("persistedQuery").filter(|stated| !stated.is_null()) else {
        return Ok(None);
    };
    match (stated["version"].as_i64(), stated["sha256Hash"].as_str()) {
        (Some(1), Some(hash)) => Ok(Some(DocumentId::Automatic(hash.to_owned()))),
        _ => Err(ErrorResponse::not_well_formed(HttpText::PersistedQueryInvalid)),
    }
}

impl From<Params> for RequestParams {
    fn from(Params { document, operation_name, variables, cost_mode }: Params) -> Self {
        Self { document, operation_name, variables, cost_mode }
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
            document: RequestedDocument::Text("{a}".to_owned(), None),
            operation_name: Some("A".to_owned()),
            variables: json!({"b": 1}),
            cost_mode: CostMode::None,
        };
        assert_eq!(Params::read_body(body).unwrap(), params);
        assert_eq!(Params::read_uri(&Uri::from_static(uri)).unwrap(), params);
    }

    #[test]
    fn document_is_named_by_either_id() {
        let document = |body: &str| Params::read_body(body.as_bytes()).map(|params| params.document);
        let trusted = DocumentId::Trusted("sha256:ab".to_owned());
        let automatic = DocumentId::Automatic("ab".to_owned());
        let extensions = r#""extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}"#;
        for (body, expected) in [
            (r#"{"documentId":"sha256:ab"}"#.to_owned(), RequestedDocument::Id(trusted.clone())),
            (
                r#"{"documentId":"sha256:ab","query":"{a}"}"#.to_owned(),
                RequestedDocument::Text("{a}".to_owned(), Some(trusted)),
            ),
            (format!("{{{extensions}}}"), RequestedDocument::Id(automatic.clone())),
            (
                format!(r#"{{"query":"{{a}}",{extensions}}}"#),
                RequestedDocument::Text("{a}".to_owned(), Some(automatic)),
            ),
        ] {
            assert_eq!(document(&body).unwrap(), expected, "{body}");
        }
        for bad in [
            r#"{"documentId":1}"#,
            r#"{"query":"{a}","extensions":{"persistedQuery":{"version":2,"sha256Hash":"ab"}}}"#,
            r#"{"query":"{a}","extensions":{"persistedQuery":{"version":1}}}"#,
            r#"{"query":"{a}","extensions":{"persistedQuery":"ab"}}"#,
        ] {
            assert!(document(bad).is_err(), "{bad}");
        }
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

    #[test]
    fn any_body_is_read_or_refused() {
        caunoi_fuzz::run("body", |body| {
            if let Ok(params) = Params::read_body(body) {
                assert!(params.variables.is_object() || params.variables.is_null());
            }
        });
    }

    #[test]
    fn any_uri_is_read_or_refused() {
        caunoi_fuzz::run_text("parameters", |query| {
            let Ok(uri) = format!("/graphql?{query}").parse() else { return };
            if let Ok(params) = Params::read_uri(&uri) {
                assert!(params.variables.is_object() || params.variables.is_null());
            }
        });
    }
}
