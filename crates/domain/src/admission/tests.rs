use super::ServiceClass::{Ministry, Partner, Province, Public};
use super::*;
use proptest::prelude::*;
use std::collections::HashMap;

type Queue = AdmissionQueue<u8>;

fn queue(slots: usize) -> Queue {
    Queue::new(AdmissionLimits::for_operations(slots))
}

/// Waits with a request that finds no slot.
fn wait(queue: &mut Queue, class: ServiceClass, tenant: u8) -> Ticket {
    match queue.arrive(class, &tenant) {
        Arrival::Waits { ticket, displaced: None } => ticket,
        other @ (Arrival::Admitted | Arrival::Waits { .. } | Arrival::Refused) => panic!("{other:?}"),
    }
}

/// Ends operations of this tenant one by one; returns the tickets in the order in which they start.
fn serve(queue: &mut Queue, class: ServiceClass, tenants: &HashMap<Ticket, u8>, first: u8) -> Vec<Ticket> {
    let (mut running, mut order) = (first, Vec::new());
    loop {
        queue.finish(class, &running);
        let Some(ticket) = queue.start_next() else { return order };
        assert_eq!(queue.start_next(), None, "one slot, one request");
        order.push(ticket);
        running = tenants[&ticket];
    }
}

#[test]
fn lower_class_leaves_the_reserved_slots() {
    let mut queue = queue(8);
    // Another tenant each time: no tenant reaches its own limit.
    let admitted = (0..100).filter(|tenant| queue.arrive(Public, tenant) == Arrival::Admitted).count();
    assert_eq!(admitted, 3);
    assert_eq!(queue.arrive(Partner, &0), Arrival::Admitted);
    assert_eq!(queue.arrive(Province, &0), Arrival::Admitted);
    assert_eq!(queue.arrive(Province, &1), Arrival::Admitted);
    assert_eq!(queue.arrive(Ministry, &0), Arrival::Admitted);
    assert_eq!(queue.arrive(Ministry, &0), Arrival::Admitted);
}

#[test]
fn highest_class_leaves_a_slot_to_each_other_class() {
    let mut queue = queue(4);
    for tenant in 0..50 {
        let _ = queue.arrive(Ministry, &tenant);
    }
    for class in [Public, Partner, Province] {
        assert_eq!(queue.arrive(class, &0), Arrival::Admitted, "{class:?}");
    }
}

#[test]
fn tenants_of_a_class_take_turns() {
    let mut queue = Queue::new(AdmissionLimits::for_writes(1, 1));
    assert_eq!(queue.arrive(Province, &1), Arrival::Admitted);
    let flood: Vec<Ticket> = (0..100).map(|_| wait(&mut queue, Province, 1)).collect();
    let other = [wait(&mut queue, Province, 2), wait(&mut queue, Province, 2)];
    let mut tenants: HashMap<Ticket, u8> = flood.iter().map(|ticket| (*ticket, 1)).collect();
    tenants.extend(other.map(|ticket| (ticket, 2)));
    let order = serve(&mut queue, Province, &tenants, 1);
    assert_eq!(order[..4], [flood[0], other[0], flood[1], other[1]]);
    assert_eq!(order.len(), 102);
}

#[test]
fn higher_class_is_next_whatever_waits() {
    let mut queue = Queue::new(AdmissionLimits::for_writes(1, 1));
    assert_eq!(queue.arrive(Province, &1), Arrival::Admitted);
    wait(&mut queue, Province, 1);
    wait(&mut queue, Province, 2);
    let ministry = wait(&mut queue, Ministry, 1);
    queue.finish(Province, &1);
    assert_eq!(queue.start_next(), Some(ministry));
}

#[test]
fn flooding_tenant_leaves_slots_of_its_class() {
    let mut queue = queue(8);
    let admitted = (0..50).filter(|_| queue.arrive(Province, &1) == Arrival::Admitted).count();
    assert_eq!(admitted, 2, "half of the four slots that provinces can take");
    assert_eq!(queue.arrive(Province, &2), Arrival::Admitted);
}

#[test]
fn full_queue_refuses_the_longest_queue_of_the_lowest_class() {
    let limits = AdmissionLimits { waiting: 4, tenant_waiting: 3, ..AdmissionLimits::for_writes(1, 1) };
    let mut queue = Queue::new(limits);
    assert_eq!(queue.arrive(Ministry, &0), Arrival::Admitted);
    let one = [1, 1, 2, 3].map(|tenant| wait(&mut queue, Public, tenant));
    // Tenant 1 has the longest queue, so it is refused another place, and loses its last one to a
    // tenant without any.
    assert_eq!(queue.arrive(Public, &1), Arrival::Refused);
    let Arrival::Waits { displaced, .. } = queue.arrive(Public, &4) else { panic!("it waits") };
    assert_eq!(displaced, Some(one[1]));
    // All queues have one place: an equal one is not displaced, a higher class displaces.
    assert_eq!(queue.arrive(Public, &5), Arrival::Refused);
    let Arrival::Waits { displaced, .. } = queue.arrive(Province, &1) else { panic!("it waits") };
    assert!(displaced.is_some());
    assert_eq!((queue.waiting(Public), queue.waiting(Province)), (3, 1));
    for _ in 0..2 {
        assert!(matches!(queue.arrive(Province, &1), Arrival::Waits { displaced: Some(_), .. }));
    }
    assert_eq!(queue.arrive(Province, &1), Arrival::Refused, "three of one tenant wait");
    assert!(matches!(queue.arrive(Province, &2), Arrival::Waits { displaced: Some(_), .. }));
    assert_eq!(queue.arrive(Public, &6), Arrival::Refused, "only higher classes wait");
}

#[test]
fn request_that_left_is_not_started() {
    let mut queue = Queue::new(AdmissionLimits::for_writes(1, 1));
    assert_eq!(queue.arrive(Public, &1), Arrival::Admitted);
    let (gone, next) = (wait(&mut queue, Public, 1), wait(&mut queue, Public, 2));
    assert!(queue.leave(gone));
    assert!(!queue.leave(gone));
    queue.finish(Public, &1);
    assert_eq!(queue.start_next(), Some(next));
    assert!(!queue.leave(next), "it runs");
}

#[derive(Debug, Clone)]
enum Step {
    Arrive(ServiceClass, u8),
    Finish(usize),
    Leave(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let class = prop_oneof![Just(Public), Just(Partner), Just(Province), Just(Ministry)];
    let step = prop_oneof![
        3 => (class, 0..4_u8).prop_map(|(class, tenant)| Step::Arrive(class, tenant)),
        2 => any::<usize>().prop_map(Step::Finish),
        1 => any::<usize>().prop_map(Step::Leave),
    ];
    prop::collection::vec(step, 0..200)
}

proptest! {
    #[test]
    fn slots_and_queues_stay_within_their_limits(steps in steps(), slots in 4..12_usize) {
        let limits = AdmissionLimits { waiting: 12, tenant_waiting: 4, ..AdmissionLimits::for_operations(slots) };
        let mut queue = Queue::new(limits);
        let mut running: Vec<(ServiceClass, u8)> = Vec::new();
        let mut waiting: Vec<(Ticket, ServiceClass, u8)> = Vec::new();
        for step in steps {
            match step {
                Step::Arrive(class, tenant) => match queue.arrive(class, &tenant) {
                    Arrival::Admitted => running.push((class, tenant)),
                    Arrival::Waits { ticket, displaced } => {
                        if let Some(gone) = displaced {
                            let at = waiting.iter().position(|(other, ..)| *other == gone).expect("it waited");
                            prop_assert!(waiting.remove(at).1 <= class, "a higher class was displaced");
                        }
                        waiting.push((ticket, class, tenant));
                    }
                    Arrival::Refused => {
                        let own = waiting.iter().filter(|(_, c, t)| (*c, *t) == (class, tenant)).count();
                        let lower = waiting.iter().any(|(_, other, _)| *other < class);
                        prop_assert!(own == 4 || (waiting.len() == 12 && !lower));
                    }
                },
                Step::Finish(pick) if !running.is_empty() => {
                    let (class, tenant) = running.swap_remove(pick % running.len());
                    queue.finish(class, &tenant);
                }
                Step::Leave(pick) if !waiting.is_empty() => {
                    let (ticket, ..) = waiting.swap_remove(pick % waiting.len());
                    prop_assert!(queue.leave(ticket));
                }
                Step::Finish(_) | Step::Leave(_) => {}
            }
            while let Some(ticket) = queue.start_next() {
                let at = waiting.iter().position(|(other, ..)| *other == ticket).expect("it waited");
                let (_, class, tenant) = waiting.remove(at);
                let older = waiting.iter().any(|(other, c, t)| *other < ticket && (*c, *t) == (class, tenant));
                prop_assert!(!older, "requests of one tenant keep their order");
                running.push((class, tenant));
            }
            for class in ServiceClass::VARIANTS {
                let own = |entry: &&(ServiceClass, u8)| entry.0 == *class;
                let others = running.len() - running.iter().filter(own).count();
                prop_assert!(others + limits.reserved.of(*class) <= limits.slots, "a reserved slot is taken");
                prop_assert_eq!(queue.running(*class), running.iter().filter(own).count());
                prop_assert_eq!(queue.waiting(*class), waiting.iter().filter(|(_, other, _)| other == class).count());
                for tenant in 0..4 {
                    let of_tenant = running.iter().filter(|entry| **entry == (*class, tenant)).count();
                    prop_assert!(of_tenant <= *limits.tenant_slots.of(*class));
                }
            }
            prop_assert!(waiting.len() <= limits.waiting);
            // No slot is idle while a request waits that could use it.
            for (_, class, tenant) in &waiting {
                let at_limit = running.iter().filter(|entry| **entry == (*class, *tenant)).count() >= *limits.tenant_slots.of(*class);
                let taken: usize = ServiceClass::VARIANTS.iter().map(|other| {
                    let own = running.iter().filter(|entry| entry.0 == *other).count();
                    if other == class { own } else { own.max(*limits.reserved.of(*other)) }
                }).sum();
                prop_assert!(at_limit || taken >= limits.slots);
            }
        }
    }
}
