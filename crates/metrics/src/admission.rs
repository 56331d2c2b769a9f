//! Metrics of admission: running, waiting and refused requests by gate and class.

use crate::catalogue::{ADMISSION_REFUSED, ADMISSION_RUNNING, ADMISSION_WAITING};
use crate::label::{AdmissionGate, RefusalCause};
use metrics::{counter, gauge};

/// Adds to the requests of a class that hold a slot; `class` comes from a closed list.
pub fn add_admitted(gate: AdmissionGate, class: &'static str, difference: f64) {
    let gate: &'static str = gate.into();
    gauge!(ADMISSION_RUNNING, "gate" => gate, "class" => class).increment(difference);
}

/// Adds to the requests of a class that wait for a slot; `class` comes from a closed list.
pub fn add_waiting(gate: AdmissionGate, class: &'static str, difference: f64) {
    let gate: &'static str = gate.into();
    gauge!(ADMISSION_WAITING, "gate" => gate, "class" => class).increment(difference);
}

/// Counts a request that was refused because it found no slot; `class` comes from a closed list.
pub fn count_refused(gate: AdmissionGate, class: &'static str, cause: RefusalCause) {
    let (gate, cause): (&'static str, &'static str) = (gate.into(), cause.into());
    counter!(ADMISSION_REFUSED, "gate" => gate, "class" => class, "cause" => cause).increment(1);
}
