//! Who asks, in which language, and of which state of the register.

use super::enums::Locale;
use super::fault::Fault;
use super::loader::Loaders;
use crate::aside::Aside;
use async_graphql::{Context, Data};
use caunoi_domain::answer::Reads;
use caunoi_domain::cursor::SealingKey;
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::entry::Entry;
use caunoi_domain::filter::Filter;
use caunoi_domain::id::Log;
use caunoi_domain::instrument::Instrument;
use caunoi_domain::locale;
use caunoi_domain::organization::Organization;
use caunoi_domain::policy::Action;
use caunoi_domain::policy::{Actor, Role, Scope};
use caunoi_domain::statistics::{Boundaries, Lens};
use caunoi_register::{Counted, Reading, Register, Replica, Selection};
use std::sync::{Arc, OnceLock};

/// What every resolver of one request knows. A query sees one state of names and facts; what a
/// mutation answers, and whatever is executed after it, sees the state with its write.
///
/// Everything is read through here or through the loaders, and noted by that: the answer is given
/// again until something of it moves.
pub(crate) struct Asking {
    pub(crate) reading: Reading,
    state: State,
    actor: Actor,
    pub(crate) scope: Scope,
    locale: locale::Locale,
}

/// A state of names and facts, and the one that a mutation of the same request moved it to.
struct State {
    replica: Arc<Replica>,
    next: OnceLock<Box<State>>,
}

impl State {
    fn new(replica: Arc<Replica>) -> Self {
        Self { replica, next: OnceLock::new() }
    }

    fn last(&self) -> &Self {
        let mut last = self;
        while let Some(next) = last.next.get() {
            last = next;
        }
        last
    }
}

impl Asking {
    pub(crate) fn new(reading: Reading, actor: Actor, locale: locale::Locale) -> Self {
        let state = State::new(reading.replica());
        let scope = reading.scope();
        Self { reading, state, actor, scope, locale }
    }

    /// This and the loaders of one request, for its resolvers.
    pub(crate) fn attach(self, aside: &Aside) -> Data {
        let mut data = Data::default();
        data.insert(Loaders::new(self.reading.clone(), aside.clone()));
        data.insert(self);
        data
    }

    /// What the request knows.
    pub(crate) fn of<'a>(ctx: &Context<'a>) -> &'a Self {
        ctx.data_unchecked::<Self>()
    }

    /// Goes on with the state after a write. Mutations of one request run one after another, and
    /// each is answered before the next begins.
    pub(crate) fn move_on(&self) {
        self.reading.renew();
        let next = State::new(self.register().replica());
        // Only a second writer at the same time could have set it; then its state is as new.
        let _ = self.state.last().next.set(Box::new(next));
    }

    /// What the caller counts of the entries that pass a filter whose searches were replaced by
    /// what they found: what is published, and in its place the unpublished that they see.
    pub(crate) async fn select<C: Counted>(&self, filter: Filter) -> Result<Selection, Fault> {
        Ok(self.reading.select::<C>(self.seen(), filter).await?)
    }

    /// The state of the register that the request sees, all logs of it, with the unpublished facts
    /// that the caller sees in the place of the published ones.
    pub(crate) async fn sight(&self) -> Result<Arc<Replica>, Fault> {
        self.reads().note_all();
        Ok(self.reading.counted(self.seen()).await?)
    }

    /// Names and links. What provinces own of them is asked for below.
    pub(crate) fn directory(&self) -> &Directory {
        &self.seen().directory
    }

    /// All organizations.
    pub(crate) fn organizations(&self) -> &[Entry<Organization>] {
        self.reads().note_all();
        self.directory().organizations()
    }

    /// The organization of a key.
    pub(crate) fn organization(&self, log: Log, number: i32) -> Option<&Entry<Organization>> {
        self.reads().note(log);
        self.directory().organization(log, number)
    }

    /// The organization of a code.
    pub(crate) fn organization_by_code(&self, code: &str) -> Option<&Entry<Organization>> {
        self.note_found(self.directory().organization_by_code(code))
    }

    /// All instruments.
    pub(crate) fn instruments(&self) -> &[Entry<Instrument>] {
        self.reads().note_all();
        self.directory().instruments()
    }

    /// The instrument with a printed number.
    pub(crate) fn instrument_by_number(&self, number: &str) -> Option<&Entry<Instrument>> {
        self.note_found(self.directory().instrument_by_number(number))
    }

    /// The register itself, all logs of it: to write, or for what is read in no narrower way.
    pub(crate) fn register(&self) -> &Arc<Register> {
        self.reading.register()
    }

    /// What seals log cursors.
    pub(crate) fn cursor_key(&self) -> &SealingKey {
        self.reading.cursor_key()
    }

    /// What seals page cursors.
    pub(crate) fn sealing_key(&self) -> &SealingKey {
        self.reading.sealing_key()
    }

    /// The day in Vietnam.
    pub(crate) fn today(&self) -> Day {
        self.reading.today()
    }

    /// Who asks, by name: an answer that tells it is theirs alone. The public have none.
    pub(crate) fn actor(&self) -> &Actor {
        if self.actor.role() != Role::Public {
            self.reads().note_person();
        }
        &self.actor
    }

    /// Whether somebody like the caller may do this in a log.
    pub(crate) fn may(&self, action: Action, log: Log) -> bool {
        self.actor.permit(action, log).is_ok()
    }

    fn seen(&self) -> &Arc<Replica> {
        &self.state.last().replica
    }

    fn reads(&self) -> &Reads {
        self.reading.reads()
    }

    fn note_found<'a, C>(&self, found: Option<&'a Entry<C>>) -> Option<&'a Entry<C>> {
        match found {
            Some(entry) => self.reads().note(entry.stamp.log),
            // It may come in any log.
            None => self.reads().note_all(),
        }
        found
    }

    /// The language of a field: its argument, else the request's.
    pub(crate) fn locale(&self, argument: Option<Locale>) -> locale::Locale {
        argument.map_or(self.locale, Into::into)
    }

    /// What the statistics look through, over facts that came with this directory.
    pub(crate) fn lens<'a>(&self, directory: &'a Directory, view: View) -> Lens<'a> {
        Lens { directory, as_of: view.as_of, today: self.today(), boundaries: view.boundaries }
    }
}

/// The day and the boundaries that a root was asked for; the default of everything below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) as_of: Option<Day>,
    pub(crate) boundaries: Boundaries,
}

impl View {
    /// Today, with all that is known, under the boundaries of today.
    pub(crate) const NOW: Self = Self { as_of: None, boundaries: Boundaries::Today };

    /// The day that states are told for: the argument, else the root's, else today.
    pub(crate) fn day(self, ctx: &Context<'_>, argument: Option<Day>) -> Day {
        argument.or(self.as_of).unwrap_or_else(|| Asking::of(ctx).today())
    }
}
