//! Random inputs for parsers: the inputs of a corpus, and mutations of them.
//!
//! A target is a test that calls [`run`] with its name and a check. Its corpus is the folder
//! `tests/fuzz/corpus/NAME`, one input a file. The gate tries a fixed number of inputs from a fixed
//! seed, so a failure repeats; `make fuzz` tries more of them from another seed.

mod mutator;
mod random;

pub use random::Random;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use mutator::Mutator;

/// How many inputs a target gets unless `CAUNOI_FUZZ_INPUTS` says otherwise.
const USUAL_INPUTS: u64 = 4_000;

/// Calls the check with every input of the corpus, then with mutations of them.
///
/// # Panics
/// If the corpus is empty, or the check panics for an input; the message contains the input.
pub fn run(target: &str, check: impl Fn(&[u8])) {
    let corpus = read_corpus(target);
    assert!(!corpus.is_empty(), "tests/fuzz/corpus/{target} has no inputs");
    for input in &corpus {
        check_one(target, &check, input);
    }
    let mut mutator = Mutator::new(number("CAUNOI_FUZZ_SEED", 1), corpus);
    for _ in 0..number("CAUNOI_FUZZ_INPUTS", USUAL_INPUTS) {
        check_one(target, &check, &mutator.next_input());
    }
}

/// The same for a check of texts; bytes that are not UTF-8 are replaced.
pub fn run_text(target: &str, check: impl Fn(&str)) {
    run(target, |input| check(&String::from_utf8_lossy(input)));
}

#[expect(clippy::panic, reason = "it reports a failed test with its input")]
fn check_one(target: &str, check: &impl Fn(&[u8]), input: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| check(input))).is_err() {
        let shown = input.escape_ascii();
        panic!("{target} fails for an input; add it to tests/fuzz/corpus/{target}:\n{shown}");
    }
}

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Returns the inputs in the order of their names, so that a seed gives the same mutations
/// everywhere.
fn read_corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_gives_the_same_inputs() {
        let corpus = vec![b"2024-05-06".to_vec(), b"1996/..".to_vec()];
        let inputs = |seed| {
            let mut mutator = Mutator::new(seed, corpus.clone());
            (0..200).map(|_| mutator.next_input()).collect::<Vec<_>>()
        };
        assert_eq!(inputs(1), inputs(1));
        assert_ne!(inputs(1), inputs(2));
    }

    #[test]
    fn mutations_find_a_planted_fault() {
        let mut mutator = Mutator::new(1, vec![b"2024-05-06".to_vec(), b"1996/..".to_vec()]);
        let is_planted = |input: &[u8]| input.len() > 8 && input.contains(&b'/') && input.contains(&0xff);
        assert!((0..20_000).any(|_| is_planted(&mutator.next_input())));
    }

    #[test]
    #[should_panic(expected = "has no inputs")]
    fn target_without_a_corpus_fails() {
        run("no such target", |_| {});
    }
}
