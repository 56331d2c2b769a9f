//! The rules of instruments. They have none of their own.

use super::{RuleChecker, Ruled};
use crate::instrument::Instrument;
use crate::validation::Rule;

pub(super) const RULES: &[Rule] = &[Rule::Source];

impl Ruled for Instrument {
    fn check_rules(&self, _: &mut RuleChecker<'_>) {}
}
