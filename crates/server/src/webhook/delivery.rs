//! The worker of one webhook: holds its lease, follows its subscription from the saved cursor, and
//! sends each message before it reads the next one.

use std::{sync::Arc, time::Duration};

use caunoi_domain::webhook::signature::{MessageSubject, message_id};
use caunoi_domain::webhook::{
    AttemptOutcome, Delivery, DeliveryError, DisabledReason, Webhook, WebhookState, retry,
};
use caunoi_graphql::{
    Api,
    execution::{FeedMessage, GraphqlResponse, ResponseOutcome},
    webhook::webhook_request,
};
use caunoi_metrics::Transport;
use caunoi_register::{Error, Register};
use caunoi_store::{AttemptRecord, WebhookLease};
use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::StreamExt as _;
use tokio::{sync::watch, time::timeout};

use super::{
    WorkerCommand,
    client::{CallResult, SignedMessage, WebhookClient},
    payload::{self, Payload},
};

/// HTTP status of an endpoint that is permanently gone.
const GONE: u16 = 410;
/// Time limit of the search for a message to redeliver.
const SEARCH_TIMEOUT: Duration = Duration::from_secs(5);
/// Maximum number of messages that the search reads.
const MAX_SEARCHED: usize = 1_000;

/// Delivers the messages of one webhook until a delivery fails, a command stops it, or nothing is
/// due.
pub(super) struct DeliveryWorker {
    register: Arc<Register>,
    api: Api,
    client: WebhookClient,
    lease: WebhookLease,
    commands: watch::Receiver<WorkerCommand>,
}

/// The progress of a worker.
struct DeliveryProgress {
    /// Cursor up to which the feed has been delivered.
    at: String,
    /// Number of consecutive failed attempts.
    failures: i32,
}

/// The message of an attempt.
#[derive(Clone, Copy)]
struct DeliveredMessage<'a> {
    /// Its id.
    message: &'a str,
    /// The cursor that a delivery reaches; `None` where it does not move.
    reached: Option<&'a str>,
}

impl DeliveryWorker {
    pub(super) fn new(
        register: Arc<Register>,
        api: Api,
        client: WebhookClient,
        lease: WebhookLease,
        commands: watch::Receiver<WorkerCommand>,
    ) -> Self {
        Self { register, api, client, lease, commands }
    }

    /// Takes the lease, delivers what is due, releases the lease.
    pub(super) async fn run(mut self) {
        match self.register.lease_webhook(&self.lease).await {
            Ok(Some(webhook)) => {
                if let Err(error) = self.follow(webhook).await {
                    tracing::warn!(webhook = self.lease.id, %error, "the deliveries of a webhook failed");
                }
                // If this fails, the lease expires.
                let _ = self.register.release_webhook(&self.lease).await;
            }
            // Another node holds the lease, or the webhook has been deleted.
            Ok(None) => {}
            Err(error) => tracing::warn!(webhook = self.lease.id, %error, "a webhook cannot be leased"),
        }
    }

    async fn follow(&mut self, webhook: Webhook) -> Result<(), Error> {
        if !self.make_requested_deliveries().await? {
            return Ok(());
        }
        let is_active = webhook.state == WebhookState::Active;
        if !is_active || webhook.next_attempt_us.is_some_and(|at_us| at_us > self.register.now_us()) {
            return Ok(());
        }
        let mut progress = DeliveryProgress { at: webhook.cursor.clone(), failures: webhook.failures };
        let mut responses = self.api.execute_stream(webhook_request(&webhook), Transport::Webhook);
        loop {
            tokio::select! {
                biased;
                changed = self.commands.changed() => {
                    let goes_on = changed.is_ok() && *self.commands.borrow() != WorkerCommand::Stop;
                    if !goes_on || !self.make_requested_deliveries().await? {
                        return Ok(());
                    }
                }
                response = responses.next() => {
                    let Some(response) = response else { return Ok(()) };
                    if !self.deliver(&webhook, &mut progress, response).await? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Delivers a response of the subscription. Returns whether the worker continues.
    async fn deliver(
        &self,
        webhook: &Webhook,
        progress: &mut DeliveryProgress,
        response: GraphqlResponse,
    ) -> Result<bool, Error> {
        let Some(feed_message) = response.feed_message.as_deref() else {
            // Such a response has no cursor, so the saved one does not move.
            return match response.outcome {
                ResponseOutcome::Answered => Ok(false),
                ResponseOutcome::Unparsable
                | ResponseOutcome::Invalid
                | ResponseOutcome::Malformed
                | ResponseOutcome::Unavailable
                | ResponseOutcome::Overloaded
                | ResponseOutcome::RateLimited
                | ResponseOutcome::QueryOnly
                | ResponseOutcome::Broken
                | ResponseOutcome::TimedOut => {
                    self.record_document_failure(webhook, progress, &response).await
                }
            };
        };
        if feed_message.is_heartbeat {
            // An unchanged cursor is not saved.
            let holds = feed_message.cursor == progress.at
                || self.register.advance_webhook_cursor(&self.lease, &feed_message.cursor).await?;
            progress.at.clone_from(&feed_message.cursor);
            return Ok(holds);
        }
        // A change of the webhook applies from the next message on.
        let current = self.register.find_leased_webhook(&self.lease).await?;
        if current.is_none_or(|current| current.revision != webhook.revision) {
            return Ok(false);
        }
        let message = self.message_name(webhook, feed_message, &progress.at);
        let result = match payload::from_response(&response.body, &self.timestamp()) {
            Payload::Body(body) => self.send(webhook, &message, body).await,
            Payload::Unavailable => return Ok(false),
            Payload::DocumentRejected | Payload::Failed => CallResult::without_call(DeliveryError::Document),
        };
        let is_delivered = result.error.is_none();
        let delivered = DeliveredMessage { message: &message, reached: Some(&feed_message.cursor) };
        let holds = self.settle(webhook, progress, delivered, result).await?;
        progress.at.clone_from(&feed_message.cursor);
        Ok(holds && is_delivered)
    }

    /// Records a failed attempt because of the document, but not if the register is unavailable.
    async fn record_document_failure(
        &self,
        webhook: &Webhook,
        progress: &mut DeliveryProgress,
        response: &GraphqlResponse,
    ) -> Result<bool, Error> {
        let is_unfit = match payload::from_response(&response.body, "") {
            Payload::Body(_) | Payload::Unavailable => return Ok(false),
            Payload::DocumentRejected => true,
            Payload::Failed => false,
        };
        let message =
            message_id(self.register.epoch().bytes(), &webhook.id, MessageSubject::Gap(&progress.at));
        let result = CallResult::without_call(DeliveryError::Document);
        let mut settlement =
            self.settlement(webhook, progress, DeliveredMessage { message: &message, reached: None }, result);
        if is_unfit {
            settlement.disabled = Some(DisabledReason::Document);
            settlement.outcome.next_attempt_us = None;
        }
        self.save_settlement(webhook, settlement).await?;
        Ok(false)
    }

    /// Saves the result of an attempt at the next message. Returns whether this node still holds
    /// the lease.
    async fn settle(
        &self,
        webhook: &Webhook,
        progress: &mut DeliveryProgress,
        delivered: DeliveredMessage<'_>,
        result: CallResult,
    ) -> Result<bool, Error> {
        let is_delivered = result.error.is_none();
        let settlement = self.settlement(webhook, progress, delivered, result);
        let holds = self.save_settlement(webhook, settlement).await?;
        progress.failures = if is_delivered { 0 } else { progress.failures + 1 };
        Ok(holds)
    }

    fn settlement<'a>(
        &self,
        webhook: &Webhook,
        progress: &'a DeliveryProgress,
        DeliveredMessage { message, reached }: DeliveredMessage<'a>,
        result: CallResult,
    ) -> AttemptRecord<'a> {
        let is_delivered = result.error.is_none();
        let now_us = self.register.now_us();
        let requested_us = result.retry_after.map_or(0, |retry_after| retry_after.delay_us(now_us));
        let mut outcome = self.outcome(result);
        let mut disabled = None;
        if !is_delivered {
            let wait_us = retry::wait_us(progress.failures + 1, random_u16(), requested_us);
            match (outcome.status, wait_us) {
                (Some(status), _) if u16::try_from(status) == Ok(GONE) => {
                    disabled = Some(DisabledReason::Gone);
                }
                (_, None) => disabled = Some(DisabledReason::Exhausted),
                (_, Some(wait_us)) => outcome.next_attempt_us = Some(outcome.at_us + wait_us),
            }
        }
        let reached = reached.filter(|_| is_delivered);
        AttemptRecord { revision: webhook.revision, message, after: &progress.at, reached, outcome, disabled }
    }

    async fn save_settlement(&self, webhook: &Webhook, settlement: AttemptRecord<'_>) -> Result<bool, Error> {
        if let Some(reason) = settlement.disabled {
            let reason: &'static str = reason.into();
            tracing::warn!(webhook = webhook.id, reason, "a webhook was disabled");
        }
        self.register.record_attempt(&self.lease, settlement).await
    }

    /// Makes the requested pings and redeliveries, each once. Returns whether the worker continues.
    async fn make_requested_deliveries(&self) -> Result<bool, Error> {
        for delivery in self.register.waiting_deliveries(&self.lease.id).await? {
            if *self.commands.borrow() == WorkerCommand::Stop {
                return Ok(false);
            }
            let Some(webhook) = self.register.find_leased_webhook(&self.lease).await? else {
                return Ok(false);
            };
            let body = match &delivery.after {
                None => Ok(payload::ping(&webhook.id, &self.timestamp())),
                Some(after) => self.find_message(&webhook, &delivery, after).await,
            };
            let result = match body {
                Ok(body) => self.send(&webhook, &delivery.message, body).await,
                Err(error) => CallResult::without_call(error),
            };
            let outcome = self.outcome(result);
            if !self.register.record_delivery(&self.lease, &delivery.key, &outcome).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the payload of an earlier message: reads the feed again after the cursor `after`.
    ///
    /// # Errors
    /// Returns `NoMessage` if the message is not found in time, `Document` if it cannot be made
    /// again.
    async fn find_message(
        &self,
        webhook: &Webhook,
        delivery: &Delivery,
        after: &str,
    ) -> Result<Vec<u8>, DeliveryError> {
        let before = Webhook { cursor: after.to_owned(), ..webhook.clone() };
        let mut responses =
            self.api.execute_stream(webhook_request(&before), Transport::Webhook).take(MAX_SEARCHED);
        let search = async {
            while let Some(response) = responses.next().await {
                let Some(feed_message) =
                    response.feed_message.as_deref().filter(|feed_message| !feed_message.is_heartbeat)
                else {
                    return Err(DeliveryError::NoMessage);
                };
                if self.message_name(webhook, feed_message, after) == delivery.message {
                    return match payload::from_response(&response.body, &self.timestamp()) {
                        Payload::Body(body) => Ok(body),
                        Payload::DocumentRejected | Payload::Unavailable | Payload::Failed => {
                            Err(DeliveryError::Document)
                        }
                    };
                }
            }
            Err(DeliveryError::NoMessage)
        };
        timeout(SEARCH_TIMEOUT, search).await.unwrap_or(Err(DeliveryError::NoMessage))
    }

    /// Returns the message id of a feed message. `before` is the cursor before it.
    fn message_name(&self, webhook: &Webhook, feed_message: &FeedMessage, before: &str) -> String {
        let subject = match feed_message.change {
            Some((log, position)) => MessageSubject::Change(log, position),
            None => MessageSubject::Gap(before),
        };
        message_id(self.register.epoch().bytes(), &webhook.id, subject)
    }

    async fn send(&self, webhook: &Webhook, message: &str, body: Vec<u8>) -> CallResult {
        let at_us = self.register.now_us();
        let signatures = match self.register.sign_delivery(webhook, message, at_us, &body) {
            Ok(signatures) => signatures,
            Err(error) => {
                tracing::error!(webhook = webhook.id, %error, "the secret of a webhook cannot be decrypted");
                return CallResult::without_call(DeliveryError::Secret);
            }
        };
        let message =
            SignedMessage { id: message.to_owned(), at_s: at_us.div_euclid(1_000_000), signatures, body };
        self.client.send(&webhook.url, message).await
    }

    fn outcome(&self, result: CallResult) -> AttemptOutcome {
        let CallResult { took_ms, status, error, excerpt, retry_after: _ } = result;
        caunoi_metrics::count_webhook_attempt(error.is_none());
        AttemptOutcome {
            at_us: self.register.now_us(),
            took_ms,
            status: status.and_then(|status| i16::try_from(status).ok()),
            error,
            excerpt,
            next_attempt_us: None,
        }
    }

    fn timestamp(&self) -> String {
        let now = DateTime::<Utc>::from_timestamp_micros(self.register.now_us()).unwrap_or_default();
        now.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

/// Returns a random number for the jitter of retries; a constant if the system gives none.
fn random_u16() -> u16 {
    let mut bytes = [0; 2];
    getrandom::fill(&mut bytes).map_or(u16::MAX / 2, |()| u16::from_be_bytes(bytes))
}
