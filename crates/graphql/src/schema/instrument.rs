//! Policy and legal documents.

use super::asking::{Asking, View};
use super::connection::Kind;
use super::entry;
use super::enums::Locale;
use super::province::ProvinceObject;
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::{FuzzyDate, Text, texts};
use async_graphql::{Context, ID, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::instrument::Instrument;
use std::sync::Arc;

/// A policy or legal document.
#[derive(Clone)]
pub(crate) struct InstrumentObject {
    pub(crate) entry: Arc<Entry<Instrument>>,
    pub(crate) view: View,
}

impl Kind for Instrument {
    const NAME: &'static str = "Instrument";
    type Object = InstrumentObject;

    fn object(entry: Entry<Self>, view: View) -> InstrumentObject {
        InstrumentObject { entry: Arc::new(entry), view }
    }
}

/// A policy or legal document (văn bản): a resolution, directive, plan, law, decree.
#[Object(name = "Instrument")]
impl InstrumentObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        entry::id(&self.entry)
    }

    /// The printable code; it never changes.
    async fn code(&self) -> &str {
        &self.entry.stamp.code
    }

    /// The province that owns it today; null for the ministry's own.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        entry::province(ctx, &self.entry, self.view)
    }

    /// The unit that it came from; null for the ministry's own.
    async fn origin_unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        entry::origin_unit(ctx, &self.entry, self.view)
    }

    /// Where it was read.
    async fn sources(&self, ctx: &Context<'_>) -> Vec<SourceObject> {
        entry::sources(ctx, &self.entry)
    }

    /// Its title, in the other language where it has none in this one.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        self.entry.content.title.in_locale(Asking::of(ctx).locale(locale))
    }

    /// The language versions that its title has.
    async fn titles(&self) -> Vec<Text> {
        texts(&self.entry.content.title)
    }

    /// The number as printed; null where the source prints none.
    async fn number(&self) -> Option<&str> {
        self.entry.content.number.as_deref()
    }

    /// `RESOLUTION`, `DIRECTIVE`, `DOCUMENT`, `ACTION_PLAN`, `STRATEGY`, `LAW`, `DECREE`,
    /// `DECISION`.
    async fn kind(&self) -> &str {
        &self.entry.content.kind
    }

    /// Who issued it.
    async fn issuer(&self) -> Option<&str> {
        self.entry.content.issuer.as_deref()
    }

    /// When it was issued.
    async fn issued(&self) -> Option<FuzzyDate> {
        self.entry.content.issued.clone().map(FuzzyDate)
    }

    /// When it took effect.
    async fn effective(&self) -> Option<FuzzyDate> {
        self.entry.content.effective.clone().map(FuzzyDate)
    }

    /// The period that it plans for.
    async fn period(&self) -> Option<FuzzyDate> {
        self.entry.content.period.clone().map(FuzzyDate)
    }

    /// The instruments that it implements.
    async fn implements(&self, ctx: &Context<'_>) -> Vec<InstrumentObject> {
        let asking = Asking::of(ctx);
        let numbers = self.entry.content.implements.iter();
        let found = numbers.filter_map(|number| asking.instrument_by_number(number));
        found.map(|entry| Instrument::object(entry.clone(), self.view)).collect()
    }

    /// The instruments that implement it.
    async fn implemented_by(&self, ctx: &Context<'_>) -> Vec<InstrumentObject> {
        let Some(number) = &self.entry.content.number else { return Vec::new() };
        let all = Asking::of(ctx).instruments().iter();
        let found = all.filter(|entry| entry.content.implements.contains(number));
        found.map(|entry| Instrument::object(entry.clone(), self.view)).collect()
    }

    /// Regions of the world that it aims at, as printed.
    async fn regions(&self) -> &[String] {
        &self.entry.content.regions
    }

    /// Fields of cooperation.
    async fn fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        entry::fields(ctx, &self.entry)
    }

    /// A remark of the register.
    async fn note(&self) -> Option<&str> {
        self.entry.content.note.as_deref()
    }
}
