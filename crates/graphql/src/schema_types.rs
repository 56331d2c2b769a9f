//! The types of the schema for validation and for cost estimates, read from its own definition.

mod cost;

use async_graphql_parser::types::{
    BaseType, DirectiveDefinition, DirectiveLocation, FieldDefinition, InputValueDefinition, OperationType,
    ServiceDocument, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql_parser::{Positioned, parse_schema};
use async_graphql_value::Name;
pub(crate) use cost::{FieldCost, ListSize};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// The types of the served schema.
pub(crate) static TYPES: LazyLock<SchemaTypes> = LazyLock::new(|| SchemaTypes::of(&crate::sdl()));

/// Parses the definition of a schema. Our own is valid; an invalid one has no types.
pub(crate) fn parse(sdl: &str) -> ServiceDocument {
    parse_schema(sdl).unwrap_or_else(|_| ServiceDocument { definitions: Vec::new() })
}

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

/// The introspection fields of the query root.
const ROOT: &str = "type Query { __schema: __Schema! __type(name: String!): __Type }";

/// `__typename`, which is on every composite type.
static TYPENAME: LazyLock<OutputField> = LazyLock::new(|| OutputField {
    ty: Type { base: BaseType::Named(Name::new("String")), nullable: false },
    arguments: HashMap::new(),
    cost: FieldCost::default(),
});

/// The scalars of the specification, which no definition prints.
const SCALARS: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// The types of a schema, by name.
#[derive(Debug, Default)]
pub(crate) struct SchemaTypes {
    composites: HashMap<String, Composite>,
    /// The input objects.
    pub(crate) inputs: HashMap<String, InputObject>,
    /// The values of each enum.
    pub(crate) enums: HashMap<String, HashSet<String>>,
    custom_scalars: HashSet<String>,
    directives: HashMap<String, KnownDirective>,
}

/// A directive.
#[derive(Debug)]
pub(crate) struct KnownDirective {
    /// By name.
    pub(crate) arguments: HashMap<String, InputField>,
    /// The places where it may be used.
    pub(crate) locations: Vec<DirectiveLocation>,
}

/// An object, an interface or a union.
#[derive(Debug)]
struct Composite {
    is_object: bool,
    fields: HashMap<String, OutputField>,
    /// The object types of an interface or a union, in the order of the schema.
    possible: Vec<String>,
    /// The cost of one object.
    weight: u64,
}

/// A field of an object or an interface.
#[derive(Debug)]
pub(crate) struct OutputField {
    /// Its type.
    pub(crate) ty: Type,
    /// By name.
    pub(crate) arguments: HashMap<String, InputField>,
    /// The expected cost.
    pub(crate) cost: FieldCost,
}

/// A field of an input object, or an argument of a field or a directive.
#[derive(Debug)]
pub(crate) struct InputField {
    /// Its type.
    pub(crate) ty: Type,
    /// Its default in the schema.
    pub(crate) default: Option<serde_json::Value>,
    /// The most that it costs in a filter, if the schema states it.
    pub(crate) weight: Option<u64>,
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
            for definition in parse(text).definitions {
                types.add(definition);
            }
        }
        types
    }

    fn add(&mut self, definition: TypeSystemDefinition) {
        match definition {
            TypeSystemDefinition::Type(definition) => self.add_type(definition.node),
            TypeSystemDefinition::Directive(definition) => {
                let (name, directive) = KnownDirective::of(definition.node);
                self.directives.insert(name, directive);
            }
            TypeSystemDefinition::Schema(_) => {}
        }
    }

    fn add_type(&mut self, definition: TypeDefinition) {
        let (name, directives) = (definition.name.node.to_string(), definition.directives);
        match definition.kind {
            TypeKind::Object(object) => {
                for interface in &object.implements {
                    self.composite(interface.node.as_str()).possible.push(name.clone());
                }
                let composite = self.composite(&name);
                composite.is_object = true;
                composite.weight = cost::weight(&directives).unwrap_or(1);
                composite.add_fields(object.fields);
            }
            TypeKind::Interface(interface) => self.composite(&name).add_fields(interface.fields),
            TypeKind::Union(union) => {
                let members = union.members.iter().map(|member| member.node.to_string());
                self.composite(&name).possible.extend(members);
            }
            TypeKind::InputObject(object) => {
                let is_one_of = directives.iter().any(|directive| directive.node.name.node == "oneOf");
                let fields = object.fields.into_iter().map(|field| InputField::of(field.node));
                self.inputs.insert(name, InputObject { fields: fields.collect(), is_one_of });
            }
            TypeKind::Enum(list) => {
                let values = list.values.into_iter().map(|value| value.node.value.node.to_string());
                self.enums.insert(name, values.collect());
            }
            TypeKind::Scalar => {
                self.custom_scalars.insert(name);
            }
        }
    }

    /// Returns the composite type with this name, added if it is new.
    fn composite(&mut self, name: &str) -> &mut Composite {
        self.composites.entry(name.to_owned()).or_default()
    }

    /// Returns a field of a type; none if the type or the field is unknown.
    pub(crate) fn field(&self, parent: Option<&str>, name: &str) -> Option<&OutputField> {
        self.composites.get(parent?)?.fields.get(name)
    }

    /// Returns a field that can be selected on a type, `__typename` included; none if the type or the
    /// field is unknown.
    pub(crate) fn selected_field(&self, parent: Option<&str>, name: &str) -> Option<&OutputField> {
        let is_typename = name == "__typename" && parent.is_some_and(|parent| self.is_composite(parent));
        if is_typename { Some(&TYPENAME) } else { self.field(parent, name) }
    }

    /// Returns a directive; none if it is unknown.
    pub(crate) fn directive(&self, name: &str) -> Option<&KnownDirective> {
        self.directives.get(name)
    }

    /// Whether this is a scalar that the specification does not define.
    pub(crate) fn is_custom_scalar(&self, name: &str) -> bool {
        self.custom_scalars.contains(name)
    }

    /// Whether a variable can have this type.
    pub(crate) fn is_input(&self, name: &str) -> bool {
        self.inputs.contains_key(name)
            || self.enums.contains_key(name)
            || self.is_custom_scalar(name)
            || SCALARS.contains(&name)
    }

    /// Whether the schema has this type.
    pub(crate) fn is_known(&self, name: &str) -> bool {
        self.is_input(name) || self.is_composite(name)
    }

    /// Whether an object can have both types.
    pub(crate) fn overlap(&self, one: &str, other: &str) -> bool {
        match self.possible(one) {
            Some(objects) => objects.iter().any(|object| self.fits(object, other)),
            None => self.fits(one, other),
        }
    }

    /// Whether this is an object type. A value has exactly one object type.
    pub(crate) fn is_object(&self, name: &str) -> bool {
        self.composites.get(name).is_some_and(|composite| composite.is_object)
    }

    /// Whether this is an object, an interface or a union.
    pub(crate) fn is_composite(&self, name: &str) -> bool {
        self.composites.contains_key(name)
    }

    /// Returns the object types of an interface or a union; none for any other type.
    pub(crate) fn possible(&self, name: &str) -> Option<&[String]> {
        let composite = self.composites.get(name).filter(|composite| !composite.is_object)?;
        Some(&composite.possible)
    }

    /// Whether a fragment on type `condition` applies to objects of type `object`.
    pub(crate) fn fits(&self, object: &str, condition: &str) -> bool {
        object == condition || self.possible(condition).is_some_and(|all| all.iter().any(|one| one == object))
    }

    /// Returns the cost of one object of a type.
    pub(crate) fn object_weight(&self, name: &str) -> u64 {
        self.composites.get(name).map_or(1, |composite| composite.weight)
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

impl Default for Composite {
    fn default() -> Self {
        Self { is_object: false, fields: HashMap::new(), possible: Vec::new(), weight: 1 }
    }
}

impl Composite {
    fn add_fields(&mut self, fields: Vec<Positioned<FieldDefinition>>) {
        self.fields.extend(fields.into_iter().map(|field| OutputField::of(field.node)));
    }
}

impl OutputField {
    fn of(field: FieldDefinition) -> (String, Self) {
        let arguments = field.arguments.into_iter().map(|one| InputField::of(one.node)).collect();
        let cost = FieldCost::of(&field.directives);
        (field.name.node.to_string(), Self { ty: field.ty.node, arguments, cost })
    }

    /// Whether it is a list.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.ty.base, BaseType::List(_))
    }
}

impl InputField {
    fn of(field: InputValueDefinition) -> (String, Self) {
        let default = field.default_value.and_then(|default| default.node.into_json().ok());
        let weight = cost::weight(&field.directives);
        (field.name.node.to_string(), Self { ty: field.ty.node, default, weight })
    }

    /// Whether it is a list of global ids.
    pub(crate) fn is_list_of_ids(&self) -> bool {
        matches!(self.ty.base, BaseType::List(_)) && named(&self.ty) == "ID"
    }

    /// Whether an input may omit it.
    pub(crate) fn may_be_absent(&self) -> bool {
        self.ty.nullable || self.default.is_some()
    }
}

impl InputObject {
    /// Returns the required fields that are not given, by name.
    pub(crate) fn missing(&self, is_given: impl Fn(&str) -> bool) -> Vec<&str> {
        let required = self.fields.iter().filter(|(_, field)| !field.may_be_absent());
        let mut missing: Vec<_> =
            required.map(|(name, _)| name.as_str()).filter(|name| !is_given(name)).collect();
        missing.sort_unstable();
        missing
    }
}

impl KnownDirective {
    fn of(definition: DirectiveDefinition) -> (String, Self) {
        let arguments = definition.arguments.into_iter().map(|one| InputField::of(one.node)).collect();
        let locations = definition.locations.into_iter().map(|location| location.node).collect();
        (definition.name.node.to_string(), Self { arguments, locations })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_arguments_and_kinds_match_the_schema() {
        let field = TYPES.field(Some("Statistics"), "expiring").unwrap();
        let days = &field.arguments["withinDays"];
        assert!(days.default.is_some() && !days.ty.nullable && days.may_be_absent());
        assert_eq!(named(&field.ty), "AgreementConnection");
        assert!(TYPES.is_object("Agreement") && TYPES.is_composite("Entry") && !TYPES.is_object("Entry"));
        assert!(!TYPES.is_composite("Cursor"));
        assert!(TYPES.inputs["EntryBy"].is_one_of && !TYPES.inputs["TextInput"].is_one_of);
        assert!(TYPES.directive("include").unwrap().arguments.contains_key("if"));
        assert!(TYPES.field(None, "x").is_none() && TYPES.field(Some("Query"), "x").is_none());
    }

    #[test]
    fn costs_match_the_directives() {
        let cost = |ty: &str, field: &str| TYPES.field(Some(ty), field).unwrap().cost.clone();
        assert_eq!((cost("Figure", "gap").weight, cost("Figure", "code").weight), (5, 0));
        let page = cost("Query", "agreements").list_size.unwrap();
        assert_eq!((page.assumed, page.slicing_arguments.join(" ")), (20, "first last".to_owned()));
        assert_eq!(page.sized_fields, ["edges", "nodes"]);
        assert_eq!(cost("Agreement", "acts").list_size.unwrap().assumed, 4);
        assert_eq!(cost("Agreement", "title").text_bytes, Some(110));
        assert_eq!((TYPES.object_weight("Quantity"), TYPES.object_weight("Agreement")), (0, 1));
        assert_eq!(TYPES.inputs["AgreementFilter"].fields["search"].weight, Some(20));
    }

    #[test]
    fn interfaces_and_unions_have_their_objects() {
        assert!(TYPES.fits("Agreement", "Entry") && TYPES.fits("Agreement", "SearchHit"));
        assert!(TYPES.fits("Agreement", "Agreement") && !TYPES.fits("Figure", "Entry"));
        assert_eq!(TYPES.possible("ChangeMessage").unwrap(), ["Change", "ChangeGap", "ChangeHeartbeat"]);
        assert!(TYPES.possible("Agreement").is_none() && TYPES.possible("AgreementFilter").is_none());
    }

    #[test]
    fn no_directive_is_repeatable() {
        // The parser of the engine takes all of them for repeatable, so validation takes none for it.
        assert!(!crate::sdl().contains(" repeatable on "));
    }

    #[test]
    fn introspection_types_are_known() {
        assert!(TYPES.field(Some("Query"), "__typename").is_none());
        assert_eq!(TYPES.field(Some("Query"), "__schema").unwrap().ty.to_string(), "__Schema!");
        assert!(
            TYPES.field(Some("__Type"), "fields").unwrap().arguments["includeDeprecated"].default.is_some()
        );
    }
}
