//! The reads and writes behind the status of relations, which follows from agreements and events
//! that the same province owns with the same partner.

use super::CommandTransaction;
use crate::activity;
use crate::column::column;
use crate::condition::{self, PUBLISHED};
use crate::entity::relation::Column;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::table::StoredContent as _;
use caunoi_domain::entry::{Entry, LinkedActivity};
use caunoi_domain::id::Log;
use caunoi_domain::place::LocalityId;
use caunoi_domain::relation::{PartnerActivity, Relation};
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Cond, ExprTrait};

impl CommandTransaction<'_> {
    /// Returns the activity with the partner of the relation with this code in a log.
    ///
    /// # Errors
    /// Returns an error if the database fails or a date is corrupt.
    pub async fn load_activity(
        &self,
        log: Log,
        code: &str,
        partner: LocalityId,
    ) -> Result<PartnerActivity, StoreError> {
        activity::of_relation(self.writing.tx(), log, code, partner).await
    }

    /// Sends the rows of this command, so that the reads that follow see them.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn send(&mut self) -> Result<(), StoreError> {
        self.writing.send().await
    }

    /// Saves a published relation with another content, and appends the change.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn update_relation(
        &mut self,
        relation: Entry<Relation>,
        content: Relation,
    ) -> Result<(), StoreError> {
        let author = self.context.permit.author();
        self.writing.update_relation(relation, content, author, self.context.at_us).await
    }

    /// Returns the published relations of a log to which these activities may count, and those
    /// with these partners.
    ///
    /// # Errors
    /// Returns an error if the database fails or a row is corrupt.
    pub async fn load_relations_of(
        &self,
        log: Log,
        activities: &[LinkedActivity],
        partners: &[LocalityId],
    ) -> Result<Vec<Entry<Relation>>, StoreError> {
        let with_partner = |partners: &[LocalityId]| {
            column(Column::PartnerId).is_in(partners.iter().map(|partner| partner.number()))
        };
        let mut which = Cond::any().add(condition::nothing()).add(with_partner(partners));
        for linked in activities {
            which = which.add(with_partner(&linked.partners));
            which = which.add_option(linked.relation.as_deref().map(|code| column(Column::Code).eq(code)));
        }
        let query = select_entries(&Relation::tables())
            .and_where(column(Column::ProvinceId).eq(log.number()))
            .and_where(column(Column::Slot).eq(PUBLISHED))
            .cond_where(which)
            .to_owned();
        self.writing.tx().query_all(&query).await?.iter().map(row::read).collect()
    }
}
