//! GraphiQL, embedded in the binary: networks of ministries may have no internet access.

use std::{
    convert::Infallible,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{Path, Request, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt as _;
use tokio::sync::OnceCell;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_http::compression::CompressionLayer;

use super::{conditional, error_response, frame::RequestId};

/// Scripts are loaded from this server only, none is inline. The editor sets style attributes.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static INDEX: Asset =
    Asset::new("text/html; charset=utf-8", include_bytes!("../../assets/graphiql/index.html"));

static ASSETS: [(&str, Asset); 7] = [
    ("start.js", Asset::new(SCRIPT, include_bytes!("../../assets/graphiql/start.js"))),
    ("examples.json", Asset::new(JSON, include_bytes!("../../assets/graphiql/examples.json"))),
    ("page.css", Asset::new(STYLE, include_bytes!("../../assets/graphiql/page.css"))),
    ("graphiql.min.js", Asset::new(SCRIPT, include_bytes!("../../assets/graphiql/graphiql.min.js"))),
    ("graphiql.min.css", Asset::new(STYLE, include_bytes!("../../assets/graphiql/graphiql.min.css"))),
    (
        "react.production.min.js",
        Asset::new(SCRIPT, include_bytes!("../../assets/graphiql/react.production.min.js")),
    ),
    (
        "react-dom.production.min.js",
        Asset::new(SCRIPT, include_bytes!("../../assets/graphiql/react-dom.production.min.js")),
    ),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const JSON: &str = "application/json; charset=utf-8";

/// The page about the scalars of the schema, which `@specifiedBy` names.
static SCALARS: Asset =
    Asset::new("text/markdown; charset=utf-8", include_bytes!("../../../../docs/reference/scalars.md"));

/// Responds with the page about scalars.
pub(super) async fn scalars(request: Request) -> Response {
    SCALARS.respond(request.headers()).await
}

/// Responds with the page.
pub(super) async fn index(request: Request) -> Response {
    let mut response = INDEX.respond(request.headers()).await;
    let policy = HeaderValue::from_static(PAGE_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// Responds with a file that the page loads.
pub(super) async fn asset(
    path: Result<Path<String>, PathRejection>,
    id: Extension<RequestId>,
    request: Request,
) -> Response {
    // A path that is not UTF-8 is that of no asset.
    let name = path.map(|Path(name)| name).unwrap_or_default();
    match ASSETS.iter().find(|(known, _)| *known == name) {
        Some((_, asset)) => asset.respond(request.headers()).await,
        None => error_response::not_found(id).await,
    }
}

/// An embedded file; it is compressed at the first request.
struct Asset {
    content_type: &'static str,
    bytes: &'static [u8],
    prepared: OnceCell<PreparedAsset>,
}

struct PreparedAsset {
    tag: HeaderValue,
    packed: Bytes,
}

impl Asset {
    const fn new(content_type: &'static str, bytes: &'static [u8]) -> Self {
        Self { content_type, bytes, prepared: OnceCell::const_new() }
    }

    async fn respond(&self, request: &HeaderMap) -> Response {
        let prepared = self.prepared.get_or_init(|| self.prepare()).await;
        let is_known = prepared.tag.to_str().is_ok_and(|tag| conditional::matches(request, tag));
        let is_packed = accepts_gzip(request);
        let body = match (is_known, is_packed) {
            (true, _) => Body::empty(),
            (false, true) => Body::from(prepared.packed.clone()),
            (false, false) => Body::from(self.bytes),
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(header::ETAG, prepared.tag.clone());
        // File names do not change with the contents, so clients must revalidate.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if is_packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }

    async fn prepare(&self) -> PreparedAsset {
        let mut hasher = DefaultHasher::new();
        self.bytes.hash(&mut hasher);
        // Weak, because the compressed and the plain form share it.
        let tag = format!("W/\"{:016x}\"", hasher.finish());
        PreparedAsset {
            tag: HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("W/\"0\"")),
            packed: pack(self.bytes).await,
        }
    }
}

/// Compresses with the layer that would otherwise compress the bytes for every request.
async fn pack(bytes: &'static [u8]) -> Bytes {
    let plain = service_fn(|_: Request| async { Ok::<_, Infallible>(Response::new(Body::from(bytes))) });
    let mut request = Request::new(Body::empty());
    request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    let Ok(response) = CompressionLayer::new().layer(plain).oneshot(request).await;
    // Compression in memory does not fail.
    response.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default()
}

/// Returns whether `Accept-Encoding` contains gzip with a weight other than 0.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter();
    values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).any(|part| {
        let mut halves = part.splitn(2, |byte| *byte == b';').map(<[u8]>::trim_ascii);
        halves.next() == Some(b"gzip") && halves.next() != Some(b"q=0")
    })
}
