//! The context of a request: caller, language, state of the register.

use super::api_error::ApiError;
use super::enums::{self, Locale};
use super::loader::Loaders;
use super::scalar::LocalDate;
use crate::batch_queue::BatchQueue;
use async_graphql::{Context, Data};
use caunoi_domain::cursor::InstallationKey;
use caunoi_domain::date::Day;
use caunoi_domain::dependency::ReadSet;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::Entry;
use caunoi_domain::filter::Filter;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::locale;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::{Action, Actor, Role, Scope};
use caunoi_domain::search_index::NameIndex;
use caunoi_domain::source::{Source, SourceId};
use caunoi_domain::statistics::{Boundaries, BoundaryView};
use caunoi_domain::unit;
use caunoi_register::{Countable, ReadModel, Register, RegisterReader, Selection};
use std::sync::{Arc, OnceLock};

/// The context of one request, for its resolvers. A query reads one state of names and facts. The
/// payload of a mutation, and fields executed after it, read the state with its write.
///
/// Invariant: resolvers read only through this context or the loaders. Both record the dependencies
/// of the response, which is served from the cache until one of them changes.
pub(crate) struct RequestContext {
    pub(crate) reader: RegisterReader,
    state: ReadModelChain,
    actor: Actor,
    pub(crate) scope: Scope,
    locale: locale::Locale,
}

/// A state of names and facts, and the state after the next mutation of the same request.
struct ReadModelChain {
    read_model: Arc<ReadModel>,
    next: OnceLock<Box<ReadModelChain>>,
}

impl ReadModelChain {
    fn new(read_model: Arc<ReadModel>) -> Self {
        Self { read_model, next: OnceLock::new() }
    }

    fn last(&self) -> &Self {
        let mut last = self;
        while let Some(next) = last.next.get() {
            last = next;
        }
        last
    }
}

impl RequestContext {
    pub(crate) fn new(reader: RegisterReader, actor: Actor, locale: locale::Locale) -> Self {
        let state = ReadModelChain::new(reader.read_model());
        let scope = reader.scope();
        Self { reader, state, actor, scope, locale }
    }

    /// Returns the resolver data of one request: this context and the loaders.
    pub(crate) fn into_data(self, queue: &BatchQueue) -> Data {
        let mut data = Data::default();
        let reader = self.reader.with_cancellation(queue.cancellation().clone());
        let request = Self { reader, ..self };
        data.insert(Loaders::new(request.reader.clone(), queue.clone()));
        data.insert(request);
        data
    }

    /// Returns the context of the request.
    pub(crate) fn of<'a>(ctx: &Context<'a>) -> &'a Self {
        ctx.data_unchecked::<Self>()
    }

    /// Advances to the state after a write. Mutations of one request run one after another, and
    /// each payload is resolved before the next begins.
    pub(crate) fn advance_state(&self) {
        self.reader.discard_read_state();
        let next = ReadModelChain::new(self.register().read_model());
        // Only a concurrent write can have set it, and then its state is as new.
        let _ = self.state.last().next.set(Box::new(next));
    }

    /// Selects the facts that match a filter, whose searches were replaced by their results.
    /// Unpublished facts visible to the caller replace the published ones.
    pub(crate) async fn select<C: Countable>(&self, filter: Filter) -> Result<Selection, ApiError> {
        Ok(self.reader.select::<C>(self.read_model(), filter).await?)
    }

    /// Returns the state of all logs that the request reads. Unpublished facts visible to the
    /// caller replace the published ones.
    pub(crate) async fn load_read_model(&self) -> Result<Arc<ReadModel>, ApiError> {
        self.reads().add_all_logs();
        self.reader.checkpoint().await;
        Ok(self.reader.scoped_model(self.read_model()).await?)
    }

    /// Returns names and links. Organizations, instruments and sources are read with the methods
    /// below, which record dependencies.
    pub(crate) fn directory(&self) -> &Directory {
        &self.read_model().directory
    }

    /// Returns all sources.
    pub(crate) fn sources(&self) -> &[Source] {
        self.reads().add_all_logs();
        self.directory().sources()
    }

    /// Returns the source with this key.
    pub(crate) fn source(&self, id: SourceId) -> Option<&Source> {
        self.reads().add_log(id.log());
        self.directory().source(id)
    }

    /// Returns the source with this code.
    pub(crate) fn source_by_code(&self, code: &str) -> Option<&Source> {
        let found = self.directory().source_by_code(code);
        match found {
            Some(source) => self.reads().add_log(source.id.log()),
            // A later source with this code can be in any log.
            None => self.reads().add_all_logs(),
        }
        found
    }

    /// Returns all organizations.
    pub(crate) fn organizations(&self) -> &[Entry<Organization>] {
        self.reads().add_all_logs();
        self.directory().organizations()
    }

    /// Returns the organization with this key.
    pub(crate) fn organization(&self, log: Log, number: i32) -> Option<&Entry<Organization>> {
        self.reads().add_log(log);
        self.directory().organization(log, number)
    }

    /// Returns the organization with this code.
    pub(crate) fn organization_by_code(&self, code: &str) -> Option<&Entry<Organization>> {
        self.record_found(self.directory().organization_by_code(code))
    }

    /// Returns the instrument with this key.
    pub(crate) fn instrument(&self, log: Log, number: i32) -> Option<&Entry<Instrument>> {
        self.reads().add_log(log);
        let mut instruments = self.directory().instruments().iter();
        instruments.find(|entry| entry.meta.log == log && entry.meta.number == number)
    }

    /// Returns the search index of names.
    pub(crate) fn names(&self) -> &NameIndex {
        &self.read_model().search.names
    }

    /// Returns all instruments.
    pub(crate) fn instruments(&self) -> &[Entry<Instrument>] {
        self.reads().add_all_logs();
        self.directory().instruments()
    }

    /// Returns the instrument with this printed number.
    pub(crate) fn instrument_by_number(&self, number: &str) -> Option<&Entry<Instrument>> {
        self.record_found(self.directory().instrument_by_number(number))
    }

    /// Returns the register itself, for writes and for reads that depend on all logs.
    pub(crate) fn register(&self) -> &Arc<Register> {
        self.reader.register()
    }

    /// Returns the key that signs log cursors.
    pub(crate) fn cursor_key(&self) -> &InstallationKey {
        self.reader.cursor_key()
    }

    /// Returns the key that signs page cursors.
    pub(crate) fn signing_key(&self) -> &InstallationKey {
        self.reader.page_key()
    }

    /// Returns today in Vietnam.
    pub(crate) fn today(&self) -> Day {
        self.reader.today()
    }

    /// Returns the day of a field: its argument, else today.
    pub(crate) fn day(&self, as_of: Option<LocalDate>) -> Day {
        as_of.map_or_else(|| self.today(), |day| day.0)
    }

    /// Returns the caller with the name. A response that depends on it is not given to other
    /// callers, except for the public, who have no name.
    pub(crate) fn actor(&self) -> &Actor {
        if self.actor.role() != Role::Public {
            self.reads().add_caller();
        }
        &self.actor
    }

    /// Records that the response depends on the caller, also for the public.
    pub(crate) fn record_caller(&self) {
        self.reads().add_caller();
    }

    /// Returns whether the role and province of the caller permit this action in a log.
    pub(crate) fn is_permitted(&self, action: Action, log: Log) -> bool {
        self.actor.permit(action, log).is_ok()
    }

    fn read_model(&self) -> &Arc<ReadModel> {
        &self.state.last().read_model
    }

    fn reads(&self) -> &ReadSet {
        self.reader.reads()
    }

    fn record_found<'a, C>(&self, found: Option<&'a Entry<C>>) -> Option<&'a Entry<C>> {
        match found {
            Some(entry) => self.reads().add_log(entry.meta.log),
            // A later entry with this key can be in any log.
            None => self.reads().add_all_logs(),
        }
        found
    }

    /// Returns the language of a field: its argument, else that of the request.
    pub(crate) fn locale(&self, argument: Option<Locale>) -> locale::Locale {
        argument.map_or(self.locale, Into::into)
    }

    /// Returns the boundary view for facts that were read with this directory.
    pub(crate) fn boundary_view<'a>(&self, directory: &'a Directory, view: View) -> BoundaryView<'a> {
        BoundaryView { directory, as_of: view.as_of, today: self.today(), boundaries: view.boundaries }
    }
}

/// Checks that the units of the day `asOf` are known.
///
/// # Errors
/// `BAD_INPUT` at `asOf` for a day before the lineage of units begins.
pub(crate) fn check_units_known(day: Day) -> Result<(), ApiError> {
    unit::check_units_known(day).map_err(|reason| ApiError::argument("asOf", reason))
}

/// The day and the boundaries of a field that selects or counts entries. They apply to rows and
/// numbers only: an object with an id has the same fields everywhere, whatever led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) as_of: Option<Day>,
    pub(crate) boundaries: Boundaries,
}

impl View {
    /// Today, with all entries, under the boundaries of today.
    pub(crate) const NOW: Self = Self { as_of: None, boundaries: Boundaries::Today };

    /// Returns the view with the arguments of a field in place of the day and the boundaries, where
    /// given.
    ///
    /// # Errors
    /// `BAD_INPUT` at `asOf` for the boundaries of a day whose units are not known.
    pub(crate) fn narrow(
        self,
        as_of: Option<LocalDate>,
        boundaries: Option<enums::Boundaries>,
    ) -> Result<Self, ApiError> {
        let view = Self {
            as_of: as_of.map(|day| day.0).or(self.as_of),
            boundaries: boundaries.map_or(self.boundaries, Into::into),
        };
        match (view.boundaries, view.as_of) {
            (Boundaries::AtTheTime, Some(day)) => check_units_known(day).map(|()| view),
            (Boundaries::AtTheTime, None) | (Boundaries::Today, _) => Ok(view),
        }
    }

    /// Returns the day to report on: that of the field, else today.
    pub(crate) fn day(self, ctx: &Context<'_>) -> Day {
        self.as_of.unwrap_or_else(|| RequestContext::of(ctx).today())
    }
}
