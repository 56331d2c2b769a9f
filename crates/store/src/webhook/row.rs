//! Conversion between rows of `webhook` and domain values.

use crate::column::TableColumn;
use crate::entity::webhook::{self, Column};
use crate::error::StoreError;
use crate::insert::TableRow;
use crate::table::{optional_word, word as to_word};
use caunoi_domain::secret::EncryptedSecret;
use caunoi_domain::webhook::{DisabledReason, Webhook};
use sea_orm::ActiveValue::Set;
use sea_orm::{DerivePartialModel, FromQueryResult, QueryResult};
use std::str::FromStr;

/// The columns of a [`WebhookRow`].
pub(super) const COLUMNS: [Column; 17] = [
    Column::Id,
    Column::Owner,
    Column::Url,
    Column::Description,
    Column::Filter,
    Column::Document,
    Column::State,
    Column::Disabled,
    Column::Cursor,
    Column::Failures,
    Column::NextAttemptUs,
    Column::Secret,
    Column::FormerSecret,
    Column::FormerUntilUs,
    Column::Revision,
    Column::CreatedAtUs,
    Column::UpdatedAtUs,
];

/// A row without the place, the lease and the number of deliveries.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "webhook::Entity")]
struct WebhookRow {
    id: String,
    owner: String,
    url: String,
    description: String,
    filter: Option<String>,
    document: Option<String>,
    state: String,
    disabled: Option<String>,
    cursor: String,
    failures: i32,
    next_attempt_us: Option<i64>,
    secret: Vec<u8>,
    former_secret: Option<Vec<u8>>,
    former_until_us: Option<i64>,
    revision: i32,
    created_at_us: i64,
    updated_at_us: i64,
}

pub(super) fn read(row: &QueryResult) -> Result<Webhook, StoreError> {
    let row = WebhookRow::from_query_result(row, "")?;
    let disabled = row.disabled.as_deref();
    Ok(Webhook {
        state: word(&row.id, Column::State, &row.state)?,
        disabled: disabled.map(|text| word::<DisabledReason>(&row.id, Column::Disabled, text)).transpose()?,
        secret: EncryptedSecret::from_bytes(row.secret),
        former: row.former_secret.map(EncryptedSecret::from_bytes).zip(row.former_until_us),
        owner: row.owner,
        url: row.url,
        description: row.description,
        filter: row.filter,
        document: row.document,
        cursor: row.cursor,
        failures: row.failures,
        next_attempt_us: row.next_attempt_us,
        revision: row.revision,
        created_at_us: row.created_at_us,
        updated_at_us: row.updated_at_us,
        id: row.id,
    })
}

/// Parses a word of a closed list.
pub(super) fn word<T: FromStr>(
    id: &str,
    column: impl Into<TableColumn>,
    text: &str,
) -> Result<T, StoreError> {
    T::from_str(text).map_err(|_| StoreError::corrupt(column, id, text))
}

/// Returns the row of a new webhook.
pub(super) fn new_row(webhook: &Webhook, place: i16) -> TableRow {
    TableRow::new(webhook::ActiveModel {
        id: Set(webhook.id.clone()),
        owner: Set(webhook.owner.clone()),
        place: Set(place),
        cursor: Set(webhook.cursor.clone()),
        deliveries: Set(0),
        created_at_us: Set(webhook.created_at_us),
        ..changeable(webhook)
    })
}

/// Returns the columns of a webhook that its owner may change.
pub(super) fn changed_row(webhook: &Webhook) -> TableRow {
    TableRow::new(changeable(webhook))
}

fn changeable(webhook: &Webhook) -> webhook::ActiveModel {
    let former = webhook.former.as_ref();
    webhook::ActiveModel {
        url: Set(webhook.url.clone()),
        description: Set(webhook.description.clone()),
        filter: Set(webhook.filter.clone()),
        document: Set(webhook.document.clone()),
        state: to_word(webhook.state),
        disabled: optional_word(webhook.disabled),
        failures: Set(webhook.failures),
        next_attempt_us: Set(webhook.next_attempt_us),
        secret: Set(webhook.secret.bytes().to_vec()),
        former_secret: Set(former.map(|(secret, _)| secret.bytes().to_vec())),
        former_until_us: Set(former.map(|(_, until)| *until)),
        revision: Set(webhook.revision),
        updated_at_us: Set(webhook.updated_at_us),
        ..Default::default()
    }
}
