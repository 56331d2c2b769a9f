//! Metrics of operations: number, time, cost, errors and writes.

use crate::catalogue::{
    ERRORS, OPERATIONS, REQUEST_COST, REQUEST_SECONDS, REQUESTS, RESPONSE_BYTES, SHARED_STREAMS,
    STAGE_SECONDS, WRITE_SECONDS, WRITES,
};
use crate::label::{OperationKind, Stage, Transport};
use metrics::{counter, gauge, histogram};
use std::time::{Duration, Instant};

/// The label with the type of an operation, `graphql.operation.type` of OpenTelemetry.
const OPERATION_TYPE: &str = "graphql_operation_type";

/// Times an operation from the request to its first response.
#[derive(Debug)]
pub struct RequestTimer {
    transport: &'static str,
    begun: Instant,
}

impl RequestTimer {
    /// Starts the timer.
    #[must_use]
    pub fn begin(transport: Transport) -> Self {
        Self { transport: transport.into(), begun: Instant::now() }
    }

    /// Counts and times the operation, and counts the bytes of its response. `outcome` comes from a
    /// closed list. For further responses of an operation that stays open, call [`Self::send`].
    pub fn end(&self, kind: OperationKind, outcome: &'static str, bytes: usize) {
        let name: &'static str = kind.into();
        counter!(REQUESTS, "transport" => self.transport, OPERATION_TYPE => name, "outcome" => outcome)
            .increment(1);
        // The first event of a subscription is sent when a change occurs, so its time says nothing.
        if kind != OperationKind::Subscription {
            histogram!(REQUEST_SECONDS, OPERATION_TYPE => name).record(self.begun.elapsed().as_secs_f64());
        }
        self.send(bytes);
    }

    /// Counts bytes of a response.
    pub fn send(&self, bytes: usize) {
        counter!(RESPONSE_BYTES, "transport" => self.transport).increment(bytes as u64);
    }
}

/// Counts a running operation until it is dropped.
#[derive(Debug)]
pub struct RunningOperation(&'static str);

impl RunningOperation {
    /// Counts an operation that starts.
    #[must_use]
    pub fn begin(kind: OperationKind) -> Self {
        let kind = kind.into();
        gauge!(OPERATIONS, OPERATION_TYPE => kind).increment(1);
        Self(kind)
    }
}

impl Drop for RunningOperation {
    fn drop(&mut self) {
        gauge!(OPERATIONS, OPERATION_TYPE => self.0).decrement(1);
    }
}

/// Counts a shared stream of equal subscriptions until it is dropped.
#[derive(Debug)]
pub struct OpenSharedStream(());

impl OpenSharedStream {
    /// Counts a stream that was opened.
    #[must_use]
    pub fn open() -> Self {
        gauge!(SHARED_STREAMS).increment(1);
        Self(())
    }
}

impl Drop for OpenSharedStream {
    fn drop(&mut self) {
        gauge!(SHARED_STREAMS).decrement(1);
    }
}

/// Times one run of a stage until it is dropped.
#[derive(Debug)]
pub struct StageTimer {
    stage: Stage,
    begun: Instant,
}

impl StageTimer {
    /// Starts the timer.
    #[must_use]
    pub fn begin(stage: Stage) -> Self {
        Self { stage, begun: Instant::now() }
    }
}

impl Drop for StageTimer {
    fn drop(&mut self) {
        let stage: &'static str = self.stage.into();
        histogram!(STAGE_SECONDS, "stage" => stage).record(self.begun.elapsed().as_secs_f64());
    }
}

/// Records the expected cost of an operation, in objects.
pub fn record_cost(units: u64) {
    // The limit of a document's cost is far below 2^53.
    #[expect(clippy::cast_precision_loss, reason = "buckets are far coarser than f64")]
    histogram!(REQUEST_COST).record(units as f64);
}

/// Counts an error that was returned to a caller; `code` comes from a closed list.
pub fn count_error(code: &'static str) {
    counter!(ERRORS, "code" => code).increment(1);
}

/// Counts and times a command on an entry; `operation` and `outcome` come from closed lists.
pub fn record_write(operation: &'static str, outcome: &'static str, elapsed: Duration) {
    counter!(WRITES, "operation" => operation, "outcome" => outcome).increment(1);
    histogram!(WRITE_SECONDS, "operation" => operation).record(elapsed.as_secs_f64());
}
