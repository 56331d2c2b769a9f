//! Groups and the values that their entries share.

use super::{Aggregate, Numbers, name_of, to_int};
use crate::schema::asking::{Asking, View};
use crate::schema::enums::Locale;
use crate::schema::node::Node;
use crate::schema::plain::Json;
use async_graphql::registry::Registry;
use async_graphql::{Context, ContextSelectionSet, Object, OutputType, Positioned, ServerResult, Value};
use async_graphql_parser::types::{Field, SelectionSet};
use caunoi_domain::statistics::{Group, GroupBy, KeyValue};
use std::borrow::Cow;

/// The groups of a page: thousands of them, all in memory.
pub(super) struct Groups<'a> {
    pub(super) numbers: &'a Numbers,
    pub(super) groups: &'a [Group],
}

impl Groups<'_> {
    /// Each group as the engine resolves it.
    fn objects(&self) -> Vec<GroupObject> {
        let object =
            |group: &Group| GroupObject(Aggregate { numbers: self.numbers.clone(), group: group.clone() });
        self.groups.iter().map(object).collect()
    }

    /// The same as text, where plain fields alone are asked for.
    fn write(&self, json: &mut Json, asking: &Asking, selected: &SelectionSet) -> Option<()> {
        let directory = asking.directory();
        let keys = self.numbers.measures.keys();
        json.list(self.groups, |json, group| {
            json.object("Group", selected, |json, field| match field.name.node.as_str() {
                "keys" => json.list(keys.iter().zip(&group.keys), |json, (by, value)| {
                    json.object("GroupValue", &field.selection_set.node, |json, field| {
                        match field.name.node.as_str() {
                            "key" => json.text(name_of(*by)),
                            "value" => json.text(&value.code(directory)),
                            _ => None,
                        }
                    })
                }),
                "aggregate" => {
                    json.object("Aggregate", &field.selection_set.node, |json, field| {
                        match field.name.node.as_str() {
                            "count" => json.number(to_int(group.count)),
                            _ => None,
                        }
                    })
                }
                _ => None,
            })
        })
    }
}

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
        let asking = ctx.data_unchecked::<Asking>();
        match Json::of(ctx, |json| self.write(json, asking, &ctx.item.node)) {
            Some(groups) => Ok(groups),
            None => self.objects().resolve(ctx, field).await,
        }
    }
}

/// Entries that share the values of their keys.
pub(super) struct GroupObject(Aggregate);

/// Entries that share the values of their keys.
#[Object(name = "Group")]
impl GroupObject {
    /// The shared values, in the order in which the keys were given.
    async fn keys(&self) -> Vec<GroupValue> {
        let Aggregate { numbers, group } = &self.0;
        let value = |(by, value): (&GroupBy, &KeyValue)| GroupValue {
            by: *by,
            value: value.clone(),
            view: numbers.view,
        };
        numbers.measures.keys().iter().zip(&group.keys).map(value).collect()
    }

    /// Numbers over the group.
    async fn aggregate(&self) -> &Aggregate {
        &self.0
    }
}

/// The value of one key of a group.
pub(super) struct GroupValue {
    by: GroupBy,
    value: KeyValue,
    view: View,
}

/// The value of one key of a group.
#[Object]
impl GroupValue {
    /// The name of the key: `COUNTRY`, or the date of the bucket: `SIGNED`.
    async fn key(&self) -> &'static str {
        name_of(self.by)
    }

    /// The value as filters take it: a slug, a code, an enum word; of a bucket its period:
    /// `2025`, `2025-Q3`, `2025-07`, `2020s`.
    async fn value(&self, ctx: &Context<'_>) -> String {
        self.value.code(Asking::of(ctx).directory()).into_owned()
    }

    /// The value as people read it.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> String {
        let asking = Asking::of(ctx);
        self.value.label(asking.directory(), self.view.day(ctx, None), asking.locale(locale))
    }

    /// What the value stands for, where that is an object of its own.
    async fn node(&self, ctx: &Context<'_>) -> Option<Node> {
        Node::of_key(Asking::of(ctx), &self.value, self.view)
    }
}
