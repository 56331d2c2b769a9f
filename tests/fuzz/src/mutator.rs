//! Mutations of byte strings, as fuzzers without coverage make them.

use crate::Random;

/// The longest input. Longer ones find nothing that these do not.
const MAX_BYTES: usize = 32 * 1_024;

/// Bytes at the borders of parsers.
const BYTES: &[u8] =
    b"\0\x01\t\n\r \"#$%&'()*+,-./0189:;<=>?@AZ[\\]^_`az{|}~\x7f\x80\xbf\xc0\xe2\xef\xf0\xff";

/// Texts that parsers treat in a special way.
const TEXTS: &[&str] = &[
    "...",
    "\"\"\"",
    "\\u",
    "\\u{",
    "{",
    "}",
    "[",
    "]",
    "$",
    "@",
    "on",
    "null",
    "-0",
    "1e999",
    "9223372036854775808",
    "\u{feff}",
    "\u{202e}",
    "\u{301}",
    "ư",
    "𠀀",
    "\r\n",
    "\0",
    "%00",
    "%ff",
    "%",
    "&",
    "=",
    "..",
    "/",
    "X",
    "~",
    "?",
    "0000",
    "9999-12-31",
    "2024-02-30",
    "::ffff:127.0.0.1",
    "[::1]",
    "@127.0.0.1",
    "0x7f",
    ":443",
    "#",
    "\\",
    ".",
    ",",
    ";",
];

/// Makes inputs from a corpus.
pub(crate) struct Mutator {
    random: Random,
    corpus: Vec<Vec<u8>>,
}

impl Mutator {
    pub(crate) fn new(seed: u64, corpus: Vec<Vec<u8>>) -> Self {
        Self { random: Random::new(seed), corpus }
    }

    /// Returns an input of the corpus with one to eight mutations.
    pub(crate) fn next_input(&mut self) -> Vec<u8> {
        let chosen = self.below(self.corpus.len());
        let mut input = self.corpus[chosen].clone();
        for _ in 0..=self.below(8) {
            self.mutate(&mut input);
        }
        input.truncate(MAX_BYTES);
        input
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let at = self.below(input.len() + 1);
        let end = (at + self.below(16)).min(input.len());
        match self.below(9) {
            0 if at < input.len() => input[at] ^= 1 << self.below(8),
            1 if at < input.len() => input[at] = self.byte(),
            2 => input.insert(at, self.byte()),
            3 => drop(input.drain(at..end)),
            4 => input.truncate(at),
            5 => {
                let part = input[at..end].repeat(1 + self.below(40));
                insert(input, at, &part);
            }
            6 => {
                let text = TEXTS[self.below(TEXTS.len())];
                insert(input, at, text.as_bytes());
            }
            7 => {
                let other = self.below(self.corpus.len());
                let other = self.corpus[other].clone();
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            _ => input[at..end].reverse(),
        }
    }

    fn byte(&mut self) -> u8 {
        BYTES[self.below(BYTES.len())]
    }

    fn below(&mut self, bound: usize) -> usize {
        self.random.below(bound)
    }
}

fn insert(input: &mut Vec<u8>, at: usize, part: &[u8]) {
    input.splice(at..at, part.iter().copied());
}
