//! What partners do with their webhooks, and what whoever calls the endpoints notes of them.
//!
//! The feed itself is followed where documents are run; here only how far it was told is kept.

use crate::error::Error;
use crate::opening::random;
use crate::{Held, Register, Settled, Standing};
use caunoi_domain::policy::Owner;
use caunoi_domain::webhook::signature::{OVERLAP_US, Secret, Subject, message_id};
use caunoi_domain::webhook::{
    Attempted, Delivery, DeliveryKey, DeliveryKind, Webhook, WebhookDraft, WebhookState,
};
use std::fmt::Write as _;

/// How long a lease lasts that nobody renews, in microseconds. What a node was calling when it
/// died, another one goes on with after that time.
const LEASE_US: i64 = 15_000_000;

/// A webhook that was read and checked.
#[derive(Debug, Clone)]
pub struct NewWebhook {
    /// What its partner says of it.
    pub draft: WebhookDraft,
    /// Where it begins.
    pub cursor: String,
}

/// Why a delivery was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unasked {
    /// The partner has no such webhook.
    NoWebhook,
    /// The partner has no such delivery.
    NoDelivery,
    /// Enough of them wait already.
    TooMany,
}

impl Register {
    /// The webhooks of a partner, the oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn webhooks(&self, owner: &Owner) -> Result<Vec<Webhook>, Error> {
        Ok(self.store.webhooks(owner).await?)
    }

    /// Keeps a new webhook with a secret of its own; none where the partner has as many as one may.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn create_webhook(&self, owner: &Owner, new: NewWebhook) -> Result<Option<Webhook>, Error> {
        let now_us = self.now_us();
        let webhook = Webhook {
            id: fresh_id()?,
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
            secret: Secret::new(random()?),
            former: None,
            revision: 1,
            created_at_us: now_us,
            updated_at_us: now_us,
        };
        let is_kept = self.written(self.store.add_webhook(owner, &webhook).await)?;
        Ok(is_kept.then_some(webhook))
    }

    /// Changes a webhook of a partner, unless `amend` says why not; none where there is no such one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn update_webhook<R>(
        &self,
        owner: &Owner,
        id: &str,
        amend: impl FnOnce(&mut Webhook) -> Result<(), R> + Send,
    ) -> Result<Option<Result<Webhook, R>>, Error> {
        let now_us = self.now_us();
        let amend = |webhook: &mut Webhook| {
            amend(webhook)?;
            webhook.updated_at_us = now_us;
            Ok(())
        };
        self.written(self.store.change_webhook(owner, id, amend).await)
    }

    /// Gives a webhook another secret; the one before signs beside it for a day.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn rotate_webhook_secret(&self, owner: &Owner, id: &str) -> Result<Option<Webhook>, Error> {
        let (fresh, until_us) = (Secret::new(random()?), self.now_us() + OVERLAP_US);
        let rotate = |webhook: &mut Webhook| -> Result<(), std::convert::Infallible> {
            let former = std::mem::replace(&mut webhook.secret, fresh);
            webhook.former = Some((former, until_us));
            Ok(())
        };
        let rotated = self.update_webhook(owner, id, rotate).await?;
        Ok(rotated.map(|Ok(webhook)| webhook))
    }

    /// Forgets a webhook of a partner with its deliveries; says whether there was one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn delete_webhook(&self, owner: &Owner, id: &str) -> Result<bool, Error> {
        self.written(self.store.remove_webhook(owner, id).await)
    }

    /// The newest deliveries of a webhook of a partner.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn deliveries(&self, owner: &Owner, webhook: &str, most: u64) -> Result<Vec<Delivery>, Error> {
        Ok(self.store.deliveries(owner, webhook, most).await?)
    }

    /// Asks for a call that says nothing but that calls arrive.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn ping_webhook(&self, owner: &Owner, id: &str) -> Result<Result<Delivery, Unasked>, Error> {
        let ping = |key: DeliveryKey| Delivery {
            message: message_id(self.epoch().bytes(), &key.webhook, Subject::Ping(key.number)),
            kind: DeliveryKind::Ping,
            attempt: 1,
            after: None,
            outcome: None,
            key,
        };
        self.ask_for_delivery(owner, id, ping).await
    }

    /// Asks for a message once more, under the name that it had. A ping is made anew.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn redeliver(
        &self,
        owner: &Owner,
        key: &DeliveryKey,
    ) -> Result<Result<Delivery, Unasked>, Error> {
        let Some(before) = self.store.delivery(owner, key).await? else {
            return Ok(Err(Unasked::NoDelivery));
        };
        let again = |key: DeliveryKey| Delivery {
            message: before.message,
            kind: DeliveryKind::Redelivery,
            attempt: 1,
            after: before.after,
            outcome: None,
            key,
        };
        self.ask_for_delivery(owner, &key.webhook, again).await
    }

    async fn ask_for_delivery(
        &self,
        owner: &Owner,
        webhook: &str,
        make: impl FnOnce(DeliveryKey) -> Delivery + Send,
    ) -> Result<Result<Delivery, Unasked>, Error> {
        let asked = self.store.ask_for_delivery(owner, webhook, make).await;
        Ok(match self.written(asked)? {
            None => Err(Unasked::NoWebhook),
            Some(None) => Err(Unasked::TooMany),
            Some(Some(delivery)) => Ok(delivery),
        })
    }
}

/// What a sender does: it calls the endpoints of all partners, those alone that it has leased.
impl Register {
    /// How all webhooks stand.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn standings(&self) -> Result<Vec<Standing>, Error> {
        Ok(self.store.standings().await?)
    }

    /// Takes a lease, unless somebody else holds it.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn lease_webhook(&self, lease: &Held) -> Result<Option<Webhook>, Error> {
        let now_us = self.now_us();
        Ok(self.store.lease_webhook(lease, now_us, now_us + LEASE_US).await?)
    }

    /// The webhook as it stands, while the lease holds.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn held_webhook(&self, lease: &Held) -> Result<Option<Webhook>, Error> {
        Ok(self.store.held_webhook(lease).await?)
    }

    /// Keeps all leases of a holder for longer.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn renew_leases(&self, holder: &str) -> Result<(), Error> {
        Ok(self.store.renew_leases(holder, self.now_us() + LEASE_US).await?)
    }

    /// Gives a lease back.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn release_webhook(&self, lease: &Held) -> Result<(), Error> {
        Ok(self.store.release_webhook(lease).await?)
    }

    /// Moves a webhook past what nobody wants to hear; says whether the lease holds.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn pass_webhook(&self, lease: &Held, cursor: &str) -> Result<bool, Error> {
        Ok(self.store.pass_webhook(lease, cursor).await?)
    }

    /// Notes an attempt and what follows from it; says whether the lease holds.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn settle_webhook(&self, lease: &Held, settled: Settled<'_>) -> Result<bool, Error> {
        Ok(self.store.settle_webhook(lease, settled).await?)
    }

    /// The pings and repetitions of a webhook that wait to be made, the oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn waiting_deliveries(&self, webhook: &str) -> Result<Vec<Delivery>, Error> {
        Ok(self.store.waiting_deliveries(webhook).await?)
    }

    /// Says what came of a ping or a repetition; whether the lease holds.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn settle_delivery(
        &self,
        lease: &Held,
        key: &DeliveryKey,
        outcome: &Attempted,
    ) -> Result<bool, Error> {
        Ok(self.store.settle_delivery(lease, key, outcome).await?)
    }
}

/// A name that nobody can guess.
fn fresh_id() -> Result<String, Error> {
    let bytes = random()?;
    Ok(bytes[..16].iter().fold("wh_".to_owned(), |mut id, byte| {
        // Writing to a text does not fail.
        let _ = write!(id, "{byte:02x}");
        id
    }))
}
