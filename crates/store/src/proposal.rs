//! Proposals of provinces for new localities, and the decisions of the ministry.
//!
//! Each step is a change in the log of the province that the public never sees; the row contains
//! the current proposal, with the text of the last change.

use crate::commands::{WriteContext, find_response, insert_response};
use crate::connect::Store;
use crate::error::StoreError;
use crate::pools::Rights;
use crate::reference::{self, Hindrance};
use crate::statement::literal;
use crate::write::WriteTransaction;
use caunoi_domain::change::{ChainHash, Change, ChangeOperation, Subject};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Visibility};
use caunoi_domain::proposal::{Proposal, ProposalKey, ProposalState, ProposedLocality, Settlement};
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind, ValidationError};
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use serde::{Deserialize, Serialize};

/// The name of the table.
pub(crate) const TABLE: &str = "locality_proposal";
const COLUMNS: [&str; 5] = ["province_id", "number", "state", "content", "proposed_at_us"];

/// A proposal with its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredProposal {
    /// The key of the proposal.
    pub key: ProposalKey,
    /// The current proposal.
    pub proposal: Proposal,
}

/// The result of a command on a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalReceipt {
    /// The proposal after the command.
    pub proposed: StoredProposal,
    /// The position of the change in the log of its province.
    pub position: i64,
    /// The link of that change; `None` if the command was executed before.
    #[serde(skip)]
    pub link: Option<ChainHash>,
    /// A signed cursor: the positions of all logs after the command.
    pub cursor: String,
}

/// A query for proposals, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct ProposalList {
    /// The state of the proposals.
    pub state: ProposalState,
    /// The time and key of the proposal after which to begin.
    pub after: Option<(i64, ProposalKey)>,
    /// The most proposals to return.
    pub most: u64,
}

impl Store {
    /// Inserts a proposal of the province of the permit. `read` validates it against the current
    /// reference data.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn propose(
        &self,
        context: &WriteContext<'_>,
        read: impl FnOnce(&Directory) -> Result<ProposedLocality, Vec<ValidationError>> + Send,
    ) -> Result<Result<ProposalReceipt, Hindrance>, StoreError> {
        let log = context.permit.log();
        let tx = self.begin_write(Rights::Province(log)).await?;
        let mut writing = WriteTransaction::begin(tx, &[log]).await?;
        if let Some(recorded) = find_recorded(&writing, context).await? {
            writing.rollback().await;
            return Ok(recorded);
        }
        let directory = Directory::new(reference::read(writing.tx()).await?);
        let locality = match read(&directory) {
            Ok(locality) => locality,
            Err(problems) => {
                writing.rollback().await;
                return Ok(Err(Hindrance::ValidationErrors(problems)));
            }
        };
        let author = context.permit.author();
        let proposal = Proposal { locality, author, proposed_at_us: context.at_us, settled: None };
        let key = ProposalKey { log, number: writing.allocate_number(log) };
        let content = text(key, &proposal)?;
        let state: &'static str = proposal.state().into();
        writing.add(
            TABLE,
            vec![
                ("province_id", log.number().into()),
                ("number", key.number.into()),
                ("state", state.into()),
                ("proposed_at_us", proposal.proposed_at_us.into()),
                ("content", content.clone().into()),
            ],
        );
        writing.append(&change(context, key, ChangeOperation::Submitted, (None, content)));
        commit(self, writing, context, StoredProposal { key, proposal }).await
    }

    /// Records the decision of the ministry on a proposal in the log of the permit. `read`
    /// validates it against the current reference data.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn settle(
        &self,
        context: &WriteContext<'_>,
        number: i32,
        read: impl FnOnce(&Directory) -> Result<Settlement, Vec<ValidationError>> + Send,
    ) -> Result<Result<ProposalReceipt, Hindrance>, StoreError> {
        let log = context.permit.log();
        let tx = self.begin_write(Rights::Province(log)).await?;
        let mut writing = WriteTransaction::begin(tx, &[log]).await?;
        if let Some(recorded) = find_recorded(&writing, context).await? {
            writing.rollback().await;
            return Ok(recorded);
        }
        let key = ProposalKey { log, number };
        let current = find(writing.tx(), key).await?;
        let directory = Directory::new(reference::read(writing.tx()).await?);
        let outcome = match &current {
            None => Err(vec![at_id(Reason::unknown(ReferenceKind::Proposal, &code(key)))]),
            Some(current) => read(&directory).and_then(|settlement| {
                current.settle(settlement, context.at_us).ok_or_else(|| vec![at_id(already_settled())])
            }),
        };
        let (current, proposal) = match (current, outcome) {
            (Some(current), Ok(proposal)) => (current, proposal),
            (_, Err(problems)) => {
                writing.rollback().await;
                return Ok(Err(Hindrance::ValidationErrors(problems)));
            }
            (None, Ok(_)) => return Err(corrupt(key, "the row vanished")),
        };
        let (before, after) = (text(key, &current)?, text(key, &proposal)?);
        let state: &'static str = proposal.state().into();
        let update = Query::update()
            .table(TABLE)
            .value("state", state)
            .value("content", after.as_str())
            .and_where(Expr::col("province_id").eq(log.number()))
            .and_where(Expr::col("number").eq(number))
            .to_owned();
        writing.tx().execute(&update).await?;
        let operation = match proposal.state() {
            ProposalState::Declined => ChangeOperation::Returned,
            ProposalState::Accepted | ProposalState::Open => ChangeOperation::Updated,
        };
        writing.append(&change(context, key, operation, (Some(before), after)));
        commit(self, writing, context, StoredProposal { key, proposal }).await
    }

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

/// Returns the code of a proposal in its log.
pub(crate) fn code(key: ProposalKey) -> String {
    format!("PROPOSAL-{}-{}", key.log.number(), key.number)
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

async fn find_recorded(
    writing: &WriteTransaction,
    context: &WriteContext<'_>,
) -> Result<Option<Result<ProposalReceipt, Hindrance>>, StoreError> {
    let Some(idempotency_key) = &context.idempotency_key else { return Ok(None) };
    let response = find_response(writing.tx(), context.permit, idempotency_key).await?;
    Ok(response.map(|response| response.map_err(|_| Hindrance::OtherInput)))
}

async fn commit(
    store: &Store,
    mut writing: WriteTransaction,
    context: &WriteContext<'_>,
    proposed: StoredProposal,
) -> Result<Result<ProposalReceipt, Hindrance>, StoreError> {
    let log = context.permit.log();
    let position = writing.position(log);
    let cursor = context.known.clone().with(log, position).to_cursor(context.signing_key);
    let link = writing.last_change(log).link;
    let receipt = ProposalReceipt { proposed, position, link, cursor };
    if let Some(idempotency_key) = &context.idempotency_key {
        insert_response(&mut writing, context, idempotency_key, &receipt).await?;
    }
    writing.commit(store).await?;
    Ok(Ok(receipt))
}

fn change(
    context: &WriteContext<'_>,
    key: ProposalKey,
    operation: ChangeOperation,
    (before, after): (Option<String>, String),
) -> Change {
    let was = before.as_ref().map(|_| Publication::Submitted);
    Change {
        log: key.log,
        subject: Subject::Proposal,
        number: key.number,
        code: code(key),
        version: if before.is_none() { 1 } else { 2 },
        operation,
        was,
        publication: Publication::Submitted,
        is_public: false,
        author: context.permit.author(),
        at_us: context.at_us,
        idempotency_key: context.idempotency_key.as_ref().map(|idempotency_key| idempotency_key.key.clone()),
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

fn already_settled() -> Reason {
    InvalidReason::ProposalSettled.into()
}

fn at_id(reason: Reason) -> ValidationError {
    ValidationError { path: vec!["id".to_owned()], reason }
}

fn corrupt(key: ProposalKey, why: &str) -> StoreError {
    let id = format!("{}/{}", key.log.number(), key.number);
    StoreError::Corrupt { table: TABLE, column: "content", id, why: why.to_owned() }
}
