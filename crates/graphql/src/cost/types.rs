//! The types of the schema, as far as the cost of a document depends on them.

use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{
    BaseType, FieldDefinition, ServiceDocument, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static TYPES: LazyLock<Types> = LazyLock::new(|| Types::of(&document()));

/// The schema as its definition language has it.
pub(super) fn document() -> ServiceDocument {
    // Text of our own: it is valid, and an empty document makes every field count once.
    parse_schema(crate::sdl()).unwrap_or_else(|_| ServiceDocument { definitions: Vec::new() })
}

/// The definitions of types in a schema.
pub(super) fn definitions(document: &ServiceDocument) -> impl Iterator<Item = &TypeDefinition> {
    document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(&definition.node),
        TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
    })
}

/// The name inside all lists of a type.
pub(super) fn innermost(ty: &Type) -> &str {
    let mut ty = ty;
    loop {
        match &ty.base {
            BaseType::Named(name) => return name.as_str(),
            BaseType::List(of) => ty = of,
        }
    }
}

/// What a field returns.
pub(super) struct FieldType {
    /// The name of the type, without lists.
    pub(super) name: String,
    /// Whether it is a list.
    pub(super) is_list: bool,
}

/// The output types of the schema.
pub(super) struct Types {
    fields: HashMap<String, HashMap<String, FieldType>>,
    /// The object types of each interface and union.
    possible: HashMap<String, Vec<String>>,
    /// Closed lists of words.
    enums: HashSet<String>,
}

impl Types {
    /// The types of our schema.
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

    /// What a field of a type returns; none where the schema has no such field.
    pub(super) fn field(&self, ty: &str, field: &str) -> Option<&FieldType> {
        self.fields.get(ty)?.get(field)
    }

    /// The object types of an interface or union; none for any other type.
    pub(super) fn possible(&self, ty: &str) -> Option<&[String]> {
        self.possible.get(ty).map(Vec::as_slice)
    }

    /// Whether an object of type `object` can meet a fragment on type `condition`.
    pub(super) fn fits(&self, object: &str, condition: &str) -> bool {
        object == condition || self.possible(condition).is_some_and(|all| all.iter().any(|one| one == object))
    }

    /// Whether a type is a page of rows.
    pub(super) fn is_page(&self, ty: &str) -> bool {
        ["nodes", "edges"].iter().any(|rows| self.field(ty, rows).is_some_and(|field| field.is_list))
            && ty != "Query"
    }

    /// Whether a type is a closed list of words.
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
