//! Every list of the schema has a size, and what descriptions say of sizes agrees with it.

use crate::schema::search::MOST_SUGGESTIONS;
use crate::schema_types;
use async_graphql_parser::types::{BaseType, FieldDefinition, TypeKind, TypeSystemDefinition};
use caunoi_domain::page::LARGEST_PAGE;
use schema_types::{ListSize, SchemaTypes, named};

/// The fields of the objects and interfaces of a schema, each with the name of its type.
fn fields(sdl: &str) -> Vec<(String, FieldDefinition)> {
    let mut fields = Vec::new();
    for definition in schema_types::parse(sdl).definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let name = definition.node.name.node.to_string();
        let of_type = match definition.node.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Union(_) | TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => continue,
        };
        fields.extend(of_type.into_iter().map(|field| (name.clone(), field.node)));
    }
    fields
}

fn is_list(field: &FieldDefinition) -> bool {
    matches!(field.ty.node.base, BaseType::List(_))
}

/// The fields of a schema and the sizes that its directives state.
struct ListSizes {
    fields: Vec<(String, FieldDefinition)>,
    types: SchemaTypes,
}

impl ListSizes {
    fn of(sdl: &str) -> Self {
        Self { fields: fields(sdl), types: SchemaTypes::of(sdl) }
    }

    /// Returns the mistakes in the sizes of lists, each with the name of its field.
    fn mistakes(&self) -> Vec<String> {
        let mistake = |(ty, field): &(String, FieldDefinition)| {
            let mistake = self.mistake(ty, field)?;
            Some(format!("{ty}.{} {mistake}", field.name.node))
        };
        self.fields.iter().filter_map(mistake).collect()
    }

    fn mistake(&self, ty: &str, field: &FieldDefinition) -> Option<String> {
        let Some(list) = self.size(ty, field) else {
            return match is_list(field) {
                true if self.is_page(ty) => None,
                true => Some("is a list without a size".to_owned()),
                false if self.rows(field).is_empty() => None,
                false => Some("returns a page without a size".to_owned()),
            };
        };
        let (rows, slices) = (self.rows(field), slices(field));
        if !is_list(field) && rows.is_empty() {
            return Some("is no list".to_owned());
        }
        if list.sized_fields != rows || list.slicing_arguments != slices {
            return Some(format!("has the rows {rows:?} and the arguments {slices:?}"));
        }
        (list.assumed == 0).then(|| "has no assumed size".to_owned())
    }

    fn size(&self, ty: &str, field: &FieldDefinition) -> Option<&ListSize> {
        self.types.field(Some(ty), &field.name.node)?.cost.list_size.as_ref()
    }

    /// Returns the lists without an own size in the object of a field: the rows of its page.
    fn rows(&self, field: &FieldDefinition) -> Vec<&str> {
        let page = if is_list(field) { "" } else { named(&field.ty.node) };
        let rows = self.fields.iter().filter(|(ty, field)| {
            ty == page && is_list(field) && self.size(ty, field).is_none() && self.is_page(page)
        });
        rows.map(|(_, field)| field.name.node.as_str()).collect()
    }

    /// Whether a type is returned by a field with arguments for a page, or by one that states the
    /// size of a page.
    fn is_page(&self, page: &str) -> bool {
        let mut returning = self.fields.iter().filter(|(_, field)| named(&field.ty.node) == page);
        returning.any(|(ty, field)| {
            let is_sized = self.size(ty, field).is_some_and(|list| !list.sized_fields.is_empty());
            !is_list(field) && (is_sized || !slices(field).is_empty())
        })
    }
}

/// Returns the arguments of a field that give the size of a page.
fn slices(field: &FieldDefinition) -> Vec<&str> {
    let names = field.arguments.iter().map(|argument| argument.node.name.node.as_str());
    names.filter(|name| ["first", "last"].contains(name)).collect()
}

#[test]
fn every_list_has_a_size() {
    let sdl = crate::sdl();
    assert!(fields(&sdl).iter().filter(|(_, field)| is_list(field)).count() > 100);
    assert_eq!(ListSizes::of(&sdl).mistakes(), Vec::<String>::new());
}

#[test]
fn list_without_a_size_is_named() {
    let sdl = "
        type Query {
            tags: [String!]!
            pets(first: Int): PetPage!
            dogs(first: Int): PetPage! @listSize(assumedSize: 20, slicingArguments: [\"first\"], sizedFields: [\"edges\"])
            cats(first: Int, last: Int): CatPage! @listSize(assumedSize: 20, slicingArguments: [\"first\"], sizedFields: [\"nodes\"])
            cat: Cat @listSize(assumedSize: 3)
            names: [String!]! @listSize(assumedSize: 3)
        }
        type PetPage { nodes: [Cat!]! }
        type CatPage { nodes: [Cat!]! kinds: [String!]! @listSize(assumedSize: 2) }
        type Cat { lives: [Int!]! }";
    assert_eq!(
        ListSizes::of(sdl).mistakes(),
        [
            "Query.tags is a list without a size",
            "Query.pets returns a page without a size",
            "Query.dogs has the rows [\"nodes\"] and the arguments [\"first\"]",
            "Query.cats has the rows [\"nodes\"] and the arguments [\"first\", \"last\"]",
            "Query.cat is no list",
            "Cat.lives is a list without a size",
        ]
    );
}

#[test]
fn descriptions_state_page_sizes() {
    let sizes = ListSizes::of(&crate::sdl());
    let mut stated = 0;
    for (ty, field) in &sizes.fields {
        let Some(list) = sizes.size(ty, field) else { continue };
        let name = &field.name.node;
        for argument in &list.slicing_arguments {
            let text = description(field, argument);
            let numbers: Vec<&str> = text.split(|letter: char| !letter.is_ascii_digit()).collect();
            let most = if name == "suggest" { MOST_SUGGESTIONS } else { LARGEST_PAGE };
            let is_stated = text.contains(&format!("1 to {most}"))
                && numbers.contains(&list.assumed.to_string().as_str());
            assert!(is_stated, "{ty}.{name}({argument}:): {text}");
            stated += 1;
        }
    }
    assert!(stated > 30);
}

#[test]
fn number_of_ids_is_the_assumed_size() {
    let sizes = ListSizes::of(&crate::sdl());
    let is_nodes = |(ty, field): &&(String, FieldDefinition)| ty == "Query" && field.name.node == "nodes";
    let (ty, nodes) = sizes.fields.iter().find(is_nodes).unwrap();
    let (text, most) = (description(nodes, "ids"), sizes.size(ty, nodes).unwrap().assumed);
    assert!(text.contains(&format!("At most {most} ")), "{text}");
}

fn description<'a>(field: &'a FieldDefinition, argument: &str) -> &'a str {
    let mut arguments = field.arguments.iter().map(|argument| &argument.node);
    let argument = arguments.find(|known| known.name.node == argument).unwrap();
    &argument.description.as_ref().unwrap().node
}
