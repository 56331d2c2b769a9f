//! Acts in a stored content. An act whose number is its position is stored without it, as all acts
//! were before they had numbers: contents of that time keep their text and its hash.

use super::Act;
use serde::{Deserialize as _, Deserializer, Serializer};

/// Returns the number of the act at an index of the list, unless it states another one.
fn positional(index: usize) -> i32 {
    i32::try_from(index).map_or(i32::MAX, |index| index.saturating_add(1))
}

pub(super) fn serialize<S: Serializer>(acts: &[Act], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(acts.iter().enumerate().map(|(index, act)| {
        let id = if act.id == positional(index) { 0 } else { act.id };
        Act { id, ..act.clone() }
    }))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Act>, D::Error> {
    let mut acts = Vec::<Act>::deserialize(deserializer)?;
    for (index, act) in acts.iter_mut().enumerate().filter(|(_, act)| act.id == 0) {
        act.id = positional(index);
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use super::super::ActKind;
    use super::*;
    use crate::date::FuzzyDate;
    use crate::locale::Bilingual;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, serde::Serialize, Deserialize)]
    struct Stored(#[serde(with = "super")] Vec<Act>);

    fn act(id: i32) -> Act {
        let on = FuzzyDate::parse("2020").unwrap();
        Act { id, kind: ActKind::Amend, on, until: None, note: Bilingual::default(), source: None }
    }

    fn stored_ids(acts: &[Act]) -> Vec<Option<i64>> {
        let stored = serde_json::to_value(Stored(acts.to_vec())).unwrap();
        stored.as_array().unwrap().iter().map(|act| act["id"].as_i64()).collect()
    }

    #[test]
    fn number_is_stored_where_it_is_not_the_position() {
        assert_eq!(stored_ids(&[act(1), act(2)]), [None, None]);
        assert_eq!(stored_ids(&[act(2), act(1), act(3)]), [Some(2), Some(1), None]);
    }

    #[test]
    fn numbers_survive_storage_and_old_contents_get_their_positions() {
        for ids in [[1, 2, 3], [3, 1, 2], [4, 2, 9]] {
            let acts = Stored(ids.map(act).to_vec());
            let text = serde_json::to_string(&acts).unwrap();
            assert_eq!(serde_json::from_str::<Stored>(&text).unwrap(), acts);
        }
        let old = r#"[{"kind":"SIGN","on":"2019","note":{},"source":null},{"kind":"AMEND","on":"2020","note":{},"source":null}]"#;
        let read: Stored = serde_json::from_str(old).unwrap();
        assert_eq!(read.0.iter().map(|act| act.id).collect::<Vec<_>>(), [1, 2]);
    }
}
