//! The costs of documents as they were recorded: README, saved examples, contract, feeds, tests.

use super::*;

/// A document, its variables, and its cost in a register of the default sizes.
#[derive(serde::Deserialize)]
struct RecordedCost {
    document: String,
    variables: Value,
    units: u64,
    bytes: u64,
}

#[test]
fn documents_cost_what_was_recorded() {
    let recorded: Vec<RecordedCost> = serde_json::from_str(include_str!("recorded.json")).unwrap();
    assert!(recorded.len() > 100);
    let mut changed = Vec::new();
    for RecordedCost { document, variables, units, bytes } in &recorded {
        let cost = estimate_document(document, variables);
        if (cost.units, cost.bytes) != (*units, *bytes) {
            changed.push(format!("{document}\n  {units} units, {bytes} bytes -> {cost:?}"));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}
