//! The directives that state the expected cost of fields in the schema: `@cost` and `@listSize` of
//! the [GraphQL cost directives] specification, and `@textSize`, for which it has no directive.
//!
//! `cost` computes from these directives, and so do routers and clients that read the schema.
//!
//! [GraphQL cost directives]: https://ibm.github.io/graphql-specs/cost-spec.html

use async_graphql::TypeDirective;
use async_graphql::indexmap::IndexMap;
use async_graphql::registry::location_traits::{
    Directive_At_FIELD_DEFINITION, Directive_At_INPUT_FIELD_DEFINITION, Directive_At_OBJECT,
};
use async_graphql::registry::{
    __DirectiveLocation, Deprecation, MetaDirective, MetaDirectiveInvocation, MetaInputValue, Registry,
};
use async_graphql_value::ConstValue;
use caunoi_domain::page::USUAL_PAGE;
use std::borrow::Cow;

/// The name of the directive of weights.
pub(crate) const COST: &str = "cost";
/// The name of the directive of list sizes.
pub(crate) const LIST_SIZE: &str = "listSize";
/// The name of the directive of text sizes.
pub(crate) const TEXT_SIZE: &str = "textSize";

/// `@cost`: the weight of a field, an object or an input field.
pub(crate) struct Weight;

/// `@listSize` of a list without pages.
pub(crate) struct AssumedSize;

/// `@listSize` of a list with pages.
pub(crate) struct PageSize;

/// `@listSize` of a list that has no pages.
pub(crate) struct ShortList;

/// `@textSize`: the typical size of a text.
pub(crate) struct TextSize;

impl Directive_At_FIELD_DEFINITION for Weight {}
impl Directive_At_INPUT_FIELD_DEFINITION for Weight {}
impl Directive_At_OBJECT for Weight {}
impl Directive_At_FIELD_DEFINITION for AssumedSize {}
impl Directive_At_FIELD_DEFINITION for PageSize {}
impl Directive_At_FIELD_DEFINITION for ShortList {}
impl Directive_At_FIELD_DEFINITION for TextSize {}

impl Weight {
    /// States the weight in units of cost.
    pub(crate) fn apply(weight: u16) -> MetaDirectiveInvocation {
        invocation(COST, [("weight", ConstValue::String(weight.to_string()))])
    }
}

impl AssumedSize {
    /// States the expected number of rows.
    pub(crate) fn apply(rows: u16) -> MetaDirectiveInvocation {
        invocation(LIST_SIZE, [("assumedSize", ConstValue::Number(rows.into()))])
    }
}

impl PageSize {
    /// States which arguments contain the size of a page, and which fields of the page contain its
    /// rows; none if the field itself is the list.
    pub(crate) fn apply(arguments: &[&str], rows: &[&str]) -> MetaDirectiveInvocation {
        sized_list(USUAL_PAGE, arguments, rows)
    }
}

impl ShortList {
    /// States the size of a list without paging, and the argument that contains another one.
    pub(crate) fn apply(size: u16, argument: &str) -> MetaDirectiveInvocation {
        sized_list(size, &[argument], &[])
    }
}

fn sized_list(size: u16, arguments: &[&str], rows: &[&str]) -> MetaDirectiveInvocation {
    let mut stated =
        vec![("assumedSize", ConstValue::Number(size.into())), ("slicingArguments", names(arguments))];
    if !rows.is_empty() {
        stated.push(("sizedFields", names(rows)));
    }
    stated.push(("requireOneSlicingArgument", ConstValue::Boolean(false)));
    invocation(LIST_SIZE, stated)
}

impl TextSize {
    /// States the typical number of bytes.
    pub(crate) fn apply(bytes: u16) -> MetaDirectiveInvocation {
        invocation(TEXT_SIZE, [("assumedBytes", ConstValue::Number(bytes.into()))])
    }
}

impl TypeDirective for Weight {
    fn name(&self) -> Cow<'static, str> {
        COST.into()
    }

    fn register(&self, registry: &mut Registry) {
        registry.add_directive(MetaDirective {
            locations: vec![
                __DirectiveLocation::ARGUMENT_DEFINITION,
                __DirectiveLocation::ENUM,
                __DirectiveLocation::FIELD_DEFINITION,
                __DirectiveLocation::INPUT_FIELD_DEFINITION,
                __DirectiveLocation::OBJECT,
                __DirectiveLocation::SCALAR,
            ],
            ..definition(COST, COST_DESCRIPTION, [argument("weight", "String!", None)])
        });
    }
}

impl TypeDirective for AssumedSize {
    fn name(&self) -> Cow<'static, str> {
        LIST_SIZE.into()
    }

    fn register(&self, registry: &mut Registry) {
        let arguments = [
            argument("assumedSize", "Int", None),
            argument("slicingArguments", "[String!]", None),
            argument("sizedFields", "[String!]", None),
            argument("requireOneSlicingArgument", "Boolean", Some("true")),
        ];
        registry.add_directive(definition(LIST_SIZE, LIST_SIZE_DESCRIPTION, arguments));
    }
}

impl TypeDirective for PageSize {
    fn name(&self) -> Cow<'static, str> {
        AssumedSize.name()
    }

    fn register(&self, registry: &mut Registry) {
        AssumedSize.register(registry);
    }
}

impl TypeDirective for ShortList {
    fn name(&self) -> Cow<'static, str> {
        AssumedSize.name()
    }

    fn register(&self, registry: &mut Registry) {
        AssumedSize.register(registry);
    }
}

impl TypeDirective for TextSize {
    fn name(&self) -> Cow<'static, str> {
        TEXT_SIZE.into()
    }

    fn register(&self, registry: &mut Registry) {
        let arguments = [argument("assumedBytes", "Int!", None)];
        registry.add_directive(definition(TEXT_SIZE, TEXT_SIZE_DESCRIPTION, arguments));
    }
}

const COST_DESCRIPTION: &str = "\
The weight of a field: the work for it in units of cost, in addition to the objects that it
returns. The default is 0. The weight of an object type: the cost of one object, 1 by default and
0 for a value that is part of the object around it. The weight of an input field: the most that
it costs in a filter. Example: `@cost(weight: \"5\")`.";

const LIST_SIZE_DESCRIPTION: &str = "\
The size of a list: that of its slicing argument, else the assumed size. With `sizedFields`, the
lists are these fields of the object returned. Example: `@listSize(assumedSize: 4)`.";

const TEXT_SIZE_DESCRIPTION: &str = "\
The typical size of a text in bytes of UTF-8. Every 512 bytes of an object beyond the first 512
cost as much as a further object. Other values have some 20 bytes. Example:
`@textSize(assumedBytes: 110)`.";

/// A directive on field definitions.
fn definition(
    name: &str,
    description: &str,
    arguments: impl IntoIterator<Item = MetaInputValue>,
) -> MetaDirective {
    MetaDirective {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        locations: vec![__DirectiveLocation::FIELD_DEFINITION],
        args: arguments.into_iter().map(|argument| (argument.name.clone(), argument)).collect(),
        is_repeatable: false,
        visible: None,
        composable: None,
    }
}

fn argument(name: &str, ty: &str, default: Option<&str>) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: None,
        ty: ty.to_owned(),
        deprecation: Deprecation::NoDeprecated,
        default_value: default.map(str::to_owned),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

fn invocation(
    name: &str,
    arguments: impl IntoIterator<Item = (&'static str, ConstValue)>,
) -> MetaDirectiveInvocation {
    let args: IndexMap<_, _> = arguments.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    MetaDirectiveInvocation { name: name.to_owned(), args }
}

fn names(names: &[&str]) -> ConstValue {
    ConstValue::List(names.iter().map(|name| ConstValue::String((*name).to_owned())).collect())
}
