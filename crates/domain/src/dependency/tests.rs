//! Cached responses are current exactly as long as their dependencies do not move.

use super::*;
use crate::date::Day;
use crate::filter::{Filter, Predicate};
use crate::id::Log;
use proptest::prelude::*;

/// Logs 0, 1, 2 … at these positions, on a day.
#[derive(Debug, Clone)]
struct FixedState(Vec<i64>, Day);

impl FixedState {
    fn new(positions: &[i64], day: &str) -> Self {
        Self(positions.to_vec(), day.parse().unwrap())
    }
}

impl RegisterState for FixedState {
    fn logs(&self) -> impl Iterator<Item = Log> {
        (0_i16..).take(self.0.len()).map(Log::new)
    }

    fn head(&self, log: Log) -> i64 {
        usize::try_from(log.number()).ok().and_then(|number| self.0.get(number)).copied().unwrap_or(0)
    }

    fn today(&self) -> Day {
        self.1
    }
}

fn dependencies(read: impl FnOnce(&ReadSet)) -> Dependencies {
    let reads = ReadSet::default();
    read(&reads);
    Dependencies::from_reads(&reads, &FixedState::new(&[5, 7, 9], "2026-11-22")).unwrap()
}

#[test]
fn dependencies_are_current_until_a_read_log_moves() {
    let on_one_log = dependencies(|reads| reads.add_log(Log::new(1)));
    let on_all_logs = dependencies(ReadSet::add_all_logs);
    for (positions, one, all) in [
        (&[5, 7, 9][..], true, true),
        (&[5, 7, 10], true, false),
        (&[5, 8, 9], false, false),
        // Names come from the log of the ministry, which every response depends on.
        (&[6, 7, 9], false, false),
        // Another database, or a node whose read model is behind.
        (&[5, 6, 9], false, false),
        (&[5, 7, 9, 0], true, false),
    ] {
        let now = FixedState::new(positions, "2026-11-22");
        assert_eq!((on_one_log.is_current(&now), on_all_logs.is_current(&now)), (one, all), "{positions:?}");
    }
}

#[test]
fn day_dependency_expires_at_midnight() {
    let tomorrow = FixedState::new(&[5, 7, 9], "2026-11-23");
    assert!(dependencies(|_| ()).is_current(&tomorrow));
    assert!(!dependencies(ReadSet::add_day).is_current(&tomorrow));
    assert!(!dependencies(ReadSet::add_day).is_no_older_than(&tomorrow));
}

#[test]
fn response_in_flight_serves_only_requests_it_is_no_older_than() {
    let on_one_log = dependencies(|reads| reads.add_log(Log::new(1)));
    assert!(on_one_log.is_no_older_than(&FixedState::new(&[5, 7, 10], "2026-11-22")));
    assert!(on_one_log.is_no_older_than(&FixedState::new(&[5, 6, 9], "2026-11-22")));
    assert!(!on_one_log.is_no_older_than(&FixedState::new(&[5, 8, 9], "2026-11-22")));
    assert!(!on_one_log.is_no_older_than(&FixedState::new(&[6, 7, 9], "2026-11-22")));
}

#[test]
fn log_number_without_a_bit_counts_as_all_logs() {
    for number in [63, 64, i16::MAX, -1] {
        let reads = ReadSet::default();
        reads.add_log(Log::new(number));
        assert!(reads.has_all_logs(), "{number}");
    }
}

#[test]
fn response_for_one_caller_has_no_dependencies() {
    let reads = ReadSet::default();
    reads.add_caller();
    assert_eq!(Dependencies::from_reads(&reads, &FixedState::new(&[5], "2026-11-22")), None);
}

#[test]
fn filter_lists_the_logs_that_it_is_restricted_to() {
    let of = |numbers: &[i16]| Filter::Is(Predicate::Log(numbers.iter().copied().map(Log::new).collect()));
    let owner =
        |numbers: &[i16]| Filter::Is(Predicate::Owner(numbers.iter().copied().map(Log::new).collect()));
    let other = || Filter::Is(Predicate::Pillar(Vec::new()));
    let named =
        |filter: Filter| filter.logs().map(|logs| logs.into_iter().map(Log::number).collect::<Vec<_>>());
    for (filter, logs) in [
        (Filter::default(), None),
        (of(&[2, 1]), Some(vec![1, 2])),
        (Filter::All(vec![other(), of(&[1])]), Some(vec![1])),
        (Filter::All(vec![of(&[1, 2]), of(&[2, 3])]), Some(vec![2])),
        (Filter::Any(vec![of(&[1]), of(&[3])]), Some(vec![1, 3])),
        (Filter::Any(vec![of(&[1]), other()]), None),
        (Filter::Any(Vec::new()), Some(Vec::new())),
        // An entry of log 1 that is shared with the owner of log 2 has its changes in both.
        (Filter::All(vec![of(&[1]), owner(&[2])]), Some(vec![1])),
        (Filter::All(vec![owner(&[1, 3]), owner(&[2])]), Some(vec![2])),
        (Filter::Any(vec![of(&[1]), owner(&[2])]), Some(vec![1, 2])),
        (Filter::Not(Box::new(of(&[1]))), None),
        (Filter::All(vec![Filter::Not(Box::new(of(&[1]))), of(&[4])]), Some(vec![4])),
    ] {
        assert_eq!(named(filter.clone()), logs, "{filter:?}");
    }
}

proptest! {
    #[test]
    fn encoded_dependencies_decode_to_equal_ones(
        positions in prop::collection::vec(any::<i64>(), 0..40),
        read in any::<u64>(),
        (all, day) in any::<(bool, bool)>(),
        after in prop::collection::vec(any::<u8>(), 0..9),
    ) {
        let reads = ReadSet::default();
        (0..63).filter(|bit| read >> bit & 1 == 1).for_each(|bit| reads.add_log(Log::new(bit)));
        if all { reads.add_all_logs(); }
        if day { reads.add_day(); }
        let dependencies = Dependencies::from_reads(&reads, &FixedState(positions, "2026-11-22".parse().unwrap())).unwrap();
        let mut bytes = Vec::new();
        dependencies.encode(&mut bytes);
        let length = bytes.len();
        bytes.extend_from_slice(&after);
        prop_assert_eq!(Dependencies::decode(&bytes), Some((dependencies, after.as_slice())));
        prop_assert_eq!(Dependencies::decode(&bytes[..length - 1]), None);
    }

    #[test]
    fn decoding_random_bytes_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Dependencies::decode(&bytes);
    }

    /// A change in a log of the read set makes a response stale; a change in another log does not.
    #[test]
    fn only_logs_of_the_read_set_are_dependencies(read in 0_u64..1 << 10, moved in 0_usize..10) {
        let reads = ReadSet::default();
        (0..10).filter(|bit| read >> bit & 1 == 1).for_each(|bit| reads.add_log(Log::new(bit)));
        let mut state = FixedState(vec![1; 10], "2026-11-22".parse().unwrap());
        let dependencies = Dependencies::from_reads(&reads, &state).unwrap();
        state.0[moved] += 1;
        prop_assert_eq!(dependencies.is_current(&state), moved != 0 && read >> moved & 1 == 0);
    }
}
