//! The use of quotas, counted in the transaction of the write that uses them: a write that fails
//! uses nothing.

use super::CommandTransaction;
use crate::column::{Table, column};
use crate::connect::Store;
use crate::entity::file;
use crate::entity::quota_use::{ActiveModel, Column};
use crate::error::StoreError;
use crate::insert::{TableRow, statement};
use crate::pools::Rights;
use crate::statement::literal;
use crate::write::WriteTransaction;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Permit;
use caunoi_domain::quota::{Charge, MOST_CONTENT_BYTES, WriteLimits, charges};
use caunoi_domain::upload::Upload;
use caunoi_domain::validation::Reason;
use sea_orm::ActiveValue::Set;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict, Query};

/// The subject of the quotas of a whole province.
const PROVINCE: &str = "";

impl CommandTransaction<'_> {
    /// Charges this command and the changes that it appended to the quotas of its author and
    /// province. After a refusal the transaction must be rolled back.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn charge(&mut self) -> Result<Result<(), Reason>, StoreError> {
        if self.largest_content > MOST_CONTENT_BYTES {
            let given = self.largest_content.div_ceil(1_024);
            return Ok(Err(Reason::TooLarge { most: MOST_CONTENT_BYTES / 1_024, given }));
        }
        let context = self.context;
        let permit = context.permit;
        let has_key = context.idempotency_key.is_some();
        let charges = charges(&context.limits, permit, self.writing.appended_bytes(), has_key);
        let time_us = self.writing.advance_clock(permit.log(), context.at_us);
        charge(&self.writing, permit, &charges, time_us).await
    }
}

impl Store {
    /// Charges an upload to the quota of its province, unless the province has the file already.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn charge_upload(
        &self,
        permit: &Permit,
        upload: &Upload,
        limits: &WriteLimits,
        at_us: i64,
    ) -> Result<Result<(), Reason>, StoreError> {
        let log = permit.log();
        let mut writing =
            WriteTransaction::begin(self.begin_write(Rights::Province(log)).await?, &[log]).await?;
        let outcome = if has_file(&writing, log, &upload.sha256).await? {
            Ok(())
        } else {
            let time_us = writing.advance_clock(log, at_us);
            charge(&writing, permit, &[Charge::of_upload(limits, upload.size_bytes)], time_us).await?
        };
        match outcome {
            Ok(()) => writing.commit(self).await?,
            Err(_) => writing.rollback().await,
        }
        Ok(outcome)
    }
}

async fn has_file(writing: &WriteTransaction, log: Log, sha256: &str) -> Result<bool, StoreError> {
    let query = Query::select()
        .expr(literal(1))
        .from(Table::of(file::Entity))
        .and_where(column(file::Column::ProvinceId).eq(log.number()))
        .and_where(column(file::Column::Sha256).eq(sha256))
        .to_owned();
    Ok(writing.tx().query_one(&query).await?.is_some())
}

/// Adds the charges to the amounts that the current periods have used, in one statement. The head of the log is
/// locked, so no other write counts meanwhile.
async fn charge(
    writing: &WriteTransaction,
    permit: &Permit,
    charges: &[Charge],
    time_us: i64,
) -> Result<Result<(), Reason>, StoreError> {
    let author = permit.author();
    let row = |charge: &Charge| {
        let kind: &'static str = charge.kind.into();
        TableRow::new(ActiveModel {
            province_id: Set(permit.log().number()),
            subject: Set(if charge.kind.is_shared() { PROVINCE.to_owned() } else { author.clone() }),
            kind: Set(kind.to_owned()),
            period: Set(charge.kind.period(time_us)),
            used: Set(charge.amount),
        })
    };
    let rows: Vec<TableRow> = charges.iter().map(row).collect();
    let Some(first) = rows.first() else { return Ok(Ok(())) };
    let mut insert = statement(first, &rows);
    let excluded = |column: Column| Expr::col(("excluded", column));
    let is_same_period = column(Column::Period).eq(excluded(Column::Period));
    let used = CaseStatement::new()
        .case(is_same_period, column(Column::Used).add(excluded(Column::Used)))
        .finally(excluded(Column::Used));
    let mut conflict = OnConflict::columns([Column::ProvinceId, Column::Subject, Column::Kind]);
    conflict.value(Column::Used, used).update_column(Column::Period);
    insert.on_conflict(conflict).returning(Query::returning().columns([Column::Kind, Column::Used]));
    for row in writing.tx().query_all(&insert).await? {
        let (kind, used): (String, i64) = row.try_get_many_by_index()?;
        let charge = charges.iter().find(|charge| <&str>::from(charge.kind) == kind);
        if let Some(refusal) = charge.and_then(|charge| charge.check(used, time_us).err()) {
            return Ok(Err(refusal));
        }
    }
    Ok(Ok(()))
}
