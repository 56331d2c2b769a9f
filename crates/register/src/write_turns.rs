//! Turns of provinces to write: no province waits for all writes of another one.
//!
//! The database has few connections that write, on SQLite one. Commands and uploads take a turn
//! before they begin a transaction. Owners' work (jobs, webhooks, the read model) takes none: it
//! waits for a connection behind the few transactions that have a turn.

use crate::Register;
use crate::error::Error;
use crate::gate::Gate;
use caunoi_domain::admission::{AdmissionLimits, ServiceClass};
use caunoi_domain::id::Log;
use caunoi_domain::policy::Permit;
use caunoi_metrics::AdmissionGate;
use caunoi_store::StoreError;
use std::time::Duration;

/// The longest wait for a turn.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// The transactions of one log that run at once: the second one begins while the first one holds
/// the head of the log.
const TRANSACTIONS_PER_LOG: usize = 2;

/// Creates the gate for this many concurrent transactions.
pub(crate) fn gate(transactions: usize) -> Gate<Log> {
    let limits = AdmissionLimits::for_writes(transactions, TRANSACTIONS_PER_LOG);
    Gate::new(AdmissionGate::Writes, limits, MAX_WAIT)
}

impl Register {
    /// Waits for the turn to write with this permit, and writes. The ministry is next before all
    /// provinces.
    pub(crate) async fn write_in_turn<T>(
        &self,
        permit: &Permit,
        write: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, Error> {
        let _turn = self.write_gate.enter(ServiceClass::of(permit.role()), &permit.log()).await?;
        self.check_write(write.await)
    }
}
