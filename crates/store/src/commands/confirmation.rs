//! The confirmation of a period by a province: at most one change in its log.

use super::CommandTransaction;
use crate::entity::filing::Column;
use crate::error::StoreError;
use crate::filing;
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::entry::Publication;
use caunoi_domain::statistics::{CalendarPeriod, Filing};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

impl CommandTransaction<'_> {
    /// Returns whether the province of the permit has confirmed this period.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn is_confirmed(&self, period: CalendarPeriod) -> Result<bool, StoreError> {
        let query = Query::select()
            .columns(filing::COLUMNS)
            .from(filing::table())
            .and_where(Expr::col(Column::ProvinceId).eq(self.log.number()))
            .and_where(Expr::col(Column::FromOn).eq(period.first()))
            .and_where(Expr::col(Column::ToOn).eq(period.last()))
            .to_owned();
        for row in self.writing.tx().query_all(&query).await? {
            if let Some(Filing::Confirmed(..)) = filing::read(&row, 0, self.log)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Appends the confirmation of a period.
    pub fn append_confirmation(&mut self, period: CalendarPeriod) {
        let context = self.context;
        self.writing.append(&Change {
            log: self.log,
            subject: Subject::Period,
            number: 0,
            code: period.name(),
            version: 1,
            operation: ChangeOperation::Published,
            was: None,
            publication: Publication::Published,
            is_public: true,
            author: context.permit.author(),
            at_us: context.at_us,
            idempotency_key: context.idempotency_key.as_ref().map(|key| key.key.clone()),
            reason: None,
            before: None,
            after: None,
        });
    }
}
