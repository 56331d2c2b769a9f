//! The types of the schema for validation, parsed once from its own definition.

use async_graphql_parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, OperationType, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};
use async_graphql_parser::{Positioned, parse_schema};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The types of the served schema.
pub(crate) static TYPES: LazyLock<SchemaTypes> = LazyLock::new(|| SchemaTypes::of(&crate::sdl()));

/// The introspection types, which no definition prints, as the engine resolves them.
const INTROSPECTION: &str = "
type __Schema { description: String types: [__Type!]! queryType: __Type! mutationType: __Type
  subscriptionType: __Type directives: [__Directive!]! }
type __Type { kind: __TypeKind! name: String description: String specifiedByURL: String isOneOf: Boolean
  fields(includeDeprecated: Boolean! = false): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean! = false): [__EnumValue!]
  inputFields(includeDeprecated: Boolean! = false): [__InputValue!] ofType: __Type }
type __Field { name: String! description: String type: __Type! isDeprecated: Boolean!
  args(includeDeprecated: Boolean! = false): [__InputValue!]! deprecationReason: String }
type __InputValue { name: String! description: String type: __Type! defaultValue: String
  isDeprecated: Boolean! deprecationReason: String }
type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
type __Directive { name: String! description: String locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean! = false): [__InputValue!]! isRepeatable: Boolean! }
enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
enum __DirectiveLocation { QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT
  VARIABLE_DEFINITION SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE
  INPUT_OBJECT INPUT_FIELD_DEFINITION }
";

/// The introspection fields of the query root. `__typename` is on every type, and no rule needs its
/// type.
const ROOT: &str = "type Query { __schema: __Schema! __type(name: String!): __Type }";

/// The types of a schema, by name. No table contains scalars.
#[derive(Debug, Default)]
pub(crate) struct SchemaTypes {
    composites: HashMap<String, Composite>,
    /// The input objects.
    pub(crate) inputs: HashMap<String, InputObject>,
    /// The values of each enum.
    pub(crate) enums: HashMap<String, HashSet<String>>,
    directives: HashMap<String, HashMap<String, InputField>>,
}

/// An object, an interface or a union.
#[derive(Debug)]
struct Composite {
    is_object: bool,
    fields: HashMap<String, OutputField>,
}

/// A field of an object or an interface.
#[derive(Debug)]
pub(crate) struct OutputField {
    /// Its type.
    pub(crate) ty: Type,
    /// By name.
    pub(crate) arguments: HashMap<String, InputField>,
}

/// A field of an input object, or an argument of a field or a directive.
#[derive(Debug)]
pub(crate) struct InputField {
    /// Its type.
    pub(crate) ty: Type,
    /// Whether the schema has a default for it.
    pub(crate) has_default: bool,
}

/// An input object.
#[derive(Debug)]
pub(crate) struct InputObject {
    /// By name.
    pub(crate) fields: HashMap<String, InputField>,
    /// Whether it requires exactly one of its fields (`@oneOf`).
    pub(crate) is_one_of: bool,
}

impl SchemaTypes {
    /// Reads the types of a schema in its definition language, and the introspection types.
    pub(crate) fn of(sdl: &str) -> Self {
        let mut types = Self::default();
        for text in [INTROSPECTION, ROOT, sdl] {
            let definitions = parse_schema(text).map(|document| document.definitions).unwrap_or_default();
            for definition in definitions {
                types.add(definition);
            }
        }
        types
    }

    fn add(&mut self, definition: TypeSystemDefinition) {
        match definition {
            TypeSystemDefinition::Type(definition) => self.add_type(definition.node),
            TypeSystemDefinition::Directive(definition) => {
                let arguments = definition.node.arguments.into_iter().map(|one| InputField::of(one.node));
                self.directives.insert(definition.node.name.node.to_string(), arguments.collect());
            }
            TypeSystemDefinition::Schema(_) => {}
        }
    }

    fn add_type(&mut self, definition: TypeDefinition) {
        let name = definition.name.node.to_string();
        let is_one_of = definition.directives.iter().any(|directive| directive.node.name.node == "oneOf");
        match definition.kind {
            TypeKind::Object(object) => self.add_composite(name, true, object.fields),
            TypeKind::Interface(interface) => self.add_composite(name, false, interface.fields),
            TypeKind::Union(_) => self.add_composite(name, false, Vec::new()),
            TypeKind::InputObject(object) => {
                let fields = object.fields.into_iter().map(|field| InputField::of(field.node));
                self.inputs.insert(name, InputObject { fields: fields.collect(), is_one_of });
            }
            TypeKind::Enum(list) => {
                let values = list.values.into_iter().map(|value| value.node.value.node.to_string());
                self.enums.insert(name, values.collect());
            }
            TypeKind::Scalar => {}
        }
    }

    fn add_composite(&mut self, name: String, is_object: bool, fields: Vec<Positioned<FieldDefinition>>) {
        let fields = fields.into_iter().map(|field| OutputField::of(field.node));
        let known = self.composites.entry(name).or_insert(Composite { is_object, fields: HashMap::new() });
        known.fields.extend(fields);
    }

    /// Returns a field of a type; none if the type or the field is unknown.
    pub(crate) fn field(&self, parent: Option<&str>, name: &str) -> Option<&OutputField> {
        self.composites.get(parent?)?.fields.get(name)
    }

    /// Returns an argument of a directive; none if it is unknown.
    pub(crate) fn directive_argument(&self, directive: &str, name: &str) -> Option<&InputField> {
        self.directives.get(directive)?.get(name)
    }

    /// Whether this is an object type. A value has exactly one object type.
    pub(crate) fn is_object(&self, name: &str) -> bool {
        self.composites.get(name).is_some_and(|composite| composite.is_object)
    }

    /// Whether this is an object, an interface or a union.
    pub(crate) fn is_composite(&self, name: &str) -> bool {
        self.composites.contains_key(name)
    }
}

/// Returns the name of the root type for operations of this kind.
pub(crate) fn root_of(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// Returns the name of a type without its lists.
pub(crate) fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(of) => named(of),
    }
}

impl OutputField {
    fn of(field: FieldDefinition) -> (String, Self) {
        let arguments = field.arguments.into_iter().map(|one| InputField::of(one.node)).collect();
        (field.name.node.to_string(), Self { ty: field.ty.node, arguments })
    }
}

impl InputField {
    fn of(field: InputValueDefinition) -> (String, Self) {
        let has_default = field.default_value.is_some();
        (field.name.node.to_string(), Self { ty: field.ty.node, has_default })
    }

    /// Whether an input may omit it.
    pub(crate) fn may_be_absent(&self) -> bool {
        self.ty.nullable || self.has_default
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_arguments_and_kinds_match_the_schema() {
        let field = TYPES.field(Some("Statistics"), "expiring").unwrap();
        let days = &field.arguments["withinDays"];
        assert!(days.has_default && !days.ty.nullable && days.may_be_absent());
        assert_eq!(named(&field.ty), "AgreementConnection");
        assert!(TYPES.is_object("Agreement") && TYPES.is_composite("Entry") && !TYPES.is_object("Entry"));
        assert!(!TYPES.is_composite("Cursor"));
        assert!(TYPES.inputs["EntryBy"].is_one_of && !TYPES.inputs["TextInput"].is_one_of);
        assert!(TYPES.directive_argument("include", "if").is_some());
        assert!(TYPES.field(None, "x").is_none() && TYPES.field(Some("Query"), "x").is_none());
    }

    #[test]
    fn introspection_types_are_known() {
        assert!(TYPES.field(Some("Query"), "__typename").is_none());
        assert_eq!(TYPES.field(Some("Query"), "__schema").unwrap().ty.to_string(), "__Schema!");
        assert!(TYPES.field(Some("__Type"), "fields").unwrap().arguments["includeDeprecated"].has_default);
    }
}
