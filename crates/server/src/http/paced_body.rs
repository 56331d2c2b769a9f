//! Response bodies over HTTP/2. Each stream has its own window, so a client can leave one response
//! unread while the connection is active.
//!
//! hyper polls a body for its next frame when the window has room. A body that has data and is not
//! polled is one that the client does not read; `timeouts` closes the connection if that lasts too
//! long.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker, ready},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_graphql::execution::{ErrorCode, error_body};
use futures_util::task::AtomicWaker;
use hyper::body::{Frame, SizeHint};

use caunoi_texts::HttpText;

use super::{
    error_response::RETRY_AFTER,
    frame::RequestId,
    timeouts::{ResponseProgress, RunningRequest},
};

/// The default maximum frame size of HTTP/2. A large response in one piece would be in hyper's
/// buffer, where it is unknown whether the client reads it.
const PIECE_BYTES: usize = 16 * 1_024;
/// Maximum bytes of unread responses per connection.
const UNREAD_BYTES: u64 = 8 * 1_024 * 1_024;

/// Splits a response into pieces and tracks its progress. Returns 429 instead if the client leaves
/// too many responses unread.
pub(super) fn track_response(response: Response, running: RunningRequest) -> Response {
    let bytes = response.body().size_hint().exact().unwrap_or_default();
    if running.try_track(bytes, UNREAD_BYTES) {
        return response.map(|body| Body::new(PacedBody::new(body, running)));
    }
    let (parts, _) = response.into_parts();
    let id = parts.extensions.get::<RequestId>();
    let message = HttpText::TooManyUnread.text(id.map(RequestId::locale).unwrap_or_default());
    let id = id.map(RequestId::as_str).unwrap_or_default();
    let mut refusal = Response::new(Body::from(error_body(ErrorCode::RateLimited, message, id)));
    *refusal.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let headers = refusal.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    refusal
}

/// The body of a response, in pieces.
struct PacedBody {
    body: Body,
    /// The rest of the last frame.
    rest: Bytes,
    waker: Arc<TrackingWaker>,
    _running: RunningRequest,
}

impl PacedBody {
    fn new(body: Body, running: RunningRequest) -> Self {
        let waker = Arc::new(TrackingWaker { progress: running.progress(), stream: AtomicWaker::new() });
        Self { body, rest: Bytes::new(), waker, _running: running }
    }

    fn piece(&mut self) -> Bytes {
        self.rest.split_to(self.rest.len().min(PIECE_BYTES))
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.piece()))));
        }
        self.waker.stream.register(context.waker());
        let waker = Waker::from(Arc::clone(&self.waker));
        let frame = ready!(Pin::new(&mut self.body).poll_frame(&mut Context::from_waker(&waker)));
        Poll::Ready(frame.map(|frame| {
            frame.map(|frame| match frame.into_data() {
                Ok(data) => {
                    self.rest = data;
                    Frame::data(self.piece())
                }
                Err(trailers) => trailers,
            })
        }))
    }
}

/// A waker that records that the body has data, then wakes its stream.
struct TrackingWaker {
    progress: ResponseProgress,
    stream: AtomicWaker,
}

impl Wake for TrackingWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.progress.record_waiting();
        self.stream.wake();
    }
}

impl HttpBody for PacedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        // hyper polls, so the client reads. A wake-up during the poll is recorded after this.
        self.waker.progress.record_read();
        let polled = self.poll_piece(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.waker.progress.record_sent(frame.data_ref().map_or(0, Bytes::len));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        let hint = self.body.size_hint();
        let mut whole = SizeHint::new();
        whole.set_lower(hint.lower().saturating_add(rest));
        if let Some(upper) = hint.upper() {
            whole.set_upper(upper.saturating_add(rest));
        }
        whole
    }
}
