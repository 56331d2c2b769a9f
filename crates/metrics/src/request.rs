//! Operations: how many, how long, what they cost and what came of them.

use crate::catalogue::{
    ANSWER_BYTES, AUDIENCES, FAULTS, OPERATIONS, REQUEST_COST, REQUEST_SECONDS, REQUESTS, STAGE_SECONDS,
    WRITE_SECONDS, WRITES,
};
use crate::label::{Kind, Stage, Transport};
use metrics::{counter, gauge, histogram};
use std::time::{Duration, Instant};

/// An operation on its way to its first answer.
#[derive(Debug)]
pub struct Course {
    transport: &'static str,
    begun: Instant,
}

impl Course {
    /// It has come.
    #[must_use]
    pub fn begin(transport: Transport) -> Self {
        Self { transport: transport.into(), begun: Instant::now() }
    }

    /// It is answered; `outcome` is a word of a closed list. Further answers of one that stays open
    /// count their bytes alone.
    pub fn end(&self, kind: Kind, outcome: &'static str, bytes: usize) {
        let name: &'static str = kind.into();
        counter!(REQUESTS, "transport" => self.transport, "kind" => name, "outcome" => outcome).increment(1);
        // The first event of a subscription comes when something happens, not when we are ready.
        if kind != Kind::Subscription {
            histogram!(REQUEST_SECONDS, "kind" => name).record(self.begun.elapsed().as_secs_f64());
        }
        self.send(bytes);
    }

    /// Bytes leave.
    pub fn send(&self, bytes: usize) {
        counter!(ANSWER_BYTES, "transport" => self.transport).increment(bytes as u64);
    }
}

/// An operation that runs, until this is dropped.
#[derive(Debug)]
pub struct Operation(&'static str);

impl Operation {
    /// It begins to run.
    #[must_use]
    pub fn begin(kind: Kind) -> Self {
        let kind = kind.into();
        gauge!(OPERATIONS, "kind" => kind).increment(1);
        Self(kind)
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        gauge!(OPERATIONS, "kind" => self.0).decrement(1);
    }
}

/// All who listen to the same, until this is dropped.
#[derive(Debug)]
pub struct Audience(());

impl Audience {
    /// The first one listens.
    #[must_use]
    pub fn gather() -> Self {
        gauge!(AUDIENCES).increment(1);
        Self(())
    }
}

impl Drop for Audience {
    fn drop(&mut self) {
        gauge!(AUDIENCES).decrement(1);
    }
}

/// Times one passage through a stage, until this is dropped.
#[derive(Debug)]
pub struct Timer {
    stage: Stage,
    begun: Instant,
}

impl Timer {
    /// The stage begins.
    #[must_use]
    pub fn begin(stage: Stage) -> Self {
        Self { stage, begun: Instant::now() }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let stage: &'static str = self.stage.into();
        histogram!(STAGE_SECONDS, "stage" => stage).record(self.begun.elapsed().as_secs_f64());
    }
}

/// Records the expected cost of an operation.
pub fn cost(units: u64) {
    // No document can cost as much as a float cannot tell.
    #[expect(clippy::cast_precision_loss, reason = "buckets are far coarser than a float")]
    histogram!(REQUEST_COST).record(units as f64);
}

/// A caller is told an error; `code` is a word of the closed list.
pub fn fault(code: &'static str) {
    counter!(FAULTS, "code" => code).increment(1);
}

/// An act on an entry has ended; `operation` and `outcome` are words of closed lists.
pub fn write(operation: &'static str, outcome: &'static str, elapsed: Duration) {
    counter!(WRITES, "operation" => operation, "outcome" => outcome).increment(1);
    histogram!(WRITE_SECONDS, "operation" => operation).record(elapsed.as_secs_f64());
}
