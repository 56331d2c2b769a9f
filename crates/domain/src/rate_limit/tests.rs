use super::*;
use std::collections::HashSet;

const QUOTA: NonZeroU64 = NonZeroU64::new(600).unwrap();
const NOW: i64 = 1_790_000_000_000_000;
const SECOND: i64 = 1_000_000;

fn address(text: &str) -> Payer {
    Payer::of_address(text.parse().unwrap())
}

fn person(role: Role, province: Option<i16>, name: &str) -> Payer {
    let actor = Actor::new(role, name, province.map(Log::new), true).unwrap();
    Payer::of(&actor, Some("192.0.2.1".parse().unwrap())).unwrap()
}

fn remaining(table: &mut BucketTable, payer: &Payer, now_us: i64) -> u64 {
    table.settle(payer, 0, 0, QUOTA, now_us).remaining
}

#[test]
fn bucket_pays_its_quota_at_once_and_refills_evenly() {
    let mut table = BucketTable::new(100);
    let payer = address("192.0.2.1");
    let status = table.charge(&payer, 600, QUOTA, NOW).unwrap();
    assert_eq!((status.remaining, status.limit, status.reset_seconds), (0, 600, 60));
    let refused = table.charge(&payer, 25, QUOTA, NOW).unwrap_err();
    assert_eq!((refused.cost, refused.retry_after_seconds, refused.status.remaining), (25, 3, 0));
    assert!(table.charge(&payer, 25, QUOTA, NOW + 2 * SECOND).is_err());
    assert_eq!(table.charge(&payer, 25, QUOTA, NOW + 3 * SECOND).unwrap().remaining, 5);
    assert_eq!(remaining(&mut table, &payer, NOW + 600 * SECOND), 600);
}

#[test]
fn refused_charge_takes_nothing() {
    let mut table = BucketTable::new(100);
    let payer = address("192.0.2.1");
    table.charge(&payer, 590, QUOTA, NOW).unwrap();
    for _ in 0..10 {
        assert_eq!(table.charge(&payer, 11, QUOTA, NOW).unwrap_err().status.remaining, 10);
    }
    assert!(table.charge(&payer, 10, QUOTA, NOW).is_ok());
}

#[test]
fn full_bucket_pays_more_than_its_quota_in_several_charges() {
    let mut table = BucketTable::new(100);
    let payer = person(Role::Partner, None, "a");
    table.charge(&payer, 1, QUOTA, NOW).unwrap();
    assert!(table.charge(&payer, 1_799, QUOTA, NOW).is_err(), "another request");
    assert_eq!(table.charge_more(&payer, 1, 1_799, QUOTA, NOW).unwrap().remaining, 0);
    assert!(table.charge_more(&payer, 1, 1, QUOTA, NOW).is_err(), "others have spent the quota");
}

#[test]
fn full_bucket_pays_more_than_its_quota_and_then_waits_longer() {
    let mut table = BucketTable::new(100);
    let payer = person(Role::Partner, None, "a");
    assert_eq!(table.charge(&payer, 1_800, QUOTA, NOW).unwrap().remaining, 0);
    assert_eq!(table.charge(&payer, 1, QUOTA, NOW).unwrap_err().retry_after_seconds, 121);
    let later = NOW + 1_000 * SECOND;
    table.charge(&payer, u64::MAX, QUOTA, later).unwrap();
    let longest = table.charge(&payer, 1, QUOTA, later).unwrap_err().retry_after_seconds;
    assert!(longest <= 3_600, "{longest}");
}

#[test]
fn settled_work_replaces_the_estimate() {
    let mut table = BucketTable::new(100);
    let payer = address("192.0.2.1");
    table.charge(&payer, 100, QUOTA, NOW).unwrap();
    assert_eq!(table.settle(&payer, 100, 40, QUOTA, NOW).remaining, 560);
    assert_eq!(table.settle(&payer, 40, 700, QUOTA, NOW).remaining, 0);
    assert!(table.charge(&payer, 1, QUOTA, NOW).is_err());
    // A refund never makes more than a full bucket.
    assert_eq!(table.settle(&payer, 5_000, 0, QUOTA, NOW).remaining, 600);
}

#[test]
fn person_has_one_bucket_from_all_addresses() {
    let actor = Actor::new(Role::Clerk, "an", Some(Log::new(1)), true).unwrap();
    let from = |text: &str| Payer::of(&actor, Some(text.parse().unwrap())).unwrap();
    assert_eq!(from("192.0.2.1"), from("2001:db8::1"));
    let mut table = BucketTable::new(100);
    table.charge(&from("192.0.2.1"), 600, QUOTA, NOW).unwrap();
    assert!(table.charge(&from("2001:db8::1"), 1, QUOTA, NOW).is_err());
    for other in [
        person(Role::Clerk, Some(1), "binh"),
        person(Role::Clerk, Some(2), "an"),
        person(Role::Publisher, Some(1), "an"),
        address("192.0.2.1"),
    ] {
        assert!(table.charge(&other, 600, QUOTA, NOW).is_ok(), "{other:?}");
    }
}

#[test]
fn networks_of_a_subnet_share_a_multiple_of_the_quota() {
    for (one, other) in [("192.0.2.1", "192.0.2.200"), ("2001:db8::1", "2001:db8:0:ff::1")] {
        let mut table = BucketTable::new(100);
        assert_ne!(address(one).holder, address(other).holder);
        assert_eq!(address(one).subnet, address(other).subnet);
        let of = |number: u64| match one.parse().unwrap() {
            IpAddr::V4(_) => address(&format!("192.0.2.{}", number + 1)),
            IpAddr::V6(_) => address(&format!("2001:db8:0:{number:x}::1")),
        };
        for number in 0..NETWORKS_PER_SUBNET {
            table.charge(&of(number), 600, QUOTA, NOW).unwrap();
        }
        let refused = table.charge(&of(NETWORKS_PER_SUBNET), 1, QUOTA, NOW).unwrap_err();
        assert!(refused.status.is_of_subnet && refused.status.limit == 600 * NETWORKS_PER_SUBNET);
    }
    assert_eq!(address("2001:db8::1"), address("2001:db8::ffff:1"));
    assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
}

#[test]
fn public_without_an_address_is_this_process() {
    assert_eq!(Payer::of(&Actor::public(), None), None);
}

#[test]
fn million_addresses_need_bounded_memory_and_free_no_debtor() {
    let mut table = BucketTable::new(1_000);
    let debtor = address("198.51.100.7");
    table.charge(&debtor, 600, QUOTA, NOW).unwrap();
    for number in 0..1_000_000_u32 {
        let stranger = Payer::of_address(Ipv4Addr::from_bits(0x0A00_0000 + number * 16).into());
        // Some are refused, by the bucket that strangers without room share.
        let _ = table.charge(&stranger, 1, QUOTA, NOW);
        assert!(table.len() <= 1_002);
    }
    assert!(table.charge(&debtor, 1, QUOTA, NOW).is_err());
    // Full buckets make room again.
    let late = NOW + 120 * SECOND;
    assert!(table.charge(&debtor, 1, QUOTA, late).is_ok());
    assert!(table.charge(&address("203.0.113.1"), 1, QUOTA, late).is_ok());
    assert!(table.len() <= 4, "{}", table.len());
}

#[test]
fn strangers_without_room_share_one_bucket_and_others_are_not_touched() {
    let mut table = BucketTable::new(2);
    table.charge(&address("192.0.2.1"), 10, QUOTA, NOW).unwrap();
    table.charge(&address("203.0.113.1"), 600, QUOTA, NOW).unwrap();
    assert!(table.charge(&address("203.0.113.2"), 1, QUOTA, NOW).is_err());
    assert!(table.charge(&address("192.0.2.1"), 10, QUOTA, NOW).is_ok());
    assert!(table.charge(&person(Role::Partner, None, "a"), 1, QUOTA, NOW).is_ok(), "its class has another");
}

#[test]
fn clock_that_is_turned_back_locks_nobody_out() {
    let mut table = BucketTable::new(100);
    let payer = address("192.0.2.1");
    table.charge(&payer, 600, QUOTA, NOW).unwrap();
    let earlier = NOW - 3_600 * SECOND;
    assert_eq!(table.charge(&payer, 600, QUOTA, earlier).unwrap_err().retry_after_seconds, 60);
    assert!(table.charge(&payer, 600, QUOTA, earlier + 60 * SECOND).is_ok());
}

#[test]
fn nodes_exchange_what_they_added() {
    let (mut one, mut other) = (BucketTable::new(100), BucketTable::new(100));
    let payer = person(Role::Partner, None, "a");
    one.charge(&payer, 300, QUOTA, NOW).unwrap();
    other.charge(&payer, 200, QUOTA, NOW).unwrap();
    let debts = one.take_unshared(NOW);
    assert_eq!(
        debts.iter().map(|debt| (debt.added_us, debt.debt_us)).collect::<Vec<_>>(),
        [(30_000_000, 30_000_000)]
    );
    assert!(one.take_unshared(NOW).is_empty());
    // Charged between the reading of the debt and the response.
    other.charge(&payer, 50, QUOTA, NOW).unwrap();
    assert_eq!(other.take_unshared(NOW)[0].added_us, 25_000_000);
    other.charge(&payer, 10, QUOTA, NOW).unwrap();
    other.set_shared(&debts[0].holder, 55_000_000, NOW);
    assert_eq!(remaining(&mut other, &payer, NOW), 40);
    assert_eq!(other.take_unshared(NOW)[0].added_us, 1_000_000);
    // A failed exchange is repeated.
    one.put_back(&debts[0]);
    assert_eq!(one.take_unshared(NOW + 10 * SECOND)[0].added_us, 20_000_000);
    one.put_back(&debts[0]);
    assert!(one.take_unshared(NOW + 60 * SECOND).is_empty(), "it was refilled meanwhile");
    other.settle(&payer, 200, 100, QUOTA, NOW);
    assert_eq!(other.take_unshared(NOW)[0].added_us, -10_000_000, "a refund is shared too");
}

#[test]
fn bytes_identify_a_holder() {
    let holders: Vec<RateHolder> =
        [address("192.0.2.0"), address("2001:db8::"), person(Role::Clerk, Some(1), "a")]
            .into_iter()
            .chain([person(Role::Clerk, Some(2), "a"), person(Role::Publisher, Some(1), "a")])
            .chain([person(Role::Partner, None, "a"), person(Role::Partner, None, "ab")])
            .flat_map(|payer| [Some(payer.holder), payer.subnet])
            .flatten()
            .chain(RateClass::VARIANTS.iter().map(|class| RateHolder::Others(*class)))
            .collect();
    let distinct: HashSet<Vec<u8>> = holders.iter().map(RateHolder::to_bytes).collect();
    assert_eq!(distinct.len(), holders.len());
}
