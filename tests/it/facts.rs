//! The facts of the five seed articles, queried from the shipped data: a module for each article,
//! and one for the units.
//!
//! Each fact is one document that any client could send. Figures are returned as reported; where
//! the register has its own entries, the computed value and the gap are returned too (`computed`).
//! Fact 45, the coverage, is in `statistics/coverage.rs`, because it needs filings.

mod binh_duong;
mod computed;
mod dong_nai;
mod friendship_union;
mod nation;
mod nghe_an;
mod units;

use serde_json::Value;

use crate::contract::matcher::walk;
use crate::harness::on_both_engines;

/// The selection of all queries on figures.
const FIGURE: &str = "
    fragment Figure on Figure {
        indicator { code } quantity { value lower upper qualifier unit } basis isAdditive changePercent
        period { edtf } asOf { edtf } unit { slug } source { code }
    }";

/// Executes a document on both engines and checks its data.
async fn fact(document: &'static str, check: fn(&Value)) {
    on_both_engines(move |server| async move {
        let fragment = if document.contains("...Figure") { FIGURE } else { "" };
        let answer = server.execute(&format!("{document}{fragment}"), Value::Null).await;
        assert!(answer["errors"].is_null(), "{answer}");
        check(&answer["data"]);
    })
    .await;
}

/// Returns each figure of a list as one line without absent parts, in alphabetical order:
/// `export_turnover of NGHE_AN: MORE_THAN 3200000000 USD in 2024, as of 2025, REPORTED, seed-003`.
fn figure_lines(figures: &Value) -> Vec<String> {
    let mut lines: Vec<_> =
        figures["nodes"].as_array().expect("a list of figures").iter().map(line).collect();
    lines.sort();
    lines
}

fn line(figure: &Value) -> String {
    let word = |path: &str| walk(figure, path).as_str().map(str::to_owned);
    let part =
        |before: &str, path: &str| word(path).map_or_else(String::new, |word| format!("{before}{word}"));
    let number = word("quantity.value")
        .or_else(|| Some(format!("{} to {}", word("quantity.lower")?, word("quantity.upper")?)))
        .unwrap_or_else(|| "no number".to_owned());
    [
        part("", "indicator.code"),
        part(" of ", "unit.slug"),
        part(": ", "quantity.qualifier"),
        format!(" {number}"),
        part(" ", "quantity.unit"),
        part(" in ", "period.edtf"),
        part(", as of ", "asOf.edtf"),
        part(", ", "basis"),
        part(", ", "source.code"),
    ]
    .concat()
}

/// Returns the groups of a list as `key: count`, in the order of the response.
fn group_lines(groups: &Value) -> Vec<String> {
    let line = |group: &Value| {
        let keys = walk(group, "keys[*].value");
        let keys: Vec<_> = keys.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("{}: {}", keys.join(" "), group["aggregate"]["count"])
    };
    groups["nodes"].as_array().expect("a list of groups").iter().map(line).collect()
}

/// Returns the values at a path, in alphabetical order.
fn sorted_values(answer: &Value, path: &str) -> Vec<String> {
    let found = walk(answer, path);
    let mut words: Vec<_> =
        found.as_array().into_iter().flatten().map(|word| word.as_str().unwrap_or("-").to_owned()).collect();
    words.sort();
    words
}
