//! Webhooks of partners.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: String,
    pub owner: String,
    /// From 1; bounds the webhooks of an owner.
    pub place: i16,
    pub url: String,
    pub description: String,
    /// The filter for changes as JSON; null matches all.
    pub filter: Option<String>,
    /// The GraphQL subscription that produces the payloads; null for the default one.
    pub document: Option<String>,
    pub state: String,
    /// The reason; null unless it is disabled.
    pub disabled: Option<String>,
    /// The log cursor up to which changes are delivered; only the holder of the lease moves it.
    pub cursor: String,
    /// Consecutive failed attempts.
    pub failures: i32,
    /// In microseconds since 1970; null without a limit.
    pub next_attempt_us: Option<i64>,
    /// Encrypted; 32 bytes if an earlier release stored it in plain.
    pub secret: Vec<u8>,
    /// Also valid until `former_until_us`; null if there is none.
    pub former_secret: Option<Vec<u8>>,
    /// In microseconds since 1970; null without a former secret.
    pub former_until_us: Option<i64>,
    /// Counts the changes by its owner.
    pub revision: i32,
    /// The number of the last delivery.
    pub deliveries: i64,
    /// In microseconds since 1970.
    pub created_at_us: i64,
    /// In microseconds since 1970.
    pub updated_at_us: i64,
    /// The node that calls the endpoint; null if none does.
    pub lease_holder: Option<String>,
    /// In microseconds since 1970; null without a lease.
    pub leased_until_us: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
