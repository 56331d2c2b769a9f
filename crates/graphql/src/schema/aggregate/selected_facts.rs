//! The selected facts that numbers are counted from.

use super::group_list::{GroupByInput, GroupConnection, GroupOrderInput, group_order, key_name};
use super::sums::QuantitySums;
use super::to_int;
use crate::schema::api_error::ApiError;
use crate::schema::connection::PageArgs;
use crate::schema::enums::{GroupKey, QuantityKey};
use crate::schema::loader::Loaders;
use crate::schema::measures::{self, Measures};
use crate::schema::memory_page::{MemoryPage, SortedList};
use crate::schema::request_context::{RequestContext, View};
use async_graphql::Context;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::statistics::{
    self, BoundaryView, Facts, FirstAndLast, Group, GroupBy, RowSelection, Tally,
};
use caunoi_metrics::{Stage, StageTimer};
use caunoi_register::{Countable, EntryContent, PastState, ReadModel, Selection};
use caunoi_texts::{ApiText, EntryList, KeyUse};
use std::collections::HashMap;
use std::sync::Arc;

/// The selected facts of one kind of entry, with the day and boundaries to count them by.
#[derive(Clone)]
pub(crate) struct SelectedFacts {
    kind: EntryKind,
    read_model: Arc<ReadModel>,
    rows: Arc<RowSelection>,
    pub(super) view: View,
    /// The text that page cursors of groups are bound to.
    of: CursorBinding,
    /// The numbers counted so far, of the selection or of all its groups.
    pub(super) measures: Arc<Measures>,
}

/// The binding of page cursors of groups. Its text is the same on every node.
#[derive(Debug, Clone)]
enum CursorBinding {
    /// A filter.
    Filter(Arc<Filter>),
    /// A text that identifies the selection.
    Text(Arc<str>),
}

impl std::fmt::Display for CursorBinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Filter(filter) => write!(f, "{filter:?}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl SelectedFacts {
    /// Selects the facts that match a filter, in the state of the register that the request reads.
    /// Queries the database only for text searches in the filter and for callers with unpublished
    /// entries.
    pub(crate) async fn select<C: EntryContent + Countable>(
        ctx: &Context<'_>,
        filter: &Filter,
        view: View,
    ) -> Result<Self, ApiError> {
        let mut found = HashMap::new();
        for words in filter.searches() {
            if !found.contains_key(words) {
                found.insert(words.clone(), ctx.data_unchecked::<Loaders>().find_words::<C>(words).await?);
            }
        }
        let of = CursorBinding::Filter(Arc::new(filter.clone()));
        let filter = filter.clone().with_found(&|words| {
            found.get(words).cloned().unwrap_or_else(|| Predicate::OneOf(C::KIND, Arc::default()))
        });
        let Selection { read_model, rows } = RequestContext::of(ctx).select::<C>(filter).await?;
        Ok(Self { kind: C::KIND, read_model, rows, view, of, measures: Arc::default() })
    }

    /// Selects the facts of a past state that match a filter. Texts of the past are not searched.
    pub(crate) async fn select_past<C: EntryContent + Countable>(
        ctx: &Context<'_>,
        filter: Filter,
        view: View,
        past: &PastState,
    ) -> Result<Self, ApiError> {
        if !filter.searches().is_empty() {
            return Err(ApiError::bad_input(ApiText::SearchNotKnownThen));
        }
        let of = CursorBinding::Text(format!("{filter:?} known at {:?}", past.positions).into());
        let Selection { read_model, rows } =
            RequestContext::of(ctx).reader.select_past::<C>(past, filter).await;
        Ok(Self { kind: C::KIND, read_model, rows, view, of, measures: Arc::default() })
    }

    /// Returns the read model that contains the facts.
    pub(crate) fn read_model(&self) -> &Arc<ReadModel> {
        &self.read_model
    }

    /// Binds page cursors of groups to a text instead of the filter. A set of keys has no text form
    /// that is the same on every node.
    pub(crate) fn with_cursor_binding(self, of: &str) -> Self {
        Self { of: CursorBinding::Text(of.into()), ..self }
    }

    /// Returns the number of selected entries.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    fn facts(&self) -> &Facts {
        self.read_model.facts.of(self.kind).unwrap_or(&self.read_model.facts.events)
    }

    fn boundary_view(&self, ctx: &Context<'_>) -> BoundaryView<'_> {
        RequestContext::of(ctx).boundary_view(&self.read_model.directory, self.view)
    }

    fn measured_rows<'s, 'c: 's>(&'s self, ctx: &Context<'c>) -> measures::MeasuredRows<'s> {
        measures::MeasuredRows {
            facts: self.facts(),
            rows: &self.rows,
            boundary_view: self.boundary_view(ctx),
        }
    }

    pub(super) fn whole(&self) -> Group {
        Group::whole(&self.rows)
    }

    /// Returns count, count in force, first and last day.
    pub(crate) fn tally(&self, ctx: &Context<'_>) -> Tally {
        let whole = self.whole();
        let (earliest, latest) = self.first_and_last(ctx, &whole);
        let (in_force, status_unknown) = (self.in_force(ctx, &whole), self.status_unknown(ctx, &whole));
        Tally { count: whole.count, in_force, status_unknown, earliest, latest }
    }

    /// Returns the number of different values of a key; `BAD_INPUT` if the kind does not have the
    /// key.
    pub(crate) fn distinct(&self, ctx: &Context<'_>, key: GroupKey) -> Result<i32, ApiError> {
        self.distinct_in(ctx, &self.whole(), key)
    }

    /// Returns the sums of a quantity; `BAD_INPUT` if the kind does not have it.
    pub(crate) fn sums(&self, ctx: &Context<'_>, key: QuantityKey) -> Result<QuantitySums, ApiError> {
        self.sums_in(ctx, &self.whole(), key)
    }

    /// Returns the number of entries whose date is not known to a bucket of the groups; `None` if
    /// these are not by a date.
    pub(super) fn count_not_known(&self, ctx: &Context<'_>) -> Option<u64> {
        self.facts().count_not_known(&self.rows, self.measures.keys(), &self.boundary_view(ctx))
    }

    /// Returns the number of entries in force on the day; `None` for kinds without a status.
    pub(crate) fn count_in_force(&self, ctx: &Context<'_>) -> Option<u64> {
        self.in_force(ctx, &Group::whole(&self.rows))
    }

    pub(super) fn in_force(&self, ctx: &Context<'_>, group: &Group) -> Option<u64> {
        self.measures.in_force(self.measured_rows(ctx), group)
    }

    /// Returns the number of entries whose status on the day is not known; `None` for kinds without
    /// a status.
    pub(crate) fn count_status_unknown(&self, ctx: &Context<'_>) -> Option<u64> {
        self.status_unknown(ctx, &self.whole())
    }

    pub(super) fn status_unknown(&self, ctx: &Context<'_>, group: &Group) -> Option<u64> {
        self.measures.status_unknown(self.measured_rows(ctx), group)
    }

    pub(super) fn first_and_last(&self, ctx: &Context<'_>, group: &Group) -> FirstAndLast {
        self.measures.first_and_last(self.measured_rows(ctx), group)
    }

    pub(super) fn share(&self, ctx: &Context<'_>, group: &Group) -> f64 {
        self.measures.share(self.measured_rows(ctx), group)
    }

    pub(super) fn distinct_in(
        &self,
        ctx: &Context<'_>,
        group: &Group,
        key: GroupKey,
    ) -> Result<i32, ApiError> {
        let key = statistics::GroupKey::from(key);
        self.check_offered(key.is_offered(self.kind), &key.to_string(), KeyUse::GroupBy)?;
        Ok(to_int(self.measures.distinct(self.measured_rows(ctx), group, key)))
    }

    pub(super) fn sums_in(
        &self,
        ctx: &Context<'_>,
        group: &Group,
        key: QuantityKey,
    ) -> Result<QuantitySums, ApiError> {
        let key = statistics::QuantityKey::from(key);
        self.check_offered(key.is_offered(self.kind), &key.to_string(), KeyUse::Sum)?;
        let sums = self.measures.sums(self.measured_rows(ctx), group, key);
        Ok(QuantitySums { sums, entries: group.count })
    }

    /// Returns one page of the groups of the selection.
    pub(crate) fn groups(
        &self,
        ctx: &Context<'_>,
        by: &[GroupByInput],
        args: PageArgs,
        order_by: Option<&[GroupOrderInput]>,
    ) -> Result<GroupConnection, ApiError> {
        if by.is_empty() || by.len() > 2 {
            return Err(ApiError::bad_input(ApiText::GroupKeys));
        }
        let keys: Vec<GroupBy> = by.iter().map(|by| by.to_domain()).collect();
        for key in &keys {
            self.check_offered(key.is_offered(self.kind), key_name(*key), KeyUse::GroupBy)?;
        }
        let order = group_order(order_by, RequestContext::of(ctx).locale(None));
        let (read_model, day) = (Arc::clone(&self.read_model), self.view.day(ctx));
        let key_of = move |group: &Group| {
            let directory = &read_model.directory;
            group.sort_key(order, directory, |value, locale| {
                caunoi_texts::label(value, directory, day, locale)
            })
        };
        let groups = {
            let _timer = StageTimer::begin(Stage::Group);
            let boundary_view = self.boundary_view(ctx);
            let mut groups =
                statistics::ordered_groups(self.facts(), &self.rows, &keys, &boundary_view, order)?;
            if order.labels.is_some() {
                groups.sort_by_cached_key(&key_of);
            }
            groups
        };
        let total = groups.len();
        let (kind, view, of, by) = (self.kind, self.view, self.of.clone(), keys.clone());
        let purpose = move || format!("groups {kind} {by:?} {order:?} {view:?} {of}");
        let list = SortedList::new(groups, key_of);
        let page = MemoryPage::of(ctx, purpose, list, args)?;
        let measures = Arc::new(Measures::by(keys));
        Ok(GroupConnection { numbers: Self { measures, ..self.clone() }, page, total })
    }

    fn check_offered(&self, is_offered: bool, key: &str, r#use: KeyUse) -> Result<(), ApiError> {
        if is_offered {
            return Ok(());
        }
        let entries = match self.kind {
            EntryKind::Relation => EntryList::Relation,
            EntryKind::Agreement => EntryList::Agreement,
            EntryKind::Event => EntryList::Event,
            EntryKind::Organization => EntryList::Organization,
            EntryKind::Programme => EntryList::Programme,
            EntryKind::Figure => EntryList::Figure,
            EntryKind::Instrument => EntryList::Instrument,
        };
        Err(ApiError::bad_input(ApiText::KeyNotOffered { entries, key: key.to_owned(), r#use }))
    }
}
