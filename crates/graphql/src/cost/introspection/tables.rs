//! The types of our schema and their members for introspection, with the lengths of their texts.

use crate::schema_types::{self, named};
use async_graphql_parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use std::collections::HashMap;
use std::sync::LazyLock;

static TABLES: LazyLock<IntrospectionTables> = LazyLock::new(IntrospectionTables::new);

/// A type inside list and non-null wrappers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct WrappedType {
    /// The number of wrappers.
    pub(super) wrappers: u8,
    /// The number of the type; none if the definition of the schema does not contain it.
    pub(super) ty: Option<usize>,
}

/// A type: the lengths of its texts in bytes and the numbers of its members and related types.
pub(super) struct TypeEntry {
    pub(super) name: u64,
    pub(super) description: u64,
    pub(super) fields: Vec<usize>,
    pub(super) input_fields: Vec<usize>,
    pub(super) enum_values: Vec<usize>,
    pub(super) interfaces: Vec<usize>,
    pub(super) possible_types: Vec<usize>,
}

/// A field, an argument, an input field or an enum value.
pub(super) struct Member {
    pub(super) name: u64,
    pub(super) description: u64,
    pub(super) ty: Option<WrappedType>,
    pub(super) args: Vec<usize>,
}

/// The types of the schema and their members, by number.
#[derive(Default)]
pub(super) struct IntrospectionTables {
    pub(super) types: Vec<TypeEntry>,
    pub(super) members: Vec<Member>,
    pub(super) by_name: HashMap<String, usize>,
}

impl IntrospectionTables {
    /// Returns the tables of our schema.
    pub(super) fn of_schema() -> &'static Self {
        &TABLES
    }

    fn new() -> Self {
        let document = schema_types::parse(&crate::sdl());
        let types = document.definitions.iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(&definition.node),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        let all: Vec<&TypeDefinition> = types.collect();
        let names = all.iter().enumerate().map(|(number, ty)| (ty.name.node.to_string(), number));
        let mut tables = Self { by_name: names.collect(), ..Self::default() };
        for definition in &all {
            let entry = tables.entry(definition);
            tables.types.push(entry);
        }
        tables.link(&all);
        tables
    }

    fn entry(&mut self, definition: &TypeDefinition) -> TypeEntry {
        let mut entry = TypeEntry {
            name: length(definition.name.node.as_str()),
            description: definition.description.as_ref().map_or(0, |text| length(&text.node)),
            fields: Vec::new(),
            input_fields: Vec::new(),
            enum_values: Vec::new(),
            interfaces: Vec::new(),
            possible_types: Vec::new(),
        };
        match &definition.kind {
            TypeKind::Object(object) => {
                entry.fields = object.fields.iter().map(|field| self.field(&field.node)).collect();
            }
            TypeKind::Interface(interface) => {
                entry.fields = interface.fields.iter().map(|field| self.field(&field.node)).collect();
            }
            TypeKind::InputObject(input) => {
                entry.input_fields = input.fields.iter().map(|field| self.input(&field.node)).collect();
            }
            TypeKind::Enum(list) => {
                let values = list.values.iter().map(|value| {
                    let description = value.node.description.as_ref().map_or(0, |text| length(&text.node));
                    let name = length(value.node.value.node.as_str());
                    self.add(Member { name, description, ty: None, args: Vec::new() })
                });
                entry.enum_values = values.collect();
            }
            TypeKind::Union(_) | TypeKind::Scalar => {}
        }
        entry
    }

    fn field(&mut self, field: &FieldDefinition) -> usize {
        let args = field.arguments.iter().map(|argument| self.input(&argument.node)).collect();
        let description = field.description.as_ref().map_or(0, |text| length(&text.node));
        let ty = Some(self.wrapped(&field.ty.node));
        self.add(Member { name: length(field.name.node.as_str()), description, ty, args })
    }

    fn input(&mut self, input: &InputValueDefinition) -> usize {
        let description = input.description.as_ref().map_or(0, |text| length(&text.node));
        let ty = Some(self.wrapped(&input.ty.node));
        self.add(Member { name: length(input.name.node.as_str()), description, ty, args: Vec::new() })
    }

    fn add(&mut self, member: Member) -> usize {
        self.members.push(member);
        self.members.len() - 1
    }

    fn wrapped(&self, ty: &Type) -> WrappedType {
        let (mut wrappers, mut inner) = (0, ty);
        loop {
            wrappers += u8::from(!inner.nullable);
            match &inner.base {
                BaseType::Named(_) => break,
                BaseType::List(of) => {
                    wrappers += 1;
                    inner = of;
                }
            }
        }
        WrappedType { wrappers, ty: self.by_name.get(named(ty)).copied() }
    }

    /// Links types with their interfaces, and unions with their members.
    fn link(&mut self, all: &[&TypeDefinition]) {
        for (number, definition) in all.iter().enumerate() {
            let implemented = match &definition.kind {
                TypeKind::Object(object) => &object.implements,
                TypeKind::Interface(interface) => &interface.implements,
                TypeKind::Union(union) => {
                    let members = union.members.iter();
                    self.types[number].possible_types = members
                        .filter_map(|member| self.by_name.get(member.node.as_str()).copied())
                        .collect();
                    continue;
                }
                TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => continue,
            };
            for interface in implemented {
                let Some(interface) = self.by_name.get(interface.node.as_str()).copied() else { continue };
                self.types[number].interfaces.push(interface);
                if matches!(definition.kind, TypeKind::Object(_)) {
                    self.types[interface].possible_types.push(number);
                }
            }
        }
    }
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}
