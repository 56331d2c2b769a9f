//! Read views: several statements of a scope in one read-only transaction, over one state.

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::facts::{self, FactSelection};
use crate::heads::{self, LogHeads};
use crate::pools::{ReadConnection, Rights};
use crate::search::document;
use crate::table::StoredContent as _;
use crate::transaction::Transaction;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::fact::Fact;
use caunoi_domain::figure::Figure;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Scope;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use caunoi_domain::search_index::SearchDocument;
use sea_orm::{ConnectionTrait as _, QueryResult, Statement};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use strum::VariantArray as _;

/// A read-only transaction, and a store whose reads with the same rights run in it. The transaction
/// ends when the view and all its stores are dropped.
#[derive(Debug)]
pub struct ReadView {
    store: Store,
    transaction: Arc<ViewTransaction>,
    scope: Scope,
}

/// The transaction of a view, and its rights.
#[derive(Debug)]
pub(crate) struct ViewTransaction {
    tx: Transaction,
    /// The connection of the transaction; declared after it, so that it is dropped later.
    connection: Option<ReadConnection>,
    /// Statements that were sent and have not ended.
    running: AtomicUsize,
    /// See [`Store::read_view`].
    pub(crate) heads: LogHeads,
    rights: Rights,
}

/// A statement that still runs when its caller leaves is cancelled.
impl Drop for ViewTransaction {
    fn drop(&mut self) {
        if self.running.load(Ordering::Relaxed) == 0
            && let Some(connection) = self.connection.take()
        {
            connection.release();
        }
    }
}

impl ViewTransaction {
    /// Returns the rows of a statement.
    pub(crate) async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>, StoreError> {
        self.run(async { Ok(self.tx.query_all_raw(statement).await?) }).await
    }

    /// Runs statements; if the future is dropped before they end, they count as running.
    async fn run<T>(&self, statements: impl Future<Output = T>) -> T {
        self.running.fetch_add(1, Ordering::Relaxed);
        let outcome = statements.await;
        self.running.fetch_sub(1, Ordering::Relaxed);
        outcome
    }

    /// Returns whether a read with these rights runs in the transaction. On SQLite every read does:
    /// there are no rights, and a second connection could wait for this one.
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
    /// On SQLite the heads are those of the view. On PostgreSQL the rights of a scope do not
    /// include the heads, so they are read right after the view has taken its snapshot. Positions
    /// never decrease within an epoch: if the heads equal those that were known before this call,
    /// the view shows exactly that state.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn read_view(&self, scope: Scope) -> Result<ReadView, StoreError> {
        let rights = Rights::from(scope);
        let connection = match self.pools().request_reader(rights) {
            Some(pool) => Some(pool.acquire().await?),
            None => None,
        };
        let pool = connection.as_deref().unwrap_or_else(|| self.pools().reader(rights));
        let tx = self.begin_snapshot_on(pool, rights).await?;
        let heads = match self.engine() {
            Engine::Sqlite => heads::read(&*tx).await?,
            Engine::Postgres => {
                // The first statement takes the snapshot.
                tx.execute_unprepared("SELECT 1").await?;
                heads::read(self.pools().reader(Rights::ReadModel)).await?
            }
        };
        let transaction =
            Arc::new(ViewTransaction { tx, connection, running: AtomicUsize::new(0), heads, rights });
        let store = self.with_view(Arc::clone(&transaction));
        Ok(ReadView { store, transaction, scope })
    }
}

impl ReadView {
    /// Returns the store whose reads run in the transaction of the view.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the heads of all logs: of the view, or on PostgreSQL of the moment right after it.
    #[must_use]
    pub fn heads(&self) -> &LogHeads {
        &self.transaction.heads
    }

    /// Returns the facts of the unpublished versions that the scope sees, by kind.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn unpublished_facts(&self) -> Result<Vec<(EntryKind, Vec<Fact>)>, StoreError> {
        let mut facts = Vec::new();
        for kind in EntryKind::VARIANTS {
            let rows = FactSelection::Unpublished(self.scope);
            facts.push((
                *kind,
                self.transaction.run(facts::of_kind(&self.transaction.tx, *kind, &rows)).await?,
            ));
        }
        Ok(facts)
    }

    /// Returns the search documents of the unpublished versions that the scope sees.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn unpublished_documents(&self) -> Result<Vec<SearchDocument>, StoreError> {
        let tables = [
            Relation::tables(),
            Agreement::tables(),
            Event::tables(),
            Organization::tables(),
            Programme::tables(),
            Figure::tables(),
            Instrument::tables(),
        ];
        let mut documents = Vec::new();
        for tables in tables {
            let read = document::read_unpublished(&self.transaction.tx, &tables, self.scope);
            documents.extend(self.transaction.run(read).await?);
        }
        Ok(documents)
    }
}
