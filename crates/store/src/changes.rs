//! Reads of the logs: changes in the order of their positions, log by log.

use crate::column::{Table, column};
use crate::connect::{Engine, Store};
use crate::entity::change::{self, Column};
use crate::error::StoreError;
use crate::heads::{self, LogHeads};
use crate::pools::Rights;
use crate::statement::literal;
use caunoi_domain::change::{Change, LoggedChange, Subject};
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Visibility};
use sea_orm::QueryResult;
use sea_orm::sea_query::{
    Cond, Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement, UnionType,
};
use std::collections::BTreeMap;
use std::str::FromStr;

/// A query for changes.
#[derive(Debug, Clone)]
pub struct ChangeQuery<'a> {
    /// The logs, and in each the position after which to begin.
    pub after: &'a BTreeMap<Log, i64>,
    /// The kind and the codes of the only entries to include; `None` includes all.
    pub entry: Option<(EntryKind, &'a [String])>,
    /// The most changes to return.
    pub most: u64,
}

/// The columns of a change, in the order that [`read`] expects.
pub(crate) const COLUMNS: [Column; 17] = [
    Column::ProvinceId,
    Column::Position,
    Column::Subject,
    Column::Number,
    Column::Code,
    Column::Version,
    Column::Operation,
    Column::Was,
    Column::Publication,
    Column::IsPublic,
    Column::Author,
    Column::AtUs,
    Column::IdempotencyKey,
    Column::Reason,
    Column::BeforeText,
    Column::AfterText,
    Column::Link,
];
/// The key of a change.
pub(crate) const CHANGE_KEY: [Column; 2] = [Column::ProvinceId, Column::Position];
/// Aliases of the logs with their positions, and of the rows of one log.
const LOGS: &str = "logs";
const ONE: &str = "one_log";
/// Alias of the keys of the first changes in each log.
const EACH_LOG: &str = "each_log";
/// Alias of the keys of the first changes of all logs.
const FIRST: &str = "first";

impl Store {
    /// Returns the heads of all logs, in one statement; in the store of a view, those of the view.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn heads(&self) -> Result<LogHeads, StoreError> {
        if let Some(heads) = self.heads_of_view() {
            return Ok(heads.clone());
        }
        heads::from_rows(&self.all(Rights::ReadModel, &heads::select()).await?)
    }

    /// Returns the changes of entries that may affect what a scope sees, log by log in the order of
    /// their positions; among them those of shared entries.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn changes(
        &self,
        scope: Scope,
        query: &ChangeQuery<'_>,
    ) -> Result<Vec<LoggedChange>, StoreError> {
        let one = |log, after| first_of_log(scope, log, after, query);
        let Some(each) = in_each_log(self.engine(), query.after, &CHANGE_KEY, one) else {
            return Ok(Vec::new());
        };
        let mut first = Query::select();
        first
            .columns(CHANGE_KEY.map(|name| (EACH_LOG, name)))
            .from_subquery(each, EACH_LOG)
            .limit(query.most);
        for name in CHANGE_KEY {
            first.order_by((EACH_LOG, name), Order::Asc);
        }
        // The texts of these changes only are read.
        let mut select = select_changes();
        select.join_subquery(JoinType::InnerJoin, first, FIRST, has_key_of(FIRST));
        self.all(scope, &select).await?.iter().map(read).collect()
    }

    /// Returns the changes at these positions of their logs, as far as the scope may see them.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn changes_at(
        &self,
        scope: Scope,
        keys: &[(Log, i64)],
    ) -> Result<Vec<LoggedChange>, StoreError> {
        let keys = keys.iter().map(|(log, position)| {
            let key = [Expr::val(log.number()), Expr::val(*position)];
            Expr::tuple(key)
        });
        let mut select = select_changes();
        select.and_where(Expr::tuple(CHANGE_KEY.map(column)).is_in(keys)).cond_where(of_scope(scope));
        self.all(scope, &select).await?.iter().map(read).collect()
    }

    /// Returns the content that was published before a position; `None` if none was.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn published_before(&self, placed: &LoggedChange) -> Result<Option<String>, StoreError> {
        let change = &placed.change;
        let query = Query::select()
            .column(Column::AfterText)
            .from(table())
            .and_where(Expr::col(Column::ProvinceId).eq(change.log.number()))
            .and_where(Expr::col(Column::Subject).eq(literal(change.subject.as_str())))
            .and_where(Expr::col(Column::Code).eq(change.code.as_str()))
            .and_where(Expr::col(Column::Position).lt(placed.position))
            .and_where(Expr::col(Column::IsPublic).eq(literal(true)))
            .order_by(Column::Position, Order::Desc)
            .limit(1)
            .to_owned();
        let rows = self.all(Rights::Public, &query).await?;
        Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.flatten())
    }
}

/// Returns the table of changes.
pub(crate) fn table() -> Table {
    Table::of(change::Entity)
}

/// Returns the condition that a change has the key in the rows of an alias.
pub(crate) fn has_key_of(alias: &'static str) -> Expr {
    let [log, position] = CHANGE_KEY.map(|name| column(name).equals((alias, name)));
    log.and(position)
}

/// Returns the rows of a select for each log and position. PostgreSQL plans one lateral select for
/// any number of logs. SQLite, which has no lateral joins, gets one select per log, and allows a
/// limit in a part of a union only within a subquery.
pub(crate) fn in_each_log(
    engine: Engine,
    logs: &BTreeMap<Log, i64>,
    columns: &[Column],
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

/// Selects the keys of the first changes of one log, in the order of its primary key.
fn first_of_log(scope: Scope, log: Expr, after: Expr, query: &ChangeQuery<'_>) -> SelectStatement {
    let mut change_keys = Query::select();
    change_keys
        .columns(CHANGE_KEY.map(|name| (table(), name)))
        .from(table())
        .and_where(column(Column::ProvinceId).eq(log))
        .and_where(column(Column::Position).gt(after))
        .cond_where(of_scope(scope))
        .and_where(is_of_entry())
        .order_by((table(), Column::Position), Order::Asc)
        .limit(query.most);
    if let Some((kind, codes)) = query.entry {
        change_keys.and_where(column(Column::Subject).eq(literal(Subject::Entry(kind).as_str())));
        change_keys.and_where(match codes {
            [code] => column(Column::Code).eq(code.as_str()),
            codes => column(Column::Code).is_in(codes.iter().map(String::as_str)),
        });
    }
    change_keys
}

/// Selects changes with their links, log by log in the order of their positions.
pub(crate) fn select_changes() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(|name| (table(), name)))
        .from(table())
        .order_by((table(), Column::ProvinceId), Order::Asc)
        .order_by((table(), Column::Position), Order::Asc)
        .to_owned()
}

/// Returns the condition that a change comes after the position of its log.
pub(crate) fn after(positions: &BTreeMap<Log, i64>) -> Condition {
    let mut any = Cond::any();
    for (log, position) in positions {
        let in_log = column(Column::ProvinceId).eq(log.number());
        any = any.add(in_log.and(column(Column::Position).gt(*position)));
    }
    // An empty OR would let every row pass.
    if positions.is_empty() { any.add(crate::condition::nothing()) } else { any }
}

/// Returns the condition that the subject of a change is an entry, of its log or shared with its
/// owner.
pub(crate) fn is_of_entry() -> Expr {
    let others = [Subject::Reference, Subject::Period, Subject::Proposal, Subject::AccessRule]
        .map(|other| literal(other.as_str()));
    column(Column::Subject).is_not_in(others)
}

/// Returns the condition that a change may affect what a scope sees; `feed::visible_versions`
/// decides whether it does.
pub(crate) fn of_scope(scope: Scope) -> Condition {
    let public = column(Column::IsPublic).eq(literal(true));
    match scope.visibility() {
        Visibility::Published => Cond::all().add(public),
        Visibility::Province(log) => Cond::any().add(public).add(column(Column::ProvinceId).eq(log.number())),
        Visibility::Ministry => {
            let submitted = |name| column(name).eq(literal("SUBMITTED"));
            Cond::any()
                .add(public)
                .add(column(Column::ProvinceId).eq(Log::MINISTRY.number()))
                .add(column(Column::Was).is_not_null().and(submitted(Column::Was)))
                .add(submitted(Column::Publication))
        }
    }
}

/// Reads a row of [`select_changes`].
pub(crate) fn read(row: &QueryResult) -> Result<LoggedChange, StoreError> {
    let (log, position): (i16, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let corrupt = |column: Column, why: String| StoreError::corrupt(column, format!("{log}/{position}"), why);
    let subject: String = row.try_get_by_index(2)?;
    let change = Change {
        log: Log::new(log),
        subject: match EntryKind::from_str(&subject) {
            Ok(kind) => Subject::Entry(kind),
            Err(_) if subject == Subject::Reference.as_str() => Subject::Reference,
            Err(_) if subject == Subject::Period.as_str() => Subject::Period,
            Err(_) if subject == Subject::Proposal.as_str() => Subject::Proposal,
            Err(_) if subject == Subject::Shared.as_str() => Subject::Shared,
            Err(_) if subject == Subject::AccessRule.as_str() => Subject::AccessRule,
            Err(_) => return Err(corrupt(Column::Subject, format!("\"{subject}\""))),
        },
        number: row.try_get_by_index(3)?,
        code: row.try_get_by_index(4)?,
        version: row.try_get_by_index(5)?,
        operation: word(&row.try_get_by_index::<String>(6)?)
            .map_err(|why| corrupt(Column::Operation, why))?,
        was: row
            .try_get_by_index::<Option<String>>(7)?
            .map(|text| word(&text))
            .transpose()
            .map_err(|why| corrupt(Column::Was, why))?,
        publication: word(&row.try_get_by_index::<String>(8)?)
            .map_err(|why| corrupt(Column::Publication, why))?,
        is_public: row.try_get_by_index(9)?,
        author: row.try_get_by_index(10)?,
        at_us: row.try_get_by_index(11)?,
        idempotency_key: row.try_get_by_index(12)?,
        reason: row.try_get_by_index(13)?,
        before: row.try_get_by_index(14)?,
        after: row.try_get_by_index(15)?,
    };
    let link: Vec<u8> = row.try_get_by_index(16)?;
    let link = link.try_into().map_err(|_| corrupt(Column::Link, "not 32 bytes".to_owned()))?;
    Ok(LoggedChange { position, change, link })
}

fn word<W: FromStr>(text: &str) -> Result<W, String> {
    W::from_str(text).map_err(|_| format!("\"{text}\""))
}
