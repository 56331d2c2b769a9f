//! Commands on the reference data, each in one [`WriteTransaction`], in the ministry's log.

use super::rows::{self, Children, ReferenceRow};
use crate::commands::{WriteContext, find_response, insert_response};
use crate::connect::Store;
use crate::error::StoreError;
use crate::insert::{Replace, insert};
use crate::name_refresh::NameSource;
use crate::pools::Rights;
use crate::write::WriteTransaction;
use caunoi_domain::change::{ChainHash, Change, ChangeOperation, Subject};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::place::LocalityId;
use caunoi_domain::validation::ValidationError;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};

/// A change of one row.
#[derive(Debug, Clone)]
pub struct ReferenceUpdate<R> {
    /// The row before; `None` if it is new.
    pub before: Option<R>,
    /// The row after.
    pub after: R,
    /// The locality whose names have changed, if any: entries are sorted and found by them.
    pub renamed: Option<LocalityId>,
}

/// The result of a command that was executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "R: ReferenceRow")]
pub struct ReferenceReceipt<R> {
    /// The row after the command.
    pub row: R,
    /// The position of the change in the ministry's log.
    pub position: i64,
    /// The link of that change; `None` if the command was executed before.
    #[serde(skip)]
    pub link: Option<ChainHash>,
    /// A signed cursor: the positions of all logs after the command.
    pub cursor: String,
}

/// The reason why a command was refused and nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// The idempotency key was used for another request.
    OtherInput,
    /// The input is invalid.
    ValidationErrors(Vec<ValidationError>),
}

/// The outcome of a command: executed or refused.
pub type ReferenceOutcome<R> = Result<ReferenceReceipt<R>, Hindrance>;

impl Store {
    /// Writes one row of the reference data. `decide` reads the current reference data, which no
    /// other transaction can change meanwhile.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn update_reference<R: ReferenceRow>(
        &self,
        context: &WriteContext<'_>,
        decide: impl FnOnce(&Directory) -> Result<ReferenceUpdate<R>, Vec<ValidationError>> + Send,
    ) -> Result<ReferenceOutcome<R>, StoreError> {
        let log = context.permit.log();
        let tx = self.begin_write(Rights::Province(log)).await?;
        let mut writing = WriteTransaction::begin(tx, &[log]).await?;
        if let Some(idempotency_key) = &context.idempotency_key
            && let Some(response) = find_response(writing.tx(), context.permit, idempotency_key).await?
        {
            writing.rollback().await;
            return Ok(response.map_err(|_| Hindrance::OtherInput));
        }
        let directory = Directory::new(super::read(writing.tx()).await?);
        let update = match decide(&directory) {
            Ok(update) => update,
            Err(problems) => {
                writing.rollback().await;
                return Ok(Err(Hindrance::ValidationErrors(problems)));
            }
        };
        upsert_row(&writing, &update.after).await?;
        let change = change(&writing, context, &update).await?;
        writing.append(&change);
        let position = writing.position(log);
        let cursor = context.known.clone().with(log, position).to_cursor(context.signing_key);
        let link = writing.last_change(log).link;
        let receipt = ReferenceReceipt { row: update.after, position, link, cursor };
        if let Some(idempotency_key) = &context.idempotency_key {
            insert_response(&mut writing, context, idempotency_key, &receipt).await?;
        }
        if let Some(locality) = update.renamed {
            self.refresh_names(&mut writing, &NameSource::Locality(locality), log).await?;
        }
        writing.commit(self).await?;
        Ok(Ok(receipt))
    }
}

/// Columns of unique keys, which never change.
const FIXED_COLUMNS: [&str; 5] = ["slug", "iso2", "iso3", "vocabulary", "code"];

async fn upsert_row<R: ReferenceRow>(writing: &WriteTransaction, row: &R) -> Result<(), StoreError> {
    let replace = Replace { by: &["id"], fixed: &FIXED_COLUMNS };
    insert(writing.tx(), R::TABLE, vec![row.columns()], Some(replace)).await?;
    if let Some(Children { table, parent: (column, id), rows }) = row.children() {
        rows::replace_children(writing.tx(), table, column, vec![id], rows).await?;
    }
    Ok(())
}

async fn change<R: ReferenceRow>(
    writing: &WriteTransaction,
    context: &WriteContext<'_>,
    update: &ReferenceUpdate<R>,
) -> Result<Change, StoreError> {
    let code = rows::code(&update.after);
    let log = context.permit.log();
    let version = last_version(writing, log, &code).await?;
    let text = |row: &R| {
        serde_json::to_string(row).map_err(|error| corrupt(R::TABLE, "content", &code, &error.to_string()))
    };
    let was = update.before.as_ref().map(|_| Publication::Published);
    Ok(Change {
        log,
        subject: Subject::Reference,
        number: 0,
        version: version + 1,
        operation: if was.is_none() { ChangeOperation::Published } else { ChangeOperation::Corrected },
        was,
        publication: Publication::Published,
        is_public: true,
        author: context.permit.author(),
        at_us: context.at_us,
        idempotency_key: context.idempotency_key.as_ref().map(|idempotency_key| idempotency_key.key.clone()),
        reason: None,
        before: update.before.as_ref().map(text).transpose()?,
        after: Some(text(&update.after)?),
        code,
    })
}

/// Returns how many times the row has been written.
async fn last_version(writing: &WriteTransaction, log: Log, code: &str) -> Result<i32, StoreError> {
    let query = Query::select()
        .expr(Expr::col("version").max())
        .from("change")
        .and_where(Expr::col("province_id").eq(log.number()))
        .and_where(Expr::col("subject").eq(Subject::Reference.as_str()))
        .and_where(Expr::col("code").eq(code))
        .to_owned();
    let row = writing.tx().query_one(&query).await?;
    let version: Option<i32> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    Ok(version.unwrap_or(0))
}

fn corrupt(table: &'static str, column: &'static str, id: &str, why: &str) -> StoreError {
    StoreError::Corrupt { table, column, id: id.to_owned(), why: why.to_owned() }
}
