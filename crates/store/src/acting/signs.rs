//! What follows for relations when an agreement or event appears, changes or goes: their status
//! follows from the activity of the same province with the same partner.

use super::Acting;
use crate::activity;
use crate::condition::{self, PUBLISHED};
use crate::connect::column;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::table::Stored;
use caunoi_domain::entry::{Entry, Publication, SignOfLife};
use caunoi_domain::publication::{Versions, Written};
use caunoi_domain::relation::Relation;
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Cond, ExprTrait};

impl Acting<'_> {
    /// The same act, with the status that the activity with the partner gives what it wrote.
    pub(super) async fn with_signs<C: Stored>(&self, written: Written<C>) -> Result<Written<C>, StoreError> {
        // A discarded draft leaves the published version as it stands.
        let is_discard = !written.is_public && written.shown.stamp.publication == Publication::Published;
        let partner = written.after.as_ref().filter(|_| !is_discard).and_then(C::lives_with);
        let Some(partner) = partner else { return Ok(written) };
        let days =
            activity::of_relation(self.writing.tx(), self.log, &written.shown.stamp.code, partner).await?;
        let settle = |entry: Entry<C>| Entry { content: entry.content.with_signs(&days), ..entry };
        let is_new = |entry: &Entry<C>| entry.stamp.version == written.shown.stamp.version;
        let renew = |entry: Entry<C>| if is_new(&entry) { settle(entry) } else { entry };
        let Versions { published, working } = written.versions;
        Ok(Written {
            versions: Versions { published: published.map(renew), working: working.map(renew) },
            after: written.after.map(|content| content.with_signs(&days)),
            shown: settle(written.shown.clone()),
            ..written
        })
    }

    /// Gives the published relations with these partners the status that activity gives them now.
    pub(super) async fn move_relations<C: Stored>(
        &mut self,
        before: Option<&C>,
        after: Option<&C>,
    ) -> Result<(), StoreError> {
        let sign = |content: Option<&C>| content.and_then(C::sign_of_life);
        let (was, is) = (sign(before), sign(after));
        if was == is {
            return Ok(());
        }
        // What was just saved has to count.
        self.writing.send().await?;
        for relation in self.relations_of([was, is].into_iter().flatten()).await? {
            let days = activity::of_relation(
                self.writing.tx(),
                self.log,
                &relation.stamp.code,
                relation.content.partner,
            )
            .await?;
            let author = self.intent.permit.author();
            let follow = |content: Relation| content.with_activity(&days);
            self.writing.follow(relation, follow, author, self.intent.at_us).await?;
        }
        Ok(())
    }

    /// The published relations of this province that these signs are for.
    async fn relations_of(
        &self,
        signs: impl Iterator<Item = SignOfLife>,
    ) -> Result<Vec<Entry<Relation>>, StoreError> {
        let mut which = Cond::any().add(condition::nothing());
        for sign in signs {
            let partners = sign.partners.iter().map(|partner| partner.number());
            which = which.add(column("relation", "partner_id").is_in(partners));
            which = which.add_option(sign.relation.map(|code| column("relation", "code").eq(code)));
        }
        let query = select_entries::<Relation>()
            .and_where(column("relation", "province_id").eq(self.log.number()))
            .and_where(column("relation", "slot").eq(PUBLISHED))
            .cond_where(which)
            .to_owned();
        self.writing.tx().query_all(&query).await?.iter().map(row::read).collect()
    }
}
