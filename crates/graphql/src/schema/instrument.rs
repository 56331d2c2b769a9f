//! Policy and legal documents.

use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, TextSize};
use super::entry_fields::{CommonFields, EntryObject, TitleFields};
use super::enums::InstrumentKind;
use super::request_context::RequestContext;
use super::term::TermObject;
use super::unit::UnitObject;
use super::value::FuzzyDate;
use async_graphql::{Context, Object};
use caunoi_domain::entry::Entry;
use caunoi_domain::instrument::Instrument;

/// The GraphQL object of a policy or legal document.
pub(crate) type InstrumentObject = EntryObject<Instrument>;

impl GraphqlEntry for Instrument {
    const NAME: &'static str = "Instrument";
    type GraphqlObject = InstrumentObject;

    fn into_object(entry: Entry<Self>) -> InstrumentObject {
        EntryObject::new(entry)
    }
}

/// A policy or legal document (văn bản), for example a resolution, directive, plan, law or decree.
#[Object(name = "Instrument")]
impl InstrumentObject {
    #[graphql(flatten)]
    async fn common_fields(&self) -> &CommonFields<Instrument> {
        self
    }

    /// The administrative unit that the entry came from, which may since have become part of
    /// another province. Null if the ministry owns the entry.
    async fn origin_unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        self.find_origin_unit(ctx)
    }

    #[graphql(flatten)]
    async fn title_fields(&self) -> TitleFields<'_> {
        TitleFields(&self.entry.content.title)
    }

    /// The number as printed, for example `34-NQ/TW`. Null if the source does not print it.
    async fn number(&self) -> Option<&str> {
        self.entry.content.number.as_deref()
    }

    /// The kind of document.
    async fn kind(&self) -> InstrumentKind {
        self.entry.content.kind.into()
    }

    /// The issuing body, for example `Politburo`. Null if not recorded.
    async fn issuer(&self) -> Option<&str> {
        self.entry.content.issuer.as_deref()
    }

    /// The date of issue, possibly partial: `2023-04-25`. Null if not recorded.
    async fn issued(&self) -> Option<FuzzyDate> {
        self.entry.content.issued.clone().map(FuzzyDate)
    }

    /// The date on which it took effect. Null if not recorded.
    async fn effective(&self) -> Option<FuzzyDate> {
        self.entry.content.effective.clone().map(FuzzyDate)
    }

    /// The period that it plans for, for example `2023/2026`. Null if it has none.
    async fn period(&self) -> Option<FuzzyDate> {
        self.entry.content.period.clone().map(FuzzyDate)
    }

    /// The instruments that this one implements.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn implements(&self, ctx: &Context<'_>) -> Vec<InstrumentObject> {
        let request = RequestContext::of(ctx);
        let numbers = self.entry.content.implements.iter();
        let found = numbers.filter_map(|number| request.instrument_by_number(number));
        found.map(|entry| Instrument::into_object(entry.clone())).collect()
    }

    /// The instruments that implement this one.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn implemented_by(&self, ctx: &Context<'_>) -> Vec<InstrumentObject> {
        let Some(number) = &self.entry.content.number else { return Vec::new() };
        let all = RequestContext::of(ctx).instruments().iter();
        let found = all.filter(|entry| entry.content.implements.contains(number));
        found.map(|entry| Instrument::into_object(entry.clone())).collect()
    }

    /// The regions of the world that it is directed at, as printed: `Middle East`.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn regions(&self) -> &[String] {
        &self.entry.content.regions
    }

    /// The fields of cooperation, terms of the vocabulary `FIELD`, in the order given.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        self.list_fields(ctx)
    }

    /// A remark of the editors of the register. Null if there is none.
    #[graphql(directive = TextSize::apply(150))]
    async fn note(&self) -> Option<&str> {
        self.entry.content.note.as_deref()
    }
}
