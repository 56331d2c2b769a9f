//! Who asks, in which language, and of which state of the register.

use super::enums::Locale;
use super::fault::Fault;
use super::loader::Loaders;
use crate::aside::Aside;
use async_graphql::{Context, Data};
use caunoi_domain::date::Day;
use caunoi_domain::directory::Directory;
use caunoi_domain::locale;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_domain::statistics::{Boundaries, Lens};
use caunoi_register::{Register, Replica};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What every resolver of one request knows. One request sees one state of names and facts.
pub(crate) struct Asking {
    pub(crate) register: Arc<Register>,
    pub(crate) replica: Arc<Replica>,
    pub(crate) actor: Actor,
    pub(crate) scope: Scope,
    pub(crate) today: Day,
    locale: locale::Locale,
    predicates: AtomicUsize,
}

/// The most predicates of all filters of one request: they are asked of every fact, for every
/// list, so they cost although no argument returns an object.
const MOST_PREDICATES: usize = 1_000;

/// What a search in a filter counts: it asks the database.
pub(crate) const SEARCH_PREDICATES: usize = 20;

impl Asking {
    pub(crate) fn new(register: Arc<Register>, actor: Actor, locale: locale::Locale) -> Self {
        let predicates = AtomicUsize::new(0);
        let (replica, today, scope) = (register.replica(), register.today(), Scope::of(&actor));
        Self { register, replica, actor, scope, today, locale, predicates }
    }

    /// This and the loaders of one request, for its resolvers.
    pub(crate) fn attach(self, aside: &Aside) -> Data {
        let mut data = Data::default();
        data.insert(Loaders::new(&self.register, self.scope, aside.clone()));
        data.insert(self);
        data
    }

    /// What the request knows.
    pub(crate) fn of<'a>(ctx: &Context<'a>) -> &'a Self {
        ctx.data_unchecked::<Self>()
    }

    /// Takes predicates from what the filters of this request may have together.
    pub(crate) fn charge(&self, predicates: usize) -> Result<(), Fault> {
        let before = self.predicates.fetch_add(predicates, Ordering::Relaxed);
        if before.saturating_add(predicates) > MOST_PREDICATES {
            return Err(Fault::too_costly(format!(
                "the filters of one request have at most {MOST_PREDICATES} parts together; a search counts {SEARCH_PREDICATES}"
            )));
        }
        Ok(())
    }

    /// Names and links.
    pub(crate) fn directory(&self) -> &Directory {
        &self.replica.directory
    }

    /// The language of a field: its argument, else the request's.
    pub(crate) fn locale(&self, argument: Option<Locale>) -> locale::Locale {
        argument.map_or(self.locale, Into::into)
    }

    /// What the statistics look through.
    pub(crate) fn lens(&self, view: View) -> Lens<'_> {
        Lens {
            directory: self.directory(),
            as_of: view.as_of,
            today: self.today,
            boundaries: view.boundaries,
        }
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
        argument.or(self.as_of).unwrap_or_else(|| Asking::of(ctx).today)
    }
}
