//! Calling partners: for each webhook one task, on one node at a time.
//!
//! A webhook is a subscription that this process follows. [`Sender`] sees which webhooks are due
//! and takes a lease on each; [`round`] follows the feed for one and calls its endpoint; [`call`]
//! is one call; [`gate`] keeps calls within the public internet.

use std::{collections::HashMap, sync::Arc, time::Duration};

use caunoi_domain::webhook::WebhookState;
use caunoi_graphql::Api;
use caunoi_register::{Error, Register, Standing};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep},
};

mod call;
mod gate;
mod payload;
mod round;

pub(crate) use call::Caller;
pub(crate) use gate::Gate;

use round::Round;

/// How long what is due waits at most before somebody looks.
const INTERVAL: Duration = Duration::from_secs(1);
/// How often leases are renewed; three times as often as they would end.
const RENEWAL: Duration = Duration::from_secs(5);

/// What a round is told while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Go on; the number rises when something waits that was asked for apart.
    GoOn(u64),
    /// End after what you are at.
    End,
}

/// Calls the endpoints of all partners, as far as no other node does.
pub(crate) struct Sender {
    register: Arc<Register>,
    api: Api,
    caller: Caller,
    /// The name of this process on its leases.
    holder: String,
    running: HashMap<String, Running>,
}

struct Running {
    revision: i32,
    orders: watch::Sender<Order>,
    task: JoinHandle<()>,
}

impl Sender {
    /// A sender that has called nobody yet. `holder` is a name that no other process has.
    pub(crate) fn new(register: Arc<Register>, api: Api, caller: Caller, holder: String) -> Self {
        Self { register, api, caller, holder, running: HashMap::new() }
    }

    /// Calls until `stopping` says so; then what is being called is brought to its end, and the
    /// leases are given back.
    pub(crate) async fn run(mut self, mut stopping: watch::Receiver<()>) {
        let mut does_read = true;
        let mut renewed = Instant::now();
        loop {
            tokio::select! {
                _ = stopping.changed() => break,
                () = sleep(INTERVAL) => {}
            }
            let looked = self.look(&mut renewed).await;
            note(&looked, does_read);
            does_read = looked.is_ok();
        }
        for running in self.running.values() {
            // It may have ended already.
            let _ = running.orders.send(Order::End);
        }
        for (webhook, running) in self.running.drain() {
            if let Err(failure) = running.task.await {
                tracing::error!(webhook, %failure, "a round of calls broke off");
            }
        }
    }

    /// Looks who is due, and who is not any more.
    async fn look(&mut self, renewed: &mut Instant) -> Result<(), Error> {
        self.running.retain(|_, running| !running.task.is_finished());
        if !self.running.is_empty() && renewed.elapsed() >= RENEWAL {
            self.register.renew_leases(&self.holder).await?;
            *renewed = Instant::now();
        }
        let standings = self.register.standings().await?;
        count(&standings);
        let now_us = self.register.now_us();
        for standing in &standings {
            match self.running.get(&standing.id) {
                Some(running) => running.heed(standing, &self.holder),
                None if is_due(standing, now_us) && is_free(standing, &self.holder, now_us) => {
                    self.begin(standing);
                }
                None => {}
            }
        }
        for (id, running) in &self.running {
            if !standings.iter().any(|standing| standing.id == *id) {
                running.orders.send_replace(Order::End);
            }
        }
        Ok(())
    }

    fn begin(&mut self, standing: &Standing) {
        let (orders, heard) = watch::channel(Order::GoOn(0));
        let round = Round::new(
            (Arc::clone(&self.register), self.api.clone(), self.caller.clone()),
            (standing.id.clone(), self.holder.clone()),
            heard,
        );
        let task = tokio::spawn(round.run());
        self.running.insert(standing.id.clone(), Running { revision: standing.revision, orders, task });
    }
}

impl Running {
    /// Ends what is called by another node by now, or is not what it was; passes on that something
    /// waits.
    fn heed(&self, standing: &Standing, holder: &str) {
        let is_lost = standing.holder.as_deref().is_some_and(|other| other != holder);
        if is_lost || standing.revision != self.revision {
            self.orders.send_replace(Order::End);
        } else if standing.has_waiting {
            self.orders.send_modify(|order| {
                if let Order::GoOn(number) = order {
                    *number += 1;
                }
            });
        }
    }
}

/// Whether there is anything to do for a webhook now.
fn is_due(standing: &Standing, now_us: i64) -> bool {
    let is_called = standing.state == WebhookState::Active;
    standing.has_waiting || (is_called && standing.next_attempt_us.is_none_or(|at_us| at_us <= now_us))
}

/// Whether no other node calls it.
fn is_free(standing: &Standing, holder: &str, now_us: i64) -> bool {
    standing.holder.as_deref().is_none_or(|other| other == holder)
        || standing.held_until_us.is_none_or(|until_us| until_us < now_us)
}

/// Tells the metrics how many webhooks there are in each state.
fn count(standings: &[Standing]) {
    let of = |state| standings.iter().filter(|standing| standing.state == state).count();
    caunoi_metrics::note_webhooks([
        ("active", of(WebhookState::Active)),
        ("paused", of(WebhookState::Paused)),
        ("disabled", of(WebhookState::Disabled)),
    ]);
}

/// Says once that webhooks cannot be read, and once that they can be again.
fn note(looked: &Result<(), Error>, did_read: bool) {
    match looked {
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

    fn standing() -> Standing {
        Standing {
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
    fn who_is_active_is_due_unless_it_waits_and_a_ping_waits_for_nothing() {
        let at = |state, next_attempt_us, has_waiting| {
            is_due(&Standing { state, next_attempt_us, has_waiting, ..standing() }, 100)
        };
        assert!(at(WebhookState::Active, None, false) && at(WebhookState::Active, Some(100), false));
        assert!(!at(WebhookState::Active, Some(101), false) && at(WebhookState::Active, Some(101), true));
        for state in [WebhookState::Paused, WebhookState::Disabled] {
            assert!(!at(state, None, false) && at(state, None, true));
        }
    }

    #[test]
    fn a_lease_of_another_node_is_left_alone_until_it_ends() {
        let at = |holder: &str, until_us| {
            let holder = Some(holder.to_owned());
            is_free(&Standing { holder, held_until_us: Some(until_us), ..standing() }, "me", 100)
        };
        assert!(is_free(&standing(), "me", 100));
        assert!(at("me", 200) && at("other", 99) && !at("other", 100) && !at("other", 200));
    }
}
