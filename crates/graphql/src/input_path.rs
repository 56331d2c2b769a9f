//! The path of a value in an argument or a variable, written only for errors.

use caunoi_domain::text::is_unsafe;
use std::fmt;

/// A path such as `$input.leaders.0.post`.
#[derive(Clone, Copy)]
pub(crate) struct InputPath<'a> {
    parent: Option<&'a InputPath<'a>>,
    segment: Segment<'a>,
}

#[derive(Clone, Copy)]
enum Segment<'a> {
    Variable(&'a str),
    Name(&'a str),
    Index(usize),
}

impl<'a> InputPath<'a> {
    /// The path of a variable, with a dollar sign.
    pub(crate) fn of_variable(name: &'a str) -> Self {
        Self { parent: None, segment: Segment::Variable(name) }
    }

    /// The path of an argument.
    pub(crate) fn of_argument(name: &'a str) -> Self {
        Self { parent: None, segment: Segment::Name(name) }
    }

    /// The path of a field of this object.
    pub(crate) fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), segment: Segment::Name(name) }
    }

    /// The path of an item of this list.
    pub(crate) fn item(&'a self, index: usize) -> Self {
        Self { parent: Some(self), segment: Segment::Index(index) }
    }
}

impl fmt::Display for InputPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(f, "{parent}.")?;
        }
        match self.segment {
            Segment::Variable(name) => write!(f, "${}", shown(name)),
            Segment::Name(name) => f.write_str(&shown(name)),
            Segment::Index(index) => write!(f, "{index}"),
        }
    }
}

/// Returns the part of a caller's text that is safe to show.
pub(crate) fn shown(word: &str) -> String {
    word.chars().filter(|c| !is_unsafe(*c)).take(60).collect()
}
