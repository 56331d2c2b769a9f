//! What follows for relations when an agreement or event appears, changes or goes: their status
//! follows from the activity of the same province with the same partner.

use super::Acting;
use crate::condition::{self, PUBLISHED};
use crate::connect::column;
use crate::error::StoreError;
use crate::find::select_entries;
use crate::row;
use crate::table::{Stored, unique};
use crate::write;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::date::Day;
use caunoi_domain::entry::{Content as _, Entry, Publication, SignOfLife, Stamp};
use caunoi_domain::event::Event;
use caunoi_domain::place::LocalityId;
use caunoi_domain::publication::{Versions, Written};
use caunoi_domain::relation::Relation;
use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query};

impl Acting<'_> {
    /// The same act, with the status that the activity with the partner gives what it wrote.
    pub(super) async fn with_signs<C: Stored>(&self, written: Written<C>) -> Result<Written<C>, StoreError> {
        // A discarded draft leaves the published version as it stands.
        let is_discard = !written.is_public && written.shown.stamp.publication == Publication::Published;
        let partner = written.after.as_ref().filter(|_| !is_discard).and_then(C::lives_with);
        let Some(partner) = partner else { return Ok(written) };
        let days = self.activity(&written.shown.stamp.code, partner).await?;
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
            let days = self.activity(&relation.stamp.code, relation.content.partner).await?;
            let content = relation.content.clone().with_activity(&days);
            if content != relation.content {
                self.move_relation(relation, content).await?;
            }
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

    async fn move_relation(
        &mut self,
        relation: Entry<Relation>,
        content: Relation,
    ) -> Result<(), StoreError> {
        let version = relation.stamp.last_version + 1;
        let code = relation.stamp.code.clone();
        let change = Change {
            log: self.log,
            subject: Subject::Entry(Relation::KIND),
            number: relation.stamp.number,
            code: code.clone(),
            version,
            operation: ChangeOperation::Updated,
            was: Some(Publication::Published),
            publication: Publication::Published,
            is_public: true,
            author: self.intent.permit.author(),
            at_us: self.intent.at_us,
            idempotency_key: None,
            reason: None,
            before: Some(write::canonical(&relation.content, &code)?),
            after: Some(write::canonical(&content, &code)?),
        };
        let at_us = self.intent.at_us;
        let stamp = Stamp { version, last_version: version, updated_at_us: at_us, ..relation.stamp };
        self.writing.save(&Entry { stamp, content }, true).await?;
        self.writing.append(&change);
        Ok(())
    }

    /// The days on which published agreements and events of this province show that a relation
    /// lives, in order of time.
    async fn activity(&self, code: &str, partner: LocalityId) -> Result<Vec<Day>, StoreError> {
        let mut days = self.signs_in::<Agreement>(code, partner).await?;
        days.extend(self.signs_in::<Event>(code, partner).await?);
        Ok(unique(&days).collect())
    }

    async fn signs_in<C: Stored>(&self, code: &str, partner: LocalityId) -> Result<Vec<Day>, StoreError> {
        let Some(child) = C::LOCALITIES else { return Ok(Vec::new()) };
        let same = |name: &'static str| column(child, name).equals((C::TABLE, name));
        let with_partner = Query::select()
            .expr(Expr::val(1))
            .from(child)
            .and_where(same("province_id").and(same("number")).and(same("slot")))
            .and_where(column(child, "locality_id").eq(partner.number()))
            .to_owned();
        let query = select_entries::<C>()
            .and_where(column(C::TABLE, "province_id").eq(self.log.number()))
            .and_where(column(C::TABLE, "slot").eq(PUBLISHED))
            .cond_where(
                Cond::any().add(Expr::exists(with_partner)).add(column(C::TABLE, "relation_code").eq(code)),
            )
            .to_owned();
        let mut days = Vec::new();
        for row in self.writing.tx().query_all(&query).await? {
            let entry: Entry<C> = row::read(&row)?;
            days.extend(
                entry.content.sign_of_life().filter(|sign| sign.is_for(code, partner)).map(|sign| sign.on),
            );
        }
        Ok(days)
    }
}
