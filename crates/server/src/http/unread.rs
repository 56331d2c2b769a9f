//! Answers over HTTP/2, each with a window of its own: a client can leave one unread while its
//! connection lives.
//!
//! hyper asks a body for its next frame when the client's window has room. So a body that has
//! something to say and is not asked is one that the client does not read; `wire` closes the
//! connection when that lasts too long.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Wake, Waker, ready},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use caunoi_graphql::answer::{Code, error_body};
use hyper::body::{Frame, SizeHint};

use super::{
    problem::RETRY_AFTER,
    wire::{Mark, Running},
};

/// A frame of HTTP/2 as large as every client takes it. In one piece a large answer would lie in
/// hyper's buffer, where nobody sees whether the client reads it.
const PIECE_BYTES: usize = 16 * 1_024;
/// Bytes of answers that may wait for the client of one connection.
const UNREAD_BYTES: u64 = 8 * 1_024 * 1_024;

/// Hands an answer to its connection piece by piece. One too many for a client that reads none
/// becomes a refusal.
pub(super) fn deliver(response: Response, running: Running) -> Response {
    let bytes = response.body().size_hint().exact().unwrap_or_default();
    if running.hand_over(bytes, UNREAD_BYTES) {
        return response.map(|body| Body::new(Delivery::new(body, running)));
    }
    let (parts, _) = response.into_parts();
    let id = parts.headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    let message = "Answers on this connection wait to be read; read them first.";
    let mut refusal = Response::new(Body::from(error_body(Code::RateLimited, message, id)));
    *refusal.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let headers = refusal.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    refusal
}

/// The body of an answer, in pieces.
struct Delivery {
    body: Body,
    /// What is left of the last frame.
    rest: Bytes,
    waker: Arc<Woken>,
    _running: Running,
}

impl Delivery {
    fn new(body: Body, running: Running) -> Self {
        let waker = Arc::new(Woken { mark: running.mark(), stream: Mutex::new(Waker::noop().clone()) });
        Self { body, rest: Bytes::new(), waker, _running: running }
    }

    fn piece(&mut self) -> Bytes {
        self.rest.split_to(self.rest.len().min(PIECE_BYTES))
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.piece()))));
        }
        self.waker.renew(context.waker());
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

/// Notes when a body has something to say, and tells its stream.
struct Woken {
    mark: Mark,
    stream: Mutex<Waker>,
}

impl Woken {
    fn renew(&self, waker: &Waker) {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner).clone_from(waker);
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.mark.note_waiting();
        let stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner).clone();
        stream.wake();
    }
}

impl HttpBody for Delivery {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        // While it is asked it is read; whatever wakes it meanwhile is told after that.
        self.waker.mark.note_read();
        let polled = self.poll_piece(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.waker.mark.note_sent(frame.data_ref().map_or(0, Bytes::len));
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
