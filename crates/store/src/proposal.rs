//! Localities that provinces miss: what they propose and what the ministry says of it.
//!
//! Each step is a change in the log of the province, which the public never sees; the row holds the
//! proposal as it stands, in the text that the log said last.

use crate::acting::{Intent, find_answer, keep_answer};
use crate::connect::Store;
use crate::error::StoreError;
use crate::pools::Rights;
use crate::reference::{self, Hindrance};
use crate::statement::literal;
use crate::write::Writing;
use caunoi_domain::change::{Change, ChangeOperation, Link, Subject};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Sees};
use caunoi_domain::proposal::{Proposal, ProposalKey, ProposalState, Settlement, Wish};
use caunoi_domain::refusal::{Problem, Refusal};
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};
use serde::{Deserialize, Serialize};

/// The table.
pub(crate) const TABLE: &str = "locality_proposal";
const COLUMNS: [&str; 5] = ["province_id", "number", "state", "content", "proposed_at_us"];

/// A proposal in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// What names it.
    pub key: ProposalKey,
    /// As it stands.
    pub proposal: Proposal,
}

/// What an act on a proposal left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    /// The proposal as it stands now.
    pub proposed: Proposed,
    /// The position that was written in the log of its province.
    pub position: i64,
    /// The link of that change; none where the act was answered before.
    #[serde(skip)]
    pub link: Option<Link>,
    /// Where every log stood after it, sealed.
    pub cursor: String,
}

/// Which proposals to read: the oldest first.
#[derive(Debug, Clone, Copy)]
pub struct ProposalList {
    /// How far they have come.
    pub state: ProposalState,
    /// The time and the key of the one to go on after.
    pub after: Option<(i64, ProposalKey)>,
    /// The most.
    pub most: u64,
}

impl Store {
    /// Keeps a proposal of the province of the permit. `read` reads it over the reference data as it
    /// stands then.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn propose(
        &self,
        intent: &Intent<'_>,
        read: impl FnOnce(&Directory) -> Result<Wish, Vec<Problem>> + Send,
    ) -> Result<Result<Handed, Hindrance>, StoreError> {
        let log = intent.permit.log();
        let tx = self.begin_write(Rights::Province(log)).await?;
        let mut writing = Writing::begin(tx, &[log]).await?;
        if let Some(told) = answered(&writing, intent).await? {
            writing.abandon().await;
            return Ok(told);
        }
        let directory = Directory::new(reference::read(writing.tx()).await?);
        let wish = match read(&directory) {
            Ok(wish) => wish,
            Err(problems) => {
                writing.abandon().await;
                return Ok(Err(Hindrance::Problems(problems)));
            }
        };
        let author = intent.permit.author();
        let proposal = Proposal { wish, author, proposed_at_us: intent.at_us, settled: None };
        let key = ProposalKey { log, number: writing.take_number(log) };
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
        writing.append(&change(intent, key, ChangeOperation::Submitted, (None, content)));
        hand(self, writing, intent, Proposed { key, proposal }).await
    }

    /// Writes what the ministry says of a proposal in the log of the permit. `read` reads it over the
    /// reference data as it stands then.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn settle(
        &self,
        intent: &Intent<'_>,
        number: i32,
        read: impl FnOnce(&Directory) -> Result<Settlement, Vec<Problem>> + Send,
    ) -> Result<Result<Handed, Hindrance>, StoreError> {
        let log = intent.permit.log();
        let tx = self.begin_write(Rights::Province(log)).await?;
        let mut writing = Writing::begin(tx, &[log]).await?;
        if let Some(told) = answered(&writing, intent).await? {
            writing.abandon().await;
            return Ok(told);
        }
        let key = ProposalKey { log, number };
        let stands = find(writing.tx(), key).await?;
        let directory = Directory::new(reference::read(writing.tx()).await?);
        let outcome = match &stands {
            None => Err(vec![at_id(Refusal::unknown("proposal", &code(key)))]),
            Some(stands) => read(&directory).and_then(|settlement| {
                stands.settle(settlement, intent.at_us).ok_or_else(|| vec![at_id(settled_already())])
            }),
        };
        let (stands, proposal) = match (stands, outcome) {
            (Some(stands), Ok(proposal)) => (stands, proposal),
            (_, Err(problems)) => {
                writing.abandon().await;
                return Ok(Err(Hindrance::Problems(problems)));
            }
            (None, Ok(_)) => return Err(corrupt(key, "it vanished")),
        };
        let (before, after) = (text(key, &stands)?, text(key, &proposal)?);
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
        writing.append(&change(intent, key, operation, (Some(before), after)));
        hand(self, writing, intent, Proposed { key, proposal }).await
    }

    /// The proposals that a scope sees.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn proposals(&self, scope: Scope, list: &ProposalList) -> Result<Vec<Proposed>, StoreError> {
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

/// Proposals in somebody's sight: a province's own, all of them for the ministry.
fn of_scope(scope: Scope) -> Condition {
    match scope.sees() {
        Sees::Published => Cond::all().add(crate::condition::nothing()),
        Sees::Province(log) => Cond::all().add(Expr::col("province_id").eq(log.number())),
        Sees::Ministry => Cond::all(),
    }
}

/// Every proposal with its text, for whoever compares them with the logs.
pub(crate) async fn all(tx: &DatabaseTransaction) -> Result<Vec<(Proposed, String)>, StoreError> {
    let query = Query::select().columns(COLUMNS).from(TABLE).to_owned();
    let rows = tx.query_all(&query).await?;
    rows.iter().map(|row| Ok((read_row(row)?, row.try_get_by_index(3)?))).collect()
}

/// What a proposal is called in its log.
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

async fn answered(
    writing: &Writing,
    intent: &Intent<'_>,
) -> Result<Option<Result<Handed, Hindrance>>, StoreError> {
    let Some(repeat) = &intent.repeat else { return Ok(None) };
    let answer = find_answer(writing.tx(), intent.permit, repeat).await?;
    Ok(answer.map(|answer| answer.map_err(|_| Hindrance::OtherInput)))
}

async fn hand(
    store: &Store,
    mut writing: Writing,
    intent: &Intent<'_>,
    proposed: Proposed,
) -> Result<Result<Handed, Hindrance>, StoreError> {
    let log = intent.permit.log();
    let position = writing.position(log);
    let cursor = intent.known.clone().with(log, position).seal(intent.sealing_key);
    let link = writing.last_change(log).link;
    let handed = Handed { proposed, position, link, cursor };
    if let Some(repeat) = &intent.repeat {
        keep_answer(&mut writing, intent, repeat, &handed).await?;
    }
    writing.commit(store).await?;
    Ok(Ok(handed))
}

fn change(
    intent: &Intent<'_>,
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
        author: intent.permit.author(),
        at_us: intent.at_us,
        idempotency_key: intent.repeat.as_ref().map(|repeat| repeat.key.clone()),
        reason: None,
        before,
        after: Some(after),
    }
}

fn read_row(row: &QueryResult) -> Result<Proposed, StoreError> {
    let key = ProposalKey { log: Log::new(row.try_get_by_index(0)?), number: row.try_get_by_index(1)? };
    let (state, content): (String, String) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
    let proposal: Proposal =
        serde_json::from_str(&content).map_err(|error| corrupt(key, &error.to_string()))?;
    let told: &'static str = proposal.state().into();
    let proposed_at_us: i64 = row.try_get_by_index(4)?;
    if (state.as_str(), proposed_at_us) == (told, proposal.proposed_at_us) {
        Ok(Proposed { key, proposal })
    } else {
        Err(corrupt(key, "its state or time is another one"))
    }
}

fn text(key: ProposalKey, proposal: &Proposal) -> Result<String, StoreError> {
    serde_json::to_string(proposal).map_err(|error| corrupt(key, &error.to_string()))
}

fn settled_already() -> Refusal {
    Refusal::Invalid("the proposal is settled already".to_owned())
}

fn at_id(refusal: Refusal) -> Problem {
    Problem { path: vec!["id".to_owned()], refusal }
}

fn corrupt(key: ProposalKey, why: &str) -> StoreError {
    let id = format!("{}/{}", key.log.number(), key.number);
    StoreError::Corrupt { table: TABLE, column: "content", id, why: why.to_owned() }
}
