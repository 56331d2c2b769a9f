//! Whether a server of PostgreSQL keeps what the register promises: no pool passes by the
//! row-level security, and what was acknowledged outlives a power cut.

use crate::connect::Store;
use crate::error::StoreError;
use futures_util::future::try_join_all;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Why a server is not fit to hold the register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Row-level security does not bind a role.
    #[error("the role {role} that requests run as passes by the row-level security: it {why}")]
    Unbound {
        /// The role.
        role: String,
        /// Why it does not.
        why: &'static str,
    },
    /// A commit is acknowledged before it is on disk.
    #[error("synchronous_commit is off: what is acknowledged could be lost")]
    Forgetful,
}

impl Unfit {
    /// What mends it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unbound { .. } => {
                "take from it what caunoi did not give it (ALTER ROLE, REVOKE, ALTER TABLE ... OWNER TO); \
                 a pooler between has to hand on the startup parameter options"
            }
            Self::Forgetful => "set it on for the server, or for this database by ALTER DATABASE",
        }
    }
}

/// Of a connection: its role; whether that is, or is a member of, a superuser or a role with
/// BYPASSRLS; the same for owners; whether commits wait for the disk, and the disk for itself.
const STANDING: &str = "SELECT current_user::TEXT,
    EXISTS (SELECT FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND pg_has_role(oid, 'MEMBER')),
    EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND pg_has_role(relowner, 'MEMBER')),
    current_setting('synchronous_commit') <> 'off',
    current_setting('fsync')::BOOLEAN";

impl Store {
    /// Asks the server, once the schema stands, whether it is fit; a file always is.
    ///
    /// # Errors
    /// It is not, or does not answer.
    pub async fn prove_fit(&self) -> Result<(), StoreError> {
        let standing = || Statement::from_string(DbBackend::Postgres, STANDING);
        let pools = self.pools().of_requests().into_iter();
        // Each pool makes its first connection here, which by TLS takes a tenth of a second.
        let standings = try_join_all(pools.map(|pool| pool.query_one_raw(standing()))).await?;
        let mut is_synced = true;
        for row in standings.into_iter().flatten() {
            let role: String = row.try_get_by_index(0)?;
            if row.try_get_by_index(1)? {
                return Err(Unfit::Unbound { role, why: "is a superuser or has BYPASSRLS" }.into());
            }
            if row.try_get_by_index(2)? {
                return Err(Unfit::Unbound { role, why: "owns tables" }.into());
            }
            if !row.try_get_by_index(3)? {
                return Err(Unfit::Forgetful.into());
            }
            is_synced &= row.try_get_by_index::<bool>(4)?;
        }
        if !is_synced {
            // A cluster for tests is run so; nobody else should.
            tracing::warn!("fsync is off in PostgreSQL: a power cut can lose what was acknowledged");
        }
        Ok(())
    }
}
