//! The rows of uploaded files; the server keeps their bytes.

use crate::column::{Table, column};
use crate::condition;
use crate::connect::Store;
use crate::entity::file::{self, Column};
use crate::entity::{agreement_file, source};
use crate::error::StoreError;
use crate::insert::{TableRow, insert_absent};
use crate::pools::Rights;
use crate::search::is_same_version;
use crate::statement::literal;
use crate::table::StoredContent as _;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Permit, Scope, Visibility};
use caunoi_domain::upload::Upload;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use sea_orm::{FromQueryResult, QueryResult};

impl Store {
    /// Records an uploaded file in the log of the permit; returns false if the log has it already.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn insert_file(
        &self,
        permit: &Permit,
        upload: &Upload,
        at_us: i64,
    ) -> Result<bool, StoreError> {
        let row = TableRow::new(file::ActiveModel {
            sha256: Set(upload.sha256.clone()),
            province_id: Set(permit.log().number()),
            size_bytes: Set(upload.size_bytes.into()),
            media_type: Set(upload.media_type.clone()),
            name: Set(upload.name.clone()),
            uploaded_by: Set(permit.author()),
            uploaded_at_us: Set(at_us),
        });
        let tx = self.begin_write(Rights::Province(permit.log())).await?;
        let key = OnConflict::columns([Column::Sha256, Column::ProvinceId]);
        let inserted = insert_absent(&tx, &[row], key).await?;
        tx.commit().await?;
        Ok(inserted > 0)
    }

    /// Returns the file with this hash that a scope may read: one of its own log, or one that an
    /// agreement which the scope sees, or a source, contains.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn find_file(&self, scope: Scope, sha256: &str) -> Result<Option<Upload>, StoreError> {
        let is_named = Expr::exists(visible_agreements(scope)).or(Expr::exists(sources()));
        let query = select(sha256).and_where(of_log(scope).or(is_named)).to_owned();
        self.all(scope, &query).await?.first().map(read).transpose()
    }

    /// Returns the file with this hash in a log, whose entries may contain it.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn find_file_of(&self, log: Log, sha256: &str) -> Result<Option<Upload>, StoreError> {
        let query = select(sha256).and_where(column(Column::ProvinceId).eq(log.number())).to_owned();
        self.all(Rights::Province(log), &query).await?.first().map(read).transpose()
    }
}

fn select(sha256: &str) -> SelectStatement {
    let columns = [Column::Sha256, Column::ProvinceId, Column::SizeBytes, Column::MediaType, Column::Name];
    let files = Table::of(file::Entity);
    Query::select()
        .columns(columns.map(|name| (files, name)))
        .from(files)
        .and_where(column(Column::Sha256).eq(sha256))
        .order_by((files, Column::ProvinceId), Order::Asc)
        .limit(1)
        .to_owned()
}

/// Returns the condition that the file is of the scope's own log.
fn of_log(scope: Scope) -> Expr {
    let own = |log: Log| column(Column::ProvinceId).eq(log.number());
    match scope.visibility() {
        Visibility::Published => condition::nothing(),
        Visibility::Province(log) => own(log),
        Visibility::Ministry => own(Log::MINISTRY),
    }
}

/// Selects the agreements of the file's log that contain it and that the scope sees.
fn visible_agreements(scope: Scope) -> SelectStatement {
    let tables = Agreement::tables();
    let parts = Table::of(agreement_file::Entity);
    Query::select()
        .expr(literal(1))
        .from(parts)
        .inner_join(tables.entries, is_same_version(parts, tables.entries))
        .and_where(column(agreement_file::Column::ProvinceId).eq(column(Column::ProvinceId)))
        .and_where(column(agreement_file::Column::Sha256).eq(column(Column::Sha256)))
        .and_where(condition::of_scope(&tables, scope))
        .to_owned()
}

/// Selects the sources of the file's log that contain it.
fn sources() -> SelectStatement {
    let sources = Table::of(source::Entity);
    Query::select()
        .expr(literal(1))
        .from(sources)
        .and_where(column(source::Column::ProvinceId).eq(column(Column::ProvinceId)))
        .and_where(column(source::Column::FileSha256).eq(column(Column::Sha256)))
        .to_owned()
}

/// The columns that an upload has.
#[derive(FromQueryResult)]
struct FileRow {
    sha256: String,
    province_id: i16,
    size_bytes: i64,
    media_type: String,
    name: String,
}

fn read(row: &QueryResult) -> Result<Upload, StoreError> {
    let FileRow { sha256, province_id, size_bytes, media_type, name } = FileRow::from_query_result(row, "")?;
    let size_bytes = i32::try_from(size_bytes)
        .map_err(|_| StoreError::corrupt(Column::SizeBytes, sha256.as_str(), "larger than any file"))?;
    Ok(Upload { log: Log::new(province_id), sha256, size_bytes, media_type, name })
}
