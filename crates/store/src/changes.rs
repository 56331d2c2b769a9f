//! Reading the logs: changes in the order of their positions, log by log.

use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::heads::{self, LogHeads};
use crate::pools::Rights;
use crate::statement::literal;
use caunoi_domain::change::{Change, Link, Subject};
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Sees};
use sea_orm::QueryResult;
use sea_orm::sea_query::{
    Cond, Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement, UnionType,
};
use std::collections::BTreeMap;
use std::str::FromStr;

/// A change in its place in its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its position.
    pub position: i64,
    /// What was done.
    pub change: Change,
    /// The link of the chain that it made.
    pub link: Link,
}

/// Which changes to read.
#[derive(Debug, Clone)]
pub struct Stretch<'a> {
    /// The logs, and the position in each after which to begin.
    pub after: &'a BTreeMap<Log, i64>,
    /// One entry alone, by kind and code.
    pub entry: Option<(EntryKind, &'a str)>,
    /// The most changes.
    pub most: u64,
}

pub(crate) const COLUMNS: [&str; 16] = [
    "province_id",
    "position",
    "subject",
    "number",
    "code",
    "version",
    "operation",
    "was",
    "publication",
    "is_public",
    "author",
    "at_us",
    "idempotency_key",
    "reason",
    "before_text",
    "after_text",
];
/// The key of a change.
const PLACE: [&str; 2] = ["province_id", "position"];
/// The logs and their positions, and the rows of one of them.
const LOGS: &str = "logs";
const ONE: &str = "one_log";
/// The places of the first changes in each log.
const EACH: &str = "each_log";
/// The places of the first changes of all.
const FIRST: &str = "first";
const LINK_AT: usize = COLUMNS.len();

impl Store {
    /// The heads of all logs, in one statement; those of the view, where this is the store of one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn heads(&self) -> Result<LogHeads, StoreError> {
        if let Some(heads) = self.heads_of_view() {
            return Ok(heads.clone());
        }
        heads::of_rows(&self.all(Rights::Replica, &heads::select()).await?)
    }

    /// The changes of entries that may move what a scope sees, log by log, each log in the order
    /// of its positions.
    ///
    /// # Errors
    /// The database does not answer, or a row is corrupt.
    pub async fn changes(&self, scope: Scope, stretch: &Stretch<'_>) -> Result<Vec<Placed>, StoreError> {
        let one = |log, after| first_of_log(scope, (log, after), stretch);
        let Some(each) = in_each_log(self.engine(), stretch.after, &PLACE, one) else {
            return Ok(Vec::new());
        };
        let mut first = Query::select();
        first.columns(PLACE.map(|name| (EACH, name))).from_subquery(each, EACH).limit(stretch.most);
        for name in PLACE {
            first.order_by((EACH, name), Order::Asc);
        }
        // The texts are read of these alone.
        let mut query = select_changes();
        let same = |name: &'static str| column("change", name).equals((FIRST, name));
        query.join_subquery(JoinType::InnerJoin, first, FIRST, same("province_id").and(same("position")));
        self.all(scope, &query).await?.iter().map(read).collect()
    }

    /// The content that stood published before a position; none where nothing did.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn published_before(&self, placed: &Placed) -> Result<Option<String>, StoreError> {
        let change = &placed.change;
        let query = Query::select()
            .column("after_text")
            .from("change")
            .and_where(Expr::col("province_id").eq(change.log.number()))
            .and_where(Expr::col("subject").eq(literal(change.subject.as_str())))
            .and_where(Expr::col("code").eq(change.code.as_str()))
            .and_where(Expr::col("position").lt(placed.position))
            .and_where(Expr::col("is_public").eq(literal(true)))
            .order_by("position", Order::Desc)
            .limit(1)
            .to_owned();
        let rows = self.all(Rights::Public, &query).await?;
        Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    }
}

/// The rows of a select for each log and its position. PostgreSQL plans one such select beside a list
/// of logs, however many there are. SQLite, which has no lateral joins, takes one for each log, and a
/// limit in a part of a union only within a select of its own.
pub(crate) fn in_each_log(
    engine: Engine,
    logs: &BTreeMap<Log, i64>,
    columns: &[&'static str],
    one: impl Fn(Expr, Expr) -> SelectStatement,
) -> Option<SelectStatement> {
    if logs.is_empty() {
        return None;
    }
    let whole = || columns.iter().map(|name| (ONE, *name));
    if engine == Engine::Postgres {
        let values = logs.iter().map(|(log, position)| (log.number(), *position));
        let select = one(Expr::col((LOGS, "column1")), Expr::col((LOGS, "column2")));
        let mut each = Query::select();
        each.columns(whole()).from_values(values, LOGS);
        return Some(each.join_lateral(JoinType::InnerJoin, select, ONE, literal(true)).to_owned());
    }
    let mut selects = logs.iter().map(|(log, position)| {
        let select = one(Expr::val(log.number()), Expr::val(*position));
        Query::select().columns(whole()).from_subquery(select, ONE).to_owned()
    });
    let mut each = selects.next()?;
    for select in selects {
        each.union(UnionType::All, select);
    }
    Some(each)
}

/// The places of the first changes of one log, read along its key.
fn first_of_log(scope: Scope, (log, after): (Expr, Expr), stretch: &Stretch<'_>) -> SelectStatement {
    let mut places = Query::select();
    places
        .columns(PLACE.map(|name| ("change", name)))
        .from("change")
        .and_where(column("change", "province_id").eq(log))
        .and_where(column("change", "position").gt(after))
        .cond_where(of_scope(scope))
        .and_where(is_of_entry())
        .order_by(("change", "position"), Order::Asc)
        .limit(stretch.most);
    if let Some((kind, code)) = stretch.entry {
        places.and_where(column("change", "subject").eq(literal(Subject::Entry(kind).as_str())));
        places.and_where(column("change", "code").eq(code));
    }
    places
}

/// Changes with their links, log by log in the order of their positions.
pub(crate) fn select_changes() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(|name| ("change", name)))
        .column(("change", "link"))
        .from("change")
        .order_by(("change", "province_id"), Order::Asc)
        .order_by(("change", "position"), Order::Asc)
        .to_owned()
}

/// The condition that a change comes after where its log was read to.
pub(crate) fn after(positions: &BTreeMap<Log, i64>) -> Condition {
    let mut any = Cond::any();
    for (log, position) in positions {
        any = any.add(
            column("change", "province_id").eq(log.number()).and(column("change", "position").gt(*position)),
        );
    }
    // An empty choice would let everything pass.
    if positions.is_empty() { any.add(crate::condition::nothing()) } else { any }
}

/// The condition that a change is one of an entry.
pub(crate) fn is_of_entry() -> Expr {
    let others =
        [Subject::Reference, Subject::Period, Subject::Proposal].map(|other| literal(other.as_str()));
    column("change", "subject").is_not_in(others)
}

/// The condition that a change may move what a scope sees; `feed::sights` says whether it does.
pub(crate) fn of_scope(scope: Scope) -> Condition {
    let public = column("change", "is_public").eq(literal(true));
    match scope.sees() {
        Sees::Published => Cond::all().add(public),
        Sees::Province(log) => Cond::any().add(public).add(column("change", "province_id").eq(log.number())),
        Sees::Ministry => {
            let submitted = |name| column("change", name).eq(literal("SUBMITTED"));
            Cond::any()
                .add(public)
                .add(column("change", "province_id").eq(Log::MINISTRY.number()))
                .add(column("change", "was").is_not_null().and(submitted("was")))
                .add(submitted("publication"))
        }
    }
}

/// Reads a row of [`select_changes`].
pub(crate) fn read(row: &QueryResult) -> Result<Placed, StoreError> {
    let (log, position): (i16, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let corrupt = |column, why: String| StoreError::Corrupt {
        table: "change",
        column,
        id: format!("{log}/{position}"),
        why,
    };
    let subject: String = row.try_get_by_index(2)?;
    let change = Change {
        log: Log::new(log),
        subject: match EntryKind::from_str(&subject) {
            Ok(kind) => Subject::Entry(kind),
            Err(_) if subject == Subject::Reference.as_str() => Subject::Reference,
            Err(_) if subject == Subject::Period.as_str() => Subject::Period,
            Err(_) if subject == Subject::Proposal.as_str() => Subject::Proposal,
            Err(_) => return Err(corrupt("subject", format!("\"{subject}\""))),
        },
        number: row.try_get_by_index(3)?,
        code: row.try_get_by_index(4)?,
        version: row.try_get_by_index(5)?,
        operation: word(&row.try_get_by_index::<String>(6)?).map_err(|why| corrupt("operation", why))?,
        was: row
            .try_get_by_index::<Option<String>>(7)?
            .map(|text| word(&text))
            .transpose()
            .map_err(|why| corrupt("was", why))?,
        publication: word(&row.try_get_by_index::<String>(8)?).map_err(|why| corrupt("publication", why))?,
        is_public: row.try_get_by_index(9)?,
        author: row.try_get_by_index(10)?,
        at_us: row.try_get_by_index(11)?,
        idempotency_key: row.try_get_by_index(12)?,
        reason: row.try_get_by_index(13)?,
        before: row.try_get_by_index(14)?,
        after: row.try_get_by_index(15)?,
    };
    let link: Vec<u8> = row.try_get_by_index(LINK_AT)?;
    let link = link.try_into().map_err(|_| corrupt("link", "not 32 bytes".to_owned()))?;
    Ok(Placed { position, change, link })
}

fn word<W: FromStr>(text: &str) -> Result<W, String> {
    W::from_str(text).map_err(|_| format!("\"{text}\""))
}
