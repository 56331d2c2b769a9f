//! Conversion between rows of `webhook` and domain values.

use super::TABLE;
use crate::error::StoreError;
use crate::table::ColumnValues;
use caunoi_domain::webhook::signature::Secret;
use caunoi_domain::webhook::{DisabledReason, Webhook};
use sea_orm::QueryResult;
use sea_orm::sea_query::Expr;
use std::str::FromStr;

/// The columns that [`read`] expects, in this order.
pub(super) const COLUMNS: [&str; 17] = [
    "id",
    "owner",
    "url",
    "description",
    "filter",
    "document",
    "state",
    "disabled",
    "cursor",
    "failures",
    "next_attempt_us",
    "secret",
    "former_secret",
    "former_until_us",
    "revision",
    "created_at_us",
    "updated_at_us",
];

pub(super) fn read(row: &QueryResult) -> Result<Webhook, StoreError> {
    let id: String = row.try_get_by_index(0)?;
    let secret = |at: usize| -> Result<Option<Secret>, StoreError> {
        let bytes: Option<Vec<u8>> = row.try_get_by_index(at)?;
        let read = |bytes: Vec<u8>| {
            bytes.try_into().map(Secret::new).map_err(|_| corrupt(&id, "secret", "not 32 bytes"))
        };
        bytes.map(read).transpose()
    };
    let former_until: Option<i64> = row.try_get_by_index(13)?;
    let disabled: Option<String> = row.try_get_by_index(7)?;
    Ok(Webhook {
        owner: row.try_get_by_index(1)?,
        url: row.try_get_by_index(2)?,
        description: row.try_get_by_index(3)?,
        filter: row.try_get_by_index(4)?,
        document: row.try_get_by_index(5)?,
        state: word(&id, "state", &row.try_get_by_index::<String>(6)?)?,
        disabled: disabled.map(|text| word::<DisabledReason>(&id, "disabled", &text)).transpose()?,
        cursor: row.try_get_by_index(8)?,
        failures: row.try_get_by_index(9)?,
        next_attempt_us: row.try_get_by_index(10)?,
        secret: secret(11)?.ok_or_else(|| corrupt(&id, "secret", "null"))?,
        former: secret(12)?.zip(former_until),
        revision: row.try_get_by_index(14)?,
        created_at_us: row.try_get_by_index(15)?,
        updated_at_us: row.try_get_by_index(16)?,
        id,
    })
}

/// Parses a word of a closed list.
pub(super) fn word<T: FromStr>(id: &str, column: &'static str, text: &str) -> Result<T, StoreError> {
    T::from_str(text).map_err(|_| corrupt(id, column, text))
}

fn corrupt(id: &str, column: &'static str, why: &str) -> StoreError {
    StoreError::Corrupt { table: TABLE, column, id: id.to_owned(), why: why.to_owned() }
}

/// Returns the row of a new webhook.
pub(super) fn columns(webhook: &Webhook, place: i16) -> ColumnValues {
    let mut columns: ColumnValues = vec![
        ("id", webhook.id.clone().into()),
        ("owner", webhook.owner.clone().into()),
        ("place", place.into()),
        ("cursor", webhook.cursor.clone().into()),
        ("deliveries", 0_i64.into()),
        ("created_at_us", webhook.created_at_us.into()),
    ];
    columns.extend(changeable_columns(webhook));
    columns
}

/// Returns the values of a webhook that its owner may change.
pub(super) fn changed_values(webhook: &Webhook) -> Vec<(&'static str, Expr)> {
    changeable_columns(webhook).into_iter().map(|(name, value)| (name, Expr::val(value))).collect()
}

fn changeable_columns(webhook: &Webhook) -> ColumnValues {
    let state: &'static str = webhook.state.into();
    let disabled: Option<&'static str> = webhook.disabled.map(Into::into);
    let former = webhook.former.as_ref();
    vec![
        ("url", webhook.url.clone().into()),
        ("description", webhook.description.clone().into()),
        ("filter", webhook.filter.clone().into()),
        ("document", webhook.document.clone().into()),
        ("state", state.into()),
        ("disabled", disabled.into()),
        ("failures", webhook.failures.into()),
        ("next_attempt_us", webhook.next_attempt_us.into()),
        ("secret", webhook.secret.bytes().to_vec().into()),
        ("former_secret", former.map(|(secret, _)| secret.bytes().to_vec()).into()),
        ("former_until_us", former.map(|(_, until)| *until).into()),
        ("revision", webhook.revision.into()),
        ("updated_at_us", webhook.updated_at_us.into()),
    ]
}
