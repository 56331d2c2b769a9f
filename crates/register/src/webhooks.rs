//! Webhooks: commands of partners, and records of the sender.
//!
//! The feed of a webhook is executed in `graphql`; this module only stores its position.

use crate::Register;
use crate::error::Error;
use crate::startup::random_bytes;
use caunoi_domain::policy::WebhookOwner;
use caunoi_domain::webhook::signature::{MessageSubject, OVERLAP_US, Secret, message_id};
use caunoi_domain::webhook::{
    AttemptOutcome, Delivery, DeliveryKey, DeliveryKind, Webhook, WebhookDraft, WebhookState,
};
use caunoi_store::{AttemptRecord, WebhookLease, WebhookStatus};
use data_encoding::HEXLOWER;

/// Duration of a lease, in microseconds. After it another node takes over the webhooks of a node
/// that stopped.
const LEASE_US: i64 = 15_000_000;

/// A webhook whose input is valid.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// The input of the partner.
    pub draft: WebhookDraft,
    /// The cursor from which deliveries start.
    pub cursor: String,
}

/// Why a delivery was not queued. Not an error of the register: mutations return it as data, as they
/// do a [`CommandRefusal`](crate::CommandRefusal).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryRefusal {
    /// The partner has no such webhook.
    NoWebhook,
    /// The partner has no such delivery.
    NoDelivery,
    /// Too many deliveries are queued.
    TooMany,
}

impl Register {
    /// Returns the webhooks of a partner, the oldest first.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn webhooks(&self, owner: &WebhookOwner) -> Result<Vec<Webhook>, Error> {
        Ok(self.store.webhooks(owner).await?)
    }

    /// Stores a new webhook with a fresh secret, which is returned beside it. Returns `None` if the partner has reached the
    /// limit.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn create_webhook(
        &self,
        owner: &WebhookOwner,
        new: NewWebhook,
    ) -> Result<Option<(Webhook, Secret)>, Error> {
        let now_us = self.now_us();
        let (id, secret) = (random_id()?, Secret::new(random_bytes()?));
        let webhook = Webhook {
            secret: self.encrypt_secret(&id, &secret).await?,
            id,
            owner: owner.name().to_owned(),
            url: new.draft.url,
            description: new.draft.description,
            filter: new.draft.filter,
            document: new.draft.document,
            state: WebhookState::Active,
            disabled: None,
            cursor: new.cursor,
            failures: 0,
            next_attempt_us: None,
            former: None,
            revision: 1,
            created_at_us: now_us,
            updated_at_us: now_us,
        };
        let is_stored = self.check_write(self.store.insert_webhook(owner, &webhook).await)?;
        Ok(is_stored.then_some((webhook, secret)))
    }

    /// Updates a webhook of a partner unless `amend` returns an error. Returns `None` if the
    /// partner has no such webhook.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn update_webhook<R>(
        &self,
        owner: &WebhookOwner,
        id: &str,
        amend: impl FnOnce(&mut Webhook) -> Result<(), R> + Send,
    ) -> Result<Option<Result<Webhook, R>>, Error> {
        let now_us = self.now_us();
        let amend = |webhook: &mut Webhook| {
            amend(webhook)?;
            webhook.updated_at_us = now_us;
            Ok(())
        };
        self.check_write(self.store.update_webhook(owner, id, amend).await)
    }

    /// Replaces the secret of a webhook. For one day messages are also signed with the former
    /// secret.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn rotate_webhook_secret(
        &self,
        owner: &WebhookOwner,
        id: &str,
    ) -> Result<Option<(Webhook, Secret)>, Error> {
        let (secret, until_us) = (Secret::new(random_bytes()?), self.now_us() + OVERLAP_US);
        let fresh = self.encrypt_secret(id, &secret).await?;
        let rotate = |webhook: &mut Webhook| -> Result<(), std::convert::Infallible> {
            let former = std::mem::replace(&mut webhook.secret, fresh);
            webhook.former = Some((former, until_us));
            Ok(())
        };
        let rotated = self.update_webhook(owner, id, rotate).await?;
        Ok(rotated.map(|Ok(webhook)| (webhook, secret)))
    }

    /// Deletes a webhook of a partner and its deliveries. Returns whether it existed.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn delete_webhook(&self, owner: &WebhookOwner, id: &str) -> Result<bool, Error> {
        self.check_write(self.store.delete_webhook(owner, id).await)
    }

    /// Returns the newest deliveries of a webhook of a partner, at most `most`.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn deliveries(
        &self,
        owner: &WebhookOwner,
        webhook: &str,
        most: u64,
    ) -> Result<Vec<Delivery>, Error> {
        Ok(self.store.deliveries(owner, webhook, most).await?)
    }

    /// Returns a delivery of a webhook of a partner; `None` if the partner has no such delivery.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_delivery(
        &self,
        owner: &WebhookOwner,
        key: &DeliveryKey,
    ) -> Result<Option<Delivery>, Error> {
        Ok(self.store.delivery(owner, key).await?)
    }

    /// Queues a ping: a delivery without content that tests the endpoint.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn ping_webhook(
        &self,
        owner: &WebhookOwner,
        id: &str,
    ) -> Result<Result<Delivery, DeliveryRefusal>, Error> {
        let ping = |key: DeliveryKey| Delivery {
            message: message_id(self.epoch().bytes(), &key.webhook, MessageSubject::Ping(key.number)),
            kind: DeliveryKind::Ping,
            attempt: 1,
            after: None,
            outcome: None,
            key,
        };
        self.enqueue_delivery(owner, id, ping).await
    }

    /// Queues a message once more, with the same message id. The payload of a ping is generated
    /// again.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn redeliver(
        &self,
        owner: &WebhookOwner,
        key: &DeliveryKey,
    ) -> Result<Result<Delivery, DeliveryRefusal>, Error> {
        let Some(before) = self.find_delivery(owner, key).await? else {
            return Ok(Err(DeliveryRefusal::NoDelivery));
        };
        let redelivery = |key: DeliveryKey| Delivery {
            message: before.message,
            kind: DeliveryKind::Redelivery,
            attempt: 1,
            after: before.after,
            outcome: None,
            key,
        };
        self.enqueue_delivery(owner, &key.webhook, redelivery).await
    }

    async fn enqueue_delivery(
        &self,
        owner: &WebhookOwner,
        webhook: &str,
        make: impl FnOnce(DeliveryKey) -> Delivery + Send,
    ) -> Result<Result<Delivery, DeliveryRefusal>, Error> {
        let queued = self.store.queue_delivery(owner, webhook, make).await;
        Ok(match self.check_write(queued)? {
            None => Err(DeliveryRefusal::NoWebhook),
            Some(None) => Err(DeliveryRefusal::TooMany),
            Some(Some(delivery)) => Ok(delivery),
        })
    }
}

/// Methods of the sender, which calls the endpoints of the webhooks that it has leased.
impl Register {
    /// Returns the status of all webhooks.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn webhook_statuses(&self) -> Result<Vec<WebhookStatus>, Error> {
        Ok(self.store.webhook_statuses().await?)
    }

    /// Acquires a lease on a webhook. Returns `None` if another holder has it.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn lease_webhook(&self, lease: &WebhookLease) -> Result<Option<Webhook>, Error> {
        let now_us = self.now_us();
        Ok(self.store.lease_webhook(lease, now_us, now_us + LEASE_US).await?)
    }

    /// Returns the current state of a leased webhook; `None` if the lease was lost.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_leased_webhook(&self, lease: &WebhookLease) -> Result<Option<Webhook>, Error> {
        Ok(self.store.find_leased_webhook(lease).await?)
    }

    /// Extends all leases of a holder.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn renew_leases(&self, holder: &str) -> Result<(), Error> {
        Ok(self.store.renew_leases(holder, self.now_us() + LEASE_US).await?)
    }

    /// Releases a lease.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn release_webhook(&self, lease: &WebhookLease) -> Result<(), Error> {
        Ok(self.store.release_webhook(lease).await?)
    }

    /// Advances the cursor of a webhook past changes that its filter excludes. Returns whether the
    /// lease is held.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn advance_webhook_cursor(&self, lease: &WebhookLease, cursor: &str) -> Result<bool, Error> {
        Ok(self.store.advance_webhook_cursor(lease, cursor).await?)
    }

    /// Records an attempt and the resulting state of the webhook. Returns whether the lease is
    /// held.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn record_attempt(
        &self,
        lease: &WebhookLease,
        settled: AttemptRecord<'_>,
    ) -> Result<bool, Error> {
        Ok(self.store.record_attempt(lease, settled).await?)
    }

    /// Returns the queued pings and redeliveries of a webhook, the oldest first.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn waiting_deliveries(&self, webhook: &str) -> Result<Vec<Delivery>, Error> {
        Ok(self.store.waiting_deliveries(webhook).await?)
    }

    /// Records the outcome of a ping or redelivery. Returns whether the lease is held.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn record_delivery(
        &self,
        lease: &WebhookLease,
        key: &DeliveryKey,
        outcome: &AttemptOutcome,
    ) -> Result<bool, Error> {
        Ok(self.store.record_delivery(lease, key, outcome).await?)
    }
}

/// Returns a random identifier of a webhook.
fn random_id() -> Result<String, Error> {
    let bytes = random_bytes()?;
    Ok(format!("wh_{}", HEXLOWER.encode(&bytes[..16])))
}
