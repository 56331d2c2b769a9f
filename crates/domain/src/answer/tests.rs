//! What answers stand on.

use super::*;
use crate::cursor::Epoch;
use crate::date::Day;
use crate::filter::{Filter, Predicate};
use crate::id::Log;
use crate::locale::Locale;
use crate::policy::{Actor, Role};
use proptest::prelude::*;
use std::collections::HashSet;

/// Logs 0, 1, 2 … at these positions, on a day.
#[derive(Debug, Clone)]
struct State(Vec<i64>, Day);

impl State {
    fn new(positions: &[i64], day: &str) -> Self {
        Self(positions.to_vec(), day.parse().unwrap())
    }
}

impl Standing for State {
    fn logs(&self) -> impl Iterator<Item = Log> {
        (0_i16..).take(self.0.len()).map(Log::new)
    }

    fn at(&self, log: Log) -> i64 {
        usize::try_from(log.number()).ok().and_then(|number| self.0.get(number)).copied().unwrap_or(0)
    }

    fn today(&self) -> Day {
        self.1
    }
}

fn basis(note: impl FnOnce(&Reads)) -> Basis {
    let reads = Reads::default();
    note(&reads);
    Basis::of(&reads, &State::new(&[5, 7, 9], "2026-11-22")).unwrap()
}

#[test]
fn an_answer_holds_until_a_log_moves_that_it_read() {
    let of_one = basis(|reads| reads.note(Log::new(1)));
    let of_all = basis(Reads::note_all);
    for (positions, one, all) in [
        (&[5, 7, 9][..], true, true),
        (&[5, 7, 10], true, false),
        (&[5, 8, 9], false, false),
        // Names come from the ministry, whatever is asked.
        (&[6, 7, 9], false, false),
        // Another database, or a node that is behind.
        (&[5, 6, 9], false, false),
        (&[5, 7, 9, 0], true, false),
    ] {
        let now = State::new(positions, "2026-11-22");
        assert_eq!((of_one.holds(&now), of_all.holds(&now)), (one, all), "{positions:?}");
    }
}

#[test]
fn midnight_moves_what_read_the_day() {
    let tomorrow = State::new(&[5, 7, 9], "2026-11-23");
    assert!(basis(|_| ()).holds(&tomorrow));
    assert!(!basis(Reads::note_day).holds(&tomorrow));
    assert!(!basis(Reads::note_day).is_not_before(&tomorrow));
}

#[test]
fn who_asks_while_it_is_made_gets_nothing_older_than_their_question() {
    let of_one = basis(|reads| reads.note(Log::new(1)));
    assert!(of_one.is_not_before(&State::new(&[5, 7, 10], "2026-11-22")));
    assert!(of_one.is_not_before(&State::new(&[5, 6, 9], "2026-11-22")));
    assert!(!of_one.is_not_before(&State::new(&[5, 8, 9], "2026-11-22")));
    assert!(!of_one.is_not_before(&State::new(&[6, 7, 9], "2026-11-22")));
}

#[test]
fn a_log_without_a_place_stands_for_all() {
    for number in [63, 64, i16::MAX, -1] {
        let reads = Reads::default();
        reads.note(Log::new(number));
        assert!(reads.has_all(), "{number}");
    }
}

#[test]
fn what_is_one_persons_alone_has_no_basis() {
    let reads = Reads::default();
    reads.note_person();
    assert_eq!(Basis::of(&reads, &State::new(&[5], "2026-11-22")), None);
}

#[test]
fn a_filter_names_the_logs_that_it_is_confined_to() {
    let of = |numbers: &[i16]| Filter::Is(Predicate::Log(numbers.iter().copied().map(Log::new).collect()));
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
        (Filter::Not(Box::new(of(&[1]))), None),
        (Filter::All(vec![Filter::Not(Box::new(of(&[1]))), of(&[4])]), Some(vec![4])),
    ] {
        assert_eq!(named(filter.clone()), logs, "{filter:?}");
    }
}

#[test]
fn askers_questions_and_databases_never_share_a_key() {
    let maker = |epoch: u8, schema: &str| (Epoch::new([epoch; 32]), KeyMaker::new(&["1.0", schema]));
    let actor = |role, province: Option<i16>, may_write| {
        Actor::new(role, "x", province.map(Log::new), may_write).unwrap()
    };
    let actors = [
        Actor::public(),
        actor(Role::Partner, None, false),
        actor(Role::Clerk, Some(1), true),
        actor(Role::Clerk, Some(1), false),
        actor(Role::Clerk, Some(2), true),
        actor(Role::Publisher, Some(1), true),
        actor(Role::Analyst, None, false),
        actor(Role::Steward, None, true),
        actor(Role::Steward, None, false),
    ];
    let parts: [&[&[u8]]; 5] = [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"", b"abc"], &[b"abc", b""]];
    let mut keys = HashSet::new();
    let makers = [maker(1, "a"), maker(2, "a"), maker(1, "b"), maker(1, "")];
    for (epoch, maker) in &makers {
        for actor in &actors {
            for locale in Locale::ALL {
                keys.extend(parts.map(|parts| maker.key(*epoch, Asker::of(actor, locale), parts)));
            }
        }
    }
    assert_eq!(keys.len(), makers.len() * actors.len() * 2 * parts.len());
    let named = |name| Asker::of(&Actor::new(Role::Analyst, name, None, false).unwrap(), Locale::Vi);
    let (epoch, maker) = &makers[0];
    assert_eq!(maker.key(*epoch, named("a"), &[b"q"]), maker.key(*epoch, named("b"), &[b"q"]));
}

proptest! {
    #[test]
    fn a_basis_is_read_as_it_was_written(
        positions in prop::collection::vec(any::<i64>(), 0..40),
        noted in any::<u64>(),
        (all, day) in any::<(bool, bool)>(),
        after in prop::collection::vec(any::<u8>(), 0..9),
    ) {
        let reads = Reads::default();
        (0..63).filter(|bit| noted >> bit & 1 == 1).for_each(|bit| reads.note(Log::new(bit)));
        if all { reads.note_all(); }
        if day { reads.note_day(); }
        let basis = Basis::of(&reads, &State(positions, "2026-11-22".parse().unwrap())).unwrap();
        let mut bytes = Vec::new();
        basis.write(&mut bytes);
        let length = bytes.len();
        bytes.extend_from_slice(&after);
        prop_assert_eq!(Basis::read(&bytes), Some((basis, after.as_slice())));
        prop_assert_eq!(Basis::read(&bytes[..length - 1]), None);
    }

    #[test]
    fn junk_is_no_basis_or_some_basis(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Basis::read(&bytes);
    }

    /// Moving any log that was noted ends an answer; moving any other does not.
    #[test]
    fn exactly_what_was_noted_counts(noted in 0_u64..1 << 10, moved in 0_usize..10) {
        let reads = Reads::default();
        (0..10).filter(|bit| noted >> bit & 1 == 1).for_each(|bit| reads.note(Log::new(bit)));
        let mut state = State(vec![1; 10], "2026-11-22".parse().unwrap());
        let basis = Basis::of(&reads, &state).unwrap();
        state.0[moved] += 1;
        prop_assert_eq!(basis.holds(&state), moved != 0 && noted >> moved & 1 == 0);
    }
}
