//! Admission of operations: how many run at once, and whose.
//!
//! A request takes a slot before its document is read, because reading is work as well, and keeps it
//! until its response is written. Cached responses and the followers of a flight need none. Events
//! of subscriptions have slots of their own, so a mutation that waits for an event cannot wait for
//! itself.

use super::{ErrorCode, ExecutionLimits, GraphqlResponse, Recipient, ResponseOutcome};
use caunoi_domain::admission::{AdmissionLimits, ServiceClass};
use caunoi_domain::id::Log;
use caunoi_domain::policy::Actor;
use caunoi_metrics::AdmissionGate;
use caunoi_register::{Gate, Slot};
use caunoi_texts::ApiText;
use parking_lot::Mutex;
use std::net::IpAddr;
use std::sync::Arc;

/// The part of the deadline that a request may wait for a slot, as a divisor.
const WAIT_DIVISOR: u32 = 5;

/// The gates of one node. Clones share their state.
#[derive(Debug, Clone)]
pub(crate) struct Admission {
    operations: Gate<Tenant>,
    events: Gate<Tenant>,
}

/// Who takes turns with others of its class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Tenant {
    /// All people of a province.
    Province(Log),
    /// A partner, or a person of the ministry.
    Name(String),
    /// A client network; none if the address is unknown.
    Network(Option<IpAddr>),
}

/// The class and the tenant of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Client {
    class: ServiceClass,
    tenant: Tenant,
}

impl Client {
    /// Returns the client of requests by this actor from this network.
    pub(super) fn new(actor: &Actor, network: Option<IpAddr>) -> Self {
        let class = ServiceClass::of(actor.role());
        let tenant = match (class, actor.province()) {
            (ServiceClass::Public, _) => Tenant::Network(network),
            (ServiceClass::Province, Some(log)) => Tenant::Province(log),
            (ServiceClass::Province | ServiceClass::Partner | ServiceClass::Ministry, _) => {
                Tenant::Name(actor.name().to_owned())
            }
        };
        Self { class, tenant }
    }
}

/// The place of one request in the admission. It has a slot after [`Self::take`] and until
/// [`Self::release`] or its drop.
#[derive(Debug)]
pub(super) struct Turn {
    gate: Gate<Tenant>,
    client: Client,
    recipient: Recipient,
    slot: Mutex<Option<Slot<Tenant>>>,
}

impl Admission {
    /// Creates the gates for these limits.
    pub(crate) fn new(limits: ExecutionLimits) -> Self {
        let slots = AdmissionLimits::for_operations(limits.operations);
        let max_wait = limits.deadline / WAIT_DIVISOR;
        Self {
            operations: Gate::new(AdmissionGate::Operations, slots, max_wait),
            events: Gate::new(AdmissionGate::Events, slots, max_wait),
        }
    }

    /// Returns the place of a request, which has no slot yet.
    pub(super) fn turn(&self, client: Client, recipient: Recipient) -> Arc<Turn> {
        let gate = self.operations.clone();
        Arc::new(Turn { gate, client, recipient, slot: Mutex::new(None) })
    }

    /// Waits for a slot for an event. Events are not refused, because each change is sent; their
    /// number is limited by the budget of subscriptions.
    pub(super) async fn enter_event(&self, client: &Client) -> Slot<Tenant> {
        self.events.enter_unbounded(client.class, &client.tenant).await
    }
}

impl Turn {
    /// Waits for a slot, unless the request has one.
    ///
    /// # Errors
    /// Returns the response `OVERLOADED` if the node has too much work of this class or above.
    pub(super) async fn take(&self) -> Result<(), GraphqlResponse> {
        if self.slot.lock().is_some() {
            return Ok(());
        }
        let Client { class, tenant } = &self.client;
        match self.gate.enter(*class, tenant).await {
            Ok(slot) => {
                *self.slot.lock() = Some(slot);
                Ok(())
            }
            Err(_) => Err(GraphqlResponse::refuse(
                ResponseOutcome::Overloaded,
                ErrorCode::Overloaded,
                &ApiText::Overloaded,
                &self.recipient,
            )),
        }
    }

    /// Gives the slot back while the request waits for the work of another one.
    pub(super) fn release(&self) {
        *self.slot.lock() = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::policy::Role;
    use std::time::Duration;

    fn actor(role: Role, name: &str, province: Option<Log>) -> Actor {
        Actor::new(role, name, province, true).unwrap()
    }

    fn turn(admission: &Admission, actor: &Actor) -> Arc<Turn> {
        admission.turn(Client::new(actor, None), Recipient::new("id", Some("en")))
    }

    #[test]
    fn people_of_a_province_are_one_tenant_and_partners_are_not() {
        let province = Log::new(1);
        let client = |role, name, province| Client::new(&actor(role, name, province), None);
        let clerk = client(Role::Clerk, "an", Some(province));
        assert_eq!(clerk, client(Role::Publisher, "ba", Some(province)));
        assert_ne!(clerk, client(Role::Clerk, "an", Some(Log::new(2))));
        assert_ne!(client(Role::Partner, "a", None), client(Role::Partner, "b", None));
        let network = |last: u8| Client::new(&Actor::public(), Some(IpAddr::from([10, 0, 0, last])));
        assert_ne!(network(1), network(2));
    }

    #[tokio::test(start_paused = true)]
    async fn stranger_is_refused_and_the_ministry_is_not() {
        let limits = ExecutionLimits {
            operations: 4,
            deadline: Duration::from_secs(10),
            ..ExecutionLimits::default()
        };
        let admission = Admission::new(limits);
        let first = turn(&admission, &Actor::public());
        first.take().await.unwrap();
        first.take().await.unwrap();
        let second = turn(&admission, &Actor::public());
        let refused = second.take().await.unwrap_err();
        assert_eq!(refused.outcome, ResponseOutcome::Overloaded);
        let body: serde_json::Value = serde_json::from_slice(&refused.body).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], "OVERLOADED", "{body}");
        assert_eq!(body["errors"][0]["extensions"]["retryable"], true, "{body}");
        turn(&admission, &actor(Role::Analyst, "an", None)).take().await.unwrap();
        first.release();
        second.take().await.unwrap();
    }

    #[tokio::test]
    async fn events_take_no_slot_of_operations() {
        let limits = ExecutionLimits { operations: 4, ..ExecutionLimits::default() };
        let admission = Admission::new(limits);
        let client = Client::new(&Actor::public(), None);
        let _event = admission.enter_event(&client).await;
        turn(&admission, &Actor::public()).take().await.unwrap();
    }
}
