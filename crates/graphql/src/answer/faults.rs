//! Top-level errors as callers see them: few, short, each with a code, nothing internal.

use async_graphql::{ServerError, Value};

use super::code::Code;

/// Errors in one answer; further ones are left out.
const MAX_ERRORS: usize = 10;
/// Bytes of one message.
const MAX_MESSAGE_BYTES: usize = 300;
/// Places named by one error.
const MAX_LOCATIONS: usize = 4;
/// Said instead of any text that was not written for callers.
const INTERNAL: &str = "Something went wrong on our side.";
/// What the engine says when a document costs more than the limit.
const ENGINE_TOO_COMPLEX: &str = "Query is too complex.";
/// How the engine begins to say that a value does not fit its type.
const ENGINE_COERCION: [&str; 3] = ["Failed to parse \"", "Expected input type \"", "Variable "];

/// Makes the engine's errors presentable.
pub(super) fn present(mut errors: Vec<ServerError>, request_id: &str) -> Vec<ServerError> {
    errors.truncate(MAX_ERRORS);
    for error in &mut errors {
        let code = classify(error, request_id);
        mark(error, code, request_id);
    }
    errors
}

/// An error of our own, with fixed text.
pub(super) fn fault(code: Code, message: impl Into<String>, request_id: &str) -> ServerError {
    let mut error = ServerError::new(message, None);
    mark(&mut error, code, request_id);
    error
}

/// The same where nobody may ask again without looking.
pub(super) fn not_retryable(mut error: ServerError) -> ServerError {
    error.extensions.get_or_insert_default().set("retryable", false);
    error
}

/// An error that says only that the mistake is ours.
pub(super) fn internal(request_id: &str) -> ServerError {
    fault(Code::Internal, INTERNAL, request_id)
}

/// The document costs more than one request of its caller may; with pages of `first` rows it fits.
pub(super) fn too_costly((asked, most): (u64, u64), first: Option<u64>, request_id: &str) -> ServerError {
    let advice = match first {
        Some(first) => format!("With at most {first} rows in every page (`first`) it fits."),
        None => "Select less, or ask in several requests.".to_owned(),
    };
    let message = format!("The request costs {asked}; one request may cost {most}. {advice}");
    let mut error = fault(Code::CostExceeded, message, request_id);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("cost", asked);
    extensions.set("limit", most);
    if let Some(first) = first {
        extensions.set("suggestedFirst", first);
    }
    error
}

/// Introspection follows types further than any client needs.
pub(super) fn deep_introspection(request_id: &str) -> ServerError {
    let message =
        "Introspection nests `fields`, `inputFields`, `interfaces` and `possibleTypes` at most two deep.";
    fault(Code::CostExceeded, message, request_id)
}

/// The answer has become larger than one may be.
pub(super) fn too_large(most: usize, request_id: &str) -> ServerError {
    let message = format!(
        "The answer takes more than {most} bytes. Ask for fewer rows with `first`, or for fewer fields."
    );
    not_retryable(fault(Code::CostExceeded, message, request_id))
}

fn mark(error: &mut ServerError, code: Code, request_id: &str) {
    let end = error.message.floor_char_boundary(MAX_MESSAGE_BYTES);
    error.message.truncate(end);
    error.locations.truncate(MAX_LOCATIONS);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code.as_str());
    // Some errors come by here twice.
    if extensions.get("requestId").is_none() {
        caunoi_metrics::fault(code.as_str());
        log(code, request_id);
    }
    extensions.set("requestId", request_id);
    if !matches!(extensions.get("retryable"), Some(Value::Boolean(_))) {
        extensions.set("retryable", code.is_retryable());
    }
}

/// Writes a line for each error that the caller did not cause, so that the request id of the
/// answer leads to the log.
fn log(code: Code, request_id: &str) {
    let code_word = code.as_str();
    match code {
        Code::Internal => tracing::error!(request_id, code = code_word, "a request failed"),
        Code::Unavailable | Code::Timeout => {
            tracing::warn!(request_id, code = code_word, "a request failed");
        }
        Code::BadInput
        | Code::Unauthenticated
        | Code::Forbidden
        | Code::NotFound
        | Code::Conflict
        | Code::RateLimited
        | Code::CostExceeded => {}
    }
}

/// Finds the code, and takes the text away where it was not written for callers.
fn classify(error: &mut ServerError, request_id: &str) -> Code {
    let stated = error.extensions.as_ref().and_then(|all| all.get("code"));
    let known = match stated {
        Some(Value::String(word)) => Code::find(word),
        Some(_) => None,
        None => classify_engine_error(error),
    };
    if let Some(code) = known {
        return code;
    }
    tracing::error!(
        request_id,
        path = ?error.path,
        detail = %error.message,
        "a resolver failed without a public code"
    );
    INTERNAL.clone_into(&mut error.message);
    error.extensions = None;
    Code::Internal
}

/// Errors without a code come from the engine: before execution they are about the document,
/// during execution about an argument, or they are mistakes of ours.
fn classify_engine_error(error: &mut ServerError) -> Option<Code> {
    if error.message == ENGINE_TOO_COMPLEX {
        "The document asks for more than one request may cost; ask for fewer or smaller pages."
            .clone_into(&mut error.message);
        return Some(Code::CostExceeded);
    }
    is_about_request(error).then_some(Code::BadInput)
}

/// Whether there are errors and all of them are of this sort.
pub(super) fn are_all(errors: &[ServerError], is_sort: fn(&ServerError) -> bool) -> bool {
    !errors.is_empty() && errors.iter().all(is_sort)
}

/// Whether something that the answer needs is away.
pub(super) fn is_unavailable(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|all| all.get("code"));
    matches!(code, Some(Value::String(word)) if Code::find(word) == Some(Code::Unavailable))
}

/// Whether the engine gave up before it executed anything.
pub(super) fn is_before_execution(error: &ServerError) -> bool {
    error.path.is_empty()
}

/// Whether the document or its variables are at fault, noticed before execution or during it.
pub(super) fn is_about_request(error: &ServerError) -> bool {
    let has_code = error.extensions.as_ref().is_some_and(|all| all.get("code").is_some());
    let is_coercion = ENGINE_COERCION.iter().any(|start| error.message.starts_with(start));
    is_before_execution(error) || (is_coercion && !has_code)
}
