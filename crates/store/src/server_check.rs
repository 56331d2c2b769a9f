//! Requirements on a PostgreSQL server: no pool bypasses row-level security, and acknowledged
//! commits survive a power failure.

use crate::connect::Store;
use crate::error::StoreError;
use futures_util::future::try_join_all;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// A requirement that the server does not meet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A role bypasses row-level security: it is a superuser or has BYPASSRLS.
    #[error("the role {role} bypasses row-level security")]
    Superuser {
        /// The role.
        role: String,
    },
    /// A role bypasses row-level security: it owns tables.
    #[error("the role {role} owns tables")]
    TableOwner {
        /// The role.
        role: String,
    },
    /// Commits are acknowledged before they are on disk.
    #[error("synchronous_commit is off")]
    AsynchronousCommit,
}

/// Per connection: its role; whether that is, or is a member of, a superuser or a role with
/// BYPASSRLS; the same for owners of tables; `synchronous_commit`; `fsync`.
const ROLE_CHECK: &str = "SELECT current_user::TEXT,
    EXISTS (SELECT FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND pg_has_role(oid, 'MEMBER')),
    EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND pg_has_role(relowner, 'MEMBER')),
    current_setting('synchronous_commit') <> 'off',
    current_setting('fsync')::BOOLEAN";

impl Store {
    /// Checks the requirements, after the migrations; SQLite always meets them.
    ///
    /// # Errors
    /// Returns `Unfit` if the server does not meet one, or an error if it fails.
    pub async fn check_server(&self) -> Result<(), StoreError> {
        let statement = || Statement::from_string(DbBackend::Postgres, ROLE_CHECK);
        let pools = self.pools().request_role_pools().into_iter();
        // This opens the first connection of each pool; with TLS that takes about 0.1 s, so in
        // parallel.
        let rows = try_join_all(pools.map(|pool| pool.query_one_raw(statement()))).await?;
        let mut is_synced = true;
        for row in rows.into_iter().flatten() {
            let role: String = row.try_get_by_index(0)?;
            if row.try_get_by_index(1)? {
                return Err(Unfit::Superuser { role }.into());
            }
            if row.try_get_by_index(2)? {
                return Err(Unfit::TableOwner { role }.into());
            }
            if !row.try_get_by_index(3)? {
                return Err(Unfit::AsynchronousCommit.into());
            }
            is_synced &= row.try_get_by_index::<bool>(4)?;
        }
        if !is_synced {
            // Only a cluster for tests may run with `fsync = off`.
            tracing::warn!("fsync is off in PostgreSQL: a power failure can lose acknowledged writes");
        }
        Ok(())
    }
}
