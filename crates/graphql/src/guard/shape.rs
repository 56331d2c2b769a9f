//! The weight of a parsed document: its selections with every fragment expanded.
//!
//! Each fragment is weighed once, after all fragments that it spreads, so the time is linear in the
//! length of the document. Fragments are ordered with a work list, not by recursion, because a
//! chain of them may be as long as the document.

use std::collections::HashMap;

use async_graphql_parser::{
    Pos, Positioned,
    types::{Directive, ExecutableDocument, Selection, SelectionSet},
};

use super::{
    GuardError, MAX_ALIASES, MAX_DEPTH, MAX_DIRECTIVES, MAX_FRAGMENT_SELECTIONS, MAX_NESTING, MAX_SELECTIONS,
    Rule, SourceLocation,
};

/// Checks the limits on a document with its fragments expanded. Adds the visited selections and
/// spreads to `visited`.
pub(super) fn weigh(document: &ExecutableDocument, visited: &mut usize) -> Result<(), GuardError> {
    let fragments = weigh_fragments(document, visited)?;
    let mut total = Weight::default();
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        check_directives(&operation.directives)?;
        for variable in &operation.variable_definitions {
            check_directives(&variable.node.directives)?;
        }
        let weight = weigh_set(&operation.selection_set.node, &fragments, visited)?;
        weight.check(operation.selection_set.pos)?;
        total.selections = total.selections.saturating_add(weight.selections);
        total.aliases = total.aliases.saturating_add(weight.aliases);
        total.check(operation.selection_set.pos)?;
    }
    Ok(())
}

#[derive(Debug, Default, Clone, Copy)]
struct Weight {
    selections: usize,
    aliases: usize,
    depth: usize,
    nesting: usize,
}

impl Weight {
    fn check(&self, pos: Pos) -> Result<(), GuardError> {
        let limits = [
            (self.selections, MAX_SELECTIONS, Rule::Selections),
            (self.aliases, MAX_ALIASES, Rule::Aliases),
            (self.depth, MAX_DEPTH, Rule::Depth),
            (self.nesting, MAX_NESTING, Rule::Nesting),
        ];
        for (value, limit, rule) in limits {
            if value > limit {
                return Err(refused(rule, pos));
            }
        }
        Ok(())
    }

    /// Adds one selection and the weight below it.
    fn add(&mut self, below: Self, is_field: bool) {
        self.selections = self.selections.saturating_add(below.selections).saturating_add(1);
        self.aliases = self.aliases.saturating_add(below.aliases);
        self.depth = self.depth.max(below.depth.saturating_add(usize::from(is_field)));
        self.nesting = self.nesting.max(below.nesting.saturating_add(1));
    }
}

/// Computes the weight of every fragment, after those that it spreads.
fn weigh_fragments<'a>(
    document: &'a ExecutableDocument,
    visited: &mut usize,
) -> Result<HashMap<&'a str, Weight>, GuardError> {
    let mut spread_by: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut waits_for: HashMap<&str, usize> = HashMap::new();
    for (name, fragment) in &document.fragments {
        check_directives(&fragment.node.directives)?;
        let mut spreads = Vec::new();
        collect_spreads(&fragment.node.selection_set.node, &mut spreads, visited);
        // Validation refuses unknown fragments with their names.
        spreads.retain(|spread| document.fragments.contains_key(*spread));
        waits_for.insert(name, spreads.len());
        for spread in spreads {
            spread_by.entry(spread).or_default().push(name);
        }
    }

    let mut ready: Vec<&str> =
        waits_for.iter().filter_map(|(name, spreads)| (*spreads == 0).then_some(*name)).collect();
    let mut weights = HashMap::with_capacity(document.fragments.len());
    let mut selections = 0_usize;
    while let Some(name) = ready.pop() {
        let Some(fragment) = document.fragments.get(name) else {
            continue;
        };
        let set = &fragment.node.selection_set;
        let weight = weigh_set(&set.node, &weights, visited)?;
        weight.check(set.pos)?;
        selections = selections.saturating_add(weight.selections);
        if selections > MAX_FRAGMENT_SELECTIONS {
            return Err(refused(Rule::Selections, set.pos));
        }
        weights.insert(name, weight);
        for waiting in spread_by.get(name).into_iter().flatten() {
            *visited += 1;
            if let Some(spreads) = waits_for.get_mut(waiting) {
                *spreads -= 1;
                if *spreads == 0 {
                    ready.push(waiting);
                }
            }
        }
    }

    // Invariant: a fragment that never became ready is part of a cycle or spreads one.
    let in_cycle = document
        .fragments
        .iter()
        .filter(|(name, _)| !weights.contains_key(name.as_str()))
        .map(|(_, fragment)| fragment.pos)
        .min_by_key(|pos| (pos.line, pos.column));
    match in_cycle {
        Some(pos) => Err(refused(Rule::Cycle, pos)),
        None => Ok(weights),
    }
}

fn collect_spreads<'a>(set: &'a SelectionSet, spreads: &mut Vec<&'a str>, visited: &mut usize) {
    *visited += set.items.len();
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                collect_spreads(&field.node.selection_set.node, spreads, visited);
            }
            Selection::InlineFragment(inline) => {
                collect_spreads(&inline.node.selection_set.node, spreads, visited);
            }
            Selection::FragmentSpread(spread) => {
                spreads.push(spread.node.fragment_name.node.as_str());
            }
        }
    }
}

/// Weighs a selection set. It recurses within one definition only, whose depth the scan limits.
fn weigh_set(
    set: &SelectionSet,
    fragments: &HashMap<&str, Weight>,
    visited: &mut usize,
) -> Result<Weight, GuardError> {
    *visited += set.items.len();
    let mut weight = Weight::default();
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                check_directives(&field.node.directives)?;
                let below = weigh_set(&field.node.selection_set.node, fragments, visited)?;
                weight.add(below, true);
                weight.aliases += usize::from(field.node.alias.is_some());
            }
            Selection::InlineFragment(inline) => {
                check_directives(&inline.node.directives)?;
                weight.add(weigh_set(&inline.node.selection_set.node, fragments, visited)?, false);
            }
            Selection::FragmentSpread(spread) => {
                check_directives(&spread.node.directives)?;
                let name = spread.node.fragment_name.node.as_str();
                weight.add(fragments.get(name).copied().unwrap_or_default(), false);
            }
        }
    }
    Ok(weight)
}

fn check_directives(directives: &[Positioned<Directive>]) -> Result<(), GuardError> {
    match directives.get(MAX_DIRECTIVES) {
        Some(excess) => Err(refused(Rule::Directives, excess.pos)),
        None => Ok(()),
    }
}

fn refused(rule: Rule, pos: Pos) -> GuardError {
    GuardError { rule, location: Some(SourceLocation::from(pos)) }
}
