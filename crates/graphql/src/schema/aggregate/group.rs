//! Groups and their key values.

use super::group_list::key_name;
use super::{Aggregate, SelectedFacts, to_int};
use crate::schema::cost_directives::AssumedSize;
use crate::schema::enums::Locale;
use crate::schema::json_writer::JsonWriter;
use crate::schema::node::Node;
use crate::schema::request_context::{RequestContext, View};
use async_graphql::async_trait::async_trait;
use async_graphql::registry::Registry;
use async_graphql::{Context, ContextSelectionSet, Object, OutputType, Positioned, ServerResult, Value};
use async_graphql_parser::types::{Field, SelectionSet};
use caunoi_domain::statistics::{Group, GroupBy, GroupKeyValue};
use std::borrow::Cow;

/// The groups of a page. They are in memory, possibly thousands.
pub(super) struct Groups<'a> {
    pub(super) numbers: &'a SelectedFacts,
    pub(super) groups: &'a [Group],
}

impl Groups<'_> {
    /// Returns the groups as objects for the engine.
    fn objects(&self) -> Vec<GroupObject> {
        self.groups.iter().map(|group| GroupObject::new(self.numbers, group)).collect()
    }

    /// Writes the groups as text; `None` if a selected field needs the engine.
    fn write(&self, json: &mut JsonWriter, request: &RequestContext, selected: &SelectionSet) -> Option<()> {
        let directory = request.directory();
        let keys = self.numbers.measures.keys();
        json.write_list(self.groups, |json, group| {
            json.write_object("Group", selected, |json, field| match field.name.node.as_str() {
                "keys" => json.write_list(keys.iter().zip(&group.keys), |json, (by, value)| {
                    json.write_object("GroupValue", &field.selection_set.node, |json, field| {
                        match field.name.node.as_str() {
                            "key" => json.write_text(key_name(*by)),
                            "value" => json.write_text(&value.code(directory)),
                            _ => None,
                        }
                    })
                }),
                "aggregate" => json.write_object("Aggregate", &field.selection_set.node, |json, field| {
                    match field.name.node.as_str() {
                        "count" => json.write_number(to_int(group.count)),
                        _ => None,
                    }
                }),
                _ => None,
            })
        })
    }
}

#[async_trait]
impl OutputType for Groups<'_> {
    fn type_name() -> Cow<'static, str> {
        Vec::<GroupObject>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<GroupObject>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<GroupObject>::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let request = ctx.data_unchecked::<RequestContext>();
        match JsonWriter::write_plain(ctx, |json| self.write(json, request, &ctx.item.node)) {
            Some(groups) => Ok(groups),
            None => self.objects().resolve(ctx, field).await,
        }
    }
}

/// The entries that have the same values for the grouping keys.
pub(super) struct GroupObject(Aggregate);

impl GroupObject {
    pub(super) fn new(numbers: &SelectedFacts, group: &Group) -> Self {
        Self(Aggregate { numbers: numbers.clone(), group: group.clone() })
    }
}

/// The entries that have the same values for the grouping keys.
#[Object(name = "Group")]
impl GroupObject {
    /// The common values, one for each key of the argument `by`, in that order.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn keys(&self) -> Vec<GroupValue> {
        let Aggregate { numbers, group } = &self.0;
        let value = |(by, value): (&GroupBy, &GroupKeyValue)| GroupValue {
            by: *by,
            value: value.clone(),
            view: numbers.view,
        };
        numbers.measures.keys().iter().zip(&group.keys).map(value).collect()
    }

    /// Numbers over the entries of the group.
    async fn aggregate(&self) -> &Aggregate {
        &self.0
    }
}

/// The common value of a group for one key.
pub(super) struct GroupValue {
    by: GroupBy,
    value: GroupKeyValue,
    view: View,
}

/// The common value of a group for one key.
#[Object]
impl GroupValue {
    /// The name of the key, for example `COUNTRY`, or of the date of a bucket, for example
    /// `SIGNED_ON`.
    async fn key(&self) -> &'static str {
        key_name(self.by)
    }

    /// The value in the form that filters accept: a slug, a code or an enum value. For a date
    /// bucket, its period: `2025`, `2025-Q3`, `2025-07` or `2020s`.
    async fn value(&self, ctx: &Context<'_>) -> String {
        self.value.code(RequestContext::of(ctx).directory()).into_owned()
    }

    /// The value as display text, for example the name of the country.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> String {
        let request = RequestContext::of(ctx);
        caunoi_texts::label(&self.value, request.directory(), self.view.day(ctx), request.locale(locale))
    }

    /// The object behind the value: a province, unit, country, locality or term. Null for enum
    /// values, regions and date buckets.
    async fn node(&self, ctx: &Context<'_>) -> Option<Node> {
        Node::of_key(RequestContext::of(ctx), &self.value)
    }
}
