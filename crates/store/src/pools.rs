//! The connection pools of a store, and the database rights of each.
//!
//! SQLite has no rights: there the condition of a scope is the only protection. On PostgreSQL each
//! pool assumes a role of the schema (`migrations/src/sql/m0012_roles.sql`), and row-level security
//! enforces the scope as well.

mod cancel;
mod options;

use crate::error::StoreError;
use crate::transaction::Eviction;
pub(crate) use cancel::ReadConnection;
use cancel::ReadPool;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_metrics::{Pool, PoolUsage};
use options::{postgres, reader_options, sqlite, with_connection_checks, writer_options};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::path::Path;
use std::sync::Arc;

/// The rights with which the database is accessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    /// The owner of the schema; may do everything.
    Owner,
    /// A node that maintains its read model of published data.
    ReadModel,
    /// The public.
    Public,
    /// The people of this province.
    Province(Log),
    /// The ministry.
    Ministry,
    /// An owner of webhooks, or the dispatcher of all; the transaction sets which.
    Webhooks,
}

impl From<Scope> for Rights {
    fn from(scope: Scope) -> Self {
        match scope.visibility() {
            Visibility::Published => Self::Public,
            Visibility::Province(log) => Self::Province(log),
            Visibility::Ministry => Self::Ministry,
        }
    }
}

/// The pools of one database.
#[derive(Debug)]
pub(crate) enum Pools {
    /// A file. The pool of one writer makes writers queue here and not on the lock of the file.
    File {
        /// Reads for requests.
        requests: Arc<ReadPool>,
        /// Reads for this node, and snapshots.
        readers: DatabaseConnection,
        /// Writes and migrates.
        writer: DatabaseConnection,
    },
    /// A server, with a pool for each set of rights.
    Server {
        /// Read for requests.
        requests: RequestPools,
        /// [`Rights::Owner`]: migrates, loads data sets, verifies.
        owner: DatabaseConnection,
        /// [`Rights::ReadModel`].
        read_model: DatabaseConnection,
        /// [`Rights::Public`].
        public: DatabaseConnection,
        /// [`Rights::Province`], to read. Separate from the writers, so that a queue of writers in
        /// one province does not block reads.
        province: DatabaseConnection,
        /// [`Rights::Province`], to write.
        writer: DatabaseConnection,
        /// [`Rights::Ministry`].
        ministry: DatabaseConnection,
    },
}

/// The pools on a server that read for requests, by rights.
#[derive(Debug)]
pub(crate) struct RequestPools {
    /// [`Rights::Public`].
    public: Arc<ReadPool>,
    /// [`Rights::Province`].
    province: Arc<ReadPool>,
    /// [`Rights::Ministry`].
    ministry: Arc<ReadPool>,
}

const READER_POOL_SIZE: u32 = 8;
const WRITER_POOL_SIZE: u32 = 8;
/// The transactions of provinces that write at once; webhooks write on the other connections.
const CONCURRENT_WRITES: usize = 6;
/// The size of pools with few users: the readers of provinces, the ministry, the read model of this
/// node. A migration uses three connections at once.
const SMALL_POOL_SIZE: u32 = 4;

impl Pools {
    /// Opens a file; creates it if it is missing.
    pub(crate) async fn file(path: &Path, eviction: &Arc<Eviction>) -> Result<Self, StoreError> {
        let open = |pool, connections| connect(pool, sqlite(path, connections), eviction);
        let writer = open(Pool::Writer, 1).await?;
        let readers = open(Pool::Readers, SMALL_POOL_SIZE).await?;
        let requests = ReadPool::sqlite(Pool::Readers, READER_POOL_SIZE, &sqlite(path, 1), eviction).await?;
        Ok(Self::File { requests: Arc::new(requests), readers, writer })
    }

    /// Opens a server. The roles of the pools exist after the migrations; until then only the owner
    /// connects.
    pub(crate) async fn server(url: &str, eviction: &Arc<Eviction>) -> Result<Self, StoreError> {
        let reads = |pool, role, connections| connect(pool, reader_options(role, url, connections), eviction);
        let owner = connect(Pool::Owner, postgres(url, SMALL_POOL_SIZE), eviction).await?;
        let requests = async |pool, role, size| {
            let options = reader_options(role, url, 1);
            let opened = ReadPool::postgres(pool, size, &options, eviction, &owner).await?;
            Ok::<_, StoreError>(Arc::new(opened))
        };
        let requests = RequestPools {
            public: requests(Pool::Public, "caunoi_public", READER_POOL_SIZE).await?,
            province: requests(Pool::Province, "caunoi_app", SMALL_POOL_SIZE).await?,
            ministry: requests(Pool::Ministry, "caunoi_ministry", SMALL_POOL_SIZE).await?,
        };
        Ok(Self::Server {
            requests,
            owner,
            read_model: reads(Pool::ReadModel, "caunoi_replica", SMALL_POOL_SIZE).await?,
            public: reads(Pool::Public, "caunoi_public", SMALL_POOL_SIZE).await?,
            province: reads(Pool::Province, "caunoi_app", SMALL_POOL_SIZE).await?,
            writer: connect(Pool::Acts, writer_options("caunoi_app", url, WRITER_POOL_SIZE), eviction)
                .await?,
            ministry: reads(Pool::Ministry, "caunoi_ministry", SMALL_POOL_SIZE).await?,
        })
    }

    /// Returns the pool that reads for requests with these rights; `None` if requests do not use
    /// them.
    pub(crate) fn request_reader(&self, rights: Rights) -> Option<&Arc<ReadPool>> {
        match self {
            Self::File { requests, .. } => Some(requests),
            Self::Server { requests: RequestPools { public, province, ministry }, .. } => match rights {
                Rights::Public => Some(public),
                Rights::Province(_) => Some(province),
                Rights::Ministry => Some(ministry),
                Rights::Owner | Rights::ReadModel | Rights::Webhooks => None,
            },
        }
    }

    /// Returns the number of statements since the start that were cancelled because their caller
    /// left.
    pub(crate) fn cancelled(&self) -> u64 {
        self.request_pools().iter().map(|(_, pool)| pool.cancelled()).sum()
    }

    fn request_pools(&self) -> Vec<(Pool, &ReadPool)> {
        match self {
            Self::File { requests, .. } => vec![(Pool::Readers, requests)],
            Self::Server { requests: RequestPools { public, province, ministry }, .. } => {
                vec![(Pool::Public, public), (Pool::Province, province), (Pool::Ministry, ministry)]
            }
        }
    }

    fn request_usage(&self, name: Pool) -> Option<PoolUsage> {
        self.request_pools().into_iter().find(|(pool, _)| *pool == name).map(|(_, pool)| pool.usage())
    }

    /// Returns the pool that reads with these rights, for this node and for snapshots.
    pub(crate) fn reader(&self, rights: Rights) -> &DatabaseConnection {
        match self {
            Self::File { readers, .. } => readers,
            Self::Server { owner, read_model, public, province, ministry, .. } => match rights {
                Rights::Owner => owner,
                Rights::ReadModel => read_model,
                Rights::Public => public,
                Rights::Province(_) | Rights::Webhooks => province,
                Rights::Ministry => ministry,
            },
        }
    }

    /// Returns the pool that writes with these rights. For rights that only read it is the reader,
    /// in which the database refuses writes.
    pub(crate) fn writer(&self, rights: Rights) -> &DatabaseConnection {
        match self {
            Self::File { writer, .. } => writer,
            Self::Server { owner, writer, .. } => match rights {
                Rights::Owner => owner,
                Rights::Province(_) | Rights::Webhooks => writer,
                Rights::ReadModel | Rights::Public | Rights::Ministry => self.reader(rights),
            },
        }
    }

    /// Returns the name of the pool that writes with these rights.
    pub(crate) fn writer_name(&self, rights: Rights) -> Pool {
        match (self, rights) {
            (Self::File { .. }, _) => Pool::Writer,
            (Self::Server { .. }, Rights::Province(_) | Rights::Webhooks) => Pool::Acts,
            (Self::Server { .. }, Rights::Owner | Rights::ReadModel | Rights::Public | Rights::Ministry) => {
                self.reader_name(rights)
            }
        }
    }

    /// Returns the name of the pool that reads with these rights.
    pub(crate) fn reader_name(&self, rights: Rights) -> Pool {
        match (self, rights) {
            (Self::File { .. }, _) => Pool::Readers,
            (Self::Server { .. }, Rights::Owner) => Pool::Owner,
            (Self::Server { .. }, Rights::ReadModel) => Pool::ReadModel,
            (Self::Server { .. }, Rights::Public) => Pool::Public,
            (Self::Server { .. }, Rights::Province(_) | Rights::Webhooks) => Pool::Province,
            (Self::Server { .. }, Rights::Ministry) => Pool::Ministry,
        }
    }

    /// Returns the number of transactions of provinces that should write at once.
    pub(crate) fn concurrent_writes(&self) -> usize {
        match self {
            Self::File { .. } => 1,
            Self::Server { .. } => CONCURRENT_WRITES,
        }
    }

    /// Records the current connections of each pool in the metrics.
    pub(crate) fn record_metrics(&self) {
        match self {
            Self::File { readers, writer, .. } => {
                for (name, pool) in [(Pool::Readers, readers), (Pool::Writer, writer)] {
                    let pool = pool.get_sqlite_connection_pool();
                    let most = pool.options().get_max_connections();
                    let own = usage(pool.size(), pool.num_idle(), most);
                    caunoi_metrics::set_pool_usage(name, fuller_pool(own, self.request_usage(name)));
                }
            }
            Self::Server { owner, read_model, public, province, writer, ministry, .. } => {
                for (name, pool) in [
                    (Pool::Owner, owner),
                    (Pool::ReadModel, read_model),
                    (Pool::Public, public),
                    (Pool::Province, province),
                    (Pool::Acts, writer),
                    (Pool::Ministry, ministry),
                ] {
                    let pool = pool.get_postgres_connection_pool();
                    let most = pool.options().get_max_connections();
                    let own = usage(pool.size(), pool.num_idle(), most);
                    caunoi_metrics::set_pool_usage(name, fuller_pool(own, self.request_usage(name)));
                }
            }
        }
    }

    /// Returns a pool of each role of PostgreSQL that requests run in.
    pub(crate) fn request_role_pools(&self) -> Vec<&DatabaseConnection> {
        match self {
            Self::File { .. } => Vec::new(),
            // The pools of one role have equal options, so the first represents the others.
            Self::Server {
                requests: RequestPools { public, province, ministry },
                read_model,
                writer,
                ..
            } => {
                let requests = [public, province, ministry].map(|pool| pool.each().next());
                requests.into_iter().flatten().chain([read_model, writer]).collect()
            }
        }
    }

    /// Returns all pools.
    pub(crate) fn each(&self) -> Vec<&DatabaseConnection> {
        match self {
            Self::File { requests, readers, writer } => requests.each().chain([readers, writer]).collect(),
            Self::Server { requests, owner, read_model, public, province, writer, ministry } => {
                let RequestPools { public: reads, province: of_province, ministry: of_ministry } = requests;
                let requests = reads.each().chain(of_province.each()).chain(of_ministry.each());
                requests.chain([owner, read_model, public, province, writer, ministry]).collect()
            }
        }
    }
}

/// Opens a pool whose statements are timed under its name, and whose connections are checked before
/// they serve another request.
async fn connect(
    name: Pool,
    options: ConnectOptions,
    eviction: &Arc<Eviction>,
) -> Result<DatabaseConnection, StoreError> {
    open(name, with_connection_checks(options, eviction)).await
}

/// Opens a pool whose statements are timed under its name.
async fn open(name: Pool, options: ConnectOptions) -> Result<DatabaseConnection, StoreError> {
    let mut pool = Database::connect(options).await?;
    pool.set_metric_callback(move |sample| {
        caunoi_metrics::record_statement(name, sample.elapsed, sample.failed);
    });
    Ok(pool)
}

/// Returns the fuller of the two pools of one name: an alert watches for full pools.
fn fuller_pool(own: PoolUsage, requests: Option<PoolUsage>) -> PoolUsage {
    match requests {
        Some(requests) if requests.used * own.most >= own.used * requests.most => requests,
        Some(_) | None => own,
    }
}

/// The two counts are read one after the other, so `idle` may exceed `open`.
fn usage(open: u32, idle: usize, most: u32) -> PoolUsage {
    let count = |connections: u32| usize::try_from(connections).unwrap_or(usize::MAX);
    PoolUsage { idle, used: count(open).saturating_sub(idle), most: count(most) }
}
