//! Access rules: API keys, revocations, blocked networks.
//!
//! Each act is a change in the log of the ministry that the public never sees; the row contains the
//! current rule, with the text of the last change. The last use of a key is in no log.

use crate::changes;
use crate::column::{Table, column};
use crate::commands::CommandTransaction;
use crate::connect::Store;
use crate::entity::access_rule::{self, Column};
use crate::entity::{api_key_use, change};
use crate::error::StoreError;
use crate::insert::{Replacement, TableRow, insert};
use crate::pools::Rights;
use crate::statement::literal;
use crate::table::word;
use caunoi_domain::access::{AccessRecord, AccessRule, AccessRuleKind, AccessRuleList, AccessState};
use caunoi_domain::change::{Change, ChangeOperation, LoggedChange, Subject};
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::policy::AccessReview;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult};

/// The beginning of the authors of changes that a steward made.
const STEWARDS: &str = "STEWARD:";

/// Returns the table.
pub(crate) fn table() -> Table {
    Table::of(access_rule::Entity)
}

impl CommandTransaction<'_> {
    /// Returns an access rule, which may have ended; `None` if there is none with this name.
    ///
    /// # Errors
    /// Returns an error if the database fails or the row is corrupt.
    pub async fn find_access_rule(
        &self,
        kind: AccessRuleKind,
        name: &str,
    ) -> Result<Option<AccessRecord>, StoreError> {
        let query = of_kind(kind).and_where(Expr::col(Column::Name).eq(name)).to_owned();
        let row = self.writing.tx().query_one(&query).await?;
        row.map(|row| Ok(read(&row)?.0)).transpose()
    }

    /// Returns the number of rules of a kind that have not ended.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn count_access_rules(&self, kind: AccessRuleKind) -> Result<usize, StoreError> {
        let kind: &'static str = kind.into();
        let query = Query::select()
            .expr(Expr::col(Asterisk).count())
            .from(table())
            .and_where(Expr::col(Column::IsActive).eq(literal(true)))
            .and_where(Expr::col(Column::Kind).eq(literal(kind)))
            .to_owned();
        let row = self.writing.tx().query_one(&query).await?;
        let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Saves an access rule in place of the one with its name, and appends the change.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn save_access_rule(
        &mut self,
        before: Option<&AccessRecord>,
        record: &AccessRecord,
    ) -> Result<(), StoreError> {
        let content = text(record)?;
        let row = TableRow::new(access_rule::ActiveModel {
            kind: word(record.rule.kind()),
            name: Set(record.rule.name()),
            is_active: Set(record.ended.is_none()),
            content: Set(content.clone()),
        });
        let replacement = Replacement::in_table::<access_rule::Entity>(&[]);
        insert(self.writing.tx(), &[row], Some(&replacement)).await?;
        let before = before.map(text).transpose()?;
        let change = self.access_change(record, before, content);
        self.writing.append(&change);
        Ok(())
    }

    fn access_change(&self, record: &AccessRecord, before: Option<String>, after: String) -> Change {
        let operation = match (&record.ended, &before) {
            (Some(_), _) => ChangeOperation::Withdrawn,
            (None, Some(_)) => ChangeOperation::Updated,
            (None, None) => ChangeOperation::Created,
        };
        Change {
            log: Log::MINISTRY,
            subject: Subject::AccessRule,
            number: 0,
            code: record.code(),
            version: 1,
            operation,
            was: before.as_ref().map(|_| Publication::Draft),
            publication: Publication::Draft,
            is_public: false,
            author: self.context.permit.author(),
            at_us: self.context.at_us,
            idempotency_key: None,
            reason: None,
            before,
            after: Some(after),
        }
    }
}

impl Store {
    /// Returns access rules in the order of their names. An API key has the time of its last use, in
    /// microseconds since 1970.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn access_rules(
        &self,
        _: AccessReview,
        list: AccessRuleList,
    ) -> Result<Vec<(AccessRecord, Option<i64>)>, StoreError> {
        let used = Table::of(api_key_use::Entity);
        let is_used = column(Column::Name).equals((used, api_key_use::Column::Name));
        let mut query = of_kind(list.kind);
        query
            .column((used, api_key_use::Column::LastUsedAtUs))
            .left_join(used, is_used)
            .and_where(column(Column::IsActive).eq(literal(list.is_active)))
            .order_by((table(), Column::Name), Order::Asc);
        let rows = self.all(Rights::Ministry, &query).await?;
        rows.iter().map(|row| Ok((read(row)?.0, row.try_get_by_index(COLUMNS.len())?))).collect()
    }

    /// Returns the changes of access rules, and those of reference data that stewards made, the
    /// newest first; only those before the position `before`, if it is given.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn administrative_changes(
        &self,
        _: AccessReview,
        before: Option<i64>,
        most: u64,
    ) -> Result<Vec<LoggedChange>, StoreError> {
        let subjects = [Subject::AccessRule, Subject::Reference].map(|subject| literal(subject.as_str()));
        let mut query = Query::select();
        query
            .columns(changes::COLUMNS.map(|name| (changes::table(), name)))
            .from(changes::table())
            .and_where(column(change::Column::ProvinceId).eq(Log::MINISTRY.number()))
            .and_where(column(change::Column::Subject).is_in(subjects))
            .and_where(column(change::Column::Author).like(format!("{STEWARDS}%")))
            .order_by((changes::table(), change::Column::Position), Order::Desc)
            .limit(most);
        if let Some(before) = before {
            query.and_where(column(change::Column::Position).lt(before));
        }
        self.all(Rights::Ministry, &query).await?.iter().map(changes::read).collect()
    }

    /// Stores the times at which API keys were last used; an earlier time than the stored one changes
    /// nothing.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn record_key_uses(&self, uses: &[(String, i64)]) -> Result<(), StoreError> {
        let tx = self.begin_write(Rights::Province(Log::MINISTRY)).await?;
        for (name, at_us) in uses {
            let row = TableRow::new(api_key_use::ActiveModel {
                name: Set(name.clone()),
                last_used_at_us: Set(*at_us),
            });
            let later = Query::update()
                .table(row.table)
                .value(api_key_use::Column::LastUsedAtUs, *at_us)
                .and_where(Expr::col(api_key_use::Column::Name).eq(name.as_str()))
                .and_where(Expr::col(api_key_use::Column::LastUsedAtUs).lt(*at_us))
                .to_owned();
            let key = sea_orm::sea_query::OnConflict::column(api_key_use::Column::Name);
            if crate::insert::insert_absent(&tx, &[row], key).await? == 0 {
                tx.execute(&later).await?;
            }
        }
        tx.commit().await
    }
}

/// Reads the rules that have not ended.
pub(crate) async fn read_state(tx: &DatabaseTransaction) -> Result<AccessState, StoreError> {
    let query = select().and_where(column(Column::IsActive).eq(literal(true))).to_owned();
    let rows = tx.query_all(&query).await?;
    let rules =
        rows.iter().map(|row| Ok(read(row)?.0.rule)).collect::<Result<Vec<AccessRule>, StoreError>>()?;
    Ok(AccessState::new(rules))
}

/// Reads every rule as its code in the log and its text, to compare them with the log.
pub(crate) async fn read_all(tx: &DatabaseTransaction) -> Result<Vec<(String, String)>, StoreError> {
    let rows = tx.query_all(&select()).await?;
    rows.iter().map(|row| read(row).map(|(record, text)| (record.code(), text))).collect()
}

const COLUMNS: [Column; 4] = [Column::Kind, Column::Name, Column::IsActive, Column::Content];

fn select() -> SelectStatement {
    Query::select().columns(COLUMNS.map(|name| (table(), name))).from(table()).to_owned()
}

fn of_kind(kind: AccessRuleKind) -> SelectStatement {
    let kind: &'static str = kind.into();
    select().and_where(column(Column::Kind).eq(literal(kind))).to_owned()
}

/// Reads a row of [`select`]: the rule, and its text.
fn read(row: &QueryResult) -> Result<(AccessRecord, String), StoreError> {
    let (kind, name, is_active, text): (String, String, bool, String) = row.try_get_many_by_index()?;
    let corrupt = |why: &str| StoreError::corrupt(Column::Content, format!("{kind}/{name}"), why);
    let record: AccessRecord = serde_json::from_str(&text).map_err(|error| corrupt(&error.to_string()))?;
    if record.code() == format!("{kind}/{name}") && record.ended.is_none() == is_active {
        Ok((record, text))
    } else {
        Err(corrupt("kind, name or state differs from the content"))
    }
}

fn text(record: &AccessRecord) -> Result<String, StoreError> {
    let corrupt =
        |error: serde_json::Error| StoreError::corrupt(Column::Content, record.code(), error.to_string());
    serde_json::to_string(record).map_err(corrupt)
}
