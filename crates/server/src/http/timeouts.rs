//! Timeouts of a connection: it closes if its client stalls, over any protocol.
//!
//! hyper's own header timer is not enough: it also closes connections that are idle between
//! requests (load balancers keep those open for a minute), and it does not run while the first
//! bytes are read to detect HTTP/1 or HTTP/2.

use std::{
    collections::HashMap,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::Limits;

/// A stream that records when bytes arrive and when writes block.
#[derive(Debug)]
pub(super) struct WatchedStream<T> {
    stream: T,
    activity: Activity,
}

impl<T> WatchedStream<T> {
    /// Wraps a stream.
    pub(super) fn new(stream: T, activity: Activity) -> Self {
        Self { stream, activity }
    }
}

/// The activity of a connection, shared by its stream, its requests and its timer.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Mutex<ActivityState>>);

#[derive(Debug)]
struct ActivityState {
    /// Requests whose response has not been sent completely.
    running: usize,
    /// Whether bytes of the next request have arrived.
    has_begun: bool,
    /// Time of the last change of `running` or `has_begun`.
    since: Instant,
    /// Time since which writes block; None if they do not.
    blocked_since: Option<Instant>,
    /// Responses over HTTP/2 that have not been sent completely, by request number.
    pending: HashMap<u64, PendingResponse>,
    /// Number of requests so far.
    requests: u64,
}

/// A response that is being sent.
#[derive(Debug)]
struct PendingResponse {
    /// Unsent bytes.
    bytes: u64,
    /// Time since which it has data that the client does not read; None if it has none.
    since: Option<Instant>,
}

impl Activity {
    /// Returns the activity of a new connection, whose first request is awaited.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(ActivityState {
            running: 0,
            has_begun: true,
            since: Instant::now(),
            blocked_since: None,
            pending: HashMap::new(),
            requests: 0,
        })))
    }

    /// Records a request whose headers are read. It runs until the value is dropped.
    pub(super) fn begin_request(&self) -> RunningRequest {
        let mut state = self.0.lock();
        state.running += 1;
        state.requests += 1;
        state.has_begun = false;
        RunningRequest(ResponseProgress { activity: self.clone(), request: state.requests })
    }

    /// Returns a timer that completes when the client has stalled for too long.
    pub(super) fn stall_timer(&self, limits: &Limits) -> StallTimer {
        StallTimer {
            activity: self.clone(),
            head_timeout: limits.head_timeout,
            idle_timeout: limits.idle_timeout,
            write_timeout: limits.write_timeout,
            sleep: Box::pin(sleep_until(Instant::now() + limits.head_timeout)),
        }
    }

    fn record_bytes(&self) {
        let mut state = self.0.lock();
        if state.running == 0 && !state.has_begun {
            state.has_begun = true;
            state.since = Instant::now();
        }
    }

    fn record_write<T>(&self, written: &Poll<io::Result<T>>) {
        let mut state = self.0.lock();
        if written.is_ready() {
            state.blocked_since = None;
        } else if state.blocked_since.is_none() {
            state.blocked_since = Some(Instant::now());
        }
    }
}

/// A running request.
#[derive(Debug)]
pub(super) struct RunningRequest(ResponseProgress);

impl RunningRequest {
    /// Tracks the response, which has `bytes`. Returns false if other responses are unread and the
    /// total would exceed `most`.
    pub(super) fn try_track(&self, bytes: u64, most: u64) -> bool {
        let mut state = self.0.activity.0.lock();
        let waiting = state.pending.values().fold(0_u64, |sum, pending| sum.saturating_add(pending.bytes));
        if waiting > 0 && waiting.saturating_add(bytes) > most {
            return false;
        }
        state.pending.insert(self.0.request, PendingResponse { bytes, since: Some(Instant::now()) });
        true
    }

    /// Returns a handle that records the progress of the response.
    pub(super) fn progress(&self) -> ResponseProgress {
        self.0.clone()
    }
}

/// A handle that records the progress of one response.
#[derive(Debug, Clone)]
pub(super) struct ResponseProgress {
    activity: Activity,
    request: u64,
}

impl ResponseProgress {
    /// Records that the client reads: its window has room.
    pub(super) fn record_read(&self) {
        self.update(|pending| pending.since = None);
    }

    /// Records that there is data that the client has not read.
    pub(super) fn record_waiting(&self) {
        self.update(|pending| {
            pending.since.get_or_insert_with(Instant::now);
        });
    }

    /// Records bytes that were passed to the connection.
    pub(super) fn record_sent(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.update(|pending| {
            pending.bytes = pending.bytes.saturating_sub(bytes);
            pending.since = Some(Instant::now());
        });
    }

    fn update(&self, change: impl FnOnce(&mut PendingResponse)) {
        if let Some(pending) = self.activity.0.lock().pending.get_mut(&self.request) {
            change(pending);
        }
    }
}

impl Drop for RunningRequest {
    fn drop(&mut self) {
        let mut state = self.0.activity.0.lock();
        state.pending.remove(&self.0.request);
        state.running -= 1;
        if state.running == 0 {
            state.since = Instant::now();
        }
    }
}

/// See [`Activity::stall_timer`]. Poll it after the connection in the same task, so that wake-ups
/// of the connection also apply a new, earlier deadline.
pub(super) struct StallTimer {
    activity: Activity,
    head_timeout: Duration,
    idle_timeout: Duration,
    write_timeout: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl StallTimer {
    /// Shortens the head and idle timeouts to `timeout`.
    pub(super) fn shorten(&mut self, timeout: Duration) {
        self.head_timeout = self.head_timeout.min(timeout);
        self.idle_timeout = self.idle_timeout.min(timeout);
    }

    fn deadline(&self) -> Instant {
        let state = self.activity.0.lock();
        let pending = state.pending.values().filter_map(|pending| pending.since);
        match (state.blocked_since.into_iter().chain(pending).min(), state.running, state.has_begun) {
            (Some(since), _, _) => since + self.write_timeout,
            // Requests have their own deadlines. Response bodies are polled in other tasks, so the
            // timer checks periodically whether they are read.
            (None, 1.., _) => Instant::now() + self.idle_timeout.min(self.write_timeout / 4),
            (None, 0, true) => state.since + self.head_timeout,
            (None, 0, false) => state.since + self.idle_timeout,
        }
    }
}

impl Future for StallTimer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let deadline = self.deadline();
            if deadline < self.sleep.deadline() {
                self.sleep.as_mut().reset(deadline);
            }
            ready!(self.sleep.as_mut().poll(context));
            if deadline <= Instant::now() {
                return Poll::Ready(());
            }
            self.sleep.as_mut().reset(deadline);
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for WatchedStream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.activity.record_bytes();
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for WatchedStream<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.activity.record_write(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.activity.record_write(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{advance, timeout};

    const READ: Duration = Duration::from_secs(30);

    /// Returns whether the timer completes within this time.
    async fn ends(watch: &mut StallTimer, within: Duration) -> bool {
        timeout(within, watch).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn unread_response_closes_the_connection() {
        let (activity, limits) = (Activity::new(), Limits::default());
        let mut watch = activity.stall_timer(&limits);
        let request = activity.begin_request();
        // The response has not begun, so there is nothing to read.
        assert!(!ends(&mut watch, 10 * READ).await);
        assert!(request.try_track(1_000, 8_000));
        assert!(!ends(&mut watch, READ / 2).await);
        request.progress().record_read();
        request.progress().record_sent(500);
        assert!(!ends(&mut watch, READ / 2 + READ / 4).await);
        assert!(ends(&mut watch, READ / 2).await);
    }

    #[tokio::test(start_paused = true)]
    async fn silent_stream_does_not_time_out() {
        let (activity, limits) = (Activity::new(), Limits::default());
        let mut watch = activity.stall_timer(&limits);
        let stream = activity.begin_request();
        assert!(stream.try_track(0, 8_000));
        stream.progress().record_read();
        assert!(!ends(&mut watch, 10 * READ).await);
        // An event is ready and the client's window is full.
        stream.progress().record_waiting();
        advance(READ / 2).await;
        stream.progress().record_waiting();
        assert!(ends(&mut watch, READ / 2 + READ / 4).await);
    }

    #[tokio::test(start_paused = true)]
    async fn unread_responses_are_limited_by_bytes() {
        let activity = Activity::new();
        let [first, second, third] =
            [activity.begin_request(), activity.begin_request(), activity.begin_request()];
        // A single response may have any size.
        assert!(first.try_track(10_000, 8_000));
        assert!(!second.try_track(1, 8_000));
        first.progress().record_sent(9_000);
        assert!(second.try_track(7_000, 8_000));
        assert!(!third.try_track(1, 8_000));
        drop(first);
        assert!(third.try_track(1_000, 8_000));
    }
}
