//! What the steward does to the reference data: one transaction for each act, through the one way
//! to save, in the ministry's log.

use super::rows::{self, Children, ReferenceRow};
use crate::acting::{Intent, find_answer, keep_answer};
use crate::connect::Store;
use crate::error::StoreError;
use crate::insert::{Replace, insert};
use crate::pools::Rights;
use crate::renaming::Named;
use crate::write::Writing;
use caunoi_domain::change::{Change, ChangeOperation, Link, Subject};
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::Publication;
use caunoi_domain::id::Log;
use caunoi_domain::place::LocalityId;
use caunoi_domain::refusal::Problem;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use serde::{Deserialize, Serialize};

/// What is to stand in the place of what stands.
#[derive(Debug, Clone)]
pub struct Rewrite<R> {
    /// What stands; none where the row is new.
    pub before: Option<R>,
    /// What is to stand.
    pub after: R,
    /// The locality whose names moved: entries that name it are sorted and found by them.
    pub renamed: Option<LocalityId>,
}

/// What an act on the reference data left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound = "R: ReferenceRow")]
pub struct Noted<R> {
    /// The row as it stands now.
    pub row: R,
    /// The position that was written in the ministry's log.
    pub position: i64,
    /// The link of that change; none where the act was answered before.
    #[serde(skip)]
    pub link: Option<Link>,
    /// Where every log stood after it, sealed.
    pub cursor: String,
}

/// Why nothing of the reference data was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// The key stands for another request.
    OtherInput,
    /// What the input has wrong.
    Problems(Vec<Problem>),
}

/// What came of an act on the reference data.
pub type Maintained<R> = Result<Noted<R>, Hindrance>;

impl Store {
    /// Writes one row of the reference data. `decide` reads the reference data as it stands while
    /// nobody else can write it.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn maintain<R: ReferenceRow>(
        &self,
        intent: &Intent<'_>,
        decide: impl FnOnce(&Directory) -> Result<Rewrite<R>, Vec<Problem>> + Send,
    ) -> Result<Maintained<R>, StoreError> {
        let log = intent.permit.log();
        let tx = self.begin_write(Rights::Province(log)).await?;
        let mut writing = Writing::begin(tx, &[log]).await?;
        if let Some(repeat) = &intent.repeat
            && let Some(answer) = find_answer(writing.tx(), intent.permit, repeat).await?
        {
            writing.abandon().await;
            return Ok(answer.map_err(|_| Hindrance::OtherInput));
        }
        let directory = Directory::new(super::read(writing.tx()).await?);
        let rewrite = match decide(&directory) {
            Ok(rewrite) => rewrite,
            Err(problems) => {
                writing.abandon().await;
                return Ok(Err(Hindrance::Problems(problems)));
            }
        };
        put(&writing, &rewrite.after).await?;
        let change = change(&writing, intent, &rewrite).await?;
        writing.append(&change);
        let position = writing.position(log);
        let cursor = intent.known.clone().with(log, position).seal(intent.sealing_key);
        let link = writing.last_change(log).link;
        let noted = Noted { row: rewrite.after, position, link, cursor };
        if let Some(repeat) = &intent.repeat {
            keep_answer(&mut writing, intent, repeat, &noted).await?;
        }
        if let Some(locality) = rewrite.renamed {
            self.rename(&mut writing, &Named::Locality(locality), log).await?;
        }
        writing.commit(self).await?;
        Ok(Ok(noted))
    }
}

/// What rows of the reference data are called for good.
const KEYS: [&str; 5] = ["slug", "iso2", "iso3", "vocabulary", "code"];

async fn put<R: ReferenceRow>(writing: &Writing, row: &R) -> Result<(), StoreError> {
    let replace = Replace { by: &["id"], fixed: &KEYS };
    insert(writing.tx(), R::TABLE, vec![row.columns()], Some(replace)).await?;
    if let Some(Children { table, parent: (column, id), rows }) = row.children() {
        rows::replace_children(writing.tx(), table, column, vec![id], rows).await?;
    }
    Ok(())
}

async fn change<R: ReferenceRow>(
    writing: &Writing,
    intent: &Intent<'_>,
    rewrite: &Rewrite<R>,
) -> Result<Change, StoreError> {
    let code = rows::code(&rewrite.after);
    let log = intent.permit.log();
    let version = last_version(writing, log, &code).await?;
    let text = |row: &R| {
        serde_json::to_string(row).map_err(|error| corrupt(R::TABLE, "content", &code, &error.to_string()))
    };
    let was = rewrite.before.as_ref().map(|_| Publication::Published);
    Ok(Change {
        log,
        subject: Subject::Reference,
        number: 0,
        version: version + 1,
        operation: if was.is_none() { ChangeOperation::Published } else { ChangeOperation::Corrected },
        was,
        publication: Publication::Published,
        is_public: true,
        author: intent.permit.author(),
        at_us: intent.at_us,
        idempotency_key: intent.repeat.as_ref().map(|repeat| repeat.key.clone()),
        reason: None,
        before: rewrite.before.as_ref().map(text).transpose()?,
        after: Some(text(&rewrite.after)?),
        code,
    })
}

/// How many times the row was written so far.
async fn last_version(writing: &Writing, log: Log, code: &str) -> Result<i32, StoreError> {
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
