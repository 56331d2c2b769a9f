//! Lists as Relay connections. A page is read only when rows are asked for, and numbers are made
//! over the whole filtered set only when they are asked for.

use super::aggregate::{Aggregate, GroupByInput, GroupConnection, GroupOrderInput, Numbers};
use super::asking::{Asking, View};
use super::fault::Fault;
use super::loader::Loaders;
use super::part::{Part, Sorted};
use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};
use caunoi_domain::entry::Entry;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::page::{Ask, Order, Page, Window};
use caunoi_domain::statistics::watch::Dated;
use caunoi_register::{Counted, Parent, Stored};
use futures_util::future::try_join_all;
use std::borrow::Cow;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Where a page stands in its list.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether the list goes on after this page.
    pub(crate) has_next_page: bool,
    /// Whether the list has rows before this page.
    pub(crate) has_previous_page: bool,
    /// The cursor of the first row.
    pub(crate) start_cursor: Option<String>,
    /// The cursor of the last row.
    pub(crate) end_cursor: Option<String>,
}

/// How many there are.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Count {
    /// The number.
    pub(crate) value: i32,
    /// Whether it is exact; else it is a lower bound.
    pub(crate) is_exact: bool,
}

impl Count {
    /// An exact number.
    pub(crate) fn exact(value: impl TryInto<i32>) -> Self {
        Self { value: value.try_into().unwrap_or(i32::MAX), is_exact: true }
    }
}

/// A kind of entry that the schema lists.
pub(crate) trait Kind: Stored {
    /// The name of its type.
    const NAME: &'static str;
    /// Its type.
    type Object: OutputType;

    /// An entry as its type.
    fn object(entry: Entry<Self>, view: View) -> Self::Object;
}

/// The window of a list as callers ask for it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slice {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

impl Slice {
    /// The first rows after a cursor.
    pub(crate) fn forwards(first: Option<i32>, after: Option<String>) -> Self {
        Self { first, after, last: None, before: None }
    }

    pub(crate) fn window(self) -> Result<Window, Fault> {
        Ok(Window::parse(self.first, self.after, self.last, self.before)?)
    }
}

/// Entries that were picked in memory, in their order, and what page cursors of them are bound to.
struct Picked {
    rows: Vec<Dated>,
    purpose: String,
}

/// A list that has been asked for and not been read yet.
pub(crate) struct List<C> {
    ask: Arc<Ask>,
    parent: Option<Parent>,
    picked: Option<Picked>,
    view: View,
    page: OnceCell<Page<Entry<C>>>,
    numbers: OnceCell<Numbers>,
}

impl Picked {
    /// One page. What was taken back since the entries were picked is left out.
    async fn page<C: Kind>(&self, ctx: &Context<'_>, window: &Window) -> Result<Page<Entry<C>>, Fault> {
        let key = Asking::of(ctx).sealing_key();
        let purpose = self.purpose.clone();
        let list = Sorted::new(self.rows.clone(), Dated::sort_key);
        let part = Part::within(key, move || purpose, list, window)?;
        let loaders = ctx.data_unchecked::<Loaders>();
        let read = part.edges(key).map(|(cursor, row)| async move {
            let found = loaders.by_key::<C>(row.key.log, row.key.number).await?;
            Ok::<_, Fault>(found.map(|entry| (cursor, entry)))
        });
        let rows = try_join_all(read).await?.into_iter().flatten().collect();
        Ok(Page { rows, has_next: part.has_next(), has_previous: part.has_previous() })
    }
}

impl<C: Kind> List<C> {
    /// The list of the entries that pass a filter, under a parent or everywhere.
    pub(crate) fn new(
        filter: Filter,
        order: Vec<Order>,
        slice: Slice,
        view: View,
        parent: Option<Parent>,
    ) -> Result<Self, Fault> {
        // A day that was asked for shows what counted then; without one the list shows all.
        let filter =
            view.as_of.map_or(filter.clone(), |day| filter.and(Filter::Is(Predicate::CountsOn(day))));
        let ask = Arc::new(Ask { filter, order, window: slice.window()? });
        Ok(Self { ask, parent, picked: None, view, page: OnceCell::new(), numbers: OnceCell::new() })
    }

    /// The list of entries that were picked in memory, in this order.
    pub(crate) fn picked(rows: Vec<Dated>, purpose: String, slice: Slice, view: View) -> Result<Self, Fault> {
        let list = Self::new(Filter::default(), Vec::new(), slice, View { as_of: None, ..view }, None)?;
        Ok(Self { picked: Some(Picked { rows, purpose }), view, ..list })
    }

    async fn page(&self, ctx: &Context<'_>) -> Result<&Page<Entry<C>>, Fault> {
        let read = || async {
            if let Some(picked) = &self.picked {
                return picked.page(ctx, &self.ask.window).await;
            }
            if let Some(parent) = self.parent {
                return ctx.data_unchecked::<Loaders>().page_under(parent, &self.ask).await;
            }
            let asking = Asking::of(ctx);
            Ok(asking.reading.list(&self.ask).await?)
        };
        self.page.get_or_try_init(read).await
    }

    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<C>>, Fault> {
        let edge = |(cursor, entry): &(String, Entry<C>)| Edge {
            cursor: cursor.clone(),
            node: C::object(entry.clone(), self.view),
        };
        Ok(self.page(ctx).await?.rows.iter().map(edge).collect())
    }

    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<C::Object>, Fault> {
        let page = self.page(ctx).await?;
        Ok(page.rows.iter().map(|(_, entry)| C::object(entry.clone(), self.view)).collect())
    }

    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, Fault> {
        let page = self.page(ctx).await?;
        Ok(PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.rows.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: page.rows.last().map(|(cursor, _)| cursor.clone()),
        })
    }

    /// The filter of the whole list, parent included.
    fn whole(&self) -> Filter {
        let filter = self.ask.filter.clone();
        self.parent.map_or(filter.clone(), |parent| parent.filter().and(filter))
    }
}

impl<C: Kind + Counted> List<C> {
    /// The numbers over the whole filtered set, never the page.
    async fn numbers(&self, ctx: &Context<'_>) -> Result<&Numbers, Fault> {
        let make = || async {
            let Some(picked) = &self.picked else {
                return Numbers::over::<C>(ctx, &self.whole(), self.view).await;
            };
            let keys = picked.rows.iter().map(|row| (row.key.log, row.key.number)).collect();
            let filter = Filter::Is(Predicate::OneOf(C::KIND, Arc::new(keys)));
            Ok(Numbers::over::<C>(ctx, &filter, self.view).await?.bound_to(&picked.purpose))
        };
        self.numbers.get_or_try_init(make).await
    }

    /// How many rows the whole list has.
    async fn len(&self, ctx: &Context<'_>) -> Result<usize, Fault> {
        match &self.picked {
            Some(picked) => Ok(picked.rows.len()),
            None => Ok(self.numbers(ctx).await?.len()),
        }
    }
}

/// A row of a list with its cursor.
pub(crate) struct Edge<C: Kind> {
    cursor: String,
    node: C::Object,
}

impl<C: Kind> TypeName for Edge<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", C::NAME).into()
    }
}

/// A row of a list with its cursor.
#[Object(name_type)]
impl<C: Kind> Edge<C>
where
    C::Object: Send + Sync,
{
    /// The cursor that goes on after this row.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The row.
    async fn node(&self) -> &C::Object {
        &self.node
    }
}

/// A list whose whole set can be counted and grouped.
pub(crate) struct Connection<C>(pub(crate) List<C>);

impl<C: Kind> TypeName for Connection<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", C::NAME).into()
    }
}

/// A list: one page of rows, and numbers over all rows that pass the filter.
#[Object(name_type)]
impl<C: Kind + Counted> Connection<C>
where
    C::Object: Send + Sync,
{
    /// The rows of the page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<C>>, Fault> {
        self.0.edges(ctx).await
    }

    /// The rows of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<C::Object>, Fault> {
        self.0.nodes(ctx).await
    }

    /// Where the page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, Fault> {
        self.0.page_info(ctx).await
    }

    /// How many rows the whole list has.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<Count, Fault> {
        Ok(Count::exact(self.0.len(ctx).await?))
    }

    /// Numbers over the whole list, never the page.
    async fn aggregate(&self, ctx: &Context<'_>) -> Result<Aggregate, Fault> {
        Ok(Aggregate::whole(self.0.numbers(ctx).await?.clone()))
    }

    /// The whole list in groups, by one or two keys.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One or two keys or date buckets.")] by: Vec<GroupByInput>,
        #[graphql(desc = "How many groups, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after.")] after: Option<String>,
        #[graphql(desc = "The order; absent means the largest first.")] order_by: Option<GroupOrderInput>,
    ) -> Result<GroupConnection, Fault> {
        let numbers = self.0.numbers(ctx).await?;
        Asking::of(ctx).reading.checkpoint().await;
        numbers.groups(ctx, &by, Slice::forwards(first, after), order_by)
    }
}

/// A list that is not counted in memory.
pub(crate) struct PlainConnection<C>(pub(crate) List<C>);

impl<C: Kind> TypeName for PlainConnection<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", C::NAME).into()
    }
}

/// A list: one page of rows that pass the filter.
#[Object(name_type)]
impl<C: Kind> PlainConnection<C>
where
    C::Object: Send + Sync,
{
    /// The rows of the page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<C>>, Fault> {
        self.0.edges(ctx).await
    }

    /// The rows of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<C::Object>, Fault> {
        self.0.nodes(ctx).await
    }

    /// Where the page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, Fault> {
        self.0.page_info(ctx).await
    }

    /// How many rows the whole list has.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<Count, Fault> {
        let asking = Asking::of(ctx);
        let ask = Ask { filter: self.0.whole(), ..(*self.0.ask).clone() };
        Ok(Count::exact(asking.reading.count::<C>(&ask).await?))
    }
}
