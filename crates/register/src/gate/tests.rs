use super::*;
use caunoi_domain::admission::ServiceClass::{Ministry, Province, Public};
use futures_util::FutureExt as _;
use std::future::Future;
use std::pin::Pin;

type Entering<'a> = Pin<Box<dyn Future<Output = Result<Slot<u8>, Overloaded>> + 'a>>;

fn gate(limits: AdmissionLimits) -> Gate<u8> {
    Gate::new(AdmissionGate::Writes, limits, Duration::from_secs(2))
}

/// One slot.
fn narrow_gate() -> Gate<u8> {
    gate(AdmissionLimits::for_writes(1, 1))
}

/// Joins the queue.
fn wait<'a>(gate: &'a Gate<u8>, class: ServiceClass, tenant: &'a u8) -> Entering<'a> {
    let mut entering: Entering<'a> = Box::pin(gate.enter(class, tenant));
    assert!(entering.as_mut().now_or_never().is_none(), "it waits");
    entering
}

fn now(entering: &mut Entering<'_>) -> Option<Result<Slot<u8>, Overloaded>> {
    entering.as_mut().now_or_never()
}

#[tokio::test]
async fn write_of_another_province_is_second_behind_a_hundred() {
    let gate = narrow_gate();
    let running = gate.enter(Province, &1).await.unwrap();
    let mut flood: Vec<Entering<'_>> = (0..100).map(|_| wait(&gate, Province, &1)).collect();
    let mut other = wait(&gate, Province, &2);
    drop(running);
    let first = now(&mut flood[0]).expect("the oldest is next").unwrap();
    assert!(now(&mut other).is_none());
    drop(first);
    assert!(now(&mut other).expect("the other province is second").is_ok());
}

#[tokio::test]
async fn waiting_request_leaves_the_queue_when_its_client_leaves() {
    let gate = narrow_gate();
    let running = gate.enter(Public, &1).await.unwrap();
    let (gone, mut next) = (wait(&gate, Public, &1), wait(&gate, Public, &2));
    drop(gone);
    assert_eq!(gate.usage(Public), (1, 1));
    drop(running);
    assert!(now(&mut next).expect("it is next").is_ok());
    assert_eq!(gate.usage(Public), (0, 0));
}

#[tokio::test]
async fn request_that_leaves_after_its_admission_gives_its_slot_back() {
    let gate = narrow_gate();
    let running = gate.enter(Public, &1).await.unwrap();
    let (admitted, mut next) = (wait(&gate, Public, &1), wait(&gate, Public, &2));
    drop(running);
    assert_eq!(gate.usage(Public), (1, 1));
    drop(admitted);
    assert!(now(&mut next).expect("the slot is passed on").is_ok());
}

#[tokio::test]
async fn full_queue_refuses_at_once_and_a_higher_class_displaces() {
    let gate = gate(AdmissionLimits { waiting: 1, tenant_waiting: 1, ..AdmissionLimits::for_writes(1, 1) });
    let running = gate.enter(Public, &1).await.unwrap();
    let mut waiting = wait(&gate, Public, &1);
    assert_eq!(gate.enter(Public, &2).now_or_never().expect("at once").err(), Some(Overloaded));
    let mut ministry = wait(&gate, Ministry, &1);
    assert_eq!(now(&mut waiting).expect("it was displaced").err(), Some(Overloaded));
    drop(running);
    assert!(now(&mut ministry).expect("it is next").is_ok());
}

#[tokio::test(start_paused = true)]
async fn request_is_refused_after_the_longest_wait() {
    let gate = narrow_gate();
    let running = gate.enter(Public, &1).await.unwrap();
    assert_eq!(gate.enter(Public, &2).await.err(), Some(Overloaded));
    assert_eq!(gate.usage(Public), (1, 0));
    drop(running);
}

#[tokio::test(start_paused = true)]
async fn unbounded_request_waits_as_long_as_it_takes() {
    let gate = gate(AdmissionLimits { waiting: 0, tenant_waiting: 0, ..AdmissionLimits::for_writes(1, 1) });
    let running = gate.enter(Public, &1).await.unwrap();
    let mut event = Box::pin(gate.enter_unbounded(Public, &1));
    assert!(event.as_mut().now_or_never().is_none());
    tokio::time::advance(Duration::from_mins(10)).await;
    assert!(event.as_mut().now_or_never().is_none());
    drop(running);
    drop(event.await);
    assert_eq!(gate.usage(Public), (0, 0));
}
