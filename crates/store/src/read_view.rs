//! One state of the database, as a scope reads it: several statements in one read-only transaction.

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::facts::{self, Rows};
use crate::heads::{self, LogHeads};
use crate::pools::Rights;
use crate::transaction::Transaction;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::fact::Fact;
use caunoi_domain::policy::Scope;
use sea_orm::ConnectionTrait as _;
use std::sync::Arc;
use strum::VariantArray as _;

/// A read-only transaction, and a store whose reads with the same rights run in it. The
/// transaction ends when the view and all stores of it are dropped.
#[derive(Debug)]
pub struct ReadView {
    store: Store,
    transaction: Arc<ViewTransaction>,
    scope: Scope,
}

/// The transaction of a view, and the rights that it has.
#[derive(Debug)]
pub(crate) struct ViewTransaction {
    pub(crate) tx: Transaction,
    /// See [`Store::read_view`].
    pub(crate) heads: LogHeads,
    rights: Rights,
}

impl ViewTransaction {
    /// Whether a read with these rights belongs into the transaction. On SQLite every read does:
    /// rights mean nothing there, and a second connection could wait for this one.
    pub(crate) fn serves(&self, engine: Engine, rights: Rights) -> bool {
        match engine {
            Engine::Sqlite => true,
            Engine::Postgres => self.rights == rights,
        }
    }
}

impl Store {
    /// Opens a view of one state of the database, and reads the heads.
    ///
    /// On SQLite the heads are those of the view. On PostgreSQL the rights of a scope do not include
    /// the heads, so they are read right after the view has taken its snapshot. Positions never go
    /// back within an epoch: where the heads equal those that were known before this call, the view
    /// shows exactly that state.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn read_view(&self, scope: Scope) -> Result<ReadView, StoreError> {
        let tx = self.begin_snapshot(scope).await?;
        let heads = match self.engine() {
            Engine::Sqlite => heads::read(&*tx).await?,
            Engine::Postgres => {
                // The first statement takes the snapshot.
                tx.execute_unprepared("SELECT 1").await?;
                heads::read(self.pools().reader(Rights::Replica)).await?
            }
        };
        let transaction = Arc::new(ViewTransaction { tx, heads, rights: scope.into() });
        let store = self.within(Arc::clone(&transaction));
        Ok(ReadView { store, transaction, scope })
    }
}

impl ReadView {
    /// The store whose reads run in the transaction of the view.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The heads of all logs: those of the view, or on PostgreSQL of right after it.
    #[must_use]
    pub fn heads(&self) -> &LogHeads {
        &self.transaction.heads
    }

    /// The facts of the unpublished versions that the scope sees, kind by kind.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn unpublished_facts(&self) -> Result<Vec<(EntryKind, Vec<Fact>)>, StoreError> {
        let mut facts = Vec::new();
        for kind in EntryKind::VARIANTS {
            let rows = Rows::Unpublished(self.scope);
            facts.push((*kind, facts::of_kind(&self.transaction.tx, *kind, &rows).await?));
        }
        Ok(facts)
    }
}
