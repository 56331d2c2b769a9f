//! The encrypted secrets of all webhooks, and the value that tells whether a node has the right keys.

use super::{Access, WebhookRole, table};
use crate::connect::Store;
use crate::entity::webhook::Column;
use crate::error::StoreError;
use crate::insert::insert_absent;
use crate::installation;
use crate::pools::Rights;
use caunoi_domain::secret::EncryptedSecret;
use data_encoding::HEXLOWER;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};

/// The name of the value that is encrypted with the current key, with the first secret.
const KEY_CHECK: &str = "secret_key_check";

/// The secrets of one webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSecrets {
    /// The webhook.
    pub id: String,
    /// The secret.
    pub secret: EncryptedSecret,
    /// The previous secret, if there is one.
    pub former: Option<EncryptedSecret>,
}

impl Store {
    /// Returns the secrets of at most `most` webhooks whose ids follow `after`, in their order.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn webhook_secrets(&self, after: &str, most: u64) -> Result<Vec<StoredSecrets>, StoreError> {
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Read).await?;
        let query = Query::select()
            .columns([Column::Id, Column::Secret, Column::FormerSecret])
            .from(table())
            .and_where(Expr::col(Column::Id).gt(after))
            .order_by(Column::Id, Order::Asc)
            .limit(most)
            .to_owned();
        let rows = tx.query_all(&query).await?;
        tx.commit().await?;
        let read = |row: &QueryResult| {
            let (id, secret, former): (_, _, Option<Vec<u8>>) = row.try_get_many_by_index()?;
            let secret = EncryptedSecret::from_bytes(secret);
            Ok(StoredSecrets { id, secret, former: former.map(EncryptedSecret::from_bytes) })
        };
        rows.iter().map(read).collect()
    }

    /// Replaces the secrets of a webhook by others, unless they have changed; returns whether they
    /// were replaced.
    ///
    /// # Errors
    /// Returns an error if the database fails; nothing is written then.
    pub async fn replace_webhook_secrets(
        &self,
        old: &StoredSecrets,
        new: &StoredSecrets,
    ) -> Result<bool, StoreError> {
        let bytes = |secret: &EncryptedSecret| secret.bytes().to_vec();
        let former = |secrets: &StoredSecrets| secrets.former.as_ref().map(bytes);
        let mut update = Query::update();
        update
            .table(table())
            .value(Column::Secret, bytes(&new.secret))
            .value(Column::FormerSecret, former(new))
            .and_where(Expr::col(Column::Id).eq(old.id.as_str()))
            .and_where(Expr::col(Column::Secret).eq(bytes(&old.secret)));
        match former(old) {
            Some(former) => update.and_where(Expr::col(Column::FormerSecret).eq(former)),
            None => update.and_where(Expr::col(Column::FormerSecret).is_null()),
        };
        let tx = self.begin_webhooks(WebhookRole::Sender, Access::Write).await?;
        let replaced = tx.execute(&update).await?.rows_affected();
        tx.commit().await?;
        Ok(replaced == 1)
    }

    /// Returns the value by which nodes compare their keys; `None` before the first secret.
    ///
    /// # Errors
    /// Returns an error if the database fails or the value is corrupt.
    pub async fn find_key_check(&self) -> Result<Option<EncryptedSecret>, StoreError> {
        let value = installation::find_value(self.owner(), KEY_CHECK).await?;
        value.map(|text| parse_check(&text)).transpose()
    }

    /// Stores that value if there is none, and returns the stored one.
    ///
    /// # Errors
    /// Returns an error if the database fails or the value is corrupt.
    pub async fn insert_key_check(&self, check: &EncryptedSecret) -> Result<EncryptedSecret, StoreError> {
        let row = installation::row(KEY_CHECK, HEXLOWER.encode(check.bytes()));
        let tx = self.begin_write(Rights::Owner).await?;
        insert_absent(&tx, &[row], OnConflict::column(installation::Column::Name)).await?;
        let stored = installation::find_value(&*tx, KEY_CHECK).await?;
        tx.commit().await?;
        parse_check(&stored.unwrap_or_default())
    }

    /// Replaces that value.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn replace_key_check(&self, check: &EncryptedSecret) -> Result<(), StoreError> {
        let tx = self.begin_write(Rights::Owner).await?;
        installation::upsert_value(&tx, KEY_CHECK, &HEXLOWER.encode(check.bytes())).await?;
        tx.commit().await
    }
}

fn parse_check(text: &str) -> Result<EncryptedSecret, StoreError> {
    let bytes = HEXLOWER.decode(text.as_bytes());
    bytes
        .map(EncryptedSecret::from_bytes)
        .map_err(|_| StoreError::corrupt(installation::Column::Value, KEY_CHECK, "not hexadecimal digits"))
}
