//! Bringing what entries take from reference data up to date: order keys, countries, words. Their
//! content stays, so no change is written.

use crate::condition::{self, PUBLISHED, WORKING};
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::find::select_entries;
use crate::pools::Rights;
use crate::reference;
use crate::row;
use crate::search;
use crate::statement::literal;
use crate::table::Stored;
use crate::write::Writing;
use caunoi_domain::agreement::Agreement;
use caunoi_domain::directory::Directory;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::place::LocalityId;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, ExprTrait, Query};
use std::sync::Arc;

/// All entries of all logs.
pub(crate) async fn all(writing: &mut Writing) -> Result<(), StoreError> {
    rename::<Relation>(writing, Condition::all()).await?;
    rename::<Agreement>(writing, Condition::all()).await?;
    rename::<Event>(writing, Condition::all()).await?;
    rename::<Organization>(writing, Condition::all()).await?;
    rename::<Programme>(writing, Condition::all()).await?;
    rename::<Figure>(writing, Condition::all()).await?;
    rename::<Instrument>(writing, Condition::all()).await?;
    Ok(())
}

/// What entries are sorted or found by the names of.
#[derive(Debug, Clone)]
pub(crate) enum Named {
    /// A locality.
    Locality(LocalityId),
    /// An organization, by its code.
    Body(String),
}

impl Store {
    /// The entries of these logs that name this, log by log with the rights of each; the logs are
    /// in the order in which everybody locks them. At the end the rights are those of `own`.
    pub(crate) async fn rename(
        &self,
        writing: &mut Writing,
        named: &Named,
        own: Log,
    ) -> Result<(), StoreError> {
        writing.send().await?;
        let directory = Arc::new(Directory::new(reference::read(writing.tx()).await?));
        let provinces: Vec<Log> = directory.provinces().iter().map(|province| province.log).collect();
        writing.know(directory);
        // Who holds the head of a province waits for no other one: two could wait for each other.
        let others = if own.is_province() { Vec::new() } else { provinces };
        for log in [own].into_iter().chain(others) {
            self.take(writing.tx(), Rights::Province(log)).await?;
            rename_in(writing, log, named).await?;
        }
        // The head that moves is the own one.
        self.take(writing.tx(), Rights::Province(own)).await
    }
}

/// Holds the head of the log first: whoever is about to write such an entry there commits before or
/// reads the new names after.
async fn rename_in(writing: &mut Writing, log: Log, named: &Named) -> Result<(), StoreError> {
    writing.hold(log).await?;
    match named {
        Named::Locality(_) => {
            rename_kind::<Relation>(writing, log, named).await?;
            rename_kind::<Agreement>(writing, log, named).await?;
            rename_kind::<Event>(writing, log, named).await?;
            rename_kind::<Programme>(writing, log, named).await
        }
        Named::Body(_) => rename_kind::<Agreement>(writing, log, named).await,
    }
}

async fn rename_kind<C: Stored>(writing: &mut Writing, log: Log, named: &Named) -> Result<(), StoreError> {
    rename::<C>(writing, names::<C>(log, named)).await
}

async fn rename<C: Stored>(writing: &mut Writing, which: Condition) -> Result<(), StoreError> {
    let query = select_entries::<C>().cond_where(which).to_owned();
    for row in writing.tx().query_all(&query).await? {
        writing.save::<C>(&row::read(&row)?, true).await?;
    }
    writing.send().await
}

fn names<C: Stored>(log: Log, named: &Named) -> Condition {
    let own = Condition::all().add(column(C::TABLE, "province_id").eq(log.number()));
    let Some(child) = C::LOCALITIES else {
        return match named {
            Named::Locality(id) => own.add(column(C::TABLE, "partner_id").eq(id.number())),
            Named::Body(_) => own.add(condition::nothing()),
        };
    };
    let is_named = match named {
        Named::Locality(id) => column(child, "locality_id").eq(id.number()),
        Named::Body(code) => column(child, "organization_code").eq(code.as_str()),
    };
    let keys = Query::select()
        .columns(search::KEY)
        .from(child)
        .and_where(column(child, "province_id").eq(log.number()))
        .and_where(column(child, "slot").is_in([PUBLISHED, WORKING].map(literal)))
        .and_where(is_named)
        .to_owned();
    own.add(search::key::<C>().in_subquery(keys))
}
