//! The status of relations: it follows from agreements and events of the same province with the
//! same partner, so a command on these updates it.

use super::CommandTransaction;
use crate::activity;
use crate::condition::{self, PUBLISHED};
use crate::connect::column;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::table::StoredContent;
use caunoi_domain::entry::{Entry, LinkedActivity, Publication};
use caunoi_domain::publication::{EntryWrite, Versions};
use caunoi_domain::relation::Relation;
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Cond, ExprTrait};

impl CommandTransaction<'_> {
    /// Returns `written` with the status that follows from the activity with its partner.
    pub(super) async fn with_activity_status<C: StoredContent>(
        &self,
        written: EntryWrite<C>,
    ) -> Result<EntryWrite<C>, StoreError> {
        // Discarding a draft does not change the published version.
        let is_discard = !written.is_public && written.shown.meta.publication == Publication::Published;
        let partner = written.after.as_ref().filter(|_| !is_discard).and_then(C::activity_partner);
        let Some(partner) = partner else { return Ok(written) };
        let days =
            activity::of_relation(self.writing.tx(), self.log, &written.shown.meta.code, partner).await?;
        let settle = |entry: Entry<C>| Entry { content: entry.content.with_activity_status(&days), ..entry };
        let is_new = |entry: &Entry<C>| entry.meta.version == written.shown.meta.version;
        let renew = |entry: Entry<C>| if is_new(&entry) { settle(entry) } else { entry };
        let Versions { published, working } = written.versions;
        Ok(EntryWrite {
            versions: Versions { published: published.map(renew), working: working.map(renew) },
            after: written.after.map(|content| content.with_activity_status(&days)),
            shown: settle(written.shown.clone()),
            ..written
        })
    }

    /// Updates the status of the published relations to which the entry counts before or after.
    pub(super) async fn update_relations<C: StoredContent>(
        &mut self,
        before: Option<&C>,
        after: Option<&C>,
    ) -> Result<(), StoreError> {
        let linked = |content: Option<&C>| content.and_then(C::linked_activity);
        let (was, is) = (linked(before), linked(after));
        if was == is {
            return Ok(());
        }
        // The activity query below must see the rows of this command.
        self.writing.send().await?;
        for relation in self.relations_of([was, is].into_iter().flatten()).await? {
            let days = activity::of_relation(
                self.writing.tx(),
                self.log,
                &relation.meta.code,
                relation.content.partner,
            )
            .await?;
            let author = self.context.permit.author();
            let follow = |content: Relation| content.with_activity(&days);
            self.writing.update_relation(relation, follow, author, self.context.at_us).await?;
        }
        Ok(())
    }

    /// Returns the published relations of this province to which these activities count.
    async fn relations_of(
        &self,
        activities: impl Iterator<Item = LinkedActivity>,
    ) -> Result<Vec<Entry<Relation>>, StoreError> {
        let mut which = Cond::any().add(condition::nothing());
        for linked in activities {
            let partners = linked.partners.iter().map(|partner| partner.number());
            which = which.add(column("relation", "partner_id").is_in(partners));
            which = which.add_option(linked.relation.map(|code| column("relation", "code").eq(code)));
        }
        let query = select_entries::<Relation>()
            .and_where(column("relation", "province_id").eq(self.log.number()))
            .and_where(column("relation", "slot").eq(PUBLISHED))
            .cond_where(which)
            .to_owned();
        self.writing.tx().query_all(&query).await?.iter().map(row::read).collect()
    }
}
