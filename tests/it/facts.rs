//! What the five seed articles state, asked of the shipped data: a module for each article, and one for the units.
//!
//! Every fact is one document that anybody could send. Figures stand as reported; where the register has entries of
//! its own, they stand beside, with the gap between the two (`computed`). Who has filed (fact 45) is asked in
//! `statistics/coverage.rs`, because somebody must file first.

mod binh_duong;
mod computed;
mod dong_nai;
mod nation;
mod nghe_an;
mod people;
mod units;

use serde_json::Value;

use crate::contract::matcher::walk;
use crate::harness::on_both_engines;

/// What every question about figures asks of them.
const FIGURE: &str = "
    fragment Figure on Figure {
        indicator { code } quantity { value lower upper qualifier unit } basis isAdditive changePercent
        period { edtf } asOf { edtf } unit { slug } source { code }
    }";

/// Asks one document on both engines and looks at its data.
async fn fact(document: &'static str, check: fn(&Value)) {
    on_both_engines(move |server| async move {
        let fragment = if document.contains("...Figure") { FIGURE } else { "" };
        let answer = server.ask(&format!("{document}{fragment}"), Value::Null).await;
        assert!(answer["errors"].is_null(), "{answer}");
        check(&answer["data"]);
    })
    .await;
}

/// Every figure of a list in one line, in alphabetical order, without what it lacks:
/// `export_turnover of NGHE_AN: MORE_THAN 3200000000 USD in 2024, as of 2025, REPORTED, seed-003`.
fn stated(figures: &Value) -> Vec<String> {
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

/// The groups of a list as `key: count`, in the order of the answer.
fn tallied(groups: &Value) -> Vec<String> {
    let line = |group: &Value| {
        let keys = walk(group, "keys[*].value");
        let keys: Vec<_> = keys.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        format!("{}: {}", keys.join(" "), group["aggregate"]["count"])
    };
    groups["nodes"].as_array().expect("a list of groups").iter().map(line).collect()
}

/// The values at a path, in alphabetical order.
fn sorted(answer: &Value, path: &str) -> Vec<String> {
    let found = walk(answer, path);
    let mut words: Vec<_> =
        found.as_array().into_iter().flatten().map(|word| word.as_str().unwrap_or("-").to_owned()).collect();
    words.sort();
    words
}
