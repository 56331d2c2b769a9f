//! A connection that is watched: it closes when its client stalls, whatever the protocol.
//!
//! hyper's own header timer cannot do it: it also ends connections that merely wait for their
//! next request (balancers keep those for a minute), and it does not run while the first bytes
//! are read to tell HTTP/1 from HTTP/2.

use std::{
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
}

impl Activity {
    /// A connection just accepted: its first request is due.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Doing {
            running: 0,
            has_begun: true,
            since: Instant::now(),
            blocked_since: None,
        })))
    }

    /// A request has its headers; it runs until the value is dropped.
    pub(super) fn begin(&self) -> Running {
        let mut doing = self.lock();
        doing.running += 1;
        doing.has_begun = false;
        Running(self.clone())
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
pub(super) struct Running(Activity);

impl Drop for Running {
    fn drop(&mut self) {
        let mut doing = self.0.lock();
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
        match (doing.blocked_since, doing.running, doing.has_begun) {
            (Some(since), _, _) => since + self.write_timeout,
            // Requests have deadlines of their own; look again later.
            (None, 1.., _) => Instant::now() + self.idle_timeout,
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
