use super::*;
use crate::agreement::Agreement;
use crate::entry::{Common, Content};
use crate::event::{Event, Hours};
use crate::figure::Figure;
use crate::instrument::Instrument;
use crate::organization::Organization;
use crate::programme::Programme;
use crate::relation::Relation;
use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use std::collections::BTreeSet;

/// Records the fields that a struct is read from.
#[derive(Default)]
struct FieldRecorder {
    fields: &'static [&'static str],
}

impl<'de> Deserializer<'de> for &mut FieldRecorder {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        self.fields = fields;
        Err(Error::custom("recorded"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn stored_fields<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut recorder = FieldRecorder::default();
    assert!(T::deserialize(&mut recorder).is_err());
    recorder.fields
}

/// Asserts that the description of a kind names the stored fields of its content, and no others.
#[track_caller]
fn assert_described<C: Content>() {
    let pointers = |name: &&str| match *name {
        "common" => stored_fields::<Common>().iter().map(|field| format!("/common/{field}")).collect(),
        "hours" => stored_fields::<Hours>().iter().map(|field| format!("/hours/{field}")).collect(),
        other => vec![format!("/{other}")],
    };
    let stored: BTreeSet<String> = stored_fields::<C>().iter().flat_map(pointers).collect();
    let described: Vec<String> = content_fields(C::KIND).map(|field| field.pointer.to_owned()).collect();
    let names: BTreeSet<String> = described.iter().cloned().collect();
    let missing: Vec<&String> = names.symmetric_difference(&stored).collect();
    assert!(missing.is_empty(), "{}: not stored, or not described: {missing:?}", C::KIND);
    assert_eq!(described.len(), stored.len(), "{}: a field is described twice", C::KIND);
}

#[test]
fn every_stored_field_is_described_once() {
    assert_described::<Relation>();
    assert_described::<Agreement>();
    assert_described::<Event>();
    assert_described::<Organization>();
    assert_described::<Programme>();
    assert_described::<Figure>();
    assert_described::<Instrument>();
}
