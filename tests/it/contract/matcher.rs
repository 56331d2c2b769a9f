//! The language of expectations in a case: paths into a response, and matchers for the values
//! there.

use std::cmp::Ordering;

use serde_json::{Map, Value};

/// Returns the value at a path such as `data.provinces[*].slug`, or null; with `[*]`, a flat list.
pub(crate) fn walk(answer: &Value, path: &str) -> Value {
    let mut found = vec![answer];
    for part in path.split(['.', '[']) {
        found = match part.strip_suffix(']') {
            Some("*") => found.into_iter().filter_map(Value::as_array).flatten().collect(),
            Some(number) => {
                let number: usize =
                    number.parse().unwrap_or_else(|_| panic!("[{number}] in the path {path}"));
                found.into_iter().filter_map(|value| value.get(number)).collect()
            }
            None => found.into_iter().filter_map(|value| value.get(part)).collect(),
        };
    }
    if path.contains("[*]") {
        found.into_iter().cloned().collect()
    } else {
        found.first().map_or(Value::Null, |value| (*value).clone())
    }
}

/// Returns the difference between a value and a matcher, if any. A matcher is a value or an object
/// of conditions.
pub(super) fn mismatch(value: &Value, matcher: &Value) -> Option<String> {
    match matcher.as_object() {
        Some(demands) => unmet(value, demands),
        None if is_equal(value, matcher) => None,
        None => Some(format!("is {}, expected {matcher}", brief(value))),
    }
}

fn unmet(value: &Value, demands: &Map<String, Value>) -> Option<String> {
    demands.iter().find_map(|(kind, want)| match matches(value, kind, want) {
        Some(true) => None,
        Some(false) => Some(format!("fails {kind} {want}: it is {}", brief(value))),
        None => Some(format!("cannot be checked: there is no matcher {kind}")),
    })
}

/// Returns whether a condition is met; `None` if its kind is unknown.
fn matches(value: &Value, kind: &str, want: &Value) -> Option<bool> {
    let list = value.as_array();
    let is_empty = value.is_null() || list.is_some_and(Vec::is_empty);
    Some(match kind {
        "length" => list.is_some_and(|list| want.as_u64() == u64::try_from(list.len()).ok()),
        "min" => size(value).zip(want.as_f64()).is_some_and(|(size, least)| size >= least),
        "max" => size(value).zip(want.as_f64()).is_some_and(|(size, most)| size <= most),
        "contains" => list.is_some_and(|list| members(want).iter().all(|member| has(list, member))),
        "lacks" => list.is_some_and(|list| !members(want).iter().any(|member| has(list, member))),
        "set" => list.is_some_and(|list| sorted(list) == sorted(members(want))),
        "present" => Some(!is_empty) == want.as_bool(),
        "absent" => Some(is_empty) == want.as_bool(),
        "ascending" => list.is_some_and(|list| is_ordered(list, Ordering::is_le)) && want == true,
        "descending" => list.is_some_and(|list| is_ordered(list, Ordering::is_ge)) && want == true,
        _ => return None,
    })
}

/// Compares values; 1 and 1.0 are equal.
fn is_equal(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|number| other.as_f64() == Some(number))
}

fn has(list: &[Value], member: &Value) -> bool {
    list.iter().any(|item| is_equal(item, member))
}

fn members(want: &Value) -> &[Value] {
    want.as_array().expect("the matcher names its members in a list")
}

fn sorted(list: &[Value]) -> Vec<String> {
    let mut texts: Vec<String> = list.iter().map(Value::to_string).collect();
    texts.sort();
    texts
}

/// Returns the length of a list, or a number, also one written as text.
fn size(value: &Value) -> Option<f64> {
    match value {
        Value::Array(list) => u32::try_from(list.len()).ok().map(f64::from),
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Object(_) => None,
    }
}

/// A list of one value does not prove an order.
fn is_ordered(list: &[Value], allowed: fn(Ordering) -> bool) -> bool {
    list.len() > 1 && list.is_sorted_by(|one, next| compare(one, next).is_some_and(allowed))
}

fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one.partial_cmp(&other),
        _ => one.as_str().zip(other.as_str()).map(|(one, other)| one.cmp(other)),
    }
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn path_selects_and_star_collects() {
        let answer =
            json!({"data": {"groups": [{"keys": [{"value": 1}, {"value": 2}]}, {"keys": [{"value": 3}]}]}});
        assert_eq!(walk(&answer, "data.groups[*].keys[*].value"), json!([1, 2, 3]));
        assert_eq!(walk(&answer, "data.groups[1].keys[0].value"), json!(3));
        assert_eq!(walk(&answer, "data.nothing[*].value"), json!([]));
        assert_eq!(walk(&answer, "data.groups[7].keys"), Value::Null);
    }

    #[test]
    fn matchers_accept() {
        for (value, matcher) in [
            (
                json!([1, 2]),
                json!({"length": 2, "min": 2, "max": 2, "contains": [2.0], "lacks": [3], "present": true}),
            ),
            (json!([2, 1]), json!({"set": [1, 2], "descending": true})),
            (json!(["Vinh", "Huế"]), json!({"set": ["Huế", "Vinh"], "descending": true})),
            (json!("8000"), json!({"min": 8000, "max": 8000.5})),
            (json!([]), json!({"absent": true, "present": false})),
            (Value::Null, Value::Null),
        ] {
            assert_eq!(mismatch(&value, &matcher), None, "{value} {matcher}");
        }
    }

    #[test]
    fn matchers_reject() {
        for (value, matcher) in [
            (json!([1, 2]), json!({"length": 3})),
            (json!([1, 2]), json!({"min": 3})),
            (Value::Null, json!({"max": 3})),
            (json!([1, 2]), json!({"contains": [3]})),
            (Value::Null, json!({"lacks": [3]})),
            (json!([1, 1]), json!({"set": [1]})),
            (json!([1]), json!({"ascending": true})),
            (json!([2, 1]), json!({"ascending": true})),
            (json!([2, "1"]), json!({"descending": true})),
            (Value::Null, json!({"present": true})),
            (json!(0), json!({"absent": true})),
            (json!("x"), json!({"unheard_of": 1})),
            (json!("1"), json!(1)),
        ] {
            assert!(mismatch(&value, &matcher).is_some(), "{value} {matcher}");
        }
    }
}
