//! The connections of a store, and with whose rights each of them asks.
//!
//! SQLite has no rights: there the condition of a scope is the only wall. On PostgreSQL each pool
//! takes on a role of the schema's (`migrations/src/sql/m0012_roles.sql`), and row-level security
//! stands behind the conditions.

mod options;

use crate::error::StoreError;
use crate::transaction::Eviction;
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
        /// Reads.
        readers: DatabaseConnection,
        /// Writes and migrates.
        writer: DatabaseConnection,
    },
    /// A server, with the rights of each pool.
    Server {
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
        Ok(Self::File { readers: open(Pool::Readers, READERS).await?, writer })
    }

    /// Opens a server. The roles of the pools are there once the schema is; until then only the
    /// owner connects.
    pub(crate) async fn server(url: &str, eviction: &Arc<Eviction>) -> Result<Self, StoreError> {
        let reads = |pool, role, connections| connect(pool, reads_as(role, url, connections), eviction);
        Ok(Self::Server {
            owner: connect(Pool::Owner, postgres(url, FEW), eviction).await?,
            replica: reads(Pool::Replica, "caunoi_replica", FEW).await?,
            public: reads(Pool::Public, "caunoi_public", READERS).await?,
            province: reads(Pool::Province, "caunoi_app", FEW).await?,
            acts: connect(Pool::Acts, writes_as("caunoi_app", url, WRITERS), eviction).await?,
            ministry: reads(Pool::Ministry, "caunoi_ministry", FEW).await?,
        })
    }

    /// The pool that reads with these rights.
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
            Self::File { readers, writer } => {
                for (name, pool) in [(Pool::Readers, readers), (Pool::Writer, writer)] {
                    let pool = pool.get_sqlite_connection_pool();
                    let most = pool.options().get_max_connections();
                    caunoi_metrics::note_pool(name, reading(pool.size(), pool.num_idle(), most));
                }
            }
            Self::Server { owner, replica, public, province, acts, ministry } => {
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
                    caunoi_metrics::note_pool(name, reading(pool.size(), pool.num_idle(), most));
                }
            }
        }
    }

    /// Those of PostgreSQL that requests run in.
    pub(crate) fn of_requests(&self) -> Vec<&DatabaseConnection> {
        match self {
            Self::File { .. } => Vec::new(),
            Self::Server { owner: _, replica, public, province, acts, ministry } => {
                vec![replica, public, province, acts, ministry]
            }
        }
    }

    /// All of them.
    pub(crate) fn each(&self) -> Vec<&DatabaseConnection> {
        match self {
            Self::File { readers, writer } => vec![readers, writer],
            Self::Server { owner, replica, public, province, acts, ministry } => {
                vec![owner, replica, public, province, acts, ministry]
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
    let mut pool = Database::connect(examined(options, eviction)).await?;
    pool.set_metric_callback(move |told| caunoi_metrics::statement(name, told.elapsed, told.failed));
    Ok(pool)
}

/// The two counts are read one after the other, so more may be idle than are open.
fn reading(open: u32, idle: usize, most: u32) -> Reading {
    let count = |connections: u32| usize::try_from(connections).unwrap_or(usize::MAX);
    Reading { idle, used: count(open).saturating_sub(idle), most: count(most) }
}
