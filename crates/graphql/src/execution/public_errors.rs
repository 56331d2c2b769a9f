//! Public top-level errors: few and short, each with a code, without internal details.

use async_graphql::{ServerError, Value};

use super::code::ErrorCode;
use super::recipient::Recipient;
use crate::schema::api_error::ApiError;
use caunoi_domain::locale::Locale;
use caunoi_domain::rate_limit::RateExceeded;
use caunoi_domain::refusal::RefusalReason;
use caunoi_texts::ApiText;

/// The most errors of one response; further ones are dropped.
const MAX_ERRORS: usize = 10;
/// The most bytes of a message that quotes the request; ours have bounded parameters.
const MAX_MESSAGE_BYTES: usize = 300;
/// The most locations of one error.
const MAX_LOCATIONS: usize = 4;
/// The message of the engine if a document exceeds its complexity limit.
const ENGINE_TOO_COMPLEX: &str = "Query is too complex.";
/// The beginnings of the engine's messages about values that do not fit their type.
const ENGINE_COERCION: [&str; 3] = ["Failed to parse \"", "Expected input type \"", "Variable "];

/// Reduces the errors of an execution to public ones, in the language of the recipient.
pub(super) fn to_public_errors(mut errors: Vec<ServerError>, recipient: &Recipient) -> Vec<ServerError> {
    errors.truncate(MAX_ERRORS);
    for error in &mut errors {
        if let Some(known) = error.source::<ApiError>() {
            error.message = known.message(recipient.locale);
        } else {
            truncate(&mut error.message);
        }
        let code = classify(error, recipient);
        add_extensions(error, code, recipient);
    }
    errors
}

/// Returns an error with this code and text.
pub(super) fn public_error(code: ErrorCode, text: &ApiText, recipient: &Recipient) -> ServerError {
    error_with_message(code, text.text(recipient.locale), recipient)
}

/// Returns an error with this code and a message about the document, which is in English as those
/// of the engine are.
pub(super) fn document_error(code: ErrorCode, mut message: String, recipient: &Recipient) -> ServerError {
    truncate(&mut message);
    error_with_message(code, message, recipient)
}

/// Returns the error of a value in a variable or an argument; for an unknown word of an enum with its
/// path, the word and similar words, as for unknown words of the register.
pub(super) fn input_error(text: &ApiText, recipient: &Recipient) -> ServerError {
    let mut error = public_error(ErrorCode::BadInput, text, recipient);
    if let ApiText::ValueNotInEnum { path, given, candidates, .. } = text {
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("path", path.split('.').map(Value::from).collect::<Vec<_>>());
        extensions.set("word", given.clone());
        extensions.set("candidates", candidates.clone());
    }
    error
}

/// Returns an error with this code and message.
pub(super) fn error_with_message(code: ErrorCode, message: String, recipient: &Recipient) -> ServerError {
    let mut error = ServerError::new(message, None);
    add_extensions(&mut error, code, recipient);
    error
}

/// Marks an error as not retryable, in place of the default of its code.
pub(super) fn not_retryable(mut error: ServerError) -> ServerError {
    error.extensions.get_or_insert_default().set("retryable", false);
    error
}

/// Returns an internal error without details.
pub(super) fn internal_error(recipient: &Recipient) -> ServerError {
    public_error(ErrorCode::Internal, &ApiText::Internal, recipient)
}

/// The error of a request that costs more than its limit; with pages of `first` rows it fits.
pub(super) fn cost_exceeded(cost: u64, limit: u64, first: Option<u64>, recipient: &Recipient) -> ServerError {
    let text = match first {
        Some(first) => ApiText::PagesTooLarge { cost, limit, first },
        None => ApiText::CostExceeded { cost, limit },
    };
    let mut error = public_error(ErrorCode::CostExceeded, &text, recipient);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("cost", cost);
    extensions.set("limit", limit);
    if let Some(first) = first {
        extensions.set("suggestedFirst", first);
    }
    error
}

/// The error of a request that the bucket of its payer cannot pay.
pub(super) fn rate_limited(exceeded: &RateExceeded, recipient: &Recipient) -> ServerError {
    let RateExceeded { cost, status, retry_after_seconds } = *exceeded;
    let text = ApiText::RateLimited { cost, remaining: status.remaining, seconds: retry_after_seconds };
    let mut error = public_error(ErrorCode::RateLimited, &text, recipient);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("cost", cost);
    extensions.set("limit", status.limit);
    extensions.set("remaining", status.remaining);
    extensions.set("retryAfterSeconds", retry_after_seconds);
    error
}

/// The error of a response above the size limit.
pub(super) fn response_too_large(limit: usize, recipient: &Recipient) -> ServerError {
    let text = ApiText::ResponseTooLarge { limit };
    not_retryable(public_error(ErrorCode::CostExceeded, &text, recipient))
}

/// Returns why the first refused part of a request was refused; none if no error is a refusal.
pub(super) fn refusal_of(errors: &[ServerError]) -> Option<RefusalReason> {
    errors.iter().find_map(|error| {
        if error.source::<ApiError>().is_some_and(ApiError::is_about_cursor) {
            return Some(RefusalReason::InvalidCursor);
        }
        let code = error.extensions.as_ref().and_then(|all| all.get("code"));
        match code {
            Some(Value::String(word)) => ErrorCode::find(word)?.refusal(),
            Some(_) | None => None,
        }
    })
}

fn truncate(message: &mut String) {
    message.truncate(message.floor_char_boundary(MAX_MESSAGE_BYTES));
}

fn add_extensions(error: &mut ServerError, code: ErrorCode, recipient: &Recipient) {
    error.locations.truncate(MAX_LOCATIONS);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code.as_str());
    // Some errors pass here twice; they are counted and logged once.
    if extensions.get("requestId").is_none() {
        caunoi_metrics::count_error(code.as_str());
        tracing::Span::current().record("error.type", code.as_str());
        log(code, &recipient.request_id);
    }
    extensions.set("requestId", recipient.request_id.as_str());
    if !matches!(extensions.get("retryable"), Some(Value::Boolean(_))) {
        extensions.set("retryable", code.is_retryable());
    }
}

/// Logs each error that the caller did not cause, so that the request id of the response leads to a
/// log line.
fn log(code: ErrorCode, request_id: &str) {
    let code_word = code.as_str();
    match code {
        ErrorCode::Internal => tracing::error!(request_id, code = code_word, "request failed"),
        ErrorCode::Unavailable | ErrorCode::Timeout => {
            tracing::warn!(request_id, code = code_word, "request failed");
        }
        ErrorCode::BadInput
        | ErrorCode::Unauthenticated
        | ErrorCode::Forbidden
        | ErrorCode::NotFound
        | ErrorCode::Conflict
        // Overload is counted by class; a line for each refusal would add to the load.
        | ErrorCode::Overloaded
        | ErrorCode::RateLimited
        | ErrorCode::CostExceeded => {}
    }
}

/// Returns the code of an error. Replaces a message that was not written for callers.
fn classify(error: &mut ServerError, recipient: &Recipient) -> ErrorCode {
    let stated = error.extensions.as_ref().and_then(|all| all.get("code"));
    let known = match stated {
        Some(Value::String(word)) => ErrorCode::find(word),
        Some(_) => None,
        None => classify_engine_error(error, recipient.locale),
    };
    if let Some(code) = known {
        return code;
    }
    tracing::error!(
        request_id = recipient.request_id,
        path = ?error.path,
        detail = %error.message,
        "resolver failed without a public code"
    );
    error.message = ApiText::Internal.text(recipient.locale);
    error.extensions = None;
    ErrorCode::Internal
}

/// Classifies an error of the engine, which has no code: before execution it is about the document,
/// during execution about an argument; all others are internal errors.
fn classify_engine_error(error: &mut ServerError, locale: Locale) -> Option<ErrorCode> {
    if error.message == ENGINE_TOO_COMPLEX {
        error.message = ApiText::TooComplex.text(locale);
        return Some(ErrorCode::CostExceeded);
    }
    is_about_request(error).then_some(ErrorCode::BadInput)
}

/// Whether there are errors and all of them match.
pub(super) fn all_match(errors: &[ServerError], predicate: fn(&ServerError) -> bool) -> bool {
    !errors.is_empty() && errors.iter().all(predicate)
}

/// Whether the error is a temporary failure.
pub(super) fn is_unavailable(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|all| all.get("code"));
    let Some(Value::String(word)) = code else { return false };
    matches!(ErrorCode::find(word), Some(ErrorCode::Unavailable | ErrorCode::Overloaded))
}

/// Whether the engine failed before it executed a field.
pub(super) fn is_before_execution(error: &ServerError) -> bool {
    error.path.is_empty()
}

/// Whether the document or its variables are invalid, noticed before execution or during it.
pub(super) fn is_about_request(error: &ServerError) -> bool {
    let has_code = error.extensions.as_ref().is_some_and(|all| all.get("code").is_some());
    let is_coercion = ENGINE_COERCION.iter().any(|start| error.message.starts_with(start));
    is_before_execution(error) || (is_coercion && !has_code)
}
