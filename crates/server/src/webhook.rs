//! Delivery of webhooks: one task per webhook, on one node at a time.
//!
//! A webhook is a subscription that the server runs for its partner. [`WebhookDispatcher`] finds
//! the webhooks that are due and starts a worker for each; [`delivery`] takes the lease, follows
//! the feed and sends its messages; [`client`] makes one HTTP call; [`outbound_policy`] restricts
//! calls to the public internet.

use std::{collections::HashMap, sync::Arc, time::Duration};

use caunoi_domain::webhook::WebhookState;
use caunoi_graphql::Api;
use caunoi_register::{Error, Register};
use caunoi_store::{WebhookLease, WebhookStatus};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep},
};

mod client;
mod delivery;
mod outbound_policy;
mod payload;
mod retry_after;

pub(crate) use client::WebhookClient;
pub(crate) use outbound_policy::PublicAddressPolicy;

use delivery::DeliveryWorker;

/// Interval at which the dispatcher looks for due webhooks.
const INTERVAL: Duration = Duration::from_secs(1);
/// Interval at which leases are renewed: a third of their duration.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(5);

/// A command to a running worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WorkerCommand {
    /// Continue; the number increases if a ping or a redelivery has been requested.
    Continue(u64),
    /// Stop after the current delivery.
    Stop,
}

/// Starts and stops the workers of all webhooks that no other node delivers.
pub(crate) struct WebhookDispatcher {
    register: Arc<Register>,
    api: Api,
    client: WebhookClient,
    /// Identifies this process in its leases.
    holder: String,
    running: HashMap<String, WorkerHandle>,
}

struct WorkerHandle {
    revision: i32,
    commands: watch::Sender<WorkerCommand>,
    task: JoinHandle<()>,
}

impl WebhookDispatcher {
    /// Creates a dispatcher without workers. `holder` must be unique among all processes.
    pub(crate) fn new(register: Arc<Register>, api: Api, client: WebhookClient, holder: String) -> Self {
        Self { register, api, client, holder, running: HashMap::new() }
    }

    /// Runs until `stopping` fires, then waits until the workers have completed their delivery and
    /// released their leases.
    pub(crate) async fn run(mut self, mut stopping: watch::Receiver<()>) {
        let mut does_read = true;
        let mut renewed = Instant::now();
        loop {
            tokio::select! {
                _ = stopping.changed() => break,
                () = sleep(INTERVAL) => {}
            }
            let refreshed = self.refresh(&mut renewed).await;
            log_change(&refreshed, does_read);
            does_read = refreshed.is_ok();
        }
        for running in self.running.values() {
            // The worker may have ended already.
            let _ = running.commands.send(WorkerCommand::Stop);
        }
        for (webhook, running) in self.running.drain() {
            if let Err(failure) = running.task.await {
                tracing::error!(webhook, %failure, "a webhook worker failed");
            }
        }
    }

    /// Reads the status of all webhooks, starts workers for those that are due and stops others.
    async fn refresh(&mut self, renewed: &mut Instant) -> Result<(), Error> {
        self.running.retain(|_, running| !running.task.is_finished());
        if !self.running.is_empty() && renewed.elapsed() >= RENEWAL_INTERVAL {
            self.register.renew_leases(&self.holder).await?;
            *renewed = Instant::now();
        }
        let statuses = self.register.webhook_statuses().await?;
        record_states(&statuses);
        let now_us = self.register.now_us();
        for status in &statuses {
            match self.running.get(&status.id) {
                Some(running) => running.update(status, &self.holder),
                None if is_due(status, now_us) && is_free(status, &self.holder, now_us) => {
                    self.start_worker(status);
                }
                None => {}
            }
        }
        for (id, running) in &self.running {
            if !statuses.iter().any(|status| status.id == *id) {
                running.commands.send_replace(WorkerCommand::Stop);
            }
        }
        Ok(())
    }

    fn start_worker(&mut self, status: &WebhookStatus) {
        let (commands, received_commands) = watch::channel(WorkerCommand::Continue(0));
        let worker = DeliveryWorker::new(
            Arc::clone(&self.register),
            self.api.clone(),
            self.client.clone(),
            WebhookLease { id: status.id.clone(), holder: self.holder.clone() },
            received_commands,
        );
        let task = tokio::spawn(worker.run());
        self.running.insert(status.id.clone(), WorkerHandle { revision: status.revision, commands, task });
    }
}

impl WorkerHandle {
    /// Stops the worker if another node holds the lease or the webhook has changed; otherwise
    /// notifies it of a requested ping or redelivery.
    fn update(&self, status: &WebhookStatus, holder: &str) {
        let is_lost = status.holder.as_deref().is_some_and(|other| other != holder);
        if is_lost || status.revision != self.revision {
            self.commands.send_replace(WorkerCommand::Stop);
        } else if status.has_waiting {
            self.commands.send_modify(|command| {
                if let WorkerCommand::Continue(number) = command {
                    *number += 1;
                }
            });
        }
    }
}

/// Returns whether a webhook has something to deliver now.
fn is_due(status: &WebhookStatus, now_us: i64) -> bool {
    let is_active = status.state == WebhookState::Active;
    status.has_waiting || (is_active && status.next_attempt_us.is_none_or(|at_us| at_us <= now_us))
}

/// Returns whether no other node holds the lease.
fn is_free(status: &WebhookStatus, holder: &str, now_us: i64) -> bool {
    status.holder.as_deref().is_none_or(|other| other == holder)
        || status.held_until_us.is_none_or(|until_us| until_us < now_us)
}

/// Records the number of webhooks per state in the metrics.
fn record_states(statuses: &[WebhookStatus]) {
    let of = |state| statuses.iter().filter(|status| status.state == state).count();
    caunoi_metrics::set_webhook_counts([
        ("active", of(WebhookState::Active)),
        ("paused", of(WebhookState::Paused)),
        ("disabled", of(WebhookState::Disabled)),
    ]);
}

/// Logs only the transitions between success and failure.
fn log_change(refreshed: &Result<(), Error>, did_read: bool) {
    match refreshed {
        Ok(()) if !did_read => tracing::info!("webhooks are read again"),
        Err(error @ Error::Broken(source)) if did_read => {
            tracing::error!(%error, %source, "webhooks cannot be read");
        }
        Err(error) if did_read => tracing::warn!(%error, "webhooks cannot be read now"),
        Ok(()) | Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status() -> WebhookStatus {
        WebhookStatus {
            id: "wh_1".to_owned(),
            state: WebhookState::Active,
            revision: 1,
            next_attempt_us: None,
            holder: None,
            held_until_us: None,
            has_waiting: false,
        }
    }

    #[test]
    fn active_webhook_is_due_after_its_wait_and_ping_at_once() {
        let at = |state, next_attempt_us, has_waiting| {
            is_due(&WebhookStatus { state, next_attempt_us, has_waiting, ..status() }, 100)
        };
        assert!(at(WebhookState::Active, None, false) && at(WebhookState::Active, Some(100), false));
        assert!(!at(WebhookState::Active, Some(101), false) && at(WebhookState::Active, Some(101), true));
        for state in [WebhookState::Paused, WebhookState::Disabled] {
            assert!(!at(state, None, false) && at(state, None, true));
        }
    }

    #[test]
    fn lease_of_another_node_is_respected_until_it_ends() {
        let at = |holder: &str, until_us| {
            let holder = Some(holder.to_owned());
            is_free(&WebhookStatus { holder, held_until_us: Some(until_us), ..status() }, "me", 100)
        };
        assert!(is_free(&status(), "me", 100));
        assert!(at("me", 200) && at("other", 99) && !at("other", 100) && !at("other", 200));
    }
}
