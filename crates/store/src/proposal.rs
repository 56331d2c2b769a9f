//! Proposals of provinces for new localities, and the decisions of the ministry.
//!
//! Each step is a change in the log of the province that the public never sees; the row contains
//! the current proposal, with the text of the last change.

use crate::commands::{CommandTransaction, WriteContext};
use crate::connect::Store;
use crate::error::StoreError;
use crate::statement::literal;
use caunoi_domain::change::{Change, Subject};
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_domain::proposal::{Proposal, ProposalKey, ProposalList, StoredProposal};
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

/// The name of the table.
pub(crate) const TABLE: &str = "locality_proposal";
const COLUMNS: [&str; 5] = ["province_id", "number", "state", "content", "proposed_at_us"];

impl CommandTransaction<'_> {
    /// Inserts a proposal, and appends the change.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub fn insert_proposal(&mut self, stored: &StoredProposal) -> Result<(), StoreError> {
        let StoredProposal { key, proposal } = stored;
        let content = text(*key, proposal)?;
        let state: &'static str = proposal.state().into();
        self.writing.add(
            TABLE,
            vec![
                ("province_id", key.log.number().into()),
                ("number", key.number.into()),
                ("state", state.into()),
                ("proposed_at_us", proposal.proposed_at_us.into()),
                ("content", content.clone().into()),
            ],
        );
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
            .table(TABLE)
            .value("state", state)
            .value("content", after.as_str())
            .and_where(Expr::col("province_id").eq(key.log.number()))
            .and_where(Expr::col("number").eq(key.number))
            .to_owned();
        self.writing.tx().execute(&update).await?;
        self.writing.append(&change(self.context, stored, Some(before), after));
        Ok(())
    }
}

impl Store {
    /// Returns the proposals that a scope sees.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn proposals(
        &self,
        scope: Scope,
        list: &ProposalList,
    ) -> Result<Vec<StoredProposal>, StoreError> {
        let state: &'static str = list.state.into();
        let mut query = Query::select()
            .columns(COLUMNS)
            .from(TABLE)
            .cond_where(of_scope(scope))
            .and_where(Expr::col("state").eq(literal(state)))
            .order_by("proposed_at_us", Order::Asc)
            .order_by("province_id", Order::Asc)
            .order_by("number", Order::Asc)
            .limit(list.most)
            .to_owned();
        if let Some((at_us, key)) = list.after {
            let place = ["proposed_at_us", "province_id", "number"].map(Expr::col);
            let after = [Expr::val(at_us), Expr::val(key.log.number()), Expr::val(key.number)];
            query.and_where(Expr::tuple(place).gt(Expr::tuple(after)));
        }
        self.all(scope, &query).await?.iter().map(read_row).collect()
    }
}

/// Returns the condition for the proposals that a scope sees: those of its province; for the
/// ministry all.
fn of_scope(scope: Scope) -> Condition {
    match scope.visibility() {
        Visibility::Published => Cond::all().add(crate::condition::nothing()),
        Visibility::Province(log) => Cond::all().add(Expr::col("province_id").eq(log.number())),
        Visibility::Ministry => Cond::all(),
    }
}

/// Reads every proposal with its text, to compare them with the logs.
pub(crate) async fn read_all(tx: &DatabaseTransaction) -> Result<Vec<(StoredProposal, String)>, StoreError> {
    let query = Query::select().columns(COLUMNS).from(TABLE).to_owned();
    let rows = tx.query_all(&query).await?;
    rows.iter().map(|row| Ok((read_row(row)?, row.try_get_by_index(3)?))).collect()
}

async fn find(tx: &DatabaseTransaction, key: ProposalKey) -> Result<Option<Proposal>, StoreError> {
    let query = Query::select()
        .columns(COLUMNS)
        .from(TABLE)
        .and_where(Expr::col("province_id").eq(key.log.number()))
        .and_where(Expr::col("number").eq(key.number))
        .to_owned();
    tx.query_one(&query).await?.map(|row| Ok(read_row(&row)?.proposal)).transpose()
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

fn read_row(row: &QueryResult) -> Result<StoredProposal, StoreError> {
    let key = ProposalKey { log: Log::new(row.try_get_by_index(0)?), number: row.try_get_by_index(1)? };
    let (state, content): (String, String) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
    let proposal: Proposal =
        serde_json::from_str(&content).map_err(|error| corrupt(key, &error.to_string()))?;
    let recorded: &'static str = proposal.state().into();
    let proposed_at_us: i64 = row.try_get_by_index(4)?;
    if (state.as_str(), proposed_at_us) == (recorded, proposal.proposed_at_us) {
        Ok(StoredProposal { key, proposal })
    } else {
        Err(corrupt(key, "state or time differs from the content"))
    }
}

fn text(key: ProposalKey, proposal: &Proposal) -> Result<String, StoreError> {
    serde_json::to_string(proposal).map_err(|error| corrupt(key, &error.to_string()))
}

fn corrupt(key: ProposalKey, why: &str) -> StoreError {
    let id = format!("{}/{}", key.log.number(), key.number);
    StoreError::Corrupt { table: TABLE, column: "content", id, why: why.to_owned() }
}
