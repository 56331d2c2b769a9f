//! One webhook, called under a lease: its subscription is followed from where it was told up to,
//! and each answer is sent before the next one is asked for.

use std::{sync::Arc, time::Duration};

use caunoi_domain::webhook::signature::{Subject, message_id};
use caunoi_domain::webhook::{
    Attempted, Delivery, DeliveryError, DisabledReason, Webhook, WebhookState, retry,
};
use caunoi_graphql::{
    Api,
    answer::{Answer, Event, Outcome},
    webhook::question,
};
use caunoi_metrics::Transport;
use caunoi_register::{Error, Held, Register, Settled};
use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::StreamExt as _;
use tokio::{sync::watch, time::timeout};

use super::{
    Order,
    call::{Called, Caller, Letter},
    payload::{self, Payload},
};

/// Says that an endpoint is gone for good.
const GONE: u16 = 410;
/// How long a message that is sent once more is looked for.
const LONGEST_SEARCH: Duration = Duration::from_secs(5);
/// How many messages are looked through for it.
const MOST_SEARCHED: usize = 1_000;

/// Follows one webhook until it fails, is told to end, or has nothing to do.
pub(super) struct Round {
    register: Arc<Register>,
    api: Api,
    caller: Caller,
    lease: Held,
    orders: watch::Receiver<Order>,
}

/// How far a round has come.
struct Progress {
    /// Where the feed was told up to.
    at: String,
    /// Attempts in a row that failed.
    failures: i32,
}

impl Round {
    pub(super) fn new(
        (register, api, caller): (Arc<Register>, Api, Caller),
        (id, holder): (String, String),
        orders: watch::Receiver<Order>,
    ) -> Self {
        Self { register, api, caller, lease: Held { id, holder }, orders }
    }

    /// Takes the lease, does what there is to do, gives it back.
    pub(super) async fn run(mut self) {
        match self.register.lease_webhook(&self.lease).await {
            Ok(Some(webhook)) => {
                if let Err(error) = self.follow(webhook).await {
                    tracing::warn!(webhook = self.lease.id, %error, "a webhook cannot be followed now");
                }
                // Where this fails the lease ends by itself.
                let _ = self.register.release_webhook(&self.lease).await;
            }
            // Another node was quicker, or its partner has taken it away.
            Ok(None) => {}
            Err(error) => tracing::warn!(webhook = self.lease.id, %error, "a webhook cannot be leased now"),
        }
    }

    async fn follow(&mut self, webhook: Webhook) -> Result<(), Error> {
        if !self.carry_out_waiting().await? {
            return Ok(());
        }
        let is_called = webhook.state == WebhookState::Active;
        if !is_called || webhook.next_attempt_us.is_some_and(|at_us| at_us > self.register.now_us()) {
            return Ok(());
        }
        let mut progress = Progress { at: webhook.cursor.clone(), failures: webhook.failures };
        let mut answers = self.api.answers(question(&webhook), Transport::Webhook);
        loop {
            tokio::select! {
                biased;
                changed = self.orders.changed() => {
                    let goes_on = changed.is_ok() && *self.orders.borrow() != Order::End;
                    if !goes_on || !self.carry_out_waiting().await? {
                        return Ok(());
                    }
                }
                answer = answers.next() => {
                    let Some(answer) = answer else { return Ok(()) };
                    if !self.tell(&webhook, &mut progress, answer).await? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Delivers what the feed has told; says whether the round goes on.
    async fn tell(&self, webhook: &Webhook, progress: &mut Progress, answer: Answer) -> Result<bool, Error> {
        let Some(event) = answer.event.as_deref() else {
            // Nobody knows where the feed was read to with it, so nothing is passed over.
            return match answer.outcome {
                Outcome::Answered => Ok(false),
                Outcome::Refused
                | Outcome::Malformed
                | Outcome::Unavailable
                | Outcome::QueryOnly
                | Outcome::Broken
                | Outcome::TimedOut => self.give_up(webhook, progress, &answer).await,
            };
        };
        if event.is_heartbeat {
            // Nothing is written where nothing has moved.
            let holds =
                event.cursor == progress.at || self.register.pass_webhook(&self.lease, &event.cursor).await?;
            progress.at.clone_from(&event.cursor);
            return Ok(holds);
        }
        // What its partner has changed meanwhile holds from the next message on.
        let stands = self.register.held_webhook(&self.lease).await?;
        if stands.is_none_or(|stands| stands.revision != webhook.revision) {
            return Ok(false);
        }
        let message = self.name(webhook, event, &progress.at);
        let called = match payload::of(&answer.body, &self.timestamp()) {
            Payload::Body(body) => self.call(webhook, &message, body).await,
            Payload::Away => return Ok(false),
            Payload::Unfit | Payload::Failed => Called::not(DeliveryError::Document),
        };
        let is_delivered = called.error.is_none();
        let holds = self.settle(webhook, progress, (&message, Some(&event.cursor)), called).await?;
        progress.at.clone_from(&event.cursor);
        Ok(holds && is_delivered)
    }

    /// Notes that the document itself gives nothing; a register that is away is another matter.
    async fn give_up(
        &self,
        webhook: &Webhook,
        progress: &mut Progress,
        answer: &Answer,
    ) -> Result<bool, Error> {
        let is_unfit = match payload::of(&answer.body, "") {
            Payload::Body(_) | Payload::Away => return Ok(false),
            Payload::Unfit => true,
            Payload::Failed => false,
        };
        let message = message_id(self.register.epoch().bytes(), &webhook.id, Subject::Gap(&progress.at));
        let called = Called::not(DeliveryError::Document);
        let mut settled = self.settled(webhook, progress, (&message, None), called);
        if is_unfit {
            settled.disabled = Some(DisabledReason::Document);
            settled.outcome.next_attempt_us = None;
        }
        self.note(webhook, settled).await?;
        Ok(false)
    }

    /// Notes an attempt at the next message and what follows from it; says whether the lease holds.
    async fn settle(
        &self,
        webhook: &Webhook,
        progress: &mut Progress,
        reached: (&str, Option<&str>),
        called: Called,
    ) -> Result<bool, Error> {
        let is_delivered = called.error.is_none();
        let settled = self.settled(webhook, progress, reached, called);
        let holds = self.note(webhook, settled).await?;
        progress.failures = if is_delivered { 0 } else { progress.failures + 1 };
        Ok(holds)
    }

    fn settled<'a>(
        &self,
        webhook: &Webhook,
        progress: &'a Progress,
        (message, reached): (&'a str, Option<&'a str>),
        called: Called,
    ) -> Settled<'a> {
        let is_delivered = called.error.is_none();
        let mut outcome = self.outcome(called);
        let mut disabled = None;
        if !is_delivered {
            let wait_us = retry::wait_us(progress.failures + 1, chance());
            match (outcome.status, wait_us) {
                (Some(status), _) if u16::try_from(status) == Ok(GONE) => {
                    disabled = Some(DisabledReason::Gone);
                }
                (_, None) => disabled = Some(DisabledReason::Exhausted),
                (_, Some(wait_us)) => outcome.next_attempt_us = Some(outcome.at_us + wait_us),
            }
        }
        let reached = reached.filter(|_| is_delivered);
        Settled { revision: webhook.revision, message, after: &progress.at, reached, outcome, disabled }
    }

    async fn note(&self, webhook: &Webhook, settled: Settled<'_>) -> Result<bool, Error> {
        if let Some(reason) = settled.disabled {
            let reason: &'static str = reason.into();
            tracing::warn!(webhook = webhook.id, reason, "a webhook is given up");
        }
        self.register.settle_webhook(&self.lease, settled).await
    }

    /// Makes the pings and repetitions that wait, each once; says whether the round goes on.
    async fn carry_out_waiting(&self) -> Result<bool, Error> {
        for delivery in self.register.waiting_deliveries(&self.lease.id).await? {
            if *self.orders.borrow() == Order::End {
                return Ok(false);
            }
            let Some(webhook) = self.register.held_webhook(&self.lease).await? else { return Ok(false) };
            let body = match &delivery.after {
                None => Ok(payload::ping(&webhook.id, &self.timestamp())),
                Some(after) => self.find(&webhook, &delivery, after).await,
            };
            let called = match body {
                Ok(body) => self.call(&webhook, &delivery.message, body).await,
                Err(error) => Called::not(error),
            };
            let outcome = self.outcome(called);
            if !self.register.settle_delivery(&self.lease, &delivery.key, &outcome).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The payload of a message that was told before: the feed is read again from where it stood.
    async fn find(
        &self,
        webhook: &Webhook,
        delivery: &Delivery,
        after: &str,
    ) -> Result<Vec<u8>, DeliveryError> {
        let before = Webhook { cursor: after.to_owned(), ..webhook.clone() };
        let mut answers = self.api.answers(question(&before), Transport::Webhook).take(MOST_SEARCHED);
        let search = async {
            while let Some(answer) = answers.next().await {
                let Some(event) = answer.event.as_deref().filter(|event| !event.is_heartbeat) else {
                    return Err(DeliveryError::NoMessage);
                };
                if self.name(webhook, event, after) == delivery.message {
                    return match payload::of(&answer.body, &self.timestamp()) {
                        Payload::Body(body) => Ok(body),
                        Payload::Unfit | Payload::Away | Payload::Failed => Err(DeliveryError::Document),
                    };
                }
            }
            Err(DeliveryError::NoMessage)
        };
        timeout(LONGEST_SEARCH, search).await.unwrap_or(Err(DeliveryError::NoMessage))
    }

    /// The name of the message that tells an event, where the feed was told up to there before it.
    fn name(&self, webhook: &Webhook, event: &Event, before: &str) -> String {
        let subject = match event.change {
            Some((log, position)) => Subject::Change(log, position),
            None => Subject::Gap(before),
        };
        message_id(self.register.epoch().bytes(), &webhook.id, subject)
    }

    async fn call(&self, webhook: &Webhook, message: &str, body: Vec<u8>) -> Called {
        let at_us = self.register.now_us();
        let letter = Letter {
            message: message.to_owned(),
            at_s: at_us.div_euclid(1_000_000),
            signatures: webhook.signatures(message, at_us, &body),
            body,
        };
        self.caller.call(&webhook.url, letter).await
    }

    fn outcome(&self, called: Called) -> Attempted {
        let Called { took_ms, status, error, excerpt } = called;
        caunoi_metrics::webhook_attempt(error.is_none());
        Attempted {
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

/// A number drawn at random; where the machine gives none, all wait equally long.
fn chance() -> u16 {
    let mut bytes = [0; 2];
    getrandom::fill(&mut bytes).map_or(u16::MAX / 2, |()| u16::from_be_bytes(bytes))
}
