//! Connections whose running statement is cancelled when its caller leaves.
//!
//! Dropping the future of a statement does not stop the statement: SQLite runs it on the thread of
//! its connection, PostgreSQL in a process of the server. Each connection here has a pool of its
//! own, so that the statement that runs on it can be identified and cancelled.

use crate::error::StoreError;
use crate::pools::open;
use crate::pools::options::with_connection_checks;
use crate::transaction::Eviction;
use caunoi_metrics::{Pool, PoolUsage};
use parking_lot::Mutex;
use sea_orm::sqlx;
use sea_orm::sqlx::Connection as _;
use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::sqlx::sqlite::SqlitePoolOptions;
use sea_orm::{
    ConnAcquireErr, ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement,
};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU8, AtomicU64, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Instructions of SQLite's virtual machine between two checks of the flag: well below 1 ms.
const INSTRUCTIONS_PER_CHECK: i32 = 10_000;
/// Delay before another attempt to cancel. A cancel request that reaches PostgreSQL before the
/// statement does has no effect.
const RETRY_DELAY: Duration = Duration::from_millis(250);

/// A statement runs, or the connection is idle.
const RUNNING: u8 = 0;
/// The caller has left: the statement must end.
const CANCELLED: u8 = 1;
/// SQLite has been interrupted.
const INTERRUPTED: u8 = 2;

/// The connections that read for requests with one set of rights.
#[derive(Debug)]
pub(crate) struct ReadPool {
    connections: Vec<Cancellable>,
    /// Indexes of free connections, the last used one at the end: its caches are warm.
    free: Mutex<Vec<usize>>,
    permits: Arc<Semaphore>,
    acquire_timeout: Duration,
    /// The number of statements that were cancelled since the start.
    cancelled: Arc<AtomicU64>,
}

/// A connection, and the means to cancel its statement.
#[derive(Debug)]
struct Cancellable {
    connection: DatabaseConnection,
    cancel: Cancel,
}

#[derive(Debug)]
enum Cancel {
    /// A flag that SQLite's progress handler checks.
    Flag(Arc<AtomicU8>),
    /// The process of the connection in the server, and the pool that may signal it: it has the
    /// login role that all pools share.
    Process { process: Arc<Process>, owner: DatabaseConnection },
}

/// The server process of a connection.
#[derive(Debug, Default)]
struct Process {
    id: AtomicI32,
    /// Whether the error of a cancelled statement has not been read from the connection yet.
    is_cancelled: AtomicBool,
}

impl ReadPool {
    /// Creates a pool of `size` connections to a file; each is opened on first use.
    pub(crate) async fn sqlite(
        name: Pool,
        size: u32,
        options: &ConnectOptions,
        eviction: &Arc<Eviction>,
    ) -> Result<Self, StoreError> {
        let cancelled = Arc::new(AtomicU64::new(0));
        let mut connections = Vec::new();
        for _ in 0..size {
            let flag = Arc::new(AtomicU8::new(RUNNING));
            let flagged = with_cancel_flag(Arc::clone(&flag), Arc::clone(&cancelled), Arc::clone(eviction));
            let mut options = with_connection_checks(options.clone(), eviction);
            options.connect_lazy(true).min_connections(0).map_sqlx_sqlite_pool_opts(flagged);
            let connection = open(name, options).await?;
            connections.push(Cancellable { connection, cancel: Cancel::Flag(flag) });
        }
        Ok(Self::new(connections, options, cancelled))
    }

    /// Creates a pool of `size` connections to a server; each is opened on first use.
    pub(crate) async fn postgres(
        name: Pool,
        size: u32,
        options: &ConnectOptions,
        eviction: &Arc<Eviction>,
        owner: &DatabaseConnection,
    ) -> Result<Self, StoreError> {
        let mut connections = Vec::new();
        for _ in 0..size {
            let process = Arc::new(Process::default());
            let tracked = with_process_tracking(Arc::clone(&process), Arc::clone(eviction));
            let mut options = with_connection_checks(options.clone(), eviction);
            options.connect_lazy(true).map_sqlx_postgres_pool_opts(tracked);
            let connection = open(name, options).await?;
            connections
                .push(Cancellable { connection, cancel: Cancel::Process { process, owner: owner.clone() } });
        }
        Ok(Self::new(connections, options, Arc::default()))
    }

    fn new(connections: Vec<Cancellable>, options: &ConnectOptions, cancelled: Arc<AtomicU64>) -> Self {
        let acquire_timeout = options.get_acquire_timeout().unwrap_or(RETRY_DELAY);
        let permits = Arc::new(Semaphore::new(connections.len()));
        let free = Mutex::new((0..connections.len()).rev().collect());
        Self { connections, free, permits, acquire_timeout, cancelled }
    }

    /// Waits for a free connection.
    ///
    /// # Errors
    /// Returns an acquire time-out if none was free in time.
    pub(crate) async fn acquire(self: &Arc<Self>) -> Result<ReadConnection, StoreError> {
        let acquire_timeout_error = || StoreError::Driver(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        let permit = timeout(self.acquire_timeout, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| acquire_timeout_error())?
            .map_err(|_| acquire_timeout_error())?;
        let index = self.free.lock().pop().ok_or_else(acquire_timeout_error)?;
        Ok(ReadConnection { pool: Arc::clone(self), index, permit: Some(permit), has_ended: false })
    }

    /// Returns the number of statements that were cancelled since the start.
    pub(crate) fn cancelled(&self) -> u64 {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Returns the connections, each as a pool of one.
    pub(crate) fn each(&self) -> impl Iterator<Item = &DatabaseConnection> {
        self.connections.iter().map(|cancellable| &cancellable.connection)
    }

    /// Returns the current usage of the pool.
    pub(crate) fn usage(&self) -> PoolUsage {
        let most = self.connections.len();
        let free = self.free.lock().len();
        PoolUsage { idle: free, used: most.saturating_sub(free), most }
    }

    /// Cancels the statement on a connection and returns the connection once it is idle.
    async fn cancel(self: Arc<Self>, index: usize, permit: OwnedSemaphorePermit) {
        let Cancellable { connection, cancel } = &self.connections[index];
        loop {
            if let Cancel::Process { process, owner } = cancel {
                send_cancel_request(owner, process.id.load(Ordering::Relaxed)).await;
            }
            // The pool of one responds when its connection has been returned: nothing runs on it
            // then.
            if timeout(RETRY_DELAY, connection.ping()).await.is_ok() {
                break;
            }
        }
        if let Cancel::Flag(flag) = cancel {
            flag.store(RUNNING, Ordering::Release);
        }
        self.free.lock().push(index);
        drop(permit);
    }
}

/// A connection in use. If it is dropped before its statement has ended, it cancels the statement.
#[derive(Debug)]
pub(crate) struct ReadConnection {
    pool: Arc<ReadPool>,
    index: usize,
    permit: Option<OwnedSemaphorePermit>,
    has_ended: bool,
}

impl ReadConnection {
    /// Returns the connection after its statement has ended.
    pub(crate) fn release(mut self) {
        self.has_ended = true;
    }
}

impl Deref for ReadConnection {
    type Target = DatabaseConnection;

    fn deref(&self) -> &DatabaseConnection {
        &self.pool.connections[self.index].connection
    }
}

impl Drop for ReadConnection {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else { return };
        if self.has_ended {
            self.pool.free.lock().push(self.index);
            return;
        }
        match &self.pool.connections[self.index].cancel {
            Cancel::Flag(flag) => flag.store(CANCELLED, Ordering::Release),
            Cancel::Process { process, .. } => {
                process.is_cancelled.store(true, Ordering::Release);
                self.pool.cancelled.fetch_add(1, Ordering::Relaxed);
            }
        }
        // Without a runtime the process is ending, and its connections with it.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(Arc::clone(&self.pool).cancel(self.index, permit));
        }
    }
}

/// Makes a connection to a file check its flag while a statement runs.
fn with_cancel_flag(
    flag: Arc<AtomicU8>,
    cancelled: Arc<AtomicU64>,
    eviction: Arc<Eviction>,
) -> impl Fn(SqlitePoolOptions) -> SqlitePoolOptions + Clone + Send + Sync + 'static {
    move |options| {
        let (flag, cancelled) = (Arc::clone(&flag), Arc::clone(&cancelled));
        let eviction = Arc::clone(&eviction);
        let options = options.after_release(move |connection, meta| {
            let eviction = Arc::clone(&eviction);
            Box::pin(async move { eviction.accepts(connection, meta.age).await })
        });
        options.after_connect(move |connection, _| {
            let (flag, cancelled) = (Arc::clone(&flag), Arc::clone(&cancelled));
            Box::pin(async move {
                let mut handle = connection.lock_handle().await?;
                handle.set_progress_handler(INSTRUCTIONS_PER_CHECK, move || {
                    match flag.load(Ordering::Acquire) {
                        RUNNING => true,
                        CANCELLED => {
                            flag.store(INTERRUPTED, Ordering::Release);
                            cancelled.fetch_add(1, Ordering::Relaxed);
                            false
                        }
                        _ => false,
                    }
                });
                Ok(())
            })
        })
    }
}

/// Records the server process of a connection, and reads the pending error of a cancelled
/// statement, which the pool would take for a broken connection.
fn with_process_tracking(
    process: Arc<Process>,
    eviction: Arc<Eviction>,
) -> impl Fn(PgPoolOptions) -> PgPoolOptions + Clone + Send + Sync + 'static {
    move |options| {
        let (connected, released) = (Arc::clone(&process), Arc::clone(&process));
        let eviction = Arc::clone(&eviction);
        options
            .after_connect(move |connection, _| {
                let process = Arc::clone(&connected);
                Box::pin(async move {
                    let id = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(connection).await?;
                    process.id.store(id, Ordering::Relaxed);
                    Ok(())
                })
            })
            .after_release(move |connection, meta| {
                let (process, eviction) = (Arc::clone(&released), Arc::clone(&eviction));
                Box::pin(async move {
                    if process.is_cancelled.swap(false, Ordering::AcqRel) {
                        // Fails if the statement was cancelled, as expected.
                        let _ = connection.ping().await;
                    }
                    eviction.accepts(connection, meta.age).await
                })
            })
    }
}

/// Requests the server to cancel the statement of one of its processes.
async fn send_cancel_request(owner: &DatabaseConnection, process: i32) {
    // There is no process before the first connection.
    if process == 0 {
        return;
    }
    let values = [process.into()];
    let cancel = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_cancel_backend($1)", values);
    // The pool limits the wait for a connection. A shorter time-out would cancel the opening of a
    // new one each time.
    if let Err(error) = owner.query_one_raw(cancel).await {
        tracing::warn!(%error, "a statement whose caller has left could not be cancelled");
    }
}
