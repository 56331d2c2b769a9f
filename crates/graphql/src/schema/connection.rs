//! Lists as Relay connections. The page is read only if rows are selected, and the whole list is
//! counted only if numbers are selected.

use super::aggregate::{Aggregate, GroupByInput, GroupConnection, GroupOrderInput, SelectedFacts};
use super::api_error::ApiError;
use super::cost_directives::{PageSize, TextSize, Weight};
use super::loader::Loaders;
use super::memory_page::{MemoryPage, SortedList};
use super::request_context::{RequestContext, View};
use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};
use caunoi_domain::cursor::RowCursor;
use caunoi_domain::date::UNDATED_LAST;
use caunoi_domain::entry::{Entry, EntryKind};
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::page::{ListQuery, Order, Page, Parent, Window};
use caunoi_domain::statistics::monitoring::DatedKey;
use caunoi_register::{Countable, EntryContent};
use futures_util::future::try_join_all;
use std::borrow::Cow;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The position of a page in its list.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = Weight::apply(0))]
pub(crate) struct PageInfo {
    /// Whether the list has rows after this page.
    pub(crate) has_next_page: bool,
    /// Whether the list has rows before this page.
    pub(crate) has_previous_page: bool,
    /// The cursor of the first row. Null for an empty page.
    #[graphql(directive = TextSize::apply(100))]
    pub(crate) start_cursor: Option<String>,
    /// The cursor of the last row. Null for an empty page.
    #[graphql(directive = TextSize::apply(100))]
    pub(crate) end_cursor: Option<String>,
}

/// The number of rows of a list.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = Weight::apply(0))]
pub(crate) struct Count {
    /// The number of rows.
    pub(crate) value: i32,
    /// Whether the number is exact. If false, there are at least this many rows.
    pub(crate) is_exact: bool,
}

impl Count {
    /// An exact count; a number beyond `i32` is returned as the greatest `i32`.
    pub(crate) fn exact(value: impl TryInto<i32>) -> Self {
        Self { value: value.try_into().unwrap_or(i32::MAX), is_exact: true }
    }
}

/// A kind of entry with a GraphQL object type.
pub(crate) trait GraphqlEntry: EntryContent {
    /// The name of the GraphQL type.
    const NAME: &'static str;
    /// The GraphQL object.
    type GraphqlObject: OutputType;

    /// Converts an entry to its GraphQL object.
    fn into_object(entry: Entry<Self>) -> Self::GraphqlObject;
}

/// The paging arguments of a list, not checked yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageArgs {
    pub(crate) first: Option<i32>,
    pub(crate) after: Option<String>,
    pub(crate) last: Option<i32>,
    pub(crate) before: Option<String>,
}

impl PageArgs {
    pub(crate) fn into_window(self) -> Result<Window, ApiError> {
        Ok(Window::parse(self.first, self.after, self.last, self.before)?)
    }
}

/// Entries selected in memory, in their order, and the text that their page cursors are bound to.
struct SelectedEntries {
    rows: Vec<DatedKey>,
    purpose: String,
}

/// A requested list. Its page and its numbers are read on first use.
pub(crate) struct EntryList<C> {
    query: Arc<ListQuery>,
    parent: Option<Parent>,
    selected: Option<SelectedEntries>,
    view: View,
    page: OnceCell<Page<Entry<C>>>,
    numbers: OnceCell<SelectedFacts>,
    counted: OnceCell<SelectedFacts>,
}

impl SelectedEntries {
    /// Reads one page. Entries withdrawn since the selection are left out.
    async fn page<C: GraphqlEntry>(
        &self,
        ctx: &Context<'_>,
        window: &Window,
    ) -> Result<Page<Entry<C>>, ApiError> {
        let key = RequestContext::of(ctx).signing_key();
        let purpose = self.purpose.clone();
        let list = SortedList::new(self.rows.clone(), DatedKey::sort_key);
        let page = MemoryPage::within(RequestContext::of(ctx), move || purpose, list, window)?;
        let loaders = ctx.data_unchecked::<Loaders>();
        let signer = page.signer(key);
        let read = page.rows.iter().map(|row| (page.row_cursor(&signer, row), row));
        let read = read.map(|(cursor, row)| async move {
            let found = loaders.find_by_key::<C>(row.key.log, row.key.number).await?;
            Ok::<_, ApiError>(found.map(|entry| (cursor, entry)))
        });
        let rows = try_join_all(read).await?.into_iter().flatten().collect();
        Ok(Page { rows, has_next: page.has_next(), has_previous: page.has_previous() })
    }
}

impl<C: GraphqlEntry> EntryList<C> {
    /// The list of the entries that match a filter, under a parent or of the whole register.
    pub(crate) fn new(
        filter: Filter,
        order: Vec<Order>,
        args: PageArgs,
        view: View,
        parent: Option<Parent>,
    ) -> Result<Self, ApiError> {
        // With `asOf`, the list contains the entries that count by that day; without, all entries.
        let filter = view.as_of.map_or(filter.clone(), |day| filter.and(Filter::counts_on(day)));
        let query = Arc::new(ListQuery { filter, order, window: args.into_window()? });
        Ok(Self {
            query,
            parent,
            selected: None,
            view,
            page: OnceCell::new(),
            numbers: OnceCell::new(),
            counted: OnceCell::new(),
        })
    }

    /// The list of entries selected in memory, in this order.
    pub(crate) fn from_selection(
        rows: Vec<DatedKey>,
        purpose: String,
        args: PageArgs,
        view: View,
    ) -> Result<Self, ApiError> {
        let list = Self::new(Filter::default(), Vec::new(), args, View { as_of: None, ..view }, None)?;
        Ok(Self { selected: Some(SelectedEntries { rows, purpose }), view, ..list })
    }

    async fn page(&self, ctx: &Context<'_>) -> Result<&Page<Entry<C>>, ApiError> {
        let read = || async {
            if let Some(selected) = &self.selected {
                return selected.page(ctx, &self.query.window).await;
            }
            if let Some(parent) = self.parent {
                return ctx.data_unchecked::<Loaders>().load_page_under(parent, &self.query).await;
            }
            let request = RequestContext::of(ctx);
            Ok(request.reader.list(&self.query).await?)
        };
        self.page.get_or_try_init(read).await
    }

    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<C>>, ApiError> {
        let edge = |(cursor, entry): &(RowCursor, Entry<C>)| Edge {
            cursor: cursor.sign(),
            node: C::into_object(entry.clone()),
        };
        Ok(self.page(ctx).await?.rows.iter().map(edge).collect())
    }

    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<C::GraphqlObject>, ApiError> {
        let page = self.page(ctx).await?;
        Ok(page.rows.iter().map(|(_, entry)| C::into_object(entry.clone())).collect())
    }

    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, ApiError> {
        let page = self.page(ctx).await?;
        Ok(PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.rows.first().map(|(cursor, _)| cursor.sign()),
            end_cursor: page.rows.last().map(|(cursor, _)| cursor.sign()),
        })
    }

    /// Returns the filter of the whole list, including the condition of the parent.
    fn whole_filter(&self) -> Filter {
        let filter = self.query.filter.clone();
        self.parent.map_or(filter.clone(), |parent| parent.filter().and(filter))
    }
}

impl<C: GraphqlEntry + Countable> EntryList<C> {
    /// Returns the numbers over the whole list, regardless of the page.
    async fn numbers(&self, ctx: &Context<'_>) -> Result<&SelectedFacts, ApiError> {
        let make = || async {
            let Some(selected) = &self.selected else {
                return SelectedFacts::select::<C>(ctx, &self.whole_filter(), self.view).await;
            };
            let keys = selected.rows.iter().map(|row| (row.key.log, row.key.number)).collect();
            let filter = Filter::Is(Predicate::OneOf(C::KIND, Arc::new(keys)));
            Ok(SelectedFacts::select::<C>(ctx, &filter, self.view)
                .await?
                .with_cursor_binding(&selected.purpose))
        };
        self.numbers.get_or_try_init(make).await
    }

    /// Returns the numbers over the entries of the list that statistics count on some day: without
    /// events that do not take place.
    async fn counted(&self, ctx: &Context<'_>) -> Result<&SelectedFacts, ApiError> {
        if C::KIND != EntryKind::Event || self.selected.is_some() || self.view.as_of.is_some() {
            return self.numbers(ctx).await;
        }
        let filter = self.whole_filter().and(Filter::counts_on(UNDATED_LAST));
        self.counted.get_or_try_init(|| SelectedFacts::select::<C>(ctx, &filter, self.view)).await
    }

    /// Returns the number of rows of the whole list.
    async fn len(&self, ctx: &Context<'_>) -> Result<usize, ApiError> {
        match &self.selected {
            Some(selected) => Ok(selected.rows.len()),
            None => Ok(self.numbers(ctx).await?.len()),
        }
    }
}

/// A row of a list with its cursor.
pub(crate) struct Edge<C: GraphqlEntry> {
    cursor: String,
    node: C::GraphqlObject,
}

impl<C: GraphqlEntry> TypeName for Edge<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", C::NAME).into()
    }
}

/// A row of a list with its cursor.
#[Object(name_type)]
impl<C: GraphqlEntry> Edge<C>
where
    C::GraphqlObject: Send + Sync,
{
    /// The cursor of this row: a page `after` it begins with the next row.
    #[graphql(directive = TextSize::apply(170))]
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The row.
    async fn node(&self) -> &C::GraphqlObject {
        &self.node
    }
}

/// A list whose facts are in memory, so that it can be counted and grouped.
pub(crate) struct EntryConnection<C>(pub(crate) EntryList<C>);

impl<C: GraphqlEntry> TypeName for EntryConnection<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", C::NAME).into()
    }
}

/// One page of a list, with numbers over all rows that match the filter.
#[Object(name_type)]
impl<C: GraphqlEntry + Countable> EntryConnection<C>
where
    C::GraphqlObject: Send + Sync,
{
    /// The rows of the page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<C>>, ApiError> {
        self.0.edges(ctx).await
    }

    /// The rows of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<C::GraphqlObject>, ApiError> {
        self.0.nodes(ctx).await
    }

    /// The position of the page in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, ApiError> {
        self.0.page_info(ctx).await
    }

    /// The number of rows of the whole list.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<Count, ApiError> {
        Ok(Count::exact(self.0.len(ctx).await?))
    }

    /// Numbers over the whole list, regardless of the page. Events that are postponed or cancelled do
    /// not count, unlike in `totalCount`.
    #[graphql(directive = Weight::apply(5))]
    async fn aggregate(&self, ctx: &Context<'_>) -> Result<Aggregate, ApiError> {
        Ok(Aggregate::whole(self.0.counted(ctx).await?.clone()))
    }

    /// The whole list in groups by one or two keys, for example by partner country. An entry
    /// without a value for a key is in no group, and neither is an event that is postponed or cancelled.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a public field")]
    #[graphql(directive = Weight::apply(5), directive = PageSize::apply(&["first", "last"], &["edges", "nodes"]))]
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One or two grouping keys or date buckets, the outer one first.")] by: Vec<
            GroupByInput,
        >,
        #[graphql(
            desc = "The number of rows from the start of the list, 1 to 100. The default is 20. Not allowed together with `last` or `before`."
        )]
        first: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page begins after that row. The default is the start of the list."
        )]
        after: Option<String>,
        #[graphql(
            desc = "The number of rows from the end of the list, 1 to 100. With `before` alone the default is 20. Not allowed together with `first` or `after`."
        )]
        last: Option<i32>,
        #[graphql(
            desc = "A cursor of this list: the page ends before that row. The default is the end of the list. Not allowed together with `first` or `after`."
        )]
        before: Option<String>,
        #[graphql(
            desc = "The order of the groups: sort keys, the most important first. The default is the largest count first."
        )]
        order_by: Option<Vec<GroupOrderInput>>,
    ) -> Result<GroupConnection, ApiError> {
        let numbers = self.0.counted(ctx).await?;
        RequestContext::of(ctx).reader.checkpoint().await;
        numbers.groups(ctx, &by, PageArgs { first, after, last, before }, order_by.as_deref())
    }
}

/// A list without facts in memory; its rows are counted in SQL.
pub(crate) struct PlainConnection<C>(pub(crate) EntryList<C>);

impl<C: GraphqlEntry> TypeName for PlainConnection<C> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", C::NAME).into()
    }
}

/// One page of the rows that match the filter.
#[Object(name_type)]
impl<C: GraphqlEntry> PlainConnection<C>
where
    C::GraphqlObject: Send + Sync,
{
    /// The rows of the page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<C>>, ApiError> {
        self.0.edges(ctx).await
    }

    /// The rows of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<C::GraphqlObject>, ApiError> {
        self.0.nodes(ctx).await
    }

    /// The position of the page in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo, ApiError> {
        self.0.page_info(ctx).await
    }

    /// The number of rows of the whole list.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<Count, ApiError> {
        let request = RequestContext::of(ctx);
        let query = ListQuery { filter: self.0.whole_filter(), ..(*self.0.query).clone() };
        Ok(Count::exact(request.reader.count::<C>(&query).await?))
    }
}
