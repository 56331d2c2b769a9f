//! The names that the domain has for the content of each kind are fields of the schema.

use crate::schema::connection::GraphqlEntry;
use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{TypeKind, TypeSystemDefinition};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::content_fields::content_fields;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::event::Event;
use caunoi_domain::figure::Figure;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::organization::Organization;
use caunoi_domain::programme::Programme;
use caunoi_domain::relation::Relation;
use std::collections::{BTreeMap, BTreeSet};
use strum::VariantArray as _;

/// The fields of each object and input type, and the values of each enum, of the schema.
fn fields_of_types() -> BTreeMap<String, BTreeSet<String>> {
    let document = parse_schema(crate::sdl()).unwrap();
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(kind) => Some(kind.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    });
    let fields = |kind| -> BTreeSet<String> {
        match kind {
            TypeKind::Object(object) => {
                object.fields.into_iter().map(|field| field.node.name.node.to_string()).collect()
            }
            TypeKind::InputObject(input) => {
                input.fields.into_iter().map(|field| field.node.name.node.to_string()).collect()
            }
            TypeKind::Enum(list) => {
                list.values.into_iter().map(|value| value.node.value.to_string()).collect()
            }
            TypeKind::Interface(_) | TypeKind::Union(_) | TypeKind::Scalar => BTreeSet::new(),
        }
    };
    types.map(|kind| (kind.name.node.to_string(), fields(kind.kind))).collect()
}

fn type_name(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Relation => Relation::NAME,
        EntryKind::Agreement => Agreement::NAME,
        EntryKind::Event => Event::NAME,
        EntryKind::Organization => Organization::NAME,
        EntryKind::Programme => Programme::NAME,
        EntryKind::Figure => Figure::NAME,
        EntryKind::Instrument => Instrument::NAME,
    }
}

#[test]
fn every_content_field_is_a_field_of_its_type() {
    let types = fields_of_types();
    for kind in EntryKind::VARIANTS {
        let names: BTreeSet<&str> = content_fields(*kind).filter_map(|field| field.name).collect();
        let unknown: Vec<_> = names.iter().filter(|name| !types[type_name(*kind)].contains(**name)).collect();
        assert!(unknown.is_empty(), "{kind}: not in the schema: {unknown:?}");
    }
}

#[test]
fn inputs_name_content_fields_as_the_types_do() {
    // Of the write itself; `evidenceYear` only decides since when the entry counts, and the
    // partner of an agreement is one of its `parties`.
    let others = BTreeSet::from([
        "province",
        "id",
        "expectedVersion",
        "secrecy",
        "allowDuplicate",
        "evidenceYear",
        "partnerLocality",
        "partnerOrganization",
        "partnerSignatory",
    ]);
    let types = fields_of_types();
    let (mut checked, mut unknown) = (0, Vec::new());
    for kind in EntryKind::VARIANTS {
        let names: BTreeSet<&str> = content_fields(*kind).filter_map(|field| field.name).collect();
        for input in ["Create", "Update"].map(|verb| format!("{verb}{}Input", type_name(*kind))) {
            let fields = types.get(&input).into_iter().flatten().map(String::as_str);
            let fields: BTreeSet<&str> = fields.filter(|field| !others.contains(field)).collect();
            unknown.extend(fields.difference(&names).map(|field| format!("{input}.{field}")));
            checked += fields.len();
        }
    }
    assert!(unknown.is_empty(), "no content fields: {unknown:?}");
    assert!(checked > 100, "only {checked} fields were found");
}

#[test]
fn every_content_field_is_written_by_an_input() {
    // Fields that follow from the province, from the acts, or from other entries.
    let is_derived = |kind, name| {
        matches!(name, "originUnit" | "owners" | "mergedEntries")
            || (kind == EntryKind::Agreement && matches!(name, "signedOn" | "status"))
            || (kind == EntryKind::Relation && name == "lastActivityOn")
    };
    let types = fields_of_types();
    let mut unwritten = Vec::new();
    for kind in EntryKind::VARIANTS {
        let inputs = ["Create", "Update"].map(|verb| format!("{verb}{}Input", type_name(*kind)));
        let written: BTreeSet<&String> =
            inputs.iter().filter_map(|input| types.get(input)).flatten().collect();
        if written.is_empty() {
            // Figures and instruments come with the shipped data.
            continue;
        }
        let names = content_fields(*kind).filter_map(|field| field.name);
        let missing =
            names.filter(|name| !is_derived(*kind, *name) && !written.contains(&(*name).to_owned()));
        unwritten.extend(missing.map(|name| format!("{kind}.{name}")));
    }
    assert!(unwritten.is_empty(), "no input writes {unwritten:?}");
}

/// Returns whether a filter or an order of the API is about a content field: it has its name, in
/// the singular for a list.
fn is_about(word: &str, name: &str) -> bool {
    let camel: String = word
        .split('_')
        .enumerate()
        .map(|(at, part)| match part.split_at_checked(1) {
            Some((first, rest)) if at > 0 => first.to_uppercase() + rest,
            Some(_) | None => part.to_owned(),
        })
        .collect();
    name == camel || name.strip_suffix('s') == Some(&camel)
}

#[test]
fn filters_and_orders_name_content_fields() {
    // Of the entry as a whole, and combinations of conditions.
    let of_entry =
        ["province", "unit", "publication", "search", "anyOf", "allOf", "not", "national", "UPDATED_AT"];
    // All localities and all countries of an entry, from several fields; a name of its partner; the
    // parts of `heldOn`.
    let of_several = ["locality", "country", "withCountry", "NAME", "starts", "ends", "overlaps"];
    let types = fields_of_types();
    let (mut checked, mut unknown) = (0, Vec::new());
    for kind in EntryKind::VARIANTS {
        let names: Vec<&str> = content_fields(*kind).filter_map(|field| field.name).collect();
        for list in ["Filter", "OrderField"].map(|suffix| format!("{}{suffix}", type_name(*kind))) {
            let words = types.get(&list).into_iter().flatten().map(String::as_str);
            for word in words.filter(|word| !of_entry.contains(word) && !of_several.contains(word)) {
                checked += 1;
                let word_in_lower_case =
                    if list.ends_with("OrderField") { word.to_lowercase() } else { word.to_owned() };
                if !names.iter().any(|name| is_about(&word_in_lower_case, name)) {
                    unknown.push(format!("{list}.{word}"));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "no content fields: {unknown:?}");
    assert!(checked > 25, "only {checked} words were found");
}
