//! A connection that is watched: it closes when its client stalls, whatever the protocol.
//!
//! hyper's own header timer cannot do it: it also ends connections that merely wait for their
//! next request (balancers keep those for a minute), and it does not run while the first bytes
//! are read to tell HTTP/1 from HTTP/2.

use std::{
    collections::HashMap,
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::Limits;

/// A stream that notes when bytes come and when they cannot go.
#[derive(Debug)]
pub(super) struct Wire<T> {
    stream: T,
    activity: Activity,
}

impl<T> Wire<T> {
    /// Watches this stream.
    pub(super) fn new(stream: T, activity: Activity) -> Self {
        Self { stream, activity }
    }
}

/// What a connection is doing, shared between its stream, its requests and its watch.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<Mutex<Doing>>);

#[derive(Debug)]
struct Doing {
    /// Requests whose response has not left yet.
    running: usize,
    /// Whether bytes of the next request have come.
    has_begun: bool,
    /// Since when it is as it is.
    since: Instant,
    /// Since when the client takes no bytes from us.
    blocked_since: Option<Instant>,
    /// The answers over HTTP/2 that have not left yet, by the number of their request.
    unread: HashMap<u64, Unread>,
    /// How many requests there were.
    requests: u64,
}

/// An answer on its way.
#[derive(Debug)]
struct Unread {
    /// Bytes that are still to go.
    bytes: u64,
    /// Since when it has something to say that the client does not read.
    since: Option<Instant>,
}

impl Activity {
    /// A connection just accepted: its first request is due.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Doing {
            running: 0,
            has_begun: true,
            since: Instant::now(),
            blocked_since: None,
            unread: HashMap::new(),
            requests: 0,
        })))
    }

    /// A request has its headers; it runs until the value is dropped.
    pub(super) fn begin(&self) -> Running {
        let mut doing = self.lock();
        doing.running += 1;
        doing.requests += 1;
        doing.has_begun = false;
        Running(Mark { activity: self.clone(), request: doing.requests })
    }

    /// Ends when the client has kept us waiting for too long.
    pub(super) fn overdue(&self, limits: &Limits) -> Overdue {
        Overdue {
            activity: self.clone(),
            head_timeout: limits.head_timeout,
            idle_timeout: limits.idle_timeout,
            write_timeout: limits.write_timeout,
            sleep: Box::pin(sleep_until(Instant::now() + limits.head_timeout)),
        }
    }

    fn note_bytes(&self) {
        let mut doing = self.lock();
        if doing.running == 0 && !doing.has_begun {
            doing.has_begun = true;
            doing.since = Instant::now();
        }
    }

    fn note_write<T>(&self, written: &Poll<io::Result<T>>) {
        let mut doing = self.lock();
        if written.is_ready() {
            doing.blocked_since = None;
        } else if doing.blocked_since.is_none() {
            doing.blocked_since = Some(Instant::now());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Doing> {
        // Each change is one assignment, so a poisoned lock is as good as any.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request that runs.
#[derive(Debug)]
pub(super) struct Running(Mark);

impl Running {
    /// Watches whether the client reads the answer, which has so many bytes. Says no where others
    /// wait and would be more than `most` with it.
    pub(super) fn hand_over(&self, bytes: u64, most: u64) -> bool {
        let mut doing = self.0.activity.lock();
        let waiting = doing.unread.values().fold(0_u64, |sum, unread| sum.saturating_add(unread.bytes));
        if waiting > 0 && waiting.saturating_add(bytes) > most {
            return false;
        }
        doing.unread.insert(self.0.request, Unread { bytes, since: Some(Instant::now()) });
        true
    }

    /// By which others note how far its answer is.
    pub(super) fn mark(&self) -> Mark {
        self.0.clone()
    }
}

/// The place of one request on its connection.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    activity: Activity,
    request: u64,
}

impl Mark {
    /// The client has room: it is asked for more.
    pub(super) fn note_read(&self) {
        self.note(|unread| unread.since = None);
    }

    /// There is more to say than the client has been given.
    pub(super) fn note_waiting(&self) {
        self.note(|unread| {
            unread.since.get_or_insert_with(Instant::now);
        });
    }

    /// So many bytes were handed to the connection.
    pub(super) fn note_sent(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.note(|unread| {
            unread.bytes = unread.bytes.saturating_sub(bytes);
            unread.since = Some(Instant::now());
        });
    }

    fn note(&self, change: impl FnOnce(&mut Unread)) {
        if let Some(unread) = self.activity.lock().unread.get_mut(&self.request) {
            change(unread);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut doing = self.0.activity.lock();
        doing.unread.remove(&self.0.request);
        doing.running -= 1;
        if doing.running == 0 {
            doing.since = Instant::now();
        }
    }
}

/// See [`Activity::overdue`]. Poll it after the connection in the same task: the connection's
/// own wake-ups then also bring a new, earlier deadline to its notice.
#[derive(Debug)]
pub(super) struct Overdue {
    activity: Activity,
    head_timeout: Duration,
    idle_timeout: Duration,
    write_timeout: Duration,
    sleep: Pin<Box<Sleep>>,
}

impl Overdue {
    /// From now on the client has only this long wherever no request runs.
    pub(super) fn hurry(&mut self, patience: Duration) {
        self.head_timeout = self.head_timeout.min(patience);
        self.idle_timeout = self.idle_timeout.min(patience);
    }

    fn deadline(&self) -> Instant {
        let doing = self.activity.lock();
        let unread = doing.unread.values().filter_map(|unread| unread.since);
        match (doing.blocked_since.into_iter().chain(unread).min(), doing.running, doing.has_begun) {
            (Some(since), _, _) => since + self.write_timeout,
            // Requests have deadlines of their own. Answers run in tasks of their own, so this has
            // to look by itself whether they are read.
            (None, 1.., _) => Instant::now() + self.idle_timeout.min(self.write_timeout / 4),
            (None, 0, true) => doing.since + self.head_timeout,
            (None, 0, false) => doing.since + self.idle_timeout,
        }
    }
}

impl Future for Overdue {
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

impl<T: AsyncRead + Unpin> AsyncRead for Wire<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.activity.note_bytes();
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Wire<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.activity.note_write(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.activity.note_write(&written);
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

    /// Whether the watch ends within this time.
    async fn ends(watch: &mut Overdue, within: Duration) -> bool {
        timeout(within, watch).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_not_read_ends_its_connection() {
        let (activity, limits) = (Activity::new(), Limits::default());
        let mut watch = activity.overdue(&limits);
        let request = activity.begin();
        // It takes its time to answer, and nobody could read anything.
        assert!(!ends(&mut watch, 10 * READ).await);
        assert!(request.hand_over(1_000, 8_000));
        assert!(!ends(&mut watch, READ / 2).await);
        request.mark().note_read();
        request.mark().note_sent(500);
        assert!(!ends(&mut watch, READ / 2 + READ / 4).await);
        assert!(ends(&mut watch, READ / 2).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_without_news_is_read_for_all_that_is_known() {
        let (activity, limits) = (Activity::new(), Limits::default());
        let mut watch = activity.overdue(&limits);
        let stream = activity.begin();
        assert!(stream.hand_over(0, 8_000));
        stream.mark().note_read();
        assert!(!ends(&mut watch, 10 * READ).await);
        // An event comes, and the client has no room for it.
        stream.mark().note_waiting();
        advance(READ / 2).await;
        stream.mark().note_waiting();
        assert!(ends(&mut watch, READ / 2 + READ / 4).await);
    }

    #[tokio::test(start_paused = true)]
    async fn answers_that_wait_are_bounded_by_their_bytes() {
        let activity = Activity::new();
        let [first, second, third] = [activity.begin(), activity.begin(), activity.begin()];
        // One alone may have any size.
        assert!(first.hand_over(10_000, 8_000));
        assert!(!second.hand_over(1, 8_000));
        first.mark().note_sent(9_000);
        assert!(second.hand_over(7_000, 8_000));
        assert!(!third.hand_over(1, 8_000));
        drop(first);
        assert!(third.hand_over(1_000, 8_000));
    }
}
