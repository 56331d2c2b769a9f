//! Proposals of provinces for new localities, and the decisions of the ministry.
//!
//! Each step is a change in the log of the province that the public never sees; the row contains
//! the current proposal, with the text of the last change.

use crate::column::Table;
use crate::commands::{CommandTransaction, WriteContext};
use crate::connect::Store;
use crate::entity::locality_proposal::{self, Column};
use crate::error::StoreError;
use crate::insert::TableRow;
use crate::statement::literal;
use crate::table::word;
use caunoi_domain::change::{Change, Subject};
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_domain::proposal::{Proposal, ProposalKey, ProposalList, ProposalState, StoredProposal};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Asterisk, Cond, Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult, QueryResult};

/// Returns the table.
pub(crate) fn table() -> Table {
    Table::of(locality_proposal::Entity)
}

impl CommandTransaction<'_> {
    /// Inserts a proposal, and appends the change.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub fn insert_proposal(&mut self, stored: &StoredProposal) -> Result<(), StoreError> {
        let StoredProposal { key, proposal } = stored;
        let content = text(*key, proposal)?;
        self.writing.add(TableRow::new(locality_proposal::ActiveModel {
            province_id: Set(key.log.number()),
            number: Set(key.number),
            state: word(proposal.state()),
            proposed_at_us: Set(proposal.proposed_at_us),
            content: Set(content.clone()),
        }));
        self.writing.append(&change(self.context, stored, None, content));
        Ok(())
    }

    /// Returns a proposal of this log; `None` if there is none with this number.
    ///
    /// # Errors
    /// Returns an error if the database fails or the row is corrupt.
    pub async fn find_proposal(&self, key: ProposalKey) -> Result<Option<Proposal>, StoreError> {
        find(self.writing.tx(), key).await
    }

    /// Replaces a proposal by its settled form, and appends the change.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn update_proposal(
        &mut self,
        before: &Proposal,
        stored: &StoredProposal,
    ) -> Result<(), StoreError> {
        let StoredProposal { key, proposal } = stored;
        let (before, after) = (text(*key, before)?, text(*key, proposal)?);
        let state: &'static str = proposal.state().into();
        let update = Query::update()
            .table(table())
            .value(Column::State, state)
            .value(Column::Content, after.as_str())
            .and_where(Expr::col(Column::ProvinceId).eq(key.log.number()))
            .and_where(Expr::col(Column::Number).eq(key.number))
            .to_owned();
        self.writing.tx().execute(&update).await?;
        self.writing.append(&change(self.context, stored, Some(before), after));
        Ok(())
    }
}

impl Store {
    /// Returns one page of the proposals that a scope sees, the oldest first.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn proposals(
        &self,
        scope: Scope,
        list: &ProposalList,
    ) -> Result<Vec<StoredProposal>, StoreError> {
        let order = if list.backwards { Order::Desc } else { Order::Asc };
        let mut query = select();
        query.cond_where(of_list(scope, list.state)).limit(list.most);
        for column in PLACE {
            query.order_by(column, order.clone());
        }
        if let Some((at_us, key)) = list.cursor {
            let place = Expr::tuple(PLACE.map(Expr::col));
            let cursor = [Expr::val(at_us), Expr::val(key.log.number()), Expr::val(key.number)];
            let cursor = Expr::tuple(cursor);
            query.and_where(if list.backwards { place.lt(cursor) } else { place.gt(cursor) });
        }
        let rows = self.all(scope, &query).await?;
        let mut page =
            rows.iter().map(|row| to_stored(&read(row)?)).collect::<Result<Vec<_>, StoreError>>()?;
        if list.backwards {
            page.reverse();
        }
        Ok(page)
    }

    /// Returns a proposal; `None` if the scope sees none with this key.
    ///
    /// # Errors
    /// Returns an error if the database fails or the row is corrupt.
    pub async fn find_proposal(
        &self,
        scope: Scope,
        key: ProposalKey,
    ) -> Result<Option<StoredProposal>, StoreError> {
        let query = with_key(key).cond_where(of_scope(scope)).to_owned();
        self.all(scope, &query).await?.first().map(|row| to_stored(&read(row)?)).transpose()
    }

    /// Returns the number of the proposals in a state that a scope sees.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn count_proposals(&self, scope: Scope, state: ProposalState) -> Result<u64, StoreError> {
        let query = Query::select()
            .expr(Expr::col(Asterisk).count())
            .from(table())
            .cond_where(of_list(scope, state))
            .to_owned();
        let rows = self.all(scope, &query).await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

/// The place of a proposal in a list.
const PLACE: [Column; 3] = [Column::ProposedAtUs, Column::ProvinceId, Column::Number];

/// Returns the condition for the proposals in a state that a scope sees.
fn of_list(scope: Scope, state: ProposalState) -> Condition {
    let state: &'static str = state.into();
    of_scope(scope).add(Expr::col(Column::State).eq(literal(state)))
}

fn select() -> SelectStatement {
    let columns = [Column::ProvinceId, Column::Number, Column::State, Column::Content, Column::ProposedAtUs];
    Query::select().columns(columns).from(table()).to_owned()
}

fn with_key(key: ProposalKey) -> SelectStatement {
    select()
        .and_where(Expr::col(Column::ProvinceId).eq(key.log.number()))
        .and_where(Expr::col(Column::Number).eq(key.number))
        .to_owned()
}

fn read(row: &QueryResult) -> Result<locality_proposal::Model, StoreError> {
    Ok(locality_proposal::Model::from_query_result(row, "")?)
}

/// Returns the condition for the proposals that a scope sees: those of its province; for the
/// ministry all.
fn of_scope(scope: Scope) -> Condition {
    match scope.visibility() {
        Visibility::Published => Cond::all().add(crate::condition::nothing()),
        Visibility::Province(log) => Cond::all().add(Expr::col(Column::ProvinceId).eq(log.number())),
        Visibility::Ministry => Cond::all(),
    }
}

/// Reads every proposal with its text, to compare them with the logs.
pub(crate) async fn read_all(tx: &DatabaseTransaction) -> Result<Vec<(StoredProposal, String)>, StoreError> {
    let read = |row: &QueryResult| {
        let row = read(row)?;
        Ok((to_stored(&row)?, row.content))
    };
    tx.query_all(&select()).await?.iter().map(read).collect()
}

async fn find(tx: &DatabaseTransaction, key: ProposalKey) -> Result<Option<Proposal>, StoreError> {
    tx.query_one(&with_key(key)).await?.map(|row| Ok(to_stored(&read(&row)?)?.proposal)).transpose()
}

fn change(
    context: &WriteContext<'_>,
    StoredProposal { key, proposal }: &StoredProposal,
    before: Option<String>,
    after: String,
) -> Change {
    Change {
        log: key.log,
        subject: Subject::Proposal,
        number: key.number,
        code: key.code(),
        version: if before.is_none() { 1 } else { 2 },
        operation: proposal.operation(),
        was: before.as_ref().map(|_| Publication::Submitted),
        publication: Publication::Submitted,
        is_public: false,
        author: context.permit.author(),
        at_us: context.at_us,
        idempotency_key: context.idempotency_key.as_ref().map(|key| key.key.clone()),
        reason: None,
        before,
        after: Some(after),
    }
}

fn to_stored(row: &locality_proposal::Model) -> Result<StoredProposal, StoreError> {
    let key = ProposalKey { log: Log::new(row.province_id), number: row.number };
    let proposal: Proposal =
        serde_json::from_str(&row.content).map_err(|error| corrupt(key, &error.to_string()))?;
    let recorded: &'static str = proposal.state().into();
    if (row.state.as_str(), row.proposed_at_us) == (recorded, proposal.proposed_at_us) {
        Ok(StoredProposal { key, proposal })
    } else {
        Err(corrupt(key, "state or time differs from the content"))
    }
}

fn text(key: ProposalKey, proposal: &Proposal) -> Result<String, StoreError> {
    serde_json::to_string(proposal).map_err(|error| corrupt(key, &error.to_string()))
}

fn corrupt(key: ProposalKey, why: &str) -> StoreError {
    StoreError::corrupt(Column::Content, format!("{}/{}", key.log.number(), key.number), why)
}
