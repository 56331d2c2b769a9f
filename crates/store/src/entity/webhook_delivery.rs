//! The newest attempts of each webhook, and deliveries that wait.

use super::NoRelations as Relation;
use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub webhook_id: String,
    /// From 1 for each webhook.
    #[sea_orm(primary_key)]
    pub number: i64,
    /// The id of the message, the same for each attempt.
    pub message: String,
    pub kind: String,
    pub attempt: i32,
    /// The log cursor before the delivery; null for a ping.
    pub after_cursor: Option<String>,
    /// The attempt, in microseconds since 1970; null while it waits.
    pub at_us: Option<i64>,
    /// Null while it waits.
    pub took_ms: Option<i32>,
    /// The HTTP status; null without a response.
    pub status: Option<i16>,
    /// Null on success.
    pub error: Option<String>,
    /// The beginning of a response other than 2xx; null without one.
    pub excerpt: Option<String>,
    /// In microseconds since 1970; null if there is no further one.
    pub next_attempt_us: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
