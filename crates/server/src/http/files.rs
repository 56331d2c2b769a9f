//! `/files`: uploads of documents, and the stored documents.
//!
//! An upload needs a token and the header `Caunoi-Upload`, which no form of another site can send.
//! Its body is the file itself; it is the only body above the common limit. A file is read with the
//! rights of the entry that contains it.

mod charge;
mod download;

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, Request, State as Shared, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use caunoi_domain::{
    draft::LONGEST_TITLE,
    policy::Scope,
    upload::{Upload, is_sha256},
    validation::parse_text,
};
use caunoi_texts::HttpText;
use http_body_util::BodyExt as _;
use serde_json::json;

use super::{HttpState, Limits, caller, error_response::ErrorResponse, frame::RequestId};
use crate::files::{IncomingFile, WrittenFile};
use charge::FileCharge;

/// The request header of uploads; its value does not matter.
const UPLOAD: &str = "caunoi-upload";
/// A body of up to this many times the limit is read and discarded, so that its client receives the
/// error response instead of a connection reset.
const DISCARDED: usize = 4;

const TOO_LARGE: ErrorResponse = ErrorResponse::bad(StatusCode::PAYLOAD_TOO_LARGE, HttpText::BodyTooLarge);
const UNSUPPORTED: ErrorResponse =
    ErrorResponse::bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, HttpText::UploadType);

/// Stores the body as a file. Responds 201 with its hash and path, 200 if the log had it already.
pub(super) async fn post(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    Query(params): Query<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let result = async {
        let (parts, body) = request.into_parts();
        let caller = caller::authenticate_charged(&state, &parts.headers, &parts.extensions)?;
        let permit = state.register.permit_upload(&caller.actor).map_err(ErrorResponse::from_register)?;
        if !parts.headers.contains_key(UPLOAD) {
            return Err(ErrorResponse::forbidden(HttpText::UploadHeader));
        }
        let name = params.iter().find(|(key, _)| key == "name").map_or("", |(_, name)| name.as_str());
        let name = parse_text(name, LONGEST_TITLE)
            .map_err(|_| ErrorResponse::parameters(HttpText::UploadName { most: LONGEST_TITLE }))?;
        let mut charge = FileCharge::take(&state, &caller.actor, &parts.extensions)?;
        let written = receive(&state, &parts.headers, body).await?;
        charge.add_bytes(u64::try_from(written.bytes).unwrap_or(u64::MAX));
        let file_type = written.file_type.ok_or(UNSUPPORTED)?;
        let upload = Upload {
            log: permit.log(),
            sha256: written.sha256.clone(),
            size_bytes: i32::try_from(written.bytes).map_err(|_| TOO_LARGE)?,
            media_type: file_type.media_type().to_owned(),
            name,
        };
        let charged = state.register.charge_upload(&permit, &upload).await;
        charged.map_err(ErrorResponse::from_register)?;
        state.files.keep(written).await.map_err(|error| disk_failed(&error))?;
        let recorded = state.register.record_upload(&permit, &upload).await;
        Ok(charge.attach(respond_stored(&upload, recorded.map_err(ErrorResponse::from_register)?)))
    };
    result.await.unwrap_or_else(|error_response: ErrorResponse| error_response.respond(&id))
}

/// Returns a stored file, or the part of it that `Range` requests.
pub(super) async fn get(
    Shared(state): Shared<Arc<HttpState>>,
    Extension(id): Extension<RequestId>,
    path: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (Parts { headers, extensions, .. }, _) = request.into_parts();
    let result = async {
        let caller = caller::authenticate_charged(&state, &headers, &extensions)?;
        let mut charge = FileCharge::take(&state, &caller.actor, &extensions)?;
        // The rejection of a path that is not UTF-8 would be plain text with the name of its part.
        let Path(sha256) = path.map_err(|_| ErrorResponse::NOT_FOUND)?;
        if !is_sha256(&sha256) {
            return Err(ErrorResponse::NOT_FOUND);
        }
        let found = state.register.find_file(Scope::of(&caller.actor), &sha256).await;
        let upload = found.map_err(ErrorResponse::from_register)?.ok_or(ErrorResponse::NOT_FOUND)?;
        let response = download::respond(&state.files, &upload, &headers).await;
        let response = response.map_err(|error| disk_failed(&error))?;
        let sent = response.headers().get(header::CONTENT_LENGTH);
        charge.add_bytes(sent.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or_default());
        Ok(charge.attach(response))
    };
    result.await.unwrap_or_else(|error_response: ErrorResponse| error_response.respond(&id))
}

/// Receives the body within the limits on size and time.
async fn receive(state: &HttpState, headers: &HeaderMap, body: Body) -> Result<WrittenFile, ErrorResponse> {
    let limits = &state.limits;
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let is_refused = |declared: usize| {
        declared > limits.upload_bytes.saturating_mul(DISCARDED)
            || (declared > limits.upload_bytes && headers.contains_key(header::EXPECT))
    };
    if declared.is_some_and(is_refused) {
        return Err(TOO_LARGE);
    }
    // Dropped on an error, the upload leaves nothing.
    let incoming = state.files.begin();
    tokio::time::timeout(limits.upload_timeout, add_frames(&incoming, body, limits))
        .await
        .unwrap_or(Err(ErrorResponse::SLOW_BODY))?;
    incoming.finish().await.map_err(|error| disk_failed(&error))
}

async fn add_frames(incoming: &IncomingFile, mut body: Body, limits: &Limits) -> Result<(), ErrorResponse> {
    let mut seen = 0_usize;
    while seen <= limits.upload_bytes.saturating_mul(DISCARDED) {
        let frame = tokio::time::timeout(limits.body_timeout, body.frame()).await;
        let Some(frame) = frame.map_err(|_| ErrorResponse::SLOW_BODY)? else { break };
        let frame = frame.map_err(|_| ErrorResponse::parameters(HttpText::BodyIncomplete))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= limits.upload_bytes {
            incoming.add(data).await;
        }
    }
    if seen > limits.upload_bytes { Err(TOO_LARGE) } else { Ok(()) }
}

fn disk_failed(error: &std::io::Error) -> ErrorResponse {
    tracing::error!(%error, "the folder of files cannot be used");
    ErrorResponse::INTERNAL
}

fn respond_stored(upload: &Upload, is_new: bool) -> Response {
    let body = json!({
        "sha256": upload.sha256, "sizeBytes": upload.size_bytes, "mediaType": upload.media_type,
        "url": caunoi_graphql::file_url(&upload.sha256),
    });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
