//! The connections of a store, and with whose rights each of them asks.
//!
//! SQLite has no rights: there the condition of a scope is the only wall. On PostgreSQL each pool
//! takes on a role of the schema's (`migrations/src/sql/m0012_roles.sql`), and row-level security
//! stands behind the conditions.

mod cancel;
mod options;

use crate::error::StoreError;
use crate::transaction::Eviction;
pub(crate) use cancel::ReadConnection;
use cancel::ReadPool;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Sees};
use caunoi_metrics::{Pool, Reading};
use options::{examined, postgres, reads_as, sqlite, writes_as};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use std::path::Path;
use std::sync::Arc;

/// With whose rights the database is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    /// Whoever made the schema: everything.
    Owner,
    /// Of a node that keeps in memory what is published.
    Replica,
    /// Of anybody.
    Public,
    /// Of the people of this province.
    Province(Log),
    /// Of the ministry.
    Ministry,
    /// Of a partner over its own webhooks, or of who calls all of them; the transaction says which.
    Webhooks,
}

impl From<Scope> for Rights {
    fn from(scope: Scope) -> Self {
        match scope.sees() {
            Sees::Published => Self::Public,
            Sees::Province(log) => Self::Province(log),
            Sees::Ministry => Self::Ministry,
        }
    }
}

/// The pools of one database.
#[derive(Debug)]
pub(crate) enum Pools {
    /// One file. A pool of one makes its writers queue here, not in the file.
    File {
        /// Reads for requests.
        requests: Arc<ReadPool>,
        /// Reads for this node, and snapshots.
        readers: DatabaseConnection,
        /// Writes and migrates.
        writer: DatabaseConnection,
    },
    /// A server, with the rights of each pool.
    Server {
        /// Read for requests.
        requests: ServerReads,
        /// [`Rights::Owner`]: migrates, loads data sets, verifies.
        owner: DatabaseConnection,
        /// [`Rights::Replica`].
        replica: DatabaseConnection,
        /// [`Rights::Public`].
        public: DatabaseConnection,
        /// [`Rights::Province`], to read. Apart from the acts, so that a queue of writers in one
        /// province keeps nobody from reading.
        province: DatabaseConnection,
        /// [`Rights::Province`], to write.
        acts: DatabaseConnection,
        /// [`Rights::Ministry`].
        ministry: DatabaseConnection,
    },
}

/// The connections to a server that read for requests, by their rights.
#[derive(Debug)]
pub(crate) struct ServerReads {
    /// [`Rights::Public`].
    public: Arc<ReadPool>,
    /// [`Rights::Province`].
    province: Arc<ReadPool>,
    /// [`Rights::Ministry`].
    ministry: Arc<ReadPool>,
}

const READERS: u32 = 8;
const WRITERS: u32 = 8;
/// Of those who are few: a province's readers, the ministry, the replica of this node. Migrating
/// takes three at once.
const FEW: u32 = 4;

impl Pools {
    /// Opens a file, and makes it where it is missing.
    pub(crate) async fn file(path: &Path, eviction: &Arc<Eviction>) -> Result<Self, StoreError> {
        let open = |pool, connections| connect(pool, sqlite(path, connections), eviction);
        let writer = open(Pool::Writer, 1).await?;
        let readers = open(Pool::Readers, FEW).await?;
        let requests = ReadPool::sqlite((Pool::Readers, READERS), &sqlite(path, 1), eviction).await?;
        Ok(Self::File { requests: Arc::new(requests), readers, writer })
    }

    /// Opens a server. The roles of the pools are there once the schema is; until then only the
    /// owner connects.
    pub(crate) async fn server(url: &str, eviction: &Arc<Eviction>) -> Result<Self, StoreError> {
        let reads = |pool, role, connections| connect(pool, reads_as(role, url, connections), eviction);
        let owner = connect(Pool::Owner, postgres(url, FEW), eviction).await?;
        let requests = async |pool, role, size| {
            let options = reads_as(role, url, 1);
            let opened = ReadPool::postgres((pool, size), &options, eviction, &owner).await?;
            Ok::<_, StoreError>(Arc::new(opened))
        };
        let requests = ServerReads {
            public: requests(Pool::Public, "caunoi_public", READERS).await?,
            province: requests(Pool::Province, "caunoi_app", FEW).await?,
            ministry: requests(Pool::Ministry, "caunoi_ministry", FEW).await?,
        };
        Ok(Self::Server {
            requests,
            owner,
            replica: reads(Pool::Replica, "caunoi_replica", FEW).await?,
            public: reads(Pool::Public, "caunoi_public", FEW).await?,
            province: reads(Pool::Province, "caunoi_app", FEW).await?,
            acts: connect(Pool::Acts, writes_as("caunoi_app", url, WRITERS), eviction).await?,
            ministry: reads(Pool::Ministry, "caunoi_ministry", FEW).await?,
        })
    }

    /// The pool that reads for requests with these rights; none where only this node reads so.
    pub(crate) fn request_reader(&self, rights: Rights) -> Option<&Arc<ReadPool>> {
        match self {
            Self::File { requests, .. } => Some(requests),
            Self::Server { requests: ServerReads { public, province, ministry }, .. } => match rights {
                Rights::Public => Some(public),
                Rights::Province(_) => Some(province),
                Rights::Ministry => Some(ministry),
                Rights::Owner | Rights::Replica | Rights::Webhooks => None,
            },
        }
    }

    /// How many statements were cancelled since the start because their caller had left.
    pub(crate) fn cancelled(&self) -> u64 {
        self.request_pools().iter().map(|(_, pool)| pool.cancelled()).sum()
    }

    fn request_pools(&self) -> Vec<(Pool, &ReadPool)> {
        match self {
            Self::File { requests, .. } => vec![(Pool::Readers, requests)],
            Self::Server { requests: ServerReads { public, province, ministry }, .. } => {
                vec![(Pool::Public, public), (Pool::Province, province), (Pool::Ministry, ministry)]
            }
        }
    }

    fn request_reading(&self, name: Pool) -> Option<Reading> {
        self.request_pools().into_iter().find(|(pool, _)| *pool == name).map(|(_, pool)| pool.reading())
    }

    /// The pool that reads with these rights, for this node and for snapshots.
    pub(crate) fn reader(&self, rights: Rights) -> &DatabaseConnection {
        match self {
            Self::File { readers, .. } => readers,
            Self::Server { owner, replica, public, province, ministry, .. } => match rights {
                Rights::Owner => owner,
                Rights::Replica => replica,
                Rights::Public => public,
                Rights::Province(_) | Rights::Webhooks => province,
                Rights::Ministry => ministry,
            },
        }
    }

    /// The pool that writes with these rights. Of those who only read there is none: they are
    /// given their readers, which the database will not let write.
    pub(crate) fn writer(&self, rights: Rights) -> &DatabaseConnection {
        match self {
            Self::File { writer, .. } => writer,
            Self::Server { owner, acts, .. } => match rights {
                Rights::Owner => owner,
                Rights::Province(_) | Rights::Webhooks => acts,
                Rights::Replica | Rights::Public | Rights::Ministry => self.reader(rights),
            },
        }
    }

    /// What the pool is called that writes with these rights.
    pub(crate) fn writer_name(&self, rights: Rights) -> Pool {
        match (self, rights) {
            (Self::File { .. }, _) => Pool::Writer,
            (Self::Server { .. }, Rights::Province(_) | Rights::Webhooks) => Pool::Acts,
            (Self::Server { .. }, Rights::Owner | Rights::Replica | Rights::Public | Rights::Ministry) => {
                self.reader_name(rights)
            }
        }
    }

    /// What the pool is called that reads with these rights.
    pub(crate) fn reader_name(&self, rights: Rights) -> Pool {
        match (self, rights) {
            (Self::File { .. }, _) => Pool::Readers,
            (Self::Server { .. }, Rights::Owner) => Pool::Owner,
            (Self::Server { .. }, Rights::Replica) => Pool::Replica,
            (Self::Server { .. }, Rights::Public) => Pool::Public,
            (Self::Server { .. }, Rights::Province(_) | Rights::Webhooks) => Pool::Province,
            (Self::Server { .. }, Rights::Ministry) => Pool::Ministry,
        }
    }

    /// Tells how many connections each pool holds at this moment.
    pub(crate) fn note(&self) {
        match self {
            Self::File { readers, writer, .. } => {
                for (name, pool) in [(Pool::Readers, readers), (Pool::Writer, writer)] {
                    let pool = pool.get_sqlite_connection_pool();
                    let most = pool.options().get_max_connections();
                    let own = reading(pool.size(), pool.num_idle(), most);
                    caunoi_metrics::note_pool(name, fuller(own, self.request_reading(name)));
                }
            }
            Self::Server { owner, replica, public, province, acts, ministry, .. } => {
                for (name, pool) in [
                    (Pool::Owner, owner),
                    (Pool::Replica, replica),
                    (Pool::Public, public),
                    (Pool::Province, province),
                    (Pool::Acts, acts),
                    (Pool::Ministry, ministry),
                ] {
                    let pool = pool.get_postgres_connection_pool();
                    let most = pool.options().get_max_connections();
                    let own = reading(pool.size(), pool.num_idle(), most);
                    caunoi_metrics::note_pool(name, fuller(own, self.request_reading(name)));
                }
            }
        }
    }

    /// Those of PostgreSQL that requests run in.
    pub(crate) fn of_requests(&self) -> Vec<&DatabaseConnection> {
        match self {
            Self::File { .. } => Vec::new(),
            // Those of one role are opened in one way, so the first of each speaks for the others.
            Self::Server { requests: ServerReads { public, province, ministry }, replica, acts, .. } => {
                let requests = [public, province, ministry].map(|pool| pool.each().next());
                requests.into_iter().flatten().chain([replica, acts]).collect()
            }
        }
    }

    /// All of them.
    pub(crate) fn each(&self) -> Vec<&DatabaseConnection> {
        match self {
            Self::File { requests, readers, writer } => requests.each().chain([readers, writer]).collect(),
            Self::Server { requests, owner, replica, public, province, acts, ministry } => {
                let ServerReads { public: reads, province: of_province, ministry: of_ministry } = requests;
                let requests = reads.each().chain(of_province.each()).chain(of_ministry.each());
                requests.chain([owner, replica, public, province, acts, ministry]).collect()
            }
        }
    }
}

/// Opens a pool whose statements are timed under its name, and whose connections are examined before
/// they serve another request.
async fn connect(
    name: Pool,
    options: ConnectOptions,
    eviction: &Arc<Eviction>,
) -> Result<DatabaseConnection, StoreError> {
    open(name, examined(options, eviction)).await
}

/// Opens a pool whose statements are timed under its name.
async fn open(name: Pool, options: ConnectOptions) -> Result<DatabaseConnection, StoreError> {
    let mut pool = Database::connect(options).await?;
    pool.set_metric_callback(move |told| caunoi_metrics::statement(name, told.elapsed, told.failed));
    Ok(pool)
}

/// Of the two pools of one name the fuller one: an alert looks for a pool that is full.
fn fuller(own: Reading, requests: Option<Reading>) -> Reading {
    match requests {
        Some(requests) if requests.used * own.most >= own.used * requests.most => requests,
        Some(_) | None => own,
    }
}

/// The two counts are read one after the other, so more may be idle than are open.
fn reading(open: u32, idle: usize, most: u32) -> Reading {
    let count = |connections: u32| usize::try_from(connections).unwrap_or(usize::MAX);
    Reading { idle, used: count(open).saturating_sub(idle), most: count(most) }
}
