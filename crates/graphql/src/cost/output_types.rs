//! The output types of the schema for cost estimates.

use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{
    BaseType, FieldDefinition, ServiceDocument, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static TYPES: LazyLock<OutputTypes> = LazyLock::new(|| OutputTypes::of(&document()));

/// Parses the schema from its definition language.
pub(super) fn document() -> ServiceDocument {
    // Our own text is valid; with an empty document every field would count once.
    parse_schema(crate::sdl()).unwrap_or_else(|_| ServiceDocument { definitions: Vec::new() })
}

/// Returns the type definitions of a schema.
pub(super) fn definitions(document: &ServiceDocument) -> impl Iterator<Item = &TypeDefinition> {
    document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(&definition.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    })
}

/// Returns the name of a type without its lists.
pub(super) fn innermost(ty: &Type) -> &str {
    let mut ty = ty;
    loop {
        match &ty.base {
            BaseType::Named(name) => return name.as_str(),
            BaseType::List(of) => ty = of,
        }
    }
}

/// The type of a field.
pub(super) struct FieldType {
    /// The name of the type, without lists.
    pub(super) name: String,
    /// Whether it is a list.
    pub(super) is_list: bool,
}

/// The output types of the schema.
pub(super) struct OutputTypes {
    fields: HashMap<String, HashMap<String, FieldType>>,
    /// The object types of each interface and union.
    possible: HashMap<String, Vec<String>>,
    /// The names of the enums.
    enums: HashSet<String>,
}

impl OutputTypes {
    /// Returns the types of our schema.
    pub(super) fn of_schema() -> &'static Self {
        &TYPES
    }

    fn of(document: &ServiceDocument) -> Self {
        let mut types = Self { fields: HashMap::new(), possible: HashMap::new(), enums: HashSet::new() };
        for definition in definitions(document) {
            let name = definition.name.node.to_string();
            match &definition.kind {
                TypeKind::Object(object) => {
                    for interface in &object.implements {
                        types.possible.entry(interface.node.to_string()).or_default().push(name.clone());
                    }
                    types.fields.insert(name, fields(object.fields.iter().map(|field| &field.node)));
                }
                TypeKind::Interface(interface) => {
                    types.possible.entry(name.clone()).or_default();
                    types.fields.insert(name, fields(interface.fields.iter().map(|field| &field.node)));
                }
                TypeKind::Union(union) => {
                    let members = union.members.iter().map(|member| member.node.to_string());
                    types.possible.insert(name, members.collect());
                }
                TypeKind::Enum(_) => {
                    types.enums.insert(name);
                }
                TypeKind::Scalar | TypeKind::InputObject(_) => {}
            }
        }
        types
    }

    /// Returns the type of a field; none if the schema has no such field.
    pub(super) fn field(&self, ty: &str, field: &str) -> Option<&FieldType> {
        self.fields.get(ty)?.get(field)
    }

    /// Returns the object types of an interface or union; none for any other type.
    pub(super) fn possible(&self, ty: &str) -> Option<&[String]> {
        self.possible.get(ty).map(Vec::as_slice)
    }

    /// Whether a fragment on type `condition` applies to objects of type `object`.
    pub(super) fn fits(&self, object: &str, condition: &str) -> bool {
        object == condition || self.possible(condition).is_some_and(|all| all.iter().any(|one| one == object))
    }

    /// Whether a type is a page of rows (a connection).
    pub(super) fn is_page(&self, ty: &str) -> bool {
        ["nodes", "edges"].iter().any(|rows| self.field(ty, rows).is_some_and(|field| field.is_list))
            && ty != "Query"
    }

    /// Whether a type is an enum.
    pub(super) fn is_enum(&self, ty: &str) -> bool {
        self.enums.contains(ty)
    }
}

fn fields<'a>(fields: impl Iterator<Item = &'a FieldDefinition>) -> HashMap<String, FieldType> {
    let of = |field: &FieldDefinition| {
        let ty = &field.ty.node;
        let is_list = matches!(ty.base, BaseType::List(_));
        (field.name.node.to_string(), FieldType { name: innermost(ty).to_owned(), is_list })
    };
    fields.map(of).collect()
}
